// darkwake match: satellite detections held against recorded AIS. Which are whom, which are nobody that AIS knows, whose silence
// explains them, and who should have been seen and was not.

import { Command, Option } from 'commander'
import { EVENT_TYPES } from '../../model/event.js'
import { UsageError } from '../../model/errors.js'
import { presets } from '../../model/presets.js'
import { box, bytes, columnMap, listOf, numberIn, repeated, time, withTalk } from '../options.js'
import type { MatchFlags } from '../matching.js'

export function matchCommand(): Command {
  const command = new Command('match')
    .description(
      'Hold satellite detections (SAR, optical, VIIRS, RF) against recorded AIS: what no track explains.',
    )
    .argument('<files...>', 'AIS: any mix of CSV, NMEA and JSON lines, plain or .gz .zip .zst; - is stdin')
    .requiredOption('--detections <file>', 'CSV, GeoJSON or JSON, plain or .gz; repeat for several', repeated)
    .option(
      '--detection-map <field=column,…>',
      'their columns where no alias covers them: t, lat, lon, id, …',
      columnMap,
    )
    .option('--mask <file>', 'what is fixed at sea, GeoJSON or CSV; repeat for several', repeated)
    .option(
      '-o, --output <file>',
      'write events here, format by ending; repeat for several (default: stdout)',
      repeated,
    )
    .addOption(
      new Option('--format <format>', 'format of stdout and of files whose ending says nothing').choices([
        ...['ndjson', 'csv', 'geojson', 'kml', 'gfw'],
      ]),
    )
    .option('--force', 'overwrite outputs that exist')
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
    .option(
      '--reception <file>',
      'what is known of reception, to start with: CSV or GeoJSON of --reception-out',
    )
    .option('--input-format <name>', 'take every AIS input as this format instead of finding out')
    .option('--map <field=column,…>', 'columns of an AIS CSV whose names no alias covers', columnMap)
    .option('--time-start <iso>', 'time of NMEA that carries none', time)
    .option('--from <iso>', 'only reports from this time on', time)
    .option('--to <iso>', 'only reports before this time', time)
    .option('--bbox <w,s,e,n>', 'only events in this box, degrees', box)
    .option(
      '--only <types>',
      'these events, whether pictures tell of them or not (default: those that do)',
      listOf(EVENT_TYPES),
    )
    .option('--min-score <n>', 'only events with at least this score, 0 to 1', numberIn(0, 1))
    .addOption(new Option('--final', 'each event once, in its last state (default)').conflicts('all'))
    .option('--all', 'every revision of every event')
    .option('--stats <file>', 'the books of the run, JSON')
    .option('--report <file>', 'a report to look at, .html, .md or .geojson (darkwake report)')
    .option('--store <file>', 'into a database too, with tracks and vessels: what darkwake serve shows')
    .option('--rejects <file>', 'AIS rows that did not become reports, NDJSON')
    .option('--max-memory <size>', 'memory for sorting before it spills to disk, as 512M or 2G', bytes)
  return withTalk(command).action(async (files: string[], flags: MatchFlags) => {
    const { from, to } = flags
    if (from !== undefined && to !== undefined && !(from < to))
      throw new UsageError('match: --to must be later than --from')
    const { runMatch } = await import('../matching.js')
    process.exitCode = await runMatch(files, flags)
  })
}
