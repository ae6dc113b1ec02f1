import fc from 'fast-check'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DarkEvent, Fix, VesselEvent } from '../../src/model/event.js'
import { geodesicM } from '../../src/geo/distance.js'
import { envelope } from '../../src/geo/envelope.js'
import { insideRings } from '../../src/geo/polygon.js'
import { envelopeFeature, feature, geojsonFormat, geometryOf } from '../../src/sinks/geojson.js'
import { anyEvent, anyFix, gapEvent, HOSTILE, openGap, outage } from './events.js'

const at = (lon: number, lat: number): Fix => ({ t: 0, lat, lon })
const gap = (start: Fix, end: Fix | null): DarkEvent => gapEvent({ start, end })

function write(events: DarkEvent[]): string {
  const format = geojsonFormat()
  return format.head + events.map(event => format.event(event)).join('') + format.tail
}

describe('the geometry', () => {
  test('of a silence is the line from OFF to ON', () => {
    expect(geometryOf(gap(at(3, 51), at(4, 52)))).toEqual({
      type: 'LineString',
      coordinates: [
        [3, 51],
        [4, 52],
      ],
    })
  })

  test('is cut where it crosses ±180, both ways', () => {
    expect(geometryOf(gap(at(179, 10), at(-179, 20)))).toEqual({
      type: 'MultiLineString',
      coordinates: [
        [
          [179, 10],
          [180, 15],
        ],
        [
          [-180, 15],
          [-179, 20],
        ],
      ],
    })
    expect(geometryOf(gap(at(-170, 0), at(160, 3)))).toEqual({
      type: 'MultiLineString',
      coordinates: [
        [
          [-170, 0],
          [-180, 1],
        ],
        [
          [180, 1],
          [160, 3],
        ],
      ],
    })
  })

  test('is not cut where it only touches the meridian', () => {
    expect(geometryOf(gap(at(170, 0), at(-180, 3)))).toMatchObject({
      coordinates: [
        [170, 0],
        [180, 3],
      ],
    })
    expect(geometryOf(gap(at(180, 0), at(-170, 3)))).toMatchObject({
      coordinates: [
        [-180, 0],
        [-170, 3],
      ],
    })
    expect(geometryOf(gap(at(-180, 0), at(170, 3)))).toMatchObject({
      coordinates: [
        [180, 0],
        [170, 3],
      ],
    })
    expect(geometryOf(gap(at(-180, 0), at(-170, 3)))).toMatchObject({
      coordinates: [
        [-180, 0],
        [-170, 3],
      ],
    })
  })

  test('is a point for an open silence, one that ended where it began, and all that is no silence', () => {
    const point = { type: 'Point', coordinates: [3, 51] }
    expect(geometryOf(gap(at(3, 51), null))).toEqual(point)
    expect(geometryOf(gap(at(3, 51), at(3, 51)))).toEqual(point)
    expect(geometryOf(gap({ t: 0, lat: null, lon: null }, at(3, 51)))).toEqual(point)
    expect(geometryOf(gapEvent({ type: 'loitering', start: at(3, 51), end: at(4, 52) }))).toEqual(point)
  })

  test('is null without any position', () => {
    const none = { t: 0, lat: null, lon: null }
    expect(geometryOf(gap(none, none))).toBeNull()
    expect(geometryOf(gap(none, null))).toBeNull()
  })

  test('of an event without a vessel is the middle of its area, where that is known', () => {
    const area = { lat: 54.5, lon: -4, radiusM: 60_000 }
    expect(geometryOf(outage({ area }))).toEqual({ type: 'Point', coordinates: [-4, 54.5] })
    expect(geometryOf(outage())).toBeNull()
    expect(feature(outage({ area })).properties).toMatchObject({ areaRadiusM: 60_000, mmsi: null })
  })

  test('stays on the map, and no line jumps across it, whatever the fixes', () => {
    fc.assert(
      fc.property(anyFix, anyFix, (start, end) => {
        const geometry = geometryOf(gap(start, end))
        if (!geometry || geometry.type === 'Point') return
        const lines = geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates
        let length = 0
        for (const line of lines) {
          expect(line.length).toBe(2)
          for (const [lon, lat] of line) {
            expect(Math.abs(lon)).toBeLessThanOrEqual(180)
            expect(Math.abs(lat)).toBeLessThanOrEqual(90)
          }
          length += Math.abs(line[0]![0] - line[1]![0])
        }
        expect(length).toBeLessThanOrEqual(180.000001)
        const ends = [lines[0]![0]!, lines.at(-1)!.at(-1)!]
        for (const [[lon, lat], fix] of [
          [ends[0]!, start],
          [ends[1]!, end],
        ] as const) {
          expect(lat).toBeCloseTo(fix.lat!, 5)
          expect(Math.cos(((lon - fix.lon!) * Math.PI) / 180)).toBeCloseTo(1, 10) // −180 is 180
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the document', () => {
  test('is a FeatureCollection with flat properties, with or without events', () => {
    expect(JSON.parse(write([]))).toEqual({ type: 'FeatureCollection', features: [] })
    const { features } = JSON.parse(write([gapEvent(), openGap()])) as { features: Record<string, unknown>[] }
    expect(features.length).toBe(2)
    expect(features[0]).toMatchObject({
      type: 'Feature',
      id: 'gap-416000301-1545738042000',
      properties: {
        mmsi: 416000301,
        startTime: '2018-12-25T11:40:42.000Z',
        startZones: 'Taiwan (approximate)',
        details_distanceM: 117032.123,
        details_state: 'under_way',
      },
    })
    expect(JSON.parse(write([]))).not.toHaveProperty('crs')
  })

  test('is valid for any events, with no property that has parts', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 4 }), events => {
        const document = JSON.parse(write(events)) as { features: { properties: Record<string, unknown> }[] }
        expect(document.features.length).toBe(events.length)
        for (const { properties } of document.features) {
          for (const value of Object.values(properties))
            expect(typeof value === 'object' && value !== null).toBe(false)
        }
      }),
    )
  })

  test('shows no control character of a name', () => {
    for (const name of HOSTILE) {
      const { properties } = feature(gapEvent({ vessel: { ...gapEvent().vessel, name } })) as {
        properties: { name: string }
      }
      expect(properties.name).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\ud800]/)
    }
  })
})

/** A gap with the reach that the gap detector would give it. */
const reaching = (start: Fix, end: Fix | null, rangeM: number, rest: Partial<VesselEvent> = {}): DarkEvent =>
  gapEvent({
    ...{ start, end, ...rest },
    details: { reach: { vMaxKn: 15, vMaxFrom: 'class', rangeM, areaKm2: 1, zonesInReach: 0, zones: [] } },
  })

describe('the envelope of a gap', () => {
  test('is a feature of its own beside the gap, which it names', () => {
    const event = reaching(at(3, 51), at(4, 52), 300_000)
    const { features } = JSON.parse(write([event, gapEvent()])) as { features: Record<string, unknown>[] }
    expect(features.map(each => each['id'])).toEqual([event.id, `${event.id}-envelope`, event.id])
    expect(features.map(each => (each['properties'] as { part: string }).part)).toEqual([
      ...['event', 'envelope', 'event'],
    ])
    expect(features[1]).toMatchObject({
      type: 'Feature',
      geometry: { type: 'Polygon' },
      properties: {
        event: event.id,
        type: 'gap',
        mmsi: event.mmsi,
        vMaxKn: 15,
        vMaxFrom: 'class',
        rangeM: 300_000,
      },
    })
  })

  test('holds what the vessel can have reached, and nothing else', () => {
    const [start, end] = [at(179, 51), at(-178, 52)]
    const { geometry } = envelopeFeature(reaching(start, end, 400_000)) as {
      geometry: { type: string; coordinates: number[][][][] }
    }
    expect(geometry.type).toBe('MultiPolygon') // cut at ±180
    const rings = geometry.coordinates.flat().map(ring => Float64Array.from(ring.flat()))
    const [inner, outer] = [396_000, 404_000].map(rangeM =>
      envelope({ lat: 51, lon: 179 }, { lat: 52, lon: -178 }, rangeM),
    )
    for (let lat = 48.05; lat < 56; lat += 0.4) {
      for (let lon = 174.05; lon < 186; lon += 0.4) {
        const x = lon < 180 ? lon : lon - 360
        const [surely, perhaps] = [inner!.covers(lat, x), outer!.covers(lat, x)]
        if (surely === perhaps) expect([lat, x, insideRings(rings, lat, x)]).toEqual([lat, x, surely])
      }
    }
  })

  test('is the disc around OFF while it lasts, and when ON has no place', () => {
    const disc = envelopeFeature(reaching(at(3, 51), null, 200_000))!
    const noPlace = envelopeFeature(reaching(at(3, 51), { t: 0, lat: null, lon: null }, 200_000))!
    expect(noPlace['geometry']).toEqual(disc['geometry'])
    const [ring] = (disc['geometry'] as { coordinates: number[][][] }).coordinates
    const lats = ring!.map(([, lat]) => lat!)
    expect(Math.max(...lats) + Math.min(...lats)).toBeCloseTo(102, 1)
  })

  test('is left out of what has none: no reach, a line, another type, what was taken back', () => {
    const [off, on] = [at(3, 51), at(4, 52)]
    expect(envelopeFeature(gapEvent())).toBeUndefined()
    expect(envelopeFeature(gapEvent({ details: { reach: null } }))).toBeUndefined()
    expect(envelopeFeature(reaching(off, on, 130_000))).toBeUndefined() // shorter than the way
    expect(envelopeFeature(reaching(off, on, 3e5, { phase: 'retracted' }))).toBeUndefined()
    expect(envelopeFeature(reaching(off, on, 3e5, { type: 'zone' }))).toBeUndefined()
    expect(envelopeFeature(reaching({ t: 0, lat: null, lon: null }, on, 3e5))).toBeUndefined()
    expect(envelopeFeature(reaching(off, on, NaN))).toBeUndefined()
  })
})

const hasOgr = spawnSync('ogrinfo', ['--version']).status === 0

test.skipIf(!hasOgr)(
  'is read by GDAL without a word of complaint (skips where ogrinfo is not installed)',
  () => {
    const none: Fix = { t: 0, lat: null, lon: null }
    const events = [
      gapEvent(),
      openGap(),
      gap(at(179, 10), at(-179, 20)),
      gap(none, none),
      gap(at(-180, -90), at(180, 90)),
      gapEvent({ type: 'spoofing', class: 'jump' }),
      ...HOSTILE.map(name => gapEvent({ vessel: { ...gapEvent().vessel, name }, details: { name } })),
      ...fc.sample(anyEvent, { numRuns: 200, seed: 7 }),
    ]
    const reached = [
      ...[
        reaching(at(3, 51), at(4, 52), 300_000),
        reaching(at(3, 51), at(4, 52), geodesicM(51, 3, 52, 4) + 1),
      ],
      ...[reaching(at(179, 10), at(-179, 20), 2e6), reaching(at(10, 88), null, 500_000)],
      ...[reaching(at(10, -60), at(20, -70), 8e6), reaching(at(10, 85), null, 1.2e7)],
      ...[
        reaching(at(170, 5), null, 1.7e7),
        reaching(at(-10, 5), null, 1.7e7),
        reaching(at(0, 0), null, 3e7),
      ],
    ]
    expect(reached.flatMap(event => envelopeFeature(event) ?? []).length).toBe(reached.length)
    events.push(...reached)
    const dir = mkdtempSync(join(tmpdir(), 'geojson-test-'))
    try {
      const path = join(dir, 'events.geojson')
      writeFileSync(path, write(events))
      const { stdout, stderr, status } = spawnSync('ogrinfo', ['-ro', '-al', '-so', path], {
        encoding: 'utf8',
      })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain(`Feature Count: ${events.length + reached.length}`)
      expect(stdout).toContain('WGS 84')
      expect(stdout).toMatch(/startLat: Real/)
      expect(stdout).toMatch(/startTime: DateTime/)
      const all = execFileSync('ogrinfo', ['-ro', '-al', path], { encoding: 'utf8', maxBuffer: 2 ** 26 })
      expect(all).toContain('MULTILINESTRING ((179 10,180 15),(-180 15,-179 20))')
    } finally {
      rmSync(dir, { recursive: true })
    }
  },
)
