// Which detectors run where, when several cores share the work of detection (engine/parts).

import type { Kind } from '../engine/lessons.js'
import { DETECTORS } from '../model/config.js'

/**
 * Detectors that learn from one another, which so run in one part: silences and all that is judged by who is heard where
 * (the reception model holds silences against the sea), and those that remember places for one another.
 */
export const TEACHES: readonly (readonly string[])[] = [
  ['gap', 'clock', 'footprint', 'partial_silence', 'offset', 'zone'],
  ['jump', 'shared_mmsi', 'replay'],
]

/** Where ships lie teaches everybody what is a port: it runs in all parts, and tells in the first. */
const EVERYWHERE = ['port_visit']

export interface Share {
  runs: ReadonlySet<string>
  silent?: ReadonlySet<string>
}

/** @param parts names of detectors; the first part is the one that tells */
export function dealt(parts: readonly (readonly string[])[]): Share[] {
  return parts.map((names, k) => {
    const own = names.filter(name => !EVERYWHERE.includes(name))
    const runs = new Set([...own, ...EVERYWHERE])
    return k === 0 ? { runs } : { runs, silent: new Set(EVERYWHERE) }
  })
}

/**
 * What a detector costs, in shares of all (`npm run bench -- stages`, and a profile of a warmed engine: docs/performance.md); those
 * that are not here cost little. Where it is wrong a thread waits for another, and no more.
 */
const COSTS: Partial<Record<string, number>> = {
  ...{ encounter: 19, loitering: 15, zone: 10, gap: 8, dark_rendezvous: 7, draught: 7, on_land: 6 },
  ...{ shared_mmsi: 6, drift: 5, offset: 4, replay: 5 },
}
const LITTLE = 2
/** What the thread that tells has besides: order, the telling. */
const TELLING = 12
/** More would have nothing left to do: the first of TEACHES is as much as each of so many has. */
export const MOST_SHARES = 4

/** The detectors dealt out to so many threads, alike by what they cost; silences, of which most is told, to the one that tells. */
export function sharesFor(threads: number): Share[] {
  const [first, ...others] = TEACHES
  const alone = DETECTORS.filter(name => !TEACHES.flat().includes(name) && !EVERYWHERE.includes(name))
  const cost = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (COSTS[name] ?? LITTLE), 0)
  const groups = [...others, ...alone.map(name => [name])].sort((a, b) => cost(b) - cost(a))
  const parts = Array.from({ length: Math.min(threads, MOST_SHARES) }, (): string[] => [])
  parts[0]!.push(...first!)
  // the dearest first, each to whoever has least (Graham 1969: within a third of the best)
  const load = (names: readonly string[]): number => cost(names) + (names === parts[0] ? TELLING : 0)
  for (const group of groups) parts.reduce((a, b) => (load(b) < load(a) ? b : a)).push(...group)
  return dealt(parts)
}

/** What a first pass runs, which writes down what vessels teach one another: silences that last, and where ships lie. */
export const LEARNS: ReadonlySet<string> = new Set(['gap', 'port_visit'])

/** Detectors that hold vessels against each other: where the fleet is cut up they see an extract of all (engine/extract). */
export const SEA: ReadonlySet<string> = new Set([
  ...['fabricated_group', 'identity', 'loitering', 'encounter', 'dark_rendezvous'],
])

/** What these have to be told of all that vessels teach: where ships lie, as nobody of them asks who is heard where (detectors/index). */
export const SEA_LEARNS: Kind = 'stay'

/** They hold every fix of every vessel against those of all others: nobody does that where the fleet is cut up. */
const WHOLE = ['replay']

/** Those that need the rows of one vessel, and what all teach. */
export const VESSEL: ReadonlySet<string> = new Set(
  DETECTORS.filter(name => !SEA.has(name) && !WHOLE.includes(name)),
)
