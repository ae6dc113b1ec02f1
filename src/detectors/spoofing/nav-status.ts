// Navigational status: a ship that says that it lies at anchor or is moored, and sails. The status is set by hand, so
// most of these are switches that somebody forgot: a leg of half an hour is not told of before, one event lasts as long
// as the status stands, and it ranks low when the ship had been at rest with it. detection.md 5.12.

import { planeM } from '../../geo/distance.js'
import { fix } from '../../geo/fix.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, round } from '../../model/units.js'
import { liesAtRest, type Tracks } from '../../tracks/table.js'
import type { Coast } from '../../zones/coast.js'
import type { PortIndex } from '../../zones/ports.js'
import type { Detector, Emit } from '../detector.js'
import {
  clearRun,
  createRuns,
  endRun,
  startRun,
  takeBackRuns,
  tellRun,
  type Run as Watched,
  type RunState,
} from '../runs.js'
import { rankScore } from '../score.js'

const AT_ANCHOR = 1
const MOORED = 5
/** A leg is over when nothing fast was heard for this long: locks, pilots and thinned tables are shorter. */
const LEG_HOLE_MS = MS_PER_HOUR
/** … and all of it when the ship has lain for this long: the status is true again. */
const REST_MS = 6 * MS_PER_HOUR
/** Speed made good, of that reported: less, and it is the speed that is wrong. */
const MIN_MADE_GOOD = 0.5
const MIN_REPORTS = 3
const ASK_SHORE_MS = 10 * MS_PER_MIN

interface Run extends Watched {
  nav: number
  /** The fast leg that goes on: its first fix, and how many there were. */
  start: Fix
  reports: number
  maxKn: number
  /** It lay at rest with this status until it began, or the status was set under way. */
  wasAtRest: boolean
  wasUnderWay: boolean
  /** How far from shore it is, is asked no sooner than this. */
  askShoreAt: number
}

export type NavStatusState = RunState<Run>

export interface NavStatusViews {
  coast?: Coast | undefined
  ports?: PortIndex | undefined
}

/** A status that means that it lies still. */
export const saysAtRest = (nav: number): boolean => nav === AT_ANCHOR || nav === MOORED

export function navStatusDetector(
  options: Config['spoofing']['navStatus'],
  { coast, ports }: NavStatusViews,
): Detector<NavStatusState> {
  const { minKn } = options

  const step: Detector<NavStatusState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const nav = batch.navStatus[i]!
    if (saysAtRest(nav) && batch.sog[i]! >= minKn && batch.lat[i]! === batch.lat[i]!) {
      sails(state, slot, tracks, batch, i, emit)
      return
    }
    if (state.watched[slot] === 0 || batch.lat[i]! !== batch.lat[i]!) return
    const run = state.runs.get(slot)!
    if (nav !== run.nav || isOver(run, batch.t[i]!)) endRun(state, slot, batch.t[i]!, emit)
  }

  /** Nothing fast for so long that the status is true again; a leg that was not told of is forgotten sooner. */
  const isOver = ({ end, event }: Run, t: number): boolean => t - end.t > (event ? REST_MS : LEG_HOLE_MS)

  function sails(
    state: NavStatusState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const at = fix(batch.t[i]!, batch.lat[i]!, batch.lon[i]!)
    const nav = batch.navStatus[i]!
    const before = state.runs.get(slot)
    const goesOn = before?.nav === nav && !isOver(before, at.t)
    if (before && !goesOn) endRun(state, slot, at.t, emit)
    const run = goesOn
      ? before
      : startRun(state, slot, {
          nav,
          start: at,
          end: at,
          reports: 0,
          maxKn: 0,
          wasAtRest: liesAtRest(tracks, slot),
          // with another status, or it would have a run
          wasUnderWay: before?.nav !== nav && tracks.sog[slot]! >= minKn,
          askShoreAt: 0,
          event: null,
        })
    run.end = at
    run.reports++
    run.maxKn = Math.max(run.maxKn, batch.sog[i]!)
    if (!run.event && isLie(run) && isAtSea(run)) tellRun(state, slot, describe(run), emit)
  }

  function isLie({ start, end, reports }: Run): boolean {
    const ms = end.t - start.t
    if (reports < MIN_REPORTS || ms < options.minMinutes * MS_PER_MIN) return false
    const nm = planeM(start.lat!, start.lon!, end.lat!, end.lon!) / M_PER_NM
    return nm >= options.minNm && nm / (ms / MS_PER_HOUR) >= MIN_MADE_GOOD * minKn
  }

  function isAtSea(run: Run): boolean {
    if (!coast || options.minShoreNm === 0) return true
    if (run.end.t < run.askShoreAt) return false
    run.askShoreAt = run.end.t + ASK_SHORE_MS
    return coast.shoreDistanceM(run.end.lat!, run.end.lon!) >= options.minShoreNm * M_PER_NM
  }

  function describe({ nav, start, end, reports, maxKn, wasAtRest, wasUnderWay }: Run): DetectorEvent {
    const says = nav === AT_ANCHOR ? 'at anchor' : 'moored'
    const hours = (end.t - start.t) / MS_PER_HOUR
    const nm = planeM(start.lat!, start.lon!, end.lat!, end.lon!) / M_PER_NM
    const kn = nm / hours
    const shoreM = coast ? coast.shoreDistanceM(end.lat!, end.lon!) : null
    const port = ports?.at(start.lat!, start.lon!)
    const evidence: Evidence[] = [
      {
        ...{ family: 'behaviour', name: 'made_good_nm', value: round(nm, 1) },
        expected: `< ${options.minNm} nm ${says}`,
        weight: round(Math.min(1, Math.log2(nm / options.minNm) / 4), 3),
        text: `says that it is ${says}, and makes good ${nm.toFixed(1)} nm at ${kn.toFixed(1)} kn`,
      },
    ]
    if (shoreM !== null) {
      const shoreNm = shoreM / M_PER_NM
      evidence.push({
        ...{ family: 'place', name: 'shore_nm', value: round(shoreNm, 1) },
        weight: round(Math.min(1, shoreNm / 50), 3),
        text: `${shoreNm.toFixed(0)} nm from shore`,
      })
    }
    if (wasAtRest || port) {
      const where = port ? ` in ${port.name || 'port'}` : ''
      const text = `it had just been at rest${where}: forgotten switch likely`
      evidence.push({ family: 'behaviour', name: 'left_rest', value: port?.name ?? 1, weight: -1, text })
    } else if (wasUnderWay) {
      const text = 'it was under way when it said so first'
      evidence.push({ family: 'behaviour', name: 'set_under_way', value: 1, weight: 0.5, text })
    }
    return {
      ...({
        type: 'spoofing',
        class: 'nav_status',
        key: 'nav_status',
        phase: 'opened',
        revision: 1,
      } as const),
      ...{ asOf: end.t, start, end: null, score: rankScore(-2, evidence), evidence },
      details: {
        navStatus: nav,
        madeGoodNm: nm,
        madeGoodKn: kn,
        maxReportedKn: maxKn,
        reports,
        wasAtRest,
        distanceFromShoreM: shoreM,
      },
    }
  }

  return {
    name: 'nav_status',
    needs: ['nav status'],
    init: slots => createRuns(slots),
    step,
    watches: (state, slot) => state.watched[slot] === 1,
    moved: (state, slot, _tracks, batch, i, _isJump, emit) => endRun(state, slot, batch.t[i]!, emit),
    mistaken: (state, slot, _t, asOf, emit) => endRun(state, slot, asOf, emit),
    parted: (state, { slots }, _tracks, t, emit) => takeBackRuns(state, slots, t, emit),
    clear: (state, slot, tracks, emit) => clearRun(state, slot, tracks.t[slot]!, emit),
  }
}
