// Silences of tracks that lost their slot. An eviction must not make a ship forget that it went dark: its last state
// waits here, its timer still runs, and when it is heard again it goes on where it stood.

import { MS_PER_MIN } from '../model/units.js'
import type { SavedTrack } from './table.js'

export interface Silence {
  track: SavedTrack
  /** What each detector keeps of it, by detector; see Detector.park. */
  parked: number[]
}

/** Most tracks of one MMSI. */
export const MAX_TRACKS = 8

/** One number for a track of an MMSI, in the order of both. */
export const trackKey = (mmsi: number, track: number): number => mmsi * MAX_TRACKS + track - 1

export interface SilenceState {
  /** By trackKey, in order of eviction. */
  byTrack: Map<number, Silence>
  /** Whole minutes (epoch ms / 60,000) at which a silence is due, with its track keys. */
  due: Map<number, number[]>
}

export interface Silences {
  readonly state: SilenceState
  readonly size: number
  has(track: number): boolean
  /** @returns how many older silences had to be given up for it */
  put(track: number, silence: Silence, dueMs: number): number
  /** Takes a silence out: its track is back. */
  take(track: number): Silence | undefined
  /** Tracks due at or before a minute, in order of minute and track; each is handed out once. */
  dueUntil(minute: number): { minute: number; track: number }[]
  rearm(track: number, dueMs: number): void
}

export function createSilences(capacity: number, state?: SilenceState): Silences {
  const { byTrack, due } = (state ??= { byTrack: new Map(), due: new Map() })

  function rearm(track: number, dueMs: number): void {
    if (dueMs === Infinity) return
    const minute = Math.ceil(dueMs / MS_PER_MIN)
    const list = due.get(minute)
    if (list) list.push(track)
    else due.set(minute, [track])
  }

  return {
    state,
    get size() {
      return byTrack.size
    },
    has: track => byTrack.has(track),
    put(track, silence, dueMs) {
      let given = 0
      for (const oldest of byTrack.keys()) {
        if (byTrack.size < capacity) break
        byTrack.delete(oldest)
        given++
      }
      byTrack.set(track, silence)
      rearm(track, dueMs)
      return given
    },
    take(track) {
      const silence = byTrack.get(track)
      if (silence) byTrack.delete(track)
      return silence
    },
    dueUntil(minute) {
      const found: { minute: number; track: number }[] = []
      for (const [at, list] of due) {
        if (at > minute) continue
        due.delete(at)
        for (const track of list) if (byTrack.has(track)) found.push({ minute: at, track })
      }
      return found.sort((a, b) => a.minute - b.minute || a.track - b.track)
    },
    rearm,
  }
}
