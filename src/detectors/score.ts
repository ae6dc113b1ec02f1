// From evidence to a rank. Until a score is calibrated it orders events; it is no probability.

import type { Evidence } from '../model/event.js'

/** No family of evidence may add or take more than this: reasons of one family repeat each other. */
const FAMILY_CAP = 2.5

/** Logistic of prior plus evidence, each family capped, 0…1, rounded to three decimals. */
export function rankScore(prior: number, evidence: Evidence[], cap = FAMILY_CAP): number {
  const families = new Map<string, number>()
  for (const { family, weight } of evidence) families.set(family, (families.get(family) ?? 0) + weight)
  let sum = prior
  for (const weight of families.values()) sum += Math.max(-cap, Math.min(cap, weight))
  return Math.round(1000 / (1 + Math.exp(-sum))) / 1000
}
