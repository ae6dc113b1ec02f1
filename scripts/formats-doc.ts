// Writes docs/formats.md: what is read, layout by layout, from the same table that the readers go by, between an
// introduction and the rules for NMEA that are written by hand. tests/sources/formats-doc.test.ts writes the file and holds it.
import { FIELDS, type Field } from '../src/sources/fields.js'
import { LAYOUTS, originsOf, type Layout, type Origins } from '../src/sources/layouts.js'
import { notAvailableIn, UNITS, type Unit } from '../src/sources/units.js'

/** Units of the fields themselves. */
const OURS: Partial<Record<Field, string>> = {
  lat: 'degrees',
  lon: 'degrees',
  sog: 'knots',
  cog: 'degrees',
  heading: 'degrees',
  rot: 'degrees per minute',
  length: 'metres',
  width: 'metres',
  toBow: 'metres',
  toStern: 'metres',
  toPort: 'metres',
  toStarboard: 'metres',
  draught: 'metres',
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
const code = (text: string): string => '`' + text + '`'

/** One line for each unit that the names of a field come in. */
function rowsOf(fields: Origins, field: Field): string[] {
  const units = new Map<Unit | undefined, string[]>()
  for (const { name, unit } of originsOf(fields, field)) units.set(unit, [...(units.get(unit) ?? []), name])
  return [...units].map(([unit, names]) => {
    const spoken = unit ? UNITS[unit].spoken : (OURS[field] ?? '')
    return `| ${field} | ${cell(names.map(code).join(', '))} | ${cell(spoken)} | ${cell(notAvailableIn(field, unit))} |`
  })
}

const HEAD = '| ours | theirs | unit | not available |\n|---|---|---|---|'

function section(layout: Layout): string {
  const { name, title, source, has, integers, inside, fields, byType, time, notes, nmea } = layout
  const marks = has.map(names => names.map(code).join(' + ')).join(', or ')
  const whole = integers ? `; ${integers.join(', ')} all whole numbers` : ''
  const lines = [
    `### ${title}`,
    '',
    `${code(name)} · ${source}`,
    '',
    `Known by ${marks}${whole}. Time: ${time}.`,
    ...(inside === undefined ? [] : [`Names are looked up in ${code(inside)} first.`]),
    ...(nmea === undefined ? [] : [`Sentences: ${code(nmea)}.`]),
    '',
    ...notes.map(note => `- ${note}`),
    ...(notes.length > 0 ? [''] : []),
    HEAD,
    ...FIELDS.flatMap(field => rowsOf(fields, field)),
  ]
  for (const [type, special] of Object.entries(byType ?? {})) {
    const rows = FIELDS.filter(field => special[field] !== undefined).flatMap(field =>
      originsOf(special, field).length > 0 ? rowsOf(special, field) : [`| ${field} | not read | | |`],
    )
    lines.push('', `In messages ${type}:`, '', HEAD, ...rows)
  }
  return lines.join('\n')
}

const INTRODUCTION = `# What is read

<!-- Written by scripts/formats-doc.ts from src/sources/layouts.ts: change those. -->

A file is recognised by its first 64 KiB, never by its ending, and the choice is printed. ${code('--input-format NAME')} says it
instead: ${['nmea', 'csv', 'json', 'parquet'].map(code).join(', ')}, or the name of a layout below. ${code('csv')}, ${code('json')} and ${code('parquet')} said there
mean: by names alone, whatever layout it looks like. Text may be plain, gzip, zstd or zip (several members); Parquet is read
from a plain file.

Every row read has one fate, and the books of a run say how many had which: a report, static data, a valid message of no use
here, a duplicate, or a reason for being rejected. Values that mean "not available" are dropped in every layout, ours
included: latitude 91, longitude 181, SOG 102.3, COG 360, heading 511, rate of turn −128, status 15, IMO 0, dimensions 0,
draught 0, ship type 0, names of blanks or ${code('@')}. A latitude or longitude that is no number, out of range, or exactly 0, 0
rejects the row; a row without a position is a sign of life.

## Any table

CSV with ${code(',')}, ${code(';')}, tab or ${code('|')} (a decimal comma is understood where cells end at ${code(';')}), Parquet, and flat JSON objects whose
names are not those of a layout below go by the names of their columns, without case and punctuation, with or without a unit
of ours behind (${code('SOG_knots')}, ${code('latitude (deg)')}). A name with another unit (${code('speed_kmh')}) is another column. ${code('--map field=column')}
names the rest. Times: ISO 8601 with or without zone (none: UTC), ${code('31/12/2015 23:59:59')} day first, ${code('20210101_000000')}, epoch
seconds, milliseconds, microseconds or nanoseconds by their size.
`

const NMEA = `## NMEA

${code('nmea')} · AIVDM and AIVDO sentences as receivers and loggers write them.

- The talker is any two bytes (${code('AI')}, ${code('BS')}, ${code('B2')}; a garbled ${code('!=IVDM')} too), the start ${code('!')} or ${code('$')}, the channel ${code('A')}, ${code('B')}, ${code('1')}, ${code('2')} or nothing.
- A sentence is found anywhere in a line: behind an ISO time, an epoch time in s, ms or ns, a tab, stray bytes; several in one
  line as well. Lines end in LF or CRLF, the last one in nothing.
- Behind the checksum may stand ${code(',station,epoch')} (US Coast Guard), ${code(',epoch')} in s or ms, an apostrophe; before it one more field.
- A wrong, missing or one-digit checksum rejects the sentence (${code('checksum')}). A wrong checksum of a TAG block drops the block alone.
- TAG blocks: ${code('c:')} is the time in s or ms by its size, 2000 to 2050; ${code('s:')} the station; ${code('g:')} groups, within their source; what the
  first line of a group says holds for all of it. ${code('i:')} may hold colons and blanks. Blocks without a checksum are read.
- ${code('$PGHP')} is the time of the next sentence only. Bare TAG blocks, ${code('#')} comments, blank lines and other NMEA sentences are not read,
  and no error.
- A message of several sentences is put together by source, talker, number of parts, sequence id and channel, or by its TAG
  group; parts may come in any order; a part that comes again begins anew; parts wait for some seconds of TAG time or about
  64 sentences. Fragment 0, a fragment above the total, or a total above 9 is rejected (${code('fragment')}). Parts of two ships are not
  joined: the length must be that of the type, and the times must be close.
- Messages 1–3, 9, 18 and 28 need 168 bits (up to five of fill may be missing), 27 needs 96, 24 A 160; longer ones are read, shorter
  ones rejected (${code('bits')}). An illegal payload character or a missing fill field rejects (${code('payload')}).
- The time of a sentence: TAG block, ${code('$PGHP')}, prefix or tail; else the last such time in the file; else that of base stations
  heard in it (message 4); else ${code('--time-start')}; else the message is rejected (${code('no-time')}).
- A message that several stations heard stands there once for each: ${code('detect')} makes it one report that knows its receivers
  (events.md), ${code('inspect')} counts duplicates, ${code('decode')} prints them all.
- Messages 1, 2, 3, 9, 18, 27 tell where a ship or an aircraft is, 4 a base station, 21 and 28 an aid to navigation, 19 place and
  static data, 5 and 24 static data alone; all others are valid and counted as other. Every field of all of them: messages.md,
  which also says where gpsdecode and libais say something else, and why.
- Units are those of ITU-R M.1371-5, tables 47 and following: 1/10,000 minute, tenths of knots and degrees, rate of turn as
  sign · (byte / 4.733)², draught in decimetres.
`

const DETECTIONS = `## Satellite detections (${code('--detections')})

CSV with a header, GeoJSON, JSON or JSON lines, plain or gzipped; columns and properties by name, case and punctuation aside (${code('src/sources/detections/columns.ts')}), others with
${code('--detection-map t=when,lat=y,lon=x')}. Known are those of Global Fishing Watch and xView3 (SAR), the VIIRS boat detections of the Earth Observation Group, Skylight, EarthRanger,
and the response of AllenAI's VIIRS detector.

| field | from |
|---|---|
| time | its own column, or the scene's, or the name of the scene (Sentinel-1 and -2, VIIRS). UTC. Rows that have local time only are refused, and so are VIIRS rows at an hour at which it does not pass (22:30 to 04:45 by the sun) |
| ${code('lat')}, ${code('lon')} | degrees; swapped ones are refused where that can be told: out of range, or in the footprint only the other way |
| ${code('sigma_m')} | error along each axis; else half a pixel, else by sensor: SAR 50, optical 30, VIIRS 300, RF 2,000 m |
| ${code('length_m')}, ${code('heading')} | null where absent |
| confidence | 0…1, percent, high/medium/low; ${code('QF_Detect')} of VIIRS: what is no boat is left out |
| kind | ${code('is_fishing')}, ${code('fishing_score')}, ${code('vessel_type')} and the like: whether it is a fishing vessel, as a score from 0 to 1, yes or no, or the name of a kind; null where absent or of no kind that is known |
| scene | its name; without one, detections of a sensor within ten minutes are of one |
| footprint | a polygon among the features with the scene's name, ${code('frame_extents')}, WKT in a column; over ±180 however it is written. Without one none is assumed |
| ${code('platform_heading')}, ${code('incidence_angle')}, ${code('look')}, ${code('slant_range')}, ${code('platform_velocity')} | of a radar: for the shift of what moves |

Ids that come twice in a scene, and places that come twice at one time, count once. A CSV is read row by row, and rows of a scene may stand anywhere in it: some ten thousand of them are in memory, the others on disk. JSON is read whole, a file at a time.
`

/** The whole page. */
export function formatsPage(): string {
  const of = (shape: Layout['shape']): string =>
    LAYOUTS.filter(layout => layout.shape === shape)
      .map(section)
      .join('\n\n')
  return [
    INTRODUCTION,
    '## Tables by name',
    '',
    'CSV, Parquet and flat JSON alike. Columns that a layout does not name still go by their own names.',
    '',
    of('table'),
    '',
    '## JSON feeds',
    '',
    'One object a line, one after the other, in an array, or wrapped (`features`, `msgs`, `nodes` …). Objects may change layout within',
    'a file. Our own names are those of [library.md](library.md): `mmsi`, `t`, `lat`, `lon`, `sog` …',
    '',
    of('json'),
    '',
    NMEA,
    DETECTIONS,
  ].join('\n')
}
