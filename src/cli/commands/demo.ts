// darkwake demo: a simulated day on the North Sea, the main job on the file it writes, and the result beside what
// really happened. Nothing in it knows the answers: the truth is read only after the events are there.

import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
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
  const store = (await hasDatabase()) ? storeBeside(out) : undefined
  for (const path of [out, ...(store === undefined ? [] : [store])])
    if (!force && existsSync(path)) throw new OutputError(`${path}: exists already (--force overwrites it)`)
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

    if (store !== undefined) for (const path of [store, `${store}.wal`]) await rm(path, { force: true })
    const events: VesselEvent[] = []
    const { exitCode, stats } = await runDetect(
      [file],
      {
        output: [out],
        format: 'geojson',
        force: force ?? false,
        quiet: quiet ?? false,
        ...(store !== undefined && { store }),
      },
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
    say(
      store === undefined
        ? 'to see them on a map in a browser: npm install @duckdb/node-api, then the demo again'
        : `to see them on a map in a browser: ${program()} serve ${store}`,
    )
    if (store !== undefined) say(`as a report: ${program()} report ${store} -o report.html`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The database library is optional: without it the demo is what it was. */
const hasDatabase = (): Promise<boolean> =>
  import('@duckdb/node-api').then(
    () => true,
    () => false,
  )

const storeBeside = (out: string): string => `${out.replace(/\.[^./\\]*$/, '')}.duckdb`

/** How this very program is called again from here. */
function program(): string {
  const path = relative(process.cwd(), process.argv[1] ?? '')
  const isHere = path.endsWith('.js') && !path.startsWith('..') && !path.includes('node_modules')
  return isHere ? `node ${path}` : 'npx darkwake'
}
