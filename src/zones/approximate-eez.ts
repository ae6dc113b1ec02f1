// The exclusive economic zones of the world, approximately: sea within 200 nautical miles of a coast belongs to the
// nearest one (UNCLOS articles 15, 57 and 74 without treaties, straight baselines or disputes). Made by
// scripts/build-zones.ts from Natural Earth. For a first run without any file; never a legal limit: docs/zones.md.

import type { ZonePolygon } from './index.js'
import { readShipped } from './packed.js'

/** Header of data/approximate-eez.bin.gz; its lines are arcs that neighbours share. */
export interface ApproximateHeader {
  zones: {
    /** ISO 3166-1 alpha-3 of the territory; CPT for Clipperton, which has none. */
    iso: string
    name: string
    sovereigns: string[]
    /** Rings as arc numbers, ~n for arc n backwards; even-odd over all of them is the zone. */
    rings: number[][]
  }[]
}

/** Reads the shipped zones: one per territory, method `approximate`, id `approx-` and the territory's ISO code. */
export function loadApproximateEez(): ZonePolygon[] {
  const { header, lines } = readShipped<ApproximateHeader>('approximate-eez.bin.gz')
  return header.zones.map(({ iso, name, sovereigns, rings }) => ({
    ref: {
      id: `approx-${iso}`,
      name: `${name} (approximate EEZ)`,
      kind: 'eez',
      mrgid: null,
      sovereigns,
      method: 'approximate',
      weight: 1 / sovereigns.length,
    },
    polygons: [rings.map(ring => ringOf(ring, lines))],
  }))
}

function ringOf(arcs: readonly number[], lines: readonly Float64Array[]): number[][] {
  const ring: number[][] = []
  for (const arc of arcs) {
    const line = lines[arc < 0 ? ~arc : arc]!
    const points = line.length / 2
    // an arc begins where the one before it ended
    for (let k = ring.length === 0 ? 0 : 1; k < points; k++) {
      const i = 2 * (arc < 0 ? points - 1 - k : k)
      ring.push([line[i]!, line[i + 1]!])
    }
  }
  return ring
}
