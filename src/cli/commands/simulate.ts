// darkwake simulate SCENARIO: AIS traffic with known dark ships, and what really happened beside it. Equal arguments
// give equal bytes, on any machine.

import { Command, Option } from 'commander'
import type { FileOutputOptions, Output } from '../../index.js'
import { UsageError } from '../../model/errors.js'
import { inThousands } from '../numbers.js'
import { integerIn, numberIn } from '../options.js'

interface SimulateOptions {
  list?: boolean
  output?: string
  format?: 'nmea' | 'csv'
  truth?: string
  seed?: number
  hours?: number
  vessels?: number
  force?: boolean
  quiet?: boolean
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Write AIS traffic with known dark ships, and the truth beside it.')
    .argument('[scenario]', 'name of a scenario; --list names them')
    .option('--list', 'list the scenarios')
    .option('-o, --output <file>', 'where the traffic goes; - is stdout')
    .addOption(
      new Option('--format <format>', 'default: csv for a file that ends so, else nmea').choices([
        'nmea',
        'csv',
      ]),
    )
    .option('--truth <file>', 'what really happened, NDJSON')
    .option('--seed <n>', 'another day of the same kind', integerIn(0, 2 ** 32 - 1))
    .option('--hours <h>', 'length', numberIn(0.1, 24 * 366, 'hours'))
    .option('--vessels <n>', 'ships altogether', integerIn(1, 1_000_000))
    .option('--force', 'overwrite files that exist')
    .option('-q, --quiet', 'say nothing on stderr but errors')
    .action(simulateAction)
}

async function simulateAction(name: string | undefined, options: SimulateOptions): Promise<void> {
  const darkwake = await import('../../index.js')
  if (options.list) {
    for (const { name, title, hours } of darkwake.scenarios)
      process.stdout.write(`${name}\t${hours} h\t${title}\n`)
    return
  }
  if (name === undefined)
    throw new UsageError('simulate: name a scenario; darkwake simulate --list names them')
  const { output, truth, seed, hours, vessels, force } = options
  const scenario = darkwake.scenarioNamed(name)
  if (output === undefined)
    throw new UsageError('simulate: say where the traffic goes: -o FILE, or -o - for stdout')

  const simulation = darkwake.simulate(scenario, {
    ...(seed !== undefined && { seed }),
    ...(hours !== undefined && { hours }),
    ...(vessels !== undefined && { vessels }),
  })
  const format = options.format ?? (/\.csv$/i.test(output) ? 'csv' : 'nmea')
  const text = format === 'csv' ? darkwake.csvText : darkwake.nmeaText
  const whole = await toFile(darkwake.openOutput, output, force, text(simulation))
  if (truth) await toFile(darkwake.openOutput, truth, force, darkwake.truthText(simulation.truth))
  if (!whole) return
  if (options.quiet) return
  const told = simulation.truth.filter(({ type }) => type !== 'innocent').length
  process.stderr.write(
    `${scenario.name}: ${inThousands(simulation.ships.length)} ships, ${told} things to find, ` +
      `${simulation.truth.length - told} innocent look-alikes, seed ${simulation.seed}\n`,
  )
}

type OpenOutput = (target: string, options: FileOutputOptions) => Output

/**
 * Writes a text that is worked out as it goes into a file that takes its name when it is whole.
 * @returns false when the reader of stdout went away before the end
 */
async function toFile(
  openOutput: OpenOutput,
  path: string,
  force: boolean | undefined,
  pieces: Iterable<string>,
): Promise<boolean> {
  const output = openOutput(path, { force })
  try {
    for (const piece of pieces) {
      output.write(piece)
      await output.drained()
      if (output.gone) break
    }
    output.close()
    return !output.gone
  } catch (error) {
    output.abort()
    throw error
  }
}
