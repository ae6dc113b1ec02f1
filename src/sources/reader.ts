// What every format is to the rest of the program: bytes in, batches out. A reader is synchronous and knows nothing of
// files; whoever holds the bytes (a file, a socket, a test) pushes them in pieces of any size.

import type { ReportBatch } from '../model/batch.js'
import type { Reject, RejectReason } from '../model/report.js'
import type { SourceCounts } from '../model/stats.js'
import type { Words } from '../model/words.js'

/** One whole message of AIS as it was heard. The reader keeps one of these and fills it anew each time. */
export interface HeardMessage {
  /** In 24-bit words (see ais/bits). */
  readonly payload: Int32Array
  /** Characters of the payload; the last `fill` bits are none of the message. */
  chars: number
  fill: number
  /** When it was heard: its own time or the last one that the log told, epoch ms; NaN before there was any. */
  t: number
  /** Id in words.receivers; 0 when no station is named. */
  receiver: number
  /** 0 not given, 1 A, 2 B, else the byte as sent. */
  channel: number
  /** Of its last sentence. */
  line: number
}

export interface ReaderContext {
  words: Words
  /** Name of the input as given; also interned into the `source` column. */
  name: string
  counts: SourceCounts
  /** Takes a full batch, which is the receiver's from then on. */
  onBatch(batch: ReportBatch): void
  /** Where the receiver wants the next rows written. By default each batch is a new one. */
  freshBatch?: () => ReportBatch
  /**
   * NMEA only: takes every whole message as soon as it is complete, instead of onBatch; `timeStart` fills in for no time.
   * Returns why it refuses one, or null; what it takes counts as `other`.
   */
  onMessage?: (message: HeardMessage) => RejectReason | null
  /** NMEA only: counts valid messages that are no report, by type 0…63. */
  otherTypes?: Float64Array
  /** Awaited between pieces of the input, so that a slow consumer slows the reading down; false ends it. */
  ready?: () => Promise<boolean>
  /** Called for each rejected row, after it was counted. Absent: rejects are only counted, and cost no string. */
  onReject?: (reject: Reject) => void
  /** Event time of sentences that carry none and have nothing to lean on, epoch ms. */
  timeStart?: number
  /** A live feed's present, epoch ms: event time of messages that carry none in a feed that has told none. */
  arrival?: () => number
  /** Column names by field, for CSV and JSON whose names no alias covers. */
  map?: Record<string, string>
}

export interface Reader {
  /** Takes the next piece of the input. The bytes are the caller's again when it returns. */
  push(bytes: Uint8Array): void
  /** Hands over the rows that are whole: a live feed waits for no full batch. */
  flush?(): void
  /** The input ended: hands over what is left. */
  end(): void
}

/** A line longer than this is rejected as `too-long` and skipped to its end, in bounded memory. */
export const MAX_LINE_BYTES = 65_536
