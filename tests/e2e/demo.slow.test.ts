// The demo, whole: every step that a first-time user sees. It takes seconds, so it runs only when asked for.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { darkwake, emptyFolder, stackLines } from './darkwake.js'

describe.skipIf(!process.env.DARKWAKE_SLOW)('demo (set DARKWAKE_SLOW=1 to run)', () => {
  test('finds most of what happened, accuses few, and writes a map', async () => {
    const folder = emptyFolder()
    const outcome = await darkwake(['demo'], { cwd: folder })
    expect(outcome.code).toBe(0)
    expect(stackLines(outcome.stderr)).toEqual([])
    expect(outcome.stdout).toContain('ranked by score, beside what really happened')
    const verdict = /(\d+) of (\d+) found, (\d+) missed, (\d+) false alarms/.exec(outcome.stdout)!
    const [found, all, missed, falseAlarms] = verdict.slice(1).map(Number) as [number, number, number, number]
    expect(found + missed).toBe(all)
    expect(found).toBeGreaterThan(all / 2)
    expect(falseAlarms).toBeLessThan(all)
    const map = JSON.parse(readFileSync(join(folder, 'events.geojson'), 'utf8')) as {
      type: string
      features: unknown[]
    }
    expect(map.type).toBe('FeatureCollection')
    expect(map.features.length).toBeGreaterThan(all)

    const again = await darkwake(['demo'], { cwd: folder })
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/^darkwake: output: events\.geojson: exists already/)
  })
})
