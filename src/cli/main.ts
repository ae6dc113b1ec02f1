#!/usr/bin/env node
// darkwake on the command line: finds the command, turns every failure into one line and the right exit code.
// 0 done, 1 failed while running, 2 wrong usage or configuration, 3 no input recognised, 130 interrupted.

import { Command, CommanderError } from 'commander'
import { decodeCommand } from './commands/decode.js'
import { demoCommand } from './commands/demo.js'
import { detectCommand } from './commands/detect.js'
import { ingestCommand } from './commands/ingest.js'
import { inspectCommand } from './commands/inspect.js'
import { matchCommand } from './commands/match.js'
import { operatorCommand } from './commands/operator.js'
import { rankCommand } from './commands/rank.js'
import { reportCommand } from './commands/report.js'
import { schemaCommand } from './commands/schema.js'
import { serveCommand } from './commands/serve.js'
import { simulateCommand } from './commands/simulate.js'
import { watchCommand } from './commands/watch.js'
import { workerCommand } from './commands/worker.js'
import { zonesCommand } from './commands/zones.js'
import { exitCodeOf, EXIT, oneLine, systemError } from './exit.js'
import { version } from './version.js'

const program = new Command('darkwake')
  .description('Reads AIS and finds dark ships: gaps, false positions and loitering, by EEZ, with reasons.')
  .version(version(), '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print help')
  .helpCommand('help [command]', 'print help for a command')
  .addHelpText('after', '\nstdout carries data only; progress, summary and logs go to stderr.')

for (const command of [
  detectCommand(),
  watchCommand(),
  matchCommand(),
  rankCommand(),
  reportCommand(),
  serveCommand(),
  decodeCommand(),
  inspectCommand(),
  zonesCommand(),
  simulateCommand(),
  demoCommand(),
  schemaCommand(),
  operatorCommand(),
  ingestCommand(),
  workerCommand(),
]) {
  program.addCommand(command)
}
strict(program)

/** Commander's own errors leave as ours: one line, exit code 2. */
function strict(command: Command): void {
  command.exitOverride()
  command.configureOutput({ outputError: () => undefined })
  command.showSuggestionAfterError()
  for (const sub of command.commands) strict(sub)
}

/** The name of the innermost command that the words name: `zones at`. */
function named(words: string[]): string {
  const path: string[] = []
  let command: Command | undefined = program
  for (const word of words) {
    command = command.commands.find(sub => sub.name() === word)
    if (!command) break
    path.push(word)
  }
  return path.join(' ')
}

// a closed pipe is the reader's way of saying "enough"; detect watches over its own stdout
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || process.stdout.listenerCount('error') > 1) return
  process.stderr.write(`darkwake: output: stdout: ${systemError(error)}\n`)
  process.exitCode = EXIT.failed
})
process.stderr.on('error', () => undefined)

const words = process.argv.slice(2)
try {
  if (words.length === 0) {
    process.stderr.write(program.helpInformation())
    process.exitCode = EXIT.usage
  } else {
    await program.parseAsync(words, { from: 'user' })
  }
} catch (error) {
  const where = named(words)
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`darkwake: ${oneLine(error, where)}\n`)
    process.exitCode = exitCodeOf(error)
  } else if (error.exitCode === 0 || error.code === 'commander.help') {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
  } else {
    const help = ['darkwake', where, '--help'].filter(Boolean).join(' ')
    process.stderr.write(`darkwake: usage: ${where ? `${where}: ` : ''}${oneLine(error)} (see ${help})\n`)
    process.exitCode = EXIT.usage
  }
}
