// What a slow vessel does, told by how it moves, what it says, and who is around it.

import { describe, expect, test } from 'vitest'
import type { DarkEvent } from '../../../src/model/event.js'
import type { EngineOptions } from '../../../src/engine/api.js'
import type { PositionReport, StaticReport } from '../../../src/model/report.js'
import { buildPortIndex } from '../../../src/zones/ports.js'
import { inWords } from '../../../src/assess/in-words.js'
import { isReproach } from '../../../src/assess/rank.js'
import { isVesselEvent } from '../../../src/model/event.js'
import { coastNm, coastOf } from '../../helpers/coast.js'
import { MMSI, T0 } from '../../helpers/replay.js'
import { byTime, detect, sail, type Stretch, type Way } from './sea.js'

const there: Stretch = { hours: 2, kn: 12 }
const away: Stretch = { hours: 2, kn: 12 }
const slowly = (slow: Stretch | Stretch[], way: Way = {}): PositionReport[] =>
  sail([there, ...[slow].flat(), away], way)
const ofType = (shipType: number, mmsi = MMSI): StaticReport => ({ mmsi, t: T0 - 1000, shipType })
const only = (reports: PositionReport[], options: Parameters<typeof detect>[1] = {}): DarkEvent => {
  const events = detect(byTime(reports), options).filter(({ mmsi }) => mmsi === MMSI)
  expect(events).toHaveLength(1)
  return events[0]!
}
const names = ({ evidence }: DarkEvent) => evidence.map(({ name }) => name)

/** To and fro, so many minutes each way. */
const toAndFro = (hours: number, kn: number, minutes: number, offBow = 0): Stretch[] =>
  Array.from({ length: Math.round((hours * 60) / minutes) }, (_, k) => {
    const cog = k % 2 === 0 ? 0 : 180
    return { hours: minutes / 60, kn, cog, heading: cog + offBow }
  })

const still: Stretch = { hours: 9, kn: 0 }
const adrift: Stretch = { hours: 9, kn: 0.9, cog: 40, heading: 140 }
const ahead: Stretch = { hours: 9, kn: 0.9, cog: 40, heading: 40 }

describe('class of a slow vessel', () => {
  test('anchored: it stays within the swing of an anchor, and is told with a score near nothing, however long', () => {
    const event = only(slowly({ ...still, hours: 60 }))
    expect(event.class).toBe('anchored')
    expect(event.score).toBeLessThan(0.05)
    expect(names(event)).toContain('radius_m')
    expect(isReproach(event)).toBe(false)
  })

  test('… a swing of 0.29 nm to either side is one, of 0.31 none', () => {
    const swing = (nm: number) => only(slowly(toAndFro(9, 2 * nm, 60, 90))).class
    expect([swing(0.29), swing(0.31)]).toEqual(['anchored', 'drifting'])
  })

  test('… and of 0.59 for a ship that says that it lies at anchor', () => {
    const told = () => ({ navStatus: 1 as const })
    const swing = (nm: number) => only(slowly(toAndFro(18, nm, 120, 90), { told })).class
    expect([swing(0.59), swing(0.61)]).toEqual(['anchored', 'drifting'])
  })

  test('drifting: it goes otherwise than its bow points, ahead or astern aside', () => {
    expect(only(slowly(adrift)).details['offBowShare']).toBeGreaterThan(0.9)
    const off = (deg: number) => only(slowly({ ...adrift, heading: adrift.cog! + deg })).class
    expect([off(43), off(47)]).toEqual(['suspicious', 'drifting'])
  })

  test('drifting: it tells no heading, and moves as the slow vessels around it', () => {
    const headless = () => ({ heading: undefined as never })
    const neighbour = (k: number, cog: number) =>
      slowly({ ...adrift, cog }, { mmsi: MMSI + k, lat: 30 + k / 30, told: headless })
    const alone = slowly(adrift, { told: headless })
    expect(only(alone).class).toBe('undetermined')
    const together = only([...alone, ...neighbour(1, 45)])
    expect(together.class).toBe('drifting')
    expect(names(together)).toContain('neighbours_alike')
    expect(together.details['neighbours']).toMatchObject({ stayed: 0 })
    expect(only([...alone, ...neighbour(1, 130)])).toMatchObject({ class: 'suspicious' })
    // beyond ten miles it is another tide
    const far = slowly(adrift, { mmsi: MMSI + 1, lat: 30 + 11 / 60, told: headless })
    expect(only([...alone, ...far]).class).toBe('undetermined')
  })

  test('fishing-like: a fishing vessel to and fro under way, or one that says so', () => {
    const works = slowly(toAndFro(9, 2.8, 15))
    const event = only(works, { statics: [ofType(30)] })
    expect(event.class).toBe('fishing_like')
    expect(names(event)).toEqual(expect.arrayContaining(['path_to_net', 'ship_type']))
    expect(only(works, { statics: [ofType(70)] }).class).toBe('suspicious')
    expect(only(slowly(ahead, { told: () => ({ navStatus: 7 as const }) })).class).toBe('fishing_like')
    // at night it drifts like others
    expect(only(slowly(adrift), { statics: [ofType(30)] }).class).toBe('drifting')
  })

  test('station-keeping: a workboat that comes back, or that is restricted; one that stays while others drift', () => {
    const works = slowly(toAndFro(9, 1.6, 30))
    const supply = only(works, { statics: [ofType(90)] })
    expect(supply.class).toBe('station_keeping')
    expect(supply.score).toBeLessThan(0.15)
    // a tanker has no station to keep
    expect(only(works, { statics: [ofType(80)] }).class).toBe('suspicious')
    const restricted = () => ({ navStatus: 3 as const })
    expect(only(slowly(still, { told: restricted })).class).toBe('station_keeping')
    expect(only(slowly(ahead, { told: restricted })).class).toBe('station_keeping')
    const others = [1, 2].flatMap(k => slowly(adrift, { mmsi: MMSI + k, lat: 30 + k / 30 }))
    // it stays for most of the hours, and makes a mile in between
    const slow: Stretch[] = [
      { hours: 6, kn: 0.05, cog: 10 },
      { hours: 1, kn: 1, cog: 10 },
      { hours: 6, kn: 0.05, cog: 190 },
    ]
    const mine = slowly(slow, { told: () => ({ heading: undefined as never }) })
    expect(only([...mine, ...others])).toMatchObject({ class: 'station_keeping' })
  })

  test('waiting: four others lie around it, or it is in a port of the list', () => {
    const queue = (n: number, shipType: number) =>
      only(
        [
          ...slowly(still),
          ...Array.from({ length: n }, (_, k) =>
            slowly(still, { mmsi: MMSI + 1 + k, lat: 30 + (k + 1) / 60, fromMs: -60_000 }),
          ).flat(),
        ],
        { statics: Array.from({ length: n }, (_, k) => ofType(shipType, MMSI + 1 + k)) },
      )
    expect([queue(3, 80).class, queue(4, 80).class]).toEqual(['anchored', 'waiting_at_port'])
    expect(names(queue(4, 80))).toContain('queue')
    expect(queue(4, 80).score).toBeLessThan(0.05)
    // a fleet that fishes is no queue
    expect(queue(4, 30).class).toBe('anchored')
    const roads = only(slowly(adrift))
    const ports = buildPortIndex([
      {
        name: 'Roads',
        country: null,
        radiusM: 20_000,
        ...(roads.details['meanPlace'] as { lat: number; lon: number }),
      },
    ])
    // in a port of the list it is no news
    expect(detect(slowly(adrift), { ports })).toEqual([])
  })

  test('suspicious: none of these, 20 nm from shore or more; nearer nobody knows', () => {
    const event = only(slowly(ahead))
    expect(event.class).toBe('suspicious')
    expect(event.score).toBeGreaterThan(only(slowly(adrift)).score)
    expect(names(event)).toContain('unexplained')
    const anywhere: Partial<EngineOptions> = { config: { loitering: { minShoreNm: 0 } } }
    const near = (nm: number) => only(slowly(ahead), { ...anywhere, coast: coastNm(nm) }).class
    expect([near(19.9), near(20)]).toEqual(['undetermined', 'suspicious'])
  })

  test('… on land by the map, where rivers and lakes are, it is at no distance from shore', () => {
    const inland = coastOf(
      () => 200 * 1852,
      () => true,
    )
    expect(detect(slowly(adrift), { coast: inland })).toEqual([])
    const [event] = detect(slowly(adrift), { coast: inland, config: { loitering: { minShoreNm: 0 } } })
    expect(event!.details['distanceFromShoreM']).toBe(0)
  })

  test('near the coast, ships at anchor are not told of', () => {
    const config = { loitering: { minShoreNm: 0, minHours: 1 } }
    const seen = (slow: Stretch, nm: number) => detect(slowly(slow), { config, coast: coastNm(nm) }).length
    expect([seen(still, 2.9), seen(still, 3), seen(adrift, 2.9)]).toEqual([0, 1, 1])
  })

  test('is told in words', () => {
    const words = (reports: PositionReport[]) => {
      const event = only(reports)
      return isVesselEvent(event) ? inWords(event) : ''
    }
    expect(words(slowly(still))).toMatch(/^lay at one place for (8\.9|9) h$/)
    expect(words(slowly(adrift))).toMatch(/^drifted for/)
    expect(words(sail([there, adrift]))).toBe('drifts since then')
    expect(words(slowly(ahead))).toMatch(/^got nowhere for/)
  })
})

test('a ferry that is back within the hour is not slow, a trawler that tows to and fro is', () => {
  const shuttle = (kn: number) => detect(sail([there, ...toAndFro(9, kn, 30), away])).length
  expect([shuttle(4), shuttle(6), shuttle(15)]).toEqual([1, 0, 0])
})

describe('silences within slow hours', () => {
  const holed = (from: number, to: number): PositionReport[] =>
    slowly(adrift).filter(({ t }) => t < T0 + from * 3_600_000 || t >= T0 + to * 3_600_000)

  test('up to four hours it goes on if it got nowhere meanwhile, and tells how long nobody heard it', () => {
    const event = only(holed(5, 8.9))
    expect(event.details['unheardH']).toBeCloseTo(4, 0)
    expect(event.durationS! / 3600).toBeCloseTo(9, 0)
    expect(detect(holed(6.9, 11.2)).map(({ end }) => end!.t)).toEqual([
      expect.toSatisfy(t => Math.abs((t as number) - T0 - 6.9 * 3_600_000) <= 5 * 60_000),
    ])
  })

  test('one of more than half of it is no loitering', () => {
    const short: Stretch = { ...adrift, hours: 6 }
    const heard = (hole: number) =>
      detect(slowly(short).filter(({ t }) => t < T0 + 3 * 3_600_000 || t >= T0 + (3 + hole) * 3_600_000))
        .length
    expect([heard(2.8), heard(3.3)]).toEqual([1, 0])
  })

  test('over one in which it got away, it ended before', () => {
    const gone = sail([there, adrift, { hours: 3.5, kn: 8 }, { ...still, hours: 3 }]).filter(
      ({ t }) => t < T0 + 10.5 * 3_600_000 || t >= T0 + 14.5 * 3_600_000,
    )
    const [event, ...none] = detect(gone)
    expect(none).toEqual([])
    expect(event!.end!.t).toBeLessThan(T0 + 10.5 * 3_600_000)
  })
})
