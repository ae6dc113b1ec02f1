// darkwake watch: the same detection on live feeds. This file says what can be asked; watching.ts does it.

import { Command } from 'commander'
import { EVENT_TYPES, type EventType } from '../../model/event.js'
import { presets } from '../../model/presets.js'
import { withFeeds, type FeedFlags } from '../feed-options.js'
import {
  box,
  bytes,
  columnMap,
  listOf,
  numberIn,
  repeated,
  withTalk,
  type Box,
  type TalkOptions,
} from '../options.js'

export interface WatchFlags extends TalkOptions, FeedFlags {
  output?: string[]
  rotate?: number
  webhook?: string[]
  mqttOut?: string[]
  kafkaOut?: string[]
  postgres?: string[]
  cot?: string[]
  state?: string
  store?: string
  keep?: number
  serve?: string
  preset?: string
  config?: string
  zones?: string[] | false
  ports?: string
  watchlist?: string[]
  reception?: string
  detections?: string[]
  detectionMap?: Record<string, string>
  mask?: string[]
  bbox?: Box
  only?: EventType[]
  minScore?: number
}

export function watchCommand(): Command {
  const watch = new Command('watch').description(
    'Watch live AIS feeds and tell of gaps, false positions and loitering while they last.',
  )
  const command = withFeeds(watch)
    .option(
      '-o, --output <file>',
      'event log, NDJSON; - is stdout (the default); repeat for several',
      repeated,
    )
    .option('--rotate <size>', 'put the event log aside at this size (default: 256M)', bytes)
    .option('--webhook <url>', 'POST each event as a CloudEvent; token in DARKWAKE_WEBHOOK_TOKEN', repeated)
    .option('--mqtt-out <url>', 'publish to darkwake/TYPE/MMSI', repeated)
    .option(
      '--kafka-out <host:port,…[/topic]>',
      'to Kafka, keyed by event (default: /darkwake-events)',
      repeated,
    )
    .option('--postgres <url>', 'PostgreSQL, with PostGIS or without', repeated)
    .option('--cot <host:port>', 'Cursor-on-Target over UDP', repeated)
    .option('--state <dir>', 'checkpoints and queues: what a restart goes on from')
    .option('--store <file>', 'into a database too, with tracks and vessels: what the console shows')
    .option('--keep <days>', 'days that the store keeps (default: all)', numberIn(0.01, 36_500))
    .option(
      '--serve <[addr:]port>',
      'health, readiness, metrics, and the console with --store; beyond loopback with DARKWAKE_TOKEN',
    )
    .option('--preset <name>', `a named configuration: ${Object.keys(presets).join(', ')}`)
    .option('--config <file>', 'thresholds, JSON or YAML (darkwake schema config)')
    .option('--zones <file>', 'GeoJSON, TopoJSON or shapefile; repeat for several', repeated)
    .option('--no-zones', 'no zones at all')
    .option('--ports <file>', 'ports and anchorages, CSV')
    .option(
      '--watchlist <file>',
      'vessels to watch or to leave out, registers, CSV; repeat for several',
      repeated,
    )
    .option('--reception <file>', 'what is known of reception, to start with: --reception-out of detect')
    .option(
      '--detections <path>',
      'satellite detections as they come: a folder, or a file that is replaced; repeat for several',
      repeated,
    )
    .option('--detection-map <field=column,…>', 'their columns where no alias covers them', columnMap)
    .option('--mask <file>', 'what is fixed at sea, GeoJSON or CSV; repeat for several', repeated)
    .option('--bbox <w,s,e,n>', 'only events that start or end in this box, degrees', box)
    .option('--only <types>', `only these events: ${EVENT_TYPES.join(', ')}`, listOf(EVENT_TYPES))
    .option('--min-score <n>', 'only events with at least this score, 0 to 1', numberIn(0, 1))
    .addHelpText(
      'after',
      '\nSIGTERM: checkpoint and leave. SIGHUP: read zones, ports, watchlists and thresholds again. docs/live.md.',
    )
  return withTalk(command).action(async (flags: WatchFlags) => {
    const { runWatch } = await import('../watching.js')
    process.exitCode = await runWatch(flags)
  })
}
