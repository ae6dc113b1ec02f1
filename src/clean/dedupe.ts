// The same transmission heard by several stations is one report. Where the message carries its UTC second, equal
// content within half a minute is the same transmission; where it does not (most CSV), only equal content at an equal
// time is: a moored ship repeats itself to the letter every three minutes.

import { type ReportBatch } from '../model/batch.js'
import type { ReceiverSets } from '../model/receivers.js'
import { MS_PER_S } from '../model/units.js'

/** Last distinct transmissions remembered per vessel: stations lag each other by a few reports, not by many. */
const MEMORY = 4
const STRIDE = 2 * MEMORY

export interface DedupeState {
  /** Ring of content hashes (52 bits), each beside its time, by slot: one cache line a vessel. */
  ring: Float64Array
  /** Set of receivers that heard each of them (model/receivers). */
  heardBy: Uint32Array
  next: Uint8Array
}

export interface Dedupe {
  readonly state: DedupeState
  /** True when row `i` repeats a report of this slot; otherwise it is remembered. Rows come in order of time. */
  seen(slot: number, batch: ReportBatch, i: number): boolean
  /** The same for a row that comes late: it is not remembered. */
  repeats(slot: number, batch: ReportBatch, i: number): boolean
  /** What slot `from` remembers is remembered by slot `to`. */
  move(from: number, to: number): void
  clear(slot: number): void
}

/** @param copied row `i` is a copy, by one more receiver, of the transmission first heard at `t` */
export function createDedupe(
  slots: number,
  windowS: number,
  receivers: ReceiverSets,
  copied: (slot: number, batch: ReportBatch, i: number, t: number, heardBy: number) => void,
  restored?: DedupeState,
): Dedupe {
  const windowMs = windowS * MS_PER_S
  const state: DedupeState = restored ?? {
    ring: new Float64Array(slots * STRIDE),
    heardBy: new Uint32Array(slots * MEMORY),
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

  /** True when row `i`, of this content, is a copy of one in the ring. */
  function isCopy(slot: number, batch: ReportBatch, i: number, hash: number): boolean {
    const { ring, heardBy } = state
    const t = batch.t[i]!
    const window = batch.utcSecond[i]! < 60 ? windowMs : 0
    const base = slot * STRIDE
    for (let k = base; k < base + STRIDE; k += 2) {
      if (ring[k] !== hash || !(Math.abs(t - ring[k + 1]!) <= window)) continue
      const set = heardBy[k >> 1]!
      const more = receivers.with(set, batch.receiver[i]!)
      if (more !== set) {
        heardBy[k >> 1] = more
        copied(slot, batch, i, ring[k + 1]!, more)
      }
      return true
    }
    return false
  }

  return {
    state,
    seen(slot, batch, i) {
      const hash = contentHash(batch, i)
      if (isCopy(slot, batch, i, hash)) return true
      const at = slot * MEMORY + state.next[slot]!
      state.ring[2 * at] = hash
      state.ring[2 * at + 1] = batch.t[i]!
      state.heardBy[at] = batch.receiver[i]!
      state.next[slot] = (state.next[slot]! + 1) % MEMORY
      return false
    },
    repeats: (slot, batch, i) => isCopy(slot, batch, i, contentHash(batch, i)),
    move(from, to) {
      state.ring.copyWithin(to * STRIDE, from * STRIDE, (from + 1) * STRIDE)
      state.heardBy.copyWithin(to * MEMORY, from * MEMORY, (from + 1) * MEMORY)
      state.next[to] = state.next[from]!
    },
    clear(slot) {
      state.ring.fill(0, slot * STRIDE, (slot + 1) * STRIDE)
      state.heardBy.fill(0, slot * MEMORY, (slot + 1) * MEMORY)
      state.next[slot] = 0
    },
  }
}
