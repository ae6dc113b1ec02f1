// Who heard a transmission: a set of receivers as one small number, so that a report which only one receiver heard costs
// nothing. Such a set is the receiver's own id in words.receivers; larger ones are numbered as they come to be, each once
// whatever the order of its members.

import type { Words } from './words.js'

/** Receiver ids are smaller (words.ts): from here on a number is that of a larger set. */
const FIRST_SET = 2 ** 20
/** Receivers told of one transmission; further ones hear it unnamed. Along dense coasts a dozen do. */
const MAX_MEMBERS = 32
/** Remembered pairs of a set and one more receiver, a power of two. */
const PAIRS = 8192

/** One more receiver has heard a transmission. */
export interface Copy {
  /** What the transmission is known by: when it was first heard, epoch ms, and its place; NaN without one. */
  t: number
  lat: number
  lon: number
  /** All who are known to have heard it: a set. */
  heardBy: number
  /** When that came to be known, epoch ms. */
  asOf: number
}

/** The transmission that told of this time and place. */
export const isCopyOf = (
  { t, lat, lon }: Copy,
  at: { t: number; lat: number | null; lon: number | null },
): boolean =>
  t === at.t && (lat === at.lat || (lat !== lat && at.lat === null)) && (lon === at.lon || lon !== lon)

/** Plain data. */
export interface ReceiverSetsState {
  /** Members by number − FIRST_SET, ascending; empty where a number is free. */
  sets: number[][]
  free: number[]
  /** Sets that there was no room for. */
  refused: number
}

export interface ReceiverSets {
  readonly state: ReceiverSetsState
  /** The set with one more receiver; the same set when it has it, or when there is no room for another. 0 is none. */
  with(set: number, receiver: number): number
  /** Ids in words.receivers, ascending. */
  members(set: number): readonly number[]
  /** Their names in order of code units; undefined when no receiver is named. */
  names(set: number): string[] | undefined
}

/**
 * @param capacity sets of more than one receiver kept at a time, up to 160 bytes each
 * @param inUse visits every set that somebody still holds: asked when there is no room, and others are forgotten
 */
export function createReceiverSets(
  words: Words,
  capacity: number,
  inUse: (visit: (set: number) => void) => void,
  state: ReceiverSetsState = { sets: [], free: [], refused: 0 },
): ReceiverSets {
  const { sets, free } = state
  /** Number of a set by its members. */
  const byMembers = new Map<string, number>()
  /** What a set and one more receiver make: set, receiver, result, where it was found last. */
  const pairs = new Uint32Array(4 * PAIRS)
  sets.forEach((members, k) => members.length > 0 && byMembers.set(members.join(), FIRST_SET + k))

  const members = (set: number): readonly number[] =>
    set >= FIRST_SET ? sets[set - FIRST_SET]! : set > 0 ? [set] : []

  function union(set: number, receiver: number): number {
    const old = members(set)
    if (old.includes(receiver) || old.length >= MAX_MEMBERS) return set
    const list = [...old, receiver].sort((a, b) => a - b)
    const key = list.join()
    const known = byMembers.get(key)
    if (known !== undefined) return known
    // who is refused often looks for room now and then only: that takes a walk through all that is held
    if (sets.length - free.length >= capacity && state.refused++ % capacity === 0) forget(set)
    if (sets.length - free.length >= capacity) return set
    const k = free.pop() ?? sets.length
    sets[k] = list
    byMembers.set(key, FIRST_SET + k)
    return FIRST_SET + k
  }

  function forget(keep: number): void {
    const held = new Set([keep])
    inUse(set => held.add(set))
    pairs.fill(0)
    sets.forEach((list, k) => {
      if (list.length === 0 || held.has(FIRST_SET + k)) return
      byMembers.delete(list.join())
      sets[k] = []
      free.push(k)
    })
  }

  return {
    state,
    members,
    with(set, receiver) {
      if (receiver === 0 || set === receiver) return set
      if (set === 0) return receiver
      const at = 4 * (((Math.imul(set, 0x9e3779b1) ^ Math.imul(receiver, 0x85ebca6b)) >>> 8) & (PAIRS - 1))
      if (pairs[at] === set && pairs[at + 1] === receiver) return pairs[at + 2]!
      const made = union(set, receiver)
      // what was refused may be had later
      if (made === set && !members(set).includes(receiver)) return set
      pairs[at] = set
      pairs[at + 1] = receiver
      return (pairs[at + 2] = made)
    },
    names(set) {
      const names = members(set).map(id => words.receivers.get(id)!)
      return names.length === 0 ? undefined : names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    },
  }
}
