// darkwake detect FILE…: recorded AIS in, events out. This file says what can be asked; detecting.ts does it.

import { Command } from 'commander'
import { withTalk } from '../options.js'
import { checkSpan, withRun, type RunFlags } from '../run-options.js'

export interface DetectFlags extends RunFlags {
  receptionOut?: string
  anchoragesOut?: string
}

export function detectCommand(): Command {
  const command = withRun(
    new Command('detect').description(
      'Find gaps, false positions, loitering and zone crossings in recorded AIS files.',
    ),
  )
    .option('--reception-out <file>', 'write what was learned of reception, .csv or .geojson')
    .option('--anchorages-out <file>', 'write the anchorages that were learned, CSV as --ports reads it')
  return withTalk(command).action(async (files: string[], flags: DetectFlags) => {
    checkSpan('detect', flags)
    const { runDetect } = await import('../detecting.js')
    process.exitCode = (await runDetect(files, flags)).exitCode
  })
}
