import type { ZonePolygon } from '../../src/zones/index.js'

/** A square zone with its south-west corner at (west, south). */
export function square(id: string, west: number, south: number, size: number): ZonePolygon {
  const [east, north] = [west + size, south + size]
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  const about = {
    kind: 'eez' as const,
    mrgid: null,
    sovereigns: ['XXX'],
    method: 'authoritative' as const,
    weight: 1,
  }
  return { ref: { id, name: id, ...about }, polygons: [[ring]] }
}
