// A silent vessel as the possible partner of one that stopped: whether it can have been there, for how long, and what
// speaks for it. The weights are log-odds like, from how much of the sea it can have been on at that time instead; they
// rank those who can have been there, and prove nothing.

import { kindOf, mayTransfer, type Kind } from '../ais/kinds.js'
import { bearingDeg, haversineM } from '../geo/distance.js'
import type { VesselEvent, VesselRef } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../model/units.js'
import { stayAt, type Reaching } from '../tracks/reaches.js'

/** A silence that can be a candidate's. Plain data. */
export interface SilentVessel extends Reaching {
  mmsi: number
  track: number
  vessel: VesselRef
  /** Of its gap. */
  score: number
  class: string
  /** At OFF, knots and degrees; null unknown. */
  sogKn: number | null
  cogDeg: number | null
  /** When it was last told of, epoch ms: it was silent until then at least, if it lasts. */
  asOf: number
  /** Ships near it as it fell silent, and how many of them were heard again soon. */
  near: number
  stillHeard: number
  /** Others were heard there and along its way as ever, and such silences are rare there. */
  isWellHeard: boolean
}

/** Where somebody stopped, and when, epoch ms. */
export interface StopAt {
  lat: number
  lon: number
  from: number
  to: number
  kind: Kind
}

export interface Partner {
  id: string
  mmsi: number
  track: number
  vessel: VesselRef
  weight: number
  /** The longest time that both can have been there. */
  maxTogetherH: number
  /** The least speed at which it can have been there for an hour, or as long as it lasted. */
  neededKn: number
  vMaxKn: number
  /** Miles from there to where it fell silent. */
  fromNm: number
  /** How much sea it can have been on instead, in the middle of that time, square nautical miles. */
  areaNm2: number
  /** From its course as it fell silent to the way there, degrees; null unknown. */
  offCourseDeg: number | null
  /** It was silent by its own doing, as the gap has it. */
  gapScore: number
}

/** Slower than this it has no course. */
const HEADED_KN = 3
/** It can have been within a mile of the place. */
const THERE_NM2 = Math.PI
/** Share of its top speed that a ship goes at, where its speed is not known. */
const USUAL = 0.75

const within = (most: number, x: number): number => Math.max(-most, Math.min(most, x))

/** @param leastMs it is a candidate when it can have been there for so long, or all the time where that was less */
export function partnerOf(silent: SilentVessel, stop: StopAt, leastMs: number): Partner | null {
  const { off, on, kn, sogKn, cogDeg } = silent
  const { from, to } = stayAt(silent, stop.lat, stop.lon)
  const [since, until] = [Math.max(from, stop.from), Math.min(to, stop.to)]
  const togetherMs = until - since
  const askedMs = Math.min(leastMs, stop.to - stop.from)
  if (!(togetherMs >= askedMs)) return null
  const fromNm = haversineM(off.lat, off.lon, stop.lat, stop.lon) / M_PER_NM
  const onNm = on ? haversineM(on.lat, on.lon, stop.lat, stop.lon) / M_PER_NM : 0
  const leftMs = (on ? on.t : stop.to) - off.t - askedMs
  const neededKn = leftMs > 0 ? ((fromNm + onNm) / leftMs) * MS_PER_HOUR : 0
  const areaNm2 = areaAt(silent, (since + until) / 2)
  const offCourseDeg = courseOff(silent, stop)
  const usualKn = sogKn !== null && sogKn > HEADED_KN ? Math.min(kn, sogKn) : USUAL * kn
  const timing = timingWeight(silent, stop, usualKn, fromNm, onNm)
  const weight =
    0.2 * within(2.5, Math.log(silent.score / (1 - Math.min(0.999, silent.score)))) -
    within(8, Math.log(Math.max(THERE_NM2, areaNm2) / THERE_NM2)) / 4 +
    timing +
    (offCourseDeg === null ? 0 : 1.5 * Math.cos((offCourseDeg * Math.PI) / 180)) +
    kindWeight(stop.kind, kindOf({ shipType: silent.vessel.shipType ?? 0 }))
  return {
    ...{ id: silent.id, mmsi: silent.mmsi, track: silent.track, vessel: silent.vessel },
    weight: round(weight, 3),
    maxTogetherH: round(togetherMs / MS_PER_HOUR, 2),
    ...{ neededKn: round(neededKn, 1), vMaxKn: kn, fromNm: round(fromNm, 1), areaNm2: round(areaNm2, 0) },
    offCourseDeg: offCourseDeg === null ? null : round(offCourseDeg, 0),
    gapScore: silent.score,
  }

  function courseOff({ off: at }: SilentVessel, { lat, lon }: StopAt): number | null {
    if (cogDeg === null || sogKn === null || sogKn < HEADED_KN || fromNm < 1) return null
    return Math.abs(((bearingDeg(at.lat, at.lon, lat, lon) - cogDeg + 540) % 360) - 180)
  }
}

/**
 * Ships that go to meet go straight there, come when the other waits, and go straight on when it goes too. What of the silence
 * that leaves to explain counts against it, at its usual speed: hours before it would have come and after it would have
 * gone, and by half the hours of the stop that it would have missed.
 */
function timingWeight({ off, on }: Reaching, stop: StopAt, kn: number, fromNm: number, onNm: number): number {
  const late = (off.t - stop.from) / MS_PER_HOUR + fromNm / kn
  const early = on ? (stop.to - on.t) / MS_PER_HOUR + onNm / kn : 0
  const cost = (hours: number) => Math.log(1 + (hours < 0 ? -hours : hours / 2))
  return -cost(late) - cost(early)
}

/** Ships that have something to hand over, and those that seldom have. */
function kindWeight(own: Kind, other: Kind): number {
  if (mayTransfer(own, other)) return 0.75
  return other === 'passenger' ? -1.5 : 0
}

/** The sea that it can have been on at a time, square miles: within reach of where it fell silent, and of where it came back. */
export function areaAt({ off, on, kn }: Reaching, t: number): number {
  const a = (kn * (t - off.t)) / MS_PER_HOUR
  if (!on) return Math.PI * a ** 2
  const b = (kn * (on.t - t)) / MS_PER_HOUR
  return lens(a, b, haversineM(off.lat, off.lon, on.lat, on.lon) / M_PER_NM)
}

/** What two circles have in common, on a plane: radii and the distance of their middles. */
function lens(a: number, b: number, d: number): number {
  if (d >= a + b) return 0
  if (d <= Math.abs(a - b)) return Math.PI * Math.min(a, b) ** 2
  const x = (d ** 2 + a ** 2 - b ** 2) / (2 * d)
  const y = Math.sqrt(Math.max(0, a ** 2 - x ** 2))
  return a ** 2 * Math.acos(within(1, x / a)) + b ** 2 * Math.acos(within(1, (d - x) / b)) - d * y
}

/** Those that weigh most first; of equals the one with the smaller number. */
export const byWeight = (a: Partner, b: Partner): number =>
  b.weight - a.weight || a.mmsi - b.mmsi || a.track - b.track || (a.id < b.id ? -1 : 1)

/** The silence of a gap event; null where it is no candidate's: it began at rest, or has no place. */
export function silenceOf(event: VesselEvent): SilentVessel | null {
  const { id, type, phase, class: kind, mmsi, track, vessel, start, end, score, details, asOf } = event
  const reach = details['reach'] as { since?: { t: number; lat: number; lon: number }; vMaxKn: number } | null
  if (type !== 'gap' || phase === 'retracted' || !reach) return null
  const at = reach.since ?? start
  if (at.lat === null || at.lon === null || (end && (end.lat === null || end.lon === null))) return null
  return {
    ...{ id, mmsi, track, vessel, score, class: kind ?? 'undetermined', kn: reach.vMaxKn },
    off: { t: at.t, lat: at.lat, lon: at.lon },
    on: end && { t: end.t, lat: end.lat!, lon: end.lon! },
    sogKn: details['offSogKn'] as number | null,
    cogDeg: details['offCogDeg'] as number | null,
    asOf,
    ...receptionOf(details),
  }
}

/** Ships nearby that make a place heard, at least so many … */
const NEAR = 2
/** … of which so many go on to be heard, … */
const STILL = 0.75
/** … with somebody heard in this share of the slots of the silence, half as often as is usual along the way or more, … */
const LIVE = 0.5
const USUALLY_HEARD = 0.5
/** … where no more than this share of all silences last so long. */
const RARE = 0.05

/** What the gap's assessment found of reception there, whatever it makes of the ship: those on passage it rather excuses. */
function receptionOf(
  details: VesselEvent['details'],
): Pick<SilentVessel, 'near' | 'stillHeard' | 'isWellHeard'> {
  const witnesses = details['witnesses'] as Record<
    'near' | 'stillHeard' | 'heard' | 'expected' | 'live' | 'steps',
    number
  > | null
  const survival = details['survival'] as { survival: number } | null
  if (!witnesses) return { near: 0, stillHeard: 0, isWellHeard: false }
  const { near, stillHeard, heard, expected, live, steps } = witnesses
  const isWellHeard =
    near >= NEAR &&
    stillHeard >= STILL * near &&
    live >= LIVE * steps &&
    heard >= USUALLY_HEARD * expected &&
    (survival?.survival ?? 1) <= RARE
  return { near, stillHeard, isWellHeard }
}
