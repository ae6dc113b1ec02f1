// What happens to feeds and receivers, as events: `feed_outage`, `receiver_fault`. They accuse nobody; they say when
// silence means nothing, and whose ears to look after.

import type { Evidence, FeedFinding } from '../model/event.js'
import { MS_PER_MIN, round } from '../model/units.js'
import type { HealthChange } from './health.js'

export interface ListenerNames {
  /** Name of a feed by its code: a source, or a kind of collection. */
  feed(code: number): string
  /** Name of a receiver by its id in words.receivers. */
  receiver(id: number): string
}

/** One change as a finding; the same outage gives the same id when it opens and when it closes. */
export function faultFinding(change: HealthChange, names: ListenerNames): FeedFinding {
  const { kind, phase, feed, receiver, from, to, asOf, area, ended, offset, usual, least } = change
  const isReceiver = receiver > 0
  const place = { lat: null, lon: null }
  return {
    type: isReceiver ? 'receiver_fault' : 'feed_outage',
    ...(isReceiver ? { key: kind } : {}),
    phase,
    revision: phase === 'opened' ? 1 : 2,
    asOf,
    source: feed < 0 ? null : names.feed(feed),
    receiver: isReceiver ? names.receiver(receiver) : null,
    area,
    start: { t: from, ...place },
    end: phase === 'closed' ? { t: to, ...place } : null,
    class: kind,
    score: round(offset ? Math.min(1, Math.abs(offset.medianS) / 30) : 1 - least / usual, 4),
    evidence: [reason(change)],
    details: offset
      ? { offsetS: offset.medianS, spreadS: offset.spreadS, messages: offset.reports }
      : { usualVessels: usual, leastVessels: least, ended },
  }
}

function reason({ from, to, asOf, usual, least, offset }: HealthChange): Evidence {
  const common = { family: 'reception', weight: 0 } as const
  if (offset) {
    const { medianS, spreadS, reports } = offset
    const text =
      `times of receipt are ${Math.abs(medianS)} s ${medianS > 0 ? 'later' : 'earlier'} than the seconds that vessels ` +
      `send, modulo a minute (median of ${reports} messages, half of them within ${spreadS} s)`
    return { ...common, name: 'clock_offset_s', value: medianS, expected: '−10 to 10', text }
  }
  const minutes = Math.round(((to === to ? to : asOf) - from) / MS_PER_MIN)
  const text = `${least || 'no'} vessels heard in its quietest ten minutes of ${minutes}; ${usual} are usual`
  return { ...common, name: 'vessels_share', value: round(least / usual, 3), expected: '≥ 0.35', text }
}
