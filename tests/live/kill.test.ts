// Killed at any moment and started again, a watch writes the event log that it would have written otherwise: no event
// twice, none missing. The long form, 20 kills in three minutes, is kill.slow.test.ts.

import { expect, test } from 'vitest'
import { killRun } from './kill.js'

test('kill -9 and a restart leave the event log as if nothing had happened', async () => {
  const { whole, killed, kills, stderr } = await killRun({
    ...{ vessels: 300, lines: 140_000, minutes: 240 },
    ...{ linesPerS: 20_000, kills: 3, seconds: 7, args: ['--no-zones'] },
  })
  expect(kills).toBeGreaterThanOrEqual(2)
  const events = whole.split('\n').filter(Boolean)
  expect(events.length).toBeGreaterThan(20)
  expect(new Set(events.map(line => (JSON.parse(line) as { phase: string }).phase))).toContain('opened')
  expect(killed === whole, `the logs differ; the killed one said:\n${stderr}`).toBe(true)
})
