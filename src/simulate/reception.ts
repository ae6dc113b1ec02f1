// Who hears a ship: antennas hear by line of sight, worse towards the edge of their range, Class B (2 W) less far
// than Class A (12.5 W); satellites hear everything under them, badly, in passes.

import { haversineM } from '../geo/distance.js'
import { M_PER_NM, MS_PER_MIN } from '../model/units.js'
import { wrapLon } from './path.js'
import type { Random } from './random.js'
import type { Receiver } from './scenario.js'

/** Range of a Class B transmission against Class A: the square root of the power, softened by antenna height. */
export const CLASS_B_RANGE = 0.65
/** Chance to hear one transmission close by, and at the very edge of the range. */
const NEAR = 0.97
const EDGE = 0.3
const RAD = Math.PI / 180

type Antenna = Extract<Receiver, { at: unknown }>

export interface Reception {
  readonly count: number
  /** Writes the indices of the receivers that hear one transmission; returns how many. */
  hear(t: number, lat: number, lon: number, txClass: 'A' | 'B', random: Random, out: number[]): number
  /** Whether any receiver could hear, luck apart. Satellites count as always. */
  covered(lat: number, lon: number, txClass: 'A' | 'B'): boolean
  station(index: number): string
  isSatellite(index: number): boolean
}

/** Range of a receiver for a class of transmitter, metres; Infinity for a satellite. */
export function rangeM(receiver: Receiver, txClass: 'A' | 'B'): number {
  return 'at' in receiver ? receiver.rangeNm * M_PER_NM * (txClass === 'B' ? CLASS_B_RANGE : 1) : Infinity
}

export function createReception(receivers: readonly Receiver[]): Reception {
  const hasSatellite = receivers.some(receiver => !('at' in receiver))
  /** Cheap test in degrees before the distance: no antenna reaches beyond its box. */
  const outside = ({ at: [lat0, lon0], rangeNm }: Antenna, lat: number, lon: number): boolean => {
    const deg = rangeNm / 60
    return (
      Math.abs(lat - lat0) > deg ||
      Math.abs(wrapLon(lon - lon0)) * Math.cos((Math.abs(lat0) + deg) * RAD) > deg
    )
  }
  return {
    count: receivers.length,
    station: index => receivers[index]!.station,
    isSatellite: index => !('at' in receivers[index]!),
    covered: (lat, lon, txClass) =>
      hasSatellite ||
      receivers.some(
        receiver =>
          'at' in receiver &&
          !outside(receiver, lat, lon) &&
          haversineM(...receiver.at, lat, lon) <= rangeM(receiver, txClass),
      ),
    hear(t, lat, lon, txClass, random, out) {
      let heard = 0
      for (let i = 0; i < receivers.length; i++) {
        const receiver = receivers[i]!
        let probability = 0
        if (!('at' in receiver)) {
          const period = receiver.passEveryMin * MS_PER_MIN
          if (t % period < receiver.passMin * MS_PER_MIN) {
            probability = receiver.probability * (txClass === 'B' ? 0.3 : 1)
          }
        } else if (!outside(receiver, lat, lon)) {
          const share = haversineM(...receiver.at, lat, lon) / rangeM(receiver, txClass)
          if (share <= 1) probability = NEAR - (NEAR - EDGE) * share ** 4
        }
        if (probability > 0 && random.chance(probability)) out[heard++] = i
      }
      return heard
    },
  }
}
