// A million invented ships in a minute beside 5,000 real ones, with the tables that a watch has by default.

import { expect, test } from 'vitest'
import { flood } from './flood.js'

test.runIf(process.env['DARKWAKE_SLOW'])(
  'a million invented ships in a minute: every real gap is found, memory stays within 2 GB',
  async () => {
    const { silent, found } = await flood({ real: 5000, fake: 1_000_000, capacity: 65_536 })
    expect(found).toEqual(silent)
    expect(process.memoryUsage().rss).toBeLessThan(2e9)
  },
  900_000,
)
