// The options of a run over recorded AIS: what detect and match have in common.

import { Option, type Command } from 'commander'
import { EVENT_TYPES, type EventType } from '../model/event.js'
import { UsageError } from '../model/errors.js'
import { presets } from '../model/presets.js'
import {
  box,
  bytes,
  columnMap,
  integerIn,
  listOf,
  numberIn,
  repeated,
  time,
  type Box,
  type TalkOptions,
} from './options.js'

const FORMATS = ['ndjson', 'csv', 'geojson', 'kml', 'gfw'] as const

export interface RuleFlags {
  preset?: string
  config?: string
  /** Files; false for --no-zones; absent for the approximate EEZs. */
  zones?: string[] | false
  ports?: string
  watchlist?: string[]
}

export interface RunFlags extends TalkOptions, RuleFlags {
  output?: string[]
  format?: (typeof FORMATS)[number]
  force?: boolean
  reception?: string
  inputFormat?: string
  map?: Record<string, string>
  timeStart?: number
  from?: number
  to?: number
  bbox?: Box
  only?: EventType[]
  minScore?: number
  all?: boolean
  stats?: string
  report?: string
  rejects?: string
  store?: string
  maxMemory?: number
  workers?: number
}

/** What detection goes by (rules.ts). */
export function withRules(command: Command): Command {
  return command
    .option('--preset <name>', `a named configuration: ${Object.keys(presets).join(', ')}`)
    .option('--config <file>', 'thresholds, JSON or YAML (darkwake schema config)')
    .option(
      '--zones <file>',
      'GeoJSON, TopoJSON or shapefile; repeat for several (default: approximate EEZs)',
      repeated,
    )
    .option('--no-zones', 'no zones at all')
    .option('--ports <file>', 'ports and anchorages, CSV')
    .option(
      '--watchlist <file>',
      'vessels to watch or to leave out, registers, CSV; repeat for several',
      repeated,
    )
}

/** Adds them behind what the command has of its own. */
export function withRun(command: Command): Command {
  const files = command
    .argument('<files...>', 'AIS: any mix of CSV, NMEA and JSON lines, plain or .gz .zip .zst; - is stdin')
    .option(
      '-o, --output <file>',
      'write events here, format by ending; repeat for several (default: stdout, or none with --store)',
      repeated,
    )
    .addOption(
      new Option('--format <format>', 'format of stdout and of files whose ending says nothing').choices(
        FORMATS,
      ),
    )
    .option('--force', 'overwrite outputs that exist')
  return withRules(files)
    .option(
      '--reception <file>',
      'what is known of reception, to start with: CSV or GeoJSON of --reception-out',
    )
    .option('--input-format <name>', 'take every AIS input as this format instead of finding out')
    .option('--map <field=column,…>', 'columns of an AIS CSV whose names no alias covers', columnMap)
    .option('--time-start <iso>', 'time of NMEA that carries none', time)
    .option('--from <iso>', 'only reports from this time on', time)
    .option('--to <iso>', 'only reports before this time', time)
    .option('--bbox <w,s,e,n>', 'only events that start or end in this box, degrees', box)
    .option('--only <types>', `only these events: ${EVENT_TYPES.join(', ')}`, listOf(EVENT_TYPES))
    .option('--min-score <n>', 'only events with at least this score, 0 to 1', numberIn(0, 1))
    .addOption(new Option('--final', 'each event once, in its last state (default)').conflicts('all'))
    .option('--all', 'every revision of every event')
    .option('--stats <file>', 'the books of the run, JSON')
    .option('--report <file>', 'a report to look at, .html, .md or .geojson (darkwake report)')
    .option('--rejects <file>', 'AIS rows that did not become reports, NDJSON')
    .option('--store <file>', 'into a database too, with tracks and vessels: what darkwake serve shows')
    .option('--max-memory <size>', 'memory for sorting before it spills to disk, as 512M or 2G', bytes)
    .option(
      '--workers <n>',
      'threads that read and detect, 1 to 4; the events are the same (default: cores, for large inputs)',
      integerIn(1, 4),
    )
}

/** @throws UsageError for a time that ends before it begins */
export function checkSpan(name: string, { from, to }: RunFlags): void {
  if (from !== undefined && to !== undefined && !(from < to))
    throw new UsageError(`${name}: --to must be later than --from`)
}
