// darkwake rank EVENTS…: events in, candidate dark ships out. This file says what can be asked; ranking.ts does it.

import { Command, Option } from 'commander'
import { integerIn, numberIn, repeated, withTalk, type TalkOptions } from '../options.js'

export const RANK_FORMATS = ['table', 'ndjson', 'csv'] as const
export type RankFormat = (typeof RANK_FORMATS)[number]

export interface RankFlags extends TalkOptions {
  output?: string[]
  format?: RankFormat
  force?: boolean
  top?: number
  minScore?: number
  explain?: boolean
}

export function rankCommand(): Command {
  const command = new Command('rank')
    .description('Fold events into candidate dark ships, most suspicious first, with what they did and why.')
    .argument('<events...>', 'NDJSON of detect or watch, plain, .gz or .zst, or a store; - is stdin')
    .option(
      '-o, --output <file>',
      'write here, format by ending; repeat for several (default: stdout)',
      repeated,
    )
    .addOption(
      new Option('--format <format>', 'format of stdout and of files whose ending says nothing').choices(
        RANK_FORMATS,
      ),
    )
    .option('--force', 'overwrite outputs that exist')
    .option('--top <n>', 'only the first so many', integerIn(1, 1e9))
    .option('--min-score <n>', 'only candidates with at least this score, 0 to 1', numberIn(0, 1))
    .option('--explain', 'an account of each instead of a table: its story, its score and every reason')
  return withTalk(command).action(async (files: string[], flags: RankFlags) => {
    const { runRank } = await import('../ranking.js')
    process.exitCode = await runRank(files, flags)
  })
}
