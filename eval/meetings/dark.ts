// A sea in which ships meet while both have their AIS off, among many that are silent for reasons of their own: which pairs
// are told, of those that met and of those that did not.

import { haversineM } from '../../src/geo/distance.js'
import type { VesselEvent } from '../../src/model/event.js'
import { M_PER_NM, MS_PER_HOUR } from '../../src/model/units.js'
import { createWords } from '../../src/model/words.js'
import { createRandom, seedOf, type Random } from '../../src/simulate/random.js'
import { silenceOf, type SilentVessel } from '../../src/assess/partner.js'
import { batchesOf } from '../lies/judge.js'
import { detectOn, type World } from '../week.js'
import { addOthers, anywhere, heardOf, nm, openSea, type OpenSea } from './silent.js'
import { beside, goes, MPS, spot, works, type Leg, type Spot, type Way } from './way.js'

const PAIRS = 10
const SILENT = 50
/** Ships that go to and fro and are always heard: enough for a few to be near everybody who is not. */
const WITNESSES = 250
const WITNESS_THIN_S = 600
const H = MS_PER_HOUR

interface Meeting {
  a: number
  b: number
  what: string
  place: { lat: number; lon: number }
  from: number
  to: number
}

interface DarkSea extends OpenSea {
  meetings: Meeting[]
}

const TRAWLER = [30, 40] as const
const REEFER = [70, 120] as const
const TANKER = [80, 200] as const

/** Comes to a place in the dark, lies there for a while, and comes back into sight on its way to somewhere else. */
function goesThere(random: Random, place: Spot, comes: number, togetherMs: number): [Way, [number, number]] {
  const [offNm, onNm] = [random.between(15, 90), random.between(15, 90)]
  const knots = random.between(10, 15)
  const slower = knots * random.between(0.8, 1)
  const course = random.between(0, 360)
  // half of them are on their way there already, the others turn off their route in the dark
  const turn = random.chance(0.5) ? random.between(-20, 20) : random.between(-70, 70)
  const waits = random.between(0, 2) * H
  const offAt = comes - waits - nm(offNm) / (slower * MPS)
  const offPlace = spot(course + 180, nm(offNm), place)
  const onPlace = spot(random.between(0, 360), nm(onNm), place)
  const legs: Leg[] = [
    { to: offPlace, kn: knots },
    { to: place, kn: slower },
    { waitMs: waits + togetherMs },
    { to: onPlace, kn: slower },
    { to: spot(random.between(0, 360), nm(400), onPlace), kn: knots },
  ]
  const onAt = comes + togetherMs + nm(onNm) / (slower * MPS)
  return [goes(spot(course + turn + 180, offAt * knots * MPS, offPlace), 0, legs), [offAt, onAt]]
}

export function drawDarkSea(seed: number): DarkSea {
  const { start, end, ships, add, toPlace } = openSea(seed)
  const meetings: Meeting[] = []
  for (let k = 0; k < PAIRS; k++) {
    const random = createRandom(seedOf(seed, 'both dark', k))
    const place = anywhere(random, 0.6)
    const comes = random.between(30, 48) * H
    const togetherMs = random.between(2.5, 8) * H
    const what = random.pick(['two tankers', 'reefer and trawler on its way', 'reefer and trawler at work'])
    const [way, off] = goesThere(random, place, comes, togetherMs)
    const a = add('one of a pair', what === 'two tankers' ? TANKER : REEFER, way, off)
    let b: number
    if (what === 'reefer and trawler at work') {
      // it hides its ground, before and after
      const ground = works(random, { x: 0, y: 0 }, 6, random.between(2.8, 4), 75)
      const hides: [number, number] = [
        comes - random.between(1, 8) * H,
        comes + togetherMs + random.between(1, 8) * H,
      ]
      const lies: Way = t => {
        const own = ground(Math.max(0, t < comes ? t : Math.max(comes, t - togetherMs)))
        const there = ground(comes)
        return own && there && { x: own.x - there.x, y: own.y - there.y }
      }
      b = add(
        'one of a pair',
        TRAWLER,
        beside(lies, () => place),
        hides,
      )
    } else {
      const [its, itsOff] = goesThere(random, place, comes, togetherMs)
      b = add('one of a pair', what === 'two tankers' ? TANKER : TRAWLER, its, itsOff)
    }
    meetings.push({
      ...{ a: Math.min(a, b), b: Math.max(a, b), what, place: toPlace(place) },
      ...{ from: start + comes, to: start + comes + togetherMs },
    })
  }
  addOthers(add, seed, SILENT, 0)
  for (let k = 0; k < WITNESSES; k++) {
    const random = createRandom(seedOf(seed, 'witness', k))
    const knots = random.between(8, 14)
    const legs = Array.from({ length: 14 }, (): Leg => ({ to: anywhere(random, 1), kn: knots }))
    add('ship', random.pick([REEFER, TANKER, TRAWLER]), goes(anywhere(random, 1), 0, legs), null)
  }
  return { start, end, ships, meetings }
}

/** A pair that met or that was told. */
export interface JudgedPair {
  /** Null: they never met. */
  met: Meeting | null
  /** Null: it was not told. */
  event: VesselEvent | null
  /** The gaps of both were told, and so judged that they can be told of as a pair. */
  isCandidate: boolean
  /** From the place that is told to where they met, nautical miles; null where one of these is missing. */
  offNm: number | null
  /** All of the time that they were together lies in the time that is told. */
  isInTime: boolean
}

/** Pairs that are told of a sea, and those that met in it. @param world for its coast */
export function judgeDark(seed: number, world: World): { pairs: JudgedPair[]; silent: number } {
  const sea = drawDarkSea(seed)
  const heard = sea.ships.map(ship =>
    heardOf(ship, sea, seed, ship.kind === 'ship' ? WITNESS_THIN_S : undefined),
  )
  const words = createWords()
  const { events } = detectOn(batchesOf(heard, words), words, { coast: world.coast })
  const left = new Set(events.filter(event => event.class === 'two_silences'))
  const gapsOf = new Map<number, SilentVessel>()
  for (const event of events) {
    const silent = silenceOf(event)
    if (silent) gapsOf.set(event.mmsi, silent)
  }
  const isWell = (mmsi: number): boolean => {
    const gap = gapsOf.get(mmsi)
    return gap !== undefined && (gap.class === 'likely_disabled' || gap.isWellHeard)
  }
  const met = sea.meetings.map((meeting): JudgedPair => {
    const { a, b, place, from, to } = meeting
    const event = [...left].find(
      ({ mmsi, details }) => mmsi === a && (details['others'] as number[])[0] === b,
    )
    const isCandidate = isWell(a) && isWell(b)
    if (!event) return { met: meeting, event: null, isCandidate, offNm: null, isInTime: false }
    left.delete(event)
    const {
      place: told,
      from: since,
      to: until,
    } = event.details as {
      place: { lat: number; lon: number }
      from: number
      to: number
    }
    return {
      ...{ met: meeting, event, isCandidate },
      offNm: haversineM(place.lat, place.lon, told.lat, told.lon) / M_PER_NM,
      isInTime: since <= from && until >= to,
    }
  })
  const wrong = [...left].map(event => ({
    met: null,
    event,
    isCandidate: true,
    offNm: null,
    isInTime: false,
  }))
  return { pairs: [...met, ...wrong], silent: sea.ships.filter(({ off }) => off).length }
}
