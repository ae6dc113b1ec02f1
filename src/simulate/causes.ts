// Why a ship was silent: every silence that a listener could notice, with its true cause. The messages say when a hull
// was heard; its plan, its acts and the receivers say why not. No detector has a say in it.

import { MS_PER_MIN, MS_PER_S } from '../model/units.js'
import type { Hull, SimMessage, Simulation } from './fleet.js'
import { reportingIntervalMs } from './m1371.js'
import { createRandom, seedOf } from './random.js'
import { createReception, type Reception } from './reception.js'
import { silencesOf } from './transponder.js'
import { createState, type Span } from './voyage.js'

/** What the most of a silence was: the set off at sea, off at a berth or anchor, receivers down, or nobody in range or luck. */
export const SILENCE_CAUSES = ['disabled', 'moored_off', 'outage', 'reception'] as const
export type SilenceCause = (typeof SILENCE_CAUSES)[number]

export interface TrueSilence {
  mmsi: number
  /** Last and next sign of life of the hull, epoch ms; `to` is null when none came before the data end. */
  from: number
  to: number | null
  /** To the end of the data when it never came back. */
  durationMs: number
  cause: SilenceCause
  /** Share of it in which the set was off, 0…1. */
  off: number
  /** Position reports that would have been heard, had the set been on: with none of them nobody could know. */
  missed: number
  /** What the ship was up to. */
  story: string | null
}

export interface SilenceWatch {
  /** Takes each message that was heard, in any order, copies too. */
  hear(message: SimMessage): void
  /** Silences strictly longer than `minMs`, in order of ship and time. */
  silences(minMs: number): TrueSilence[]
}

const SAMPLE_MS = 5 * MS_PER_MIN

export function watchSilences(simulation: Simulation): SilenceWatch {
  const { hulls, scenario, seed, start } = simulation
  const reception = createReception(scenario, start)
  const number = new Map(hulls.map((hull, h) => [hull.identity, h]))
  const heard: number[][] = hulls.map(() => [])
  let newest = -Infinity
  return {
    hear({ ship, report: { t } }) {
      const times = heard[number.get(ship)!]!
      if (times[times.length - 1] !== t) times.push(t)
      if (t > newest) newest = t
    },
    silences(minMs) {
      const out: TrueSilence[] = []
      hulls.forEach((hull, h) => {
        const times = Float64Array.from(heard[h]!).sort()
        const offs = silencesOf(hull, start)
        for (let i = 0; i < times.length; i++) {
          const from = times[i]!
          const to = times[i + 1] ?? null
          const durationMs = (to ?? newest) - from
          if (!(durationMs > minMs)) continue
          const span = { from, to: from + durationMs }
          const { mmsi, txClass } = hull.identity
          const samples = samplesOf(hull, span, offs, reception)
          const cause = mostOf(samples)
          const all = SILENCE_CAUSES.reduce((sum, each) => sum + samples[each], 0)
          const off = (samples.disabled + samples.moored_off) / Math.max(1, all)
          const thinMs = scenario.thinS * MS_PER_S
          const missed =
            cause === 'disabled'
              ? missedIn(hull, span, offs, reception, thinMs, seedOf(seed, 'missed', mmsi, from, txClass))
              : 0
          out.push({ mmsi, from, to, durationMs, cause, off, missed, story: hull.vessel.story ?? null })
        }
      })
      return out
    },
  }
}

const isOff = (offs: readonly Span[], t: number): boolean => offs.some(({ from, to }) => t >= from && t < to)

/** The cause of most of it; of equals the one that comes first in the list. */
const mostOf = (samples: Record<SilenceCause, number>): SilenceCause =>
  SILENCE_CAUSES.reduce((best, cause) => (samples[cause] > samples[best] ? cause : best))

/** How often each cause was at work, looked at every five minutes. */
function samplesOf(
  hull: Hull,
  { from, to }: Span,
  offs: readonly Span[],
  reception: Reception,
): Record<SilenceCause, number> {
  const { voyage, identity, strength } = hull
  const state = createState()
  const samples: Record<SilenceCause, number> = { disabled: 0, moored_off: 0, outage: 0, reception: 0 }
  for (let t = from + SAMPLE_MS / 2; t < to; t += SAMPLE_MS) {
    if (isOff(offs, t)) {
      const { phase } = voyage.stretchAt(t)
      samples[phase === 'moor' || phase === 'anchor' ? 'moored_off' : 'disabled']++
      continue
    }
    voyage.at(t, state)
    const coverage = reception.coverage(t, state.lat, state.lon, identity.txClass, strength)
    samples[coverage === 'down' ? 'outage' : 'reception']++
  }
  return samples
}

/** Sends what was not sent, and counts what would have been heard. */
function missedIn(
  { voyage, identity, strength }: Hull,
  { from, to }: Span,
  offs: readonly Span[],
  reception: Reception,
  thinMs: number,
  seed: number,
): number {
  const { txClass } = identity
  const random = createRandom(seed)
  const state = createState()
  const hearers: number[] = []
  let missed = 0
  for (let t = from; t < to;) {
    voyage.at(t, state)
    const interval = reportingIntervalMs(txClass, state.sogKn, state.turning, state.navStatus)
    t += interval * Math.max(1, Math.ceil(thinMs / interval)) * random.between(0.9, 1.1)
    if (!isOff(offs, t) || t >= to) continue
    voyage.at(t, state)
    if (reception.hear(t, state.lat, state.lon, txClass, random, hearers, strength) > 0) missed++
  }
  return missed
}
