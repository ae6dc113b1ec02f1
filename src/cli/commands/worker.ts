// darkwake worker: one of those that share the detection by way of NATS JetStream. docs/scale.md.

import { Command } from 'commander'
import { presets } from '../../model/presets.js'
import { integerIn, repeated, withTalk, type TalkOptions } from '../options.js'

export interface WorkerFlags extends TalkOptions {
  nats: string
  prefix?: string
  tasks: number
  preset?: string
  config?: string
  zones?: string[] | false
  ports?: string
  watchlist?: string[]
}

export function workerCommand(): Command {
  const command = new Command('worker')
    .description(
      'Detect together with other workers, by way of NATS JetStream, until the data end or Ctrl-C.',
    )
    .requiredOption('--nats <servers>', 'servers of NATS, host:port, separated by commas')
    .option('--prefix <name>', 'of streams and subjects (default: darkwake)')
    .option('--tasks <n>', 'parts of the fleet at a time, at most', integerIn(1, 1024), 8)
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
    .addHelpText('after', '\nAll workers must be given the same thresholds, zones, ports and lists.')
  return withTalk(command).action(async (flags: WorkerFlags) => {
    const { runWork } = await import('../sharing.js')
    process.exitCode = await runWork(flags)
  })
}
