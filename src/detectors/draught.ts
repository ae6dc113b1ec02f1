// Draught: how deep a ship lies, by its own word (message 5). Cargo makes it another, and cargo is handled in port: where it
// changes at sea, or over a silence, somebody was met. The crew types it in, so it flickers, is forgotten for days and is
// unset (0) as often as not: a value is believed after several messages over a while, and what was believed has not come
// back meanwhile. What else the vessel did in that time is put beside it later (assess/draughts). docs/detection.md.
//
// Most reports repeat the static data of the one before: they cost a compare.

import { fix } from '../geo/fix.js'
import type { ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Evidence } from '../model/event.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN, round } from '../model/units.js'
import type { Words } from '../model/words.js'
import { liesAtRest, type Tracks } from '../tracks/table.js'
import type { Coast } from '../zones/coast.js'
import type { PortIndex } from '../zones/ports.js'
import type { Detector, Emit } from './detector.js'
import { rankScore } from './score.js'

type Place = [t: number, lat: number, lon: number]

/** A value that is told and not yet believed. Decimetres, as in message 5. */
interface Candidate {
  dm: number
  /** When it was first told, and how often since, once a minute at most. */
  t: number
  count: number
  last: number
  /** The first message that told another value than the one believed; and the last that told that one. */
  since: Place
  before: Place
  /** When it last lay in port before that, epoch ms; 0: not that anybody saw. */
  restedT: number
}

export interface DraughtState {
  /** Static data looked at last, by slot (id in words.statics), and the draught they tell; 0: none. */
  last: Uint32Array
  tells: Uint8Array
  believed: Uint8Array
  /** When and where that was told last: three numbers a slot. */
  told: Float64Array
  /** 1: the slot has a candidate. */
  doubted: Uint8Array
  candidates: Map<number, Candidate>
  /** When the vessel last lay in port, epoch ms, and when to ask next. */
  restedT: Float64Array
  askAt: Float64Array
  /** Changes of the last day, by slot: what turns out to be two ships takes them back. */
  recent: Map<number, DetectorEvent[]>
}

export interface DraughtViews {
  words: Words
  coast?: Coast | undefined
  ports?: PortIndex | undefined
}

/** The field of message 5 holds no more; it means that or more. */
const MAX_DM = 255
/** What several stations heard, or the copies of a file, is one transmission. */
const ONE_MS = MS_PER_MIN
const ASK_MS = 30 * MS_PER_MIN
const MAX_RECENT = 8
/** A priori, in log-odds: crews type it in late, and wrong. */
const PRIOR = -3
/** Of a change of so many metres the weight is 1, … */
const WEIGHT_M = 5
/** … which is the most. */
const MAX_WEIGHT = 0.8
/** Cargo is handled in port. */
const IN_PORT_WEIGHT = -1.5

export function draughtDetector(
  options: Config['draught'],
  { words, coast, ports }: DraughtViews,
): Detector<DraughtState> {
  const { confirmMessages } = options
  const confirmMs = options.confirmMinutes * MS_PER_MIN
  const minDm = Math.round(10 * options.minChangeM)
  const portMs = options.portHours * MS_PER_HOUR
  const portM = options.portShoreNm * M_PER_NM

  function decimetresOf(statics: number): number {
    const draught = words.statics.get(statics)?.draught
    const dm = draught === undefined ? 0 : Math.round(10 * draught)
    return dm > 0 && dm <= MAX_DM ? dm : 0
  }

  const isInPort = (lat: number, lon: number): boolean =>
    ports?.at(lat, lon) !== undefined || coast?.isLandWithin(lat, lon, portM) === true

  const step: Detector<DraughtState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const t = batch.t[i]!
    if (t >= state.askAt[slot]! && state.believed[slot] !== 0) rest(state, slot, tracks, t)
    const id = batch.statics[i]!
    if (id === 0) return
    if (id !== state.last[slot]) {
      state.last[slot] = id
      state.tells[slot] = decimetresOf(id)
    }
    const dm = state.tells[slot]!
    if (dm === 0) return
    if (dm === state.believed[slot]) {
      const lat = batch.lat[i]!
      const k = 3 * slot
      state.told[k] = t
      state.told[k + 1] = lat === lat ? lat : tracks.lat[slot]!
      state.told[k + 2] = lat === lat ? batch.lon[i]! : tracks.lon[slot]!
      if (state.doubted[slot] === 1) forget(state, slot)
    } else doubt(state, slot, tracks, batch, i, dm, emit)
  }

  /** Whether it lies in port now: asked now and then. */
  function rest(state: DraughtState, slot: number, tracks: Tracks, t: number): void {
    state.askAt[slot] = t + ASK_MS
    if (!liesAtRest(tracks, slot)) return
    // where it has lain since then it lies still
    const wasInPort = state.restedT[slot]! >= tracks.stillSince[slot]!
    if (wasInPort || isInPort(tracks.lat[slot]!, tracks.lon[slot]!)) state.restedT[slot] = tracks.heard[slot]!
  }

  /** Another value than the one believed, or the first. */
  function doubt(
    state: DraughtState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    dm: number,
    emit: Emit,
  ): void {
    const t = batch.t[i]!
    const known = state.candidates.get(slot)
    if (known?.dm !== dm) {
      rest(state, slot, tracks, t)
      const [told, lat, lon] = state.told.subarray(3 * slot, 3 * slot + 3)
      const { since, before, restedT } = known ?? {
        ...{
          since: placeOf(tracks, slot, batch, i),
          before: [told!, lat!, lon!] as Place,
          restedT: state.restedT[slot]!,
        },
      }
      state.candidates.set(slot, { dm, t, count: 1, last: t, since, before, restedT })
      state.doubted[slot] = 1
      return
    }
    if (t - known.last >= ONE_MS) {
      known.count++
      known.last = t
    }
    if (known.count < confirmMessages || t - known.t < confirmMs) return
    const from = state.believed[slot]!
    // of an MMSI that two ships use, each tells its own
    if (from !== 0 && Math.abs(dm - from) >= minDm && tracks.alternations[slot] === 0)
      remember(state, slot, changed(from, known, t), emit)
    state.believed[slot] = dm
    state.told.set(placeOf(tracks, slot, batch, i), 3 * slot)
    forget(state, slot)
  }

  function changed(from: number, { dm, since, before, restedT }: Candidate, asOf: number): DetectorEvent {
    const [beforeM, afterM] = [from / 10, dm / 10]
    const changeM = round(afterM - beforeM, 1)
    const isFromPort = restedT !== 0 && restedT >= before[0] - portMs
    const evidence: Evidence[] = [
      {
        ...{ family: 'identity', name: 'draught_change_m', value: changeM },
        ...{
          expected: `< ${options.minChangeM} m`,
          weight: round(Math.min(MAX_WEIGHT, Math.abs(changeM) / WEIGHT_M), 3),
        },
        text: `draught was ${beforeM.toFixed(1)} m, is ${afterM.toFixed(1)} m`,
      },
    ]
    const portStayH = restedT === 0 ? null : round(Math.max(0, before[0] - restedT) / MS_PER_HOUR, 3)
    if (isFromPort) {
      const text = 'had lain in port, or near the shore'
      evidence.push({ family: 'place', name: 'port_stay_h', value: portStayH, weight: IN_PORT_WEIGHT, text })
    }
    const [, lat, lon] = since
    return {
      ...{
        type: 'draught',
        class: isFromPort ? 'over_port_stay' : 'at_sea',
        phase: 'closed',
        revision: 1,
        asOf,
      },
      ...{ start: fix(...before), end: fix(...since), score: rankScore(PRIOR, evidence), evidence },
      details: {
        ...{ beforeM, afterM, changeM, portStayH, over: [] },
        distanceFromShoreM: coast && lat === lat ? coast.shoreDistanceM(lat, lon) : null,
      },
    }
  }

  /** Tells of a change, and keeps it: what turns out to be two ships takes it back. */
  function remember(state: DraughtState, slot: number, event: DetectorEvent, emit: Emit): void {
    const kept = (state.recent.get(slot) ?? []).filter(({ asOf }) => event.asOf - asOf <= MS_PER_DAY)
    state.recent.set(slot, [...kept, event].slice(-MAX_RECENT))
    emit(event)
  }

  return {
    name: 'draught',
    needs: ['static data'],
    init: slots => ({
      ...{ last: new Uint32Array(slots), tells: new Uint8Array(slots), believed: new Uint8Array(slots) },
      ...{ told: new Float64Array(3 * slots), doubted: new Uint8Array(slots) },
      ...{ restedT: new Float64Array(slots), askAt: new Float64Array(slots) },
      ...{ candidates: new Map(), recent: new Map() },
    }),
    step,
    parted(state, { slots }, _tracks, t, emit) {
      for (const slot of slots) {
        for (const event of state.recent.get(slot) ?? [])
          if (t - event.asOf <= MS_PER_DAY)
            emit({ ...event, slot, phase: 'retracted', revision: event.revision + 1, asOf: t })
        state.recent.delete(slot)
      }
    },
    // a ship that is dark for weeks, and loads meanwhile, is the one that matters: its draught, and when it told that
    park: (state, slot) => 256 * state.told[3 * slot]! + state.believed[slot]!,
    unpark(state, slot, parked) {
      state.believed[slot] = parked % 256
      state.told.set([Math.floor(parked / 256), NaN, NaN], 3 * slot)
    },
    statics(state, visit) {
      for (const id of state.last) if (id !== 0) visit(id)
    },
    clear(state, slot) {
      state.last[slot] = state.tells[slot] = state.believed[slot] = 0
      state.restedT[slot] = state.askAt[slot] = 0
      state.told.fill(0, 3 * slot, 3 * slot + 3)
      forget(state, slot)
      state.recent.delete(slot)
    },
  }
}

/** When and where row `i` was sent: a message without a place where the last one was. */
function placeOf(tracks: Tracks, slot: number, batch: ReportBatch, i: number): Place {
  const lat = batch.lat[i]!
  return lat === lat ? [batch.t[i]!, lat, batch.lon[i]!] : [batch.t[i]!, tracks.lat[slot]!, tracks.lon[slot]!]
}

function forget(state: DraughtState, slot: number): void {
  state.doubted[slot] = 0
  state.candidates.delete(slot)
}
