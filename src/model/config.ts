// Every threshold: its unit in its name, its default, and where the default comes from. One schema makes the types,
// the defaults, the error messages and the published JSON Schema.

import { z } from 'zod'
import { UsageError } from './errors.js'
import { MS_PER_HOUR } from './units.js'

const positive = () => z.number().positive()
const section = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).prefault({} as never)

export const configSchema = z.strictObject({
  clean: section({
    maxSpeedKn: positive()
      .default(50)
      .describe(
        'A fix that the vessel could reach only faster than this is displaced (AISdb and AIS_Tracker: 50 kn)',
      ),
    minJumpNm: positive()
      .default(1)
      .describe(
        '… and only when it is also this far away: GNSS noise, time jitter of receivers (detection.md 5.1)',
      ),
    outlierGuard: z
      .boolean()
      .default(true)
      .describe('Hold a displaced fix until later ones confirm it; off in presets that are defined per MMSI'),
    confirmFixes: z.int().min(2).default(3).describe('Displaced fixes that agree before they are believed …'),
    confirmMinutes: positive().default(5).describe('… or two of them this far apart (detection.md 5.1)'),
    futureGuard: z
      .boolean()
      .default(true)
      .describe(
        'Event time crosses a hole of more than an hour only when 2 vessels or 3 reports lie beyond it',
      ),
    duplicateWindowS: z
      .number()
      .min(0)
      .default(30)
      .describe(
        'The same transmission heard again within this time is one report, where the UTC second tells',
      ),
  }),
  tracks: section({
    perMmsi: z
      .int()
      .min(2)
      .max(8)
      .default(8)
      .describe('Ships told apart under one MMSI; then the one silent longest gives way (detection.md 2)'),
    largeShipMaxSpeedKn: positive()
      .default(30)
      .describe('Cargo ships and tankers (types 70 to 89) are no faster, whatever clean.maxSpeedKn allows'),
    fastCraftMaxSpeedKn: positive()
      .default(60)
      .describe('High-speed craft (types 40 to 49) may be this fast (detection.md 2)'),
  }),
  gap: section({
    minGapHours: positive()
      .default(6)
      .describe('Silence strictly longer than this is a gap (pipe-gaps, Skylight: 6 h)'),
    inclusive: z
      .boolean()
      .default(false)
      .describe(
        'Silence of exactly that, or of exactly portSilenceHours, is one too (Welch 2022: 12 h or more)',
      ),
    minReports: z
      .int()
      .min(1)
      .default(3)
      .describe('Reports heard of a vessel before its silence means anything; 1 in presets'),
    portSilenceHours: positive()
      .default(60)
      .describe('The same for a vessel that was in port or moored (MonitorFish: 60 h in port)'),
    mooredMinutes: positive()
      .default(30)
      .describe(
        'Below 0.5 kn, or at anchor or moored by status, for this long counts as moored (detection.md 3)',
      ),
    portRule: z.boolean().default(true).describe('Tell port_silence from gap; off in most presets'),
    mooredRule: z
      .boolean()
      .default(true)
      .describe(
        '… for a vessel that lay still anywhere too; off: in a port or anchorage of the list alone (MonitorFish)',
      ),
    openAt: z
      .enum(['threshold', 'utc-midnight'])
      .default('threshold')
      .describe(
        'An open gap is announced as soon as the threshold passes, or judged at each next UTC midnight (pipe-gaps)',
      ),
    returnHours: z
      .number()
      .min(0)
      .default(0)
      .describe(
        'A gap that ended tells in details.returned whether it was longer than this (MarineTraffic: 2 h); 0: it does not',
      ),
    minFeedShare: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe(
        'A gap is announced only while more than this share of the vessels of its feed was heard in each of the last feedHours clock hours (MonitorFish: 0.7); 0: whatever the feed does',
      ),
    feedHours: z
      .int()
      .min(1)
      .max(168)
      .default(24)
      .describe('… those heard in any of them are the vessels of the feed (MonitorFish: 24 h)'),
    countHours: positive()
      .default(12)
      .describe('Reports are counted this long before the silence (pipe-gaps: 12 h)'),
    exactCounts: z
      .boolean()
      .default(false)
      .describe(
        'Count those reports to the millisecond, not by the hour; keeps the time of every one of them',
      ),
    positionsOnly: z
      .boolean()
      .default(false)
      .describe('Only position messages end a silence; by default static data do too, as signs of life'),
  }),
  disabling: section({
    judgedBy: z
      .enum(['reasons', 'rule'])
      .default('reasons')
      .describe(
        'What makes a gap likely_disabled: all reasons weighed (docs/detection.md), or the rule of Welch et al. 2022: every threshold below',
      ),
    minShoreNm: z
      .number()
      .min(0)
      .default(50)
      .describe('OFF farther from shore than this (Welch 2022: 50 nm)'),
    minSatelliteReports: z
      .int()
      .min(0)
      .default(14)
      .describe('Satellite positions in gap.countHours before, this many or more (Welch 2022: 14 in 12 h)'),
    minPositionsPerDay: z
      .number()
      .min(0)
      .default(10)
      .describe(
        'Satellite positions a day that ships of the class give where it was last heard, more than this (Welch 2022: 10)',
      ),
  }),
  reception: section({
    health: z
      .boolean()
      .default(true)
      .describe(
        'Outages of feeds and receivers are events, and stop the clock of the silences they cover; off in presets',
      ),
  }),
  spoofing: section({
    minAlternations: z
      .int()
      .min(2)
      .default(3)
      .describe('Changes between two places that one vessel cannot serve before its MMSI counts as shared'),
    replay: section({
      enabled: z.boolean().default(true).describe('Look for it; off in presets'),
      minMatches: z
        .int()
        .min(3)
        .default(5)
        .describe(
          'Remembered fixes, of one in 8 or fewer, that are met again with one lag and offset: 40 or more in all (detection.md 5.6: 20)',
        ),
      minLagHours: positive()
        .default(6)
        .describe('A ship repeats itself only after this long: what comes sooner is late (detection.md 5.6)'),
    }),
    synthetic: section({
      enabled: z.boolean().default(true).describe('Look for it; off in presets'),
      minMinutes: positive()
        .default(40)
        .describe(
          'A track is too even for this long before it is said, in two windows of 20 minutes or more',
        ),
    }),
    fabricatedGroup: section({
      enabled: z.boolean().default(true).describe('Look for it; off in presets'),
      minMembers: z
        .int()
        .min(3)
        .default(4)
        .describe('MMSIs with one unusual way of filling the fields of their messages … (detection.md 5.8)'),
      windowHours: positive().default(24).describe('… that appear within this time …'),
      regionNm: positive().default(60).describe('… and this far from each other'),
    }),
  }),
  identity: section({
    confirmMessages: z
      .int()
      .min(2)
      .default(3)
      .describe('Messages that agree before a name or number is believed … (detection.md 9)'),
    confirmMinutes: positive()
      .default(30)
      .describe('… over this time, or heard by two receivers (detection.md 9)'),
    silenceHours: positive()
      .default(3)
      .describe('A change first told after a silence this long weighs more: half of the shortest gap'),
    imoLengthM: positive()
      .default(100)
      .describe(
        'A passenger ship, cargo ship or tanker of this length must have an IMO number (SOLAS: 300 GT)',
      ),
    swapHours: positive()
      .default(12)
      .describe('One MMSI may go on as another that is first heard this soon after (detection.md 9: 12 h)'),
    swapSpeedKn: positive().default(15).describe('… no farther than at this speed'),
  }),
  loitering: section({
    maxSpeedKn: positive().default(2).describe('Net speed below this is slow (pipe-loitering, Welch: 2 kn)'),
    exitSpeedKn: positive().default(2.5).describe('… and above this for exitMinutes it is over (hysteresis)'),
    exitMinutes: positive().default(20),
    windowMinutes: positive().default(60).describe('Net displacement is taken over this sliding window'),
    minHours: positive().default(4).describe('Shortest loitering that is reported (GFW carriers: 4 h)'),
    maxHoleHours: positive().default(4).describe('A silence longer than this ends it at the last fix before'),
    minShoreNm: z
      .number()
      .min(0)
      .default(20)
      .describe('Only beyond this from shore (GFW: 20 nm); 0 for everywhere'),
  }),
  zone: section({
    minInsideNm: positive()
      .default(0.5)
      .describe('A crossing counts when the vessel is this far from where it cut the boundary …'),
    minInsideMinutes: positive().default(10).describe('… or this long beyond it (detection.md 8)'),
  }),
  reach: section({
    fishingKn: positive()
      .default(15)
      .describe(
        'A silent vessel is taken to have gone no faster than its own 95th percentile, and that to be no less than this for its ship type (30). 99 of 100 ships of the type go no faster, rounded up to 5 kn (docs/detection.md)',
      ),
    workboatKn: positive()
      .default(15)
      .describe('… towing, dredging, diving, tugs (31–34, 52) and sailing vessels (36)'),
    cargoKn: positive().default(25).describe('… cargo ships and tankers (70–89)'),
    passengerKn: positive().default(40).describe('… passenger ships (60–69)'),
    pleasureKn: positive().default(40).describe('… pleasure craft (37)'),
    serviceKn: positive()
      .default(35)
      .describe('… pilots, rescue, police, naval and other service craft (35, 50–59)'),
    highSpeedKn: positive()
      .default(60)
      .describe('… high-speed and wing-in-ground craft (20–29, 40–49; detection.md 2: 60 kn)'),
    otherKn: positive().default(30).describe('… any other type, or none known (detection.md 2: 30 kn)'),
    clearNm: z
      .number()
      .min(0)
      .default(50)
      .describe(
        'A zone out of reach is said to be (incursion_impossible) when the vessel was last or next heard this near to it',
      ),
    maxIncursions: z
      .int()
      .min(0)
      .max(100)
      .default(3)
      .describe(
        'Of the zones that held neither end of a silence, those least out of the way that get an event of their own; 0 for none',
      ),
  }),
  engine: section({
    capacity: z
      .int()
      .min(16)
      .max(4_000_000)
      .default(65_536)
      .describe('Vessels kept; then the least useful one gives way'),
    silenceCapacity: z.int().min(16).default(1_048_576).describe('Silences kept of vessels that gave way'),
    staticsKept: z
      .int()
      .min(1)
      .default(262_144)
      .describe(
        'Static data (name, callsign, size …) kept, some 500 bytes each: four of each vessel of the default capacity. Of more, those that nothing refers to are forgotten, in feeds that do not end',
      ),
    correctionHorizonH: z
      .number()
      .min(0)
      .default(24)
      .describe('A report later than that, but no older than this, may still withdraw or split a silence'),
    reorderWindowS: z
      .number()
      .min(0)
      .default(120)
      .describe('Reports this late are put in order before anything sees them'),
    maxWaiting: z
      .int()
      .min(1000)
      .default(4_000_000)
      .describe(
        'Reports that may wait for that, some 100 bytes each; in a flood more of them shorten the wait',
      ),
  }),
})

export type Config = z.infer<typeof configSchema>
/** What a caller may give: any part of it. */
export type ConfigInput = z.input<typeof configSchema>

/**
 * The length, ms, than which the silence of a gap is strictly longer. Where a gap may be of exactly that length it is the
 * number just below.
 */
export const silenceThresholdMs = (hours: number, { inclusive }: Config['gap']): number =>
  hours * MS_PER_HOUR * (inclusive ? 1 - Number.EPSILON : 1)

/** Deep merge of plain objects, later wins. */
function merge(base: unknown, over: unknown): unknown {
  if (typeof base !== 'object' || typeof over !== 'object' || !base || !over) return over ?? base
  const out: Record<string, unknown> = { ...(base as Record<string, unknown>) }
  for (const [key, value] of Object.entries(over)) out[key] = merge(out[key], value)
  return out
}

/**
 * Resolves a configuration: later layers win over earlier ones, defaults fill the rest.
 * @throws UsageError naming the field, the value and what is allowed
 */
export function resolveConfig(...layers: (ConfigInput | undefined)[]): Config {
  const merged = layers.reduce<unknown>((acc, layer) => merge(acc, layer ?? {}), {})
  const result = configSchema.safeParse(merged)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const path = issue.path.join('.')
  const value = issue.path.reduce<unknown>(
    (v, key) => (v as Record<PropertyKey, unknown> | undefined)?.[key],
    merged,
  )
  const got = issue.code === 'unrecognized_keys' ? '' : `, got ${JSON.stringify(value)}`
  throw new UsageError(`configuration: ${path || '(top level)'}: ${issue.message}${got}`)
}
