// What every live source is to the rest of the program: it connects, hands on bytes as they come, says when it lost its
// peer and when it will try again, and never gives up on its own. What the bytes mean is not its affair.

import type { ReportBatch } from '../../model/batch.js'
import type { ReaderContext } from '../reader.js'

export type LiveContext = Omit<ReaderContext, 'onBatch' | 'arrival' | 'ready'>

/** How a live source is doing, told to whoever runs it. */
export interface LiveSink {
  /**
   * A piece of what came in. The bytes are the source's again when this returns.
   * @param stream tells apart the peers of a server: a line never spans two of them
   * @param position where a file stands after this piece, bytes
   */
  data(bytes: Uint8Array, stream?: number, position?: number): void
  /**
   * Rows that the source has read itself; they are the receiver's from then on.
   * @param position rows of the source up to and with these
   */
  rows(batch: ReportBatch, position: number): void
  connected(peer: string): void
  /** A followed file is read from here on; of a topic all before has been handed on. */
  moved(position: Position): void
  /** The peer is lost, or could not be reached. `retryInMs` is null when nothing more will come. */
  lost(why: string, retryInMs: number | null): void
  /** The data have ended for good: a pipe was closed. */
  ended(): void
}

export interface LiveHandle {
  /** The feed has been silent for too long: a connection that looks alive is made anew. */
  reconnect(why: string): void
  /** Nothing more is wanted, or again; absent where what is sent cannot wait. */
  pause?(isPaused: boolean): void
  /** What it handed on up to this position will never be asked for again. */
  saved?(position: Position): void
  close(): Promise<void>
}

export interface LiveSource {
  /** Where it comes from, for people: never a key or a password. */
  readonly address: string
  /** A server that resends what was heard before a break may stand behind it. */
  readonly resends: boolean
  /** Has connections that can be made anew. */
  readonly connects: boolean
  /** Holds rows that it will hand on later: the ids in them have to stay as they are. @default false */
  readonly readsAhead?: boolean
  /**
   * @param position where it was left, by an earlier run
   * @param context for a source that reads its own rows
   */
  open(sink: LiveSink, position: Position | undefined, context: LiveContext): LiveHandle
}

/** Where a source stands: plain data, and its own affair. */
export type Position = FilePosition | TopicPosition

/** Where in which file: the inode tells it from one that took its name. */
export interface FilePosition {
  inode: number
  offset: number
}

/** The next message of each partition, by `topic/partition`. */
export interface TopicPosition {
  offsets: Record<string, number>
}
