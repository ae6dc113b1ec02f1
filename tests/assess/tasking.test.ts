// Where to look, by brute force and by what is known of the orbits.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { browserLink, taskingOf } from '../../src/assess/tasking.js'
import { haversineM } from '../../src/geo/distance.js'
import { insideRings } from '../../src/geo/polygon.js'
import type { Fix, VesselEvent } from '../../src/model/event.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR } from '../../src/model/units.js'
import { taskingGeojson } from '../../src/sinks/tasking.js'
import { gapEvent } from '../sinks/events.js'

const DAY = Date.UTC(2024, 5, 1)
const KN = 10
const silence = (start: Fix, end: Fix | null, vMaxKn = KN): VesselEvent =>
  gapEvent({
    ...{ start, end, durationS: end ? (end.t - start.t) / 1000 : null, phase: end ? 'closed' : 'opened' },
    details: { reach: { vMaxKn, vMaxFrom: 'class', rangeM: end ? rangeM(start, end, vMaxKn) : 1e5 } },
  })
const rangeM = (a: Fix, b: Fix, kn: number): number => ((b.t - a.t) / MS_PER_HOUR) * kn * M_PER_NM
const at = (hours: number, lat: number, lon: number): Fix => ({ t: DAY + hours * MS_PER_HOUR, lat, lon })

describe('the passes', () => {
  test('over the North Sea come when they do: radar at dawn and in the late afternoon, optical before noon', () => {
    // 53.9 N 3.6 E, as in the archives: some minutes after 6, 17:25 to 17:35, and 11 UTC
    const { looks } = taskingOf(silence(at(0, 53.9, 3.6), at(24, 53.9, 3.6), 3), DAY + MS_PER_DAY)!
    const hours = looks.map(({ sensor, pass, from, to }) => [
      ...[sensor, pass, Math.round(((from + to) / 2 - DAY) / MS_PER_HOUR)],
    ])
    expect(hours).toEqual([
      ['sentinel-1', 'descending', 6],
      ['sentinel-2', 'descending', 11],
      ['sentinel-1', 'ascending', 17],
    ])
  })

  test('come half a day later on the other side of the earth', () => {
    const times = (lon: number) =>
      taskingOf(silence(at(0, 0, lon), at(48, 0, lon), 1), DAY)!.looks.map(({ from }) => from)
    const [here, there] = [times(0), times(179.999)]
    expect(Math.abs(there[0]! + 0.5 * MS_PER_DAY - here[0]!) % (MS_PER_DAY / 2)).toBeLessThan(MS_PER_HOUR)
  })

  test('lie within the silence, or after what is known of one that lasts', () => {
    const open = taskingOf(silence(at(0, 50, -20), null, 4), DAY + 20 * MS_PER_HOUR)!
    expect(open.looks.some(({ upcoming }) => upcoming)).toBe(true)
    for (const { from, to, upcoming } of open.looks) {
      expect((from + to) / 2).toBeGreaterThan(DAY)
      expect(upcoming).toBe(from > DAY + 20 * MS_PER_HOUR)
    }
    const closed = taskingOf(silence(at(0, 50, -20), at(30, 50, -20), 4), DAY + 9 * MS_PER_DAY)!
    expect(closed.looks.every(({ upcoming }) => !upcoming)).toBe(true)
  })

  test('are none beyond the poleward end of the orbits, of what is no gap, was taken back, or has no place', () => {
    expect(taskingOf(silence(at(0, 86, 0), at(24, 86, 0)), DAY)!.looks).toEqual([])
    const gap = silence(at(0, 50, 0), at(24, 50, 0))
    expect(taskingOf({ ...gap, type: 'port_silence' }, DAY)).toBeNull()
    expect(taskingOf({ ...gap, phase: 'retracted' }, DAY)).toBeNull()
    expect(taskingOf({ ...gap, start: { t: DAY, lat: null, lon: null } }, DAY)).toBeNull()
    expect(taskingOf({ ...gap, details: {} }, DAY)).toBeNull()
  })

  test('of weeks of silence are those with the smallest areas, near both of its ends', () => {
    const { looks } = taskingOf(silence(at(0, 10, 60), at(24 * 40, 12, 63)), DAY + 99 * MS_PER_DAY)!
    expect(looks.length).toBeGreaterThan(0)
    expect(looks.length).toBeLessThanOrEqual(6)
    for (const { from } of looks) {
      const hours = (from - DAY) / MS_PER_HOUR
      expect(Math.min(hours, 24 * 40 - hours)).toBeLessThan(36)
    }
  })
})

describe('the area of a pass', () => {
  test('holds exactly the places that are not too far from OFF, nor from ON, by then', () => {
    const place = fc.record({
      lat: fc.double({ min: -70, max: 70, noNaN: true }),
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
    })
    const cases = fc.record({
      off: place,
      dLat: fc.double({ min: -1, max: 1, noNaN: true }),
      dLon: fc.double({ min: -1, max: 1, noNaN: true }),
      hours: fc.integer({ min: 14, max: 40 }),
    })
    fc.assert(
      fc.property(cases, ({ off, dLat, dLon, hours }) => {
        const start = at(0, off.lat, off.lon)
        const lon = off.lon + dLon
        const end = at(hours, off.lat + dLat, lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon)
        for (const look of taskingOf(silence(start, end), DAY + 9 * MS_PER_DAY)!.looks) {
          const t = (look.from + look.to) / 2
          const [a, b] = [t - start.t, end.t - t].map(ms => (ms / MS_PER_HOUR) * KN * M_PER_NM)
          // degrees around its middle, so that ±180 is nowhere near
          const turned = look.ring.flatMap(([x, y]) => [((x - look.place.lon + 540) % 360) - 180, y])
          const ring = Float64Array.from(turned)
          for (let k = 0; k < 60; k++) {
            const dx = ((k % 10) - 4.5) * 0.6
            const y = Math.max(-89, Math.min(89, look.place.lat + (Math.floor(k / 10) - 2.5) * 0.7))
            const x = look.place.lon + dx
            const over = Math.max(
              haversineM(start.lat!, start.lon!, y, x) / a!,
              haversineM(end.lat!, end.lon!, y, x) / b!,
            )
            if (Math.abs(over - 1) > 0.02) expect([k, insideRings([ring], y, dx)]).toEqual([k, over < 1])
          }
        }
      }),
      { numRuns: 25 },
    )
  })
})

test('GeoJSON has the whole silence and its passes, cut at ±180, with a link each', () => {
  const events = [silence(at(0, 10, 179.9), at(20, 10.2, -179.8)), gapEvent({ type: 'loitering' })]
  const { features } = JSON.parse(taskingGeojson(events, DAY + MS_PER_DAY)) as {
    features: {
      geometry: { type: string; coordinates: number[][][][] | number[][][] }
      properties: { part: string; from: string; to: string; link?: string; event: string }
    }[]
  }
  expect(features.map(({ properties }) => properties.part)).toEqual(['area', 'look', 'look'])
  for (const { geometry, properties } of features) {
    expect(geometry.type).toBe('MultiPolygon')
    expect(properties.event).toBe(events[0]!.id)
    expect(Date.parse(properties.from)).toBeLessThan(Date.parse(properties.to))
    for (const [x, y] of (geometry.coordinates as number[][][][]).flat(2)) {
      expect(Math.abs(x!)).toBeLessThanOrEqual(180)
      expect(Math.abs(y!)).toBeLessThanOrEqual(90)
    }
    if (properties.part === 'look')
      expect(properties.link).toMatch(/^https:\/\/browser\.dataspace\.copernicus\.eu\//)
  }
})

test('a link leads to the place, the day and the instrument', () => {
  const { looks } = taskingOf(silence(at(0, 53.9, 3.6), at(24, 53.9, 3.6), 3), DAY + MS_PER_DAY)!
  const query = new URL(browserLink(looks[1]!)).searchParams
  expect(Object.fromEntries(query)).toMatchObject({
    ...{ datasetId: 'S2_L2A_CDAS', fromTime: '2024-06-01T00:00:00.000Z', toTime: '2024-06-01T23:59:59.999Z' },
    lat: '53.90000',
  })
})
