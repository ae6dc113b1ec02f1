// darkwake worker: one of those that share the detection by way of NATS JetStream. docs/scale.md.

import { Command } from 'commander'
import { integerIn, withTalk, type TalkOptions } from '../options.js'
import { withRules, type RuleFlags } from '../run-options.js'

export interface WorkerFlags extends TalkOptions, RuleFlags {
  nats: string
  prefix?: string
  tasks: number
  metrics?: string
}

export function workerCommand(): Command {
  const command = new Command('worker')
    .description(
      'Detect together with other workers, by way of NATS JetStream, until the data end or Ctrl-C.',
    )
    .requiredOption('--nats <servers>', 'servers of NATS, host:port, separated by commas')
    .option('--prefix <name>', 'of streams and subjects (default: darkwake)')
    .option('--tasks <n>', 'parts of the fleet at a time, at most', integerIn(1, 1024), 8)
    .option('--metrics <[addr:]port>', 'health and metrics; beyond loopback with DARKWAKE_TOKEN')
    .addHelpText('after', '\nAll workers must be given the same thresholds, zones, ports and lists.')
  return withTalk(withRules(command)).action(async (flags: WorkerFlags) => {
    const { runWork } = await import('../sharing.js')
    process.exitCode = await runWork(flags)
  })
}
