// What several pieces of work say of one time, put together: of a slot what all parts teach, of a minute what all found.

import { decoded, type PieceHead } from './messages.js'
import type { Server } from './server.js'

export interface Gathered {
  /** The minute, or the slot, that it goes up to. */
  key: number
  /** Lines of text, or blocks of reports. */
  bodies: Uint8Array[]
  from: number | null
  end: number | null
}

/**
 * Messages of one stream by what came before what they are of (a slot, a minute), which is whole when everybody has said all that
 * there is: the pieces of one message may come in any order, where one of them had to be sent again.
 */
export function gather(
  server: Pick<Server, 'read'>,
  stream: 'lessons' | 'extract' | 'judged',
  producers: number,
  start: number,
) {
  /** `told`: producers whose first piece is here, which says how many pieces they send. */
  const held = new Map<number, Gathered & { told: number; missing: number; seq: number }>()
  const messages = server.read(stream, ['>'], start)[Symbol.asyncIterator]()
  let next = start

  async function take(): Promise<number> {
    const { value: message, done } = await messages.next()
    if (done) throw new Error(`${stream}: the server ended it`)
    next = message.seq + 1
    const [key, k] = message.subject.split('.').slice(3).map(Number) as [number, number]
    const { head, body } = decoded<PieceHead>(message.data)
    let entry = held.get(head.since)
    if (!entry) {
      entry = { key, bodies: [], from: null, end: null, told: 0, missing: 0, seq: message.seq }
      held.set(head.since, entry)
    }
    if (body.length > 0) entry.bodies.push(body)
    entry.missing--
    if (k === 0) {
      entry.told++
      entry.missing += head.pieces
    }
    entry.from ??= head.from
    entry.end ??= head.end
    return head.since
  }

  const isWhole = (since: number): boolean => {
    const entry = held.get(since)
    return entry !== undefined && entry.told === producers && entry.missing === 0
  }

  return {
    /** What the first message comes after. */
    first: take,
    async after(since: number): Promise<Gathered> {
      while (!isWhole(since)) await take()
      const entry = held.get(since)!
      held.delete(since)
      return entry
    },
    /** Nothing more is wanted. */
    close: () => messages.return?.(),
    /** From which message on whoever still needs what comes after `since` or later must read. */
    needed(since: number): number {
      let seq = next
      for (const [before, entry] of held) if (before >= since) seq = Math.min(seq, entry.seq)
      return seq
    },
  }
}
