import { expect, test } from 'vitest'
import { exemptFacts, isExempt, type Exempt } from '../../src/assess/exemptions.js'
import { gapEvent } from '../sinks/events.js'

const gap = gapEvent({ mmsi: 7 })
const exempt = (of: Partial<Exempt> = {}): Exempt => ({ mmsi: 7, types: null, expires: Infinity, ...of })
const holds = (event: typeof gap, ...list: Exempt[]): boolean => isExempt(list, exemptFacts(event))

test('an exemption is of its vessel, of its types, of what began before its end', () => {
  expect(holds(gap)).toBe(false)
  expect(holds(gap, exempt())).toBe(true)
  expect(holds(gap, exempt({ mmsi: 8 }))).toBe(false)
  expect(holds(gap, exempt({ types: ['zone', 'gap'] }))).toBe(true)
  expect(holds(gap, exempt({ types: ['zone'] }))).toBe(false)
  expect(holds(gap, exempt({ expires: gap.start.t }))).toBe(false)
  expect(holds(gap, exempt({ expires: gap.start.t + 1 }))).toBe(true)
  expect(holds(gap, exempt({ mmsi: 8 }), exempt())).toBe(true)
})

test('who took the number of an exempt ship is not exempt, unless it is so itself', () => {
  const taken = { ...gap, type: 'identity' as const, details: { others: [8] } }
  expect(holds(taken, exempt())).toBe(false)
  expect(holds(taken, exempt(), exempt({ mmsi: 8 }))).toBe(true)
  expect(holds({ ...taken, details: {} }, exempt())).toBe(true)
})

test('a meeting is exempt with the vessel that it is told of', () => {
  const met = { ...gap, type: 'encounter' as const, details: { partner: { mmsi: 8 }, others: [8] } }
  expect(holds(met, exempt())).toBe(true)
  expect(holds(met, exempt({ mmsi: 8 }))).toBe(false)
})
