import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventSchema } from '../../src/model/schema.js'
import { eventLine, toJson } from '../../src/sinks/ndjson.js'
import { anyEvent, gapEvent, openGap, outage } from './events.js'

const parse = (line: string) => JSON.parse(line) as Record<string, unknown>

test('writes the fields of the contract, in its order', () => {
  const { details, evidence, zones, ...rest } = parse(eventLine(gapEvent({ class: 'likely_disabled' })))
  expect(Object.keys(parse(eventLine(gapEvent({ class: 'likely_disabled' }))))).toEqual(
    'schema type id phase revision asOf mmsi track vessel start end durationS zones class score evidence details'.split(
      ' ',
    ),
  )
  expect(rest).toEqual({
    schema: 'darkwake/event/1',
    type: 'gap',
    id: 'gap-416000301-1545738042000',
    phase: 'closed',
    revision: 2,
    asOf: '2018-12-26T04:25:31.000Z',
    mmsi: 416000301,
    track: 1,
    vessel: { name: 'LONG RUN 7', imo: null, callsign: 'BH3301', flag: 'TWN', shipType: 30, txClass: 'A' },
    start: { t: '2018-12-25T11:40:42.000Z', lat: -16.225, lon: -130.386 },
    end: { t: '2018-12-26T04:25:31.000Z', lat: -16.184225, lon: -131.478745 },
    durationS: 60289,
    class: 'likely_disabled',
    score: 0.8735,
  })
  expect(zones).toMatchObject({ start: [{ id: 'eez-8321', method: 'approximate' }], end: [], touched: [] })
  expect(evidence).toMatchObject([{ family: 'silence', name: 'duration_h', value: 16.747, weight: 1.8 }])
  expect(details).toEqual({
    off: { t: '2018-12-25T11:40:42.000Z', lat: -16.225, lon: -130.386 },
    on: { t: '2018-12-26T04:25:31.000Z', lat: -16.184225, lon: -131.478745 },
    distanceM: 117032.123,
    impliedSpeedKn: 3.773,
    state: 'under_way',
  })
})

test('who heard a fix stands with it, wherever it is told', () => {
  const event = gapEvent()
  const start = { ...event.start, receivers: ['A', 'B'] }
  const read = parse(eventLine({ ...event, start, details: { ...event.details, off: start } }))
  expect(read.start).toMatchObject({ receivers: ['A', 'B'] })
  expect(read.details).toMatchObject({ off: { receivers: ['A', 'B'] } })
  expect(read.end).not.toHaveProperty('receivers')
  expect(eventSchema.safeParse(read).success).toBe(true)
})

test('an event without a vessel says who listened instead', () => {
  const area = { lat: 54.123_456_789, lon: -4, radiusM: 60_000.000_9 }
  const read = parse(eventLine(outage({ receiver: 'north', area })))
  expect(Object.keys(read)).toEqual(
    'schema type id phase revision asOf source receiver area start end durationS zones class score evidence details'.split(
      ' ',
    ),
  )
  expect(read).toMatchObject({ source: 'terrestrial', receiver: 'north' })
  expect(read.area).toEqual({ lat: 54.123457, lon: -4, radiusM: 60000.001 })
  expect(parse(eventLine(outage())).area).toBeNull()
  expect(eventSchema.safeParse({ ...read, type: 'gap' }).success).toBe(false)
  expect(eventSchema.safeParse({ ...parse(eventLine(gapEvent())), type: 'feed_outage' }).success).toBe(false)
})

test('an open event ends with null, and a class that is not known is left out', () => {
  const open = parse(eventLine(openGap()))
  expect(open).toMatchObject({ end: null, durationS: null })
  expect('class' in open).toBe(false)
})

test('figures that are no number become null, and a small probability does not become 0', () => {
  const details = {
    survival: 1.23456e-9,
    speedKn: NaN,
    distanceM: Infinity,
    offset: -0,
    bbox: [1.123456789, 2],
  }
  expect(parse(eventLine(gapEvent({ details }))).details).toEqual({
    survival: 1.235e-9,
    speedKn: null,
    distanceM: null,
    offset: 0,
    bbox: [1.123457, 2],
  })
})

test('any event is one line by any idea of a line, keeps its text, and fits the published schema', () => {
  fc.assert(
    fc.property(anyEvent, event => {
      const line = eventLine(event)
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/)
      const read = parse(line) as { vessel: unknown; evidence: { text: string }[] }
      expect(read.vessel).toEqual(event.vessel)
      expect(read.evidence[0]!.text).toBe(event.evidence[0]!.text)
      expect(eventSchema.safeParse(read).error).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})

test('toJson parses back to what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      for (const v of [value, text]) expect(JSON.parse(toJson(v))).toEqual(JSON.parse(JSON.stringify(v)))
    }),
  )
})
