// A sea of two days in which ships meet, and in which they only seem to. Each case has a water of its own, some miles from
// the next; what ships do there is drawn from the seed.

import { wrapLon } from '../../src/geo/antimeridian.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createRandom, seedOf, type Random } from '../../src/simulate/random.js'
import { buildPortIndex, type PortIndex } from '../../src/zones/ports.js'
import { anchors, beside, drifts, goes, only, spot, visits, works, type Spot, type Way } from './way.js'

export const HOURS = 48
const START = Date.parse('2026-03-04T15:20:00Z')
const M_PER_DEG = 111_195

export interface Seafarer {
  mmsi: number
  /** What it does: a line of the table. */
  kind: string
  shipType: number
  lengthM: number
  txClass: 'A' | 'B'
  /** A ship that says so, as AIS has it. */
  navStatus: number
  isAnchored: boolean
  /** At a time, epoch ms; null: it is not there. */
  at(t: number): { lat: number; lon: number } | null
}

export interface Sea {
  start: number
  end: number
  ships: Seafarer[]
  ports: PortIndex
}

/** Open water, hundreds of miles from land; one of them lies on the antimeridian, one on the equator. */
const WATERS = [
  [44, -28],
  [31, 180],
  [-33, 79],
  [0, -24],
] as const
/** Cases lie so far apart. */
const APART_NM = 45
const COLUMNS = 6

const H = MS_PER_HOUR
const MIN = MS_PER_MIN

interface Options {
  shipType?: number
  lengthM?: number
  txClass?: 'A' | 'B'
  navStatus?: number
  isAnchored?: boolean
}

type Add = (kind: string, way: Way, options?: Options) => void

const FISHING = { shipType: 30, lengthM: 45 }
const REEFER = { shipType: 70, lengthM: 120 }
const TANKER = { shipType: 80, lengthM: 240 }
const CARGO = { shipType: 70, lengthM: 180 }
const AT_ANCHOR = { navStatus: 1, isAnchored: true }

/** So many metres off, in any direction. */
const off = (random: Random, from: number, to: number): Spot =>
  spot(random.between(0, 360), random.between(from, to))
const bearings = (random: Random) => ({ from: random.between(0, 360), to: random.between(0, 360) })

/** A reefer waits, and trawlers come to it one after the other, now and then two at a time. */
function transhipment(add: Add, random: Random): void {
  const host = drifts(random, random.between(0.2, 1.2), random.between(0, 360))
  add('reefer that waits', host, REEFER)
  let at = random.between(3, 6) * H
  while (at < 36 * H) {
    const ms = random.between(2.6, 7) * H
    const guest = visits({ ...bearings(random), offset: off(random, 40, 110), at, ms, knots: 10 })
    add('trawler that hands over', beside(host, guest), FISHING)
    if (random.chance(0.3)) {
      const offset = off(random, 130, 220)
      const later = { ...bearings(random), offset, at: at + 0.5 * H, ms: ms + 1 * H, knots: 9 }
      add('trawler that hands over', beside(host, visits(later)), FISHING)
    }
    at += ms + random.between(3, 8) * H
  }
}

/** One tanker into another: adrift, at anchor, or under way at first. */
function shipToShip(add: Add, random: Random): void {
  const isAnchored = random.chance(0.4)
  const host = isAnchored
    ? anchors(random, { x: 0, y: 0 })
    : drifts(random, random.between(0.3, 1.4), random.between(0, 360))
  add('tanker that is lightered', host, { ...TANKER, ...(isAnchored ? AT_ANCHOR : {}) })
  const visit = { ...bearings(random), offset: off(random, 40, 90), knots: 11 }
  const guest = visits({ ...visit, at: random.between(3, 10) * H, ms: random.between(8, 24) * H })
  add('tanker alongside', beside(host, guest), TANKER)
}

/** A bunker boat calls on ships at anchor. */
function bunkering(add: Add, random: Random): void {
  const isNamed = random.chance(0.5)
  const hosts = [0, 1].map(k => anchors(random, { x: 2600 * k, y: 0 }))
  for (const host of hosts) add('ship that bunkers', host, { ...CARGO, ...AT_ANCHOR })
  let at = random.between(3, 6) * H
  for (const host of hosts) {
    const ms = random.between(2.6, 5) * H
    const guest = visits({ ...bearings(random), offset: off(random, 30, 60), at, ms, knots: 8, far: 8 })
    add(isNamed ? 'bunker boat' : 'small tanker', beside(host, guest), { shipType: 80, lengthM: 70 })
    at += ms + random.between(5, 9) * H
  }
}

function briefMeeting(add: Add, random: Random): void {
  const host = drifts(random, random.between(0, 1), random.between(0, 360))
  add('boat that waits', host, FISHING)
  for (const at of [random.between(4, 9), random.between(16, 21), random.between(28, 33)]) {
    const visit = { ...bearings(random), offset: off(random, 20, 120), knots: 9, far: 10 }
    const guest = visits({ ...visit, at: at * H, ms: random.between(24, 55) * MIN })
    add('boat that calls', beside(host, guest), { ...FISHING, lengthM: 18, txClass: 'B' })
  }
}

/** A barge on a line of some hundred metres. */
function tow(add: Add, random: Random): void {
  const lead = works(random, { x: 0, y: 0 }, 9, random.between(4.6, 7), HOURS)
  const delay = random.between(90, 130) * 1000
  add('tug with a tow', lead, { shipType: 31, lengthM: 32 })
  add('tow', ms => lead(Math.max(0, ms - delay)), { shipType: 90, lengthM: 80 })
}

/** Two trawlers and one net. */
function pairTrawl(add: Add, random: Random): void {
  const first = goes(spot(90, 9 * M_PER_NM), 2 * H, [
    { to: spot(250, 12 * M_PER_NM), kn: random.between(3.5, 4.2) },
    { to: spot(60, 11 * M_PER_NM), kn: random.between(3.5, 4.2) },
  ])
  const between = spot(350, random.between(250, 380))
  add('pair trawl', first, FISHING)
  add(
    'pair trawl',
    beside(first, () => between),
    FISHING,
  )
}

/** A pilot boat goes out six miles, to ships that slow down for it. */
function pilot(add: Add, random: Random): void {
  for (const at of [8, 20, 32]) {
    const way = (knots: number, bearing: number): Way =>
      goes(spot(bearing, 15 * M_PER_NM), at * H, [{ to: spot(bearing + 180, 15 * M_PER_NM), kn: knots }])
    const ship = way(random.between(7, 9), random.between(0, 360))
    add('ship with a pilot', ship, CARGO)
    const from = (at + random.between(1.2, 1.6)) * H
    const toMs = from + random.between(6, 11) * MIN
    add(
      'pilot boat',
      only(
        beside(ship, () => ({ x: 35, y: 20 })),
        from,
        toMs,
      ),
      { shipType: 50, lengthM: 18 },
    )
  }
}

/** Tugs bring a ship to its berth, where others lie. */
function port(add: Add, random: Random): void {
  for (let k = 0; k < 4; k++)
    add('ship at its berth', anchors(random, spot(80 * k, 300 + 120 * k)), { ...CARGO, navStatus: 5 })
  for (const at of [6, 17, 30]) {
    const berth = off(random, 500, 900)
    const ship = visits({ ...bearings(random), offset: berth, at: at * H, ms: 9 * H, far: 12 })
    add('ship that berths', ship, CARGO)
    const tug = only(
      beside(ship, () => ({ x: 50, y: -30 })),
      (at - 1) * H,
      (at + 3) * H,
    )
    add('tug', tug, { shipType: 52, lengthM: 30 })
  }
}

function ferries(add: Add, random: Random): void {
  const knots = random.between(14, 20)
  const [a, b] = [spot(90, 14 * M_PER_NM), spot(270, 14 * M_PER_NM)]
  const legs = Array.from({ length: 30 }, (_, k) => [
    { to: k % 2 === 0 ? b : a, kn: knots },
    { waitMs: 30 * MIN },
  ]).flat()
  const aside = spot(0, random.between(150, 400))
  add('ferry', goes(a, 0, legs), { shipType: 60, lengthM: 120 })
  const back = legs.map(leg => ('to' in leg ? { ...leg, to: leg.to === a ? b : a } : leg))
  add(
    'ferry',
    beside(goes(b, 0, back), () => aside),
    { shipType: 60, lengthM: 120 },
  )
}

/** An anchorage that no list knows: ships come, lie some hundred metres from each other, and go. */
function anchorage(add: Add, random: Random): void {
  for (let k = 0; k < 7; k++) {
    const place = spot(0, 620 * Math.floor(k / 3), spot(90, 620 * (k % 3)))
    const lies = anchors(random, place)
    if (k < 3) add('ship at anchor', lies, { ...CARGO, ...AT_ANCHOR })
    else {
      const at = random.between(3, 14) * H
      const ms = random.between(14, 24) * H
      const comes = visits({ ...bearings(random), offset: { x: 0, y: 0 }, at, ms })
      const way: Way = t => {
        const own = comes(t)
        const rest = lies(t)!
        return own && { x: own.x + rest.x, y: own.y + rest.y }
      }
      add('ship at anchor', way, { ...CARGO, isAnchored: true })
    }
  }
}

/** Trawlers that work one ground. */
function fleet(add: Add, random: Random): void {
  for (let k = 0; k < 7; k++)
    add('trawler of a fleet', works(random, { x: 0, y: 0 }, 4, random.between(2.8, 4), HOURS), FISHING)
}

/** Jiggers that drift side by side all night, most of a mile from each other. */
function jiggers(add: Add, random: Random): void {
  const sea = drifts(random, random.between(0.4, 1), random.between(0, 360))
  for (let k = 0; k < 6; k++) {
    const place = spot(0, 1500 * Math.floor(k / 3), spot(90, 1400 * (k % 3)))
    const own = drifts(random, 0.02, random.between(0, 360), place)
    add('jigger of a fleet', beside(sea, own), FISHING)
  }
}

/** Close, and no meeting: one passes, one waits a kilometre off, one leaves too soon. */
function nearMiss(add: Add, random: Random): void {
  const host = drifts(random, random.between(0.2, 1), random.between(0, 360))
  add('ship adrift', host, TANKER)
  for (const at of [5, 12, 19]) {
    const bearing = random.between(0, 360)
    const aside = spot(bearing + 90, random.between(120, 400))
    const way = goes(spot(bearing, 14 * M_PER_NM, aside), at * H, [
      { to: spot(bearing + 180, 14 * M_PER_NM, aside), kn: random.between(9, 16) },
    ])
    add('ship that passes', beside(host, way), CARGO)
  }
  const waits = { ...bearings(random), offset: off(random, 1050, 1500), at: 22 * H, ms: 6 * H }
  add('ship that waits off', beside(host, visits(waits)), TANKER)
  const hangs = { ...bearings(random), offset: off(random, 330, 420), at: 36 * H, ms: 55 * MIN }
  add('ship that stays an hour', beside(host, visits(hangs)), CARGO)
}

type Case = (add: Add, random: Random) => void
const CASES: readonly (readonly [Case, number])[] = [
  [transhipment, 6],
  [shipToShip, 5],
  [bunkering, 3],
  [briefMeeting, 3],
  [tow, 2],
  [pairTrawl, 2],
  [pilot, 1],
  [port, 1],
  [ferries, 1],
  [anchorage, 2],
  [fleet, 2],
  [jiggers, 1],
  [nearMiss, 3],
]

export function drawSea(seed: number): Sea {
  const [lat0, lon0] = WATERS[seed % WATERS.length]!
  const ships: Seafarer[] = []
  const harbours: { name: string; lat: number; lon: number; radiusM: number; country: null }[] = []
  let water = 0
  for (const [draw, times] of CASES)
    for (let k = 0; k < times; k++, water++) {
      const lat = lat0 + ((Math.floor(water / COLUMNS) - 3) * APART_NM) / 60
      const shrink = Math.cos((lat * Math.PI) / 180)
      const lon = lon0 + (((water % COLUMNS) - COLUMNS / 2) * APART_NM) / 60 / shrink
      if (draw === port)
        harbours.push({ name: 'Harbour', lat, lon: wrapLon(lon), radiusM: 3000, country: null })
      const add: Add = (kind, way, options = {}) => {
        ships.push({
          ...{ mmsi: 211_500_001 + 7 * ships.length, kind, shipType: 70, lengthM: 90, txClass: 'A' as const },
          ...{ navStatus: 0, isAnchored: false },
          ...options,
          at(t) {
            const where = way(t - START)
            if (!where) return null
            const north = where.y / M_PER_DEG
            return {
              lat: lat + north,
              lon: wrapLon(lon + where.x / M_PER_DEG / Math.cos(((lat + north) * Math.PI) / 180)),
            }
          },
        })
      }
      draw(add, createRandom(seedOf(seed, 'meetings', draw.name, k)))
    }
  return { start: START, end: START + HOURS * MS_PER_HOUR, ships, ports: buildPortIndex(harbours) }
}
