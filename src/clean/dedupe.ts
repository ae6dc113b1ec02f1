// The same transmission heard by several stations is one report. Where the message carries its UTC second, equal
// content within half a minute is the same transmission; where it does not (most CSV), only equal content at an equal
// time is: a moored ship repeats itself to the letter every three minutes.

import { type ReportBatch } from '../model/batch.js'
import { MS_PER_S } from '../model/units.js'

/** Last distinct transmissions remembered per vessel: stations lag each other by a few reports, not by many. */
const MEMORY = 4
const STRIDE = 2 * MEMORY

export interface DedupeState {
  /** Ring of content hashes (52 bits), each beside its time, by slot: one cache line a vessel. */
  ring: Float64Array
  next: Uint8Array
}

export interface Dedupe {
  readonly state: DedupeState
  /** True when row `i` repeats a report of this slot; otherwise it is remembered. Rows come in order of time. */
  seen(slot: number, batch: ReportBatch, i: number): boolean
  /** What slot `from` remembers is remembered by slot `to`. */
  move(from: number, to: number): void
  clear(slot: number): void
}

export function createDedupe(slots: number, windowS: number, restored?: DedupeState): Dedupe {
  const windowMs = windowS * MS_PER_S
  const state: DedupeState = restored ?? {
    ring: new Float64Array(slots * STRIDE),
    next: new Uint8Array(slots),
  }
  const places = new Float64Array(2)
  const motion = new Float32Array(4)
  const placeWords = new Uint32Array(places.buffer)
  const motionWords = new Uint32Array(motion.buffer)

  /** Content that all receivers of one transmission agree on: what was sent, not who heard it when. */
  function contentHash(batch: ReportBatch, i: number): number {
    places[0] = batch.lat[i]!
    places[1] = batch.lon[i]!
    motion[0] = batch.sog[i]!
    motion[1] = batch.cog[i]!
    motion[2] = batch.heading[i]!
    motion[3] = batch.rot[i]!
    let a = (batch.navStatus[i]! << 16) | (batch.msgType[i]! << 8) | batch.utcSecond[i]!
    let b = batch.commState[i]! ^ 0x5bd1e995
    for (let k = 0; k < 4; k++) {
      a = Math.imul(a ^ placeWords[k]!, 0x9e3779b1)
      a ^= a >>> 15
      b = Math.imul(b ^ motionWords[k]!, 0x85ebca6b)
      b ^= b >>> 13
      b = Math.imul(b ^ a, 0xc2b2ae35)
    }
    return (a >>> 0) * 0x100000 + ((b >>> 0) & 0xfffff) + 1 // never 0, which is an empty place in the ring
  }

  return {
    state,
    seen(slot, batch, i) {
      const t = batch.t[i]!
      const hash = contentHash(batch, i)
      const oldest = t - (batch.utcSecond[i]! < 60 ? windowMs : 0)
      const { ring } = state
      const base = slot * STRIDE
      for (let k = base; k < base + STRIDE; k += 2)
        if (ring[k] === hash && ring[k + 1]! >= oldest) return true
      const at = base + 2 * state.next[slot]!
      ring[at] = hash
      ring[at + 1] = t
      state.next[slot] = (state.next[slot]! + 1) % MEMORY
      return false
    },
    move(from, to) {
      state.ring.copyWithin(to * STRIDE, from * STRIDE, (from + 1) * STRIDE)
      state.next[to] = state.next[from]!
    },
    clear(slot) {
      state.ring.fill(0, slot * STRIDE, (slot + 1) * STRIDE)
      state.next[slot] = 0
    },
  }
}
