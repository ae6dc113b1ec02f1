// The shape of the Events API of Global Fishing Watch, version 3, as its public documentation and its clients describe it.
// The schema is written from those, not from our code.

import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isVesselEvent, type DarkEvent, type VesselEvent } from '../../src/model/event.js'
import { entriesOf, gfwFormat } from '../../src/sinks/gfw.js'
import { anyEvent, gapEvent, HOSTILE, openGap, outage, taiwan } from './events.js'

const nullable = (type: string) => ({ type: [type, 'null'] })
const object = (properties: Record<string, unknown>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })
const names = { type: 'array', items: { type: 'string' } }
const place = object({
  lat: { type: 'number', minimum: -90, maximum: 90 },
  lon: { type: 'number', minimum: -180, maximum: 180 },
})
const vessel = object({
  ...{ id: { type: 'string' }, name: nullable('string'), ssvid: { type: 'string', pattern: '^\\d+$' } },
  ...{ flag: nullable('string'), type: { type: 'string' } },
})
const anchorage = object({
  ...{
    anchorageId: { type: 'string' },
    atDock: nullable('boolean'),
    distanceFromShoreKm: nullable('number'),
  },
  ...{ flag: nullable('string'), id: { type: 'string' }, lat: { type: 'number' }, lon: { type: 'number' } },
  ...{ name: { type: 'string' }, topDestination: nullable('string') },
})
const figure = { type: ['string', 'null'], pattern: '^-?\\d+(\\.\\d+)?(e[+-]\\d+)?$' }

const KINDS = {
  gap: object({
    intentionalDisabling: { type: 'boolean' },
    ...{ distanceKm: figure, impliedSpeedKnots: figure, positions12HoursBeforeSat: figure },
    ...{ durationHours: nullable('number'), positionsPerDaySatReception: nullable('number') },
    ...{ offPosition: orNull(place), onPosition: orNull(place) },
  }),
  encounter: object({
    ...{ vessel, medianDistanceKilometers: nullable('number'), medianSpeedKnots: nullable('number') },
    ...{ type: { type: 'string', pattern: '^[a-z]+-[a-z]+$' }, potentialRisk: nullable('boolean') },
  }),
  loitering: object({
    ...{ totalTimeHours: nullable('number'), totalDistanceKm: nullable('number') },
    ...{ averageSpeedKnots: nullable('number'), averageDistanceFromShoreKm: nullable('number') },
  }),
  port_visit: object({
    ...{ visitId: { type: 'string' }, confidence: { enum: ['1', '2', '3', '4', null] } },
    durationHrs: nullable('number'),
    ...{ startAnchorage: anchorage, intermediateAnchorage: anchorage, endAnchorage: anchorage },
  }),
}
const isoTime = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }
const regions = [
  'mpa',
  'eez',
  'rfmo',
  'fao',
  'majorFao',
  'eez12Nm',
  'highSeas',
  'mpaNoTakePartial',
  'mpaNoTake',
]
const distances = ['startDistanceFromShoreKm', 'endDistanceFromShoreKm'].concat(
  ...[['startDistanceFromPortKm', 'endDistanceFromPortKm']],
)
const document = object({
  entries: {
    type: 'array',
    items: {
      oneOf: Object.entries(KINDS).map(([type, details]) =>
        object({
          ...{ start: isoTime, end: orNull(isoTime), id: { type: 'string' }, type: { const: type } },
          position: orNull(place),
          regions: object(Object.fromEntries(regions.map(name => [name, names]))),
          boundingBox: orNull({ type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 4 }),
          distances: object(Object.fromEntries(distances.map(name => [name, nullable('number')]))),
          vessel,
          [type]: details,
        }),
      ),
    },
  },
  total: { type: 'integer' },
  limit: { type: 'null' },
  offset: { const: 0 },
  nextOffset: { type: 'null' },
})
const fits = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(document)

interface Entry {
  id: string
  type: string
  vessel: { ssvid: string; name: string | null }
  [name: string]: unknown
}
/** A coast far from anywhere: the shipped one is its own test's business. */
const coast = { onLand: () => false, shoreDistanceM: () => 123_456 }

function write(events: DarkEvent[]): { entries: Entry[]; total: number } {
  const format = gfwFormat(coast)
  const body = events.map(event => format.event(event)).join('')
  const value: unknown = JSON.parse(format.head + body + (format.tail as () => string)())
  if (!fits(value)) expect(fits.errors).toEqual([])
  return value as { entries: Entry[]; total: number }
}

const partner = { mmsi: 265316171, track: 2, name: 'REEFER', flag: 'SWE', shipType: 70 }
const encounter = (over: Partial<VesselEvent> = {}): VesselEvent =>
  gapEvent({
    ...{ type: 'encounter', id: 'encounter-1', class: 'encounter' },
    details: { partner, others: [partner.mmsi], medianDistanceM: 187.5, medianSpeedKn: 0.125 },
    ...over,
  })
const port = { name: 'Kaohsiung', country: 'TWN', lat: 22.6, lon: 120.3, radiusM: 3000 }
const visit = (over: Partial<VesselEvent> = {}): VesselEvent =>
  gapEvent({ type: 'port_visit', details: { port, confidence: 4 }, ...over })

/** Any event with the details that its type has in the product. */
const withDetails = anyEvent.map((event): DarkEvent => {
  if (event.type === 'encounter') return { ...event, details: encounter().details }
  if (event.type === 'port_visit') return { ...event, details: visit().details }
  return event
})

test('any events fit the shape: each with a counterpart once, an encounter once for each of its two', () => {
  fc.assert(
    fc.property(fc.array(withDetails, { maxLength: 8 }), events => {
      const { entries, total } = write(events)
      const expected = events.flatMap(({ type }) =>
        type === 'encounter' ? [type, type] : Object.hasOwn(KINDS, type) ? [type] : [],
      )
      expect(entries.map(({ type }) => type)).toEqual(expected)
      expect(total).toBe(expected.length)
    }),
    { numRuns: 200 },
  )
})

describe('a gap', () => {
  test('has its figures in their units, some of them as text, as they have', () => {
    const { entries } = write([gapEvent({ class: 'likely_disabled' })])
    expect(entries[0]).toMatchObject({
      ...{ type: 'gap', start: '2018-12-25T11:40:42.000Z', end: '2018-12-26T04:25:31.000Z' },
      vessel: {
        id: 'mmsi-416000301-1',
        ssvid: '416000301',
        name: 'LONG RUN 7',
        flag: 'TWN',
        type: 'fishing',
      },
      boundingBox: [-131.478745, -16.225, -130.386, -16.184225],
      regions: { eez: [String(taiwan.mrgid)], mpa: [] },
      distances: { startDistanceFromShoreKm: 123.46, startDistanceFromPortKm: null },
      gap: {
        ...{ intentionalDisabling: true, distanceKm: '117.0321', impliedSpeedKnots: '3.7735' },
        durationHours: 16.747,
        offPosition: { lat: -16.225, lon: -130.386 },
        onPosition: { lat: -16.184225, lon: -131.478745 },
      },
    })
  })

  test('lies in the middle between its ends, across ±180 too', () => {
    const at = (lon: number) => ({ t: 0, lat: 10, lon })
    const { entries } = write([gapEvent({ start: at(179), end: at(-177) })])
    expect((entries[0]!['position'] as { lon: number }).lon).toBeCloseTo(-179, 6)
    expect(entries[0]!['boundingBox']).toEqual([179, 10, -177, 10])
  })

  test('that lasts has no end, and one that is not held against the vessel was not intended', () => {
    const { entries } = write([openGap({ class: 'likely_reception' })])
    expect(entries[0]).toMatchObject({ end: null, gap: { intentionalDisabling: false, onPosition: null } })
  })
})

test('an encounter is told of both sides', () => {
  const { entries } = write([encounter()])
  expect(entries.map(({ id, vessel: own }) => [id, own.ssvid])).toEqual([
    ['encounter-1.1', '416000301'],
    ['encounter-1.2', '265316171'],
  ])
  expect(entries[0]!['encounter']).toMatchObject({
    ...{ type: 'fishing-cargo', medianDistanceKilometers: 0.188, medianSpeedKnots: 0.125 },
    vessel: { ssvid: '265316171', name: 'REEFER' },
  })
  expect(entries[1]!['encounter']).toMatchObject({ type: 'cargo-fishing', vessel: { ssvid: '416000301' } })
})

test('what has no counterpart, or was taken back, is left out', () => {
  const events = [outage(), gapEvent({ type: 'spoofing', class: 'jump' }), gapEvent({ phase: 'retracted' })]
  expect(write(events)).toMatchObject({ entries: [], total: 0 })
})

test('a name that an attacker wrote has no control character', () => {
  for (const name of HOSTILE) {
    const [entry] = entriesOf(gapEvent({ vessel: { ...gapEvent().vessel, name } }), coast) as Entry[]
    expect(entry!.vessel.name).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\ud800]/)
  }
})

test('port visits carry their port', () => {
  expect(isVesselEvent(visit())).toBe(true)
  expect(write([visit()]).entries[0]!['port_visit']).toMatchObject({
    confidence: '4',
    startAnchorage: { id: 'twn-kaohsiung', name: 'Kaohsiung', lat: 22.6 },
  })
})
