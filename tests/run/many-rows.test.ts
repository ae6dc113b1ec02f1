// What waits while many rows go by: rows of the extract until they are put together by vessel, events until they are settled.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { detect } from '../../src/run/detect.js'
import { createWords } from '../../src/model/words.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { openLessonsFiles } from '../../src/run/lessons-file.js'
import { judgeVessels, learnFrom, ROWS } from '../../src/run/operators.js'
import { createRowReader } from '../../src/run/rows.js'

const T0 = Date.UTC(2026, 0, 1)
const SHIPS = 3
const MINUTES = 23_000

/** Ships that cross the sea and back, a report a minute; the first is silent for a day at the beginning. */
const csv = (): string => {
  const rows = ['mmsi,t,lat,lon,sog']
  for (let minute = 0; minute < MINUTES; minute++)
    for (let ship = 0; ship < SHIPS; ship++) {
      if (ship === 0 && minute > 600 && minute < 2040) continue
      const lon = 3 + Math.abs(((minute / 1000) % 2) - 1)
      rows.push(
        `${219_000_001 + ship},${new Date(T0 + minute * MS_PER_MIN).toISOString()},${55 + ship / 5},${lon.toFixed(5)},2`,
      )
    }
  return `${rows.join('\n')}\n`
}

test('every row of the extract is handed on, however many wait to be put together', async () => {
  const text = csv()
  const inputs = () => [{ name: 'rows', stream: chunks(text) }]
  const taught: string[] = []
  await ended(learnFrom(inputs(), {}, line => taught.push(line)))
  const folder = mkdtempSync(join(tmpdir(), 'darkwake-test-'))
  const path = join(folder, 'lessons')
  writeFileSync(path, `${taught.sort().join('\n')}\n`)
  const lessons = openLessonsFiles([path])
  const blocks: Uint8Array[] = []
  await ended(
    judgeVessels(inputs(), {}, lessons, line => {
      if (line.startsWith(`${ROWS}\t`)) blocks.push(Buffer.from(line.slice(ROWS.length + 1), 'base64'))
    }),
  )
  lessons.close()
  rmSync(folder, { recursive: true })
  const { length, mmsi, t } = createRowReader(createWords())(blocks)
  const found = Array.from({ length }, (_, k) => `${mmsi[k]!},${new Date(t[k]!).toISOString()}`)
  const rows = text.trimEnd().split('\n').slice(1)
  expect(rows.length).toBeGreaterThan(65_536)
  expect(found.sort()).toEqual(rows.map(row => row.split(',').slice(0, 2).join(',')).sort())
})

test('what is settled is told while the rows go on, also where some thousand rows are hours', async () => {
  let at = NaN
  const first: number[] = []
  const run = detect([{ name: 'rows', stream: chunks(csv()) }], {
    onProgress: ({ phase, lastT }) => void (phase === 'detect' && (at = lastT)),
  })
  for await (const { type } of run) if (type === 'gap') first.push(at)
  expect(first).toHaveLength(1)
  // the silence ends 34 h after the beginning, and is settled an hour later; 4,096 rows are 23 h
  expect(first[0]! - T0).toBeLessThan(100 * MS_PER_HOUR)
})

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** An operator tells no events. */
async function ended(run: AsyncIterable<unknown>): Promise<void> {
  expect(await run[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
}
