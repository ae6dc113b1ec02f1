// darkwake ingest: reports, recorded or live, into NATS JetStream, for workers that share the detection. docs/scale.md.

import { Command } from 'commander'
import { withFeeds, type FeedFlags } from '../feed-options.js'
import { bytes, columnMap, integerIn, time, withTalk, type TalkOptions } from '../options.js'

export interface IngestFlags extends TalkOptions, FeedFlags {
  nats: string
  prefix?: string
  parts: number
  replicas: number
  inputFormat?: string
  map?: Record<string, string>
  timeStart?: number
  maxMemory?: number
  state?: string
  metrics?: string
}

export function ingestCommand(): Command {
  const command = new Command('ingest')
    .description('Put AIS, recorded or live, into NATS JetStream, for workers that share the detection.')
    .argument(
      '[files...]',
      'AIS: any mix of CSV, NMEA and JSON lines, plain or .gz .zip .zst; - is stdin. Or live feeds, by the options below',
    )
    .requiredOption('--nats <servers>', 'servers of NATS, host:port, separated by commas')
    .option('--prefix <name>', 'of streams and subjects (default: darkwake)')
    .option('--parts <n>', 'parts of the fleet', integerIn(1, 1024), 8)
    .option('--replicas <n>', 'servers that hold each message', integerIn(1, 5), 1)
    .option('--input-format <name>', 'take every AIS input as this format instead of finding out')
    .option('--map <field=column,…>', 'columns of an AIS CSV whose names no alias covers', columnMap)
    .option('--time-start <iso>', 'time of NMEA that carries none', time)
    .option('--max-memory <size>', 'memory for sorting before it spills to disk, as 512M or 2G', bytes)
  withFeeds(command)
    .option(
      '--state <dir>',
      'of live feeds: checkpoints and what came since, so that nothing is lost by a kill',
    )
    .option(
      '--metrics <[addr:]port>',
      'of live feeds: health and metrics; beyond loopback with DARKWAKE_TOKEN',
    )
  return withTalk(command).action(async (files: string[], flags: IngestFlags) => {
    const { runIngest } = await import('../sharing.js')
    process.exitCode = await runIngest(files, flags)
  })
}
