// Every recorded file reads with balanced books, and CSV says row by row what fast-csv says.

import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseString } from 'fast-csv'
import { describe, expect, test } from 'vitest'
import { recognise } from '../../src/sources/open.js'
import { sharedPath, sharedText, testWith } from '../helpers/shared.js'
import { balance, collector, type Collected } from './helpers.js'

async function readFile(path: string, timeStart?: number): Promise<Collected & { format: string }> {
  const name = path.split('/').at(-1)!
  const input = await recognise({ name, path })
  const result = collector(name)
  if (timeStart !== undefined) result.context.timeStart = timeStart
  await input.read(result.context)
  expect(balance(result).accounted).toBe(result.counts.read)
  expect(result.counts.read).toBeGreaterThan(0)
  return { ...result, format: input.format }
}

const here = existsSync(sharedPath('data'))
const filesIn = (folder: string): string[] =>
  here ? readdirSync(sharedPath(`data/${folder}`)).map(file => `data/${folder}/${file}`) : []
const positions = filesIn('positions').filter(file => /\.csv(\.gz)?$/.test(file))

describe.skipIf(!here)('feeds of ../shared/data/formats (skipped where that folder is absent)', () => {
  test.each(filesIn('formats/aisstream').filter(file => file.endsWith('.json')))('%s', async file => {
    const { format, counts, rejects, rows } = await readFile(sharedPath(file))
    expect(format).toBe('aisstream')
    expect(counts.read).toBe(1)
    expect(rejects).toEqual([])
    const isReport = /Position|StaticData|AidsTo|BaseStation|SearchAndRescue/.test(file)
    expect([rows.length, counts.other]).toEqual(isReport ? [1, 0] : [0, 1])
  })

  const noTime = 'data/formats/aisstream/positions_notime.ndjson.gz'
  testWith(noTime, 'messages without time are rejected, unless somebody gives one', async () => {
    const none = await readFile(sharedPath(noTime))
    expect(none.counts).toMatchObject({ read: 5850, rejected: { 'no-time': 5850 } })
    const t = Date.UTC(2023, 9, 22)
    const given = await readFile(sharedPath(noTime), t)
    expect(given.rows).toHaveLength(5849)
    expect(given.rejects.map(({ reason }) => reason)).toEqual(['position-zero'])
    expect(new Set(given.rows.map(row => row.t))).toEqual(new Set([t]))
  })

  for (const [file, format] of [
    ['sample.aivdm.js.chk', 'gpsd'],
    ['sample.aivdm.ju.chk', 'gpsd-raw'],
  ] as const) {
    const path = `data/conformance/gpsd/${file}`
    testWith(path, `${file} of gpsd`, async () => {
      const result = await readFile(sharedPath(path))
      expect(result.format).toBe(format)
      expect(result.counts.read).toBe(97)
      // one message of noise, 109 degrees north
      expect(result.rejects.map(({ reason }) => reason)).toEqual(['position-out-of-range'])
    })
  }

  testWith('data/conformance/gpsd/sample.aivdm.ju.chk', 'scaled and unscaled gpsd agree', async () => {
    const [scaled, raw] = await Promise.all(
      ['js', 'ju'].map(kind => readFile(sharedPath(`data/conformance/gpsd/sample.aivdm.${kind}.chk`))),
    )
    expect(raw!.rows).toHaveLength(scaled!.rows.length)
    raw!.rows.forEach((row, k) => {
      const want = scaled!.rows[k]!
      // gpsd rounds what it scales
      for (const field of ['lat', 'lon', 'sog', 'cog'] as const) {
        if (Number.isNaN(want[field])) expect(row[field], field).toBeNaN()
        else expect(Math.abs(row[field] - want[field]), field).toBeLessThan(5e-5)
      }
      expect({ ...row, lat: 0, lon: 0, sog: 0, cog: 0, rot: 0 }).toEqual({
        ...{ ...want, lat: 0, lon: 0, sog: 0, cog: 0, rot: 0 },
      })
    })
  })
})

describe.skipIf(!here)('CSV of ../shared/data against fast-csv (skipped where that folder is absent)', () => {
  /** Columns by field, for the files at hand. */
  const NAMES = {
    mmsi: /^(mmsi|track_id)$/i,
    t: /^(datetime|time|timestamp|basedatetime)$/i,
    lat: /^lat(itude)?(_degrees)?$/i,
    lon: /^lon(gitude)?(_degrees)?$/i,
    sog: /^(sog(_knots)?|speed)$/i,
    name: /^(vesselname|name)$/i,
    length: /^length$/i,
  } as const

  const time = (text: string): number =>
    /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(`${text.replace(' ', 'T').replace(/Z$/, '')}Z`)
  const kept = (text: string | undefined): string | undefined => {
    const clean = text?.trim()
    return clean === '' || clean === '-' ? undefined : clean
  }

  test.each(positions)(
    '%s',
    async file => {
      const ours = await readFile(sharedPath(file))
      let k = 0
      let refused = 0
      let first = ''
      const fail = (what: string): void => {
        first ||= `row ${k + refused + 1}: ${what}`
      }
      const columns: Partial<Record<keyof typeof NAMES, string>> = {}
      await new Promise<void>((done, failed) => {
        parseString(sharedText(file), { headers: true })
          .on('headers', (headers: string[]) => {
            for (const [field, pattern] of Object.entries(NAMES)) {
              const column = headers.find(header => pattern.test(header))
              if (column) columns[field as keyof typeof NAMES] = column
            }
          })
          .on('data', (row: Record<string, string>) => {
            const cell = (field: keyof typeof NAMES): string => row[columns[field] ?? ''] ?? ''
            const mmsi = Number(cell('mmsi'))
            if (!(mmsi >= 1 && mmsi <= 999_999_999)) {
              refused++
              return
            }
            const got = ours.rows[k++]
            if (!got) return fail('missing')
            if (got.mmsi !== mmsi) fail(`mmsi ${got.mmsi}, not ${mmsi}`)
            if (got.t !== time(cell('t'))) fail(`t ${got.t}, not ${cell('t')}`)
            for (const field of ['lat', 'lon'] as const) {
              const want = Number(cell(field))
              const isSentinel = Number(cell('lat')) === 91 || Number(cell('lon')) === 181
              if (isSentinel ? got[field] === got[field] : got[field] !== want)
                fail(`${field} ${cell(field)}`)
            }
            const sog = cell('sog') === '' ? NaN : Math.fround(Number(cell('sog')))
            const isSpeed = sog >= 0 && sog <= 102.25
            if (isSpeed ? got.sog !== sog : got.sog === got.sog) fail(`sog ${got.sog}, not ${cell('sog')}`)
            if (columns.name && got.statics?.name !== kept(cell('name'))) fail(`name ${cell('name')}`)
            const length = Number(cell('length')) || undefined
            if (columns.length && got.statics?.length !== length) fail(`length ${cell('length')}`)
          })
          .on('error', failed)
          .on('end', () => done())
      })
      expect(first).toBe('')
      expect(k).toBe(ours.rows.length)
      expect(k + refused).toBe(ours.counts.read)
    },
    120_000,
  )

  test('the folder holds what it should', () => {
    expect(positions.length).toBeGreaterThanOrEqual(6)
    expect(resolve(sharedPath(positions[0]!))).toContain('positions')
  })
})
