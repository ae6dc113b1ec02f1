// Which weeks are for tuning and which are for judging. Nothing may be fitted to a held seed: `--fit` and `--dump`
// refuse them. What is promised is what the held ones give.

export const TUNING_SEEDS: readonly number[] = [1, 2, 3, 4, 5, 6]
export const HELD_SEEDS: readonly number[] = [1001, 1002, 1003, 1004, 1005, 1006]

export type SeedSet = 'tuning' | 'held' | 'other'

/** Which set a list of seeds is, whole and in any order; a list that holds a held seed is never `tuning`. */
export function setOf(seeds: readonly number[]): SeedSet {
  const isSet = (set: readonly number[]): boolean =>
    seeds.length === set.length && set.every(seed => seeds.includes(seed))
  return isSet(TUNING_SEEDS) ? 'tuning' : isSet(HELD_SEEDS) ? 'held' : 'other'
}

export const holdsHeld = (seeds: readonly number[]): boolean => seeds.some(seed => HELD_SEEDS.includes(seed))
