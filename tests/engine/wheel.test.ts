import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWheel } from '../../src/engine/wheel.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { share } from '../helpers/share.js'

const SLOTS = 12
const slots = Array.from({ length: SLOTS }, (_, k) => k)
/** Minutes ahead: most close by, so that they share minutes, some beyond the ring. */
const ahead = fc.oneof(fc.integer({ min: -2, max: 6 }), fc.integer({ min: 4000, max: 9000 }))
const slot = fc.nat({ max: SLOTS - 1 })
const step = fc.oneof(
  fc.record({ does: fc.constant('arm' as const), slot, ahead }),
  fc.record({ does: fc.constant('hasten' as const), slot, ahead }),
  fc.record({ does: fc.constant('disarm' as const), slot }),
  fc.record({ does: fc.constant('advance' as const), minutes: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ does: fc.constant('restore' as const) }),
)

test('hands out who is due at each minute, as a list of all would, whatever is armed, hastened and disarmed, over a snapshot', () => {
  let handed = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 120 }), steps => {
      let wheel = createWheel(SLOTS)
      let minute = 1000
      wheel.advance(minute * MS_PER_MIN, () => undefined)
      const due = new Map<number, number>()
      const armAt = (of: number, at: number): void => {
        wheel.arm(of, at * MS_PER_MIN)
        due.set(of, Math.min(minute + 4096, Math.max(minute + 1, at)))
      }
      for (const act of steps) {
        if (act.does === 'arm') {
          if (!due.has(act.slot)) armAt(act.slot, minute + act.ahead)
        } else if (act.does === 'hasten') {
          const at = minute + act.ahead
          wheel.hasten(act.slot, at * MS_PER_MIN)
          if (due.has(act.slot) && due.get(act.slot)! > at) due.set(act.slot, Math.max(minute + 1, at))
        } else if (act.does === 'disarm') {
          wheel.disarm(act.slot)
          due.delete(act.slot)
        } else if (act.does === 'restore') wheel = createWheel(SLOTS, structuredClone(wheel.state))
        else
          wheel.advance((minute + act.minutes) * MS_PER_MIN, (now, found) => {
            expect(now).toBe(++minute)
            const expected = [...due].filter(([, at]) => at === now).map(([of]) => of)
            expect(found.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b))
            handed += found.length
            for (const of of found) due.delete(of)
          })
        const wrong = slots.filter(of => wheel.isArmed(of) !== due.has(of))
        if (wrong.length > 0) expect(wrong).toEqual([])
      }
    }),
    { numRuns: 300 },
  )
  expect(handed).toBeGreaterThan(1000 * share)
})
