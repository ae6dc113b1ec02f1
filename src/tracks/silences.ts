// Silences of tracks that lost their slot. An eviction must not make a ship forget that it went dark: its last state
// waits here, its timer still runs, and when it is heard again it goes on where it stood. When there is no room, what
// matters least is given up: vessels that were never confirmed, then those silent the longest, as in the vessel table.

import { MS_PER_MIN } from '../model/units.js'
import { createSlotHeap } from './heap.js'
import { copyTrack, createTracks, isConfirmed, type Tracks } from './table.js'

/** Most tracks of one MMSI. */
export const MAX_TRACKS = 8

/** One number for a track of an MMSI, in the order of both; never 0. */
export const trackKey = (mmsi: number, track: number): number => mmsi * MAX_TRACKS + track - 1

const FIRST_ROWS = 64

/** Columns by row; a row whose key is 0 is free. Plain data. */
export interface SilenceState {
  /** Rows ever used: 0…used − 1. */
  used: number
  /** trackKey. */
  keys: Float64Array
  tracks: Tracks
  /** Whole minute (epoch ms / 60,000) at which it is due; Infinity when it never is. */
  due: Float64Array
  /** What detectors keep of it, several numbers a row; see Detector.park. */
  parked: Float64Array
}

export interface Silences {
  readonly state: SilenceState
  size(): number
  has(track: number): boolean
  /**
   * Keeps slot `slot` of `tracks` under a key, in the place of what the key had.
   * @returns how many silences had to be given up for it: 0 or 1, which may be itself
   */
  put(track: number, tracks: Tracks, slot: number, parked: readonly number[], dueMs: number): number
  /** Copies a silence into a slot. @returns what detectors keep of it; undefined when there is none */
  load(track: number, tracks: Tracks, slot: number): number[] | undefined
  remove(track: number): void
  /** Tracks due at or before a minute, in order of minute and track; each is handed out once. */
  dueUntil(minute: number): { minute: number; track: number }[]
  /** All of them are due at that minute. */
  rearm(minute: number): void
  /** Visits every silence: a slot of `tracks`. */
  each(visit: (tracks: Tracks, slot: number) => void): void
}

/** @param numbers how many are parked with each silence */
export function createSilences(capacity: number, numbers: number, restored?: SilenceState): Silences {
  const state = restored ?? blankState(Math.min(capacity + 1, FIRST_ROWS), numbers)
  const rows = new Map<number, number>()
  const free: number[] = []
  const worth = createSlotHeap((a, b) => {
    const { keys, tracks } = state
    const [x, y] = [isConfirmed(tracks, a), isConfirmed(tracks, b)]
    if (x !== y) return y
    const [s, t] = [tracks.heard[a]!, tracks.heard[b]!]
    return s < t || (s === t && keys[a]! < keys[b]!)
  })
  const timers = createSlotHeap((a, b) => {
    const { due, keys } = state
    return due[a]! < due[b]! || (due[a] === due[b] && keys[a]! < keys[b]!)
  })
  for (let row = state.used - 1; row >= 0; row--) {
    const key = state.keys[row]!
    if (key === 0) free.push(row)
    else enter(key, row)
  }

  function enter(key: number, row: number): void {
    rows.set(key, row)
    worth.put(row)
    if (state.due[row] === Infinity) timers.remove(row)
    else timers.put(row)
  }

  function drop(row: number): void {
    rows.delete(state.keys[row]!)
    worth.remove(row)
    timers.remove(row)
    state.keys[row] = 0
    free.push(row)
  }

  /** A row that nobody uses: there is one more than the capacity, as it may be the newcomer that matters least. */
  function room(): number {
    const row = free.pop()
    if (row !== undefined) return row
    if (state.used === state.keys.length) grow(Math.min(capacity + 1, 2 * state.used))
    return state.used++
  }

  function grow(length: number): void {
    const larger = blankState(length, numbers)
    larger.keys.set(state.keys)
    larger.due.set(state.due)
    larger.parked.set(state.parked)
    for (let row = 0; row < state.used; row++) copyTrack(state.tracks, row, larger.tracks, row)
    Object.assign(state, { ...larger, used: state.used })
  }

  return {
    state,
    size: () => rows.size,
    has: track => rows.has(track),
    put(track, tracks, slot, parked, dueMs) {
      const known = rows.get(track)
      const row = known ?? room()
      state.keys[row] = track
      copyTrack(tracks, slot, state.tracks, row)
      state.parked.set(parked, row * numbers)
      state.due[row] = Math.ceil(dueMs / MS_PER_MIN)
      enter(track, row)
      if (rows.size <= capacity) return 0
      drop(worth.first())
      return 1
    },
    load(track, tracks, slot) {
      const row = rows.get(track)
      if (row === undefined) return undefined
      copyTrack(state.tracks, row, tracks, slot)
      return [...state.parked.subarray(row * numbers, (row + 1) * numbers)]
    },
    remove(track) {
      const row = rows.get(track)
      if (row !== undefined) drop(row)
    },
    dueUntil(minute) {
      const found: { minute: number; track: number }[] = []
      for (let row = timers.first(); row >= 0 && state.due[row]! <= minute; row = timers.first()) {
        found.push({ minute: state.due[row]!, track: state.keys[row]! })
        state.due[row] = Infinity
        timers.remove(row)
      }
      return found
    },
    rearm(minute) {
      for (const row of rows.values()) {
        state.due[row] = minute
        timers.put(row)
      }
    },
    each(visit) {
      for (const row of rows.values()) visit(state.tracks, row)
    },
  }
}

const blankState = (rows: number, numbers: number): SilenceState => ({
  ...{ used: 0, keys: new Float64Array(rows), tracks: createTracks(rows) },
  ...{ due: new Float64Array(rows), parked: new Float64Array(rows * numbers) },
})
