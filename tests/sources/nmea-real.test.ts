// Recorded logs of many receivers: every sentence is accounted for, and the counts are those that were measured apart.

import { readdirSync, existsSync } from 'node:fs'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect } from 'vitest'
import { sharedPath, testWith } from '../helpers/shared.js'
import { read } from '../ais/read.js'

const bytesOf = (path: string): Uint8Array => {
  const bytes = readFileSync(sharedPath(path))
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes
}
const vessels = (out: ReturnType<typeof read>): number => new Set(out.rows.map(row => row.mmsi)).size

describe('recorded logs', () => {
  const at = { timeStart: Date.UTC(2020, 0, 1) }

  testWith(
    'data/nmea/amsa_ais_2h_2012-01-27.txt.gz',
    'ten talkers, garbled heads, times on one in forty',
    () => {
      const out = read(bytesOf('data/nmea/amsa_ais_2h_2012-01-27.txt.gz'))
      expect(out.missing).toBe(0)
      // 34,016 with a checksum, three of them wrong; 13 were cut off before it
      expect(out.counts.read).toBe(34_016 + 13)
      expect(out.counts.rejected.checksum).toBe(3 + 13)
      expect(out.rows.length).toBeGreaterThan(33_000)
      const times = out.rows.map(row => row.t)
      const early = times.filter(t => t < Date.UTC(2012, 0, 27, 11, 46)).length
      expect(early).toBeLessThanOrEqual(26) // only those of $PGHP came late
      expect(Math.max(...times)).toBeLessThan(Date.UTC(2012, 0, 27, 11, 54))
    },
  )

  testWith('data/nmea/kystverket_2024-12-09.raw', 'a national feed with TAG blocks, 26 lines without', () => {
    const out = read(bytesOf('data/nmea/kystverket_2024-12-09.raw'))
    expect([out.counts.read, vessels(out), out.reasons, out.missing]).toEqual([223, 187, {}, 0])
    expect(out.rows.every(row => row.t >= Date.UTC(2024, 11, 9, 22, 7, 14))).toBe(true)
  })

  testWith(
    'data/nmea/amsa_exact-earth-with-tag-block.txt.gz',
    'groups: every message of two lines is whole',
    () => {
      const out = read(bytesOf('data/nmea/amsa_exact-earth-with-tag-block.txt.gz'))
      expect([out.counts.read, out.counts.static, out.counts.parts, out.reasons]).toEqual([221, 21, 21, {}])
      // 17 lines name no station
      expect(new Set(out.rows.map(row => row.station))).toEqual(new Set(['rEV02', undefined]))
    },
  )

  testWith(
    'data/nmea/dma_stream_example_2010-06-11.txt.gz',
    'a Gatehouse stream: 449 messages in parts',
    () => {
      const out = read(bytesOf('data/nmea/dma_stream_example_2010-06-11.txt.gz'))
      // 4,482 with a talker of letters, 18 of dashes
      expect([out.counts.read, out.counts.parts, out.missing]).toEqual([4482 + 18, 449, 0])
      expect(
        out.rows.every(row => row.t > Date.UTC(2010, 5, 11, 11, 46) && row.t < Date.UTC(2010, 5, 11, 11, 47)),
      ).toBe(true)
    },
  )

  testWith('data/nmea/go-ais_aistest.nmea', 'nanoseconds in front', () => {
    const out = read(bytesOf('data/nmea/go-ais_aistest.nmea'))
    expect([out.counts.read, out.missing]).toEqual([998, 0])
    const times = out.rows.map(row => row.t)
    expect([Math.min(...times), Math.max(...times)]).toEqual([1550303566167, 1550303568261])
  })

  testWith(
    'data/nmea/pyais_nmea_data_sample.txt',
    'no time but that of base stations; 100 empty payloads',
    () => {
      const out = read(bytesOf('data/nmea/pyais_nmea_data_sample.txt'))
      expect([out.counts.read, out.reasons, out.missing]).toEqual([898, { bits: 100 }, 0])
    },
  )

  const folder = sharedPath('data/nmea/malformed')
  for (const file of existsSync(folder) ? readdirSync(folder) : ['malformed']) {
    testWith(`data/nmea/malformed/${file}`, `${file}: the books balance, cut anywhere`, () => {
      const bytes = bytesOf(`data/nmea/malformed/${file}`)
      const out = read(bytes, at)
      expect(out.missing).toBe(0)
      for (let size = 1; size < 200; size += 13) {
        const cuts = Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => i * size)
        expect(read(bytes, { ...at, cuts })).toEqual(out)
      }
    })
  }

  testWith('data/nmea/malformed/bad-type5.nmea', 'parts that do not belong together make no ship', () => {
    expect(read(bytesOf('data/nmea/malformed/bad-type5.nmea')).rows).toEqual([])
  })
  testWith(
    'data/nmea/malformed/spire-test.nmea',
    'blocks with a wrong checksum are dropped, their sentences are not',
    () => {
      const out = read(bytesOf('data/nmea/malformed/spire-test.nmea'), at)
      expect([out.counts.static, out.counts.parts]).toEqual([2, 2])
    },
  )
})
