// Readers remember the ids of static data. When the engine forgets those that nobody uses, ids come to mean something
// else, and no reader may go on with what it remembers.

import { describe, expect, test } from 'vitest'
import { encodeStatic24, encodeStatic5 } from '../../src/ais/encode.js'
import { tagBlock } from '../../src/ais/sentences.js'
import type { StaticData } from '../../src/model/report.js'
import { createCsvReader } from '../../src/sources/csv/reader.js'
import { readCsvLayout } from '../../src/sources/csv/layout.js'
import { createJsonReader } from '../../src/sources/json.js'
import { createNmeaReader } from '../../src/sources/nmea.js'
import type { Reader, ReaderContext } from '../../src/sources/reader.js'
import { T0 } from '../helpers/replay.js'
import { bytesOf, collector } from './helpers.js'

/** What each piece of the input says, when nobody uses any static data of the pieces before. */
function said(make: (context: ReaderContext) => Reader, pieces: string[]): (StaticData | undefined)[][] {
  const { rows, context } = collector('x')
  const reader = make(context)
  return pieces.map((piece, k) => {
    rows.length = 0
    reader.push(bytesOf(piece))
    if (reader.flush) reader.flush()
    else if (k === pieces.length - 1) reader.end()
    const { statics } = context.words
    statics.sweep(() => undefined)
    // others take the ids that became free
    for (let n = 0; n < 10; n++) statics.id(`other ${k} ${n}`, () => ({ name: `OTHER ${k} ${n}` }))
    return rows.map(row => row.statics)
  })
}

const lines = (sentences: string[]): string => sentences.map(s => `${tagBlock({ t: T0 })}${s}\n`).join('')

describe('a reader whose static data were forgotten', () => {
  test('NMEA message 5: the same bits mean the same data', () => {
    const ship = { mmsi: 201_000_001, name: 'ALPHA', callsign: 'C1', shipType: 70 }
    const piece = lines(encodeStatic5(ship, 1))
    const told = said(createNmeaReader, [piece, piece, piece])
    expect(told.map(([data]) => data)).toEqual(Array(3).fill({ name: 'ALPHA', callsign: 'C1', shipType: 70 }))
  })

  test('NMEA message 24: what was heard of the other half still holds', () => {
    const ship = { mmsi: 201_000_002, name: 'BRAVO', callsign: 'C2', shipType: 36 }
    const [a, b] = encodeStatic24(ship)
    const told = said(createNmeaReader, [lines([a, b]), lines([b]), lines([a])])
    const whole = { name: 'BRAVO', callsign: 'C2', shipType: 36 }
    expect(told).toEqual([[{ name: 'BRAVO' }, whole], [whole], [whole]])
  })

  test('JSON: by text', () => {
    const piece = `${JSON.stringify({ mmsi: 201_000_003, timestamp: T0, lat: 1, lon: 2, name: 'CHARLIE' })}\n`
    const told = said(createJsonReader, [piece, piece])
    expect(told).toEqual([[{ name: 'CHARLIE' }], [{ name: 'CHARLIE' }]])
  })

  test.each(['MMSI,BaseDateTime,LAT,LON,VesselName', 'VesselName,MMSI,BaseDateTime,LAT,LON'])(
    'CSV: as the tail of a row, or cell by cell (%s)',
    header => {
      const name = header.startsWith('Vessel')
      const row = `201000004,2024-01-15T00:00:00,1,2`
      const piece = `${name ? `DELTA,${row}` : `${row},DELTA`}\n`
      const head = bytesOf(`${header}\n${piece}`)
      // a CSV reader hands over when a batch is full
      const many = piece.repeat(4096)
      const told = said(
        context => createCsvReader(context, readCsvLayout(head, 'x')),
        [`${header}\n${many}`, many, many],
      )
      expect(told.map(each => new Set(each.map(data => data?.name)))).toEqual(
        Array(3).fill(new Set(['DELTA'])),
      )
    },
  )
})
