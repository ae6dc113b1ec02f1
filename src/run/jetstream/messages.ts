// What a message says: a line of JSON, then lines of text.

import { UsageError } from '../../model/errors.js'

/** Of a part of the fleet, in order of time. */
export interface ReportsHead {
  /** How the message is to be read. */
  v: 1
  /** `rows`: reports before the next tick; `tick`: event time reached a whole minute `t`, all before it is there; `end`: nothing more, `t` is the newest. */
  kind: 'rows' | 'tick' | 'end'
  /** Epoch ms. */
  t: number
  /** The first slot that a ship was heard in, null while none was. */
  from: number | null
}

/** Lessons of a slot, and what was judged of a minute, may take several messages: `more` follow. */
export interface PieceHead {
  v: 1
  more: boolean
  from: number | null
  /** The newest event time, where the data ended with this, epoch ms. */
  end: number | null
}

/** A server takes messages of a megabyte by default; a piece is no longer than this, in characters of at most three bytes. */
const PIECE_CHARS = 250_000

export const encoded = (head: ReportsHead | PieceHead, lines: readonly string[]): string =>
  [JSON.stringify(head), ...lines].join('\n')

/** @throws UsageError for a message that another version wrote */
export function decoded<Head extends ReportsHead | PieceHead>(text: string): { head: Head; lines: string[] } {
  const [first = '', ...lines] = text.split('\n')
  const head = JSON.parse(first) as Head
  if (head.v !== 1) throw new UsageError(`jetstream: a message of version ${String(head.v)}, expected 1`)
  return { head, lines }
}

/** Lines in as many messages as it takes, one at least. */
export function pieces(lines: readonly string[], from: number | null, end: number | null): string[] {
  const out: string[] = []
  let begin = 0
  let chars = 0
  for (let k = 0; k < lines.length; k++) {
    if (chars > 0 && chars + lines[k]!.length > PIECE_CHARS) {
      out.push(encoded({ v: 1, more: true, from, end: null }, lines.slice(begin, k)))
      begin = k
      chars = 0
    }
    chars += lines[k]!.length
  }
  return [...out, encoded({ v: 1, more: false, from, end }, lines.slice(begin))]
}
