// Which silence does an event speak of? The one of its ship that begins where the event begins, as the id says; where
// there is none, the one of that ship that covers most of it.

import { isVesselEvent, type DarkEvent, type VesselEvent } from '../src/model/event.js'
import type { TrueSilence } from '../src/simulate/causes.js'

/** Each event of a vessel in its last state, those that were taken back left out. */
export function lastStates(events: Iterable<DarkEvent>): VesselEvent[] {
  const last = new Map<string, VesselEvent>()
  for (const event of events) if (isVesselEvent(event)) last.set(event.id, event)
  return [...last.values()].filter(({ phase }) => phase !== 'retracted')
}

/** What an event and a silence of one ship share in their ids. */
export const keyOf = (mmsi: number, from: number): string => `${mmsi}-${from}`

export interface Matcher {
  /** @param newest where an open event ends, epoch ms */
  silenceOf(event: Pick<VesselEvent, 'mmsi' | 'start' | 'end'>, newest: number): TrueSilence | null
}

export function createMatcher(silences: readonly TrueSilence[]): Matcher {
  const byKey = new Map<string, TrueSilence>()
  const byShip = new Map<number, TrueSilence[]>()
  for (const silence of silences) {
    byKey.set(keyOf(silence.mmsi, silence.from), silence)
    byShip.set(silence.mmsi, [...(byShip.get(silence.mmsi) ?? []), silence])
  }
  return {
    silenceOf({ mmsi, start, end }, newest) {
      const exact = byKey.get(keyOf(mmsi, start.t))
      if (exact) return exact
      const to = end?.t ?? newest
      let best: TrueSilence | null = null
      let most = (to - start.t) / 2 // less than half is another silence
      for (const silence of byShip.get(mmsi) ?? []) {
        const shared = Math.min(to, silence.from + silence.durationMs) - Math.max(start.t, silence.from)
        if (!(shared > most)) continue
        best = silence
        most = shared
      }
      return best
    },
  }
}
