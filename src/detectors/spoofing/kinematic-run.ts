// A run of steps that contradict what the ship says, all in the same way: what it adds up to, and what is told of it.

import { lonDelta } from '../../geo/antimeridian.js'
import { planeM } from '../../geo/distance.js'
import { fix } from '../../geo/fix.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, round } from '../../model/units.js'
import { TX_CLASSES } from '../../model/report.js'
import type { Tracks } from '../../tracks/table.js'
import type { Run as Watched } from '../runs.js'
import { rankScore } from '../score.js'
import { courseApart, ELSEWHERE, FASTER, SLOWER, stepOf, type Step } from './kinematic-step.js'

/** Steps that agree, for each that contradicts, at most: it is steady. */
const MAX_MISSES = 0.2
/** Fewer are no run. */
const MIN_STEPS = 3
/** Of the time, what the steps that contradict must take up: what stands for minutes and leaps was heard late. */
const MIN_COVERED = 0.6
/** How much shorter than the way the line from start to end may be, where the positions are what moves. */
const MIN_STRAIGHT = 0.7
/** Directions this much alike are one: the length of their mean vector. */
const MIN_ALIKE = 0.8
/** A course that never changes by more than this in ten minutes under way is stuck, as is a speed. */
const STUCK_DEG = 0.3
const STUCK_KN = 0.05
/** A set that sends its heading as its course: wind and current set it off by up to this. */
const HEADING_AS_COURSE_DEG = 60
const HEADING_ALIKE_DEG = 2
/** Heard no more often before it began: perhaps it never did otherwise. */
const FIRST_REPORTS = 20
/** Between two reports a ship seems to move by some noise more. */
const PAIR_NOISE = 1.3
const CLASS_B = TX_CLASSES.indexOf('B')

export interface Run extends Watched {
  kind: number
  start: Fix
  steps: number
  /** Steps in a row that agree, and all of them. */
  misses: number
  allMisses: number
  /** Nautical miles by the positions, step by step, and by the speed told; and hours. */
  movedNm: number
  toldNm: number
  hours: number
  /** Miles from one report to the next, where reports come more often than steps: who sails in circles does not stand still. */
  pairNm: number
  pairToldNm: number
  /**
   * … and where those lead, miles ahead and to starboard, as seen from the nearer of the two courses told: who tacks once a minute
   * is on the same tack at each sample, and sails to windward between them.
   */
  pairAhead: number
  pairAside: number
  /** Sums of unit vectors of the bearing made good, as seen from the course told. */
  offCos: number
  offSin: number
  /** The same as seen from the heading, where there is one. */
  bowCos: number
  bowSin: number
  bows: number
  /** Least and most told. */
  minSog: number
  maxSog: number
  cog: number
  cogSpread: number
  cogIsHeading: boolean
  /** It began when the ship was first heard. */
  fromTheFirst: boolean
}

/** A run begins with a step that began at @param t0 */
export const beginRun = (
  kind: number,
  { lat0, lon0 }: Step,
  t0: number,
  tracks: Tracks,
  slot: number,
): Run => ({
  kind,
  start: fix(t0, lat0, lon0),
  end: fix(t0, lat0, lon0),
  steps: 0,
  misses: 0,
  allMisses: 0,
  movedNm: 0,
  toldNm: 0,
  hours: 0,
  pairNm: 0,
  pairToldNm: 0,
  pairAhead: 0,
  pairAside: 0,
  offCos: 0,
  offSin: 0,
  bowCos: 0,
  bowSin: 0,
  bows: 0,
  minSog: Infinity,
  maxSog: 0,
  cog: NaN,
  cogSpread: 0,
  cogIsHeading: true,
  fromTheFirst: tracks.count[slot]! < FIRST_REPORTS,
  event: null,
})

/** The step that row `i` ends contradicts as those before. */
export function addStep(
  run: Run,
  { north, east, movedNm, hours }: Step,
  tracks: Tracks,
  slot: number,
  batch: ReportBatch,
  i: number,
): void {
  const [t, lat, lon, sog] = [batch.t[i]!, batch.lat[i]!, batch.lon[i]!, batch.sog[i]!]
  const before = tracks.sog[slot]!
  const cog = batch.cog[i]!
  const heading = batch.heading[i]!
  const bearing = bearingDeg(north, east)
  run.steps++
  run.misses = 0
  run.end = fix(t, lat, lon)
  run.movedNm += movedNm
  run.toldNm += ((sog + before) / 2) * hours
  run.hours += hours
  run.pairNm += planeM(tracks.lat[slot]!, tracks.lon[slot]!, lat, lon) / M_PER_NM
  run.pairToldNm += ((sog + before) / 2) * ((t - tracks.t[slot]!) / MS_PER_HOUR)
  const pair = stepOf(tracks.lat[slot]!, tracks.lon[slot]!, lat, lon, t - tracks.t[slot]!)
  const led = bearingDeg(pair.north, pair.east)
  const [offNow, offBefore] = [lonDelta(cog, led), lonDelta(tracks.cog[slot]!, led)]
  const pairOff = ((Math.abs(offBefore) < Math.abs(offNow) ? offBefore : offNow) * Math.PI) / 180
  run.pairAhead += pair.movedNm * Math.cos(pairOff)
  run.pairAside += pair.movedNm * Math.sin(pairOff)
  run.minSog = Math.min(run.minSog, sog)
  run.maxSog = Math.max(run.maxSog, sog)
  const off = (lonDelta(cog, bearing) * Math.PI) / 180
  run.offCos += Math.cos(off)
  run.offSin += Math.sin(off)
  if (run.cog !== run.cog) run.cog = cog
  run.cogSpread = Math.max(run.cogSpread, courseApart(run.cog, cog))
  if (!(courseApart(cog, heading) <= HEADING_ALIKE_DEG)) run.cogIsHeading = false
  if (heading !== heading) return
  const bow = (lonDelta(heading, bearing) * Math.PI) / 180
  run.bows++
  run.bowCos += Math.cos(bow)
  run.bowSin += Math.sin(bow)
}

/** Whether it is long, steady and far enough to be told. */
export function isContradiction(run: Run, options: Config['spoofing']['kinematic']): boolean {
  const { kind, start, end, steps, movedNm, toldNm } = run
  const { maxRatio, minNm } = options
  if (steps < MIN_STEPS || end.t - start.t < options.minMinutes * MS_PER_MIN) return false
  if (run.allMisses > MAX_MISSES * steps) return false
  if (run.hours * MS_PER_HOUR < MIN_COVERED * (end.t - start.t)) return false
  const netNm = planeM(start.lat!, start.lon!, end.lat!, end.lon!) / M_PER_NM
  // a speed that never changes is no speed: the set is stuck
  if (kind === SLOWER && run.maxSog - run.minSog < STUCK_KN) return false
  if (kind === SLOWER) return toldNm - movedNm >= minNm && run.pairNm * maxRatio < run.pairToldNm * PAIR_NOISE
  if (netNm < MIN_STRAIGHT * movedNm) return false
  if (kind === FASTER) return netNm - toldNm >= minNm && netNm > maxRatio * toldNm
  const offDeg = Math.abs(meanDeg(run.offCos, run.offSin))
  if (netNm < minNm || offDeg < options.minCourseOffDeg) return false
  if (Math.abs(meanDeg(run.pairAhead, run.pairAside)) < options.minCourseOffDeg) return false
  if (Math.hypot(run.offCos, run.offSin) < MIN_ALIKE * steps || run.cogSpread < STUCK_DEG) return false
  return !(run.cogIsHeading && offDeg < HEADING_AS_COURSE_DEG)
}

const bearingDeg = (north: number, east: number): number => (Math.atan2(east, north) * 180) / Math.PI
const meanDeg = (cos: number, sin: number): number => (Math.atan2(sin, cos) * 180) / Math.PI

/** What is told of it at `asOf`. */
export function describeRun(
  run: Run,
  txClass: number,
  asOf: number,
  options: Config['spoofing']['kinematic'],
): DetectorEvent {
  const { kind, start, movedNm, toldNm, hours, bows } = run
  const minutes = hours * 60
  const [madeGoodKn, toldKn] = [movedNm / hours, toldNm / hours]
  const offDeg = meanDeg(run.offCos, run.offSin)
  const bowDeg = bows > 0 ? Math.abs(meanDeg(run.bowCos, run.bowSin)) : null
  const evidence: Evidence[] = []
  if (kind === ELSEWHERE) {
    const deg = Math.abs(offDeg)
    evidence.push({
      ...{ family: 'kinematics', name: 'course_off_deg', value: round(deg, 0) },
      expected: `< ${options.minCourseOffDeg}°`,
      weight: round(Math.min(1.5, deg / 90), 3),
      text: `for ${minutes.toFixed(0)} min it moves ${deg.toFixed(0)}° off the course that it reports`,
    })
  } else {
    const ratio = Math.max(madeGoodKn, toldKn) / Math.max(0.1, Math.min(madeGoodKn, toldKn))
    evidence.push({
      ...{ family: 'kinematics', name: 'speed_ratio', value: round(ratio, 2) },
      expected: `≤ ${options.maxRatio}`,
      weight: round(Math.min(1.5, Math.log2(ratio) / 2), 3),
      text: `for ${minutes.toFixed(0)} min it reports ${toldKn.toFixed(1)} kn and moves at ${madeGoodKn.toFixed(1)} kn`,
    })
  }
  if (bowDeg !== null && kind === ELSEWHERE) {
    const askew = bowDeg >= options.minCourseOffDeg
    evidence.push({
      ...{ family: 'behaviour', name: 'heading_off_deg', value: round(bowDeg, 0) },
      weight: askew ? 0.5 : -0.5,
      text: askew
        ? `nor do the positions go where its bow points, ${bowDeg.toFixed(0)}° off`
        : 'the positions go where its bow points: the course may be what is wrong',
    })
  }
  if (run.minSog === run.maxSog && kind !== ELSEWHERE) {
    const text = 'the speed that it reports never changes: the set may be stuck'
    evidence.push({
      family: 'reception',
      name: 'speed_stuck_kn',
      value: round(run.minSog, 1),
      weight: -1,
      text,
    })
  }
  if (run.fromTheFirst) {
    const text = 'it has done so since it was first heard: the set may be installed wrongly'
    evidence.push({ family: 'identity', name: 'since_first_heard', value: 1, weight: -1, text })
  }
  if (txClass === CLASS_B) {
    const text = 'class B: a simple set'
    evidence.push({ family: 'reception', name: 'class_b', value: 'B', weight: -0.3, text })
  }
  return {
    ...({ type: 'spoofing', class: 'kinematic', key: 'kinematic', phase: 'opened', revision: 1 } as const),
    ...{ asOf, start, end: null, score: rankScore(-0.5, evidence), evidence },
    details: {
      contradiction: kind === FASTER ? 'faster' : kind === SLOWER ? 'slower' : 'elsewhere',
      reportedKn: toldKn,
      madeGoodKn,
      reportedNm: toldNm,
      madeGoodNm: movedNm,
      courseOffDeg: Number.isFinite(offDeg) ? offDeg : null,
      headingOffDeg: bowDeg,
      steps: run.steps,
    },
  }
}
