// darkwake serve STORE: the console and the API on recorded results. This file says what can be asked; serving.ts does it.

import { Command } from 'commander'
import { withTalk, type TalkOptions } from '../options.js'

export interface ServeFlags extends TalkOptions {
  listen: string
}

export const DEFAULT_LISTEN = '127.0.0.1:8420'

export function serveCommand(): Command {
  const command = new Command('serve')
    .alias('console')
    .description(
      'Show events on a map in a browser: the console and the API on a store, or on events of detect.',
    )
    .argument('<file>', 'a store of detect --store or watch --store, or events as NDJSON')
    .option('--listen <[addr:]port>', 'beyond loopback with DARKWAKE_TOKEN', DEFAULT_LISTEN)
  return withTalk(command).action(async (file: string, flags: ServeFlags) => {
    const { runServe } = await import('../serving.js')
    process.exitCode = await runServe(file, flags)
  })
}
