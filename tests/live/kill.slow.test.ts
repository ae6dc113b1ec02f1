// The long form of kill.test.ts: a feed of three minutes at 20,000 sentences a second, killed 20 times and more, with the
// zones of the world.

import { expect, test } from 'vitest'
import { killRun } from './kill.js'

test.runIf(process.env['DARKWAKE_SLOW'])(
  'twenty kills in three minutes of 20,000 sentences a second leave no trace in the event log',
  async () => {
    const { whole, killed, kills, stderr } = await killRun({
      ...{ vessels: 5000, lines: 3_400_000, minutes: 360 },
      ...{ linesPerS: 20_000, kills: 24, seconds: 175 },
    })
    expect(kills).toBeGreaterThanOrEqual(20)
    expect(whole.split('\n').length).toBeGreaterThan(500)
    expect(killed === whole, `the logs differ; the killed one said:\n${stderr}`).toBe(true)
  },
  900_000,
)
