// Synthetic track: made by software. A sea moves a ship and GNSS adds its noise: from one report to the next a ship is
// never quite where course and speed had put it, both change, and no set sends on the second. A program leaves all of
// that out. What is too even is not told by fixed bounds but by the vessels of the same class in the same sea: where all
// are smooth, it is the provider that makes them so. detection.md 5.7.
//
// One report in four of a vessel under way is looked at, at the rate that sets send at and no slower.

import { lonDelta, wrapLon } from '../../geo/antimeridian.js'
import { fix } from '../../geo/fix.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence } from '../../model/event.js'
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN, MS_PER_S, round } from '../../model/units.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { rankScore } from '../score.js'

/** One report in so many, a power of two. */
const EVERY = 4
const MIN_SPEED_KN = 3
/** The slowest native rate under way: Class B. */
const NATIVE_MS = 30 * MS_PER_S
/** In shorter steps the steps of the message are all there is. */
const MIN_STEP_M = 40
/** Of shorter intervals the tenth by which sets vary them is less than the whole seconds of many feeds. */
const MIN_INTERVAL_S = 5
const INTERVAL_TOLERANCE_S = 0.5
/** A window is judged when it has so many samples over so long a time, and begun anew after a hole. */
const MIN_SAMPLES = 25
const MIN_WINDOW_MS = 20 * MS_PER_MIN
const MAX_HOLE_MS = MS_PER_HOUR
const MAX_QUIET_MS = 6 * MS_PER_HOUR
/** Windows in a row that are too even. */
const MIN_WINDOWS = 2
/** Of even ones: how many signs there must be beside the smooth way, the same course among them or one more … */
const MIN_SIGNS = 2
/** … each of them this common in the window, and so much less so with nine of ten neighbours. */
const MIN_SHARE = 0.9
const MIN_EXCESS = 0.25
/** The way is smooth at this part of what nine of ten neighbours are off theirs. */
const SMOOTH_PART = 0.5
/** What rounding to 1/10000 min makes of a way without any noise, m; and that of the half of the neighbours. */
const EXACT_M = 0.15
const EXACT_PART = 0.25
/** More that are alike: it is the provider who makes them so. */
const MAX_ALIKE = 0.2
/** Neighbours that were judged in the last day, in ten degrees by ten, or in the three such seas that are nearest to it; fewer say nothing. */
const MIN_NEIGHBOURS = 10
const MAX_NEIGHBOURS = 64
const MAX_SEAS = 512
const SEA_DEG = 10
const SEAS_AROUND = 360 / SEA_DEG

// a window of a slot, as a row of numbers of one cache line
const SAMPLES = 0
const SAME_COURSE = 1
const SAME_SPEED = 2
const SAME_INTERVAL = 3
const INTERVALS = 4
const SAME_HEADING = 5
const HEADINGS = 6
const COURSE = 7 // of the last sample
const SPEED = 8
const INTERVAL = 9
const ASIDE = 10 // samples by how far beside the reported course the step led
const FIELDS = 16
/** Upper ends of these, m. */
const ASIDE_M = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6]
// … and where and when it began, with the time of its last sample
const FROM_T = 0
const FROM_LAT = 1
const FROM_LON = 2
const LAST_T = 3
const PLACES = 4

const HEADING_AT = 5
/** What a window came to: when, how far beside its course the steps led (median, m), and shares of what stayed the same. */
type Figures = [t: number, asideM: number, course: number, speed: number, interval: number, heading: number]
const SIGNS = [
  ['same_course', 'course', 2],
  ['same_speed', 'speed', 3],
  ['same_interval', 'interval between reports', 4],
  ['heading_is_course', 'heading', HEADING_AT],
] as const
type Sign = (typeof SIGNS)[number]

/** A vessel whose last windows were too even. */
interface Suspicion {
  windows: number
  from: [t: number, lat: number, lon: number]
  to: [t: number, lat: number, lon: number]
  told: DetectorEvent | null
}

export interface SyntheticState {
  windows: Float32Array
  began: Float64Array
  suspicions: Map<number, Suspicion>
  /** Last figures by MMSI, by class and sea. */
  seas: Map<number, Map<number, Figures>>
}

export function syntheticDetector(options: Config['spoofing']['synthetic']): Detector<SyntheticState> {
  const minMs = options.minMinutes * MS_PER_MIN

  const step: Detector<SyntheticState>['step'] = (state, slot, tracks, batch, i, emit) => {
    if ((tracks.count[slot]! & (EVERY - 1)) !== 0 || !(batch.sog[i]! >= MIN_SPEED_KN)) return
    const ms = batch.t[i]! - tracks.t[slot]!
    const cog = batch.cog[i]!
    if (!(ms > 0 && ms <= NATIVE_MS) || cog !== cog) return
    const lat = batch.lat[i]!
    if (lat !== lat) return
    sample(state, slot, tracks, batch, i, ms, emit)
  }

  function sample(
    state: SyntheticState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    ms: number,
    emit: Emit,
  ): void {
    const lat = batch.lat[i]!
    const course = batch.cog[i]! * RAD
    const north = (lat - tracks.lat[slot]!) * M_PER_DEG
    const east = lonDelta(tracks.lon[slot]!, batch.lon[i]!) * M_PER_DEG * Math.cos(lat * RAD)
    if (north * north + east * east < MIN_STEP_M * MIN_STEP_M) return
    const asideM = Math.abs(north * Math.sin(course) - east * Math.cos(course))
    const { windows, began } = state
    const k = slot * FIELDS
    const p = slot * PLACES
    const t = batch.t[i]!
    if (windows[k + SAMPLES] === 0 || t - began[p + LAST_T]! > MAX_HOLE_MS) begin(state, slot, batch, i)
    else {
      if (Math.abs(batch.cog[i]! - windows[k + COURSE]!) < 0.15) windows[k + SAME_COURSE]!++
      if (Math.abs(batch.sog[i]! - windows[k + SPEED]!) < 0.05) windows[k + SAME_SPEED]!++
    }
    const heading = batch.heading[i]!
    if (heading === heading) {
      windows[k + HEADINGS]!++
      if (Math.abs(lonDelta(heading, batch.cog[i]!)) <= 0.51) windows[k + SAME_HEADING]!++
    }
    countInterval(windows, k, ms / MS_PER_S)
    windows[k + ASIDE + binOf(asideM)]!++
    windows[k + COURSE] = batch.cog[i]!
    windows[k + SPEED] = batch.sog[i]!
    windows[k + SAMPLES]!++
    began[p + LAST_T] = t
    if (windows[k + SAMPLES]! < MIN_SAMPLES || t - began[p + FROM_T]! < MIN_WINDOW_MS) return
    judge(state, slot, tracks, batch, i, emit)
    forget(state, slot)
  }

  function begin({ windows, began }: SyntheticState, slot: number, batch: ReportBatch, i: number): void {
    const p = slot * PLACES
    windows.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
    began[p + FROM_T] = batch.t[i]!
    began[p + FROM_LAT] = batch.lat[i]!
    began[p + FROM_LON] = batch.lon[i]!
  }

  /** A window is full: held against those of the neighbours, then one of theirs. */
  function judge(
    state: SyntheticState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const { windows, began } = state
    const mmsi = tracks.mmsi[slot]!
    const t = batch.t[i]!
    const own = figuresOf(windows, slot * FIELDS, t)
    const others = neighboursOf(state, mmsi, batch, i)
    takeIn(seaOf(state, batch, i), mmsi, own)
    const signs = others.length < MIN_NEIGHBOURS ? [] : signsOf(own, others)
    const suspicion = state.suspicions.get(slot)
    const p = slot * PLACES
    const isQuiet = suspicion && began[p + FROM_T]! - suspicion.to[0] > MAX_QUIET_MS
    if (signs.length === 0 || isQuiet) end(state, slot, t, emit)
    if (signs.length === 0) return
    const from = [began[p + FROM_T]!, began[p + FROM_LAT]!, began[p + FROM_LON]!] as Suspicion['from']
    const told = state.suspicions.get(slot) ?? { windows: 0, from, to: from, told: null }
    told.windows++
    told.to = [t, batch.lat[i]!, batch.lon[i]!]
    state.suspicions.set(slot, told)
    if (told.told || told.windows < MIN_WINDOWS || t - told.from[0] < minMs) return
    told.told = describe(told, own, others, signs, t)
    emit(told.told)
  }

  /** The figures of a vessel's last window; the least recent of the sea make room. */
  function takeIn(sea: Map<number, Figures>, mmsi: number, figures: Figures): void {
    sea.delete(mmsi)
    if (sea.size >= MAX_NEIGHBOURS) sea.delete(sea.keys().next().value!)
    sea.set(mmsi, figures)
  }

  /** Figures of others of the last day: of the sea, and where they are few of the three that are nearest to it. */
  function neighboursOf({ seas }: SyntheticState, mmsi: number, batch: ReportBatch, i: number): Figures[] {
    const others = new Map<number, Figures>()
    const add = (north: number, east: number): void => {
      for (const [other, figures] of seas.get(seaAt(batch, i, north, east)) ?? []) {
        const isNewer = figures[0] > (others.get(other)?.[0] ?? batch.t[i]! - MS_PER_DAY)
        if (other !== mmsi && isNewer) others.set(other, figures)
      }
    }
    add(0, 0)
    if (others.size >= MIN_NEIGHBOURS) return [...others.values()]
    // a sea does not end where a line of ten degrees is
    const north = isInUpperHalf(batch.lat[i]! + 90) ? 1 : -1
    const east = isInUpperHalf(batch.lon[i]! + 180) ? 1 : -1
    add(north, 0)
    add(0, east)
    add(north, east)
    return [...others.values()]
  }

  function seaOf({ seas }: SyntheticState, batch: ReportBatch, i: number): Map<number, Figures> {
    const key = seaAt(batch, i, 0, 0)
    const sea = seas.get(key) ?? new Map<number, Figures>()
    if (!seas.has(key) && seas.size >= MAX_SEAS) seas.delete(seas.keys().next().value!)
    seas.set(key, sea)
    return sea
  }

  /** The over-even window of a program, sign by sign; none for a ship. */
  function signsOf(own: Figures, others: readonly Figures[]): Sign[] {
    const all = SIGNS.filter(([, , at]) => own[at] >= MIN_SHARE)
    if (isMadeUp(own, all, others)) return all
    if (!(own[1] <= SMOOTH_PART * quantile(others, 1, 0.1))) return []
    const signs = all.filter(([, , at]) => quantile(others, at, 0.9) <= own[at] - MIN_EXCESS)
    const enough = signs.some(([name]) => name === 'same_course') ? MIN_SIGNS : MIN_SIGNS + 1
    return signs.length >= enough ? signs : []
  }

  /** A point that moves on straight lines and whose bow is its course to the degree: however many others are smooth. */
  function isMadeUp(own: Figures, signs: readonly Sign[], others: readonly Figures[]): boolean {
    const [, asideM, course, speed, , heading] = own
    if (!(asideM <= EXACT_M && asideM <= EXACT_PART * quantile(others, 1, 0.5))) return false
    if (course < MIN_SHARE || speed < MIN_SHARE || heading < MIN_SHARE) return false
    if (quantile(others, HEADING_AT, 0.75) > heading - MIN_EXCESS) return false
    const alike = others.filter(
      other => other[1] <= EXACT_M && signs.every(([, , at]) => other[at] >= MIN_SHARE),
    )
    return alike.length <= MAX_ALIKE * others.length
  }

  function describe(
    { from, windows }: Suspicion,
    own: Figures,
    others: readonly Figures[],
    signs: readonly Sign[],
    asOf: number,
  ): DetectorEvent {
    const usualM = quantile(others, 1, 0.5)
    const evidence: Evidence[] = [
      {
        family: 'kinematics',
        name: 'aside_m',
        value: round(own[1], 3),
        expected: `${usualM.toFixed(2)} m, as the ${others.length} vessels around`,
        weight: round(Math.min(1.5, Math.log2(usualM / Math.max(own[1], 0.02)) / 3), 3),
        text: `steps lead ${own[1].toFixed(2)} m beside the course: no sea and no GNSS noise`,
      },
      ...signs.map(([name, what, at]): Evidence => {
        const usual = quantile(others, at, 0.9)
        return {
          ...{ family: 'behaviour', name, value: round(own[at], 2), weight: 0.8 },
          expected: `≤ ${usual.toFixed(2)} with nine of ten around`,
          text:
            at === HEADING_AT
              ? `heading is the course in ${percent(own[at])}`
              : `the same ${what} from look to look in ${percent(own[at])}`,
        }
      }),
    ]
    return {
      ...({ type: 'spoofing', class: 'synthetic', key: 'synthetic' } as const),
      ...({ phase: 'opened', revision: 1, asOf, start: fix(...from), end: null } as const),
      score: rankScore(-0.5, evidence),
      evidence,
      details: {
        ...{ windows, neighbours: others.length, asideM: own[1], usualAsideM: usualM },
        ...{ sameCourse: own[2], sameSpeed: own[3], sameInterval: own[4], headingIsCourse: own[5] },
      },
    }
  }

  /** Over: it was even up to the last window that was. */
  function end(state: SyntheticState, slot: number, asOf: number, emit: Emit): void {
    const suspicion = state.suspicions.get(slot)
    if (!suspicion) return
    state.suspicions.delete(slot)
    const { told, to } = suspicion
    if (told) emit({ ...told, slot, phase: 'closed', revision: told.revision + 1, asOf, end: fix(...to) })
  }

  function forget({ windows, began }: SyntheticState, slot: number): void {
    windows.fill(0, slot * FIELDS, (slot + 1) * FIELDS)
    began.fill(0, slot * PLACES, (slot + 1) * PLACES)
  }

  return {
    name: 'synthetic',
    needs: ['native rate', 'course'],
    init: slots => ({
      windows: new Float32Array(slots * FIELDS),
      began: new Float64Array(slots * PLACES),
      suspicions: new Map(),
      seas: new Map(),
    }),
    step,
    minDelayMs: MAX_QUIET_MS,
    due: (state, slot, tracks) =>
      state.suspicions.size > 0 && state.suspicions.has(slot) ? tracks.heard[slot]! + MAX_QUIET_MS : Infinity,
    tick: (state, slot, _tracks, t, emit) => end(state, slot, t, emit),
    // what the window holds may be of two places
    moved: forget,
    mistaken: forget,
    parted: (state, { slots }) => slots.forEach(slot => forget(state, slot)),
    clear(state, slot, tracks, emit) {
      end(state, slot, tracks.heard[slot]!, emit)
      forget(state, slot)
    },
  }
}

const isInUpperHalf = (deg: number): boolean => deg - SEA_DEG * Math.floor(deg / SEA_DEG) >= SEA_DEG / 2

/** Number of the sea of row `i`, or of one beside it, and of its class. */
function seaAt(batch: ReportBatch, i: number, north: number, east: number): number {
  const row = Math.floor((batch.lat[i]! + 90) / SEA_DEG) + north
  const column = (Math.floor((wrapLon(batch.lon[i]!) + 180) / SEA_DEG) + east + SEAS_AROUND) % SEAS_AROUND
  return ((row + 1) * 64 + column) * 8 + batch.txClass[i]!
}

const RAD = Math.PI / 180
const M_PER_DEG = 111_195

const binOf = (asideM: number): number => {
  let bin = 0
  while (bin < ASIDE_M.length - 1 && asideM >= ASIDE_M[bin]!) bin++
  return bin
}

/** A report that was lost makes an interval twice as long: that is another one, not an uneven one. */
function countInterval(windows: Float32Array, k: number, intervalS: number): void {
  const before = windows[k + INTERVAL]!
  if (before === 0 || intervalS < 0.67 * before) windows[k + INTERVAL] = intervalS
  else if (intervalS < 1.5 * before) {
    windows[k + INTERVAL] = intervalS
    if (intervalS < MIN_INTERVAL_S) return
    windows[k + INTERVALS]!++
    if (Math.abs(intervalS - before) < INTERVAL_TOLERANCE_S) windows[k + SAME_INTERVAL]!++
  }
}

function figuresOf(windows: Float32Array, k: number, t: number): Figures {
  const of = (count: number, out: number) => (out < MIN_SAMPLES / 2 ? 0 : count / out)
  const changes = windows[k + SAMPLES]! - 1
  return [
    t,
    medianAside(windows, k),
    windows[k + SAME_COURSE]! / changes,
    windows[k + SAME_SPEED]! / changes,
    of(windows[k + SAME_INTERVAL]!, windows[k + INTERVALS]!),
    of(windows[k + SAME_HEADING]!, windows[k + HEADINGS]!),
  ]
}

function medianAside(windows: Float32Array, k: number): number {
  let left = windows[k + SAMPLES]! / 2
  for (let bin = 0; ; bin++) {
    const count = windows[k + ASIDE + bin]!
    const from = bin === 0 ? 0 : ASIDE_M[bin - 1]!
    if (left <= count || bin === ASIDE_M.length - 1)
      return from + ((ASIDE_M[bin]! - from) * Math.min(left, count)) / Math.max(count, 1)
    left -= count
  }
}

function quantile(of: readonly Figures[], at: number, share: number): number {
  const sorted = of.map(figures => figures[at]!).sort((a, b) => a - b)
  return sorted[Math.round(share * (sorted.length - 1))]!
}

const percent = (share: number): string => `${Math.round(100 * share)} of 100`
