// The main job, from the bytes of a file to events: reading, order, every default detector, the zones of the world.
// The traffic is a simulated North Sea day. Each pass is a process of its own, as a run of the command is: the compiler's
// work, the zones and the memory are in it, and only the loading of the program is not.

import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { detect } from '../src/run/detect.js'
import { simulate } from '../src/simulate/fleet.js'
import { scenarioNamed } from '../src/simulate/scenarios.js'
import { writeCsv, writeNmea } from '../src/simulate/write.js'
import { openFiles } from '../src/sources/open.js'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'
import { loadCoast } from '../src/zones/coast.js'
import { buildZoneIndex } from '../src/zones/index.js'
import { digits, median, say } from './figures.js'

const VESSELS = Number(process.env.VESSELS ?? 4800)
const PASSES = Number(process.env.PASSES ?? 5)

interface Pass {
  rows: number
  events: number
  wallMs: number
  /** Of all threads: the compiler and the collector have their own. */
  cpuMs: number
  rssMb: number
}

async function pass(path: string, workers: number): Promise<Pass> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const run = detect(openFiles([path]), {
    zones: buildZoneIndex(loadApproximateEez()),
    coast: loadCoast(),
    workers,
  })
  let events = 0
  for await (const event of run) if (event.score > 0) events++
  const { user, system } = process.cpuUsage(cpu)
  return {
    ...{ rows: run.stats().read, events, wallMs: performance.now() - start, cpuMs: (user + system) / 1000 },
    rssMb: process.resourceUsage().maxRSS / 1024,
  }
}

function inOwnProcess(path: string, workers: number): Pass {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), path, String(workers)],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`detect: ${stderr}`)
  const result = JSON.parse(stdout) as Pass
  if (!(result.events > 0)) throw new Error('detect: nothing was found')
  return result
}

function bench(name: string, unit: string, path: string): void {
  inOwnProcess(path, 1) // the file is in the system's cache from here on
  const mb = `${(statSync(path).size / 1e6).toFixed(0)} MB`
  const walls = ([1, 2] as const).map(workers => {
    const passes = Array.from({ length: PASSES }, () => inOwnProcess(path, workers))
    const { rows } = passes[0]!
    const rate = (ms: number): number => rows / ms / 1000
    const wall = passes.map(pass => pass.wallMs)
    const cpu = median(passes.map(pass => pass.cpuMs))
    const what = `detect, ${name} of ${VESSELS} vessels, ${workers === 1 ? 'one thread' : 'two threads'}`
    say(
      what,
      rate(median(wall)),
      `M ${unit}/s`,
      `best ${digits(rate(Math.min(...wall)))}, by CPU time of all threads ${digits(rate(cpu))}, ${rows} ${unit}, ${mb}`,
    )
    say(`${what}: peak RSS`, Math.max(...passes.map(p => p.rssMb)), 'MB')
    return median(wall)
  })
  say(`detect, ${name}: two threads against one`, walls[0]! / walls[1]!, 'times as fast')
}

if (process.argv[2]) console.log(JSON.stringify(await pass(process.argv[2], process.argv[3] === '2' ? 2 : 1)))
else {
  const dir = mkdtempSync(join(tmpdir(), 'darkwake-bench-'))
  const file = (name: string, write: (text: (piece: string) => void) => void): string => {
    const path = join(dir, name)
    const fd = openSync(path, 'w')
    write(piece => void writeSync(fd, piece))
    closeSync(fd)
    return path
  }
  try {
    const day = () => simulate(scenarioNamed('north-sea'), { vessels: VESSELS })
    console.log(`\ndetect, ${VESSELS} simulated vessels on the North Sea, one day, a process for each pass`)
    bench(
      'CSV',
      'rows',
      file('day.csv', write => writeCsv(day(), write)),
    )
    bench(
      'NMEA',
      'sentences',
      file('day.nmea', write => writeNmea(day(), write)),
    )
  } finally {
    rmSync(dir, { recursive: true })
  }
}
