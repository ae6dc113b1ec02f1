// Seas seen from above, out of a seed: ships that move as ships do (not as match/density thinks they do), those of them that
// transmit, those that fell silent, those that never did, and a picture of it all with its errors. Nothing here is shared
// with what is judged but the types.

import type { Detection, Scene } from '../../src/model/detection.js'
import type { SceneVessel } from '../../src/match/candidates.js'
import type { SilentShip } from '../../src/match/links.js'
import type { MovingFix } from '../../src/match/density.js'
import { createRandom, seedOf, type Random } from '../../src/simulate/random.js'

export const KINDS = ['open sea', 'lanes', 'anchorage', 'fishing fleet'] as const
export type Kind = (typeof KINDS)[number]

export interface Setting {
  kind: Kind
  /** Ships in and about the picture, all told. */
  vessels: number
  /** Minutes between two reports of a ship that is heard. */
  cadenceMin: number
  /** Standard deviation of the place of a detection along each axis, metres. */
  noiseM: number
}

/** Who made a detection. */
export type Maker =
  | { kind: 'heard'; mmsi: number }
  | { kind: 'dark' }
  | { kind: 'silent'; mmsi: number }
  | { kind: 'false' }
  | { kind: 'platform' }

export interface Sea {
  setting: Setting
  scene: Scene
  candidates: SceneVessel[]
  silent: SilentShip[]
  platforms: { lat: number; lon: number }[]
  /** By detection. */
  makers: Maker[]
  /** Dark and silent ships in the picture, seen or not. */
  darkShips: number
}

const RAD = Math.PI / 180
const T = Date.UTC(2024, 4, 14, 5, 48)
const LAT = 54
const LON = 3
/** Silent ships about each picture; a few where there are few ships. */
export const silentOf = ({ vessels }: Setting): number => (vessels >= 100 ? 50 : 5)
/** … at the time of the picture no farther than this from its middle, north, south, east or west: 160 nautical miles. */
const SILENT_HALF_M = 300_000
const DARK_SHARE = 0.12
const FALSE_SHARE = 0.05

interface State {
  /** Metres east and north of the middle. */
  x: number
  y: number
  /** m/s, radians. */
  speed: number
  course: number
}

/** Where a ship goes from a state on, a step at a time. */
type Mover = (state: State, dtS: number, random: Random) => void

function transit(mean: number, turnsPerH: number): Mover {
  const usual = mean
  return (s, dt, random) => {
    if (random.chance((turnsPerH * dt) / 3600)) s.course += random.normal() * 0.45
    s.course += random.normal() * 0.004 * Math.sqrt(dt)
    s.speed += ((usual - s.speed) * dt) / 3000 + random.normal() * 0.012 * Math.sqrt(dt)
    s.speed = Math.max(0.5, s.speed)
    s.x += s.speed * Math.sin(s.course) * dt
    s.y += s.speed * Math.cos(s.course) * dt
  }
}

function anchored(x0: number, y0: number, swing: number, period: number, phase: number): Mover {
  let clock = 0
  return (s, dt) => {
    clock += dt
    const a = phase + 1.3 * Math.sin((2 * Math.PI * clock) / period)
    const [x, y] = [x0 + swing * Math.sin(a), y0 + swing * Math.cos(a)]
    s.speed = Math.hypot(x - s.x, y - s.y) / dt
    s.course = Math.atan2(x - s.x, y - s.y)
    s.x = x
    s.y = y
  }
}

/** Tows at some knots with turns, hauls, and now and then steams to another ground. */
function fishing(random0: Random): Mover {
  let left = random0.between(600, 7200)
  let mode: 'tow' | 'haul' | 'steam' = random0.chance(0.6) ? 'tow' : 'haul'
  return (s, dt, random) => {
    left -= dt
    if (left <= 0) {
      mode = mode === 'tow' ? (random.chance(0.7) ? 'haul' : 'steam') : 'tow'
      left = mode === 'haul' ? random.between(900, 2400) : random.between(2400, 10800)
      if (mode !== 'haul') s.course = random.between(0, 2 * Math.PI)
    }
    const wanted = mode === 'tow' ? 1.9 : mode === 'haul' ? 0.4 : 4.6
    s.speed += ((wanted - s.speed) * dt) / 120
    s.course += random.normal() * (mode === 'haul' ? 0.05 : 0.012) * Math.sqrt(dt)
    s.x += s.speed * Math.sin(s.course) * dt
    s.y += s.speed * Math.cos(s.course) * dt
  }
}

const lengthOf = (kind: Kind, random: Random): number =>
  kind === 'fishing fleet'
    ? Math.exp(Math.log(27) + 0.35 * random.normal())
    : random.chance(0.7)
      ? Math.exp(Math.log(120) + 0.5 * random.normal())
      : Math.exp(Math.log(25) + 0.4 * random.normal())

/** A ship that begins: where, how it moves, and whether it is at its fishing. */
interface Begun {
  state: State
  mover: Mover
  fishing?: boolean
}

function begin(setting: Setting, halfM: number, random: Random): Begun {
  const { kind } = setting
  const any = (): number => random.between(-halfM, halfM)
  const state: State = {
    x: any(),
    y: any(),
    speed: random.between(4, 9),
    course: random.between(0, 2 * Math.PI),
  }
  const roll = random.next()
  if (kind === 'lanes' && roll < 0.8) {
    const way = random.chance(0.5) ? 1 : -1
    state.y = way * 9000 + random.normal() * 2500 + (random.chance(0.3) ? 0.35 * halfM : 0)
    state.course = (way > 0 ? 1 : -1) * (Math.PI / 2) + random.normal() * 0.05
    return { state, mover: transit(state.speed, 0.15) }
  }
  if (kind === 'anchorage' && roll < 0.8) {
    // ships at anchor keep half a mile from one another, or a mile
    const spreadM = 5000 * Math.sqrt(Math.max(1, setting.vessels / 200))
    const [x, y] = [random.normal() * spreadM, random.normal() * spreadM]
    const [swing, period, phase] = [random.between(60, 250), random.between(2000, 9000), random.between(0, 6)]
    const lies = { x: x + swing * Math.sin(phase), y: y + swing * Math.cos(phase), speed: 0.1, course: 0 }
    return { state: lies, mover: anchored(x, y, swing, period, phase) }
  }
  if (kind === 'fishing fleet' && roll < 0.85) {
    const ground = random.below(4)
    state.x = (ground % 2 ? 0.4 : -0.4) * halfM + random.normal() * 0.12 * halfM
    state.y = (ground > 1 ? 0.4 : -0.4) * halfM + random.normal() * 0.12 * halfM
    state.speed = 2
    return { state, mover: fishing(random), fishing: true }
  }
  return { state, mover: transit(state.speed, 0.6) }
}

const STEP_S = 30

/** States of a ship at the times asked for (seconds from the picture, ascending). It is at home in the middle of them. */
function statesAt(state: State, mover: Mover, times: readonly number[], random: Random): State[] {
  const out: State[] = []
  let t = times[0]!
  const now = { ...state }
  for (const asked of times) {
    while (t < asked - 1e-6) {
      const dt = Math.min(STEP_S, asked - t)
      mover(now, dt, random)
      t += dt
    }
    out.push({ ...now })
  }
  return out
}

/** Detections of which the kind of ship is told rightly, in seas in which it is told. */
const CALLED_RIGHTLY = 0.85

/**
 * @param kinds whether AIS and the detector tell fishing vessels from others: the former always, the latter mostly rightly. All
 * else is the same either way
 */
export function seaOf(seed: number, setting: Setting, kinds = false): Sea {
  const { kind, vessels, cadenceMin, noiseM } = setting
  const random = createRandom(seedOf(seed, kind, vessels, cadenceMin, noiseM, 'scene'))
  // crowded as such seas are: 10 ships in 120 km, 2,000 in 300 km
  const halfM = 60_000 * Math.sqrt(Math.max(1, vessels / 320))
  const lookDown = {
    headingDeg: 348,
    look: 'right' as const,
    incidenceDeg: random.between(30, 45),
    rangeOverSpeedS: random.between(110, 125),
  }
  const recallScale = random.between(0.85, 1.03)
  const halfSeenM = random.between(22, 34)
  const recall = (length: number): number =>
    Math.min(0.97, (recallScale * 0.94) / (1 + Math.exp(-Math.log(length / halfSeenM) / 0.3)))
  const kindRandom = createRandom(seedOf(seed, kind, vessels, cadenceMin, noiseM, 'kinds'))
  /** A fifth of the ships on passage is on the way to its grounds. */
  const isFishing = ({ fishing: is = false }: Begun): boolean => is || kindRandom.chance(0.2)
  const typeOf = (fishes: boolean): number | null => (kinds ? (fishes ? 30 : 70) : null)
  const candidates: SceneVessel[] = []
  const silent: SilentShip[] = []
  const made: { detection: Detection; maker: Maker }[] = []
  let darkShips = 0
  const place = ({ x, y }: { x: number; y: number }): { lat: number; lon: number } => {
    const lat = LAT + y / 111_195
    return { lat, lon: LON + x / 111_195 / Math.cos(((LAT + lat) / 2) * RAD) }
  }
  const inPicture = ({ x, y }: State): boolean => Math.abs(x) <= halfM && Math.abs(y) <= halfM
  const fixOf = (s: State, tS: number): MovingFix => ({
    t: Math.round(T + 1000 * tS),
    ...place({ x: s.x + 8 * random.normal(), y: s.y + 8 * random.normal() }),
    sog: Math.round(Math.max(0, s.speed / 0.514444 + 0.1 * random.normal()) * 10) / 10,
    cog: (((s.course / RAD + 3 * random.normal()) % 360) + 360) % 360,
  })
  const flight = [Math.sin(lookDown.headingDeg * RAD), Math.cos(lookDown.headingDeg * RAD)] as const
  const toRadar = (lookDown.headingDeg - 90) * RAD
  function see(s: State, length: number | null, maker: Maker, fishes: boolean): void {
    const towards = s.speed * Math.cos(s.course - toRadar)
    const shift = lookDown.rangeOverSpeedS * Math.sin(lookDown.incidenceDeg * RAD) * towards
    const at = place({
      x: s.x + shift * flight[0] + noiseM * random.normal(),
      y: s.y + shift * flight[1] + noiseM * random.normal(),
    })
    made.push({
      detection: {
        ...{ id: String(made.length), t: T, ...at, sigmaM: noiseM },
        lengthM: length === null ? random.between(10, 60) : length * Math.exp(0.25 * random.normal()),
        headingDeg: null,
        confidence: confidenceOf(maker.kind !== 'false', random),
        fishing: kinds ? Number(fishes === kindRandom.chance(CALLED_RIGHTLY)) : null,
      },
      maker,
    })
  }

  for (let k = 0; k < vessels; k++) {
    const length = lengthOf(kind, random)
    const begun = begin(setting, 1.15 * halfM, random)
    const { state, mover } = begun
    const fishes = isFishing(begun)
    const isDark = random.chance(DARK_SHARE)
    const mmsi = 200_000_000 + k
    const offset = random.next() * cadenceMin * 60 * (random.chance(0.1) ? 2 : 1)
    const next = -offset + cadenceMin * 60 * (random.chance(0.1) ? 2 : random.between(0.8, 1.2))
    const [a, b] = [-offset, Math.max(1, next)]
    const [before, now, after] = statesAt(state, mover, [a, 0, b], random) as [State, State, State]
    const seen = inPicture(now) && random.chance(recall(length))
    if (isDark) {
      if (inPicture(now)) darkShips++
      if (seen) see(now, length, { kind: 'dark' }, fishes)
      continue
    }
    const told = random.chance(0.85) ? Math.round(length) : null
    candidates.push({
      ...{ mmsi, track: 1, lengthM: told, shipType: typeOf(fishes) },
      before: fixOf(before, a),
      after: random.chance(0.95) ? fixOf(after, b) : null,
      gap: null,
    })
    if (seen) see(now, length, { kind: 'heard', mmsi }, fishes)
  }
  for (let k = 0; k < silentOf(setting); k++) {
    const length = lengthOf(kind, random)
    const begun = begin(setting, Math.max(1.15 * halfM, SILENT_HALF_M), random)
    const { state, mover } = begun
    const fishes = isFishing(begun)
    const mmsi = 300_000_000 + k
    const off = -3600 * random.between(1.5, 16)
    const on = random.chance(0.5) ? 3600 * random.between(4, 14) : null
    const times = on === null ? [off, 0] : [off, 0, on]
    const states = statesAt(state, mover, times, random)
    // where it was drawn is where it is by the time of the picture: those that are there have come from anywhere
    const [dx, dy] = [state.x - states[1]!.x, state.y - states[1]!.y]
    if (state.speed > 1)
      for (const at of states) {
        at.x += dx
        at.y += dy
      }
    const [before, now] = states as [State, State]
    const first = fixOf(before, off)
    const last = on === null ? null : fixOf(states[2]!, on)
    const told = random.chance(0.85) ? Math.round(length) : null
    const vessel = {
      name: null,
      imo: null,
      callsign: null,
      flag: null,
      shipType: typeOf(fishes),
      txClass: 'A' as const,
    }
    const ship: SilentShip = {
      ...{ id: `gap-${mmsi}`, mmsi, track: 1, vessel, lengthM: told, sogKn: first.sog, cogDeg: first.cog },
      off: { t: first.t, lat: first.lat, lon: first.lon },
      on: last && { t: last.t, lat: last.lat, lon: last.lon },
      ...{ kn: Math.max(15, 1.3 * first.sog), score: 0.5, class: 'undetermined' },
    }
    silent.push(ship)
    candidates.push({
      ...{ mmsi, track: 1, lengthM: told, shipType: typeOf(fishes), before: first },
      ...{ after: last && { ...last, sog: NaN, cog: NaN }, gap: ship.id, ship },
    })
    if (!inPicture(now)) continue
    darkShips++
    if (random.chance(recall(length))) see(now, length, { kind: 'silent', mmsi }, fishes)
  }
  const platforms = Array.from({ length: 6 }, () => ({
    x: random.between(-halfM, halfM),
    y: random.between(-halfM, halfM),
  }))
  for (const at of platforms) see({ ...at, speed: 0, course: 0 }, 70, { kind: 'platform' }, false)
  const falseOnes = Math.round((FALSE_SHARE / (1 - FALSE_SHARE)) * made.length + random.next())
  for (let k = 0; k < falseOnes; k++)
    see(
      { x: random.between(-halfM, halfM), y: random.between(-halfM, halfM), speed: 0, course: 0 },
      null,
      {
        kind: 'false',
      },
      kindRandom.chance(0.5),
    )
  // in the order of a detector's list: any
  for (let k = made.length - 1; k > 0; k--) {
    const j = random.below(k + 1)
    ;[made[k], made[j]] = [made[j]!, made[k]!]
  }
  const corner = (x: number, y: number): number[] => {
    const { lat, lon } = place({ x: x * halfM, y: y * halfM })
    return [lon, lat]
  }
  const scene: Scene = {
    ...{ id: `sim-${seed}`, sensor: 'sar', t: T, untilT: T, looking: lookDown },
    footprint: [[corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)].flat()],
    detections: made.map(({ detection }) => detection),
  }
  return {
    ...{ setting, scene, candidates, silent, darkShips },
    platforms: platforms.map(place),
    makers: made.map(({ maker }) => maker),
  }
}

/** As a detector that is right about itself in the long run would say, but for some noise. */
function confidenceOf(isReal: boolean, random: Random): number {
  // scores of false ones and of ships, normal with means −1.6 and 1.6: their ratio is exp(3.2 x)
  const x = (isReal ? 1.6 : -1.6) + random.normal()
  const odds = ((1 - FALSE_SHARE) / FALSE_SHARE) * Math.exp(3.2 * x + 0.3 * random.normal())
  return odds / (1 + odds)
}
