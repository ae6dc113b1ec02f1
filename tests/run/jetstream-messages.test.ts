// What is sent by several at once comes in any order, and some of it twice asked for: what is put together of it is whole or waited for.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gather } from '../../src/run/jetstream/gather.js'
import { linesOf, pieces } from '../../src/run/jetstream/messages.js'
import { createSender } from '../../src/run/jetstream/sender.js'
import type { Payload, Server } from '../../src/run/jetstream/server.js'

interface Sent {
  subject: string
  data: Uint8Array
}

/** A stream as the server hands it out. */
function serverWith(sent: readonly Sent[]): Pick<Server, 'read'> {
  return {
    async *read(_, __, from) {
      for (let seq = from; seq <= sent.length; seq++) {
        await Promise.resolve()
        yield { seq, ...sent[seq - 1]! } as never
      }
    },
  }
}

/** Lines that take several messages. */
const longLine = fc.nat(9).map(digit => String(digit).repeat(130_000))
const said = fc.array(
  fc.oneof(
    longLine,
    fc.string({ minLength: 1, maxLength: 5 }).filter(line => !line.includes('\n')),
  ),
  {
    maxLength: 5,
  },
)

describe('gather', () => {
  test('what is said of a minute is all there, in whatever order its pieces come', async () => {
    const minutes = fc.array(fc.array(said, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(minutes, fc.infiniteStream(fc.nat()), async (all, ranks) => {
        const sent = all.flatMap((parts, minute) =>
          parts.flatMap((lines, part) =>
            pieces(lines, { since: minute, from: null, end: minute === all.length - 1 ? 7 : null }).map(
              (data, k) => ({
                rank: ranks.next().value,
                subject: `p.judged.${part}.${minute + 1}.${k}`,
                data,
              }),
            ),
          ),
        )
        sent.sort((a, b) => a.rank - b.rank)
        const gathered = gather(serverWith(sent), 'judged', 3, 1)
        for (const [minute, parts] of all.entries()) {
          const { key, bodies, end } = await gathered.after(minute)
          expect(key).toBe(minute + 1)
          expect(linesOf(bodies).sort()).toEqual(parts.flat().sort())
          expect(end).toBe(minute === all.length - 1 ? 7 : null)
          // whoever goes on from here misses nothing
          const needed = gathered.needed(minute + 1)
          const later = sent.findIndex(({ subject }) => Number(subject.split('.')[3]) > minute + 1)
          if (later >= 0) expect(needed).toBeLessThanOrEqual(later + 1)
        }
        await gathered.close()
      }),
      { numRuns: 40 },
    )
  })

  test('what never becomes whole is not given', async () => {
    const [first, ...rest] = pieces(['a'.repeat(200_000), 'b'.repeat(200_000)], {
      since: 0,
      from: null,
      end: null,
    })
    expect(rest).toHaveLength(1)
    for (const [k, data] of [first!, rest[0]!].entries()) {
      const gathered = gather(serverWith([{ subject: `p.judged.0.1.${k}`, data }]), 'judged', 1, 1)
      await expect(gathered.after(0)).rejects.toThrow('judged: the server ended it')
    }
  })
})

describe('sender', () => {
  /** Answers when it is told to. */
  function slowServer() {
    const asked: {
      tokens: (string | number)[]
      payload: Payload
      answer: () => void
      refuse: (e: Error) => void
    }[] = []
    const server: Pick<Server, 'publish'> = {
      publish: (_, tokens, payload) =>
        new Promise((answer, refuse) => void asked.push({ tokens, payload, answer, refuse })),
    }
    return { server, asked }
  }
  const turn = () => new Promise(resolve => setImmediate(resolve))

  test('everything goes out once, in order, few at a time, and is waited for', async () => {
    const { server, asked } = slowServer()
    const out = createSender(server)
    const names = Array.from({ length: 1000 }, (_, k) => String(k))
    out.send('judged', ['x', 5], names)
    let done = false
    const sent = out.sent().then(() => (done = true))
    let answered = 0
    while (answered < names.length) {
      await turn()
      expect(asked.length - answered).toBeLessThanOrEqual(256)
      expect(asked.length).toBeGreaterThan(answered)
      expect(done).toBe(false)
      const until = asked.length
      for (; answered < until; answered++) asked[answered]!.answer()
    }
    await sent
    expect(asked.map(({ payload }) => payload)).toEqual(names)
    expect(asked.map(({ tokens }) => tokens)).toEqual(names.map((_, k) => ['x', 5, k]))
    await out.sent()
  })

  test('of what the server does not take is told once those on their way are back, and nothing goes out after it', async () => {
    const { server, asked } = slowServer()
    const out = createSender(server)
    out.send(
      'events',
      ['x'],
      Array.from({ length: 300 }, () => 'event'),
    )
    const sent = out.sent()
    await turn()
    asked[3]!.refuse(new Error('full'))
    await turn()
    expect(asked).toHaveLength(256)
    for (const { answer } of asked) answer()
    await expect(sent).rejects.toThrow('full')
    expect(asked).toHaveLength(256)
    await expect(out.sent()).rejects.toThrow('full')
  })
})
