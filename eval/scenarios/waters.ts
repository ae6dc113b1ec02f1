// Where the evaluation sails: the North Sea of the demo, the open coast of Iberia and Morocco, and patches of open
// ocean that hold no land, some along a 200-mile line, one on the antimeridian, one near each pole.

import { destination } from '../../src/geo/distance.js'
import { M_PER_NM } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import type { Point, Receiver, Waters } from '../../src/simulate/scenario.js'
import { antenna } from '../../src/simulate/scenarios/north-sea.js'

/** Drawn by hand a few miles off the coast; tests hold the lanes against Natural Earth's land. */
export const IBERIA: Waters = {
  places: {
    vigo: [42.2, -8.95, 0],
    'vigo-road': [42.1, -9.3, 1],
    finisterre: [43.1, -9.9, 3],
    biscay: [45.6, -8.4, 6],
    leixoes: [41.17, -8.76, 0],
    'leixoes-road': [41.1, -9.2, 2],
    carvoeiro: [39.4, -10.0, 3],
    lisboa: [38.64, -9.42, 0],
    roca: [38.6, -9.95, 3],
    sines: [37.93, -8.92, 0],
    'st-vincent': [36.8, -9.3, 3],
    'cadiz-bay': [36.3, -7.2, 3],
    cadiz: [36.5, -6.45, 0],
    spartel: [35.9, -6.4, 2],
    casablanca: [33.68, -7.65, 0],
    'casablanca-road': [34.0, -8.0, 3],
    'madeira-ridge': [35.5, -13.0, 8],
    'azores-way': [38.5, -17.5, 8],
    'finisterre-west': [43.0, -15.5, 8],
    'agadir-offing': [31.0, -11.5, 6],
  },
  // prettier-ignore
  lanes: [
    ['vigo', 'vigo-road'], ['vigo-road', 'finisterre'], ['finisterre', 'biscay'], ['vigo-road', 'leixoes-road'],
    ['leixoes', 'leixoes-road'], ['leixoes-road', 'carvoeiro'], ['finisterre', 'carvoeiro'], ['carvoeiro', 'roca'],
    ['roca', 'lisboa'], ['roca', 'st-vincent'], ['sines', 'st-vincent'], ['sines', 'roca'], ['st-vincent', 'cadiz-bay'],
    ['cadiz-bay', 'cadiz'], ['cadiz-bay', 'spartel'], ['st-vincent', 'casablanca-road'],
    ['casablanca-road', 'casablanca'], ['spartel', 'casablanca-road'], ['st-vincent', 'madeira-ridge'],
    ['casablanca-road', 'agadir-offing'], ['madeira-ridge', 'agadir-offing'], ['madeira-ridge', 'azores-way'],
    ['roca', 'azores-way'], ['finisterre', 'finisterre-west'], ['finisterre-west', 'azores-way'],
    ['finisterre-west', 'biscay'],
  ],
  ports: ['vigo', 'leixoes', 'lisboa', 'sines', 'cadiz', 'casablanca'],
}

export const IBERIA_RECEIVERS: Receiver[] = [
  antenna('touriñan', 43.05, -9.3, 55),
  antenna('vigo', 42.2, -8.87, 45),
  antenna('leixoes', 41.18, -8.7, 45),
  antenna('mondego', 40.18, -8.9, 50),
  antenna('roca', 38.78, -9.5, 55),
  antenna('sines', 37.95, -8.88, 45),
  antenna('st-vincent', 37.02, -9.0, 50),
  antenna('cadiz', 36.53, -6.3, 40),
  antenna('tarifa', 36.0, -5.6, 40),
  antenna('casablanca', 33.6, -7.63, 40),
]

/** Trawling grounds off Iberia and Morocco, some at the edge of what the shore hears. */
export const IBERIA_GROUNDS: Point[] = [
  [42.6, -10.1],
  [40.4, -10.3],
  [37.6, -10.0],
  [35.2, -9.4],
  [36.3, -8.2],
  [43.9, -10.6],
]

/** Open sea, no land within 300 miles. */
export const OCEANS: Point[] = [
  [-30, -20],
  [38, -155],
  [-24, 80],
  [37, -45],
  [-12, -108],
  [-42, -115],
]
export const DATELINE_OCEANS: Point[] = [
  [40, 180],
  [-59, 180],
]
export const POLAR_OCEANS: Point[] = [
  [85.5, 140],
  [-65, -140],
]

/** A point on a 200-mile line (of the shipped approximate zones) and the bearing into the zone. */
export interface Border {
  at: Point
  inward: number
}
export const BORDERS: Border[] = [
  { at: [-45.96, -61.02], inward: 270 },
  { at: [-11.98, -81.0], inward: 90 },
  { at: [-4.72, -90.0], inward: 0 },
  { at: [37.98, 145.91], inward: 270 },
  { at: [50.97, -15.54], inward: 90 },
  { at: [-42.0, 164.76], inward: 90 },
]

export const offset = ([lat, lon]: Point, bearing: number, nm: number): Point => {
  const p = destination(lat, lon, bearing, nm * M_PER_NM)
  return [p.lat, p.lon]
}

/** A ring of six places around a middle one, each joined to its neighbours: ways across an empty sea. */
export function oceanWaters(middle: Point, random: Random): Waters {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const places: Waters['places'] = { middle: [...middle, 10] }
  const turn = random.between(0, 60)
  names.forEach((name, i) => {
    places[name] = [...offset(middle, turn + 60 * i, random.between(140, 190)), 10]
  })
  return {
    places,
    lanes: names.flatMap((name, i) => [
      [name, names[(i + 1) % names.length]!] as const,
      [name, 'middle'] as const,
    ]),
    ports: [],
  }
}
