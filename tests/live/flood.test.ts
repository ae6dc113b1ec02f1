// Memory is bounded under anything, and those who invent ships make no real one be forgotten. The long form, a million of
// them, is flood.slow.test.ts.

import { expect, test } from 'vitest'
import { handSource, feedOf, heard, start } from '../run/watch/helpers.js'
import { flood } from './flood.js'

test('ten times more invented ships than there is room for: every real gap is found, and the pressure is told', async () => {
  const { silent, found, running } = await flood({ real: 500, fake: 20_000, capacity: 2000 })
  expect(found).toEqual(silent)
  expect(running.watch.status().engine.evicted.vessels).toBeGreaterThan(15_000)
  running.wall.move(60_000)
  expect(running.said.some(line => /state-pressure: \d+ vessels gave way/.test(line))).toBe(true)
})

test('sentences that open messages and never end them leave the others whole', async () => {
  const source = handSource()
  const running = await start({ feeds: [feedOf(source)] })
  for (let n = 0; n < 20; n++) {
    let open = ''
    for (let k = 0; k < 5000; k++) {
      const body = `AIVDM,9,1,${k % 10},${k % 2 ? 'A' : 'B'},${String.fromCharCode(48 + (k % 40))}3u?etP00,0`
      let sum = 0
      for (const c of body) sum ^= c.charCodeAt(0)
      open += `!${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\n`
    }
    source.send(open + heard(1, n))
  }
  const { counts } = running.watch.status().feeds[0]!
  expect(counts.parts).toBe(100_000)
  // those of the last two minutes still wait to be put in order
  expect(running.watch.status().engine.accepted).toBeGreaterThan(15)
})
