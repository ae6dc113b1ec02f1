import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gapDetector } from '../../src/detectors/gap/gap.js'
import type { EngineOptions } from '../../src/engine/api.js'
import { resolveConfig } from '../../src/model/config.js'
import { at, finals, hour, MMSI, replay, type Script } from '../helpers/replay.js'

const silences = (script: Script, options: Partial<EngineOptions> = {}) =>
  replay(script, options).filter(({ type }) => type === 'gap' || type === 'port_silence')
const gaps = (script: Script, config = {}) =>
  silences(script, { config: { gap: { portRule: false, minReports: 1, ...config } } })

describe('gap', () => {
  test('stays quiet when the silence equals the threshold', () => {
    expect(gaps([at(0), 6, at(6)])).toEqual([])
  })

  test('speaks one millisecond over the threshold', () => {
    const events = finals(gaps([at(0), { ...at(6), t: hour(6) + 1 }]))
    expect(events.map(e => [e.type, e.phase, e.durationS])).toEqual([['gap', 'closed', 21600.001]])
  })

  test('reports OFF and ON positions, distance and implied speed', () => {
    const [gap] = finals(gaps([at(0), at(1), at(13)]))
    expect(gap).toMatchObject({
      id: `gap-${MMSI}-${hour(1)}`,
      start: { t: hour(1), lat: 0, lon: 10 + 1 / 60 },
      end: { t: hour(13) },
      durationS: 43200,
    })
    expect(gap!.details['distanceM']).toBeCloseTo(22_263.9, 0) // 0.2 degrees of the WGS-84 equator
    expect(gap!.details['impliedSpeedKn']).toBeCloseTo(1.0018, 3)
  })

  test('is said once while open and once when it closes, under one id', () => {
    const events = gaps([at(0), 7, 9, at(10), 17])
    expect(events.map(e => [e.phase, e.revision, e.start.t, e.end?.t])).toEqual([
      ['opened', 1, hour(0), undefined],
      ['closed', 2, hour(0), hour(10)],
      ['opened', 1, hour(10), undefined],
    ])
    expect(events[0]!.id).toBe(events[1]!.id)
    expect(events[0]!.id).not.toBe(events[2]!.id)
  })

  test('opens at the first whole minute past the threshold, whatever the watermark skips', () => {
    expect(gaps([at(0), 11]).map(e => e.asOf)).toEqual([hour(6) + 60_000])
  })

  test('is judged anew while it lasts, each time it has doubled, and told again when that says something else', () => {
    // of a ship alone there is nothing new to say, however long it lasts
    expect(gaps([at(0), 200]).map(e => e.phase)).toEqual(['opened'])
    // twenty others fall silent with it, and are heard again after six hours: then it is the one that is missing
    const hours = Array.from({ length: 480 }, (_, k) => k / 6)
    const isHeard = (k: number, h: number) => h <= 48 || (k > 0 && h > 54.5) || k === 21
    const sea = hours.flatMap(h =>
      Array.from({ length: 22 }, (_, k) => k)
        .filter(k => isHeard(k, h))
        .map(k =>
          at(h, { mmsi: MMSI + k, lat: k === 21 ? 40 : k / 100, lon: 10 + h / 100, sog: 6, utcSecond: k }),
        ),
    )
    const told = gaps(sea, { minReports: 3 }).filter(({ mmsi }) => mmsi === MMSI)
    // at 12 h it had been silent no longer than they were, and a day later it has; 48 h later nothing else
    expect(told.map(e => e.phase)).toEqual(['opened', 'updated'])
    expect(told.map(e => e.class)).toEqual(['likely_reception', 'undetermined'])
    expect(told[1]!.asOf).toBe(hour(48 + 24))
  })

  test('judges open gaps at UTC midnight where the preset says so', () => {
    const noon = at(12) // hour 0 of the script is midnight
    const eleven = at(11)
    const options = { preset: 'gfw-core', config: { gap: { openAt: 'utc-midnight' as const } } }
    expect(silences([noon, 24], options)).toEqual([])
    expect(silences([eleven, 24], options).map(e => [e.phase, e.asOf])).toEqual([['opened', hour(24)]])
    expect(silences([eleven, 23.99], options)).toEqual([])
  })

  test('a message without a position ends it, without a place or a distance', () => {
    const nowhere = { mmsi: MMSI, t: hour(10) }
    const [gap] = finals(gaps([at(0), nowhere]))
    expect(gap).toMatchObject({ end: { t: hour(10), lat: null, lon: null }, durationS: 36000 })
    expect(gap!.details).toMatchObject({ distanceM: null, impliedSpeedKn: null })
  })

  test('a vessel heard too seldom has no silence to speak of', () => {
    expect(gaps([at(0), at(1), at(9)], { minReports: 3 })).toEqual([])
    expect(finals(gaps([at(0), at(1), at(2), at(9)], { minReports: 3 }))).toHaveLength(1)
  })

  test('a moored vessel has the port threshold and its own event type', () => {
    const moored = (h: number) => at(h, { sog: 0, lon: 10, lat: 50 })
    expect(silences([moored(0), moored(0.5), moored(1), moored(40)])).toEqual([])
    const events = finals(silences([moored(0), moored(0.5), moored(1), moored(62)]))
    expect(events.map(e => [e.type, e.durationS])).toEqual([['port_silence', 61 * 3600]])
  })

  test('one displaced fix neither ends nor starts a gap', () => {
    const far = at(8, { lat: 40, lon: -60 })
    const [gap, ...rest] = finals(gaps([at(0), far, at(9), at(9.1), at(9.2)]))
    expect(rest).toEqual([])
    expect(gap).toMatchObject({ start: { t: hour(0) }, end: { t: hour(9) } })
  })

  test('a silence that began with a fix which was not the ship’s is withdrawn, and the one before it goes on', () => {
    // 22 degrees in 29 hours, alone; and eight hours later back where it had been, which no ship could
    const home = (h: number) => at(h, { lat: 0, lon: 10, sog: 8 })
    const away = at(30, { lat: 22, lon: 10, sog: 8 })
    const events = gaps([...[0, 0.5, 1].map(home), away, 37, ...[38, 38.1, 38.2].map(home)])
    expect(finals(events).map(({ start, end }) => [start.t, end?.t])).toEqual([[hour(1), hour(38)]])
    const wrong = events.filter(({ start }) => start.t === hour(30))
    expect(wrong.map(({ phase, revision }) => [phase, revision])).toEqual([
      ['opened', 1],
      ['retracted', 2],
    ])
    expect(wrong[1]!.asOf).toBe(hour(38.1)) // two that agree, five minutes apart
  })

  test('agrees with a naive pairwise scan on any track', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 3, maxLength: 50 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 23 }), (hours, minGapHours) => {
        const reports = [at(0)]
        let h = 0
        for (const d of hours) reports.push(at((h += d)))
        const durations = finals(gaps(reports, { minGapHours }))
          .sort((a, b) => a.start.t - b.start.t)
          .map(gap => gap.durationS! / 3600)
        expect(durations).toEqual(hours.filter(d => d > minGapHours))
      }),
    )
  })
})

test('what has to outlive an eviction comes back as it was', () => {
  // parking asks nothing of what the detector looks at
  const gap = gapDetector(resolveConfig(), {} as Parameters<typeof gapDetector>[1])
  const byte = fc.integer({ min: 0, max: 255 })
  const score = fc.integer({ min: 0, max: 1000 })
  fc.assert(
    fc.property(byte, byte, fc.nat(3), score, fc.nat(5), (open, alarms, told, permille, doubled) => {
      const [from, to] = [gap.init(2), gap.init(2)]
      from.open[1] = open
      from.alarms[1] = alarms
      from.told[1] = told
      from.score[1] = permille
      from.doubled[1] = doubled
      gap.unpark!(to, 0, gap.park!(from, 1))
      expect([to.open[0], to.alarms[0], to.told[0], to.score[0], to.doubled[0]]).toEqual([
        ...[open, alarms, told, permille, doubled],
      ])
    }),
  )
})
