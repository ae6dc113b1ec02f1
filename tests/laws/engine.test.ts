// What holds for every detector and any traffic: how the reports arrive does not change what is found.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import type { EngineOptions } from '../../src/engine/api.js'
import { appendReport, createBatch } from '../../src/model/batch.js'
import type { ConfigInput } from '../../src/model/config.js'
import { isVesselEvent, type DarkEvent, type Fix } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_DAY } from '../../src/model/units.js'
import { createWords } from '../../src/model/words.js'
import { buildZoneIndex } from '../../src/zones/index.js'
import { content, finals } from '../helpers/replay.js'
import { heardTraffic, traffic } from '../helpers/traffic.js'
import { square } from '../helpers/zones.js'
import { share } from '../helpers/share.js'

/** Where the vessels of the traffic begin, and more of them around one than get an event of their own. */
const squares = (east = 0) => [
  square('north', 4.9 + east, 59.9, 0.6),
  square('north east', 7 + east, 60.5, 0.5),
  square('south', 4 + east, 56, 2),
  square('west', 0 + east, 59, 1),
  square('far', -12 + east, 55, 3),
  square('wide', 60 + east, -20, 10.05),
  square('mid', -30.2 + east, 19, 1),
]
const zones = buildZoneIndex(squares())

/** What a silence makes of zones, and of the gap itself beside its reasons. */
const ofSilence = ({ type, class: kind }: DarkEvent) =>
  type === 'gap' ||
  type === 'port_silence' ||
  /_dark$|^dark_inside$|^incursion_/.test(type === 'zone' ? kind! : '')

const small: ConfigInput['engine'] = { capacity: 64, silenceCapacity: 64 }
/** Ships so slow that zones around them are out of reach, yet none of the traffic is faster. */
const reach: ConfigInput['reach'] = { otherKn: 12, clearNm: 200 }

function run(
  reports: PositionReport[],
  engineConfig: ConfigInput['engine'] = {},
  options: Partial<EngineOptions> = {},
  until = NaN,
): DarkEvent[] {
  const events: DarkEvent[] = []
  const config = { reach, ...options.config, engine: { ...small, ...engineConfig } }
  const engine = createEngine({ zones, ...options, config, onEvent: event => events.push(event) })
  for (const report of reports) engine.push(report)
  if (until === until) engine.advance(until)
  engine.flush()
  return events
}

describe('for any traffic', () => {
  test('the traffic of these tests is worth its name: it makes every type of event', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(traffic, reports => {
        for (const { type, class: kind } of run(reports)) seen.add(`${type} ${kind}`)
      }),
      { seed: 7, numRuns: 150 },
    )
    if (share < 1) return
    expect([...seen].sort()).toEqual([
      'dark_rendezvous one_sided',
      'gap likely_reception',
      'gap undetermined',
      'loitering anchored',
      'loitering fishing_like',
      'loitering undetermined',
      'port_silence undetermined',
      'sequence loitering_gap_loitering',
      'sequence spoofing_before_gap',
      'spoofing jump',
      'spoofing shared_mmsi',
      'zone dark_inside',
      'zone entered',
      'zone entered_dark',
      'zone exited',
      'zone exited_dark',
      'zone incursion_impossible',
      'zone incursion_possible',
    ])
  })

  test('a sorted run and one shuffled within the reorder window agree', () => {
    const shuffled = traffic.chain(reports =>
      fc
        .array(fc.integer({ min: 0, max: 120_000 }), { minLength: reports.length, maxLength: reports.length })
        .map(delays => ({ reports, delays })),
    )
    fc.assert(
      fc.property(shuffled, ({ reports, delays }) => {
        const arrival = reports
          .map((report, k) => ({ report, at: report.t + delays[k]! }))
          .sort((a, b) => a.at - b.at)
        const live: DarkEvent[] = []
        const guardless = { clean: { futureGuard: false } }
        const config = { ...guardless, reach, engine: { ...small, reorderWindowS: 120 } }
        const engine = createEngine({ zones, config, onEvent: event => live.push(event) })
        for (const { report, at } of arrival) {
          engine.push(report)
          engine.advance(at - 120_001)
        }
        engine.flush()
        const sorted = run(reports, { reorderWindowS: 0 }, { config: guardless })
        expect(content(live)).toEqual(content(sorted))
      }),
    )
  })

  test('data later than that, within the correction horizon, give the gaps of a run that had them in time, and what they make of zones', () => {
    const facts = (events: DarkEvent[]) =>
      finals(events)
        .filter(ofSilence)
        .map(({ id, class: kind, phase, start, end, durationS, zones: where, type, details }) => ({
          // how often an open one is told depends on the evidence
          ...{ id, phase: end ? phase : 'opened', start, end, durationS, where },
          // no ship of the traffic is faster than its class, so it does not matter what was known of its speed
          // what it could reach meanwhile is told as of when that was judged last, which depends on the evidence
          ...(type === 'zone' ? { kind, details } : end && { reach: details['reach'] }),
        }))
    // the guard judges a fix by those around it, and rest by those before it, so they may judge a late one otherwise
    const config = {
      clean: { outlierGuard: false, futureGuard: false },
      gap: { minReports: 1, portRule: false },
    }
    const some = fc.infiniteStream(fc.nat({ max: 9 }))
    fc.assert(
      fc.property(traffic, some, some, (all, lots, delays) => {
        // a message without a position borrows the place of the fix before, which may be the late one
        const reports = all.filter(({ lat }) => lat !== undefined)
        // a tenth of the reports comes hours late; a vessel's first and last are in time: before the one nothing is
        // known to be a silence, after the other nothing ends it
        const newest = new Map(reports.map(({ mmsi, t }) => [mmsi, t]))
        const oldest = new Map([...reports].reverse().map(({ mmsi, t }) => [mmsi, t]))
        const arrival = reports.map(report => {
          const edge = report.t === newest.get(report.mmsi) || report.t === oldest.get(report.mmsi)
          const inTime = edge || lots.next().value !== 0
          return { report, at: report.t + (inTime ? 0 : (1 + (delays.next().value as number)) * 3_600_000) }
        })
        const events: DarkEvent[] = []
        const engine = createEngine({
          zones,
          config: { ...config, reach, engine: { ...small, reorderWindowS: 120, correctionHorizonH: 24 } },
          onEvent: event => events.push(event),
        })
        for (const { report, at } of arrival.sort((a, b) => a.at - b.at)) {
          engine.push(report)
          engine.advance(at - 120_001)
        }
        const end = arrival.at(-1)!.at
        engine.advance(end)
        engine.flush()
        expect(facts(events)).toEqual(facts(run(reports, { reorderWindowS: 0 }, { config }, end)))
      }),
      { numRuns: 100 },
    )
  })

  test('an id is of one event: its revisions count up from 1, its times go on, its vessel and beginning stay', () => {
    fc.assert(
      fc.property(traffic, reports => {
        const last = new Map<string, DarkEvent>()
        for (const event of run(reports)) {
          const before = last.get(event.id)
          expect(event.revision).toBe((before?.revision ?? 0) + 1)
          if (before) {
            expect(event.asOf).toBeGreaterThanOrEqual(before.asOf)
            const same = ({ type, start, ...rest }: DarkEvent) => [type, start.t, 'mmsi' in rest && rest.mmsi]
            expect(same(event)).toEqual(same(before))
          }
          last.set(event.id, event)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('splitting into batches anywhere changes nothing', () => {
    fc.assert(
      fc.property(heardTraffic, fc.integer({ min: 1, max: 50 }), (reports, size) => {
        const events: DarkEvent[] = []
        const words = createWords()
        const engine = createEngine({
          zones,
          words,
          config: { reach, engine: small },
          onEvent: event => events.push(event),
        })
        for (let from = 0; from < reports.length; from += size) {
          const batch = createBatch(words, size)
          for (const report of reports.slice(from, from + size)) appendReport(batch, report)
          engine.pushBatch(batch)
        }
        engine.flush()
        expect(events).toEqual(run(reports))
      }),
      { numRuns: 50 },
    )
  })

  test('resuming from a snapshot at any point changes nothing', () => {
    fc.assert(
      fc.property(heardTraffic, fc.nat(), fc.constantFrom(0, 120), (reports, cut, reorderWindowS) => {
        const events: DarkEvent[] = []
        const options = {
          zones,
          config: { reach, engine: { ...small, reorderWindowS } },
          onEvent: (event: DarkEvent) => events.push(event),
        }
        const first = createEngine(options)
        const at = cut % reports.length
        for (const report of reports.slice(0, at)) first.push(report)
        // a new index numbers its sets anew, as in a new process
        const again = buildZoneIndex(squares())
        const second = createEngine({ ...options, zones: again, restore: first.snapshot() })
        for (const report of reports.slice(at)) second.push(report)
        second.flush()
        expect(events).toEqual(run(reports, { reorderWindowS }))
      }),
      { numRuns: 50 },
    )
  })

  test('other vessels change nothing for one', () => {
    fc.assert(
      fc.property(traffic, reports => {
        const mmsi = 257000010
        // alone, event time stops at the vessel's last report: so it does in company
        const last = Math.max(...reports.filter(report => report.mmsi === mmsi).map(({ t }) => t))
        const known = reports.filter(({ t }) => t <= last)
        // the guard against lone clocks looks at all vessels together; here it must not
        const config = { clean: { futureGuard: false } }
        const own = run(known, {}, { config }).filter(event => event.mmsi === mmsi)
        const alone = run(
          known.filter(report => report.mmsi === mmsi),
          {},
          { config },
        )
        // what was heard of others is a reason, not a fact of the vessel
        const facts = ({ evidence: _e, score: _s, class: _c, details: _d, ...event }: DarkEvent) =>
          event as DarkEvent
        expect(content(own.map(facts))).toEqual(content(alone.map(facts)))
      }),
    )
  })

  test('how often time is advanced changes nothing in the final events', () => {
    fc.assert(
      fc.property(heardTraffic, fc.integer({ min: 1, max: 600 }), (reports, everyMin) => {
        const events: DarkEvent[] = []
        const config = { reach, engine: { ...small, reorderWindowS: 0 } }
        const engine = createEngine({ zones, config, onEvent: event => events.push(event) })
        let next = reports[0]!.t
        for (const report of reports) {
          for (; next < report.t; next += everyMin * 60_000) engine.advance(next)
          engine.push(report)
        }
        engine.advance(reports.at(-1)!.t)
        engine.flush()
        const settled = run(reports, { reorderWindowS: 0 }, { config: { clean: { futureGuard: false } } })
        expect(content(events)).toEqual(content(settled))
      }),
      { numRuns: 50 },
    )
  })

  test('the silences of a track follow one another, and only the last may go on', () => {
    fc.assert(
      fc.property(traffic, reports => {
        const byTrack = new Map<string, DarkEvent[]>()
        for (const event of finals(run(reports)).filter(e => e.type === 'gap' || e.type === 'port_silence')) {
          const name = isVesselEvent(event) ? `${event.mmsi} ${event.track}` : ''
          byTrack.set(name, [...(byTrack.get(name) ?? []), event])
        }
        for (const events of byTrack.values()) {
          events.sort((a, b) => a.start.t - b.start.t)
          events.slice(1).forEach((event, k) => {
            expect(event.start.t).toBeGreaterThanOrEqual(events[k]!.end?.t ?? Infinity)
          })
        }
      }),
      { numRuns: 100 },
    )
  })

  const moved = (events: DarkEvent[], dt: number, dLon: number): unknown[] => {
    const shift = (at: Fix | null) =>
      at && {
        t: at.t + dt,
        lat: at.lat?.toFixed(6),
        lon: at.lon === null ? null : wrap(at.lon + dLon).toFixed(6),
      }
    return finals(events)
      .map(e => [e.type, e.class, e.phase, e.mmsi, shift(e.start), shift(e.end), e.durationS])
      .map(row => JSON.stringify(row))
      .sort()
  }
  const wrap = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180

  test('no midnight: shifting all times by hours shifts the events', () => {
    fc.assert(
      fc.property(traffic, fc.integer({ min: -48, max: 48 }), (reports, hours) => {
        const dt = hours * 3_600_000
        const later = reports.map(report => ({ ...report, t: report.t + dt }))
        expect(moved(run(later), 0, 0)).toEqual(moved(run(reports), dt, 0))
      }),
      { numRuns: 50 },
    )
  })

  test('no antimeridian: turning the earth turns the events', () => {
    fc.assert(
      fc.property(traffic, fc.constantFrom(90, 150, 180, -110), (reports, dLon) => {
        const plain = { zones: undefined }
        const turned = reports.map(r => (r.lon === undefined ? r : { ...r, lon: wrap(r.lon + dLon) }))
        expect(moved(run(turned, {}, plain), 0, 0)).toEqual(moved(run(reports, {}, plain), 0, dLon))
      }),
    )
  })

  test('… and what a silence makes of zones, when they turn with it', () => {
    // a little aside, so that no fix lies on a boundary
    const told = (reports: PositionReport[], dLon: number) =>
      finals(run(reports, {}, { zones: buildZoneIndex(squares(dLon + 0.0037)) })).filter(ofSilence)
    const what = ({ type, id, class: kind, phase, details }: DarkEvent) => {
      const reach = details['reach'] as { zones: { id: string }[] } | null
      return [id, phase, type === 'zone' ? kind : reach?.zones.map(zone => zone.id)]
    }
    const bounds = ({ details }: DarkEvent) =>
      ['minSpeedKn', 'maxDwellH', 'offDistanceM', 'onDistanceM'].map(name => Number(details[name] ?? 0))
    fc.assert(
      fc.property(traffic, fc.constantFrom(90, 150, 180, -110, 175), (reports, dLon) => {
        const turned = reports.map(r => (r.lon === undefined ? r : { ...r, lon: wrap(r.lon + dLon) }))
        const [here, there] = [told(reports, 0), told(turned, dLon)]
        expect(there.map(what)).toEqual(here.map(what))
        // a boundary is cut into other chords where it is cut at ±180: metres
        const [expected, found] = [here.flatMap(bounds), there.flatMap(bounds)]
        found.forEach((x, k) =>
          expect(Math.abs(x - expected[k]!)).toBeLessThan(x > 1000 ? 20 + 2e-4 * x : 0.01),
        )
      }),
      { numRuns: 50 },
    )
  })

  test('a table too small for the fleet forgets no open silence', () => {
    const flood = Array.from({ length: 200 }, (_, k) => ({
      mmsi: 211000000 + k,
      t: Date.UTC(2024, 0, 20) + k,
      lat: 1,
      lon: 2,
    }))
    fc.assert(
      fc.property(traffic, reports => {
        const start = Date.UTC(2024, 0, 20)
        const before = reports.filter(({ t }) => t < start)
        const back = { mmsi: 257000010, t: start + 5 * MS_PER_DAY, lat: 60, lon: 5 }
        const all = [
          ...before,
          ...flood,
          { ...back, t: start + MS_PER_DAY * 4, mmsi: 1e8 },
          back,
          { ...back, t: back.t + 60_000 },
        ]
        // what else is known of the place gives way with the fleet: the evidence may differ, the silence not
        const gaps = (capacity: number) =>
          moved(run(all, { capacity }).filter(ofSilence), 0, 0).filter(row =>
            JSON.stringify(row).includes('257000010'),
          )
        expect(gaps(16)).toEqual(gaps(1024))
      }),
      { numRuns: 50 },
    )
  })
})
