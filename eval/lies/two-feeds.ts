// The same ship by a second feed: a provider, or satellites in their passes. What that one has of a ship is made out of what
// the first one has; the rest of the time it is silent.

import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import type { Heard } from './family.js'

export interface Second {
  name: string
  collection: 'terrestrial' | 'satellite'
  /** Share of transmissions that it hears while it hears any. */
  share: number
  /** It hears for so long of each so long, ms; the phase is its own. */
  passMs: number
  everyMs: number
  phaseMs: number
  receiver?: string
}

/** A provider with antennas of its own, or satellites. */
export function secondFeed(random: Random): Second {
  if (random.chance(0.5)) {
    const own = { name: 'second', collection: 'terrestrial', receiver: 'second-1' } as const
    return { ...own, share: random.between(0.1, 0.5), passMs: 1, everyMs: 1, phaseMs: 0 }
  }
  const everyMs = random.between(25, 60) * MS_PER_MIN
  const of = { name: 'satellite', collection: 'satellite', receiver: 'sat-7' } as const
  return {
    ...of,
    share: random.between(0.15, 0.5),
    ...{ passMs: 11 * MS_PER_MIN, everyMs, phaseMs: random.between(0, everyMs) },
  }
}

/** Whether it can hear at a time. */
export const hears = ({ passMs, everyMs, phaseMs }: Second, t: number): boolean =>
  everyMs <= passMs || (t + phaseMs) % everyMs < passMs

/**
 * What it hears of a ship that the first feed hears.
 * @param alone share of those transmissions that only it hears: the first feed's copies of them are left out
 * @param change what it has instead of the report; null: nothing
 */
export function withSecond(
  messages: readonly Heard[],
  second: Second,
  random: Random,
  change: (report: PositionReport) => PositionReport | null = report => report,
  alone = 0.8,
): Heard[] {
  const out: Heard[] = []
  for (let k = 0; k < messages.length;) {
    const { report, kind } = messages[k]!
    let end = k + 1
    while (end < messages.length && messages[end]!.kind === kind && messages[end]!.report.t === report.t)
      end++
    const copies = messages.slice(k, end)
    k = end
    const isHeard = kind === 'position' && hears(second, report.t) && random.chance(second.share)
    if (!isHeard || !random.chance(alone)) out.push(...copies)
    if (!isHeard) continue
    const changed = change(report as PositionReport)
    if (!changed) continue
    const receivedAt = report.t + Math.round(random.between(0.2, 2) * MS_PER_S)
    const { receiver, collection, name: source } = second
    const own = { ...changed, receivedAt, collection, source, ...(receiver && { receiver }) }
    out.push({ kind: 'position', receivedAt, ...(receiver && { receiver }), report: own })
  }
  return out.sort((a, b) => a.receivedAt - b.receivedAt)
}
