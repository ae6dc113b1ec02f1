// darkwake operator: one step of two passes as a filter, for a cluster that runs it on each part of the data. docs/scale.md.

import { Argument, Command } from 'commander'
import { bytes, columnMap, repeated, time, withTalk, type TalkOptions } from '../options.js'
import { withRules, type RuleFlags } from '../run-options.js'

export const STEPS = ['cut', 'learn', 'vessel', 'sea', 'tell'] as const
export type Step = (typeof STEPS)[number]

export interface OperatorFlags extends TalkOptions, RuleFlags {
  lessons?: string[]
  header?: string
  ranges?: boolean
  inputFormat?: string
  map?: Record<string, string>
  all?: boolean
  until?: number
  expectVersion?: string
  maxMemory?: number
}

export function operatorCommand(): Command {
  const command = new Command('operator')
    .description('One step of two passes, from stdin to stdout, on one part of the data: for clusters.')
    .addArgument(
      new Argument(
        '<step>',
        'cut: rows of a CSV to pieces of many rows, by vessel; learn: reports of some vessels to what they teach; vessel: the same reports to what was found and an extract; ' +
          'sea: the extract of all to what was found; tell: what was found by all to events',
      ).choices(STEPS),
    )
    .option(
      '--lessons <file>',
      'what all vessels teach: vessel, sea and tell need it; repeat for several',
      repeated,
    )
    .option('--header <line>', 'of cut, learn and vessel: the header that the rows of a CSV on stdin lack')
    .option(
      '--ranges',
      'of cut: lines on stdin name where to read rows: first byte, byte after the last, path, with tabs between',
    )
    .option('--input-format <name>', 'take the reports as this format instead of finding out')
    .option('--map <field=column,…>', 'columns of an AIS CSV whose names no alias covers', columnMap)
    .option('--all', 'of tell: every revision of every event')
    .option(
      '--until <iso>',
      'end a period here, a whole ten minutes, and not the data: the state goes out as lines, for the input of the next period',
      time,
    )
    .option('--expect-version <version>', 'end with an error where this is another darkwake')
    .option('--max-memory <size>', 'memory for sorting before it spills to disk, as 512M or 2G', bytes)
    .addHelpText('after', '\nEvery step must be given the same thresholds, zones, ports and lists.')
  return withTalk(withRules(command)).action(async (step: Step, flags: OperatorFlags) => {
    const { runOperator } = await import('../operating.js')
    process.exitCode = await runOperator(step, flags)
  })
}
