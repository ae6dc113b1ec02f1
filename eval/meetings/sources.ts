// By whom a sea is heard: by antennas all the time, or by satellites that come over it, with holes in between. What a
// receiver misses, it misses by chance.

import { bearingDeg, haversineM } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import { createRandom, seedOf, type Random } from '../../src/simulate/random.js'
import type { Ship } from '../lies/family.js'
import { transmit, type Motion, type SetOptions } from '../lies/ships.js'
import type { Seafarer, Sea } from './sea.js'

export interface Source {
  name: string
  title: string
  hear: (sea: Sea, seed: number) => NonNullable<SetOptions['hear']>
}

/** Ships send no more often than this, seconds: meetings take hours. */
const THIN_S = 40

/** Passes of eight minutes, so many minutes from the start of one to the start of the next. */
function passes(
  sea: Pick<Sea, 'start' | 'end'>,
  everyMin: readonly [number, number],
  random: Random,
): number[] {
  const starts: number[] = []
  for (let t = sea.start; t < sea.end; t += random.between(...everyMin) * MS_PER_MIN) starts.push(t)
  return starts
}

const PASS_MS = 8 * MS_PER_MIN
/** Of what is sent in a pass, so much is made out. */
const MADE_OUT = 0.35

const satellites =
  (everyMin: readonly [number, number]): Source['hear'] =>
  (sea, seed) => {
    const starts = passes(sea, everyMin, createRandom(seedOf(seed, 'passes', everyMin[0])))
    const isOver = (t: number): boolean => starts.some(start => t >= start && t < start + PASS_MS)
    return {
      collection: 'satellite',
      stations: (t, random) => (isOver(t) && random.chance(MADE_OUT) ? ['satellite'] : []),
    }
  }

export const SOURCES: readonly Source[] = [
  {
    name: 'terrestrial',
    title: 'antennas, 85 % of what is sent',
    hear: () => ({
      collection: 'terrestrial',
      stations: (_, random) => (random.chance(0.85) ? ['platform'] : []),
    }),
  },
  { name: 'satellites', title: 'satellites, a pass every 20 to 40 min', hear: satellites([20, 40]) },
  { name: 'few satellites', title: 'satellites, a pass every 30 to 75 min', hear: satellites([30, 75]) },
]

/** All that is heard of a ship by a source. */
export function heardOf(ship: Seafarer, sea: Sea, source: Source, seed: number): Ship {
  const { mmsi, kind, shipType, lengthM, txClass } = ship
  return transmit({
    ...{ mmsi, kind, shipType, lengthM, txClass, thinS: THIN_S },
    random: createRandom(seedOf(seed, source.name, mmsi)),
    water: { start: sea.start, end: sea.end, at: [], receivers: [] },
    hear: source.hear(sea, seed),
    motion: t => motionOf(ship, t),
  })
}

const STEP_MS = 10 * MS_PER_S

export function motionOf(ship: Pick<Seafarer, 'at' | 'navStatus'>, t: number): Motion | null {
  const here = ship.at(t)
  const [from, to] = [ship.at(t - STEP_MS) ?? here, ship.at(t + STEP_MS) ?? here]
  if (!here || !from || !to) return null
  const ms = (from === here ? 0 : STEP_MS) + (to === here ? 0 : STEP_MS)
  const m = haversineM(from.lat, from.lon, to.lat, to.lon)
  return {
    ...here,
    sogKn: (m / M_PER_NM / ms) * MS_PER_HOUR,
    cog: m > 0 ? bearingDeg(from.lat, from.lon, to.lat, to.lon) : 0,
    navStatus: ship.navStatus,
  }
}
