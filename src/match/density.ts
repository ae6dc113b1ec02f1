// Where was a vessel at a time between two fixes, or after the last, or before the first? Its velocity is a steady one that
// nobody knows plus a wandering one (an Ornstein-Uhlenbeck process, as in Millefiori et al., IEEE Trans. AES 52(5), 2016),
// so the place is Gaussian, with mean and variance in closed form from the places and velocities told at both ends. How
// much it wanders is not known either: there are several ways (match/modes), and what the two fixes show of the vessel says
// which of them it is likely to be. The density is the mixture, as wide as the fixes are far.

import { lonDelta } from '../geo/antimeridian.js'
import { EARTH_RADIUS_M, MPS_PER_KN, MS_PER_S } from '../model/units.js'
import { MODES, type Mode } from './modes.js'

const RAD = Math.PI / 180
const M_PER_DEG = EARTH_RADIUS_M * RAD

/** A fix with the velocity that was told with it. */
export interface MovingFix {
  /** Epoch ms. */
  t: number
  lat: number
  lon: number
  /** Knots and degrees; NaN unknown. */
  sog: number
  cog: number
}

/** Error of a velocity told, m/s along each axis, and of a fix, metres along each axis. */
const VELOCITY_MPS = 0.2
const FIX_M = 10
/** Slower than this a course means nothing, and is none. */
const STILL_KN = 0.3
/** Ways that are less likely than this are left out. */
const LEAST_SHARE = 1e-4

/** Numbers of one way: its share, mean place east and north of the fix that it starts from (m), variance along each axis
 * (m²), mean velocity east and north (m/s), and its variance along each axis. */
export const PARTS = 7

/** A density about a place: `parts` holds PARTS numbers for each of `count` ways. */
export interface Density {
  lat: number
  lon: number
  count: number
  parts: Float64Array
}

/** Metres east and north from a place to another. */
export function offsetM(lat1: number, lon1: number, lat2: number, lon2: number): [number, number] {
  const mid = Math.cos(((lat1 + lat2) / 2) * RAD)
  return [lonDelta(lon1, lon2) * M_PER_DEG * mid, (lat2 - lat1) * M_PER_DEG]
}

/** The place some metres east and north of another: the inverse of offsetM. */
export function placeAt(lat: number, lon: number, east: number, north: number): { lat: number; lon: number } {
  const to = Math.max(-90, Math.min(90, lat + north / M_PER_DEG))
  const mid = Math.max(1e-6, Math.cos(((lat + to) / 2) * RAD))
  const x = lon + east / (M_PER_DEG * mid)
  return { lat: to, lon: ((((x + 180) % 360) + 360) % 360) - 180 }
}

function velocityOf({ sog, cog }: MovingFix): [number, number] | null {
  if (!(sog >= 0)) return null
  if (sog < STILL_KN) return [0, 0]
  if (!(cog >= 0)) return null
  const mps = sog * MPS_PER_KN
  return [mps * Math.sin(cog * RAD), mps * Math.cos(cog * RAD)]
}

// scratch: what is observed of both axes, its covariance, and its covariance with place and velocity
const seenX = new Float64Array(3)
const seenY = new Float64Array(3)
const factor = new Float64Array(9)
const withX = new Float64Array(3)
const withV = new Float64Array(3)

/** By way of moving, in the order of the modes: where it was, in PARTS numbers, and how likely that makes what the fixes show, up to a factor. */
export interface Places {
  lat: number
  lon: number
  parts: Float64Array
  likelihoods: Float64Array
}

/**
 * Where it was at `t`, epoch ms.
 * @param before its last fix at or before `t`, null when there is none; one of the two is needed
 * @param after its first fix at or after `t`
 */
export function densityAt(
  before: MovingFix | null,
  after: MovingFix | null,
  t: number,
  modes: readonly Mode[] = MODES,
): Density {
  return mixed(placesAt(before, after, t, modes), modes)
}

/** The same by way of moving, before it is known how common these are: options as of densityAt. */
export function placesAt(
  before: MovingFix | null,
  after: MovingFix | null,
  t: number,
  modes: readonly Mode[] = MODES,
): Places {
  const from = before ?? after!
  // before the first fix time runs backwards, and so do velocities
  const sign = before ? 1 : -1
  // a picture that took minutes may begin before the fix that counts as before, or end after the one after
  const until = before && after ? Math.min(t, after.t) : t
  const s = Math.max(0, (sign * (until - from.t)) / MS_PER_S)
  const v0 = velocityOf(from)
  const both = before !== null && after !== null && after.t > before.t
  const T = both ? (after.t - before.t) / MS_PER_S : 0
  const v1 = both ? velocityOf(after) : null
  const way = both ? offsetM(before.lat, before.lon, after.lat, after.lon) : null
  let n = 0
  if (v0) {
    seenX[n] = sign * v0[0]
    seenY[n++] = sign * v0[1]
  }
  const atD = n
  if (way) {
    seenX[n] = way[0]
    seenY[n++] = way[1]
  }
  const atV1 = n
  if (v1) {
    seenX[n] = v1[0]
    seenY[n++] = v1[1]
  }
  const parts = new Float64Array(PARTS * modes.length)
  const logs: number[] = []
  modes.forEach(({ steadyMps, wanderMps, lastsS, swingM }, k) => {
    const U = steadyMps ** 2
    const W = wanderMps ** 2
    const S = swingM ** 2
    const b = 1 / lastsS
    const decay = (x: number): number => Math.exp(-b * x)
    const e0 = decay(s)
    const eT = decay(T)
    const rest = both ? decay(T - s) : 0
    const ran = (1 - e0) / b // ∫ e^{-bx} from 0 to s
    const varX = 2 * S * (1 - e0) + U * s * s + (W * (2 * b * s - 2 + 2 * e0)) / b ** 2
    // covariance of what is observed, lower triangle by rows of three
    const C = factor
    const g = VELOCITY_MPS ** 2
    if (v0) {
      C[0] = U + W + g
      withX[0] = U * s + W * ran
      withV[0] = U + W * e0
    }
    if (way) {
      const r = 3 * atD
      if (v0) C[r] = U * T + (W * (1 - eT)) / b
      C[r + atD] = U * T * T + (W * (2 * b * T - 2 + 2 * eT)) / b ** 2 + 2 * (S * (1 - eT) + FIX_M ** 2)
      withX[atD] = S * (1 + rest - e0 - eT) + U * s * T + (W * (2 * b * s - 1 + e0 + eT - rest)) / b ** 2
      withV[atD] = U * T + (W * (1 - e0 + 1 - rest)) / b
    }
    if (v1) {
      const r = 3 * atV1
      if (v0) C[r] = U + W * eT
      C[r + atD] = U * T + (W * (1 - eT)) / b
      C[r + atV1] = U + W + g
      withX[atV1] = U * s + (W * (rest - eT)) / b
      withV[atV1] = U + W * rest
    }
    const logDet = cholesky(C, n)
    let evidence = 0
    let [mx, my, vx, vy] = [0, 0, 0, 0]
    let [cutX, cutV] = [0, 0]
    // forward substitution of all at once: L y = seen, L a = withX, L c = withV; then mean = a·y, and what is known a·a
    for (let i = 0; i < n; i++) {
      let [yx, yy, a, c] = [seenX[i]!, seenY[i]!, withX[i]!, withV[i]!]
      for (let j = 0; j < i; j++) {
        const l = C[3 * i + j]!
        yx -= l * solved[4 * j]!
        yy -= l * solved[4 * j + 1]!
        a -= l * solved[4 * j + 2]!
        c -= l * solved[4 * j + 3]!
      }
      const d = C[3 * i + i]!
      solved[4 * i] = yx /= d
      solved[4 * i + 1] = yy /= d
      solved[4 * i + 2] = a /= d
      solved[4 * i + 3] = c /= d
      evidence -= (yx * yx + yy * yy) / 2
      mx += a * yx
      my += a * yy
      vx += c * yx
      vy += c * yy
      cutX += a * a
      cutV += c * c
    }
    logs.push(evidence - 2 * logDet)
    const p = PARTS * k
    parts[p + 1] = mx
    parts[p + 2] = my
    parts[p + 3] = Math.max(0, varX - cutX) + FIX_M ** 2
    parts[p + 4] = sign * vx
    parts[p + 5] = sign * vy
    parts[p + 6] = Math.max(0, U + W - cutV)
  })
  const most = Math.max(...logs)
  const likelihoods = Float64Array.from(logs, log => Math.exp(log - most))
  return { lat: from.lat, lon: from.lon, parts, likelihoods }
}

const solved = new Float64Array(12)

/** In place, of an n × n lower triangle in rows of three. @returns half the logarithm of the determinant */
function cholesky(C: Float64Array, n: number): number {
  let logDet = 0
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = C[3 * i + j]!
      for (let k = 0; k < j; k++) sum -= C[3 * i + k]! * C[3 * j + k]!
      C[3 * i + j] = i === j ? Math.sqrt(Math.max(1e-12, sum)) : sum / C[3 * j + j]!
    }
    logDet += Math.log(C[3 * i + i]!)
  }
  return logDet
}

/** Shares that make 1, in the places themselves; ways that hardly count are left out. */
export function mixed({ lat, lon, parts, likelihoods }: Places, modes: readonly Mode[]): Density {
  const shares = likelihoods.map((likelihood, k) => modes[k]!.share * likelihood)
  const total = shares.reduce((sum, share) => sum + share, 0)
  let count = 0
  let kept = 0
  shares.forEach((share, k) => {
    if (share < LEAST_SHARE * total) return
    parts.copyWithin(PARTS * count, PARTS * k, PARTS * (k + 1))
    parts[PARTS * count++] = share
    kept += share
  })
  for (let k = 0; k < count; k++) parts[PARTS * k] = parts[PARTS * k]! / kept
  return { lat, lon, count, parts }
}

/** What the picture adds to a place: its error, and the shift of what moves. */
export interface Blur {
  /** Error of the place along each axis, metres. */
  sigmaM: number
  /** Direction of flight (east, north), and of the radar as seen from the ship, level; both of length 1. */
  flight: readonly [number, number]
  toRadar: readonly [number, number]
  /** Metres along the flight for a metre a second towards the radar. 0: no radar, or its geometry is not told. */
  shiftS: number
  /** The same where the geometry is not told: a shift of unknown direction. */
  unknownShiftS: number
}

/**
 * Density per square metre of being seen at a place some metres east and north of the density's own.
 * @param sigmaM error of the place, instead of the picture's
 */
export function densityOf(
  { count, parts }: Density,
  east: number,
  north: number,
  { flight, toRadar, shiftS, unknownShiftS, sigmaM: usual }: Blur,
  sigmaM = usual,
): number {
  const noise = sigmaM ** 2
  let sum = 0
  for (let k = 0; k < count; k++) {
    const p = PARTS * k
    const vx = parts[p + 4]!
    const vy = parts[p + 5]!
    const shift = shiftS * (vx * toRadar[0] + vy * toRadar[1])
    const dx = east - parts[p + 1]! - shift * flight[0]
    const dy = north - parts[p + 2]! - shift * flight[1]
    const loose = unknownShiftS === 0 ? 0 : (unknownShiftS ** 2 * (vx * vx + vy * vy + 2 * parts[p + 6]!)) / 4
    const across = parts[p + 3]! + noise + loose
    const along = across + shiftS ** 2 * parts[p + 6]!
    const a = dx * flight[0] + dy * flight[1]
    const c = dx * flight[1] - dy * flight[0]
    sum += (parts[p]! * Math.exp(-(a * a) / (2 * along) - (c * c) / (2 * across))) / Math.sqrt(along * across)
  }
  return sum / (2 * Math.PI)
}

/** Mean place (metres east and north of the density's own) and standard deviation along an axis, of the whole mixture. */
export function momentsOf({ count, parts }: Density): { east: number; north: number; sigmaM: number } {
  let [east, north, square] = [0, 0, 0]
  for (let k = 0; k < count; k++) {
    const p = PARTS * k
    const [share, x, y] = [parts[p]!, parts[p + 1]!, parts[p + 2]!]
    east += share * x
    north += share * y
    square += share * (x * x + y * y + 2 * parts[p + 3]!)
  }
  return { east, north, sigmaM: Math.sqrt(Math.max(0, square - east * east - north * north) / 2) }
}
