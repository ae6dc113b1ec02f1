// In which order what the parts of a cut by vessel found is told.

import { expect, test } from 'vitest'
import { compareTurns, PHASES, type Found } from '../../src/engine/parts.js'

const first = { t: 0, phase: PHASES.waiting as number, mmsi: 1, look: 0, track: 0, turn: 0, nth: 0 }
const found = ({ track, turn, ...when }: typeof first): Found => ({
  ...{ at: { beat: 0, minute: 0, mmsi: 0, track, turn }, when, event: {} as Found['event'], asOf: 0 },
})

test('time counts most, then timers before rows before the end, then the vessel, the look, the track, the detector', () => {
  expect(PHASES.waiting < PHASES.timers && PHASES.timers < PHASES.parked).toBe(true)
  expect(PHASES.parked < PHASES.rows && PHASES.rows < PHASES.end).toBe(true)
  const names = ['t', 'phase', 'mmsi', 'look', 'track', 'turn', 'nth'] as const
  expect(compareTurns(found(first), found(first))).toBe(0)
  names.forEach((name, k) => {
    // all that counts less says the opposite
    const earlier = found({ ...first, ...Object.fromEntries(names.slice(k + 1).map(less => [less, 9])) })
    const later = found({ ...first, [name]: first[name] + 1 })
    expect([name, compareTurns(earlier, later) < 0, compareTurns(later, earlier) > 0]).toEqual([
      name,
      true,
      true,
    ])
  })
})
