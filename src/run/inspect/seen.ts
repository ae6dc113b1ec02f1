// Was this transmission read before? Several stations hear one, and archives overlap. Where a message carries its UTC
// second, equal content within half a minute is the same transmission; where it does not, only at an equal time: a
// moored ship repeats herself to the letter.

import { COLUMN_NAMES, type ReportBatch } from '../../model/batch.js'
import { MS_PER_S } from '../../model/units.js'

/** Entries of the table: 2^19, 14 MB. A newer one replaces an older. */
const BITS = 19
const WINDOW_MS = 30 * MS_PER_S

/** What was sent; the rest is about when and how it got here. */
const SENT = COLUMN_NAMES.filter(
  name => !['t', 'receivedAt', 'receiver', 'source', 'statics', 'collection'].includes(name),
)

export interface Seen {
  /** Was row `i` read before, among the last few hundred thousand? Otherwise it is remembered. */
  seen(batch: ReportBatch, i: number): boolean
  /** After seen() said yes: by another station? */
  readonly elsewhere: boolean
}

export function createSeen(): Seen {
  const size = 1 << BITS
  const hashes = new Float64Array(size)
  const times = new Float64Array(size)
  const receivers = new Uint32Array(size)
  const number = new Float64Array(1)
  const halves = new Uint32Array(number.buffer)
  const result: Seen = {
    elsewhere: false,
    seen(batch, i) {
      let a = 0x811c9dc5
      let b = 0x9e3779b9
      for (let k = 0; k < SENT.length; k++) {
        number[0] = batch[SENT[k]!][i]! + 0
        for (let half = 0; half < 2; half++) {
          a = Math.imul(a ^ halves[half]!, 0x01000193)
          a ^= a >>> 15
          b = Math.imul(b ^ halves[half]!, 0x85ebca6b)
          b ^= b >>> 13
        }
      }
      const at = a >>> (32 - BITS)
      const hash = (a >>> 0) * 0x100000 + (b >>> 12) + 1 // an empty entry is zero
      const t = batch.t[i]!
      const receiver = batch.receiver[i]!
      const window = batch.utcSecond[i]! < 60 ? WINDOW_MS : 0
      if (hashes[at] === hash && Math.abs(t - times[at]!) <= window) {
        ;(result as { elsewhere: boolean }).elsewhere = receiver !== receivers[at]
        return true
      }
      hashes[at] = hash
      times[at] = t
      receivers[at] = receiver
      return false
    },
  }
  return result
}
