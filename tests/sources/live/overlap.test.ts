import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createOverlap } from '../../../src/sources/live/overlap.js'

const bytes = (lines: string[]): Uint8Array => Buffer.from(lines.map(line => `${line}\n`).join(''))

/** Lines that come out when these sessions come in, each a connection of its own, in pieces of whole lines. */
function taken(sessions: string[][], pieces = [1000]): string[] {
  const overlap = createOverlap()
  const out: string[] = []
  for (const session of sessions) {
    overlap.reconnected()
    for (let k = 0, p = 0; p < session.length; k++) {
      const size = pieces[k % pieces.length]!
      overlap.filter(bytes(session.slice(p, p + size)), lines =>
        out.push(...Buffer.from(lines).toString().split('\n').filter(Boolean)),
      )
      p += size
    }
  }
  return out
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, k) => `line ${from + k}`)

describe('what a server sends again', () => {
  test('wherever it begins again, and however it is cut, each line is taken once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 300 }),
        fc.integer({ min: 4, max: 300 }),
        fc.integer({ min: 0, max: 300 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 }),
        (first, back, more, pieces) => {
          const from = Math.max(0, first - back)
          const sessions = [numbered(0, first), numbered(from, first + more)]
          expect(taken(sessions, pieces)).toEqual(numbered(0, first + more))
        },
      ),
    )
  })

  test('with lines that repeat among each other, nothing new is dropped', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b'), { maxLength: 120 }),
        fc.array(fc.constantFrom('c', 'd', 'e'), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 0, max: 120 }),
        (before, after, back) => {
          const again = before.slice(Math.max(0, before.length - back))
          const out = taken([before, [...again, ...after]])
          // repeats may be left to the engine; news never are
          expect(out.filter(line => line >= 'c')).toEqual(after)
          expect(out.slice(0, before.length)).toEqual(before)
          expect(out.length).toBeLessThanOrEqual(before.length + again.length + after.length)
        },
      ),
    )
  })

  test('a server that sends nothing again loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer(), { maxLength: 30 }), { maxLength: 5 }), sessions => {
        const unique = sessions.map((session, k) => session.map((line, n) => `${k} ${n} ${line}`))
        expect(taken(unique)).toEqual(unique.flat())
      }),
    )
  })

  test('four lines that came before are a resend, three are not', () => {
    expect(taken([numbered(0, 20), numbered(16, 25)])).toEqual(numbered(0, 25))
    expect(taken([numbered(0, 20), numbered(17, 25)])).toEqual([...numbered(0, 20), ...numbered(17, 25)])
  })

  test('a resend that goes another way after a while gives up there', () => {
    const other = [...numbered(0, 100), 'something else', ...numbered(101, 110)]
    expect(taken([numbered(0, 200), other])).toEqual([
      ...numbered(0, 200),
      'something else',
      ...numbered(101, 110),
    ])
  })

  test('more lines than are remembered for the first connection still find their place', () => {
    const many = numbered(0, 20_000)
    expect(taken([many, numbered(5000, 20_100)])).toEqual(numbered(0, 20_100))
  })

  test('a process that starts again with the state of the first goes on like it', () => {
    const first = createOverlap()
    first.filter(bytes(numbered(0, 500)), () => undefined)
    const second = createOverlap(structuredClone(first.state))
    second.remember(bytes(numbered(500, 600)))
    second.reconnected()
    const out: string[] = []
    second.filter(bytes(numbered(300, 700)), lines => out.push(Buffer.from(lines).toString()))
    expect(out.join('')).toBe(Buffer.from(bytes(numbered(600, 700))).toString())
    expect(second.dropped).toBe(300)
  })
})
