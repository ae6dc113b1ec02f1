// What the reports tell around events: tracks within some hours of them, and who was heard where a silent vessel can have passed.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { haversineM } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { lookAround } from '../../src/run/around.js'
import { gapEvent } from '../sinks/events.js'

const T = Date.UTC(2024, 0, 1)
interface Row {
  mmsi: number
  h: number
  lat: number
  lon: number
}
const text = (rows: Row[]): string =>
  [
    'mmsi,time,lat,lon,name',
    ...rows.map(({ mmsi, h, lat, lon }) =>
      [mmsi, new Date(T + h * MS_PER_HOUR).toISOString(), lat, lon, `SHIP ${mmsi}`].join(','),
    ),
  ].join('\n')

async function* stream(content: string) {
  await Promise.resolve()
  yield new TextEncoder().encode(content)
}
const input = (rows: Row[], name = 'a.csv') => ({ name, stream: stream(text(rows)) })
const at = (h: number, lat: number, lon: number) => ({ t: T + h * MS_PER_HOUR, lat, lon })

const OWN = 219000001
const gap = gapEvent({ mmsi: OWN, id: 'gap', start: at(20, 55, 4), end: at(30, 55, 5) })

describe('the track', () => {
  test('is told from twelve hours before to twelve hours after, in the order of time, whatever that of the rows', async () => {
    const hours = [5, 7.9, 8.1, 19, 20, 30, 41.9, 42.1, 50]
    const rows = hours.map(h => ({ mmsi: OWN, h, lat: 55, lon: 4 }))
    const { tracks } = await lookAround([input([...rows].reverse())], [gap])
    expect(tracks.get(OWN)!.map(({ t }) => (t - T) / MS_PER_HOUR)).toEqual([8.1, 19, 20, 30, 41.9])
  })

  test('of thousands of reports is thinned, the same in any order and in any files', async () => {
    const rows = Array.from({ length: 4000 }, (_, k) => ({
      mmsi: OWN,
      h: 10 + k / 200,
      lat: 55,
      lon: 4 + k / 4000,
    }))
    const one = await lookAround([input(rows)], [gap])
    const mixed = [...rows.filter((_, k) => k % 3 === 0), ...rows.filter((_, k) => k % 3 !== 0).reverse()]
    const two = await lookAround([input(mixed.slice(0, 1500)), input(mixed.slice(1500), 'b.csv')], [gap])
    const track = one.tracks.get(OWN)!
    expect(track.length).toBeLessThanOrEqual(1500)
    expect(track.length).toBeGreaterThan(500)
    expect(two.tracks).toEqual(one.tracks)
    track.slice(1).forEach(({ t }, k) => expect(t - track[k]!.t).toBeGreaterThan(MS_PER_MIN / 3))
  })
})

describe('who was heard', () => {
  test('is whoever was there meanwhile with a detour of 20 nm, by brute force', async () => {
    const row = fc.record({
      mmsi: fc.integer({ min: 219000001, max: 219000009 }),
      h: fc.integer({ min: 15, max: 35 }),
      lat: fc.double({ min: 54, max: 56, noNaN: true }).map(x => Number(x.toFixed(4))),
      lon: fc.double({ min: 3, max: 6, noNaN: true }).map(x => Number(x.toFixed(4))),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async rows => {
        const straight = haversineM(55, 4, 55, 5)
        const detour = ({ lat, lon }: Row) =>
          haversineM(55, 4, lat, lon) + haversineM(lat, lon, 55, 5) - straight
        const there = rows.filter(
          each => each.mmsi !== OWN && each.h > 20 && each.h < 30 && detour(each) <= 20 * M_PER_NM,
        )
        const { count, nearest } = (await lookAround([input(rows)], [gap])).heard.get('gap')!
        expect(count).toBe(new Set(there.map(({ mmsi }) => mmsi)).size)
        for (const { mmsi, name, reports, asideM } of nearest) {
          const own = there.filter(each => each.mmsi === mmsi)
          expect([name, reports]).toEqual([`SHIP ${mmsi}`, own.length])
          expect(asideM).toBeCloseTo(Math.max(0, Math.min(...own.map(detour))), 3)
        }
        expect(nearest.map(({ asideM }) => asideM)).toEqual(
          nearest.map(({ asideM }) => asideM).sort((a, b) => a - b),
        )
      }),
      { numRuns: 60 },
    )
  })

  test('is told of silences only', async () => {
    const { heard, tracks } = await lookAround(
      [input([{ mmsi: OWN, h: 21, lat: 55, lon: 4 }])],
      [gapEvent({ mmsi: OWN, id: 'slow', type: 'loitering', start: gap.start, end: gap.end })],
    )
    expect([...heard.keys()]).toEqual([])
    expect(tracks.get(OWN)!.length).toBe(1)
  })
})

test('an input that cannot be read is told, and the others are', async () => {
  const wrong: string[] = []
  const { tracks } = await lookAround(
    [{ name: 'no.csv', path: '/nowhere/no.csv' }, input([{ mmsi: OWN, h: 21, lat: 55, lon: 4 }])],
    [gap],
    { onInputError: error => void wrong.push(error.message) },
  )
  expect(wrong.length).toBe(1)
  expect(tracks.get(OWN)!.length).toBe(1)
})
