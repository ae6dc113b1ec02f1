import { mkdtempSync, readFileSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Phase } from '../../../src/model/event.js'
import { createQueue } from '../../../src/sinks/live/queue.js'
import { told } from './lines.js'

const path = (): string => join(mkdtempSync(join(tmpdir(), 'darkwake-queue-')), 'q')
const phase = fc.constantFrom<Phase>('opened', 'updated', 'updated', 'updated', 'closed', 'retracted')
const size = told(1).line.length

describe('a queue', () => {
  test('gives back what it was given, in order, through any number of restarts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(phase, fc.constantFrom('ack' as const, 'restart' as const)), { maxLength: 60 }),
        steps => {
          const file = path()
          let queue = createQueue(file)
          const model: number[] = []
          let seq = 0
          for (const step of steps) {
            if (step === 'restart') {
              queue.close()
              queue = createQueue(file)
            } else if (step === 'ack') {
              const next = model.shift()
              if (next !== undefined) queue.ack(next)
            } else {
              queue.push(told(++seq, step))
              model.push(seq)
            }
            expect(queue.lastSeq).toBe(seq)
            expect(queue.peek(100).map(event => event.seq)).toEqual(model)
          }
          for (const event of queue.peek(100)) expect(event.line).toBe(told(event.seq, event.phase).line)
          queue.close()
        },
      ),
      { numRuns: 40 },
    )
  })

  test('when it is full the oldest updates give way, never that something began or ended', () => {
    fc.assert(
      fc.property(fc.array(phase, { minLength: 30, maxLength: 120 }), fc.boolean(), (phases, onDisk) => {
        const queue = createQueue(onDisk ? path() : undefined, 10 * size)
        phases.forEach((name, k) => queue.push(told(k + 1, name)))
        const kept = queue.peek(1000)
        const must = phases.flatMap((name, k) => (name === 'updated' ? [] : [k + 1]))
        expect(kept.filter(event => event.phase !== 'updated').map(event => event.seq)).toEqual(must)
        // it grows past its bound only by those that must stay
        const updates = kept.filter(event => event.phase === 'updated').map(event => event.seq)
        expect(updates.length * size).toBeLessThanOrEqual(10.5 * size)
        // and of the updates the newest are there
        const all = phases.flatMap((name, k) => (name === 'updated' ? [k + 1] : []))
        expect(updates).toEqual(updates.length > 0 ? all.slice(-updates.length) : [])
        expect(queue.dropped).toBe(all.length - updates.length)
      }),
      { numRuns: 60 },
    )
  })

  test('a number that it has seen is not taken again, delivered or not', () => {
    const file = path()
    let queue = createQueue(file)
    queue.push(told(1))
    queue.push(told(2))
    queue.ack(1)
    queue.close()
    queue = createQueue(file)
    for (const seq of [1, 2, 3]) queue.push(told(seq))
    expect(queue.peek(9).map(({ seq }) => seq)).toEqual([2, 3])
  })

  test('a record that a crash cut off is no record', () => {
    const file = path()
    const queue = createQueue(file)
    queue.push(told(1))
    queue.push(told(2))
    truncateSync(file, readFileSync(file).length - 5)
    const again = createQueue(file)
    expect(again.lastSeq).toBe(1)
    again.push(told(2))
    expect(
      createQueue(file)
        .peek(9)
        .map(({ line }) => line),
    ).toEqual([told(1).line, told(2).line])
  })

  test('the file does not grow for ever', () => {
    const file = path()
    const queue = createQueue(file)
    for (let seq = 1; seq <= 8000; seq++) {
      queue.push(told(seq))
      if (seq > 10) queue.ack(seq - 10)
    }
    expect(readFileSync(file).length).toBeLessThan(2.5e6)
    queue.close()
    expect(
      createQueue(file)
        .peek(99)
        .map(({ seq }) => seq),
    ).toEqual(Array.from({ length: 10 }, (_, k) => 7991 + k))
  })
})
