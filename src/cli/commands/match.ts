// darkwake match: satellite detections held against recorded AIS. Which are whom, which are nobody that AIS knows, whose silence
// explains them, and who should have been seen and was not.

import { Command } from 'commander'
import { columnMap, repeated, withTalk } from '../options.js'
import { checkSpan, withRun, type RunFlags } from '../run-options.js'

export interface MatchFlags extends RunFlags {
  detections: string[]
  detectionMap?: Record<string, string>
  mask?: string[]
}

export function matchCommand(): Command {
  const command = new Command('match')
    .description(
      'Hold satellite detections (SAR, optical, VIIRS, RF) against recorded AIS: what no track explains.',
    )
    .requiredOption('--detections <file>', 'CSV, GeoJSON or JSON, plain or .gz; repeat for several', repeated)
    .option(
      '--detection-map <field=column,…>',
      'their columns where no alias covers them: t, lat, lon, id, …',
      columnMap,
    )
    .option('--mask <file>', 'what is fixed at sea, GeoJSON or CSV; repeat for several', repeated)
    .addHelpText('after', '\nWithout --only just the events are told that pictures tell of.')
  return withTalk(withRun(command)).action(async (files: string[], flags: MatchFlags) => {
    checkSpan('match', flags)
    const { runMatch } = await import('../matching.js')
    process.exitCode = await runMatch(files, flags)
  })
}
