// What the reports of a run bring along, so that it can be said which detectors had nothing to go by: a file without
// receivers tells nothing about who could hear whom, and silence there clears nobody.

import type { Detector, Need } from '../detectors/detector.js'
import { BIT_ACCURACY_KNOWN, BIT_RAIM_KNOWN, NO_NAV_STATUS, type ReportBatch } from '../model/batch.js'
import { MS_PER_S } from '../model/units.js'
import type { Tracks } from '../tracks/table.js'

/** A set under way sends every 30 s or more often: M.1371-5 tables 1 and 2, Class B included. */
const NATIVE_MS = 30 * MS_PER_S
const UNDER_WAY_KN = 3
/** Of the reports of vessels under way, so many follow the one before that soon where the input was not thinned. */
const NATIVE_SHARE = 0.2
const BITS_KNOWN = BIT_ACCURACY_KNOWN | BIT_RAIM_KNOWN

export interface MetState {
  receivers: boolean
  statics: boolean
  course: boolean
  heading: boolean
  navStatus: boolean
  utcSecond: boolean
  bits: boolean
  /** The first source and kind of collection, and whether there was another one. */
  source: number
  collection: number
  another: boolean
  /** Reports of vessels under way, and those that came at native rate. */
  moving: number
  quick: number
}

export const createMet = (): MetState => ({
  receivers: false,
  statics: false,
  course: false,
  heading: false,
  navStatus: false,
  utcSecond: false,
  bits: false,
  source: -1,
  collection: -1,
  another: false,
  moving: 0,
  quick: 0,
})

/** Row `i` of a vessel whose last report is still in `tracks`. */
export function meet(met: MetState, slot: number, tracks: Tracks, batch: ReportBatch, i: number): void {
  if (batch.sog[i]! > UNDER_WAY_KN) {
    met.moving++
    if (batch.t[i]! - tracks.t[slot]! <= NATIVE_MS) met.quick++
  }
  if (!met.receivers && batch.receiver[i] !== 0) met.receivers = true
  if (!met.statics && batch.statics[i] !== 0) met.statics = true
  if (!met.course && batch.cog[i]! >= 0) met.course = true
  if (!met.heading && batch.heading[i]! >= 0) met.heading = true
  if (!met.navStatus && batch.navStatus[i] !== NO_NAV_STATUS) met.navStatus = true
  if (!met.utcSecond && batch.utcSecond[i]! < 60) met.utcSecond = true
  if (!met.bits && (batch.bits[i]! & BITS_KNOWN) !== 0) met.bits = true
  if (met.another) return
  if (met.source < 0) {
    met.source = batch.source[i]!
    met.collection = batch.collection[i]!
  } else met.another = batch.source[i] !== met.source || batch.collection[i] !== met.collection
}

function lacks(met: MetState, need: Need): boolean {
  switch (need) {
    case 'native rate':
      return met.quick < NATIVE_SHARE * met.moving
    case 'receivers':
      return !met.receivers
    case 'static data':
      return !met.statics
    case 'course':
      return !met.course
    case 'heading':
      return !met.heading
    case 'nav status':
      return !met.navStatus
    case 'UTC second':
      return !met.utcSecond
    case 'integrity bits':
      return !met.bits
    case 'second source':
      return !met.another
  }
}

/** Detectors that could say nothing, by name, and what they would have needed. */
export function notJudged(met: MetState, detectors: readonly Detector[]): Record<string, Need[]> {
  const out: Record<string, Need[]> = {}
  for (const { name, needs = [] } of detectors) {
    const lacking = needs.filter(need => lacks(met, need))
    if (lacking.length > 0) out[name] = lacking
  }
  return out
}
