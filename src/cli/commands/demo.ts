// darkwake demo: a simulated day on the North Sea, the main job on the file it writes, and the result beside what
// really happened. Nothing in it knows the answers: the truth is read only after the events are there.

import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { OutputError } from '../../model/errors.js'
import { isVesselEvent, type VesselEvent } from '../../model/event.js'
import { inThousands } from '../numbers.js'
import { integerIn } from '../options.js'

interface DemoFlags {
  out: string
  seed?: number
  force?: boolean
  quiet?: boolean
}

export function demoCommand(): Command {
  return new Command('demo')
    .description('Simulate a day on the North Sea, detect on it, and print what was found beside the truth.')
    .option('--out <file>', 'where the events go, GeoJSON', 'events.geojson')
    .option('--seed <n>', 'another day of the same kind', integerIn(0, 2 ** 32 - 1))
    .option('--force', 'overwrite the file of an earlier demo')
    .option('-q, --quiet', 'say nothing on stderr but errors')
    .action(demoAction)
}

async function demoAction({ out, seed, force, quiet }: DemoFlags): Promise<void> {
  if (!force && existsSync(out)) throw new OutputError(`${out}: exists already (--force overwrites it)`)
  const say = (line: string) => {
    if (!quiet) process.stderr.write(`${line}\n`)
  }
  const [{ openFile, scenarioNamed, scoreAgainstTruth, simulate, writeNmea }, { runDetect }, { asText }] =
    await Promise.all([import('../../index.js'), import('../detecting.js'), import('../demo-result.js')])
  const folder = await mkdtemp(join(tmpdir(), 'darkwake-demo-'))
  try {
    const simulation = simulate(scenarioNamed('north-sea'), seed === undefined ? {} : { seed })
    const file = join(folder, 'north-sea.nmea')
    say(`simulating ${simulation.scenario.title}: ${inThousands(simulation.ships.length)} ships`)
    const output = openFile(file)
    writeNmea(simulation, text => output.write(text))
    output.close()

    const events: VesselEvent[] = []
    const { exitCode, stats } = await runDetect(
      [file],
      { output: [out], format: 'geojson', force: force ?? false, quiet: quiet ?? false },
      event => {
        if (isVesselEvent(event)) events.push(event)
      },
    )
    process.exitCode = exitCode
    if (exitCode !== 0) return
    process.stdout.write(
      `${asText(scoreAgainstTruth(events, simulation.truth), stats, process.stdout.columns ?? 160)}\n`,
    )
    say(`events written to ${out}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
