// Who listens, and whether they still hear: feeds, or receivers, each with the number of distinct vessels it heard in
// every slot. Vessels, not reports: a ferry that moors sends a report in three minutes instead of one in ten seconds,
// and nothing is wrong with the ears. Against what is usual there a slot is quiet, or the listener silent altogether;
// then it is out, until it hears as before.
//
// Vessels are counted by linear counting (Whang and others 1990): each sets one bit of a row, and the bits tell how many
// there were. Setting a bit twice changes nothing, so any report may do it, in any order, on any worker.

import { MS_PER_MIN } from '../model/units.js'
import { SLOT_MS, SLOTS_PER_DAY, SLOTS_PER_HOUR } from './slots.js'

/** A hole between two reports strictly longer than this is an outage, where reports are usual (BetterInc: 15 min). */
const MAX_HOLE_MS = 15 * MS_PER_MIN
/** It hears again when this share of what is usual is back, … */
const BACK_SHARE = 0.6
/** … or when it has been above the share of the outage for an hour: some of it may stay away for good. */
const BACK_SLOTS = SLOTS_PER_HOUR
/** Fewer vessels than this prove nothing when they fall silent. */
const MIN_VESSELS = 10
/** What is usual: the median of the last three hours, … */
const RECENT = 3 * SLOTS_PER_HOUR
/** … of one at least, … */
const MIN_RECENT = SLOTS_PER_HOUR
/** … or of the hour about the same time yesterday, if that is less: small craft sleep at night. */
const AROUND = 3
const MIN_AROUND = 4
/** A listener that hears in bursts, as satellites pass, is silent when it is so for twice its longest pause of a day. */
const BURST_PAUSES = 2
const MIN_BURST_SLOTS = 6 * SLOTS_PER_HOUR
/** After two days of less, less is usual; after ten days without anything it is given up. */
const NEW_NORMAL_SLOTS = 2 * SLOTS_PER_DAY
const GONE_SLOTS = 10 * SLOTS_PER_DAY

const RING = SLOTS_PER_DAY + 2 * RECENT
const KEPT_OUTAGES = 16
const MAX_COUNT = 65_535

const UNKNOWN = 0
const NORMAL = 1
const OUT = 2

/** Plain data: columns by listener, rows 0…used − 1. */
export interface ListenersState {
  /** Newest slot of event time; what was heard by `slot` − 2 is counted. −1 before the first. */
  slot: number
  used: number
  /** Bits of the two open slots, and the times of their first and last report. */
  bits: Uint32Array
  first: Float64Array
  last: Float64Array
  /** Vessels by slot, and whether that slot was normal. */
  counts: Uint16Array
  kinds: Uint8Array
  /** Last report of the closed slots, epoch ms; NaN before the first. */
  heard: Float64Array
  /** Since when it is out, epoch ms; NaN while it hears. What was usual then, and slots since then and back in part. */
  outSince: Float64Array
  usual: Float64Array
  outSlots: Uint32Array
  backSlots: Uint16Array
  /** The least it heard in a slot of the outage. */
  least: Uint16Array
  /** Past outages, from and to, as a ring. */
  outages: Float64Array
  nextOutage: Uint8Array
}

export interface ListenerChange {
  listener: number
  /** It went out, it hears again, or it is given up; `changed`: less has become usual; `hole`: it was out, and is back. */
  what: 'out' | 'back' | 'changed' | 'gone' | 'hole'
  /** Outage, epoch ms; `to` is NaN while it lasts. */
  from: number
  to: number
  /** When that came to be known, epoch ms. */
  asOf: number
  /** Vessels in ten minutes: usual, and the least of the outage. */
  usual: number
  least: number
}

/** What one listener heard in a slot: bits of the vessels, its first and last report, epoch ms. */
export interface Hearing {
  bits: Uint32Array
  first: number
  last: number
}

/** Nothing heard, yet. @param words 32 bits each, as the listeners have them */
export const createHearing = (words: number): Hearing => ({
  bits: new Uint32Array(words),
  first: NaN,
  last: NaN,
})

/** One report of a vessel. */
export function hearIn(hearing: Hearing, mmsi: number, t: number): void {
  const bit = bitOf(mmsi, 32 * hearing.bits.length - 1)
  hearing.bits[bit >> 5]! |= 1 << (bit & 31)
  if (!(hearing.first <= t)) hearing.first = t
  if (!(hearing.last >= t)) hearing.last = t
}

const bitOf = (mmsi: number, mask: number): number => (Math.imul(mmsi, 0x9e3779b1) >>> 8) & mask

export interface Listeners {
  readonly state: ListenersState
  /** A new listener; −1 when there is no room for another. */
  join(): number
  /** One report of a vessel at `t` in the present slot. */
  hear(listener: number, mmsi: number, t: number): void
  /** The same for all that it heard in the present slot, as createHearing() counted it: any number of times, in any order. */
  take(listener: number, heard: Hearing): void
  /** Closes slot `slot`: counts what was heard. `merge`: its bits and times are first those of all others together. */
  close(slot: number, merge: number): void
  /** Event time leapt: nothing is known of what lies between. */
  leap(): void
  /** What became of a listener in the slot that was closed last; null when nothing did. */
  judge(listener: number, slot: number): ListenerChange | null
  /** Takes back an outage that has just begun: it is another's. */
  pardon(listener: number): void
  isOut(listener: number): boolean
  /** Outages that touch a time, in order, as from and to; the present one ends at `to`. */
  outages(listener: number, from: number, to: number): [from: number, to: number][]
}

/**
 * @param capacity listeners
 * @param words 32 bits each per slot: enough for about 200 vessels a word
 * @param quietShare a slot with less than this share of the usual vessels is quiet (strictly)
 */
export function createListeners(
  capacity: number,
  words: number,
  quietShare: number,
  restored?: ListenersState,
): Listeners {
  const state: ListenersState = restored ?? {
    slot: -1,
    used: 0,
    bits: new Uint32Array(2 * capacity * words),
    first: new Float64Array(2 * capacity).fill(NaN),
    last: new Float64Array(2 * capacity).fill(NaN),
    counts: new Uint16Array(capacity * RING),
    kinds: new Uint8Array(capacity * RING),
    heard: new Float64Array(capacity).fill(NaN),
    outSince: new Float64Array(capacity).fill(NaN),
    usual: new Float64Array(capacity),
    outSlots: new Uint32Array(capacity),
    backSlots: new Uint16Array(capacity),
    least: new Uint16Array(capacity),
    outages: new Float64Array(capacity * KEPT_OUTAGES * 2).fill(NaN),
    nextOutage: new Uint8Array(capacity),
  }
  const { bits, first, last, counts, kinds, heard, outSince, usual, outSlots, backSlots, least } = state
  const mask = 32 * words - 1

  /** First and last report of the slot being closed, and the last one before it. */
  const closing = {
    first: new Float64Array(capacity),
    last: new Float64Array(capacity),
    before: new Float64Array(capacity),
  }

  /** Distinct vessels by the bits that are still clear. */
  function countBits(at: number): number {
    let set = 0
    for (let k = at; k < at + words; k++) set += ones(bits[k]!)
    const size = 32 * words
    return Math.min(MAX_COUNT, Math.round(-size * Math.log(Math.max(0.5, size - set) / size)))
  }

  const place = (listener: number, slot: number) => listener * RING + (slot % RING)

  /** Counts of the normal slots from…to, sorted. */
  function normals(listener: number, from: number, to: number): number[] {
    const list: number[] = []
    for (let slot = Math.max(0, from); slot <= to; slot++) {
      const at = place(listener, slot)
      if (kinds[at] === NORMAL) list.push(counts[at]!)
    }
    return list.sort((a, b) => a - b)
  }

  function yesterday(listener: number, slot: number): number {
    const same = slot - SLOTS_PER_DAY
    const list = normals(listener, same - AROUND, same + AROUND)
    return list.length >= MIN_AROUND ? median(list) : Infinity
  }

  /** Slots of the longest pause of the last day; how many vessels a slot between two hears, and a poor one of those. */
  function bursts(listener: number, slot: number): { pause: number; vessels: number; least: number } {
    let pause = 0
    let run = 0
    let known = 0
    const loud: number[] = []
    for (let k = slot - SLOTS_PER_DAY; k < slot; k++) {
      const at = place(listener, Math.max(0, k))
      if (kinds[at] !== NORMAL) continue
      known++
      if (counts[at] === 0) run++
      else {
        pause = Math.max(pause, run) // the pause that still lasts is not counted
        run = 0
        loud.push(counts[at]!)
      }
    }
    loud.sort((a, b) => a - b)
    const isKnown = known >= MIN_BURST_SLOTS && loud.length > 0
    return { pause, vessels: isKnown ? median(loud) : 0, least: isKnown ? loud[loud.length >> 2]! : 0 }
  }

  function judge(listener: number, slot: number): ListenerChange | null {
    const at = place(listener, slot)
    const isOut = outSince[listener]! === outSince[listener]!
    return isOut ? judgeOut(listener, slot, at) : judgeUp(listener, slot, at)
  }

  function judgeUp(listener: number, slot: number, at: number): ListenerChange | null {
    const count = counts[at]!
    const recent = normals(listener, slot - RECENT, slot - 1)
    const before = closing.before[listener]!
    if (recent.length < MIN_RECENT || !(before === before)) return null
    const middle = median(recent)
    const expected = Math.min(middle, yesterday(listener, slot))
    const end = (slot + 1) * SLOT_MS
    const hole = (count > 0 ? closing.first[listener]! : end) - before
    // one bad slot in three hours may be; more, and it hears in bursts
    const steady = !(recent[1]! < quietShare * middle)
    if (steady && expected >= MIN_VESSELS) {
      if (hole > MAX_HOLE_MS || count < quietShare * expected) {
        const from = count === 0 || hole > MAX_HOLE_MS ? before : slot * SLOT_MS
        return goOut(listener, slot, from, expected, count)
      }
    } else if (count === 0) {
      const { pause, vessels, least: poor } = bursts(listener, slot)
      if (vessels >= MIN_VESSELS && hole > Math.max(MAX_HOLE_MS, BURST_PAUSES * (pause + 1) * SLOT_MS))
        return goOut(listener, slot, before, poor, 0)
    }
    return null
  }

  function goOut(
    listener: number,
    slot: number,
    from: number,
    expected: number,
    count: number,
  ): ListenerChange | null {
    outSince[listener] = from
    usual[listener] = expected
    outSlots[listener] = backSlots[listener] = 0
    least[listener] = count
    if (count >= quietShare * expected) {
      // a hole between two slots that were not quiet: it is over as soon as it is known
      least[listener] = 0
      return comeBack(listener, slot, closing.first[listener]!, 'hole')
    }
    // from the first silent slot on: the pause before it was noticed is not a usual one
    for (let k = Math.max(Math.ceil(from / SLOT_MS), slot - RING + 1); k <= slot; k++)
      kinds[place(listener, k)] = OUT
    return change(listener, slot, 'out', NaN)
  }

  function judgeOut(listener: number, slot: number, at: number): ListenerChange | null {
    const count = counts[at]!
    const expected = Math.min(usual[listener]!, yesterday(listener, slot))
    outSlots[listener] = outSlots[listener]! + 1
    const isLoud = count > 0 && count >= quietShare * expected
    backSlots[listener] = isLoud ? backSlots[listener]! + 1 : 0
    if (isLoud && (count >= BACK_SHARE * expected || backSlots[listener]! >= BACK_SLOTS)) {
      const wasSilent = kinds[place(listener, slot - 1)] === OUT && counts[place(listener, slot - 1)] === 0
      return comeBack(listener, slot, wasSilent ? closing.first[listener]! : slot * SLOT_MS, 'back')
    }
    least[listener] = Math.min(least[listener]!, count)
    kinds[at] = OUT
    if (heard[listener]! < (slot + 1 - GONE_SLOTS) * SLOT_MS) {
      kinds.fill(UNKNOWN, listener * RING, (listener + 1) * RING)
      return comeBack(listener, slot, (slot + 1) * SLOT_MS, 'gone')
    }
    if (outSlots[listener]! >= NEW_NORMAL_SLOTS && count > 0) {
      for (let k = slot - RECENT; k <= slot; k++) kinds[place(listener, k)] = NORMAL
      return comeBack(listener, slot, slot * SLOT_MS, 'changed')
    }
    return null
  }

  function comeBack(
    listener: number,
    slot: number,
    to: number,
    what: ListenerChange['what'],
  ): ListenerChange {
    const told = change(listener, slot, what, to)
    const at = (listener * KEPT_OUTAGES + state.nextOutage[listener]!) * 2
    state.outages[at] = told.from
    state.outages[at + 1] = to
    state.nextOutage[listener] = (state.nextOutage[listener]! + 1) % KEPT_OUTAGES
    outSince[listener] = NaN
    return told
  }

  /** Slot `slot` is closed as event time enters the second slot after it. */
  const change = (
    listener: number,
    slot: number,
    what: ListenerChange['what'],
    to: number,
  ): ListenerChange => ({
    listener,
    what,
    from: outSince[listener]!,
    to,
    asOf: (slot + 2) * SLOT_MS,
    usual: usual[listener]!,
    least: least[listener]!,
  })

  return {
    state,
    judge,
    join() {
      return state.used < capacity ? state.used++ : -1
    },
    hear(listener, mmsi, t) {
      const at = (state.slot & 1) * capacity + listener
      const bit = bitOf(mmsi, mask)
      const k = at * words + (bit >> 5)
      bits[k] = bits[k]! | (1 << (bit & 31))
      if (!(first[at]! <= t)) first[at] = t
      if (!(last[at]! >= t)) last[at] = t
    },
    take(listener, heard) {
      const at = (state.slot & 1) * capacity + listener
      for (let k = 0; k < words; k++) bits[at * words + k]! |= heard.bits[k]!
      if (!(first[at]! <= heard.first)) first[at] = heard.first
      if (!(last[at]! >= heard.last)) last[at] = heard.last
    },
    close(slot, merge) {
      const side = (slot & 1) * capacity
      for (let listener = state.used - 1; listener >= 0; listener--) {
        const at = side + listener
        if (listener === merge) mergeInto(at, side)
        closing.first[listener] = first[at]!
        closing.last[listener] = last[at]!
        closing.before[listener] = heard[listener]!
        const ring = place(listener, slot)
        counts[ring] = last[at]! === last[at]! ? Math.max(1, countBits(at * words)) : 0
        // before its first report a listener was not there
        kinds[ring] = heard[listener]! === heard[listener]! || counts[ring]! > 0 ? NORMAL : UNKNOWN
        if (last[at]! === last[at]!) heard[listener] = last[at]!
      }
      const end = side + state.used
      bits.fill(0, side * words, end * words)
      first.fill(NaN, side, end)
      last.fill(NaN, side, end)
    },
    leap() {
      kinds.fill(UNKNOWN)
    },
    pardon(listener) {
      outSince[listener] = NaN
    },
    isOut: listener => outSince[listener]! === outSince[listener]!,
    outages(listener, from, to) {
      const list: [number, number][] = []
      for (let n = 0; n < KEPT_OUTAGES; n++) {
        const k = (state.nextOutage[listener]! + n) % KEPT_OUTAGES
        const at = (listener * KEPT_OUTAGES + k) * 2
        const [begin, end] = [state.outages[at]!, state.outages[at + 1]!]
        if (begin < to && end > from) list.push([Math.max(begin, from), Math.min(end, to)])
      }
      const since = outSince[listener]!
      if (since < to) list.push([Math.max(since, from), to])
      return list
    },
  }

  function mergeInto(at: number, side: number): void {
    for (let other = 0; other < state.used; other++) {
      const from = side + other
      if (from === at) continue
      for (let k = 0; k < words; k++) bits[at * words + k] = bits[at * words + k]! | bits[from * words + k]!
      if (!(first[at]! <= first[from]!) && first[from]! === first[from]!) first[at] = first[from]!
      if (!(last[at]! >= last[from]!) && last[from]! === last[from]!) last[at] = last[from]!
    }
  }
}

const median = (sorted: readonly number[]): number => sorted[sorted.length >> 1]!

/** Bits set in a word. */
export function ones(word: number): number {
  word -= (word >>> 1) & 0x55555555
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333)
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
