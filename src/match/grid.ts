// Places by cells of latitude and longitude, to find those within some distance of another place.

import { EARTH_RADIUS_M } from '../model/units.js'

const RAD = Math.PI / 180
const M_PER_DEG = EARTH_RADIUS_M * RAD

export interface Grid {
  /**
   * Asks of the places within that distance, great circle, one after another, until one is the one looked for.
   * @returns whether there was one
   */
  some(lat: number, lon: number, radiusM: number, test: (k: number) => boolean): boolean
}

/** @param cellDeg side of a cell: about what will be asked for */
export function createGrid(places: readonly { lat: number; lon: number }[], cellDeg: number): Grid {
  const n = places.length
  const columns = Math.max(1, Math.floor(360 / cellDeg))
  const widthDeg = 360 / columns
  const rowOf = (lat: number): number => Math.floor((lat + 90) / cellDeg)
  const columnOf = (lon: number): number => {
    const column = Math.floor((lon + 180) / widthDeg) % columns
    return column < 0 ? column + columns : column
  }
  const key = Int32Array.from(places, ({ lat, lon }) => rowOf(lat) * columns + columnOf(lon))
  const order = Int32Array.from(key.keys()).sort((a, b) => key[a]! - key[b]! || a - b)
  // in that order, of each place its point on the unit sphere: distances without angles
  const points = new Float64Array(3 * n)
  const starts = new Map<number, number>()
  for (let k = n - 1; k >= 0; k--) {
    const { lat, lon } = places[order[k]!]!
    points.set(pointOf(lat, lon), 3 * k)
    starts.set(key[order[k]!]!, k)
  }

  return {
    some(lat, lon, radiusM, test) {
      const [x, y, z] = pointOf(lat, lon)
      const angle = radiusM / EARTH_RADIUS_M
      const chord = angle < Math.PI ? (2 * Math.sin(angle / 2)) ** 2 : Infinity
      const isHit = (k: number): boolean => {
        const dx = points[3 * k]! - x
        const dy = points[3 * k + 1]! - y
        const dz = points[3 * k + 2]! - z
        return dx * dx + dy * dy + dz * dz <= chord && test(order[k]!)
      }
      const dLat = radiusM / M_PER_DEG
      const south = rowOf(lat - dLat)
      const north = rowOf(lat + dLat)
      // where a meridian touches the circle; around a pole there is none
      const sin = Math.sin(angle) / Math.cos(lat * RAD)
      const steps =
        Math.abs(lat) + dLat < 90 && sin < 1 ? Math.ceil(Math.asin(sin) / RAD / widthDeg) : columns
      const wide = Math.min(columns, 2 * steps + 1)
      if ((north - south + 1) * wide >= n) {
        for (let k = 0; k < n; k++) if (isHit(k)) return true
        return false
      }
      const west = columnOf(lon) - steps
      for (let row = south; row <= north; row++)
        for (let c = 0; c < wide; c++) {
          const cell = row * columns + ((((west + c) % columns) + columns) % columns)
          const start = starts.get(cell)
          if (start === undefined) continue
          for (let k = start; k < n && key[order[k]!] === cell; k++) if (isHit(k)) return true
        }
      return false
    },
  }
}

function pointOf(lat: number, lon: number): [number, number, number] {
  const cos = Math.cos(lat * RAD)
  return [cos * Math.cos(lon * RAD), cos * Math.sin(lon * RAD), Math.sin(lat * RAD)]
}
