// Pieces of a stream to whole lines: what goes into the log of a feed, and through its reader, never ends in the middle
// of a line. Bounded: a line that does not end is cut, and what follows up to its end is dropped.

import { MAX_LINE_BYTES } from '../reader.js'

const LF = 10

export interface Lines {
  /** The whole lines so far, with their line feeds; empty while there are none. Valid until the next call. */
  push(bytes: Uint8Array): Uint8Array
  /** The peer is gone: a line begun is worth nothing. */
  reset(): void
}

const NOTHING = new Uint8Array(0)

export function createLines(): Lines {
  let carry: Uint8Array = NOTHING
  let skipping = false
  return {
    push(bytes) {
      if (skipping) {
        const end = bytes.indexOf(LF)
        if (end < 0) return NOTHING
        skipping = false
        bytes = bytes.subarray(end + 1)
      }
      const last = bytes.lastIndexOf(LF)
      if (last < 0) {
        if (carry.length + bytes.length > MAX_LINE_BYTES) {
          // one byte over the limit and a line end: the reader counts it as too long
          const cut = new Uint8Array(MAX_LINE_BYTES + 2)
          cut.set(carry)
          cut.set(bytes.subarray(0, MAX_LINE_BYTES + 1 - carry.length), carry.length)
          cut[MAX_LINE_BYTES + 1] = LF
          carry = NOTHING
          skipping = true
          return cut
        }
        carry = join(carry, bytes)
        return NOTHING
      }
      const whole = bytes.subarray(0, last + 1)
      const out = carry.length > 0 ? join(carry, whole) : whole
      carry = bytes.slice(last + 1)
      return out
    },
    reset() {
      carry = NOTHING
      skipping = false
    },
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length)
  out.set(a)
  out.set(b, a.length)
  return out
}
