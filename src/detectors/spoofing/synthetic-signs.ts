// What of a window is too even for a ship, held against the windows of those around.

import type { Figures } from './synthetic-window.js'

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

/** Where a figure is among Figures. */
export const ASIDE_AT = 1
export const HEADING_AT = 5
export const SIGNS = [
  ['same_course', 'course', 2],
  ['same_speed', 'speed', 3],
  ['same_interval', 'interval between reports', 4],
  ['heading_is_course', 'heading', HEADING_AT],
] as const
export type Sign = (typeof SIGNS)[number]

/** The over-even window of a program, sign by sign; none for a ship. */
export function signsOf(own: Figures, others: readonly Figures[]): Sign[] {
  const all = SIGNS.filter(([, , at]) => own[at] >= MIN_SHARE)
  if (isMadeUp(own, all, others)) return all
  if (!(own[ASIDE_AT] <= SMOOTH_PART * quantile(others, ASIDE_AT, 0.1))) return []
  const signs = all.filter(([, , at]) => quantile(others, at, 0.9) <= own[at] - MIN_EXCESS)
  const enough = signs.some(([name]) => name === 'same_course') ? MIN_SIGNS : MIN_SIGNS + 1
  return signs.length >= enough ? signs : []
}

/** A point that moves on straight lines and whose bow is its course to the degree: however many others are smooth. */
function isMadeUp(own: Figures, signs: readonly Sign[], others: readonly Figures[]): boolean {
  const [, asideM, course, speed, , heading] = own
  if (!(asideM <= EXACT_M && asideM <= EXACT_PART * quantile(others, ASIDE_AT, 0.5))) return false
  if (course < MIN_SHARE || speed < MIN_SHARE || heading < MIN_SHARE) return false
  if (quantile(others, HEADING_AT, 0.75) > heading - MIN_EXCESS) return false
  const alike = others.filter(
    other => other[ASIDE_AT] <= EXACT_M && signs.every(([, , at]) => other[at] >= MIN_SHARE),
  )
  return alike.length <= MAX_ALIKE * others.length
}

/** @param at where it is among Figures */
export function quantile(of: readonly Figures[], at: number, share: number): number {
  const sorted = of.map(figures => figures[at]!).sort((a, b) => a - b)
  return sorted[Math.round(share * (sorted.length - 1))]!
}
