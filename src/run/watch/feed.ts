// One source of a watch: takes bytes as they come, cuts them into lines, drops what a server sends again after a break,
// and turns the rest into batches. Knows how the source is doing: connected or not, heard or silent, how far in event time.

import { createBatch, copyRow, isStaticOnly, type ReportBatch } from '../../model/batch.js'
import { COLLECTIONS, type Collection, type Reject } from '../../model/report.js'
import { createSourceCounts, type SourceCounts } from '../../model/stats.js'
import { MS_PER_MIN, MS_PER_S } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import { createJsonReader } from '../../sources/json.js'
import type { LiveSource, Position } from '../../sources/live/live.js'
import { createLines, type Lines } from '../../sources/live/lines.js'
import { createOverlap, type OverlapState } from '../../sources/live/overlap.js'
import { createNmeaReader } from '../../sources/nmea.js'
import type { Reader, ReaderContext } from '../../sources/reader.js'
import { createSourceClock, type SourceClock, type SourceClockState } from './clock.js'

/** A clock may run ahead of the arrival by this much. detection.md section 1. */
const MAX_AHEAD_MS = 5 * MS_PER_MIN
/** Last bytes kept to warm up a reader after a restart: parts of messages, groups, the last time told. */
const TAIL_BYTES = 1 << 19
/** No transmitter sends more reports in one second than this, heard by however many stations. */
const MAX_PER_SECOND = 100
const FLOOD_PLACES = 1 << 18

export type Health = 'waiting' | 'up' | 'silent' | 'down' | 'ended'

/** A source as it is asked for. */
export interface FeedOptions {
  name: string
  source: LiveSource
  /** Reports may come this late, ms. */
  latenessMs: number
  /** Nothing for this long, ms, and something is wrong. */
  silenceMs: number
  collection?: Collection | undefined
}

/** What a checkpoint keeps of it; plain data. */
export interface FeedState {
  clock: SourceClockState
  counts: SourceCounts
  floods: number
  overlap: OverlapState
  tail: Uint8Array
  position: Position | null
  health: Health
}

export interface Feed {
  readonly name: string
  readonly options: FeedOptions
  readonly clock: SourceClock
  readonly counts: SourceCounts
  health: Health
  /** Arrival of the last bytes, epoch ms; NaN before the first. */
  lastHeardAt: number
  position: Position | null
  /** Reports above what one transmitter can send. */
  floods: number
  readonly resent: number
  /** Lines that came while there was no room for them. */
  dropped: number
  reconnects: number
  /** Why it was lost last. */
  trouble: string | null
  retryAt: number
  /** Pieces as they come: `fresh` gets whole lines that did not come before. */
  receive(bytes: Uint8Array, stream: number, fresh: (lines: Uint8Array) => void): void
  /** A peer is gone, another one came. */
  reconnected(): void
  /** Whole lines through the reader, as heard at `arrival`; `take` gets batches, in order. */
  read(lines: Uint8Array, arrival: number, take: (batch: ReportBatch) => void): void
  /** The same for rows that were read elsewhere. */
  admit(batch: ReportBatch, arrival: number): void
  /** Lines that are taken from a log: as if they had been received. */
  remember(lines: Uint8Array): void
  state(): FeedState
}

export interface FeedContext {
  words: Words
  onReject?: ((reject: Reject) => void) | undefined
  restored?: FeedState | undefined
}

export function createFeed(options: FeedOptions, { words, onReject, restored }: FeedContext): Feed {
  const { name, latenessMs, collection = 'unknown' } = options
  const counts = createSourceCounts()
  const clock = createSourceClock(latenessMs, restored?.clock)
  const overlap = createOverlap(restored?.overlap)
  const lines = new Map<number, Lines>()
  const spare: ReportBatch[] = []
  const collectionCode = COLLECTIONS.indexOf(collection)
  // reports of one transmitter in one second of event time: place by hash, second and count
  const floodKeys = new Float64Array(FLOOD_PLACES)
  const floodCounts = new Uint16Array(FLOOD_PLACES)
  let now = NaN
  let take: (batch: ReportBatch) => void = () => undefined
  let reader: Reader | undefined
  let warming = false
  const tail: Uint8Array[] = []
  let tailBytes = 0

  const context: ReaderContext = {
    ...{ words, name, counts },
    arrival: () => now,
    freshBatch: () => spare.pop() ?? createBatch(words),
    onBatch(batch) {
      take(batch)
      batch.length = 0
      spare.push(batch)
    },
    ...(onReject && {
      onReject(reject: Reject) {
        if (!warming) onReject(reject)
      },
    }),
  }

  /** What is it? The first byte that is no blank tells JSON, behind an MQTT topic or not, from sentences. */
  function readerFor(bytes: Uint8Array): Reader {
    const start = new TextDecoder('latin1').decode(bytes.subarray(0, 4096)).trimStart()
    return /^([{[]|[\w+-]+(\/[\w+-]+)+ \{)/.test(start)
      ? createJsonReader(context)
      : createNmeaReader(context)
  }

  function push(bytes: Uint8Array): void {
    reader ??= readerFor(bytes)
    reader.push(bytes)
    reader.flush?.()
  }

  function keepTail(bytes: Uint8Array): void {
    tail.push(bytes.slice())
    tailBytes += bytes.length
    if (tailBytes < 2 * TAIL_BYTES) return
    while (tailBytes - tail[0]!.length >= TAIL_BYTES) tailBytes -= tail.shift()!.length
  }

  /** One transmitter cannot send that many: whoever forges them would fill the memory of all. */
  function isFlood(mmsi: number, t: number): boolean {
    const key = Math.floor(t / MS_PER_S) * 1e4 + (mmsi % 1e4)
    const place = (Math.imul(mmsi ^ Math.floor(t / MS_PER_S), 0x9e3779b1) >>> 14) & (FLOOD_PLACES - 1)
    if (floodKeys[place] !== key) {
      floodKeys[place] = key
      floodCounts[place] = 1
      return false
    }
    if (floodCounts[place]! >= MAX_PER_SECOND) return true
    floodCounts[place] = floodCounts[place]! + 1
    return false
  }

  const feed: Feed = {
    name,
    options,
    clock,
    counts,
    health: 'waiting',
    lastHeardAt: NaN,
    position: restored?.position ?? null,
    floods: restored?.floods ?? 0,
    get resent() {
      return overlap.dropped
    },
    dropped: 0,
    reconnects: 0,
    trouble: null,
    retryAt: NaN,
    receive(bytes, stream, fresh) {
      let splitter = lines.get(stream)
      if (!splitter) {
        if (lines.size > 1000) lines.clear() // clients that are long gone
        lines.set(stream, (splitter = createLines()))
      }
      const whole = splitter.push(bytes)
      if (whole.length === 0) return
      if (options.source.resends) overlap.filter(whole, fresh)
      else fresh(whole)
    },
    reconnected() {
      lines.clear()
      overlap.reconnected()
    },
    read(bytes, arrival, deliver) {
      now = arrival
      take = batch => {
        feed.admit(batch, arrival)
        deliver(batch)
      }
      counts.bytes += bytes.length
      push(bytes)
      keepTail(bytes)
    },
    admit(batch, arrival) {
      const latest = arrival + MAX_AHEAD_MS
      let kept = 0
      for (let i = 0; i < batch.length; i++) {
        const t = batch.t[i]!
        const isStatic = isStaticOnly(batch.msgType[i]!)
        if (t > latest) {
          if (isStatic) counts.static--
          counts.rejected.future++
          onReject?.({ reason: 'future', source: name })
          continue
        }
        if (!isStatic && isFlood(batch.mmsi[i]!, t)) {
          counts.other++
          feed.floods++
          continue
        }
        if (batch.collection[i] === 0) batch.collection[i] = collectionCode
        if (kept < i) copyRow(batch, i, batch, kept)
        kept++
      }
      batch.length = kept
    },
    remember(bytes) {
      if (options.source.resends) overlap.remember(bytes)
    },
    state: () => ({
      clock: clock.state,
      counts,
      floods: feed.floods,
      overlap: overlap.state,
      tail: concat(tail),
      position: feed.position,
      health: feed.health,
    }),
  }

  if (restored) {
    // warm up: what the reader knew when the checkpoint was made; what it says was taken in then
    now = restored.clock.newest
    warming = true
    push(restored.tail)
    warming = false
    keepTail(restored.tail)
    Object.assign(counts, restored.counts)
    if (restored.health !== 'ended') feed.health = restored.health
  }
  return feed
}

function concat(pieces: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    out.set(piece, at)
    at += piece.length
  }
  return out
}

/** Rows from…to of a batch as a batch of their own, in `into`. */
export function sliceBatch(
  batch: ReportBatch,
  from: number,
  to: number,
  into: ReportBatch | undefined,
): ReportBatch {
  const part = into && into.capacity >= to - from ? into : createBatch(batch.words, Math.max(4096, to - from))
  for (let i = from; i < to; i++) copyRow(batch, i, part, i - from)
  part.length = to - from
  part.validated = batch.validated
  return part
}
