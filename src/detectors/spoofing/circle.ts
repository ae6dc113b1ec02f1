// Circle: positions run round a circle, as a GNSS simulator or a box makes them. The trail of recent points says when a
// ship has turned all the way round; then a circle is fitted to that turn, and the ring is followed from point to point
// until it is left. A ring is told once something about it cannot be (circle-reasons); else it is a loop, and nothing is
// said. What a jump led to is taken back when the MMSI turns out to be two ships'. detection.md 5.3.

import { fix } from '../../geo/fix.js'
import { planeM } from '../../geo/distance.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent } from '../../model/event.js'
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_S, round } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import { typeSpeedKn } from '../../tracks/speeds.js'
import type { Tracks } from '../../tracks/table.js'
import {
  addToTrail,
  clearTrail,
  createTrails,
  trailPoints,
  turnedRad,
  turnPoints,
  type TrailPoint,
  type TrailState,
} from '../../tracks/trail.js'
import type { Coast } from '../../zones/coast.js'
import type { Detector, Emit } from '../detector.js'
import { rankScore } from '../score.js'
import {
  evidenceOf,
  isByJump,
  isExactly,
  isOverLand,
  isSameRing,
  MIN_COMPANY,
  reasonsOf,
  traitsOf,
  type Reason,
  type Ring,
} from './circle-reasons.js'
import { lastTurn, MIN_POINTS } from './circle-turn.js'

/** The first fix of each of these is looked at: two of them are a step of the shortest turn. */
const SAMPLE_MS = 10 * MS_PER_S
/** A ship that says it lies still and is where it was: degrees of latitude and longitude together. */
const STILL_KN = 1
const STILL_DEG = 3e-4
const TURN_RAD = 2 * Math.PI
/** A point this far from the circle, as a share of the radius, is not on it. */
const LEFT_SHARE = 0.3
const MAX_HOLE_MS = MS_PER_HOUR
/** Rings that were last seen longer ago are no company. */
const COMPANY_MS = MS_PER_DAY
const MAX_RECENT = 8

interface Followed extends Ring {
  /** Turning of the trail at which the ring began, and at which the next whole turn is looked at; radians, ≥ 0. */
  beganRad: number
  nextRad: number
  /** The event as last said; null: a loop so far. */
  told: DetectorEvent | null
  reasons: Reason[]
}

export interface CircleState {
  trails: TrailState
  /** When the track last jumped; 0: it did not. */
  jumpT: Float64Array
  /** Ships that go round, by slot. */
  rings: Map<number, Followed>
  /** What rests on a jump, and was told in the last day: what a shared MMSI would have to take back. */
  recent: Map<number, DetectorEvent[]>
}

export function circleDetector(
  options: Config['spoofing']['circle'],
  reach: Config['reach'],
  words: Words,
  coast?: Coast,
): Detector<CircleState> {
  const perSample = 1 / SAMPLE_MS

  const step: Detector<CircleState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const lat = batch.lat[i]!
    if (lat !== lat) return
    const t = batch.t[i]!
    if (Math.floor(t * perSample) === Math.floor(tracks.t[slot]! * perSample)) return
    if (batch.sog[i]! < STILL_KN) {
      const off = Math.abs(lat - tracks.lat[slot]!) + Math.abs(batch.lon[i]! - tracks.lon[slot]!)
      if (off < STILL_DEG) return
    }
    const { trails } = state
    if (!addToTrail(trails, slot, batch, i)) return
    const ring = state.rings.size === 0 ? undefined : state.rings.get(slot)
    if (ring) follow(state, slot, ring, tracks, emit)
    else if (turnPoints(trails, slot) >= MIN_POINTS && Math.abs(turnedRad(trails, slot)) >= TURN_RAD)
      begin(state, slot, tracks, emit)
  }

  const shipTypeOf = (tracks: Tracks, slot: number) => words.statics.get(tracks.statics[slot]!)?.shipType
  /** Infinity where the type is not known, or says nothing. */
  function classKnOf(tracks: Tracks, slot: number): number {
    const shipType = shipTypeOf(tracks, slot)
    return shipType === undefined || shipType < 20 || shipType >= 90 ? Infinity : typeSpeedKn(reach, shipType)
  }

  /** The trail has turned all the way round for the first time, or not in a circle until now. */
  function begin(state: CircleState, slot: number, tracks: Tracks, emit: Emit): void {
    const { trails } = state
    const points = trailPoints(trails, slot, turnPoints(trails, slot))
    const found = lastTurn(points, options)
    if (!found) return
    const { turn } = found
    // it may have been on the circle for longer than one turn
    let { first } = found
    while (first > 0 && isOn(turn, points[first - 1]!)) first--
    const turned = Math.abs(turnedRad(trails, slot))
    const turns = 1 + (found.first - first) / (points.length - 1 - found.first)
    const ring: Followed = {
      mmsi: tracks.mmsi[slot]!,
      start: placeOf(points[first]!),
      last: placeOf(points.at(-1)!),
      latest: turn,
      turns,
      model: turn,
      modelT: points.at(-1)!.t,
      exactTurns: 0,
      ...traitsOf(turn, classKnOf(tracks, slot)),
      jumped: isByJump(points[first]!.t, state.jumpT[slot]!, turn),
      left: false,
      company: 0,
      overLand: isOverLand(points.slice(found.first), turn, coast),
      beganRad: turned - turns * TURN_RAD,
      nextRad: turned + TURN_RAD,
      told: null,
      reasons: [],
    }
    state.rings.set(slot, ring)
    judge(state, slot, ring, tracks, emit)
  }

  /** One more point of a ship that goes round. */
  function follow(state: CircleState, slot: number, ring: Followed, tracks: Tracks, emit: Emit): void {
    const { trails } = state
    const [point] = trailPoints(trails, slot, 1) as [TrailPoint]
    const turned = turnedRad(trails, slot)
    const goesOn = turned * ring.latest.sense > 0 && Math.abs(turned) > ring.beganRad
    if (!goesOn || point.t - ring.last.t > MAX_HOLE_MS || !isOn(ring.latest, point)) {
      end(state, slot, emit)
      return
    }
    ring.last = placeOf(point)
    ring.turns = (Math.abs(turned) - ring.beganRad) / TURN_RAD
    if (Math.abs(turned) < ring.nextRad) return
    const points = trailPoints(trails, slot, turnPoints(trails, slot))
    const found = lastTurn(points, options)
    if (!found) {
      end(state, slot, emit)
      return
    }
    const { turn } = found
    const traits = traitsOf(turn, classKnOf(tracks, slot))
    ring.latest = turn
    if (isExactly(turn, ring.model)) ring.exactTurns++
    else {
      ring.model = turn
      ring.modelT = point.t
      ring.exactTurns = 0
    }
    ring.nextRad += TURN_RAD
    for (const name of Object.keys(traits) as (keyof typeof traits)[]) ring[name] &&= traits[name]
    ring.overLand ||= isOverLand(points.slice(found.first), turn, coast)
    judge(state, slot, ring, tracks, emit)
  }

  /** A whole turn more: is it a lie by now, or more of one? */
  function judge(state: CircleState, slot: number, ring: Followed, tracks: Tracks, emit: Emit): void {
    const asOf = ring.last.t
    const others: [number, Followed][] = []
    for (const [other, theirs] of state.rings) {
      if (theirs.mmsi === ring.mmsi || asOf - theirs.last.t > COMPANY_MS) continue
      if (isSameRing(ring.latest, theirs.latest)) others.push([other, theirs])
    }
    ring.company = Math.max(ring.company, others.length)
    tell(state, slot, ring, asOf, tracks, emit)
    if (others.length < MIN_COMPANY) return
    for (const [other, theirs] of others) {
      theirs.company = Math.max(theirs.company, others.length)
      tell(state, other, theirs, asOf, tracks, emit)
    }
  }

  function tell(
    state: CircleState,
    slot: number,
    ring: Followed,
    asOf: number,
    tracks: Tracks,
    emit: Emit,
  ): void {
    const news = reasonsOf(ring, shipTypeOf(tracks, slot)).filter(reason => !ring.reasons.includes(reason))
    const { told } = ring
    // of one that goes on for long, now and then: each time it has doubled
    const doubled = told !== null && ring.turns >= 2 * (told.details['turns'] as number)
    if (news.length === 0 && !doubled) return
    // a reason that no longer holds of every turn is not taken back: it held when it was told
    ring.reasons.push(...news)
    const event = describe(ring, slot, classKnOf(tracks, slot), asOf)
    say(state, slot, ring, told ? { ...event, phase: 'updated', revision: told.revision + 1 } : event, emit)
  }

  function say(state: CircleState, slot: number, ring: Followed, event: DetectorEvent, emit: Emit): void {
    ring.told = event
    if (ring.reasons.every(reason => reason === 'jump' || reason === 'left')) remember(state, slot, event)
    else forget(state, slot, event)
    emit(event)
  }

  function remember({ recent }: CircleState, slot: number, event: DetectorEvent): void {
    const kept = (recent.get(slot) ?? []).filter(
      ({ asOf, start }) => event.asOf - asOf <= MS_PER_DAY && start.t !== event.start.t,
    )
    recent.set(slot, [...kept, event].slice(-MAX_RECENT))
  }

  /** Other reasons have come: it no longer rests on the jump. */
  function forget({ recent }: CircleState, slot: number, event: DetectorEvent): void {
    const kept = recent.get(slot)?.filter(({ start }) => start.t !== event.start.t)
    if (kept?.length) recent.set(slot, kept)
    else recent.delete(slot)
  }

  function end(state: CircleState, slot: number, emit: Emit): void {
    const ring = state.rings.get(slot)
    if (!ring) return
    state.rings.delete(slot)
    const { told, last } = ring
    if (!told) return
    const details = { ...told.details, turns: round(ring.turns, 2) }
    const closed = {
      phase: 'closed' as const,
      revision: told.revision + 1,
      asOf: Math.max(told.asOf, last.t),
    }
    say(state, slot, ring, { ...told, ...closed, end: fix(last.t, last.lat, last.lon), details }, emit)
  }

  function describe(ring: Followed, slot: number, classKn: number, asOf: number): DetectorEvent {
    const { start, latest, reasons } = ring
    const evidence = evidenceOf(ring, reasons, classKn)
    return {
      ...{ type: 'spoofing', class: 'circle', key: 'circle', slot, phase: 'opened', revision: 1, asOf },
      ...{ start: fix(start.t, start.lat, start.lon), end: null, score: rankScore(-1, evidence), evidence },
      details: {
        centre: { lat: round(latest.lat, 6), lon: round(latest.lon, 6) },
        radiusM: round(latest.radiusM, 1),
        turns: round(ring.turns, 2),
        periodS: round(latest.periodS, 0),
        residual: round(latest.residual, 4),
        reasons: [...reasons],
      },
    }
  }

  function restart(state: CircleState, slot: number, emit: Emit): void {
    end(state, slot, emit)
    clearTrail(state.trails, slot)
  }

  return {
    name: 'circle',
    init: slots => ({
      trails: createTrails(slots),
      jumpT: new Float64Array(slots),
      rings: new Map(),
      recent: new Map(),
    }),
    step,
    moved(state, slot, tracks, batch, i, isJump, emit) {
      const ring = state.rings.get(slot)
      if (ring && isJump) {
        ring.left = true
        tell(state, slot, ring, batch.t[i]!, tracks, emit)
      }
      restart(state, slot, emit)
      state.jumpT[slot] = isJump ? batch.t[i]! : 0
    },
    // the fix stood alone after a long silence: nothing on a ring is
    mistaken: (state, slot, _t, _asOf, emit) => restart(state, slot, emit),
    parted(state, { slots }, _tracks, t, emit) {
      for (const slot of slots) {
        state.jumpT[slot] = 0
        for (const event of state.recent.get(slot) ?? []) {
          if (t - event.asOf > MS_PER_DAY) continue
          emit({ ...event, slot, phase: 'retracted', revision: event.revision + 1, asOf: t })
          if (state.rings.get(slot)?.start.t === event.start.t) state.rings.delete(slot)
        }
        state.recent.delete(slot)
        const ring = state.rings.get(slot)
        if (ring) ring.jumped = false
      }
    },
    clear(state, slot, _tracks, emit) {
      restart(state, slot, emit)
      state.jumpT[slot] = 0
      state.recent.delete(slot)
    },
  }
}

const placeOf = ({ t, lat, lon }: TrailPoint) => ({ t, lat, lon })

/** Close enough to the circle to be on it. */
function isOn(turn: { lat: number; lon: number; radiusM: number }, { lat, lon }: TrailPoint): boolean {
  const fromM = planeM(turn.lat, turn.lon, lat, lon)
  return Math.abs(fromM - turn.radiusM) <= LEFT_SHARE * turn.radiusM
}
