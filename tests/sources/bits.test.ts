// Accuracy, RAIM, repeat indicator and communication state, from whatever says them.

import { describe, expect, test } from 'vitest'
import {
  BIT_ACCURACY,
  BIT_ACCURACY_KNOWN,
  BIT_RAIM,
  BIT_RAIM_KNOWN,
  BIT_REPEAT_SHIFT,
} from '../../src/model/batch.js'
import { createWords } from '../../src/model/words.js'
import { createSourceCounts } from '../../src/model/stats.js'
import { createCsvReader } from '../../src/sources/csv/reader.js'
import { readCsvLayout } from '../../src/sources/csv/layout.js'
import { createJsonReader } from '../../src/sources/json.js'
import type { Reader, ReaderContext } from '../../src/sources/reader.js'

const T = '2024-01-15T00:00:00Z'
const KNOWN = BIT_ACCURACY_KNOWN | BIT_RAIM_KNOWN

function read(text: string, open: (context: ReaderContext, bytes: Uint8Array) => Reader) {
  const rows: [bits: number, commState: number][] = []
  const bytes = new TextEncoder().encode(text)
  const reader = open(
    {
      ...{ words: createWords(), counts: createSourceCounts(), name: 'bits' },
      onBatch: batch => {
        for (let i = 0; i < batch.length; i++) rows.push([batch.bits[i]!, batch.commState[i]!])
      },
    },
    bytes,
  )
  reader.push(bytes)
  reader.end()
  return rows
}

const json = (record: object) =>
  read(JSON.stringify(record), context => createJsonReader(context))[0] ?? [NaN, NaN]
const csv = (text: string) =>
  read(text, (context, bytes) => createCsvReader(context, readCsvLayout(bytes, 'bits.csv')))

describe('integrity bits', () => {
  const plain = { mmsi: 257123450, t: T, lat: 1, lon: 2 }

  test('of our own JSON', () => {
    expect(json({ ...plain, accuracy: true, raim: false, repeat: 2, commState: 81923 })).toEqual([
      KNOWN | BIT_ACCURACY | (2 << BIT_REPEAT_SHIFT),
      81923,
    ])
    expect(json({ ...plain, accuracy: 0, raim: '1' })).toEqual([KNOWN | BIT_RAIM, 0])
    expect(json(plain)).toEqual([0, 0])
  })

  test('what is no bit is not known', () => {
    expect(json({ ...plain, accuracy: 15, raim: 'high', repeat: 4, commState: 2 ** 19 })).toEqual([0, 0])
    expect(json({ ...plain, accuracy: null, raim: '' })).toEqual([0, 0])
  })

  test('of CSV, where a row that has none does not get those of the one before', () => {
    const head = 'mmsi,time,lat,lon,accuracy,raim,commState\n'
    expect(csv(`${head}257123450,${T},1,2,1,1,5\n257123450,${T},1,3,,,\n257123450,${T},1,4,0,1,7\n`)).toEqual(
      [
        [KNOWN | BIT_ACCURACY | BIT_RAIM, 5],
        [0, 0],
        [KNOWN | BIT_RAIM, 7],
      ],
    )
  })
})
