// Where a table of lessons ends, when tables before it are only remembered.

import { expect, test } from 'vitest'
import { allHeard, earLine, spanOf, stretchesAfter, stretchesOf } from '../../src/engine/lessons.js'
import { createHearing, hearIn } from '../../src/reception/listeners.js'
import { FEED_WORDS } from '../../src/reception/health.js'
import { SLOT_MS } from '../../src/reception/slots.js'

/** That these ships were heard in a slot. */
function heardIn(slot: number, ...ships: number[]): string {
  const heard = createHearing(FEED_WORDS)
  for (const mmsi of ships) hearIn(heard, mmsi, slot * SLOT_MS + 1)
  return earLine(slot, 0, '', heard)
}

test('a table after others ends where all of them together do', () => {
  const lines = [
    ...[heardIn(100, 257000010, 257000020), heardIn(103, 257000010), heardIn(120, 257000030)],
    ...[heardIn(121, 257000040), heardIn(150, 257000050), heardIn(151, 257000050)],
  ]
  const whole = spanOf(stretchesOf(lines))
  // the last ship is alone, beyond a hole of hours
  expect(whole).toEqual({ from: 100, to: 121 * SLOT_MS + 1 })
  for (let cut = 1; cut < lines.length - 1; cut++) {
    const before = allHeard(stretchesOf(lines.slice(0, cut)))
    expect(spanOf(stretchesAfter(before, stretchesOf(lines.slice(cut))))).toEqual(whole)
  }
  expect(spanOf(stretchesAfter(undefined, []))).toEqual({ from: Infinity, to: -Infinity })
  // by itself the last table would be believed
  expect(spanOf(stretchesOf(lines.slice(4))).to).toBe(151 * SLOT_MS + 1)
})
