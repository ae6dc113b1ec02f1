import { parseString } from 'fast-csv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_LINE_BYTES } from '../../../src/sources/reader.js'
import { balance, bytesOf, readCsv } from '../helpers.js'

const HEADER =
  'MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass'

const fastCsv = (text: string): Promise<Record<string, string>[]> =>
  new Promise((resolve, reject) => {
    const rows: Record<string, string>[] = []
    parseString(text, { headers: true })
      .on('data', (row: Record<string, string>) => rows.push(row))
      .on('error', reject)
      .on('end', () => resolve(rows))
  })

/** A cell as RFC 4180 writes it: quoted where it must be, and sometimes where it need not. */
const cell = (text: string, quote: boolean): string =>
  quote || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

const text = fc
  .string({ unit: fc.constantFrom(...'AB 7é😀",;\'\n\r-@='), maxLength: 12 })
  .map(s => s.replace(/\r(?!\n)/g, ''))

const record = fc.record({
  mmsi: fc.integer({ min: 1, max: 999_999_999 }),
  t: fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2030, 0, 1) }),
  lat: fc.double({ min: 0.001, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
  sog: fc.integer({ min: 0, max: 1022 }),
  name: text,
  callsign: text,
  quotes: fc.array(fc.boolean(), { minLength: 17, maxLength: 17 }),
})
type Rec = typeof record extends fc.Arbitrary<infer T> ? T : never

function toCsv(records: Rec[], lineEnd: string): string {
  const lines = records.map(r => {
    const cells = [
      ...[r.mmsi, new Date(r.t).toISOString().slice(0, 19), r.lat, r.lon, r.sog / 10, '', 511],
      ...[r.name, '', r.callsign, 70, 0, 120, 20, 5.5, 70, 'A'],
    ]
    return cells.map((c, k) => cell(String(c), r.quotes[k]!)).join(',')
  })
  return [HEADER, ...lines].join(lineEnd) + lineEnd
}

const clean = (s: string): string | undefined => {
  const at = s.indexOf('@')
  return (at >= 0 ? s.slice(0, at) : s).trim() || undefined
}

describe('CSV reader', () => {
  test('equals fast-csv row by row, whatever the cells hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 20 }),
        fc.constantFrom('\n', '\r\n'),
        async (records, lineEnd) => {
          const csv = toCsv(records, lineEnd)
          const { rows } = readCsv(csv)
          const expected = await fastCsv(csv)
          expect(rows).toHaveLength(expected.length)
          rows.forEach((row, k) => {
            const want = expected[k]!
            expect(row.mmsi).toBe(Number(want.MMSI))
            expect(row.t).toBe(Date.parse(`${want.BaseDateTime}Z`))
            expect(row.lat).toBe(Number(want.LAT))
            expect(row.lon).toBe(Number(want.LON))
            expect(row.sog).toBe(Math.fround(Number(want.SOG)))
            expect(row.txClass).toBe(want.TransceiverClass)
            const name = clean(want.VesselName!)
            expect(row.statics?.name).toBe(name === '-' ? undefined : name)
            const callsign = clean(want.CallSign!)
            expect(row.statics?.callsign).toBe(callsign === '-' ? undefined : callsign)
            expect(row.statics?.length).toBe(120)
          })
        },
      ),
      { numRuns: 200 },
    )
  })

  test('cutting the bytes anywhere changes nothing, broken rows included', () => {
    const junk = fc.string({ unit: fc.constantFrom(...'1,"\n\rA#. -'), maxLength: 60 })
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 6 }),
        fc.array(junk, { maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.boolean(),
        (records, dirt, cuts, ended) => {
          let csv =
            toCsv(records, '\n') + dirt.join('\n') + '\n' + toCsv(records, '\r\n').slice(HEADER.length + 2)
          if (!ended) csv = csv.slice(0, -3)
          const whole = readCsv(csv)
          const cut = readCsv(csv, cuts)
          expect(cut.rows).toEqual(whole.rows)
          expect(cut.rejects).toEqual(whole.rejects)
          expect(cut.counts).toEqual(whole.counts)
          const books = balance(whole)
          expect(books.accounted).toBe(books.read)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('every byte on its own is read like the whole', () => {
    const csv = `${HEADER}\r\n338148873,2022-01-03T00:00:00,33.60716,-117.91483,0,280,511,"CAZ ""A"", B",,,37,,14,,,,B\r\n`
    const bytes = bytesOf(csv)
    const cut = readCsv(
      csv,
      Array.from(bytes, (_, k) => k),
    )
    expect(cut.rows).toEqual(readCsv(csv).rows)
    expect(cut.rows[0]!.statics).toEqual({ name: 'CAZ "A", B', shipType: 37, length: 14 })
  })

  test('equal tails of rows share their static data, also after the table was overrun', () => {
    const row = (k: number, name: string): string =>
      `${k + 1},2022-01-03T00:00:00,33.6,-117.9,0,280,511,${name},,,37,5,14,,,,B\n`
    const names = Array.from({ length: 70_000 }, (_, k) => `SHIP ${k}`)
    const csv = HEADER + '\n' + [...names, ...names.slice(0, 1000)].map((name, k) => row(k, name)).join('')
    const { rows } = readCsv(csv)
    expect(rows).toHaveLength(71_000)
    rows.forEach((r, k) => {
      if (r.statics?.name !== names[k % 70_000] || r.navStatus !== 5 || r.txClass !== 'B')
        throw new Error(`row ${k}`)
    })
  })
})

describe('values', () => {
  const one = (header: string, line: string) => {
    const result = readCsv(`${header}\n${line}\n`)
    const reasons = result.rejects.map(reject => reject.reason)
    return { ...result, row: result.rows[0]!, reasons }
  }
  const simple = 'mmsi,t,lat,lon,sog,cog,heading,rot,status'

  test('sentinels are not available, and the row stays', () => {
    const { row } = one(simple, '1,2022-01-03T00:00:00Z,91,181,102.3,360,511,-128,15')
    expect(row).toMatchObject({
      lat: NaN,
      lon: NaN,
      sog: NaN,
      cog: NaN,
      heading: NaN,
      rot: NaN,
      navStatus: 15,
    })
  })

  test('values one step from the sentinels are kept', () => {
    const { row } = one(simple, '1,2022-01-03T00:00:00Z,90,180,102.2,359.9,359,-127,14')
    expect(row).toMatchObject({ lat: 90, lon: 180, heading: 359, rot: -127, navStatus: 14 })
    expect(row.sog).toBeCloseTo(102.2, 4)
    expect(row.cog).toBeCloseTo(359.9, 4)
  })

  test.each(['', 'NA', 'null', 'Unknown', ' '])('a position of "%s" is a sign of life', blank => {
    const { row } = one(simple, `1,2022-01-03T00:00:00Z,${blank},${blank},1,2,3,4,5`)
    expect(row).toMatchObject({ mmsi: 1, lat: NaN, lon: NaN, sog: 1 })
  })

  test.each([
    ['0,2022-01-03T00:00:00Z,1,1', 'mmsi-invalid'],
    ['1000000000,2022-01-03T00:00:00Z,1,1', 'mmsi-invalid'],
    ['1.5,2022-01-03T00:00:00Z,1,1', 'mmsi-invalid'],
    ['0x10,2022-01-03T00:00:00Z,1,1', 'mmsi-invalid'],
    ['4294967297,2022-01-03T00:00:00Z,1,1', 'mmsi-invalid'],
    ['1,,1,1', 'no-time'],
    ['1,yesterday,1,1', 'time-invalid'],
    ['1,1980-01-01T00:00:00Z,1,1', 'time-out-of-range'],
    ['1,2022-01-03T00:00:00Z,abc,1', 'position-invalid'],
    ['1,2022-01-03T00:00:00Z,1,0x1', 'position-invalid'],
    ['1,2022-01-03T00:00:00Z,90.1,1', 'position-out-of-range'],
    ['1,2022-01-03T00:00:00Z,0,0', 'position-zero'],
    ['1,2022-01-03T00:00:00Z,1', 'malformed'],
    ['1,2022-01-03T00:00:00Z,1,1,9', 'malformed'],
    ['1,2022-01-03T00:00:00Z,1,"1', 'malformed'],
    ['1,2022-01-03T00:00:00Z,1,"1"x', 'malformed'],
  ])('%s is refused as %s, with its line and text', (line, reason) => {
    const { reasons, rejects, rows, counts } = one('mmsi,t,lat,lon', line)
    expect(reasons).toEqual([reason])
    expect(rows).toEqual([])
    expect(counts.read).toBe(1)
    expect(rejects[0]).toMatchObject({ line: 2, source: 'test.csv', raw: line })
  })

  test('a blank cell too many is a trailing delimiter', () => {
    expect(one('mmsi,t,lat,lon', '1,2022-01-03T00:00:00Z,1,2,').row).toMatchObject({ lat: 1, lon: 2 })
  })

  test('a short row is read when it holds the position, but not when it is the cut end of the file', () => {
    const header = 'mmsi,t,lat,lon,sog'
    expect(readCsv(`${header}\n1,2022-01-03T00:00:00Z,1,2\n`).rows).toHaveLength(1)
    const cut = readCsv(`${header}\n1,2022-01-03T00:00:00Z,1,2`)
    expect(cut.rows).toEqual([])
    expect(cut.counts.rejected.malformed).toBe(1)
    expect(readCsv(`${header}\n1,2022-01-03T00:00:00Z,1,2,3`).rows).toHaveLength(1)
  })

  test('negative courses of MarineCadastre copies are unfolded, elsewhere they are not available', () => {
    const line = ',,,,,,,,,A'
    const at = (cog: string): number =>
      readCsv(`${HEADER}\n1,2022-01-03T00:00:00,1,1,0,${cog},511${line}\n`).rows[0]!.cog
    expect(at('-196.5')).toBeCloseTo(213.1, 4)
    expect(at('-49.6')).toBeNaN() // 360.0, not available
    expect(one(simple, '1,2022-01-03T00:00:00Z,1,1,1,-196.5,3,4,5').row.cog).toBeNaN()
  })

  test('comments, blank lines and a header met again are not read', () => {
    const csv = `${simple}\n# hello\n\n1,2022-01-03T00:00:00Z,1,1,1,1,1,1,1\n\r\n${simple}\n2,2022-01-03T00:00:00Z,1,1,1,1,1,1,1\n`
    const { rows, counts } = readCsv(csv)
    expect(rows.map(row => row.mmsi)).toEqual([1, 2])
    expect(counts.read).toBe(2)
  })

  test('line numbers count lines, also inside quotes', () => {
    const csv = 'mmsi,t,lat,lon,name\n1,2022-01-03T00:00:00Z,1,1,"A\nB"\n0,2022-01-03T00:00:00Z,1,1,C\n'
    expect(readCsv(csv).rejects[0]!.line).toBe(4)
  })

  test('one stray quote costs one line', () => {
    const good = '1,2022-01-03T00:00:00Z,1,1,A\n'
    const { rows, counts } = readCsv(
      `mmsi,t,lat,lon,name\n${good}1,2022-01-03T00:00:00Z,1,1,"A\n${good.repeat(5000)}`,
    )
    expect(rows).toHaveLength(5001)
    expect(counts.rejected.malformed).toBe(1)
  })
})

describe('lines without end', () => {
  const header = 'mmsi,t,lat,lon,name\n'
  const good = '1,2022-01-03T00:00:00Z,1,1,A\n'
  const line = (length: number): string => '1,2022-01-03T00:00:00Z,1,1,'.padEnd(length, 'x')

  test('a line of the limit is read, one byte more is too long', () => {
    expect(readCsv(`${header}${line(MAX_LINE_BYTES)}\n${good}`).rows).toHaveLength(2)
    const { rows, rejects } = readCsv(`${header}${line(MAX_LINE_BYTES + 1)}\n${good}`)
    expect(rows).toHaveLength(1)
    expect(rejects).toMatchObject([{ reason: 'too-long', line: 2 }])
    expect(rejects[0]!.raw!.length).toBe(1000)
  })

  test('a line of 10 MB is one reject, wherever it is cut', () => {
    const csv = `${header}${good}${line(10_000_000)}\n${good}`
    for (const cuts of [[], [100, 5_000_000], Array.from({ length: 200 }, (_, k) => k * 65_537)]) {
      const { rows, rejects } = readCsv(csv, cuts)
      expect(rows).toHaveLength(2)
      expect(rejects).toMatchObject([{ reason: 'too-long', line: 3 }])
    }
  })

  test('quoted cells are held to the same limit', () => {
    const quoted = (length: number): string => '1,2022-01-03T00:00:00Z,1,1,"'.padEnd(length - 1, 'x') + '"'
    expect(readCsv(`${header}${quoted(MAX_LINE_BYTES)}\n${good}`).rows).toHaveLength(2)
    expect(readCsv(`${header}${quoted(MAX_LINE_BYTES + 1)}\n${good}`).rejects).toMatchObject([
      { reason: 'too-long' },
    ])
  })
})

describe('what is remembered', () => {
  test('tails that are remembered, forgotten and changed keep to their own row', () => {
    // vessels that share the low bits of their MMSI, names that come, go and come again, more than the caches hold
    const lines: string[] = []
    const names: string[] = []
    for (let row = 0; row < 40_000; row++) {
      const vessel = row % 7000
      const mmsi = 200_000_000 + (vessel % 3500) * 16 + (vessel >= 3500 ? 1 << 16 : 0)
      const name = row % 3 === 0 ? `SHIP ${vessel}` : `SHIP ${vessel} ${'X'.repeat(row % 13)}${row % 5}`
      names.push(name)
      lines.push(`${mmsi},2022-01-03T00:00:00,1,1,0,0,0,${name},,C${vessel},70,${row % 9},100,20,5,70,A`)
    }
    const { rows } = readCsv(`${HEADER}\n${lines.join('\n')}\n`)
    expect(rows.map(row => row.statics?.name)).toEqual(names)
    expect(rows.map(row => row.navStatus)).toEqual(names.map((_, row) => row % 9))
  })
})
