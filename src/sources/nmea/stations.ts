// Names of receiving stations as ids: the bytes are compared with those seen before, and only a new name becomes a string.

import type { Words } from '../../model/words.js'
import { MAX_STATION_BYTES, hashBytes } from '../../ais/tagblock.js'

export interface Stations {
  /** Id in words.receivers of the name in `[from, to)`, cut to MAX_STATION_BYTES. */
  id(bytes: Uint8Array, from: number, to: number): number
}

const SLOTS = 1024
const utf8 = new TextDecoder('utf-8')

export function createStations(words: Words): Stations {
  const names = new Uint8Array(SLOTS * MAX_STATION_BYTES)
  const lengths = new Uint8Array(SLOTS)
  const ids = new Uint32Array(SLOTS)
  return {
    id(bytes, from, to) {
      const length = Math.min(to - from, MAX_STATION_BYTES)
      const hash = hashBytes(bytes, from, from + length)
      const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1)
      const at = slot * MAX_STATION_BYTES
      let same = lengths[slot] === length
      for (let i = 0; same && i < length; i++) same = names[at + i] === bytes[from + i]
      if (!same) {
        const name = utf8.decode(bytes.subarray(from, from + length))
        ids[slot] = words.receivers.id(name, () => name)
        lengths[slot] = length
        for (let i = 0; i < length; i++) names[at + i] = bytes[from + i]!
      }
      return ids[slot]!
    },
  }
}
