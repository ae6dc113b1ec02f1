import { describe, expect, test } from 'vitest'
import type { ConfigInput } from '../../src/model/config.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport, StaticData } from '../../src/model/report.js'
import { eventSchema } from '../../src/model/schema.js'
import { envelopeFeature } from '../../src/sinks/geojson.js'
import { eventLine } from '../../src/sinks/ndjson.js'
import { createEngine } from '../../src/engine/engine.js'
import { buildZoneIndex, type ZonePolygon } from '../../src/zones/index.js'
import { finals, hour, MMSI } from '../helpers/replay.js'
import { square } from '../helpers/zones.js'

// on the equator a degree is 60 nm: zone `east` begins 60 nm east of 9° E, `north` 90 nm north
const east = square('east', 10, -1, 2)
const north = square('north', 8, 1.5, 2)

interface Story {
  reports: PositionReport[]
  zones?: ZonePolygon[]
  config?: ConfigInput
  statics?: StaticData
  until?: number
}

/** Every revision that a story makes, zone events and gaps. */
function tell({ reports, zones = [east], config = {}, statics, until }: Story): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({
    zones: buildZoneIndex(zones),
    config: {
      clean: { outlierGuard: false, futureGuard: false },
      ...config,
      gap: { portRule: false, minReports: 1, ...config.gap },
      engine: { capacity: 16, silenceCapacity: 64, reorderWindowS: 0 },
    },
    onEvent: event => events.push(event),
  })
  if (statics) engine.pushStatic({ mmsi: MMSI, t: reports[0]!.t, ...statics })
  for (const report of reports) engine.push(report)
  if (until !== undefined) engine.advance(hour(until))
  engine.flush()
  return events
}

const at = (h: number, lon: number, lat = 0, rest: Partial<PositionReport> = {}): PositionReport => ({
  ...{ mmsi: MMSI, t: hour(h), lat, lon, sog: 8 },
  ...rest,
})
const zoneEvents = (events: DarkEvent[]) => events.filter(({ type }) => type === 'zone')
const reachOf = (events: DarkEvent[]) =>
  finals(events).find(({ type }) => type === 'gap')!.details['reach'] as {
    vMaxKn: number
    vMaxFrom: string
    zonesInReach: number
    zones: { id: string; minSpeedKn: number; maxDwellH: number; offDistanceM: number }[]
  }
const classes = (events: DarkEvent[]) =>
  finals(zoneEvents(events)).map(e => [e.zones.touched[0]!.id, e.class])

describe('the zone events of a silence', () => {
  test('outside before and inside after: entered, at both ends of the silence', () => {
    const [event, ...rest] = finals(zoneEvents(tell({ reports: [at(0, 9), at(10, 10.5)] })))
    expect(rest).toEqual([])
    expect(event).toMatchObject({
      ...{ class: 'entered_dark', phase: 'closed', id: `zone-${MMSI}-${hour(0)}-east-dark` },
      ...{ start: { t: hour(0), lon: 9 }, end: { t: hour(10), lon: 10.5 } },
    })
    // 90 nm in 10 h; 60 nm to the boundary at 30 kn leave 8 h
    expect(event!.details['minSpeedKn']).toBeCloseTo(9.015, 2) // a degree of the equator is 60.1 nm
    expect(event!.details['maxDwellH']).toBeCloseTo(7.996, 2)
    expect(event!.evidence.map(({ text }) => text)).toEqual([
      'entered east while silent for 10.0 h',
      'in east for 8.0 of 10.0 h at most',
    ])
  })

  test('inside before and outside after: exited', () => {
    expect(classes(tell({ reports: [at(0, 10.5), at(10, 9)] }))).toEqual([['east', 'exited_dark']])
  })

  test('inside at both ends: dark inside, for as long as the silence', () => {
    const events = tell({ reports: [at(0, 10.5), at(10, 11)] })
    expect(classes(events)).toEqual([['east', 'dark_inside']])
    expect(finals(zoneEvents(events))[0]!.details['maxDwellH']).toBe(10)
  })

  test('outside at both ends: possible when there was time to touch it and come back, to the minute', () => {
    // 60.1 nm there and back at 30 kn: 4 h 0.4 min
    const gap = { minGapHours: 1 }
    const story = (h: number) => tell({ reports: [at(0, 9), at(h, 9)], config: { gap } })
    expect(classes(story(4.01))).toEqual([['east', 'incursion_possible']])
    expect(classes(story(4.0))).toEqual([])
    const [event] = finals(zoneEvents(story(10)))
    expect(event!.details['minSpeedKn']).toBeCloseTo(12.02, 2)
    expect(event!.details['maxDwellH']).toBeCloseTo(5.993, 2)
    expect(event!.evidence[0]!.text).toBe(
      'can have been in east: that takes 12.0 kn, and ships of its type do up to 30 kn',
    )
  })

  test('out of reach: said of a zone near either end, not of others', () => {
    const story = (off: number, on: number, config: ConfigInput = {}) =>
      classes(tell({ reports: [at(0, off), at(1, on)], config: { ...config, gap: { minGapHours: 0.5 } } }))
    expect(story(9.3, 9.3)).toEqual([['east', 'incursion_impossible']]) // 42 nm away, an hour at 30 kn
    expect(story(9.1, 9.1)).toEqual([]) // 54 nm away
    expect(story(9.1, 9.2)).toEqual([['east', 'incursion_impossible']]) // 48 nm at its end
    expect(story(9.1, 9.1, { reach: { clearNm: 60 } })).toEqual([['east', 'incursion_impossible']])
    expect(story(9.3, 9.3, { reach: { clearNm: 0 } })).toEqual([])
  })

  test('… but not when it went faster than was known of it: it may have gone faster still', () => {
    const story = (on: number) =>
      classes(tell({ reports: [at(0, 9.3), at(1, on)], config: { gap: { minGapHours: 0.5 } } }))
    expect(story(8.81)).toEqual([['east', 'incursion_impossible']]) // 29.5 nm in an hour
    expect(story(8.79)).toEqual([]) // 30.7 nm
  })

  test('no more zones than asked for, those least out of the way', () => {
    const zones = [3, 1, 4, 2, 5].map(k => square(`z${k}`, 9 + k / 4, -0.1, 0.1))
    const story = (maxIncursions: number) =>
      classes(tell({ reports: [at(0, 9), at(10, 9)], zones, config: { reach: { maxIncursions } } }))
    expect(story(2).map(([id]) => id)).toEqual(['z1', 'z2'])
    expect(story(0)).toEqual([])
    const { zones: listed, zonesInReach } = reachOf(tell({ reports: [at(0, 9), at(10, 9)], zones }))
    expect([listed.map(({ id }) => id), zonesInReach]).toEqual([['z1', 'z2', 'z3', 'z4', 'z5'], 5])
  })

  test('a vessel at rest is asked only whether it came back elsewhere', () => {
    const moored = (h: number, lon: number) => at(h, lon, 0, { sog: 0 })
    const story = (on: number) =>
      tell({
        reports: [moored(0, 9), moored(0.5, 9), moored(1, 9), moored(20, on)],
        config: { gap: { portRule: true } },
      })
    expect(classes(story(9))).toEqual([])
    expect(classes(story(10.5))).toEqual([['east', 'entered_dark']])
    expect(finals(story(10.5)).map(({ type }) => type)).toEqual(['zone']) // no gap: 20 h are no port silence
  })

  test('two places that no one ship could serve have none, and no reach', () => {
    const events = tell({ reports: [at(0, 9), at(10, 90)], zones: [square('far', 89, -1, 2)] })
    expect(zoneEvents(events)).toEqual([])
    expect(reachOf(events)).toBeNull()
  })

  test('a silence below the threshold has none: the zone detector tells of crossings', () => {
    expect(classes(tell({ reports: [at(0, 9), at(6, 10.5), at(7, 11)] }))).toEqual([['east', 'entered']])
  })
})

describe('while it lasts', () => {
  test('a zone is told of when it comes into reach, once, and the gap with it', () => {
    // 180 nm at 30 kn: 6 h and a little; `north` 270 nm away: 9 h
    const zones = [square('three', 12, -1, 1), square('north', 8, 4.5, 2)]
    const events = tell({ reports: [at(0, 9)], zones, until: 100 })
    expect(events.map(e => [e.type, e.phase, e.revision, (e.asOf - hour(0)) / 60_000])).toEqual([
      ['gap', 'opened', 1, 361],
      ['zone', 'opened', 1, 361],
      ['gap', 'updated', 2, 538], // the ellipsoid is flatter to the north
      ['zone', 'opened', 1, 538],
    ])
    expect(events.map(e => e.zones.touched[0]?.id)).toEqual([undefined, 'three', undefined, 'north'])
    expect(reachOf(events).zones.map(({ id }) => id)).toEqual(['three', 'north'])
    expect(events[1]!.class).toBe('incursion_possible')
  })

  test('no more often than there are zones to tell of', () => {
    const zones = Array.from({ length: 12 }, (_, k) => square(`z${k}`, 12 + k, -0.5, 0.5))
    const events = tell({ reports: [at(0, 9)], zones, until: 100 })
    expect(events.filter(({ type }) => type === 'gap').length).toBeLessThanOrEqual(4)
    expect(zoneEvents(events).length).toBe(3)
  })

  test('back: what was possible is closed, what was not is cleared or taken back', () => {
    const zones = [square('across', 9.5, -0.3, 0.5), square('near', 7.8, -0.3, 0.5), square('far', 5, -1, 1)]
    // 210 nm in 8 h at 30 kn leave 29 nm: not for 42 nm to `near` and back, nor for 180 nm to `far`
    const events = zoneEvents(tell({ reports: [at(0, 9), at(8, 12.5)], zones }))
    expect(events.map(e => [e.zones.touched[0]!.id, e.class, e.phase, e.revision])).toEqual([
      ['across', 'incursion_possible', 'opened', 1],
      ['near', 'incursion_possible', 'opened', 1],
      ['far', 'incursion_possible', 'opened', 1],
      ['far', 'incursion_possible', 'retracted', 2],
      ['across', 'incursion_possible', 'closed', 2],
      ['near', 'incursion_impossible', 'closed', 2],
    ])
    expect(new Set(events.map(({ id }) => id)).size).toBe(3)
  })

  test('nothing of zones while it is likely the receivers that are silent, all of it afterwards', () => {
    // ships beside it fall silent with it, in every slot of the hour before
    const others = Array.from({ length: 140 }, (_, k) =>
      at(-1.99 + k / 71, 9.1, 0, { mmsi: 211000000 + (k % 5) }),
    )
    const zones = [square('near', 9.5, -0.3, 0.5), square('later', 16, -1, 1)]
    const own = (events: DarkEvent[]) =>
      events.filter(e => e.mmsi === MMSI).map(e => [e.type, e.class, e.phase, e.revision])
    const silent = [...others, at(0, 9)]
    const opened = ['gap', 'likely_reception', 'opened', 1]
    expect(own(tell({ reports: silent, zones, until: 30 }))).toEqual([opened])
    expect(own(tell({ reports: [...silent, at(8, 9)], zones }))).toEqual([
      opened,
      ['gap', 'likely_reception', 'closed', 2],
      ['zone', 'incursion_possible', 'closed', 1],
    ])
  })

  test('the same for a vessel that lost its slot meanwhile', () => {
    const zones = [square('across', 9.5, -0.3, 0.5), square('far', 5, -1, 1)]
    const crowd = Array.from({ length: 40 }, (_, k) => at(6.5 + k / 1000, 40, 0, { mmsi: 211000000 + k }))
    const story = (reports: PositionReport[]) =>
      zoneEvents(tell({ reports, zones })).map(e => [e.id, e.class, e.phase, e.revision])
    const [before, after] = [
      [at(0, 9), at(6.1, 40, 0, { mmsi: 1 })],
      [at(7.5, 40, 0, { mmsi: 1 }), at(8, 12.5), at(8.1, 12.6)],
    ]
    expect(story([...before!, ...crowd, ...after!])).toEqual(story([...before!, ...after!]))
    expect(story([...before!, ...after!]).map(([, , phase]) => phase)).toEqual([
      ...['opened', 'opened', 'retracted', 'closed'],
    ])
  })

  test('a report that was only late takes back the gap and what it had made of zones', () => {
    const events = tell({ reports: [at(0, 9), at(0.1, 40, 0, { mmsi: 1 })], until: 7 })
    expect(events.filter(e => e.mmsi === MMSI).map(e => [e.type, e.phase])).toEqual([
      ['gap', 'opened'],
      ['zone', 'opened'],
    ])
    const live: DarkEvent[] = []
    const engine = createEngine({
      zones: buildZoneIndex([east]),
      config: { gap: { minReports: 1 }, clean: { futureGuard: false }, engine: { reorderWindowS: 0 } },
      onEvent: event => live.push(event),
    })
    engine.push(at(0, 9))
    engine.advance(hour(7))
    engine.push(at(5, 9))
    expect(live.map(e => [e.type, e.phase, e.revision])).toEqual([
      ['gap', 'opened', 1],
      ['zone', 'opened', 1],
      ['gap', 'retracted', 2],
      ['zone', 'retracted', 2],
    ])
  })
})

describe('late data', () => {
  /** As received: the late report comes after the one that ended the silence. */
  const late = (reports: PositionReport[], report: PositionReport, zones = [east]) =>
    tell({ reports: [...reports, { ...report, receivedAt: reports.at(-1)!.t + 1 }], zones })

  test('withdraw what a silence that was none had made of zones', () => {
    const events = late([at(0, 10.5), at(10, 10.7)], at(5, 10.6))
    expect(finals(events)).toEqual([])
    expect(events.map(e => [e.type, e.phase, e.revision])).toEqual([
      ['gap', 'opened', 1],
      ['gap', 'closed', 2],
      ['zone', 'closed', 1],
      ['gap', 'retracted', 3],
      ['zone', 'retracted', 2],
    ])
  })

  test('split a silence, and each part has its own zone events', () => {
    const events = late([at(0, 9), at(20, 10.5)], at(10, 9.9))
    expect(finals(events).map(e => [e.id, e.class])).toEqual([
      [`gap-${MMSI}-${hour(0)}`, 'undetermined'],
      [`gap-${MMSI}-${hour(10)}`, 'undetermined'],
      [`zone-${MMSI}-${hour(0)}-east-dark`, 'incursion_possible'],
      [`zone-${MMSI}-${hour(10)}-east-dark`, 'entered_dark'],
    ])
    const first = zoneEvents(events).filter(e => e.start.t === hour(0))
    expect(first.map(e => [e.class, e.phase, e.revision])).toEqual([
      ['incursion_possible', 'opened', 1],
      ['entered_dark', 'closed', 2],
      ['incursion_possible', 'closed', 3],
    ])
  })

  test('what had been entered in the dark was entered in the light, where the path cuts the boundary', () => {
    const events = late([at(0, 9.4), at(10, 10.6)], at(5, 9.8))
    expect(finals(events).map(e => [e.class, e.start.lon])).toEqual([['entered', 10]])
    expect(finals(events)[0]!.start.t).toBe(hour(6.25))
  })
})

test('what is written of it fits the published schema', () => {
  const stories: PositionReport[][] = [
    [at(0, 9), at(10, 10.5)],
    [at(0, 9)],
    [at(0, 9), { mmsi: MMSI, t: hour(10) }],
    [at(0, 9.3), at(10, 14)],
  ]
  for (const reports of stories) {
    const events = tell({ reports, until: 30 })
    expect(zoneEvents(events).length).toBeGreaterThan(0)
    for (const event of events)
      expect(eventSchema.safeParse(JSON.parse(eventLine(event))).error).toBeUndefined()
  }
})

describe('the top speed of a silence', () => {
  const type = (shipType: number | undefined) => {
    const { vMaxKn, vMaxFrom } = reachOf(
      tell({ reports: [at(0, 9), at(10, 9)], statics: shipType === undefined ? {} : { shipType } }),
    )
    return [vMaxKn, vMaxFrom]
  }

  test('is that of ships of its type, while nothing else is known', () => {
    expect([undefined, 0, 30, 31, 52, 36, 37, 35, 51, 60, 70, 89, 90, 40, 49, 20].map(type)).toEqual([
      ...[
        [30, 'class'],
        [30, 'class'],
        [15, 'class'],
        [15, 'class'],
        [15, 'class'],
        [15, 'class'],
      ],
      ...[
        [40, 'class'],
        [35, 'class'],
        [35, 'class'],
        [40, 'class'],
        [25, 'class'],
        [25, 'class'],
      ],
      ...[
        [30, 'class'],
        [60, 'class'],
        [60, 'class'],
        [60, 'class'],
      ],
    ])
  })

  test('is its own where that is more', () => {
    const track = Array.from({ length: 25 }, (_, k) => at(k / 3, 8 + k / 20, 0, { sog: 18.5 }))
    const statics = { shipType: 30 }
    const back = at(20, 9.2)
    expect(reachOf(tell({ reports: [...track, back], statics }))).toMatchObject({
      vMaxKn: 20,
      vMaxFrom: 'track',
    })
    const slow = track.map(report => ({ ...report, sog: 9 }))
    expect(reachOf(tell({ reports: [...slow, back], statics }))).toMatchObject({
      vMaxKn: 15,
      vMaxFrom: 'class',
    })
  })

  test('is what the way between both ends took, where that is more still', () => {
    const reach = reachOf(tell({ reports: [at(0, 9), at(10, 13)], statics: { shipType: 30 } }))
    expect(reach.vMaxFrom).toBe('implied')
    expect(reach.vMaxKn).toBeCloseTo(24.04, 2)
  })

  test('is told without any zones, too', () => {
    expect(reachOf(tell({ reports: [at(0, 9), at(10, 9)], zones: [] }))).toMatchObject({
      vMaxKn: 30,
      zones: [],
    })
  })
})

test('each north of the equator as far as it says', () => {
  const [zone] = reachOf(tell({ reports: [at(0, 9), at(10, 9)], zones: [north] })).zones
  expect(zone!.offDistanceM).toBeCloseTo(165_861, -2) // 1.5 degrees of the meridian
})

describe('a silence whose last message had no place', () => {
  const nowhere = (h: number): PositionReport => ({ mmsi: MMSI, t: hour(h) })
  const gapOf = (events: DarkEvent[]) => finals(events).find(({ type }) => type === 'gap')!

  test('reaches from the last fix before that had one, and says so', () => {
    const reports = [at(0, 9), nowhere(2), at(10, 9)]
    const gap = gapOf(tell({ reports }))
    expect(gap.start).toEqual({ t: hour(2), lat: null, lon: null })
    const { since, rangeM, vMaxKn, zones } = gap.details['reach'] as {
      since: unknown
      rangeM: number
      vMaxKn: number
      zones: { id: string; minSpeedKn: number; maxDwellH: number }[]
    }
    expect(since).toEqual({ t: hour(0), lat: 0, lon: 9 })
    expect(rangeM).toBeCloseTo(vMaxKn * 1852 * 10, 3) // ten hours since there, not eight
    expect(zones[0]).toMatchObject({ id: 'east', minSpeedKn: expect.closeTo(12, 1) as number })
    expect(gap.details).not.toHaveProperty('noReach')
    expect(eventSchema.safeParse(JSON.parse(eventLine(gap))).success).toBe(true)
    const { geometry } = envelopeFeature(gap)!
    expect(geometry).toMatchObject({ type: 'Polygon' })
    // which side of a boundary it was on as it fell silent is not known
    expect(zoneEvents(tell({ reports }))).toEqual([])
  })

  test('with a place at OFF it is from there, and says nothing', () => {
    expect(gapOf(tell({ reports: [at(0, 9), at(2, 9), at(10, 9)] })).details['reach']).not.toHaveProperty(
      'since',
    )
  })

  test('where there is none to be told, it says why', () => {
    const why = (reports: PositionReport[], config: ConfigInput = {}) => {
      const { details } = finals(tell({ reports, config })).find(({ type }) => type !== 'zone')!
      return [details['reach'], details['noReach']]
    }
    expect(why([nowhere(0), nowhere(1), at(10, 9)])).toEqual([null, 'no_place'])
    expect(why([at(0, 9), at(10, 9, 60)])).toEqual([null, 'too_far'])
    expect(why([at(0, 9), nowhere(1), at(10, 9, 60)])).toEqual([null, 'too_far'])
    const still = (h: number) => at(h, 9, 0, { sog: 0 })
    expect(why([still(0), still(1), still(70)], { gap: { portRule: true } })).toEqual([null, 'at_rest'])
  })
})
