// Encounters by the rule of pipe-encounters (Global Fishing Watch), for the preset that is named after it: places on a grid
// of ten minutes; near each other at times in a row, for an hour, is a raw encounter; those of a pair with less than four
// hours between them are one, told when it is two hours long, slow, and far from ports. One event for both, whatever the
// hour of the day. The ordinary detector (encounter.ts) looks at ships otherwise, and is not touched by this.
//
// Each place is compared once, with those of the same time that are known by then, so a pair is found by the second of
// its two. Places of one vessel come in order of time; what was guessed beyond its last fix is taken back when it is heard
// again that day.

import { haversineM } from '../../geo/distance.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent } from '../../model/event.js'
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import type { Tracks } from '../../tracks/table.js'
import type { Coast } from '../../zones/coast.js'
import { buildPortIndex, type PortIndex } from '../../zones/ports.js'
import type { Detector, Emit } from '../detector.js'
import { describeFigures, placeOf, retold } from './describe.js'
import { after, before, between, dayEnd, isWithin, type GridRule, type Sighting, type Spot } from './grid.js'
import { createLayers, place, takeOut, visitNear, type Layers } from './layers.js'
import { keyOf, unlink } from './pair.js'
import { FIELDS, medianOf, rawOf, T, type Raw } from './raw.js'

/** A run goes on for days where ships lie beside each other: its first day becomes a raw encounter of its own by then. */
const LONG_MS = 2 * MS_PER_DAY
/** Raw encounters kept of a pair: the first, and the last ones. */
const MAX_RAWS = 32
/** Meetings kept at a time: this many, or one for every second vessel that there is room for; some 20 kB each at most. */
const MIN_MEETINGS = 4096
/** Where the place or the speed was the reason to say nothing, the next look comes after this. */
const ASK_MS = 30 * MS_PER_MIN

// the last fix of a slot, as a row of numbers
const LAST_T = 0 // 0: none
const LAT = 1
const LON = 2
const KN = 3
const COURSE = 4
const FIRST = 5 // 1: nothing was heard in the hour before it
const GUESSED = 6 // 1: it was taken to go on from there
const FIX_FIELDS = 7

interface Meeting {
  a: number
  b: number
  /** Times in a row at which they are near (raw.ts). */
  run: number[]
  /** Raw encounters before, of one encounter. */
  raws: Raw[]
  askAt: number
  told: DetectorEvent | null
}

export interface GridState {
  fixes: Float64Array
  layers: Layers
  /** By both slots. */
  meetings: Map<number, Meeting>
  /** Slots of those that a slot has a meeting with. */
  partners: Map<number, number[]>
}

export interface GridViews {
  words: Words
  coast?: Coast | undefined
  ports?: PortIndex | undefined
}

export function gridEncounterDetector(
  options: Config['encounter'],
  { words, coast, ports }: GridViews,
): Detector<GridState> {
  const { nearM, maxSpeedKn, grid } = options
  const rule: GridRule = {
    stepMs: grid.stepMinutes * MS_PER_MIN,
    holeMs: grid.maxHoleMinutes * MS_PER_MIN,
    extrapolate: grid.extrapolate,
  }
  const { stepMs, holeMs } = rule
  const minMs = options.minHours * MS_PER_HOUR
  const rawMs = grid.rawMinutes * MS_PER_MIN
  const mergeMs = grid.mergeHours * MS_PER_HOUR
  const portM = grid.portKm * 1000
  let around: PortIndex | undefined

  function isNearPort(lat: number, lon: number): boolean {
    if (!ports || portM === 0) return false
    around ??= buildPortIndex(ports.ports.map(port => ({ ...port, radiusM: Math.max(port.radiusM, portM) })))
    return around.at(lat, lon) !== undefined
  }
  /** The pipeline asks for each of the two, and one of them is enough. */
  const isAtSea = ({ a, b }: Raw): boolean =>
    [a, b].some(({ lat, lon }) => !isNearPort(lat, lon) && !coast?.onLand(lat, lon))

  function sightingOf(batch: ReportBatch, i: number): Sighting {
    const { [i]: kn } = batch.sog
    return { t: batch.t[i]!, lat: batch.lat[i]!, lon: batch.lon[i]!, kn: kn!, course: batch.cog[i]! }
  }

  const step: Detector<GridState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const lat = batch.lat[i]!
    if (lat !== lat) return
    const { fixes } = state
    const k = slot * FIX_FIELDS
    const t = batch.t[i]!
    const lastT = fixes[k + LAST_T]!
    if (t <= lastT) return
    if (lastT === 0 || fixes[k + FIRST] === 1 || t - lastT >= holeMs || !isWithin(lastT, t, rule))
      goOn(state, slot, tracks, sightingOf(batch, i), emit)
    fixes[k + LAST_T] = t
    fixes[k + LAT] = lat
    fixes[k + LON] = batch.lon[i]!
    fixes[k + KN] = batch.sog[i]!
    fixes[k + COURSE] = batch.cog[i]!
  }

  /** What the next fix of a vessel says of its places. */
  function goOn(state: GridState, slot: number, tracks: Tracks, to: Sighting, emit: Emit): void {
    const { fixes } = state
    const k = slot * FIX_FIELDS
    const lastT = fixes[k + LAST_T]!
    const isHole = to.t - lastT >= holeMs
    const isNewDay = to.t >= dayEnd(lastT)
    if (lastT !== 0) {
      const from = lastOf(fixes, k)
      if (fixes[k + GUESSED] === 1 && !(isHole && isNewDay)) takeBack(state, slot, tracks, from, to.t, emit)
      if (!isHole) stand(state, slot, tracks, between(from, to, fixes[k + FIRST] === 1, rule), to.t, emit)
      else if (isNewDay) guess(state, slot, tracks, to.t, emit)
    }
    const isFirst = lastT === 0 || (isHole && isNewDay)
    if (isFirst) stand(state, slot, tracks, before(to, rule), to.t, emit)
    fixes[k + FIRST] = isFirst ? 1 : 0
    fixes[k + GUESSED] = 0
  }

  /** It is not heard any more for now: it is taken to have gone on as it went. */
  function guess(state: GridState, slot: number, tracks: Tracks, asOf: number, emit: Emit): void {
    const k = slot * FIX_FIELDS
    if (state.fixes[k + GUESSED] === 1) return
    state.fixes[k + GUESSED] = 1
    stand(state, slot, tracks, after(lastOf(state.fixes, k), rule), asOf, emit)
  }

  /** It is heard again on the same day: nothing was known in between. */
  function takeBack(
    state: GridState,
    slot: number,
    tracks: Tracks,
    last: Sighting,
    asOf: number,
    emit: Emit,
  ): void {
    for (const spot of after(last, rule)) takeOut(state.layers, slot, spot)
    for (const other of [...partnersOf(state, slot)]) {
      const meeting = state.meetings.get(keyOf(slot, other))!
      const { run } = meeting
      while (run.length > 0 && run.at(T - FIELDS)! > last.t) run.length -= FIELDS
      if (run.length === 0 && meeting.raws.length === 0) settle(state, meeting, tracks, asOf, emit)
      else if (meeting.told && !eventOf(meeting, rawsOf(meeting), tracks, asOf)) {
        emit({ ...retold(meeting.told, meeting.told, 'retracted'), asOf })
        meeting.told = null
      }
    }
  }

  /** Places of a vessel, in order of time. */
  function stand(
    state: GridState,
    slot: number,
    tracks: Tracks,
    spots: readonly Spot[],
    asOf: number,
    emit: Emit,
  ): void {
    for (const spot of spots) {
      visitNear(state.layers, spot, nearM, (other, its) => {
        if (tracks.mmsi[other] !== tracks.mmsi[slot]) meet(state, slot, other, tracks, spot, its, asOf, emit)
      })
      place(state.layers, slot, spot)
    }
  }

  function meet(
    state: GridState,
    slot: number,
    other: number,
    tracks: Tracks,
    spot: Spot,
    its: Spot,
    asOf: number,
    emit: Emit,
  ): void {
    const meeting = meetingOf(state, slot, other, tracks, asOf, emit)
    const { run, raws } = meeting
    const { t } = spot
    if (run.length > 0 && t - run.at(T - FIELDS)! > stepMs) endRun(meeting)
    if (run.length === 0 && !(raws.length > 0 && t - raws.at(-1)!.end.t < mergeMs))
      close(meeting, tracks, asOf, emit)
    const [a, b] = slot === meeting.a ? [spot, its] : [its, spot]
    run.push(t, a.lat, a.lon, a.density, b.lat, b.lon, b.density, haversineM(a.lat, a.lon, b.lat, b.lon))
    if (t - run[T]! > LONG_MS) cutOff(meeting)
    if (!meeting.told && t >= meeting.askAt) open(meeting, tracks, t, asOf, emit)
  }

  /** The meeting of two; the first of the map is the one whose last time is the oldest. */
  function meetingOf(
    state: GridState,
    slot: number,
    other: number,
    tracks: Tracks,
    asOf: number,
    emit: Emit,
  ): Meeting {
    const key = keyOf(slot, other)
    const known = state.meetings.get(key)
    if (known) {
      state.meetings.delete(key)
      state.meetings.set(key, known)
      return known
    }
    if (state.meetings.size >= Math.max(MIN_MEETINGS, state.layers.owner.length / 2))
      settle(state, state.meetings.values().next().value!, tracks, asOf, emit)
    const [a, b] = slot < other ? [slot, other] : [other, slot]
    const meeting: Meeting = { a, b, run: [], raws: [], askAt: 0, told: null }
    state.meetings.set(key, meeting)
    state.partners.set(a, [...partnersOf(state, a), b])
    state.partners.set(b, [...partnersOf(state, b), a])
    return meeting
  }

  /** All so far, the run that goes on among them. */
  function rawsOf({ raws, run }: Meeting): Raw[] {
    const now = isRaw(run) ? rawOf(run) : null
    return now && isAtSea(now) ? [...raws, now] : raws
  }

  const isRaw = (run: readonly number[]): boolean => run.length > 0 && run.at(T - FIELDS)! - run[T]! >= rawMs

  /** They are near no more: it was a raw encounter, or nothing. */
  function endRun(meeting: Meeting): void {
    const { run } = meeting
    if (isRaw(run)) keep(meeting, rawOf(run))
    run.length = 0
  }

  /** The first half of a long run: its last time is the first of what remains. */
  function cutOff(meeting: Meeting): void {
    const times = Math.floor(LONG_MS / 2 / stepMs)
    keep(meeting, rawOf(meeting.run.slice(0, (times + 1) * FIELDS)))
    meeting.run.splice(0, times * FIELDS)
  }

  function keep({ raws }: Meeting, raw: Raw): void {
    if (!isAtSea(raw)) return
    raws.push(raw)
    if (raws.length > MAX_RAWS) raws.splice(1, 1)
  }

  function open(meeting: Meeting, tracks: Tracks, t: number, asOf: number, emit: Emit): void {
    const { raws, run } = meeting
    if (!isRaw(run) || t - (raws[0]?.start.t ?? run[T]!) < minMs) return
    const event = eventOf(meeting, rawsOf(meeting), tracks, asOf)
    if (!event) {
      meeting.askAt = t + ASK_MS
      return
    }
    meeting.told = event
    emit(event)
  }

  /** No more can come to it. */
  function close(meeting: Meeting, tracks: Tracks, asOf: number, emit: Emit): void {
    const { told, raws } = meeting
    const event = eventOf(meeting, raws, tracks, asOf)
    if (event) {
      const end = placeOf(raws.at(-1)!.end, tracks.mmsi[meeting.a]! < tracks.mmsi[meeting.b]!)
      const isSame = told?.start.t === event.start.t
      if (told && !isSame) emit({ ...retold(told, told, 'retracted'), asOf })
      emit(told && isSame ? { ...retold(told, event, 'closed'), end } : { ...event, phase: 'closed', end })
    } else if (told) emit({ ...retold(told, told, 'retracted'), asOf })
    raws.length = 0
    meeting.told = null
    meeting.askAt = 0
  }

  function eventOf(
    { a, b }: Meeting,
    raws: readonly Raw[],
    tracks: Tracks,
    asOf: number,
  ): DetectorEvent | null {
    const first = raws[0]
    const last = raws.at(-1)
    if (!first || !last || last.end.t - first.start.t < minMs) return null
    // the median of medians, as there
    const kn = medianOf(raws.flatMap(raw => [raw.a.medianKn, raw.b.medianKn]))
    if (!(kn < maxSpeedKn)) return null
    const isA = tracks.mmsi[a]! < tracks.mmsi[b]!
    const [own, other] = isA ? [a, b] : [b, a]
    const { lat, lon } = first.start.a
    const sum = (of: (raw: Raw) => number) => raws.reduce((all, raw) => all + of(raw), 0)
    const event = describeFigures(
      {
        ...{ own, other, isA },
        vessel: words.statics.get(tracks.statics[own]!),
        partner: words.statics.get(tracks.statics[other]!),
        shoreM: coast ? (coast.onLand(lat, lon) ? 0 : coast.shoreDistanceM(lat, lon)) : null,
      },
      tracks,
      {
        ...{ start: first.start, until: last.end.t, kn },
        distanceM: medianOf(raws.map(raw => raw.medianDistanceM)),
        closestM: Math.min(...raws.map(raw => raw.closestM)),
        moments: sum(raw => raw.times),
        guessedA: sum(raw => raw.a.guessed),
        guessedB: sum(raw => raw.b.guessed),
      },
      'encounter',
      asOf,
    )
    return { ...event, details: { ...event.details, raw: raws.map(raw => inDetail(raw, isA)) } }
  }

  /** Nothing can follow on what they have: the last time is so long ago. Of a guess nobody knows before the day is over. */
  function settledAt({ fixes }: GridState, { a, b, run, raws }: Meeting): number {
    const t = run.length > 0 ? run.at(T - FIELDS)! : raws.at(-1)!.end.t
    const settled = t + holeMs + stepMs + MS_PER_MIN + (raws.length > 0 || isRaw(run) ? mergeMs : 0)
    return Math.max(settled, guessedUntil(fixes, a, t), guessedUntil(fixes, b, t))
  }

  function part(state: GridState, { a, b }: Meeting): void {
    state.meetings.delete(keyOf(a, b))
    unlink(state.partners, a, b)
  }

  function settle(state: GridState, meeting: Meeting, tracks: Tracks, asOf: number, emit: Emit): void {
    endRun(meeting)
    close(meeting, tracks, asOf, emit)
    part(state, meeting)
  }

  const meetingsOf = (state: GridState, slot: number): Meeting[] =>
    partnersOf(state, slot).map(other => state.meetings.get(keyOf(slot, other))!)

  /** The next of its meetings to be settled: each is looked after by one of the two. */
  function nextSettledAt(state: GridState, slot: number): number {
    let next = Infinity
    for (const other of partnersOf(state, slot))
      if (slot < other) next = Math.min(next, settledAt(state, state.meetings.get(keyOf(slot, other))!))
    return next
  }

  function end(state: GridState, slot: number, tracks: Tracks, asOf: number, emit: Emit): void {
    for (const meeting of meetingsOf(state, slot)) settle(state, meeting, tracks, asOf, emit)
    state.layers.owner[slot]!++
    state.fixes.fill(0, slot * FIX_FIELDS, (slot + 1) * FIX_FIELDS)
  }

  return {
    name: 'encounter',
    init: slots => ({
      fixes: new Float64Array(slots * FIX_FIELDS),
      layers: createLayers(slots, holeMs + 2 * stepMs),
      ...{ meetings: new Map(), partners: new Map() },
    }),
    step,
    minDelayMs: holeMs,
    due(state, slot) {
      const k = slot * FIX_FIELDS
      const lastT = state.fixes[k + LAST_T]!
      const ends =
        lastT !== 0 && rule.extrapolate && state.fixes[k + GUESSED] === 0 ? lastT + holeMs : Infinity
      return Math.min(ends, nextSettledAt(state, slot))
    },
    tick(state, slot, tracks, t, emit) {
      const lastT = state.fixes[slot * FIX_FIELDS + LAST_T]!
      if (lastT !== 0 && rule.extrapolate && t - lastT >= holeMs) guess(state, slot, tracks, t, emit)
      for (const meeting of meetingsOf(state, slot))
        if (meeting.a === slot && settledAt(state, meeting) <= t) settle(state, meeting, tracks, t, emit)
    },
    moved: (state, slot, tracks, batch, i, _isJump, emit) => end(state, slot, tracks, batch.t[i]!, emit),
    clear: (state, slot, tracks, emit) => end(state, slot, tracks, tracks.heard[slot]!, emit),
  }
}

const partnersOf = ({ partners }: GridState, slot: number): readonly number[] => partners.get(slot) ?? []

/** End of the day in which it may be heard again, where a place of its was guessed. */
function guessedUntil(fixes: Float64Array, slot: number, t: number): number {
  const lastT = fixes[slot * FIX_FIELDS + LAST_T]!
  return lastT < t ? dayEnd(lastT) : 0
}

function lastOf(fixes: Float64Array, k: number): Sighting {
  const [lat, lon, kn, course] = [LAT, LON, KN, COURSE].map(field => fixes[k + field]!)
  return { t: fixes[k + LAST_T]!, lat: lat!, lon: lon!, kn: kn!, course: course! }
}

const inDetail = ({ start, end, medianDistanceM, a, b }: Raw, isA: boolean) => {
  const [own, partner] = isA ? [a, b] : [b, a]
  return {
    ...{ start: placeOf(start, isA), end: placeOf(end, isA), medianDistanceM },
    ...{ meanPlace: { lat: own.lat, lon: own.lon }, medianSpeedKn: own.medianKn, points: own.points },
    partner: {
      ...{ start: placeOf(start, !isA), end: placeOf(end, !isA) },
      ...{ meanPlace: { lat: partner.lat, lon: partner.lon } },
      ...{ medianSpeedKn: partner.medianKn, points: partner.points },
    },
  }
}
