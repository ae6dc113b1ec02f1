// Who hears a ship: antennas hear by line of sight, worse towards the edge of their range, Class B (2 W) less far
// than Class A (12.5 W); satellites hear everything under them, badly, in passes. Receivers fail, and the weather
// lengthens and shortens the range of an antenna.

import { haversineM } from '../geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import { wrapLon } from './path.js'
import { seedOf, type Random } from './random.js'
import type { Outage, Receiver, Scenario } from './scenario.js'
import type { Span } from './voyage.js'

/** Range of a Class B transmission against Class A: the square root of the power, softened by antenna height. */
export const CLASS_B_RANGE = 0.65
/** Chance to hear one transmission close by, and at the very edge of the range. */
const NEAR = 0.97
const EDGE = 0.3
/** A satellite hears 2 W less often. */
const CLASS_B_SATELLITE = 0.3
/** Weather comes and goes over days, at each station in its own time. */
const FADING_H = [27, 53] as const
const RAD = Math.PI / 180

type Antenna = Extract<Receiver, { at: unknown }>
type Satellite = Exclude<Receiver, Antenna>

/** What a ship at sea can hope for: heard by somebody, only by receivers that are down, or by nobody at all. */
export type Coverage = 'covered' | 'down' | 'none'

export interface Reception {
  readonly count: number
  /** Writes the indices of the receivers that hear one transmission; returns how many. `strength`: of the ship's set. */
  hear(
    t: number,
    lat: number,
    lon: number,
    txClass: 'A' | 'B',
    random: Random,
    out: number[],
    strength?: number,
  ): number
  /** Whether any receiver could hear, luck, weather and failures apart. Satellites count as always. */
  covered(lat: number, lon: number, txClass: 'A' | 'B'): boolean
  /** The same at a time, failures and weather included. Where the antennas are down, a satellite is no consolation. */
  coverage(t: number, lat: number, lon: number, txClass: 'A' | 'B', strength: number): Coverage
  /** When what a receiver hears at `t` reaches the log, epoch ms: later than `t` while its line is down. */
  delivered(index: number, t: number): number
  station(index: number): string
  isSatellite(index: number): boolean
}

/** Range of a receiver for a class of transmitter, metres; Infinity for a satellite. */
export function rangeM(receiver: Receiver, txClass: 'A' | 'B'): number {
  return 'at' in receiver ? receiver.rangeNm * M_PER_NM * (txClass === 'B' ? CLASS_B_RANGE : 1) : Infinity
}

function isOver({ passEveryMin, passMin, twiceADay }: Satellite, t: number): boolean {
  if (t % (passEveryMin * MS_PER_MIN) >= passMin * MS_PER_MIN) return false
  if (!twiceADay) return true
  const { atH, aroundH } = twiceADay
  const sinceH = (((t / MS_PER_HOUR - atH) % 12) + 12) % 12
  return sinceH <= aroundH || sinceH >= 12 - aroundH
}

/** @param start epoch ms that the hours of outages count from */
export function createReception(
  { receivers, outages = [], fading = 0 }: Pick<Scenario, 'receivers' | 'outages' | 'fading'>,
  start: number,
): Reception {
  const hasSatellite = receivers.some(receiver => !('at' in receiver))
  const spans = (station: string, wanted: (outage: Outage) => boolean): Span[] =>
    outages
      .filter(outage => wanted(outage) && (!outage.stations || outage.stations.includes(station)))
      .map(({ at, hours }) => ({
        from: start + at * MS_PER_HOUR,
        to: start + (at + hours) * MS_PER_HOUR,
      }))
  const deaf = receivers.map(({ station }) => spans(station, ({ delayed }) => !delayed))
  const cut = receivers.map(({ station }) => spans(station, ({ delayed }) => delayed === true))
  const within = (of: readonly Span[], t: number) => of.find(({ from, to }) => t >= from && t < to)

  const weather = receivers.map(({ station }) => {
    const share = seedOf('weather', station) / 2 ** 32
    return {
      perMs: (2 * Math.PI) / ((FADING_H[0] + share * (FADING_H[1] - FADING_H[0])) * MS_PER_HOUR),
      phase: share * 1000,
    }
  })
  /** Range at a time, as a share of the normal one. */
  const reach = (i: number, t: number): number =>
    fading === 0 ? 1 : 1 + fading * Math.sin(weather[i]!.perMs * (t - start) + weather[i]!.phase)

  /** Cheap test in degrees before the distance: no antenna reaches beyond its box. */
  const outside = ({ at: [lat0, lon0], rangeNm }: Antenna, lat: number, lon: number): boolean => {
    const deg = (rangeNm * (1 + fading)) / 60
    return (
      Math.abs(lat - lat0) > deg ||
      Math.abs(wrapLon(lon - lon0)) * Math.cos((Math.abs(lat0) + deg) * RAD) > deg
    )
  }
  /** Distance as a share of the range: over 1, and nothing is heard. */
  const share = (i: number, t: number, lat: number, lon: number, txClass: 'A' | 'B', strength: number) => {
    const receiver = receivers[i] as Antenna
    if (outside(receiver, lat, lon)) return Infinity
    return haversineM(...receiver.at, lat, lon) / (rangeM(receiver, txClass) * reach(i, t) * strength)
  }

  return {
    count: receivers.length,
    station: index => receivers[index]!.station,
    isSatellite: index => !('at' in receivers[index]!),
    delivered: (index, t) => within(cut[index]!, t)?.to ?? t,
    covered: (lat, lon, txClass) =>
      hasSatellite ||
      receivers.some(
        receiver =>
          'at' in receiver &&
          !outside(receiver, lat, lon) &&
          haversineM(...receiver.at, lat, lon) <= rangeM(receiver, txClass),
      ),
    coverage(t, lat, lon, txClass, strength) {
      let satellite = 0
      let down = 0
      for (let i = 0; i < receivers.length; i++) {
        const isDown = within(deaf[i]!, t) !== undefined
        if (!('at' in receivers[i]!)) {
          if (isDown) down++
          else satellite++
        } else if (share(i, t, lat, lon, txClass, strength) <= 1) {
          if (!isDown) return 'covered'
          down++
          satellite = -Infinity
        }
      }
      return satellite > 0 ? 'covered' : down > 0 ? 'down' : 'none'
    },
    hear(t, lat, lon, txClass, random, out, strength = 1) {
      let heard = 0
      for (let i = 0; i < receivers.length; i++) {
        const receiver = receivers[i]!
        let probability = 0
        if (!('at' in receiver)) {
          if (isOver(receiver, t)) {
            probability = receiver.probability * strength * (txClass === 'B' ? CLASS_B_SATELLITE : 1)
          }
        } else {
          const part = share(i, t, lat, lon, txClass, strength)
          if (part <= 1) probability = NEAR - (NEAR - EDGE) * part ** 4
        }
        if (probability > 0 && random.chance(probability) && !within(deaf[i]!, t)) out[heard++] = i
      }
      return heard
    },
  }
}
