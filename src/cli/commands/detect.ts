// darkwake detect FILE…: recorded AIS in, events out. This file says what can be asked; detecting.ts does it.

import { Command } from 'commander'
import { integerIn, repeated, withTalk } from '../options.js'
import { checkSpan, withRun, type RunFlags } from '../run-options.js'

export interface DetectFlags extends RunFlags {
  receptionOut?: string
  anchoragesOut?: string
  passes?: 1 | 2
  lessons?: string[]
  lessonsOut?: string
}

export function detectCommand(): Command {
  const command = withRun(
    new Command('detect').description(
      'Find gaps, false positions, loitering and zone crossings in recorded AIS files.',
    ),
  )
    .option('--reception-out <file>', 'write what was learned of reception, .csv or .geojson')
    .option('--anchorages-out <file>', 'write the anchorages that were learned, CSV as --ports reads it')
    .option(
      '--passes <n>',
      '2: learn first, then judge each vessel by itself, as many machines do (default: 1)',
      integerIn(1, 2),
    )
    .option(
      '--lessons <file>',
      'of two passes: what was learned before, instead of the first; repeat for several',
      repeated,
    )
    .option('--lessons-out <file>', 'of two passes: keep what the first one learned')
  return withTalk(command).action(async (files: string[], flags: DetectFlags) => {
    checkSpan('detect', flags)
    const { runDetect } = await import('../detecting.js')
    process.exitCode = (await runDetect(files, flags)).exitCode
  })
}
