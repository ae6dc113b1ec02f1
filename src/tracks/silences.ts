// Silences of vessels that lost their slot. An eviction must not make a ship forget that it went dark: its last state
// waits here, its timer still runs, and when it is heard again it goes on where it stood.

import { MS_PER_MIN } from '../model/units.js'
import type { SavedTrack } from './table.js'

export interface Silence {
  track: SavedTrack
  /** What each detector keeps of it, by detector; see Detector.park. */
  parked: number[]
}

export interface SilenceState {
  /** In order of eviction. */
  byMmsi: Map<number, Silence>
  /** Whole minutes (epoch ms / 60,000) at which a silence is due, with its MMSIs. */
  due: Map<number, number[]>
}

export interface Silences {
  readonly state: SilenceState
  readonly size: number
  /** @returns how many older silences had to be given up for it */
  put(mmsi: number, silence: Silence, dueMs: number): number
  /** Takes a silence out: its vessel is back. */
  take(mmsi: number): Silence | undefined
  /** MMSIs due at or before a minute, in order of minute and MMSI; each is handed out once. */
  dueUntil(minute: number): { minute: number; mmsi: number }[]
  rearm(mmsi: number, dueMs: number): void
}

export function createSilences(capacity: number, state?: SilenceState): Silences {
  const { byMmsi, due } = (state ??= { byMmsi: new Map(), due: new Map() })

  function rearm(mmsi: number, dueMs: number): void {
    if (dueMs === Infinity) return
    const minute = Math.ceil(dueMs / MS_PER_MIN)
    const list = due.get(minute)
    if (list) list.push(mmsi)
    else due.set(minute, [mmsi])
  }

  return {
    state,
    get size() {
      return byMmsi.size
    },
    put(mmsi, silence, dueMs) {
      let given = 0
      for (const oldest of byMmsi.keys()) {
        if (byMmsi.size < capacity) break
        byMmsi.delete(oldest)
        given++
      }
      byMmsi.set(mmsi, silence)
      rearm(mmsi, dueMs)
      return given
    },
    take(mmsi) {
      const silence = byMmsi.get(mmsi)
      if (silence) byMmsi.delete(mmsi)
      return silence
    },
    dueUntil(minute) {
      const found: { minute: number; mmsi: number }[] = []
      for (const [at, list] of due) {
        if (at > minute) continue
        due.delete(at)
        for (const mmsi of list) if (byMmsi.has(mmsi)) found.push({ minute: at, mmsi })
      }
      return found.sort((a, b) => a.minute - b.minute || a.mmsi - b.mmsi)
    },
    rearm,
  }
}
