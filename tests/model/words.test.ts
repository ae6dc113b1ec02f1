import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createInterner } from '../../src/model/words.js'

const word = fc.nat({ max: 12 }).map(String)
const step = fc.oneof(
  fc.record({ kind: fc.constant('take' as const), word }),
  fc.record({ kind: fc.constant('drop' as const), word }),
  fc.record({ kind: fc.constant('sweep' as const) }),
  fc.record({ kind: fc.constant('restore' as const) }),
)

describe('interned words', () => {
  test('a word in use keeps its id, no two share one, and what nobody uses makes room, through any sweeps', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 2, max: 9 }), (steps, capacity) => {
        let words = createInterner<string>(capacity)
        const used = new Map<string, number>()
        for (const { kind, ...rest } of steps) {
          if (kind === 'take') {
            const { word } = rest as { word: string }
            const id = words.id(word, () => word)
            expect(id).toBeLessThan(capacity)
            if (id === 0) expect(words.size).toBe(capacity)
            else used.set(word, id)
          } else if (kind === 'drop') used.delete((rest as { word: string }).word)
          else if (kind === 'sweep') {
            const { epoch } = words
            words.sweep(visit => used.forEach(visit))
            expect(words.epoch).toBeGreaterThan(epoch)
            expect(words.size).toBe(1 + used.size)
          } else {
            const again = createInterner<string>(capacity)
            again.restore(words.values().slice(1), text => text)
            expect(again.size).toBe(words.size)
            words = again
          }
          for (const [text, id] of used) {
            expect(words.get(id)).toBe(text)
            expect(words.keys()[id]).toBe(text)
            expect(words.id(text, () => 'made twice')).toBe(id)
          }
          expect(new Set(used.values()).size).toBe(used.size)
        }
      }),
      { numRuns: 300 },
    )
  })
})
