// darkwake report EVENTS…: events in, one file to look at, to print or to paste. This file says what can be asked; reporting.ts does it.

import { Command, Option } from 'commander'
import { columnMap, integerIn, numberIn, repeated, time, withTalk, type TalkOptions } from '../options.js'

const FORMATS = ['html', 'md', 'tasking'] as const

export interface ReportFlags extends TalkOptions {
  output?: string[]
  format?: (typeof FORMATS)[number]
  force?: boolean
  ais?: string[]
  zones?: string[]
  stats?: string
  top?: number
  minScore?: number
  event?: string[]
  title?: string
  inputFormat?: string
  map?: Record<string, string>
  timeStart?: number
}

export function reportCommand(): Command {
  const command = new Command('report')
    .description(
      'One self-contained file from events: summary, map, timeline, candidates with their evidence.',
    )
    .argument('<events...>', 'NDJSON of detect or watch, plain, .gz or .zst, or a store; - is stdin')
    .option(
      '-o, --output <file>',
      'write here, format by ending (.html, .md, .geojson); repeat for several (default: stdout)',
      repeated,
    )
    .addOption(
      new Option('--format <format>', 'format of stdout and of files whose ending says nothing').choices(
        FORMATS,
      ),
    )
    .option('--force', 'overwrite outputs that exist')
    .option(
      '--ais <file>',
      'AIS that the events were found in, for tracks and who else was heard; repeat',
      repeated,
    )
    .option('--zones <file>', 'boundaries to draw; repeat (default: approximate EEZs)', repeated)
    .option('--stats <file>', 'books of the run, as detect --stats wrote them')
    .option('--top <n>', 'candidates that get a card', integerIn(0, 10_000))
    .option('--min-score <n>', 'only candidates with at least this score, 0 to 1', numberIn(0, 1))
    .option('--event <id>', 'cards of these events alone; repeat', repeated)
    .option('--title <text>', 'above the report')
    .option('--input-format <name>', 'take --ais as this format instead of finding out')
    .option('--map <field=column,…>', 'columns of --ais whose names no alias covers', columnMap)
    .option('--time-start <iso>', 'time of NMEA in --ais that carries none', time)
  return withTalk(command).action(async (files: string[], flags: ReportFlags) => {
    const { runReport } = await import('../reporting.js')
    process.exitCode = await runReport(files, flags)
  })
}
