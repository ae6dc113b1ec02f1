// darkwake ingest: reports into NATS JetStream, for workers that share the detection. docs/scale.md.

import { Command } from 'commander'
import { bytes, columnMap, integerIn, time, withTalk, type TalkOptions } from '../options.js'

export interface IngestFlags extends TalkOptions {
  nats: string
  prefix?: string
  parts: number
  replicas: number
  inputFormat?: string
  map?: Record<string, string>
  timeStart?: number
  maxMemory?: number
}

export function ingestCommand(): Command {
  const command = new Command('ingest')
    .description('Put recorded AIS into NATS JetStream, for workers that share the detection.')
    .argument('<files...>', 'AIS: any mix of CSV, NMEA and JSON lines, plain or .gz .zip .zst; - is stdin')
    .requiredOption('--nats <servers>', 'servers of NATS, host:port, separated by commas')
    .option('--prefix <name>', 'of streams and subjects (default: darkwake)')
    .option('--parts <n>', 'parts of the fleet', integerIn(1, 1024), 8)
    .option('--replicas <n>', 'servers that hold each message', integerIn(1, 5), 1)
    .option('--input-format <name>', 'take every AIS input as this format instead of finding out')
    .option('--map <field=column,…>', 'columns of an AIS CSV whose names no alias covers', columnMap)
    .option('--time-start <iso>', 'time of NMEA that carries none', time)
    .option('--max-memory <size>', 'memory for sorting before it spills to disk, as 512M or 2G', bytes)
  return withTalk(command).action(async (files: string[], flags: IngestFlags) => {
    const { runIngest } = await import('../sharing.js')
    process.exitCode = await runIngest(files, flags)
  })
}
