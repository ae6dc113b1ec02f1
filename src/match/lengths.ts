// Lengths: how much likelier the length that a picture tells is of a vessel of the length that AIS tells than of anything it
// shows. What it shows is learned from itself: in a fleet of boats of one size a length tells nobody from another.

import type { Detection } from '../model/detection.js'
import { LENGTH_LOG, LENGTH_LOG_SIGMA } from './recall.js'

/** Of the length told by a picture: a quarter either way (xView3: a mean error of 20 to 30 %). */
const ERROR_LOG = 0.28
/** Detections that are worth as much as what is known of the lengths of all ships. */
const PRIOR_DETECTIONS = 10
/** AIS lengths are now and then a typing error. */
const TYPED_WRONG = 0.03

export interface Lengths {
  /** 1 where one of the two is not known. @param seenM, toldM metres */
  agreement(seenM: number | null, toldM: number | null): number
}

export function createLengths(detections: readonly Detection[]): Lengths {
  const logs = detections.flatMap(({ lengthM }) => (isLength(lengthM) ? [Math.log(lengthM)] : []))
  const n = logs.length + PRIOR_DETECTIONS
  const mean = logs.reduce((sum, log) => sum + log, PRIOR_DETECTIONS * LENGTH_LOG) / n
  const known = LENGTH_LOG_SIGMA ** 2 + ERROR_LOG ** 2 + (LENGTH_LOG - mean) ** 2
  const sigma = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, PRIOR_DETECTIONS * known) / n)
  return {
    agreement(seenM, toldM) {
      if (!isLength(seenM) || !isLength(toldM)) return 1
      const seen = Math.log(seenM)
      const of = (middle: number, spread: number): number =>
        Math.exp(-((seen - middle) ** 2) / (2 * spread ** 2)) / spread
      return (1 - TYPED_WRONG) * (of(Math.log(toldM), ERROR_LOG) / of(mean, sigma)) + TYPED_WRONG
    },
  }
}

const isLength = (lengthM: number | null): lengthM is number => lengthM !== null && lengthM > 0
