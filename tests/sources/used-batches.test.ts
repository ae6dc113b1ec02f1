// Rows are often read into memory that held others: of those nothing may be left.

import { expect, test } from 'vitest'
import { encodePosition } from '../../src/ais/encode.js'
import { tagBlock } from '../../src/ais/sentences.js'
import { COLUMN_NAMES, createBatch, type ReportBatch } from '../../src/model/batch.js'
import { createCsvReader } from '../../src/sources/csv/reader.js'
import { readCsvLayout } from '../../src/sources/csv/layout.js'
import { createJsonReader } from '../../src/sources/json.js'
import { createNmeaReader } from '../../src/sources/nmea.js'
import type { Reader, ReaderContext } from '../../src/sources/reader.js'
import { T0 } from '../helpers/replay.js'
import { bytesOf, collector } from './helpers.js'

const csv = 'MMSI,BaseDateTime,LAT,LON\n201000004,2024-01-15T00:00:00,1,2\n'
const readers: [string, string, (context: ReaderContext) => Reader][] = [
  ['CSV', csv, context => createCsvReader(context, readCsvLayout(bytesOf(csv), 'x'))],
  ['JSON', `${JSON.stringify({ mmsi: 201_000_003, timestamp: T0, lat: 1, lon: 2 })}\n`, createJsonReader],
  ...([1, 18, 27] as const).map((msgType): [string, string, (context: ReaderContext) => Reader] => [
    `NMEA message ${msgType}`,
    `${tagBlock({ t: T0 })}${encodePosition({ mmsi: 201_000_005, t: T0, lat: 1, lon: 2, msgType })}\n`,
    createNmeaReader,
  ]),
]

test.each(readers)('%s', (_, text, make) => {
  const read = (used: boolean): Record<string, number>[] => {
    const rows: Record<string, number>[] = []
    const { context } = collector('x')
    const reader = make({
      ...context,
      freshBatch() {
        const batch = createBatch(context.words, 16)
        if (used) for (const name of COLUMN_NAMES) batch[name].fill(1)
        return batch
      },
      onBatch(batch: ReportBatch) {
        for (let i = 0; i < batch.length; i++)
          rows.push(Object.fromEntries(COLUMN_NAMES.map(name => [name, batch[name][i]!])))
      },
    })
    // twice, as some readers make their first batch themselves
    for (let n = 0; n < 40; n++)
      reader.push(bytesOf(n > 0 && text === csv ? text.slice(text.indexOf('\n') + 1) : text))
    reader.end()
    return rows
  }
  expect(read(true)).toEqual(read(false))
  expect(read(true).length).toBe(40)
})
