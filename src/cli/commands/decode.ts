// darkwake decode FILE…: NMEA in, messages out, every type of them. This file says what can be asked; decoding.ts does it.

import { Command, InvalidArgumentError, Option } from 'commander'
import { MESSAGE_NAMES } from '../message-names.js'
import { repeated, time, withTalk, type TalkOptions } from '../options.js'

const FORMATS = ['ndjson', 'csv', 'parquet', 'gpsd'] as const

export interface DecodeFlags extends TalkOptions {
  output?: string[]
  format?: (typeof FORMATS)[number]
  force?: boolean
  fields?: string[]
  types?: number[]
  raw?: boolean
  timeStart?: number
  rejects?: string
}

export function decodeCommand(): Command {
  const command = new Command('decode')
    .description(
      'Decode NMEA to JSON lines, CSV or Parquet: every AIS message type, time and station on every line.',
    )
    .argument('<files...>', 'NMEA with or without TAG blocks, plain or .gz .zip .zst; - is stdin')
    .option(
      '-o, --output <file>',
      'write messages here, format by ending; repeat for several (default: stdout)',
      repeated,
    )
    .addOption(
      new Option(
        '--format <format>',
        'of stdout and of files whose ending says nothing; gpsd: the JSON of gpsdecode',
      ).choices(FORMATS),
    )
    .option('--force', 'overwrite outputs that exist')
    .option('--fields <a,b,c>', 'only these fields, in this order', words)
    .option('--types <1,5,24>', 'only these message types', messageTypes)
    .addOption(new Option('--scaled', 'degrees, knots, words for codes (default)').conflicts('raw'))
    .option('--raw', "the wire's integers")
    .option('--time-start <iso>', 'time of messages before the first that the log tells', time)
    .option('--rejects <file>', 'sentences that were refused, NDJSON: reason, source, line, raw')
  return withTalk(command).action(async (files: string[], flags: DecodeFlags) => {
    const { runDecode } = await import('../decoding.js')
    process.exitCode = await runDecode(files, flags)
  })
}

function words(text: string, earlier: string[] = []): string[] {
  const names = text.split(',').map(name => name.trim())
  if (names.includes(''))
    throw new InvalidArgumentError('Expected names with commas between, such as mmsi,lat,lon.')
  return [...earlier, ...names]
}

function messageTypes(text: string, earlier: number[] = []): number[] {
  const types = text.split(',').map(type => (/^\s*\d+\s*$/.test(type) ? Number(type) : NaN))
  if (!types.every(type => type > 0 && Object.hasOwn(MESSAGE_NAMES, type)))
    throw new InvalidArgumentError('Expected message types from 1 to 28, such as 1,2,3,5.')
  return [...earlier, ...types]
}
