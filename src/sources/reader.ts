// What every format is to the rest of the program: bytes in, batches out. A reader is synchronous and knows nothing of
// files; whoever holds the bytes (a file, a socket, a test) pushes them in pieces of any size.

import type { ReportBatch } from '../model/batch.js'
import type { Reject } from '../model/report.js'
import type { SourceCounts } from '../model/stats.js'
import type { Words } from '../model/words.js'

export interface ReaderContext {
  words: Words
  /** Name of the input as given; also interned into the `source` column. */
  name: string
  counts: SourceCounts
  /** Takes a full batch, which is the receiver's from then on. */
  onBatch(batch: ReportBatch): void
  /** Called for each rejected row, after it was counted. Absent: rejects are only counted, and cost no string. */
  onReject?: (reject: Reject) => void
  /** Event time of sentences that carry none and have nothing to lean on, epoch ms. */
  timeStart?: number
  /** Column names by field, for CSV and JSON whose names no alias covers. */
  map?: Record<string, string>
}

export interface Reader {
  /** Takes the next piece of the input. The bytes are the caller's again when it returns. */
  push(bytes: Uint8Array): void
  /** The input ended: hands over what is left. */
  end(): void
}

/** A line longer than this is rejected as `too-long` and skipped to its end, in bounded memory. */
export const MAX_LINE_BYTES = 65_536
