// Every threshold: its unit in its name, its default, and where the default comes from. One schema makes the types,
// the defaults, the error messages and the published JSON Schema.

import { z } from 'zod'
import { UsageError } from './errors.js'
import { VESSEL_EVENT_TYPES } from './event.js'
import { MS_PER_HOUR } from './units.js'

/** Detectors, in the order in which they see a report. */
export const DETECTORS = [
  ...['gap', 'jump', 'shared_mmsi', 'kinematic', 'nav_status', 'circle', 'on_land', 'clock', 'footprint'],
  ...['offset', 'replay', 'synthetic', 'fabricated_group', 'identity', 'draught', 'loitering', 'encounter'],
  ...['dark_rendezvous', 'partial_silence', 'drift', 'sudden_stop', 'distress', 'port_visit', 'zone'],
] as const

const positive = () => z.number().positive()
const section = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).prefault({} as never)

const sequenceRule = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, 'a name of small letters, digits and _')
    .describe('What it is called: the class of its events'),
  steps: z
    .array(
      z.strictObject({
        type: z.enum(VESSEL_EVENT_TYPES).exclude(['sequence']).describe('What happens …'),
        classes: z.array(z.string()).min(1).optional().describe('… if it is one of these'),
        zone: z
          .string()
          .min(1)
          .optional()
          .describe('… and begins, ends or is in this zone: its id, MRGID, or the code of a sovereign'),
        relation: z
          .enum(['after', 'during', 'beside', 'over'])
          .default('after')
          .describe(
            'It begins after the step before has ended, while it lasts, or either; over: either, or before it and lasts into it',
          ),
        withinHours: positive().default(24).describe('… this long after its end at most'),
        awayNm: positive().optional().describe('… and this far from where the first step ended, or farther'),
      }),
    )
    .min(2)
    .max(8),
})

const CHANGES = ['name_changed', 'imo_changed', 'identity_swap', 'blanked']
const MEETINGS = ['encounter', 'brief_meeting']
/** Two loiterings nearer than this are one place: a slow ship drifts as far in a few hours. */
const ELSEWHERE_NM = 5
/** The crew types the new draught in when the cargo is over, or when they think of it: before the watch ends, or after two. */
const TYPED_LATE_HOURS = 12
/** Sequences that are looked for unless the configuration has others. */
export const SEQUENCES = z.array(sequenceRule).parse([
  {
    // RadianceFleet: loitering, gap and loitering within 48 h
    name: 'loitering_gap_loitering',
    steps: [
      { type: 'loitering' },
      { type: 'gap', withinHours: 48 },
      { type: 'loitering', withinHours: 48, awayNm: ELSEWHERE_NM },
    ],
  },
  {
    name: 'identity_change_in_gap',
    steps: [{ type: 'gap' }, { type: 'identity', classes: CHANGES, relation: 'during' }],
  },
  {
    name: 'meeting_before_gap',
    steps: [
      { type: 'encounter', classes: MEETINGS },
      { type: 'gap', relation: 'beside' },
    ],
  },
  { name: 'meeting_after_gap', steps: [{ type: 'gap' }, { type: 'encounter', classes: MEETINGS }] },
  {
    name: 'draught_over_encounter',
    steps: [
      { type: 'encounter', classes: MEETINGS },
      { type: 'draught', classes: ['over_encounter'], relation: 'over', withinHours: TYPED_LATE_HOURS },
    ],
  },
  {
    // the change is known by the messages around the silence
    name: 'draught_over_gap',
    steps: [{ type: 'draught' }, { type: 'gap', relation: 'during' }],
  },
  {
    name: 'draught_over_dark_rendezvous',
    steps: [
      { type: 'dark_rendezvous', classes: ['partner_in_silence', 'two_silences'] },
      {
        ...{ type: 'draught', classes: ['at_sea', 'over_gap', 'over_encounter'] },
        ...{ relation: 'over', withinHours: TYPED_LATE_HOURS },
      },
    ],
  },
  { name: 'spoofing_before_gap', steps: [{ type: 'spoofing' }, { type: 'gap' }] },
] satisfies z.input<typeof sequenceRule>[])

export const configSchema = z.strictObject({
  without: z
    .array(z.enum(DETECTORS))
    .default([])
    .describe(
      'Detectors that do not run. Presets named after a system leave out what that system does not look for',
    ),
  sequences: z
    .array(sequenceRule)
    .max(64)
    .default(SEQUENCES)
    .describe('What a vessel does in a row, told as `sequence`: rules over its events (docs/detection.md)'),
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
    kinematic: section({
      maxRatio: z
        .number()
        .gt(1)
        .default(2)
        .describe(
          'Speed reported and speed made good differ by more than this, either way (detection.md 5.11)',
        ),
      minCourseOffDeg: positive()
        .max(180)
        .default(30)
        .describe('… or the course reported and the bearing made good by this or more'),
      minMinutes: positive().default(10).describe('… step after step for this long'),
      minNm: positive().default(0.5).describe('… and by this distance in all (detection.md 5.11)'),
    }),
    navStatus: section({
      minKn: positive()
        .default(3)
        .describe(
          'At anchor or moored by status and faster than this is a contradiction (BetterInc: 3 kn) …',
        ),
      minMinutes: positive()
        .default(30)
        .describe(
          '… for this long: a switch forgotten over half an hour is everyday (detection.md 5.12: 10)',
        ),
      minNm: positive().default(5).describe('… and this far from where it began: the positions move as well'),
      minShoreNm: z
        .number()
        .min(0)
        .default(3)
        .describe(
          '… and this far from shore: tugs and ferries forget it all day (one in twenty ships of MarineCadastre)',
        ),
    }),
    circle: section({
      minRadiusM: positive()
        .default(200)
        .describe('A ship that goes round a circle of this radius … (detection.md 5.3: 0.2 km)'),
      maxRadiusM: positive().default(12_000).describe('… to this one may be a false position (12 km)'),
    }),
    replay: section({
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
    clock: section({
      minOffsetS: positive()
        .default(10)
        .describe(
          'A told UTC second this far from the time of receipt is off; what a receiver may be off by itself (docs/detection.md)',
        ),
      minMessages: z
        .int()
        .min(2)
        .default(10)
        .describe('Messages that are off by the same (detection.md 5.9: 10)'),
      minMinutes: positive()
        .default(20)
        .describe('… over this time: a clock that is set, or a line that stalls, is over sooner'),
    }),
    footprint: section({
      minRanges: positive()
        .default(3)
        .describe(
          'A fix farther from its receiver than this many of its ranges cannot be heard (detection.md 5.10: 3)',
        ),
      minTransmissions: z
        .int()
        .min(2)
        .default(3)
        .describe('Transmissions heard from there … (detection.md 5.10: 3)'),
      minMinutes: positive().default(10).describe('… over this time'),
      surelyNm: positive()
        .default(600)
        .describe('Beyond this nobody needs to have missed it: no duct carries so far for long'),
    }),
    offset: section({
      minOffsetNm: positive()
        .default(0.5)
        .describe(
          'Two feeds that put a vessel this far apart differ: more than antennas, map datums and tenths of a minute (message 27) make',
        ),
      minMatches: z
        .int()
        .min(2)
        .default(3)
        .describe('Fixes of one feed between two of the other (detection.md 5.4: 3)'),
      minMinutes: positive()
        .default(20)
        .describe('… over this time: what feeds interpolate is straight for less'),
    }),
    synthetic: section({
      minMinutes: positive()
        .default(40)
        .describe(
          'A track is too even for this long before it is said, in two windows of 20 minutes or more',
        ),
    }),
    onLand: section({
      inlandKm: positive()
        .default(2)
        .describe(
          'A place this far inland, beyond what the coast may be wrong by (5 km), … (detection.md 5.5: 2 km)',
        ),
      minMinutes: positive().default(10).describe('… and for this long (10 min) may be a false position'),
    }),
    fabricatedGroup: section({
      minMembers: z
        .int()
        .min(3)
        .default(4)
        .describe('MMSIs with one unusual way of filling the fields of their messages … (detection.md 5.8)'),
      windowHours: positive().default(24).describe('… that appear within this time …'),
      regionNm: positive().default(60).describe('… and this far from each other'),
    }),
  }),
  partialSilence: section({
    minMinutes: positive()
      .default(60)
      .describe(
        'Silent on one feed and heard by another for longer than this (MonitorFish: AIS 1 h after the last VMS)',
      ),
  }),
  interference: section({
    minVessels: z
      .int()
      .min(2)
      .default(3)
      .describe('Ships drawn to one place at a time before they count as victims (RadianceFleet: 3) …'),
    windowHours: positive()
      .default(2)
      .describe('… within this time; without another one for as long it is over (RadianceFleet: 2 h)'),
    originNm: positive()
      .default(60)
      .describe(
        '… from places this near to each other (RadianceFleet: half a degree, doubled: jammers reach the horizon of a ship)',
      ),
    attractorNm: positive()
      .default(10)
      .describe('… and to places this near to each other: circles of 12 km are known (detection.md 5.3)'),
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
  draught: section({
    minChangeM: positive()
      .default(0.5)
      .describe('A draught that changes by less is no event: fuel and water (docs/detection.md)'),
    confirmMessages: z
      .int()
      .min(2)
      .default(3)
      .describe('Messages in a row that tell a draught before it is believed … (as identity)'),
    confirmMinutes: positive().default(30).describe('… over this time'),
    portHours: positive()
      .default(24)
      .describe('A ship that lay in port this long before may have been loaded there'),
    portShoreNm: z
      .number()
      .min(0)
      .default(3)
      .describe(
        'At rest in a port of the list, on land by the map, or nearer to the coast than this is in port',
      ),
    meetingHours: positive()
      .default(TYPED_LATE_HOURS)
      .describe('A change this long after a meeting at sea is over it: crews type it in late'),
  }),
  loitering: section({
    judgedBy: z
      .enum(['net', 'clock-hours'])
      .default('net')
      .describe(
        'What is slow: net displacement over a sliding window, or the way between reports by clock hour (pipe-loitering)',
      ),
    maxSpeedKn: positive().default(2).describe('Net speed below this is slow (pipe-loitering, Welch: 2 kn)'),
    exitSpeedKn: positive().default(2.5).describe('… and above this for exitMinutes it is over (hysteresis)'),
    exitMinutes: positive().default(20),
    windowMinutes: positive().default(60).describe('Net displacement is taken over this sliding window'),
    minHours: positive().default(4).describe('Shortest loitering that is reported (GFW carriers: 4 h)'),
    unheardMinutes: positive()
      .default(60)
      .describe(
        'Over a silence longer than this nobody knows: none may make up more than half of a loitering (detection.md 6: 1 h)',
      ),
    maxHoleHours: positive().default(4).describe('A silence longer than this ends it at the last fix before'),
    minShoreNm: z
      .number()
      .min(0)
      .default(20)
      .describe('Only at this distance from shore or more (GFW: 20 nm); 0 for everywhere'),
    anchorRadiusNm: positive()
      .default(0.3)
      .describe('A vessel in a box of twice this swings at anchor (scope and swing of a large ship)'),
    queueVessels: z
      .int()
      .min(1)
      .default(4)
      .describe('So many other slow ships within 5 nm, fishing vessels aside, and it waits with them'),
  }),
  encounter: section({
    judgedBy: z
      .enum(['way', 'grid'])
      .default('way')
      .describe(
        'What an encounter is: the ways of both, fix by fix (docs/detection.md), or the rule of pipe-encounters: nearM, maxSpeedKn, minHours, and what stands under grid',
      ),
    grid: section({
      stepMinutes: positive()
        .max(60)
        .default(10)
        .describe('Times at which places are compared (pipe-encounters: 10 min)'),
      maxHoleMinutes: positive()
        .default(60)
        .describe('Fixes this far apart or farther have nothing between them (pipe-encounters: 1 h)'),
      extrapolate: z
        .boolean()
        .default(true)
        .describe(
          'Go on as long before the first and after the last fix of a day, by speed and course (pipe-encounters)',
        ),
      rawMinutes: positive()
        .default(60)
        .describe('Near each other for this long is a raw encounter (pipe-encounters: 60 min) …'),
      mergeHours: positive()
        .default(4)
        .describe('… and those of a pair with less than this between them are one (pipe-encounters: 4 h)'),
      portKm: z
        .number()
        .min(0)
        .default(10)
        .describe('… farther than this from ports of the list (pipe-encounters: 10 km); 0: anywhere'),
    }),
    nearM: positive()
      .default(500)
      .describe(
        'Two vessels are together from when they are this near … (pipe-encounters, Miller 2018: 500 m)',
      ),
    leaveM: positive()
      .default(800)
      .describe('… until they are farther apart than this … (detection.md 7: hysteresis)'),
    leaveMinutes: positive().default(20).describe('… for this long (detection.md 7)'),
    maxSpeedKn: positive()
      .default(2)
      .describe('An encounter is slower than this, half of the time and when it begins (GFW: 2 kn)'),
    minHours: positive()
      .default(2)
      .describe('Shortest encounter, and shortest tandem, that is reported (GFW: 2 h)'),
    closeM: positive()
      .default(250)
      .describe(
        'A brief meeting is this close (Skylight: 250 m); so is one between ships that lie at anchor',
      ),
    briefMinutes: positive().default(15).describe('… for this long (detection.md 7; Skylight: 30 min)'),
    tandemKn: positive()
      .default(3)
      .describe('Faster than this and together is a tandem (RadianceFleet: convoys above 3 kn)'),
    minShoreNm: z
      .number()
      .min(0)
      .default(3)
      .describe(
        'Nearer to the coast than this (the map is 5 km exact), on land by it, or in a port of the list, neighbours are everyday: nothing is said there (GFW: 10 km from anchorages)',
      ),
  }),
  darkRendezvous: section({
    maxSpeedKn: positive()
      .default(2)
      .describe('A vessel has stopped when it makes good less than this over … (detection.md 7)'),
    exitSpeedKn: positive().default(3).describe('… and goes on at more than this (detection.md 7)'),
    windowMinutes: positive()
      .max(60)
      .default(15)
      .describe('… so long: one that turns about gets nowhere either'),
    minMinutes: positive().default(15).describe('Shortest stop (detection.md 7; Skylight: 15 min)'),
    maxHours: positive().default(48).describe('Longest: what stays longer lives there (detection.md 7)'),
    companyNm: positive().max(5).default(1).describe('Nobody else was heard this near (detection.md 7)'),
    maxCompanyShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe('… but in this share of the looks, as ships pass'),
    minHeardShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        'Reception is good where it was itself heard, ten minutes at a time, for this share of its stop',
      ),
    minPortNm: z
      .number()
      .min(0)
      .default(5)
      .describe('Only beyond this from a port of the list and from the coast (detection.md 7)'),
    wayKn: positive()
      .default(5)
      .describe('A stop with nobody to meet is told only of one that made this within an hour before it'),
    minHours: positive().default(1).describe('… that lasts so long'),
    partnerHours: positive()
      .default(1)
      .describe('A partner is one that can have been there for so long of it'),
    jointHours: positive()
      .default(2)
      .describe('Two silences are told of when both can have been at one place for so long (detection.md 7)'),
    maxSilenceDays: positive()
      .default(14)
      .describe('One that has been silent for longer can be anywhere: it is no candidate'),
  }),
  drift: section({
    minKn: positive()
      .default(1)
      .describe('A ship that drifts goes at this speed or more (AisAbnormal: 1 kn) …'),
    maxKn: positive().default(5).describe('… and at this or less (AisAbnormal: 5 kn)'),
    minOffDeg: positive()
      .max(89)
      .default(45)
      .describe('… farther than this off its bow, and off its stern (AisAbnormal: 45°)'),
    minMinutes: positive().default(10).describe('… for this long (AisAbnormal: 10 min)'),
    minDistanceM: positive().default(500).describe('… and this far (AisAbnormal: 500 m)'),
    lostWayMinutes: positive()
      .default(60)
      .describe(
        '… unless it says that it is not under command, only when it ran at more than 7 kn this long before: ships that wait drift for days. Very many for all of them (AisAbnormal)',
      ),
    minLengthM: positive().default(50).describe('Shorter ships are not looked at (AisAbnormal: 50 m)'),
  }),
  suddenStop: section({
    fromKn: positive().default(7).describe('From more than this speed (AisAbnormal: 7 kn) …'),
    toKn: positive().default(1).describe('… to less than this (AisAbnormal: 1 kn) …'),
    withinS: positive().default(30).describe('… within this time (AisAbnormal: 30 s) …'),
    heldS: positive().default(60).describe('… and for this time at least (AisAbnormal: 60 s)'),
    minLengthM: positive().default(50).describe('Shorter ships are not looked at (AisAbnormal: 50 m)'),
  }),
  distress: section({
    minMessages: z
      .int()
      .min(2)
      .default(2)
      .describe('Messages of a distress beacon before it is told of; it sends eight a minute (IEC 61097-14)'),
    silenceMinutes: positive()
      .default(60)
      .describe('A beacon that has been silent for this long is off, or no longer heard'),
  }),
  portVisit: section({
    stopKn: positive()
      .default(0.2)
      .describe('In port and slower than this is a stop (Global Fishing Watch, pipe-anchorages: 0.2 kn) …'),
    goKn: positive().default(0.5).describe('… until it is faster than this (0.5 kn)'),
    holeHours: positive()
      .default(4)
      .describe('In port and not heard for longer than this counts as one (pipe-anchorages: 4 h)'),
    leaveRadii: z
      .number()
      .min(1)
      .default(4 / 3)
      .describe('It leaves farther out than so many radii of the port: 4 km of 3 (pipe-anchorages)'),
    minConfidence: z
      .int()
      .min(1)
      .max(4)
      .default(2)
      .describe(
        'Visits of less confidence are not told: 1 passed through, 2 stopped, 3 came or went as well, 4 both (pipe-anchorages)',
      ),
  }),
  anchorages: section({
    learn: z
      .boolean()
      .default(true)
      .describe('Learn anchorages from where ships lie, beside the ports of the list'),
    minVessels: z
      .int()
      .min(2)
      .max(64)
      .default(5)
      .describe('Different ships that stopped at a place … (Global Fishing Watch: 20, in years of all seas)'),
    minHours: positive().default(6).describe('… for this long, within 500 m (Global Fishing Watch: 12 h) …'),
    minOccasions: z
      .int()
      .min(1)
      .default(3)
      .describe('… on so many occasions, twelve hours apart or more, before it is an anchorage …'),
    maxShoreNm: positive()
      .default(12)
      .describe('… nearer to the coast than this: farther out ships that lie there may have met'),
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

/** Deep merge of plain objects, later wins; a list is one value. */
function merge(base: unknown, over: unknown): unknown {
  if (Array.isArray(over)) return over
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
