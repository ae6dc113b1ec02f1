// A life table of silences: of the holes between two slots in which a vessel was heard, how many ended within each range
// of lengths, how many went on past it. Survival is the product of "went on" over the ranges (Kaplan and Meier 1958, in
// the actuarial form for grouped lengths). A hole whose end is not known counts as having gone on as far as it is known.

/** Lengths in slots of ten minutes; each range runs to the next. Round hours matter: 1, 1.5, 2, 3, 4.5, 6, 9, 12, 18, 24, 48. */
export const BIN_START = [0, 1, 2, 3, 6, 9, 12, 18, 27, 36, 54, 72, 108, 144, 288] as const
export const BINS = BIN_START.length
/** Ten days: what lasts longer is not told apart. */
export const LONGEST = 1440

const binByLength = new Uint8Array(LONGEST + 1)
for (let n = 0, bin = 0; n <= LONGEST; n++) {
  if (bin + 1 < BINS && n >= BIN_START[bin + 1]!) bin++
  binByLength[n] = bin
}

/** The range that a hole of so many whole slots falls into. */
export const binOf = (slots: number): number => binByLength[Math.min(slots, LONGEST)]!

/**
 * Chance to end within each range where nothing at all is known: survival (1 + n)^−½, so that six hours of silence
 * anywhere unknown are no surprise (16 %).
 */
export const UNKNOWN_HAZARD: readonly number[] = BIN_START.map(
  (start, bin) => 1 - Math.sqrt((1 + start) / (1 + (BIN_START[bin + 1] ?? LONGEST))),
)

/**
 * Chance that a hole is at least so long; never too low, as within a range none counts as ended: satellites that come
 * every ninety minutes leave holes of eight slots, and seven slots of silence there mean nothing.
 * @param hazards chance to end within each range, for those that reached it
 * @param slots ≥ 0
 */
export function survivalOf(hazards: ArrayLike<number>, slots: number): number {
  let survival = 1
  for (let bin = 0; bin < BINS && slots >= (BIN_START[bin + 1] ?? LONGEST); bin++)
    survival *= 1 - hazards[bin]!
  return survival
}

/** One-sided 95 %. */
const Z = 1.645

/**
 * What a share may be at most when it was seen in `n` independent trials: upper end of Wilson's interval, one-sided
 * 95 %. Never 0: after n trials without any it is about 2.7 / n.
 */
export function shareAtMost(share: number, n: number): number {
  const z2 = (Z * Z) / n
  return n > 0 ? Math.min(1, (share + z2 / 2 + Math.sqrt(z2 * (share * (1 - share) + z2 / 4))) / (1 + z2)) : 1
}
