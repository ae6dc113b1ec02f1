// The same transmission heard by several stations is one report. Where the message carries its UTC second, equal
// content within half a minute is the same transmission; where it does not (most CSV), only equal content at an equal
// time is: a moored ship repeats itself to the letter every three minutes.

import { type ReportBatch } from '../model/batch.js'
import type { ReceiverSets } from '../model/receivers.js'
import { MS_PER_S } from '../model/units.js'

/** Last distinct transmissions remembered per vessel: stations lag each other by a few reports, not by many. */
const MEMORY = 4
/** Doubles of a vessel: each transmission's time, then its content hash and the set of receivers that heard it, 32 bits each. */
const STRIDE = 2 * MEMORY
/** Words of 32 bits from the time on. */
const HASH = 2
const HEARD_BY = 3

export interface DedupeState {
  /** By slot, one cache line a vessel. */
  ring: Float64Array
  next: Uint8Array
}

export interface Dedupe {
  readonly state: DedupeState
  /** True when row `i` repeats a report of this slot; otherwise it is remembered. Rows come in order of time. */
  seen(slot: number, batch: ReportBatch, i: number): boolean
  /** The same for a row that comes late: it is not remembered. */
  repeats(slot: number, batch: ReportBatch, i: number): boolean
  /** Visits the sets of receivers that are remembered, 0 among them. */
  eachSet(visit: (set: number) => void): void
  /** What slot `from` remembers is remembered by slot `to`. */
  move(from: number, to: number): void
  clear(slot: number): void
}

/** @param copied row `i` is a copy, by one more receiver, of the transmission first heard at `t` */
export function createDedupe(
  slots: number,
  windowS: number,
  receivers: Pick<ReceiverSets, 'with'>,
  copied: (slot: number, batch: ReportBatch, i: number, t: number, heardBy: number) => void,
  restored?: DedupeState,
): Dedupe {
  const windowMs = windowS * MS_PER_S
  const state: DedupeState = restored ?? {
    ring: new Float64Array(slots * STRIDE),
    next: new Uint8Array(slots),
  }
  const { ring, next } = state
  const words = new Uint32Array(ring.buffer, ring.byteOffset, 2 * ring.length)
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
    const rest = (batch.navStatus[i]! << 16) | (batch.msgType[i]! << 8) | batch.utcSecond[i]!
    const comm = batch.commState[i]!
    const p0 = placeWords[0]!
    const p1 = placeWords[1]!
    const p2 = placeWords[2]!
    const p3 = placeWords[3]!
    const m0 = motionWords[0]!
    const m1 = motionWords[1]!
    const m2 = motionWords[2]!
    const m3 = motionWords[3]!
    // sums of products by odd random factors, none of which waits for another (multilinear hashing: Lemire, Kaser 2014)
    let a = Math.imul(rest, 0x892f902b) + Math.imul(comm, 0x1818e811)
    a += Math.imul(p0, 0x52e6b439) + Math.imul(p1, 0xf2a74de5) + Math.imul(p2, 0x269e0d37)
    a += Math.imul(p3, 0x6513270f) + Math.imul(m0, 0xa6a3a451) + Math.imul(m1, 0x0c5c7fd1)
    a += Math.imul(m2, 0x128b2f33) + Math.imul(m3, 0xd23f0825)
    // of a float that is a whole number the low bits are 0, and stay so when multiplied: the high ones come down first
    let b = Math.imul(rest, 0x6f03675b) + Math.imul(comm, 0x6b0d549b)
    b += Math.imul(p0, 0x5d9dc9f9) + Math.imul(p1 ^ (p1 >>> 16), 0x9531985d) + Math.imul(p2, 0x0ed90475)
    b += Math.imul(p3 ^ (p3 >>> 16), 0xe8e25d95) + Math.imul(m0 ^ (m0 >>> 16), 0x81e74ef5)
    b += Math.imul(m1 ^ (m1 >>> 16), 0x36f675cd) + Math.imul(m2 ^ (m2 >>> 16), 0x099950d9)
    b += Math.imul(m3 ^ (m3 >>> 16), 0x1600a35b)
    a |= 0
    b |= 0
    // high bits are the better ones: those of the one upon the low ones of the other
    return (a ^ ((b << 16) | (b >>> 16))) >>> 0
  }

  /** True when row `i`, of this content, is a copy of one in the ring: by chance once in a billion reports. */
  function isCopy(slot: number, batch: ReportBatch, i: number, hash: number): boolean {
    const t = batch.t[i]!
    const window = batch.utcSecond[i]! < 60 ? windowMs : 0
    const base = slot * STRIDE
    for (let k = base; k < base + STRIDE; k += 2) {
      if (words[2 * k + HASH] !== hash || !(Math.abs(t - ring[k]!) <= window)) continue
      const set = words[2 * k + HEARD_BY]!
      const more = receivers.with(set, batch.receiver[i]!)
      if (more !== set) {
        words[2 * k + HEARD_BY] = more
        copied(slot, batch, i, ring[k]!, more)
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
      const k = slot * STRIDE + 2 * next[slot]!
      ring[k] = batch.t[i]!
      words[2 * k + HASH] = hash
      words[2 * k + HEARD_BY] = batch.receiver[i]!
      next[slot] = (next[slot]! + 1) % MEMORY
      return false
    },
    repeats: (slot, batch, i) => isCopy(slot, batch, i, contentHash(batch, i)),
    eachSet(visit) {
      for (let at = HEARD_BY; at < words.length; at += 4) visit(words[at]!)
    },
    move(from, to) {
      ring.copyWithin(to * STRIDE, from * STRIDE, (from + 1) * STRIDE)
      next[to] = next[from]!
    },
    clear(slot) {
      ring.fill(0, slot * STRIDE, (slot + 1) * STRIDE)
      next[slot] = 0
    },
  }
}
