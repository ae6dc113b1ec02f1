// The public formats as schemas: what `darkwake schema` prints and what other programs may rely on. Events and the
// books of a run as they are written (times in ISO-8601), the report as a program pushes it, the configuration.

import { z } from 'zod'
import { configSchema } from './config.js'
import { FEED_EVENT_TYPES, SCENE_EVENT_TYPES, VESSEL_EVENT_TYPES } from './event.js'
import { COLLECTIONS, REJECT_REASONS, TX_CLASSES } from './report.js'

const isoTime = z.iso.datetime().describe('ISO-8601 UTC with milliseconds')
const mmsi = z.int().min(1).max(999_999_999)
const latitude = z.number().min(-90).max(90)
const longitude = z.number().min(-180).max(180)
const count = z.int().min(0)

const fix = z.object({
  t: isoTime,
  lat: latitude.nullable().describe('WGS-84 degrees; null when the message carried no position'),
  lon: longitude.nullable(),
  receivers: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Stations that heard the message, sorted; absent where none is named'),
})

const zone = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['eez', 'territorial', 'mpa', 'port', 'user']),
  mrgid: z.int().nullable().describe('Marine Regions id'),
  sovereigns: z
    .array(z.string())
    .describe('ISO 3166-1 alpha-3; several for joint regimes and overlapping claims'),
  method: z.enum(['authoritative', 'approximate']),
  weight: z.number().gt(0).max(1).describe('1, or 1/n where n claims overlap'),
})

const evidence = z.object({
  family: z.enum(['silence', 'kinematics', 'place', 'identity', 'reception', 'witnesses', 'behaviour']),
  name: z.string(),
  value: z.union([z.number(), z.string()]).nullable(),
  expected: z.string().optional().describe('What an innocent vessel would show'),
  weight: z.number().describe('Contribution to the score, log-odds like; ≤ 0 speaks for the vessel'),
  text: z.string(),
})

/** How a zone lies to a silence: in `details` of its zone events, and for each zone in the reach of a gap. */
const zoneBounds = {
  minSpeedKn: z.number().min(0).describe('Least speed to touch the zone and be at ON in time'),
  maxDwellH: z.number().min(0).describe('Longest time in the zone at vMaxKn, an upper bound; 0 out of reach'),
  offDistanceM: z.number().min(0).describe('From OFF to the zone; 0 inside'),
  onDistanceM: z.number().min(0).nullable().describe('From the zone to ON; null without a place of ON'),
  boundaryDistanceM: z
    .number()
    .min(0)
    .describe('From OFF to the nearest boundary of the zone, on either side'),
}

const vMax = {
  vMaxKn: z.number().min(0).describe('Fastest that the vessel is taken to have gone'),
  vMaxFrom: z
    .enum(['track', 'class', 'implied'])
    .describe('Its own 95th percentile, ships of its type, or the distance between OFF and ON'),
}

const reach = z
  .object({
    since: fix
      .optional()
      .describe('OFF has no place: the last fix before that has one; ranges and bounds are from there'),
    ...vMax,
    rangeM: z.number().min(0).describe('Longest way it can have gone'),
    areaKm2: z.number().min(0).describe('Area of the envelope: all places it can have been at'),
    zonesInReach: count,
    zones: z
      .array(
        z.object({ ...zone.pick({ id: true, name: true, kind: true, method: true }).shape, ...zoneBounds }),
      )
      .max(24)
      .describe('Those least out of the way first'),
  })
  .describe('What a vessel could have done in a gap')

const id = z
  .string()
  .describe('<type>-<who>-<start ms>, and what else makes it unique; the same in every run')

/** What stands before whose event it is, and after. */
const told = {
  phase: z.enum(['opened', 'updated', 'closed', 'retracted']),
  revision: z.int().min(1).describe('Counts from 1 for one id'),
  asOf: isoTime.describe('Event time that made it due'),
}
const facts = {
  start: fix,
  end: fix.nullable().describe('null while it lasts'),
  durationS: z.number().min(0).nullable().describe('Seconds; null while it lasts'),
  zones: z.object({ start: z.array(zone), end: z.array(zone), touched: z.array(zone) }),
  class: z.string().optional(),
  score: z.number().min(0).max(1),
  evidence: z.array(evidence),
  details: z
    .looseObject({
      reach: reach.nullable().optional().describe('Of a gap; null when that cannot be told'),
      noReach: z
        .enum(['at_rest', 'no_place', 'too_far'])
        .optional()
        .describe(
          'Why not: the vessel lay still, it never had a place, or no one ship could serve both ends of the silence',
        ),
      ...z.object({ ...vMax, ...zoneBounds }).partial().shape,
    })
    .describe('By type: docs/events.md'),
}

const vesselEvent = z
  .object({
    schema: z.literal('darkwake/event/1'),
    type: z.enum(VESSEL_EVENT_TYPES),
    id,
    ...told,
    mmsi,
    track: z.int().min(1).describe('Which of the tracks of this MMSI'),
    vessel: z.object({
      name: z.string().nullable(),
      imo: z.int().nullable(),
      callsign: z.string().nullable(),
      flag: z.string().nullable().describe('ISO 3166-1 alpha-3, from the country digits of the MMSI'),
      shipType: z.int().nullable().describe('ITU-R M.1371 ship type'),
      txClass: z.enum(TX_CLASSES),
    }),
    ...facts,
  })
  .describe('Of one vessel')

const feedEvent = z
  .object({
    schema: z.literal('darkwake/event/1'),
    type: z.enum([...FEED_EVENT_TYPES, ...SCENE_EVENT_TYPES]),
    id,
    ...told,
    source: z
      .string()
      .nullable()
      .describe(
        'Feed, or how it was collected, or the kind of sensor; null where only the receiver is known',
      ),
    receiver: z.string().nullable().describe('Station id; null when it is the whole feed'),
    area: z
      .object({ lat: latitude, lon: longitude, radiusM: z.number().min(0) })
      .nullable()
      .describe('Where it used to hear vessels, or what it saw: middle and radius in metres'),
    ...facts,
  })
  .describe('Of a feed, a receiver or a satellite: of no vessel')

/** One line of event NDJSON. */
export const eventSchema = z
  .discriminatedUnion('type', [vesselEvent, feedEvent])
  .describe('darkwake event, one line of NDJSON')

const vesselRef = vesselEvent.shape.vessel
const zeroToOne = z.number().min(0).max(1)

/** One line of `darkwake rank --format ndjson`. */
export const candidateSchema = z
  .object({
    schema: z.literal('darkwake/candidate/1'),
    rank: z.int().min(1),
    score: zeroToOne.describe('A rank: 1 − Π (1 − score of each family), raised by lists'),
    ownScore: zeroToOne.describe('The same without what lists say'),
    mmsi: mmsi.describe('Of its latest event'),
    mmsis: z.array(mmsi).min(1).describe('All that one hull is known to have used, in turn'),
    vessel: vesselRef.describe('As it was known last'),
    families: z
      .array(z.object({ family: z.string(), score: zeroToOne, count: z.int().min(1) }))
      .describe('What carries it, strongest first; the events of one family count once'),
    lists: z.array(z.object({ list: z.string(), weight: z.number(), text: z.string() })),
    story: z
      .array(
        z.object({
          t: isoTime,
          end: isoTime.nullable().describe('null while it goes on'),
          mmsi,
          lat: latitude.nullable(),
          lon: longitude.nullable(),
          zones: z.array(z.string()),
          text: z.string(),
          events: z.array(z.string()).describe('Ids'),
        }),
      )
      .describe('What it did, in order'),
    patterns: z
      .array(
        z.object({
          pattern: z.string().describe('Name of the rule'),
          text: z.string(),
          events: z.array(z.string()),
        }),
      )
      .describe('What of it belongs together'),
    reasons: z
      .array(z.object({ event: z.string().describe('Id'), ...evidence.shape }))
      .describe('Those of the strongest event of each family'),
    events: z
      .array(
        z.object({
          id: z.string(),
          type: z.enum(VESSEL_EVENT_TYPES),
          class: z.string().optional(),
          score: zeroToOne,
        }),
      )
      .describe('Those that speak against it, strongest first'),
  })
  .describe('darkwake candidate, one line of NDJSON')

/** What a program pushes into an engine, and one line of JSON input. */
export const reportSchema = z
  .object({
    mmsi,
    t: z.number().describe('Event time, epoch milliseconds UTC'),
    lat: latitude.optional().describe('WGS-84 degrees; absent when not available'),
    lon: longitude.optional(),
    sog: z.number().min(0).max(102.2).optional().describe('Speed over ground, knots'),
    cog: z.number().min(0).lt(360).optional().describe('Course over ground, degrees true'),
    heading: z.number().min(0).lt(360).optional().describe('Degrees true'),
    rot: z.number().optional().describe('Rate of turn, degrees per minute, positive to starboard'),
    navStatus: z.int().min(0).max(15).optional(),
    msgType: z.int().min(0).max(28).optional().describe('ITU-R M.1371 message id; 0 unknown'),
    txClass: z.enum(TX_CLASSES).optional(),
    receivedAt: z.number().optional().describe('Arrival time, epoch milliseconds UTC'),
    receiver: z.string().optional().describe('Station id'),
    source: z.string().optional().describe('Feed id'),
    collection: z.enum(COLLECTIONS).optional(),
    utcSecond: z.int().min(0).max(63).optional(),
    accuracy: z.boolean().optional().describe('Position better than 10 m'),
    raim: z.boolean().optional(),
    repeat: z.int().min(0).max(3).optional().describe('Repeat indicator'),
    commState: z.int().min(0).max(0x7ffff).optional().describe('Communication state, as sent'),
  })
  .describe('darkwake position report')

/** The file that --stats writes. read = accepted + static + other + parts + duplicates + late + Σ rejected. */
export const statsSchema = z
  .object({
    schema: z.literal('darkwake/stats/1'),
    read: count.describe('CSV or JSON rows, or NMEA sentences'),
    accepted: count,
    rejected: z.partialRecord(z.enum(REJECT_REASONS), count),
    duplicates: count,
    late: count,
    static: count.describe('Messages 5 and 24'),
    other: count.describe('Valid messages that are no report'),
    parts: count.describe('Sentences that completed no message of their own'),
    vessels: count.describe('Distinct MMSIs'),
    span: z.object({ from: isoTime.nullable(), to: isoTime.nullable() }),
    events: z.record(z.string(), count),
    evicted: z.object({ vessels: count }).loose(),
    bytes: count.describe('Input bytes as stored'),
    elapsedMs: z.number().min(0),
    reportsPerS: z.number().min(0),
    peakRssBytes: count,
    notJudged: z
      .record(z.string(), z.array(z.string()))
      .describe('Detectors that had nothing to go by, and what they would have needed of the input'),
    watchlist: z
      .object({
        rows: count,
        expired: count.describe('Rows that had expired before the first report'),
        watched: count.describe('Events of vessels that a list watches'),
        notOnList: count.describe('Events of vessels missing from a register'),
        exempted: z.record(z.string(), count).describe('Events not told, by type'),
      })
      .optional()
      .describe('Absent without a list'),
    exempted: z
      .record(z.string(), count)
      .optional()
      .describe('Events not told because an analyst exempted their vessel in the store, by type'),
  })
  .loose()
  .describe('darkwake stats of one run')

const seconds = z.number().min(0).max(86_400)

/** What `darkwake inspect --json` prints an array of. read = reports + static + other + parts + Σ rejected. */
export const inspectionSchema = z
  .object({
    schema: z.literal('darkwake/inspection/1'),
    name: z.string().describe('As given'),
    format: z.string().describe('mixed for a zip whose members differ'),
    compression: z.enum(['none', 'gzip', 'zip', 'zstd']),
    sizeBytes: count.nullable().describe('As stored; null for a stream'),
    members: z.array(z.object({ name: z.string(), format: z.string() })).optional(),
    read: count.describe('CSV or JSON rows, or NMEA sentences'),
    reports: count.describe('Duplicates included'),
    withoutPosition: count,
    static: count.describe('Messages 5 and 24, or rows without a place'),
    other: count.describe('Valid messages that are no report'),
    parts: count.describe('Sentences that completed no message of their own'),
    rejected: z.partialRecord(z.enum(REJECT_REASONS), count),
    rejectSamples: z
      .partialRecord(z.enum(REJECT_REASONS), z.object({ line: z.int().min(1).nullable(), raw: z.string() }))
      .describe('The first of each reason'),
    duplicates: count.describe('Transmissions that were read before'),
    duplicatesElsewhere: count.describe('Part of duplicates: another station gave them first'),
    vessels: count.describe('Distinct MMSIs'),
    span: z.object({ from: isoTime, to: isoTime }).nullable(),
    reportsPerHour: z.number().min(0),
    reportsPerVesselHour: z.number().min(0),
    sorted: z.boolean().describe('Event time never goes back'),
    messageTypes: z.record(z.string(), count).describe('By ITU-R M.1371 type; 0 is unknown'),
    txClasses: z.partialRecord(z.enum(TX_CLASSES), count),
    cadence: z
      .array(
        z.object({
          txClass: z.enum(TX_CLASSES),
          motion: z.enum(['underWay', 'atRest', 'notTold']).describe('0.5 kn or more, less, no speed told'),
          intervals: count,
          ...{ p10S: seconds, p25S: seconds, medianS: seconds, p75S: seconds, p90S: seconds },
        }),
      )
      .describe('Seconds between two reports of a vessel: quantiles over all vessels of a class'),
    hours: z.array(z.object({ t: isoTime, reports: count, vessels: count })),
    hoursWithout: count.describe('Hours of the span without a report'),
    receivers: z.array(
      z.object({
        name: z.string().nullable(),
        reports: count,
        vessels: count.nullable(),
        from: isoTime,
        to: isoTime,
        hours: count,
        repeats: count.describe('Reports that another station had given before'),
        clock: z
          .object({ reports: count, medianS: z.number().gt(-30).max(30), spreadS: z.number().min(0) })
          .nullable()
          .describe('Receive time minus the UTC second sent, seconds modulo a minute'),
      }),
    ),
    limited: z.boolean().describe('Some figure is too low: more vessels, hours or stations than are counted'),
    error: z.string().optional().describe('Why it could not be read to its end'),
  })
  .describe('darkwake inspection of one input')

export const SCHEMAS = {
  inspection: inspectionSchema,
  event: eventSchema,
  candidate: candidateSchema,
  report: reportSchema,
  stats: statsSchema,
  config: configSchema,
} as const
export type SchemaName = keyof typeof SCHEMAS

/**
 * JSON Schema (draft 2020-12) of a public format.
 * The configuration's is that of what a user writes: every field may be left out.
 */
export function jsonSchema(name: SchemaName): Record<string, unknown> {
  const schema = z.toJSONSchema(SCHEMAS[name], { io: 'input' }) as Record<string, unknown>
  return { $id: `urn:darkwake:${name}:1`, ...schema }
}
