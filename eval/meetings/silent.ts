// A sea in which many are silent at a time, and some of them go to meet somebody meanwhile. Everybody else has reasons of
// his own: ships on passage that are off for a part of it, trawlers that hide their ground. Beside the ships that are met
// there are others that stop all alone, with nobody coming.

import { wrapLon } from '../../src/geo/antimeridian.js'
import type { VesselEvent } from '../../src/model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createWords } from '../../src/model/words.js'
import { createRandom, seedOf, type Random } from '../../src/simulate/random.js'
import type { Ship } from '../lies/family.js'
import { batchesOf } from '../lies/judge.js'
import { transmit } from '../lies/ships.js'
import { detectOn, type World } from '../week.js'
import { motionOf } from './sources.js'
import { beside, drifts, goes, MPS, spot, works, type Leg, type Spot, type Way } from './way.js'

const HOURS = 72
const START = Date.parse('2026-05-07T09:40:00Z')
/** Half the width of the sea, nautical miles. */
const HALF_NM = 150
const MEETINGS = 14
const ALONE = 14
const SILENT = 70
const WITNESSES = 30
const M_PER_DEG = 111_195
const THIN_S = 240
const HEARD = 0.85

/** Open water far from land, as in ./sea. */
const WATERS = [
  [43, -28],
  [33, 179.5],
  [-33, 79],
] as const

const H = MS_PER_HOUR
export const nm = (miles: number): number => miles * M_PER_NM

interface Meeting {
  subject: number
  /** Null: nobody came. */
  partner: number | null
  from: number
  to: number
}

interface Silent {
  mmsi: number
  kind: string
  shipType: number
  lengthM: number
  at: (t: number) => { lat: number; lon: number } | null
  /** When its set is off, ms from the start of the sea. */
  off: [number, number] | null
}

export interface OpenSea {
  start: number
  end: number
  ships: Silent[]
}

interface SilentSea extends OpenSea {
  meetings: Meeting[]
}

/** Adds a ship to a sea. @returns its MMSI */
export type AddShip = (
  kind: string,
  type: readonly [shipType: number, lengthM: number],
  way: Way,
  off: [number, number] | null,
) => number

/** Somewhere, at some distance from the edge. */
export const anywhere = (random: Random, share: number): Spot => ({
  x: random.between(-1, 1) * nm(HALF_NM) * share,
  y: random.between(-1, 1) * nm(HALF_NM) * share,
})

/** From far off to a spot, there for a while, and on to somewhere else; it is where it stops from `at` on. */
function stopsAt(place: Spot, at: number, ms: number, random: Random, knots: number, bearing: number): Way {
  const far = nm(random.between(150, 220))
  const start = spot(bearing + 180, far, place)
  const away = spot(random.between(0, 360), nm(220), place)
  const legs: Leg[] = [{ to: place, kn: knots }, { waitMs: ms }, { to: away, kn: knots }]
  const rest = drifts(random, random.between(0.2, 0.9), random.between(0, 360))
  const way = goes(start, at - far / (knots * MPS), legs)
  return t => {
    const own = way(t)
    if (!own) return null
    // it drifts while it waits, and is that far off ever after
    const d0 = rest(0)!
    const d = rest(Math.max(0, Math.min(t - at, ms)))!
    return { x: own.x + d.x - d0.x, y: own.y + d.y - d0.y }
  }
}

/** A ship that is met, and the one that goes there in the dark. */
const PAIRS = [
  { subject: [30, 40], partner: [70, 120], what: 'trawler and reefer' },
  { subject: [70, 120], partner: [30, 45], what: 'reefer and trawler' },
  { subject: [80, 180], partner: [80, 240], what: 'two tankers' },
] as const

/** A sea with nobody on it yet. */
export function openSea(
  seed: number,
): OpenSea & { add: AddShip; toPlace: (spot: Spot) => { lat: number; lon: number } } {
  const [lat0, lon0] = WATERS[seed % WATERS.length]!
  const ships: Silent[] = []
  const toPlace = (where: Spot) => {
    const lat = lat0 + where.y / M_PER_DEG
    return { lat, lon: wrapLon(lon0 + where.x / M_PER_DEG / Math.cos((lat0 * Math.PI) / 180)) }
  }
  const add: AddShip = (kind, [shipType, lengthM], way, off) => {
    const mmsi = 232_600_001 + 11 * ships.length
    const at = (t: number) => {
      const where = way(t - START)
      if (!where || Math.abs(where.x) > nm(2 * HALF_NM) || Math.abs(where.y) > nm(2 * HALF_NM)) return null
      return toPlace(where)
    }
    ships.push({ mmsi, kind, shipType, lengthM, at, off })
    return mmsi
  }
  return { start: START, end: START + HOURS * MS_PER_HOUR, ships, add, toPlace }
}

export function drawSilentSea(seed: number): SilentSea {
  const { start, end, ships, add } = openSea(seed)
  const meetings: Meeting[] = []
  for (let k = 0; k < MEETINGS + ALONE; k++) {
    const random = createRandom(seedOf(seed, 'dark', k))
    const pair = random.pick(PAIRS)
    const place = anywhere(random, 0.6)
    const comes = random.between(28, 52) * H
    const togetherMs = random.between(2, 8) * H
    const before = random.between(0, 3) * H
    const after = random.between(0, 1) * H
    const [from, to] = [comes - before, comes + togetherMs + after]
    const way = stopsAt(place, from, to - from, random, random.between(8, 12), random.between(0, 360))
    const subject = add(k < MEETINGS ? 'ship that is met' : 'ship that stops alone', pair.subject, way, null)
    let partner: number | null = null
    if (k < MEETINGS) {
      // switched off so far from there, and on again so far away
      const [offNm, onNm] = [random.between(15, 90), random.between(15, 90)]
      const knots = random.between(10, 15)
      const slower = knots * random.between(0.8, 1)
      const course = random.between(0, 360)
      // half of them are on their way there already, the others turn off their route in the dark
      const turn = random.chance(0.5) ? random.between(-20, 20) : random.between(-70, 70)
      const offAt = comes - nm(offNm) / (slower * MPS)
      const offPlace = spot(course + 180, nm(offNm), place)
      const onPlace = spot(random.between(0, 360), nm(onNm), place)
      const longBefore = spot(course + turn + 180, offAt * knots * MPS, offPlace)
      const legs: Leg[] = [
        { to: offPlace, kn: knots },
        { to: place, kn: slower },
        { waitMs: togetherMs },
        { to: onPlace, kn: slower },
        { to: spot(random.between(0, 360), nm(400), onPlace), kn: knots },
      ]
      const onAt = comes + togetherMs + nm(onNm) / (slower * MPS)
      partner = add('partner in silence', pair.partner, goes(longBefore, 0, legs), [offAt, onAt])
    }
    meetings.push({ subject, partner, from: START + from, to: START + to })
  }
  addOthers(add, seed, SILENT, WITNESSES)
  return { start, end, ships, meetings }
}

/** Ships that are silent for reasons of their own, and some that are not. */
export function addOthers(add: AddShip, seed: number, silent: number, witnesses: number): void {
  for (let k = 0; k < silent + witnesses; k++) {
    const random = createRandom(seedOf(seed, 'others', k))
    const since = random.between(22, 48) * H
    const off: [number, number] | null = k < silent ? [since, since + random.between(8, 28) * H] : null
    const fishes = random.chance(0.4)
    const type = fishes
      ? ([30, 40] as const)
      : random.pick([
          [70, 120],
          [80, 200],
          [70, 180],
        ] as const)
    const knots = random.between(10, 15)
    const middle = anywhere(random, 0.9)
    const course = random.between(0, 360)
    const bend = random.between(-40, 40)
    const turns = random.between(20, 60) * H
    const start = spot(course + 180, turns * knots * MPS, middle)
    const passage = goes(start, 0, [
      { to: middle, kn: knots },
      { to: spot(course + bend, nm(1500), middle), kn: knots },
    ])
    const way = fishes
      ? beside(works(random, { x: 0, y: 0 }, 8, random.between(2.8, 4), HOURS + 2), () => middle)
      : passage
    add(k < silent ? 'silent for reasons of its own' : 'ship', type, way, off)
  }
}

export function heardOf(ship: Silent, sea: OpenSea, seed: number, thinS = THIN_S): Ship {
  const { mmsi, kind, shipType, lengthM, off } = ship
  const random = createRandom(seedOf(seed, 'heard', mmsi))
  return transmit({
    ...{ mmsi, kind, shipType, lengthM, random, thinS },
    water: { start: sea.start, end: sea.end, at: [], receivers: [] },
    hear: { collection: 'terrestrial', stations: () => (random.chance(HEARD) ? ['platform'] : []) },
    motion: t =>
      off && t - START >= off[0] && t - START < off[1] ? null : motionOf({ at: ship.at, navStatus: 0 }, t),
  })
}

export interface Ranked {
  seed: number
  partner: number | null
  /** What is told of the stop; null: nothing. */
  event: VesselEvent | null
  /** Rank of the true partner, from 1; null: not among those listed. */
  rank: number | null
  /** Silences that overlapped the stop. */
  silent: number
}

/** What is told of the stops of a sea, and how many pairs of two silences are, of which none is true. */
export function judgeSilent(seed: number, world: World): { ranked: Ranked[]; pairs: number; silent: number } {
  const sea = drawSilentSea(seed)
  const heard = sea.ships.map(ship => heardOf(ship, sea, seed))
  const words = createWords()
  const { events } = detectOn(batchesOf(heard, words), words, { coast: world.coast })
  const isPair = ({ class: kind }: VesselEvent) => kind === 'two_silences'
  const ranked = sea.meetings.map(({ subject, partner, from, to }) => {
    const event =
      events.find(
        each =>
          each.type === 'dark_rendezvous' &&
          !isPair(each) &&
          each.mmsi === subject &&
          each.start.t < to &&
          (each.end?.t ?? Infinity) > from,
      ) ?? null
    const listed = (event?.details['candidates'] ?? []) as { mmsi: number }[]
    const at = listed.findIndex(({ mmsi }) => mmsi === partner)
    const silent = sea.ships.filter(
      ({ off }) => off && START + off[0] < to - 30 * MS_PER_MIN && START + off[1] > from + 30 * MS_PER_MIN,
    ).length
    return { seed, partner, event, rank: at < 0 ? null : at + 1, silent }
  })
  return { ranked, pairs: events.filter(isPair).length, silent: sea.ships.filter(({ off }) => off).length }
}
