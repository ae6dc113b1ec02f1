// Is anybody listening? Feeds and receivers that fail make everybody look dark. Their outages stop the clock of every
// silence they cover, and are events of their own (reception/faults). A feed is a kind of collection, or a named source
// of one; feed and receiver are judged per slot of ten minutes against what is usual there (reception/listeners), the
// receiver's clock against the seconds that vessels send (reception/receiver-clocks).

import type { Area } from '../model/event.js'
import { COLLECTIONS } from '../model/report.js'
import { MAX_FEEDS } from './cells.js'
import type { ClockOffset } from './clock-offset.js'
import { createFootprints, type Footprints, type FootprintsState } from './footprints.js'
import {
  createListeners,
  type Hearing,
  type ListenerChange,
  type Listeners,
  type ListenersState,
} from './listeners.js'
import { createReceiverClocks, type ClocksState, type ReceiverClocks } from './receiver-clocks.js'
import { SLOT_MS } from './slots.js'

/** A feed with less than this share of its usual vessels is out (BetterInc: 35 % of the median, strictly below). */
const QUIET_FEED = 0.35
/** An antenna hears half or twice as far as the weather will: only one that hears next to nothing is deaf. */
const QUIET_RECEIVER = 0.1
/** 32 bits each: 20,000 vessels a feed, 1,000 a receiver. */
export const FEED_WORDS = 128
export const RECEIVER_WORDS = 8
const SATELLITE = COLLECTIONS.indexOf('satellite')
/** Row of everything together, beside the rows of single feeds. */
const ALL = 0
/** A leap of event time further than this is not walked slot by slot: everything was given up on the way. */
const MAX_WALK = 1640

export interface HealthChange {
  /** `silent`: nothing was heard at all; `weak`: too little; `deaf`, `clock`: of one receiver. */
  kind: 'silent' | 'weak' | 'deaf' | 'clock'
  phase: 'opened' | 'closed'
  /** Why it is closed, where that is not because it works again: less is usual now, or it is given up. */
  ended: 'changed' | 'gone' | null
  /** −1: everything together. Of a receiver: the feed it was first heard in. */
  feed: number
  /** Id in words.receivers; 0: the whole feed. */
  receiver: number
  /** Epoch ms; `to` is NaN while it lasts. */
  from: number
  to: number
  asOf: number
  /** Vessels heard in ten minutes: usual, and the least of the outage. */
  usual: number
  least: number
  offset: ClockOffset | null
  area: Area | null
}

/** Plain data. */
export interface HealthState {
  feeds: ListenersState
  receivers: ListenersState
  clocks: ClocksState
  footprints: FootprintsState
  /** Row of a feed, by code; −1: none yet. Codes and receiver ids by row. */
  feedRows: Int32Array
  feedOf: Int32Array
  /** Row + 1 of a receiver, by id: 0 none yet, −1 refused. */
  receiverRows: Int32Array
  receiverOf: Uint32Array
  receiverFeed: Int32Array
  /** Since when a receiver's clock is wrong, epoch ms. */
  wrongSince: Float64Array
  /** Is any feed out, and when did the last past outage end, epoch ms? */
  anyOut: boolean
  lastEnd: number
  /** Receivers that there was no room for. */
  refused: number
  changes: HealthChange[]
}

export interface Health {
  readonly state: HealthState
  /** How each receiver's clock stood of late, and how far it hears: by the row that rowOf() gives. */
  readonly clocks: Pick<ReceiverClocks, 'at'>
  readonly footprints: Footprints
  /** Row of a receiver by its id in words.receivers; −1: none, or there was no room for it. */
  rowOf(receiver: number): number
  /** Ids of the receivers that have a row, in order of row. */
  receivers(): Uint32Array
  /** The kind of collection that a receiver was first heard in. */
  collectionOf(row: number): number
  /** Event time reached a slot. Before anything else is called in that slot; slots never go back. */
  advance(slot: number): void
  /**
   * Any report, repeats included: the second station that heard it works too.
   * @param feed 0…63
   * @param receiver id in words.receivers, 0 none
   */
  hear(t: number, feed: number, receiver: number, mmsi: number): void
  /** The same for all reports of a slot that a feed, or one receiver of it, heard. @param receiver 0: the feed */
  take(feed: number, receiver: number, heard: Hearing): void
  /**
   * A vessel's first report in a slot: its receiver's clock and reach.
   * @param receivedAt when it was received: that time, or the report's own
   */
  check(receivedAt: number, receiver: number, mmsi: number, utcSecond: number, lat: number, lon: number): void
  /** A copy of a report, by one more receiver: where it heard the vessel. */
  copy(receiver: number, mmsi: number, lat: number, lon: number): void
  /** Was any feed out after `t`, as far as is known? One compare: mostly none was. */
  outSince(t: number): boolean
  /** Is the feed out, as far as is known? */
  isOut(feed: number): boolean
  /**
   * How much of a time a vessel could have been heard, ms: less the outages of its feed, of everything together, and
   * those in which every receiver was deaf that used to hear it.
   */
  healthyMs(from: number, to: number, feed: number, receivers?: readonly number[]): number
  /** The same as a list of outages, in order, apart from each other. */
  outages(from: number, to: number, feed: number, receivers?: readonly number[]): [from: number, to: number][]
  /** What changed since it was asked last, in order of time. */
  changes(): HealthChange[]
}

/** @param maxReceivers receivers told apart, about 5 kB each; one beyond is not judged */
export function createHealth(maxReceivers = 512, restored?: HealthState): Health {
  const feeds = createListeners(MAX_FEEDS + 1, FEED_WORDS, QUIET_FEED, restored?.feeds)
  const receivers = createListeners(maxReceivers, RECEIVER_WORDS, QUIET_RECEIVER, restored?.receivers)
  const clocks = createReceiverClocks(maxReceivers, restored?.clocks)
  const footprints = createFootprints(maxReceivers, restored?.footprints)
  const state: HealthState = restored ?? {
    ...{ feeds: feeds.state, receivers: receivers.state, clocks: clocks.state, footprints: footprints.state },
    feedRows: new Int32Array(MAX_FEEDS).fill(-1),
    feedOf: new Int32Array(MAX_FEEDS + 1).fill(-1),
    receiverRows: new Int32Array(1024),
    receiverOf: new Uint32Array(maxReceivers),
    receiverFeed: new Int32Array(maxReceivers),
    wrongSince: new Float64Array(maxReceivers).fill(NaN),
    ...{ anyOut: false, lastEnd: -Infinity, refused: 0 },
    changes: [],
  }
  const { feedRows, feedOf, receiverOf, receiverFeed, wrongSince } = state
  if (!restored) feeds.join() // everything together

  function joinFeed(feed: number): number {
    const row = feeds.join()
    feedRows[feed] = row
    feedOf[row] = feed
    return row
  }

  function joinReceiver(id: number, feed: number): number {
    if (id >= state.receiverRows.length) {
      const rows = new Int32Array(2 ** Math.ceil(Math.log2(id + 1)))
      rows.set(state.receiverRows)
      state.receiverRows = rows
    }
    const row = receivers.join()
    state.receiverRows[id] = row < 0 ? -1 : row + 1
    if (row < 0) state.refused++
    else {
      receiverOf[row] = id
      receiverFeed[row] = feed
    }
    return row
  }

  /** Row of a receiver, a new one if need be; −1: there is no room for it. */
  function earOf(id: number, feed: number): number {
    const ear = state.receiverRows[id] ?? 0
    return ear === 0 ? joinReceiver(id, feed) : ear - 1
  }

  const receiverRow = (id: number) => (state.receiverRows[id] ?? 0) - 1

  function close(slot: number): void {
    const found: HealthChange[] = []
    feeds.close(slot, ALL)
    receivers.close(slot, -1)
    clocks.close(slot, receivers.state.used)
    footprints.close(slot, receivers.state.used)
    state.anyOut = false
    // satellites pass when their orbits say so: between two passes they are not deaf, they are elsewhere
    const isWatched = (row: number) => row !== ALL && feedOf[row]! % COLLECTIONS.length !== SATELLITE
    const rows = Array.from({ length: feeds.state.used }, (_, row) => row)
    const anyWatched = rows.some(isWatched)
    for (const row of rows) {
      if (!(row === ALL ? anyWatched : isWatched(row))) continue
      const change = feeds.judge(row, slot)
      if (feeds.isOut(row)) state.anyOut = true
      if (change && change.to > state.lastEnd) state.lastEnd = change.to
      // one feed alone is everything: it is told once
      if (change && (row !== ALL || feeds.state.used > 2)) found.push(...told(change, feedOf[row]!, 0, null))
    }
    for (let row = 0; row < receivers.state.used; row++) {
      const id = receiverOf[row]!
      const feed = receiverFeed[row]!
      const change = feed % COLLECTIONS.length === SATELLITE ? null : receivers.judge(row, slot)
      // when the whole feed was out, its receivers are not to blame
      if (change?.what === 'out' && isOut(feed)) receivers.pardon(row)
      else if (change && !(change.what === 'hole' && outages(change.from, change.to, feed).length > 0))
        found.push(...told(change, feed, id, clocks.area(row)))
      const clock = clocks.judge(row)
      if (clock) found.push(clockChange(row, slot, clock.what === 'off', clock.offset))
    }
    // row numbers depend on who came first; the sort is stable, so a hole opens before it closes
    found.sort((a, b) => a.from - b.from || a.feed - b.feed || a.receiver - b.receiver)
    state.changes.push(...found)
  }

  function told(change: ListenerChange, feed: number, receiver: number, area: Area | null): HealthChange[] {
    const { what, from, to, asOf, usual, least } = change
    const kind = receiver > 0 ? 'deaf' : least === 0 ? 'silent' : 'weak'
    const common = { kind, feed, receiver, from, usual, least, asOf, offset: null, area } as const
    const opened: HealthChange = { ...common, phase: 'opened', ended: null, to: NaN }
    const ended = what === 'changed' || what === 'gone' ? what : null
    const closed: HealthChange = { ...common, phase: 'closed', ended, to }
    return what === 'out' ? [opened] : what === 'hole' ? [opened, closed] : [closed]
  }

  function clockChange(row: number, slot: number, isOff: boolean, offset: ClockOffset): HealthChange {
    const asOf = (slot + 2) * SLOT_MS
    if (isOff) wrongSince[row] = slot * SLOT_MS
    return {
      ...{ kind: 'clock', phase: isOff ? 'opened' : 'closed', ended: null },
      ...{ feed: receiverFeed[row]!, receiver: receiverOf[row]!, usual: NaN, least: NaN, asOf },
      ...{ from: wrongSince[row]!, to: isOff ? NaN : slot * SLOT_MS, offset, area: clocks.area(row) },
    }
  }

  function isOut(feed: number): boolean {
    const row = feedRows[feed] ?? -1
    return feeds.isOut(ALL) || (row >= 0 && feeds.isOut(row))
  }

  function outages(from: number, to: number, feed: number, ids: readonly number[] = []): Span[] {
    const row = feedRows[feed] ?? -1
    const own = row >= 0 ? feeds.outages(row, from, to) : []
    const spans = [
      ...feeds.outages(ALL, from, to),
      ...own,
      ...allDeaf(receivers, ids.map(receiverRow), from, to),
    ]
    return union(spans)
  }

  return {
    state,
    clocks,
    footprints,
    rowOf: receiverRow,
    receivers: () => receiverOf.subarray(0, receivers.state.used),
    collectionOf: row => receiverFeed[row]! % COLLECTIONS.length,
    isOut,
    outSince: t => state.anyOut || state.lastEnd > t,
    outages,
    advance(slot) {
      const before = feeds.state.slot
      if (before >= 0) {
        for (let open = Math.max(0, before - 1); open <= slot - 2; open++) {
          if (open - before > MAX_WALK) {
            feeds.leap()
            receivers.leap()
            break
          }
          close(open)
        }
      }
      feeds.state.slot = receivers.state.slot = Math.max(before, slot)
    },
    hear(t, feed, receiver, mmsi) {
      const row = feedRows[feed]!
      feeds.hear(row < 0 ? joinFeed(feed) : row, mmsi, t)
      if (receiver === 0) return
      const ear = earOf(receiver, feed)
      if (ear >= 0) receivers.hear(ear, mmsi, t)
    },
    take(feed, receiver, heard) {
      if (receiver === 0) {
        const row = feedRows[feed]!
        feeds.take(row < 0 ? joinFeed(feed) : row, heard)
        return
      }
      const ear = earOf(receiver, feed)
      if (ear >= 0) receivers.take(ear, heard)
    },
    check(receivedAt, receiver, mmsi, utcSecond, lat, lon) {
      const row = receiverRow(receiver)
      if (receiver === 0 || row < 0) return
      const { slot } = feeds.state
      clocks.add(row, slot & 1, mmsi, receivedAt, utcSecond, lat, lon)
      footprints.add(row, slot, mmsi, lat, lon)
    },
    copy(receiver, mmsi, lat, lon) {
      const row = receiverRow(receiver)
      const { slot } = feeds.state
      if (row < 0 || !isSampled(mmsi, slot)) return
      footprints.hear(row, slot, mmsi, lat, lon)
    },
    healthyMs(from, to, feed, ids) {
      return outages(from, to, feed, ids).reduce((ms, [begin, end]) => ms - (end - begin), to - from)
    },
    changes() {
      const { changes } = state
      state.changes = []
      return changes
    },
  }
}

/** Copies count of one vessel in eight, other ones in each slot: they are many. */
export const isSampled = (mmsi: number, slot: number): boolean =>
  Math.imul(mmsi ^ slot, 0x9e3779b1) >>> 29 === 0

type Span = [from: number, to: number]

/** When every one of these receivers was out. Of one that is not judged nobody knows: then none counts. */
function allDeaf(receivers: Listeners, rows: readonly number[], from: number, to: number): Span[] {
  if (rows.length === 0 || rows.some(row => row < 0)) return []
  return rows
    .map(row => union(receivers.outages(row, from, to)))
    .reduce((a, b) =>
      a.flatMap(([from1, to1]) =>
        b.flatMap(([from2, to2]): Span[] =>
          from1 < to2 && from2 < to1 ? [[Math.max(from1, from2), Math.min(to1, to2)]] : [],
        ),
      ),
    )
}

function union(spans: readonly Span[]): Span[] {
  const out: Span[] = []
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else out.push([from, to])
  }
  return out
}
