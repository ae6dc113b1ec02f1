// What a message says: a line of JSON, then bytes, which are a block of reports (run/rows) or lines of text.

import { UsageError } from '../../model/errors.js'

/** How messages are to be read. */
const VERSION = 3

/** Of a part of the fleet, in order of time. */
export interface ReportsHead {
  /** `rows`: a block of reports before the next tick; `tick`: event time reached a whole minute, all before it is there; `end`: nothing more. */
  kind: 'rows' | 'tick' | 'end'
  /** Epoch ms: the newest report; of a tick the minute. */
  t: number
  /** The minute that had begun before this one, since 1970. Ticks may leave out minutes in which nobody was heard, the same in all parts. */
  since: number
  /** The first slot that a ship was heard in, null while none was. */
  from: number | null
}

/** Lessons of a slot, and what was judged of a minute, may take several messages. */
export interface PieceHead {
  /** What came before it: a minute, or a slot. */
  since: number
  /** How many there are. */
  pieces: number
  from: number | null
  /** The newest event time, where the data ended with this, epoch ms. */
  end: number | null
}

/** A server takes messages of a megabyte by default; a piece is no longer than this, in characters of at most three bytes. */
const PIECE_CHARS = 250_000
const NEW_LINE = 10
const encoder = new TextEncoder()
const decoder = new TextDecoder()
const NOTHING = new Uint8Array(0)

export const encoded = (head: ReportsHead | PieceHead, body: Uint8Array = NOTHING): Uint8Array =>
  Buffer.concat([encoder.encode(`${JSON.stringify({ v: VERSION, ...head })}\n`), body])

/** @throws UsageError for a message that another version wrote, RangeError for what is none */
export function decoded<Head extends ReportsHead | PieceHead>(
  message: Uint8Array,
): { head: Head; body: Uint8Array } {
  const at = message.indexOf(NEW_LINE)
  const head = parsed(decoder.decode(message.subarray(0, Math.max(0, at)))) as Head & { v: number }
  if (head.v !== VERSION)
    throw new UsageError(`jetstream: a message of version ${String(head.v)}, expected ${VERSION}`)
  return { head, body: message.subarray(at + 1) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new RangeError(`no message: ${JSON.stringify(text.slice(0, 60))}`)
  }
}

export const linesOf = (bodies: readonly Uint8Array[]): string[] =>
  bodies.flatMap(body => decoder.decode(body).split('\n'))

type What = Omit<PieceHead, 'pieces'>

/** Lines in as many messages as it takes, one at least. */
export function pieces(lines: readonly string[], what: What): Uint8Array[] {
  const bodies: Uint8Array[] = []
  let begin = 0
  let chars = 0
  const body = (until: number): Uint8Array => encoder.encode(lines.slice(begin, until).join('\n'))
  for (let k = 0; k < lines.length; k++) {
    if (chars > 0 && chars + lines[k]!.length > PIECE_CHARS) {
      bodies.push(body(k))
      begin = k
      chars = 0
    }
    chars += lines[k]!.length
  }
  return piecesOf([...bodies, body(lines.length)], what)
}

/** Bodies, a message each, one at least; an empty one is none. */
export function piecesOf(bodies: readonly Uint8Array[], what: What): Uint8Array[] {
  const all = bodies.length > 0 ? bodies : [NOTHING]
  return all.map(body => encoded({ ...what, pieces: all.length }, body))
}
