// Messages that do not fit one sentence come in parts, in any order, among the parts of others, and some get lost.
// A fixed table of slots holds the parts heard so far: memory never grows, and parts of two ships are never joined
// because a sequence id (0…9, soon used again) counts only for a short while.

import type { Sentence } from './sentence.js'

/** Longest payload of one part, characters: NMEA allows 62. */
export const MAX_PART_CHARS = 128
const PART_WORDS = MAX_PART_CHARS / 4
const MAX_PARTS = 9
const SLOTS = 512

/** Parts whose times are known belong together within this. */
const TTL_MS = 5000
/** Without times, within this many AIS sentences … */
const TTL_SENTENCES = 64
/** … and a part that comes before an earlier one within this many: it is rare, and rarely more than a few lines off. */
const TTL_SENTENCES_BACKWARDS = 8
/** With times the number of sentences hardly matters, but a clock that stands still must not keep parts for ever. */
const TTL_SENTENCES_TIMED = 8192

export interface Fragments {
  /** Fill bits of the last part. */
  fill: number
  /** First time told by any of its parts, epoch ms, or NaN. */
  t: number
  /** Receiver told by any of its parts, or 0. */
  receiver: number
  /**
   * Takes one part.
   * @param words its payload, unpacked; the whole one when this part completes it
   * @param group hash of the TAG group, or 0
   * @param receiver id of the station that heard it, or 0
   * @param t its own time, or NaN
   * @param count AIS sentences read so far
   * @returns length of the whole payload when this part completes it, else 0
   */
  add(words: Int32Array, s: Sentence, group: number, receiver: number, t: number, count: number): number
}

export function createFragments(): Fragments {
  const used = new Uint8Array(SLOTS)
  const keys = new Int32Array(SLOTS)
  const scopes = new Int32Array(SLOTS)
  const have = new Uint16Array(SLOTS) // bit n−1: part n is here
  const done = new Uint8Array(SLOTS)
  const counts = new Float64Array(SLOTS)
  const times = new Float64Array(SLOTS)
  const receivers = new Uint32Array(SLOTS)
  const lengths = new Uint8Array(SLOTS * MAX_PARTS)
  const fills = new Uint8Array(SLOTS)
  const parts = new Int32Array(SLOTS * MAX_PARTS * PART_WORDS)
  /** Station that last sent a part with this key: a part without a station may be its continuation. */
  const lastReceiver = new Uint32Array(SLOTS)

  const hashOf = (key: number, scope: number): number => {
    const hash = Math.imul(Math.imul(key, 0x9e3779b1) ^ scope, 0x85ebca6b)
    return (hash ^ (hash >>> 15)) & (SLOTS - 1)
  }

  /** Slot that is waiting for, or has just finished, the message of this key; −1 when there is none. */
  function find(key: number, scope: number, number: number, t: number, count: number): number {
    const slot = hashOf(key, scope)
    if (!used[slot] || keys[slot] !== key || scopes[slot] !== scope) return -1
    const age = count - counts[slot]!
    const apart = Math.abs(t - times[slot]!)
    if (apart === apart) return apart <= TTL_MS && age <= TTL_SENTENCES_TIMED ? slot : -1
    const backwards = !done[slot] && have[slot]! >= 1 << number
    return age <= (backwards ? TTL_SENTENCES_BACKWARDS : TTL_SENTENCES) ? slot : -1
  }

  /** Is this the part that is kept there? */
  function isSame(words: Int32Array, chars: number, at: number): boolean {
    if (lengths[at] !== chars) return false
    const start = at * PART_WORDS
    for (let i = 0; 4 * i < chars; i++) if (parts[start + i] !== words[i]) return false
    return true
  }

  /** Message 5, nearly all there is in parts, has 71 characters, sometimes 72; of others the length tells nothing. */
  function isLengthRight(type: number, slot: number, total: number): boolean {
    let length = 0
    for (let n = 0; n < total; n++) length += lengths[slot * MAX_PARTS + n]!
    return type !== 5 || length === 71 || length === 72
  }

  const fragments: Fragments = {
    fill: 0,
    t: NaN,
    receiver: 0,
    add(words, s, group, receiver, t, count) {
      const { number, total } = s
      const channel = s.channel > 2 ? 3 : s.channel
      const head = (total << 9) | (s.sequence << 2) | channel
      // within a TAG group the talker may differ
      const key = group ? head : head | (1 << 13) | (s.talker << 14)
      const bit = 1 << (number - 1)

      let scope = group || receiver
      let slot = find(key, scope, number, t, count)
      if (!group) {
        const bare = hashOf(key, 0)
        if (slot < 0) {
          // the station may be told with some of the parts only
          const other = receiver ? 0 : lastReceiver[bare]!
          if (other !== receiver) {
            const found = find(key, other, number, t, count)
            if (found >= 0 && !done[found] && !(have[found]! & bit)) {
              slot = found
              scope = other
            }
          }
        }
        lastReceiver[bare] = receiver || lastReceiver[bare]!
      }

      if (
        slot >= 0 &&
        done[slot] &&
        number > 1 &&
        isSame(words, s.payloadChars, slot * MAX_PARTS + number - 1)
      ) {
        return 0 // the tail of a message that another station has already completed
      }
      if (slot < 0 || done[slot] || have[slot]! & bit) {
        slot = hashOf(key, scope)
        used[slot] = 1
        keys[slot] = key
        scopes[slot] = scope
        have[slot] = done[slot] = 0
        times[slot] = NaN
        receivers[slot] = 0
      }
      const at = slot * MAX_PARTS + number - 1
      have[slot]! |= bit
      counts[slot] = count
      if (times[slot] !== times[slot]) times[slot] = t
      if (receivers[slot] === 0) receivers[slot] = receiver
      lengths[at] = s.payloadChars
      if (number === total) fills[slot] = s.fill
      const start = at * PART_WORDS
      for (let i = 0; 4 * i < s.payloadChars; i++) parts[start + i] = words[i]!
      if (have[slot] !== (1 << total) - 1) return 0

      if (number === 1 && !isLengthRight(words[0]! >>> 18, slot, total)) {
        // the later part was a leftover of another ship: this one waits for its own
        have[slot] = bit
        return 0
      }
      done[slot] = 1
      fragments.fill = fills[slot]!
      fragments.t = times[slot]!
      fragments.receiver = receivers[slot]!
      let length = 0
      for (let n = 0; n < total; n++) {
        const part = slot * MAX_PARTS + n
        append(words, length, parts, part * PART_WORDS, lengths[part]!)
        length += lengths[part]!
      }
      words[(length + 3) >> 2] = words[((length + 3) >> 2) + 1] = 0
      return length
    },
  }
  return fragments
}

/** Writes the words of a part behind the `length` characters that are there: where those end within a word, shifted. */
function append(to: Int32Array, length: number, from: Int32Array, start: number, chars: number): void {
  let w = length >> 2
  const shift = (length & 3) * 6
  if (shift === 0) {
    for (let i = 0; 4 * i < chars; i++) to[w++] = from[start + i]!
    return
  }
  // the last word so far is filled up with zeros
  for (let i = 0; 4 * i < chars; i++, w++) {
    const word = from[start + i]!
    to[w]! |= word >>> shift
    to[w + 1] = (word << (24 - shift)) & 0xffffff
  }
}
