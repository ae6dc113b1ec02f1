// The preset gfw-loitering against pipe-loitering's own answers (Global Fishing Watch, Apache-2.0), and against its rules
// played naively on tracks that are in no file.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addMessage,
  averageKn,
  averageShoreNm,
  isSlowHour,
  noSums,
  totalHours,
  totalMetres,
  turnOf,
  type HourlyMessage,
  type HourlySums,
} from '../../src/detectors/loitering/hourly.js'
import { geodesicM } from '../../src/geo/distance.js'
import type { ConfigInput } from '../../src/model/config.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import type { Coast } from '../../src/zones/coast.js'
import { coastOf } from '../helpers/coast.js'
import { finals, MMSI, replay, T0, type Script } from '../helpers/replay.js'
import { sharedText, testWith } from '../helpers/shared.js'
import { share } from '../helpers/share.js'

type Given = { hours?: number | null; meters_to_prev?: number | null; distance_from_shore_m?: number | null }
interface Cases {
  loitering_stats_avg_speed_kn: { msgs: Given[]; expected: number | null }[]
  loitering_stats_avg_shore_nm: { msgs: Given[]; expected: number | null }[]
  daily_event: {
    input: (Given & { timestamp: string; lat: number; lon: number })[]
    expected: Record<string, number> & {
      loitering_start_timestamp: string
      loitering_end_timestamp: string
    }
  }
  hourly_totals: { field: 'hours' | 'meters_to_prev'; values: (number | null)[]; expected: number | null }[]
  hourly_avg_speed_kn: (Given & { expected: number | null })[]
  is_slow: { avg_speed_knots: number | null; threshold: number; expected: boolean }[]
  slow_groups: { window_end: string; buckets: [string, boolean, number[]][]; expected: number[][] }[]
}

const message = ({ hours, meters_to_prev, distance_from_shore_m }: Given): HourlyMessage => ({
  hours: hours ?? null,
  metres: meters_to_prev ?? null,
  shoreM: distance_from_shore_m ?? null,
})
function sumsOf(given: readonly Given[]): HourlySums {
  const sums = noSums()
  for (const each of given) addMessage(sums, message(each))
  return sums
}

/** Groups of hours by day, as the rule makes them: what the detector does with sums, done with messages. */
function groupsOf<M>(hours: readonly { day: number; isSlow: boolean; messages: M[] }[]) {
  const groups: { day: number; messages: M[] }[] = []
  let isRunning = false
  hours.forEach(({ day, isSlow, messages }, k) => {
    const before = hours[k - 1]
    const { ends, begins } = turnOf(isRunning, isSlow, before ? day - before.day : Infinity)
    if (ends) isRunning = false
    if (begins !== 'no') {
      groups.push({ day, messages: begins === 'after last' ? [before!.messages.at(-1)!] : [] })
      isRunning = true
    }
    if (isRunning) groups.at(-1)!.messages.push(...messages)
  })
  return groups
}

const preset = 'gfw-loitering'
const told = (script: Script, loitering: ConfigInput['loitering'] = {}, coast?: Coast): DarkEvent[] =>
  replay(script, { preset, config: { loitering }, coast })

describe('pipe-loitering', () => {
  const unit = 'cases/pipe-loitering/unit.json'
  const cases = () => JSON.parse(sharedText(unit)) as Cases

  testWith(unit, 'averages of messages', () => {
    for (const { msgs, expected } of cases().loitering_stats_avg_speed_kn)
      expect(averageKn(sumsOf(msgs))).toBe(expected)
    for (const { msgs, expected } of cases().loitering_stats_avg_shore_nm)
      expect(averageShoreNm(sumsOf(msgs))).toBe(expected)
  })

  testWith(unit, 'sums and averages of hours, and which are slow', () => {
    for (const { field, values, expected } of cases().hourly_totals) {
      const sums = sumsOf(values.map(value => ({ [field]: value })))
      expect((field === 'hours' ? totalHours : totalMetres)(sums)).toBe(expected)
    }
    for (const { expected, ...given } of cases().hourly_avg_speed_kn) {
      const average = averageKn(sumsOf([given]))
      // 1852 / 5 / 1852 is 0.2 but for its last bit
      if (expected === null) expect(average).toBeNull()
      else expect(average).toBeCloseTo(expected, 12)
    }
    for (const { avg_speed_knots, threshold, expected } of cases().is_slow)
      expect(isSlowHour(avg_speed_knots, threshold)).toBe(expected)
  })

  testWith(unit, 'groups of slow hours of a day', () => {
    for (const { window_end, buckets, expected } of cases().slow_groups) {
      const day = Date.parse(`${window_end}Z`) / MS_PER_DAY - 1
      const hours = buckets.map(([date, isSlow, messages]) => ({
        ...{ day: Date.parse(date) / MS_PER_DAY, isSlow, messages },
      }))
      const groups = groupsOf(hours).filter(group => group.day === day)
      expect(groups.map(({ messages }) => messages)).toEqual(expected)
    }
  })

  testWith(unit, 'the event of a day: sums without the first message, shore with it', () => {
    const { input, expected } = cases().daily_event
    const rest = sumsOf(input.slice(1))
    expect(averageKn(rest)).toBe(expected['avg_speed_knots'])
    expect(totalHours(rest)).toBe(expected['loitering_hours'])
    expect(totalMetres(rest)! / M_PER_NM).toBe(expected['tot_distance_nm'])
    expect(averageShoreNm(sumsOf(input))).toBe(expected['avg_distance_from_shore_nm'])
    // the hours that these messages claim are not those between them: an event goes by its times
    const fixes = input.map(({ timestamp, lat, lon }) => ({ mmsi: MMSI, t: Date.parse(timestamp), lat, lon }))
    const hours = (fixes[1]!.t - T0) / MS_PER_HOUR
    const [event, ...none] = told([...fixes, hours + 2], { minShoreNm: 0 })
    expect(none).toEqual([])
    expect(event).toMatchObject({
      start: { t: Date.parse(expected.loitering_start_timestamp), lat: expected['start_lat'] },
      details: { hours: 1, messages: 2 },
    })
    const away = { mmsi: MMSI, t: fixes[1]!.t + MS_PER_HOUR, lat: 0, lon: 148 }
    const closed = finals(told([...fixes, away, hours + 3], { minShoreNm: 0 }))
    expect(closed).toMatchObject([
      {
        end: {
          t: Date.parse(expected.loitering_end_timestamp),
          lat: expected['end_lat'],
          lon: expected['end_lon'],
        },
        durationS: 3600,
      },
    ])
  })
})

/** Tracks of some days: uneven steps of seconds to days, short and long ways. */
const track: fc.Arbitrary<PositionReport[]> = fc
  .array(
    fc.record({
      minutes: fc.oneof(
        { weight: 12, arbitrary: fc.integer({ min: 1, max: 50 }) },
        { weight: 3, arbitrary: fc.integer({ min: 51, max: 400 }) },
        { weight: 1, arbitrary: fc.integer({ min: 1500, max: 4000 }) },
      ),
      kn: fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: 0, max: 18 }).map(x => x / 10) },
        { weight: 1, arbitrary: fc.integer({ min: 21, max: 120 }).map(x => x / 10) },
      ),
    }),
    { minLength: 2, maxLength: 90 },
  )
  .map(steps => {
    let t = T0 + 20 * MS_PER_HOUR + 7 * MS_PER_MIN
    let lat = 10
    return steps.map(({ minutes, kn }) => {
      t += minutes * MS_PER_MIN
      lat += (kn * minutes) / 3600
      return { mmsi: MMSI, t, lat, lon: 20 }
    })
  })
/** Farther from shore the farther north. */
const coast = coastOf(lat => (lat - 9.5) * 60 * M_PER_NM)

/** The rules of the anchor as they are written: hours, days, groups, daily events, and what joins them. */
function naively(reports: readonly PositionReport[]) {
  const messages = reports.map((report, k) => {
    const before = reports[k - 1]
    return {
      ...{ ...report, lat: report.lat!, lon: report.lon! },
      hours: before ? (report.t - before.t) / MS_PER_HOUR : null,
      meters_to_prev: before ? geodesicM(before.lat!, before.lon!, report.lat!, report.lon!) : null,
      distance_from_shore_m: coast.shoreDistanceM(report.lat!, report.lon!),
    }
  })
  type Message = (typeof messages)[number]
  const buckets = new Map<number, Message[]>()
  for (const each of messages) {
    const hour = Math.floor(each.t / MS_PER_HOUR)
    buckets.set(hour, [...(buckets.get(hour) ?? []), each])
  }
  const all = [...buckets].map(([hour, msgs]) => ({
    ...{ day: Math.floor(hour / 24), msgs },
    slow: isSlowHour(averageKn(sumsOf(msgs)), 2),
  }))
  const daily = []
  for (const day of new Set(all.map(bucket => bucket.day))) {
    const yesterday = all.filter(bucket => bucket.day === day - 1)
    const today = all.filter(bucket => bucket.day === day)
    const groups: Message[][] = []
    let group: Message[] = []
    today.forEach(({ slow, msgs }, k) => {
      if (slow && group.length === 0) {
        const before = k > 0 ? today[k - 1] : yesterday.at(-1)
        group = [...(before ? [before.msgs.at(-1)!] : []), ...msgs]
      } else if (slow) group.push(...msgs)
      else if (group.length > 0) {
        groups.push(group)
        group = []
      }
    })
    if (group.length > 0) groups.push(group)
    for (const msgs of groups.filter(each => each.length > 1)) {
      const rest = sumsOf(msgs.slice(1))
      const [first, last] = [msgs[0]!, msgs.at(-1)!]
      const shoreNm = averageShoreNm(sumsOf(msgs))!
      daily.push({ from: first.t, to: last.t, hours: totalHours(rest)!, metres: totalMetres(rest)!, shoreNm })
    }
  }
  const merged: { from: number; to: number; hours: number; metres: number; shoreNmHours: number }[] = []
  for (const { from, to, hours, metres, shoreNm } of daily.sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last?.to === from) {
      last.to = to
      last.hours += hours
      last.metres += metres
      last.shoreNmHours += hours * shoreNm
    } else merged.push({ from, to, hours, metres, shoreNmHours: hours * shoreNm })
  }
  return merged
    .filter(event => event.to - event.from >= MS_PER_HOUR && event.shoreNmHours / event.hours >= 20)
    .map(({ from, to, hours, metres, shoreNmHours }) => ({
      ...{ from, to, hours: hours.toFixed(9), pathM: metres.toFixed(3) },
      shoreNm: (shoreNmHours / hours).toFixed(9),
    }))
}

describe(preset, () => {
  test('any track gives what the rules of pipe-loitering give, played day by day and joined', () => {
    let found = 0
    fc.assert(
      fc.property(track, reports => {
        // the last hour ends, and the next one is fast
        const away = {
          mmsi: MMSI,
          t: reports.at(-1)!.t + 3 * MS_PER_HOUR,
          lat: reports.at(-1)!.lat! + 1,
          lon: 20,
        }
        const all = [...reports, away]
        const ours = finals(told([...all, (away.t - T0) / MS_PER_HOUR + 2], {}, coast)).map(
          ({ start, end, details }) => ({
            ...{ from: start.t, to: end?.t },
            hours: (details['hours'] as number).toFixed(9),
            pathM: (details['pathM'] as number).toFixed(3),
            shoreNm: (details['meanDistanceFromShoreNm'] as number).toFixed(9),
          }),
        )
        const theirs = naively(all)
        found += theirs.length
        expect(ours.sort((a, b) => a.from - b.from)).toEqual(theirs)
      }),
      { numRuns: 300 },
    )
    expect(found).toBeGreaterThan(100 * share)
  })

  test('other detectors, sequences and guards are off: nothing else is said', () => {
    const leap = (h: number, lat: number) => ({ mmsi: MMSI, t: T0 + h * MS_PER_HOUR, lat, lon: 20, sog: 1 })
    expect(told([leap(0, 10), leap(0.1, 60), leap(30, -10), leap(31, -10), leap(31.1, 50), 40])).toEqual([])
  })
})
