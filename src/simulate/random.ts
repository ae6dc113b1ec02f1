// Chance that repeats: a seeded generator (sfc32, Chris Doty-Humphrey's PractRand) for every ship, so that a scenario
// is the same on every machine and adding one ship leaves the others as they were.

export interface Random {
  /** Uniform, 0 ≤ x < 1. */
  next(): number
  /** Uniform, from ≤ x < to. */
  between(from: number, to: number): number
  /** Normal, mean 0, standard deviation 1. */
  normal(): number
  /** Integer, 0 ≤ n < count. */
  below(count: number): number
  /** @throws when the list is empty */
  pick<T>(list: readonly T[]): T
  chance(probability: number): boolean
}

/** FNV-1a over the parts: one 32-bit seed out of a base seed and what it is for. */
export function seedOf(...parts: (string | number)[]): number {
  let hash = 0x811c9dc5
  for (const char of parts.join('\u001f')) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193)
  return hash >>> 0
}

/** @param seed any number; its low 32 bits count */
export function createRandom(seed: number): Random {
  let a = 0x9e3779b9
  let b = seed | 0
  let c = 0x243f6a88
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 0x100000000
  }
  for (let i = 0; i < 12; i++) next() // the first words still show the seed

  const below = (count: number): number => Math.floor(next() * count)
  return {
    next,
    below,
    between: (from, to) => from + next() * (to - from),
    // Box-Muller; 1 - u keeps the logarithm finite
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: list => {
      if (list.length === 0) throw new Error('random: cannot pick from an empty list')
      return list[below(list.length)]!
    },
    chance: probability => next() < probability,
  }
}
