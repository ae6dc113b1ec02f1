// How often a sensor sees a ship, by its length.

import type { Sensor } from '../model/detection.js'

/**
 * Share of ships that are seen: most · 1 / (1 + exp(−(ln length − ln half) / slope)). SAR: vessels that were certainly in the
 * scene were seen in 42 of 46 cases above 60 m and in 0.70 of those below (Global Fishing Watch, paper-longline); at night
 * only those with lights that are strong are seen; radio is that of a radar or a radio in use. The scene's own share
 * corrects them all (match/judge).
 */
const RECALL: Record<Sensor, { most: number; halfM: number; slope: number }> = {
  sar: { most: 0.93, halfM: 28, slope: 0.35 },
  optical: { most: 0.93, halfM: 18, slope: 0.35 },
  viirs: { most: 0.4, halfM: 10, slope: 0.5 },
  rf: { most: 0.6, halfM: 10, slope: 0.5 },
  unknown: { most: 0.8, halfM: 20, slope: 0.4 },
}

/** Lengths of ships of which none is told: of the logarithm, mean and standard deviation (40 m; 12 to 130 m hold 0.9 of them). */
export const LENGTH_LOG = Math.log(40)
export const LENGTH_LOG_SIGMA = 0.75

/** No sensor shows more of the ships there are. */
export const SEEN_MOST = 0.98

export function recallOf(sensor: Sensor, lengthM: number | null): number {
  if (lengthM === null || !(lengthM > 0)) return UNKNOWN[sensor]
  const { most, halfM, slope } = RECALL[sensor]
  return most / (1 + Math.exp(-Math.log(lengthM / halfM) / slope))
}

/** Mean over the lengths that ships have. */
const UNKNOWN = Object.fromEntries(
  (Object.keys(RECALL) as Sensor[]).map(sensor => {
    const steps = Array.from({ length: 41 }, (_, k) => -2 + k / 10)
    const weights = steps.map(x => Math.exp((-x * x) / 2))
    const { most, halfM, slope } = RECALL[sensor]
    const seen = steps.map(
      x => most / (1 + Math.exp(-(LENGTH_LOG + x * LENGTH_LOG_SIGMA - Math.log(halfM)) / slope)),
    )
    const total = weights.reduce((a, b) => a + b, 0)
    return [sensor, seen.reduce((sum, p, k) => sum + p * weights[k]!, 0) / total]
  }),
) as Record<Sensor, number>
