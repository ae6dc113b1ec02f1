import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadApproximateEez } from '../../src/zones/approximate-eez.js'
import { loadCoast } from '../../src/zones/coast.js'
import { buildZoneIndex, type ZonePolygon } from '../../src/zones/index.js'

const zones = loadApproximateEez()
const index = buildZoneIndex(zones)
const at = (lat: number, lon: number): string[] =>
  index.members(index.setAt(lat, lon)).map(z => index.zones[z]!.id)

describe('approximate EEZs', () => {
  test.each([
    ['the Lofoten', 68, 13, 'approx-NOR'],
    ['the Channel, north', 50.5, -0.5, 'approx-GBR'],
    ['the Channel, south', 49.9, -0.5, 'approx-FRA'],
    ['off Nuuk', 64, -53, 'approx-GRL'],
    ['off Stanley', -52, -57, 'approx-FLK'],
    ['Hawaii', 20, -158, 'approx-USA'],
    ['Fiji, west of the antimeridian', -17.5, 179.9, 'approx-FJI'],
    ['Fiji, on the antimeridian', -17.5, 180, 'approx-FJI'],
    ['Fiji, on the antimeridian, written −180', -17.5, -180, 'approx-FJI'],
    ['Fiji, east of the antimeridian', -17.5, -179.9, 'approx-FJI'],
    ['Wrangel Island, east of the antimeridian', 71, -179, 'approx-RUS'],
    ['the Caspian off Aktau', 43.6, 50.8, 'approx-KAZ'],
    ['the port of Hamburg, on land here', 53.53, 9.95, 'approx-DEU'],
    ['the port of Antwerp, nearest coast Dutch', 51.25, 4.35, 'approx-BEL'],
    ['the port of Rotterdam', 51.95, 4.1, 'approx-NLD'],
    ['off Dakhla', 23.7, -16.5, 'approx-ESH'],
    ['off Agadir', 30.4, -10, 'approx-MAR'],
  ])('%s', (_, lat, lon, id) => {
    expect(at(lat, lon)).toEqual([id])
  })

  test.each([
    ['the middle of the Atlantic', 30, -45],
    ['the labelled gap of the South Pacific', -16.225, -115],
    ['off Antarctica', -68, 0],
    ['Bern, in a country without a coast', 46.95, 7.45],
    ['Madrid, far inland', 40.4, -3.7],
    ['the North Pole', 90, 0],
  ])('%s is in none', (_, lat, lon) => {
    expect(at(lat, lon)).toEqual([])
  })

  test('every zone says that it is approximate, and ids are unique', () => {
    for (const { ref } of zones) {
      expect(ref).toMatchObject({ kind: 'eez', method: 'approximate', mrgid: null })
      expect(ref.name).toMatch(/ \(approximate EEZ\)$/)
      expect(ref.id).toMatch(/^approx-[A-Z]{3}$/)
      for (const iso of ref.sovereigns) expect(iso).toMatch(/^[A-Z]{3}$/)
    }
    expect(new Set(zones.map(({ ref }) => ref.id)).size).toBe(zones.length)
    expect(zones.find(({ ref }) => ref.id === 'approx-GRL')!.ref.sovereigns).toEqual(['DNK'])
  })

  test('zones do not overlap', () => {
    const random = mulberry32(7)
    for (let k = 0; k < 20_000; k++)
      expect(at(random() * 170 - 80, random() * 360 - 180).length).toBeLessThan(2)
  })
})

const reference = path.resolve('..', 'shared', 'data', 'zones', 'gfw_eezs_coarse.json')

describe('agreement with the coarse reference of Global Fishing Watch', () => {
  test.skipIf(!existsSync(reference))(
    '100,000 random sea points: ≥ 95 % on EEZ or high seas, ≥ 95 % on whose (skipped without ../shared)',
    () => {
      const features = JSON.parse(readFileSync(reference, 'utf8')) as {
        properties: { area: number; name: string }
        geometry: { coordinates: number[][][][] }
      }[]
      const sovereigns = JSON.parse(readFileSync('fixtures/zones/mrgid-sovereigns.json', 'utf8')) as Record<
        string,
        string
      >
      const theirs = buildZoneIndex(
        features.map(({ properties: { area, name }, geometry }): ZonePolygon => ({
          ref: {
            id: String(area),
            name,
            kind: 'eez',
            mrgid: area,
            sovereigns: [sovereigns[area]!],
            method: 'authoritative',
            weight: 1,
          },
          polygons: geometry.coordinates,
        })),
      )
      const coast = loadCoast()
      const random = mulberry32(20_240_101)
      const count = { sea: 0, sameKind: 0, bothEez: 0, sameSovereign: 0 }
      const misses = new Map<string, number>()
      while (count.sea < 100_000) {
        const lat = (Math.asin(2 * random() - 1) * 180) / Math.PI
        const lon = random() * 360 - 180
        if (coast.onLand(lat, lon)) continue
        count.sea++
        const ours = index.members(index.setAt(lat, lon)).flatMap(z => index.zones[z]!.sovereigns)
        const reference = theirs.members(theirs.setAt(lat, lon)).flatMap(z => theirs.zones[z]!.sovereigns)
        const same = ours.some(iso => reference.includes(iso))
        if (ours.length > 0 === reference.length > 0) count.sameKind++
        if (ours.length > 0 && reference.length > 0) {
          count.bothEez++
          if (same) count.sameSovereign++
        }
        if (ours.length + reference.length > 0 && !same) {
          const key = `${ours.join()} here, ${reference.join()} there`
          misses.set(key, (misses.get(key) ?? 0) + 1)
        }
      }
      const percent = (n: number, of: number): string => `${((100 * n) / of).toFixed(2)} %`
      console.log(
        `EEZ or high seas: ${percent(count.sameKind, count.sea)} of ${count.sea}; ` +
          `same sovereign: ${percent(count.sameSovereign, count.bothEez)} of ${count.bothEez}`,
      )
      if (process.env['MISSES']) console.log([...misses].sort((a, b) => b[1] - a[1]).slice(0, 40))
      expect(count.sameKind / count.sea).toBeGreaterThanOrEqual(0.95)
      expect(count.sameSovereign / count.bothEez).toBeGreaterThanOrEqual(0.95)
    },
  )
})

/** A seeded random generator, 0 ≤ x < 1. */
function mulberry32(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
