// The preset gfw-encounters against pipe-encounters' own answers on its own input (Global Fishing Watch, Apache-2.0), and
// beside it where the pipeline is wrong.

import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { after, before, between, type GridRule, type Spot } from '../../src/detectors/encounter/grid.js'
import { createLayers, place, visitNear } from '../../src/detectors/encounter/layers.js'
import { haversineM } from '../../src/geo/distance.js'
import type { ConfigInput } from '../../src/model/config.js'
import type { DarkEvent, VesselEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_DAY, MS_PER_MIN } from '../../src/model/units.js'
import { buildPortIndex } from '../../src/zones/ports.js'
import { coastOf } from '../helpers/coast.js'
import { finals } from '../helpers/replay.js'
import { sharedText, testWith } from '../helpers/shared.js'

interface Position {
  id: string
  timestamp: string
  lat: number
  lon: number
  speed_kn: number
  course_deg: number
}

interface Params {
  resample_step_s: number
  interpolate_only_if_gap_lt_s: number
  extrapolate: boolean
  encounter_km: number
  min_minutes: number
}

const near = (a: number, b: number) => Math.abs(a - b) <= Math.max(1e-8, 1e-5 * Math.abs(b))
const ruleOf = (params: Omit<Params, 'encounter_km' | 'min_minutes'>): GridRule => ({
  stepMs: params.resample_step_s * 1000,
  holeMs: params.interpolate_only_if_gap_lt_s * 1000,
  extrapolate: params.extrapolate,
})

/** The places of one vessel on the grid, of fixes of one day. */
function resampled(positions: Position[], rule: GridRule): Spot[] {
  const fixes = positions.map(({ timestamp, lat, lon, speed_kn, course_deg }) => ({
    ...{ t: Date.parse(timestamp), lat, lon, kn: speed_kn, course: course_deg },
  }))
  const inside = fixes.flatMap((to, k) => (k === 0 ? [] : between(fixes[k - 1]!, to, k === 1, rule)))
  return [...before(fixes[0]!, rule), ...inside, ...after(fixes.at(-1)!, rule)]
}

const at = (minutes: number) => Date.UTC(2011, 0, 1) + minutes * MS_PER_MIN
type Place = readonly [lat: number, lon: number]

/** Reports every so many minutes at one place, or from one to another. */
function stay(
  mmsi: number,
  [from, to]: readonly [number, number],
  place: Place,
  { every = 10, until = place, sog = 0 }: { every?: number; until?: Place; sog?: number } = {},
): PositionReport[] {
  const n = Math.floor((to - from) / every)
  return Array.from({ length: n + 1 }, (_, k) => {
    const share = n === 0 ? 0 : k / n
    const [lat, lon] = [0, 1].map(side => place[side]! + share * (until[side]! - place[side]!))
    return { mmsi, t: at(from + k * every), lat: lat!, lon: lon!, sog, cog: 90 }
  })
}

const [A, B, C] = [211000001, 257000002, 374000003]
const HERE: Place = [-1.47, 55.22]
const BESIDE: Place = [-1.471, 55.221]

function told(
  reports: PositionReport[],
  config: ConfigInput['encounter'] = {},
  options: Partial<Parameters<typeof createEngine>[0]> = {},
): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({
    preset: 'gfw-encounters',
    ...options,
    config: { encounter: config, engine: { capacity: 16, silenceCapacity: 16, reorderWindowS: 0 } },
    onEvent: event => events.push(event),
  })
  const sorted = [...reports].sort((x, y) => x.t - y.t || x.mmsi - y.mmsi)
  for (const report of sorted) engine.push(report)
  engine.advance(sorted.at(-1)!.t + 2 * MS_PER_DAY)
  engine.flush()
  return events
}

const line = ({ mmsi, start, end, details }: DarkEvent) =>
  `${mmsi} ${(details['partner'] as { mmsi: number }).mmsi} ${(start.t - at(0)) / MS_PER_MIN}–${end && (end.t - at(0)) / MS_PER_MIN}`
const found = (...args: Parameters<typeof told>) => finals(told(...args)).map(line)

describe('pipe-encounters', () => {
  const resample = 'cases/pipe-encounters/resample.json'
  testWith(resample, 'places on the grid', () => {
    const { params, input, expected } = JSON.parse(sharedText(resample)) as {
      params: Params
      input: Position[]
      expected: (Position & { point_density: number })[]
    }
    const spots = resampled(input, ruleOf(params))
    expect(spots.map(({ t }) => t)).toEqual(expected.map(({ timestamp }) => Date.parse(timestamp)))
    spots.forEach((spot, k) => {
      const { lat, lon, speed_kn, point_density } = expected[k]!
      const pairs = [
        [spot.lat, lat],
        [spot.lon, lon],
        [spot.kn, speed_kn],
        [spot.density, point_density],
      ] as const
      for (const [ours, theirs] of pairs) expect(near(ours, theirs), `${k}: ${ours}, ${theirs}`).toBe(true)
    })
  })

  const encounters = 'cases/pipe-encounters/encounters.json'
  const adjacency = 'cases/pipe-encounters/adjacency.json'
  testWith(adjacency, 'neighbours at each time', () => {
    const { params, expected } = JSON.parse(sharedText(adjacency)) as {
      params: Params & { adjacency_km: number }
      expected: (Position & { point_density: number; neighbours: { id: string; distance_km: number }[] })[]
    }
    const { series } = JSON.parse(sharedText(encounters)) as { series: Record<string, Position[]> }
    const input = series['simple_series_data']!
    const rule = ruleOf(params)
    const ids = [...new Set(input.map(({ id }) => id))]
    const layers = createLayers(ids.length, rule.holeMs)
    const rows = ids.flatMap((id, slot) =>
      resampled(
        input.filter(position => position.id === id),
        rule,
      ).map(spot => ({ id, slot, spot })),
    )
    for (const { slot, spot } of rows) place(layers, slot, spot)
    expect(rows.map(({ id, spot }) => `${id} ${spot.t}`)).toEqual(
      expected.map(({ id, timestamp }) => `${id} ${Date.parse(timestamp)}`),
    )
    rows.forEach(({ slot, spot }, k) => {
      const { lat, lon, point_density, neighbours } = expected[k]!
      for (const [ours, theirs] of [
        [spot.lat, lat],
        [spot.lon, lon],
        [spot.density, point_density],
      ] as const)
        expect(near(ours, theirs)).toBe(true)
      const ours: { id: string; km: number }[] = []
      visitNear(layers, spot, params.adjacency_km * 1000, (other, its) => {
        if (other !== slot)
          ours.push({ id: ids[other]!, km: haversineM(spot.lat, spot.lon, its.lat, its.lon) / 1000 })
      })
      expect(ours.map(({ id }) => id)).toEqual(neighbours.map(({ id }) => id))
      ours.forEach(({ km }, n) => expect(near(km, neighbours[n]!.distance_km)).toBe(true))
    })
  })

  testWith(encounters, 'raw encounters, each side of an event a row of theirs', () => {
    const { series, cases } = JSON.parse(sharedText(encounters)) as {
      series: Record<string, Position[]>
      cases: { input_series: string; params: Params; expected_raw: Record<string, number | string>[] }[]
    }
    for (const { input_series, params, expected_raw } of cases) {
      const events = finals(
        told(
          series[input_series]!.map(({ id, timestamp, lat, lon, speed_kn, course_deg }) => ({
            ...{ mmsi: Number(id), t: Date.parse(timestamp), lat, lon, sog: speed_kn, cog: course_deg },
          })),
          {
            ...{ nearM: params.encounter_km * 1000, minHours: 1e-6, maxSpeedKn: 100 },
            grid: {
              stepMinutes: params.resample_step_s / 60,
              maxHoleMinutes: params.interpolate_only_if_gap_lt_s / 60,
              extrapolate: params.extrapolate,
              rawMinutes: params.min_minutes,
            },
          },
        ),
      ) as VesselEvent[]
      interface Side {
        start: { t: number; lat: number; lon: number }
        end: { t: number; lat: number; lon: number }
        meanPlace: { lat: number; lon: number }
        medianSpeedKn: number
        points: number
      }
      const rows = events.flatMap(({ mmsi, details }) => {
        const other = (details['partner'] as { mmsi: number }).mmsi
        return (details['raw'] as (Side & { partner: Side; medianDistanceM: number })[]).flatMap(raw =>
          [
            { ids: [mmsi, other], own: raw as Side, its: raw.partner },
            { ids: [other, mmsi], own: raw.partner, its: raw as Side },
          ].map(({ ids, own, its }) => ({
            ...{ vessel_1_seg_id: String(ids[0]), vessel_2_seg_id: String(ids[1]) },
            ...{ start_time: own.start.t, end_time: own.end.t },
            ...{ mean_latitude: own.meanPlace.lat, mean_longitude: own.meanPlace.lon },
            ...{ median_distance_km: raw.medianDistanceM / 1000, median_speed_knots: own.medianSpeedKn },
            ...{ vessel_1_point_count: own.points, vessel_2_point_count: its.points },
            ...{ start_lat: own.start.lat, start_lon: own.start.lon },
            ...{ end_lat: own.end.lat, end_lon: own.end.lon },
          })),
        )
      })
      expect(rows).toHaveLength(expected_raw.length)
      for (const theirs of expected_raw) {
        const ours = rows.find(
          row =>
            row.vessel_1_seg_id === theirs['vessel_1_seg_id'] &&
            row.start_time === Date.parse(theirs['start_time'] as string),
        ) as Record<string, number | string> | undefined
        for (const [name, value] of Object.entries(theirs)) {
          const own = ours![name]!
          if (name.endsWith('_time')) expect(own).toBe(Date.parse(value as string))
          else if (typeof value === 'string' || name.endsWith('_count')) expect(own).toBe(value)
          else expect(near(own as number, value), `${name}: ${own}, ${value}`).toBe(true)
        }
      }
    }
  })
})

describe('the rule, both sides of each threshold', () => {
  test('two hours of it, or nothing', () => {
    const beside = (minutes: number) => [
      ...stay(A, [600, 600 + minutes], HERE),
      ...stay(B, [600, 600 + minutes], BESIDE),
    ]
    const grid = { extrapolate: false }
    expect(found(beside(110), { grid })).toEqual([])
    expect(found(beside(120), { grid })).toEqual([`${A} ${B} 600–720`])
  })

  test('within 500 m, and slower than 2 kn in the median', () => {
    const off = (m: number): Place => [HERE[0], HERE[1] + m / 111_160]
    const both = (m: number) => [...stay(A, [600, 800], HERE), ...stay(B, [600, 800], off(m))]
    expect(found(both(499))).toHaveLength(1)
    expect(found(both(502))).toEqual([])
    const going = (kn: number) => {
      const deg = (kn * 200) / 60 / 60
      return [A, B].flatMap(mmsi =>
        stay(mmsi, [600, 800], HERE, { until: [HERE[0] + deg, HERE[1]], sog: kn }),
      )
    }
    expect(found(going(1.98))).toHaveLength(1)
    expect(found(going(2.02))).toEqual([])
  })

  test('what lies less than four hours apart is one, if each part lasts an hour', () => {
    const away: Place = [HERE[0] + 0.1, HERE[1]]
    const grid = { extrapolate: false }
    const visits = (pause: number, last: number) => [
      ...stay(A, [0, 140 + pause + last], HERE),
      ...stay(B, [0, 130], BESIDE),
      ...stay(B, [140, 120 + pause], away),
      ...stay(B, [130 + pause, 130 + pause + last], BESIDE),
    ]
    expect(found(visits(230, 60), { grid })).toEqual([`${A} ${B} 0–420`])
    expect(found(visits(230, 50), { grid })).toEqual([`${A} ${B} 0–130`])
    expect(found(visits(240, 130), { grid })).toEqual([`${A} ${B} 0–130`, `${A} ${B} 370–500`])
    const [one] = finals(told(visits(230, 60), { grid }))
    expect(one!.details['raw']).toHaveLength(2)
  })

  test('nothing lies between fixes an hour apart; beyond the ends of a day up to an hour by course and speed', () => {
    const every = (minutes: number) =>
      found([...stay(A, [600, 960], HERE, { every: minutes }), ...stay(B, [600, 960], BESIDE)], {
        grid: { extrapolate: false },
      })
    expect(every(59)).toEqual([`${A} ${B} 600–950`])
    expect(every(60)).toEqual([])
    const short = [...stay(A, [600, 650], HERE), ...stay(B, [600, 650], BESIDE)]
    expect(found(short)).toEqual([`${A} ${B} 540–710`])
    expect(found(short, { grid: { extrapolate: false } })).toEqual([])
  })

  test('who is heard again that day was nowhere before', () => {
    // two hours together rest on the hour after the last fix; B is back at noon, far away
    const away: Place = [HERE[0] + 1, HERE[1]]
    const both = [...stay(A, [600, 900], HERE), ...stay(B, [600, 670], BESIDE)]
    const grid = { extrapolate: true }
    expect(found(both, { grid })).toEqual([`${A} ${B} 540–730`])
    const back = told([...both, ...stay(B, [780, 790], away)], { grid })
    expect(finals(back).map(line)).toEqual([`${A} ${B} 540–670`])
    expect(found([...both, ...stay(B, [1500, 1510], away)], { grid })).toEqual([`${A} ${B} 540–730`])
  })

  test('… and nobody met it there who is heard later still', () => {
    const far: Place = [HERE[0] + 1, HERE[1]]
    const both = [
      ...stay(A, [600, 800], HERE),
      ...stay(B, [605, 805], BESIDE),
      ...stay(B, [864, 900], BESIDE),
    ]
    expect(found([...both, ...stay(A, [862, 900], far)])).toEqual([`${A} ${B} 550–800`])
    expect(found(both)).toEqual([`${A} ${B} 550–860`])
  })

  test('what rested on that alone is taken back at once', () => {
    const both = [...stay(A, [600, 900], HERE), ...stay(B, [650, 690], BESIDE)]
    expect(found(both)).toEqual([`${A} ${B} 590–750`])
    const events = told([...both, ...stay(B, [780, 900], [HERE[0] + 1, HERE[1]])])
    expect(events.map(({ phase }) => phase)).toEqual(['opened', 'retracted'])
    expect(events[1]!.asOf).toBe(at(780))
  })

  test('farther than ten kilometres from a port of the list, or one of them is', () => {
    const both = [...stay(A, [600, 800], HERE), ...stay(B, [600, 800], BESIDE)]
    const port = (km: number) =>
      buildPortIndex([{ name: 'P', lat: HERE[0] - km / 111.19, lon: HERE[1], radiusM: 3000, country: null }])
    expect(found(both, {}, { ports: port(9.8) })).toEqual([])
    expect(found(both, {}, { ports: port(10.2) })).toHaveLength(1)
    const coast = (isLand: boolean) => ({
      coast: coastOf(
        () => 1e6,
        () => isLand,
      ),
    })
    expect(found(both, {}, coast(true))).toEqual([])
    expect(found(both, {}, coast(false))).toHaveLength(1)
  })
})

describe('where the pipeline is wrong', () => {
  const grid = { extrapolate: false }

  test('a hole in the data of either ends a run, whoever is asked: there it goes on across one of vessel 1', () => {
    const holed = (mmsi: number, place: Place) => [
      ...stay(mmsi, [460, 610], place),
      ...stay(mmsi, [900, 1210], place),
    ]
    const whole = (mmsi: number, place: Place) => stay(mmsi, [460, 1210], place)
    // 4 h 50 min without a word: two encounters, as the other row of theirs has it; the first place after a hole is that of
    // the fix after, as there
    const right = [`${A} ${B} 460–610`, `${A} ${B} 910–1210`]
    expect(found([...holed(A, HERE), ...whole(B, BESIDE)], { grid })).toEqual(right)
    expect(found([...whole(A, HERE), ...holed(B, BESIDE)], { grid })).toEqual(right)
  })

  test('any number of neighbours is looked at: there those beyond the nearest so many vanish', () => {
    const many = Array.from({ length: 12 }, (_, k) => 211_000_001 + k)
    const all = many.flatMap((mmsi, k) => stay(mmsi, [600, 800], [HERE[0] + k * 1e-4, HERE[1]]))
    expect(found(all, { grid })).toHaveLength((12 * 11) / 2)
    const three = [...stay(A, [600, 800], HERE), ...stay(B, [600, 800], BESIDE), ...stay(C, [600, 800], HERE)]
    expect(found(three, { grid })).toEqual([`${A} ${B} 600–800`, `${A} ${C} 600–800`, `${B} ${C} 600–800`])
  })

  test('midnight is no seam: there a run ends, and what is left of it on either side is too short', () => {
    const around = (from: number) => [
      ...stay(A, [from, from + 150], HERE, { every: 7 }),
      ...stay(B, [from, from + 150], BESIDE, { every: 7 }),
    ]
    for (let hour = 0; hour < 48; hour += 0.5) {
      const from = hour * 60
      const [event, ...none] = found(around(from), { grid })
      expect(none).toEqual([])
      expect(event, String(hour)).toMatch(`${A} ${B} ${from}–`)
    }
  })

  test('180 degrees is no edge: there a place between 179.9 and −179.9 is in the Gulf of Guinea', () => {
    const turned = (reports: PositionReport[], deg: number) =>
      reports.map(report => ({ ...report, lon: ((report.lon! + deg + 540) % 360) - 180 }))
    // to and fro over a few hundred metres, so that places lie between
    const both = [A, B].flatMap(mmsi =>
      stay(mmsi, [605, 845], HERE, { until: [HERE[0], HERE[1] + 0.05], every: 16, sog: 0.75 }),
    )
    const deg = 180 - HERE[1] - 0.025
    const here = finals(told(both, { grid }))
    const there = finals(told(turned(both, deg), { grid }))
    expect(here).toHaveLength(1)
    expect(there.map(line)).toEqual(here.map(line))
    const mean = (events: DarkEvent[]) =>
      (events[0]!.details['raw'] as { meanPlace: { lon: number } }[])[0]!.meanPlace.lon
    expect(((mean(there) - mean(here) - deg + 540) % 360) - 180).toBeCloseTo(0, 9)
  })
})
