// How often each of two feeds hears a vessel, of the slots in which it could: a row of bytes for each vessel and feed.

/** Slots in which it could be heard before a rhythm is known: two hours. Less than half of them heard is chance. */
export const KNOWN = 12
const BY_CHANCE = 0.5
/** Misses: longer than anything before, by this factor, and rarer than this by chance. */
const LONGER = 3
export const RAREST = 1e-4
/** … and no fewer than this, however regular it was: two or three may have one cause. */
const FEWEST = 4
/** Half is forgotten at this many slots counted. */
const FULL = 240

const HEARD = 0 // slots heard, of those in which it could be
const TRIED = 1
const MISSED = 2 // in a row, of late
const LONGEST = 3 // such a row before
const STRENGTH = 4 // farthest it was heard by a station, in hundredths of that station's range
const SIDE = 5
const FIELDS = 2 * SIDE

export interface Rhythm {
  /** Share of the slots in which it was heard before. */
  share: number
  /** How likely so many misses in a row are by chance. */
  chance: number
}

export const createRhythms = (slots: number) => new Uint8Array(slots * FIELDS)
export const clearRhythms = (counts: Uint8Array, slot: number) =>
  counts.fill(0, slot * FIELDS, (slot + 1) * FIELDS)

/** Where the row of a vessel and one of its feeds begins. */
export const rhythmAt = (slot: number, side: number): number => slot * FIELDS + side * SIDE
/** It is another feed's by now. */
export const forgetRhythm = (counts: Uint8Array, at: number) => counts.fill(0, at, at + SIDE)

export const missesOf = (counts: Uint8Array, at: number): number => counts[at + MISSED]!
export const forgiveMisses = (counts: Uint8Array, at: number): void => void (counts[at + MISSED] = 0)

/** Farthest that stations heard it, in shares of their range. */
export const strengthOf = (counts: Uint8Array, at: number): number => counts[at + STRENGTH]! / 100
export function noteStrength(counts: Uint8Array, at: number, share: number): void {
  const hundredths = Math.min(255, Math.round(100 * share))
  if (hundredths > counts[at + STRENGTH]!) counts[at + STRENGTH] = hundredths
}

export function hit(counts: Uint8Array, at: number): void {
  counts[at + LONGEST] = Math.max(counts[at + LONGEST]!, counts[at + MISSED]!)
  counts[at + MISSED] = 0
  counts[at + HEARD] = counts[at + HEARD]! + 1
  if ((counts[at + TRIED] = counts[at + TRIED]! + 1) < FULL) return
  counts[at + HEARD] = counts[at + HEARD]! >> 1
  counts[at + TRIED] = counts[at + TRIED]! >> 1
}

/** @returns whether its rhythm is known by now */
export function miss(counts: Uint8Array, at: number): boolean {
  if (counts[at + MISSED]! < 255) counts[at + MISSED] = counts[at + MISSED]! + 1
  if (counts[at + TRIED]! < FULL) counts[at + TRIED] = counts[at + TRIED]! + 1
  return counts[at + TRIED]! >= KNOWN
}

/** null while the misses may be chance: it was heard too seldom, or missed as long before. */
export function brokenRhythm(counts: Uint8Array, at: number): Rhythm | null {
  const missed = counts[at + MISSED]!
  const tried = counts[at + TRIED]! - missed
  if (tried < KNOWN || missed < FEWEST || missed <= LONGER * counts[at + LONGEST]!) return null
  const heard = counts[at + HEARD]!
  const share = heard / tried
  const chance = (1 - heard / (tried + 2)) ** missed
  return share >= BY_CHANCE && chance <= RAREST ? { share, chance } : null
}
