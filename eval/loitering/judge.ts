// What is told of slow ships, held against what they did.

import type { VesselEvent } from '../../src/model/event.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createWords } from '../../src/model/words.js'
import { resolveConfig } from '../../src/model/config.js'
import type { EngineOptions } from '../../src/engine/api.js'
import { detectOn, type World } from '../week.js'
import { batchesOf } from '../lies/judge.js'
import type { Slow, SlowFleet } from './fleet.js'

/** Of one fleet, by one rule. */
export interface Verdict {
  truths: Slow[]
  /** Events that tell of one of these: they share half of its time; and those that tell of none. */
  right: { truth: Slow; event: VesselEvent }[]
  wrong: { kind: string; event: VesselEvent }[]
}

const MIN_MS = resolveConfig().loitering.minHours * MS_PER_HOUR

export function judge({ ships, truth }: SlowFleet, options: Omit<EngineOptions, 'onEvent'>): Verdict {
  const words = createWords()
  const { events, newest } = detectOn(batchesOf(ships, words), words, options)
  const truths = truth.filter(({ from, to }) => to - from >= MIN_MS)
  const kinds = new Map(ships.map(({ mmsi, kind }) => [mmsi, kind]))
  const right: Verdict['right'] = []
  const wrong: Verdict['wrong'] = []
  for (const event of events) {
    if (event.type !== 'loitering') continue
    const to = event.end?.t ?? newest
    const found = truths.find(each => {
      const shared = Math.min(to, each.to) - Math.max(event.start.t, each.from)
      return each.mmsi === event.mmsi && shared >= (each.to - each.from) / 2
    })
    if (found) right.push({ truth: found, event })
    else wrong.push({ kind: kinds.get(event.mmsi)!, event })
  }
  return { truths, right, wrong }
}

/** By the default rules, and by those of pipe-loitering from the same duration on. */
export const ours = (fleet: SlowFleet, { coast }: World): Verdict => judge(fleet, { coast })
export const theirs = (fleet: SlowFleet, { coast }: World): Verdict =>
  judge(fleet, { coast, preset: 'gfw-loitering', config: { loitering: { minHours: MIN_MS / MS_PER_HOUR } } })

/** Minutes from the truth, unsigned; ends that are open are not asked. */
export function errorsOf(right: Verdict['right'], edge: 'start' | 'end'): number[] {
  return right
    .flatMap(({ truth, event }) => {
      const told = edge === 'start' ? event.start : event.end
      return told ? [Math.abs(told.t - (edge === 'start' ? truth.from : truth.to)) / MS_PER_MIN] : []
    })
    .sort((a, b) => a - b)
}
