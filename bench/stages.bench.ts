// What each detector costs: the engine's time for a report with every detector, less its time without that one; and what is
// left without any. A simulated North Sea day in its second half, when every vessel and place is known. A process for each
// run, since the compiler remembers what ran before; all of them in turn, ROUNDS times, medians of what differs in a round.

import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEngine } from '../src/engine/engine.js'
import { DETECTORS } from '../src/model/config.js'
import { createSourceCounts } from '../src/model/stats.js'
import { createWords } from '../src/model/words.js'
import { createSorter } from '../src/run/spill.js'
import { simulate } from '../src/simulate/fleet.js'
import { scenarioNamed } from '../src/simulate/scenarios.js'
import { writeCsv } from '../src/simulate/write.js'
import { openFiles, recognise } from '../src/sources/open.js'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'
import { loadCoast } from '../src/zones/coast.js'
import { buildZoneIndex } from '../src/zones/index.js'
import { median, say, threadCpuNs } from './figures.js'

const VESSELS = Number(process.env.VESSELS ?? 1200)
const ROUNDS = Number(process.env.ROUNDS ?? 3)
const IN_MEMORY = 2 ** 31

/** @returns the engine's CPU time of this thread for a report of the second half, ns */
async function run(path: string, without: string[]): Promise<number> {
  const words = createWords()
  const sorter = createSorter({ words, maxMemoryBytes: IN_MEMORY })
  const input = await recognise(openFiles([path])[0]!)
  await input.read({
    ...{ words, name: path, counts: createSourceCounts() },
    freshBatch: () => sorter.window(),
    onBatch: batch => sorter.add(batch),
  })
  let events = 0
  const engine = createEngine({
    ...{ words, zones: buildZoneIndex(loadApproximateEez()), coast: loadCoast() },
    config: { engine: { reorderWindowS: 0 }, without: without as (typeof DETECTORS)[number][] },
    onEvent: () => events++,
  })
  const half = sorter.rows / 2
  let seen = 0
  let measured = 0
  let before = 0
  for (const { batch, order } of sorter.sorted()) {
    const rows = order ?? Uint32Array.from({ length: batch.length }, (_, i) => i)
    for (let from = 0; from < rows.length; from += 4096) {
      const some = rows.subarray(from, from + 4096)
      if (seen < half) before = threadCpuNs()
      else measured += some.length
      engine.pushBatch(batch, some)
      seen += some.length
    }
  }
  const spent = threadCpuNs() - before
  sorter.dispose()
  if (without.length === 0 && events === 0) throw new Error('stages: nothing was found')
  return spent / measured
}

function inOwnProcess(path: string, without: readonly string[]): number {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), path, without.join(',')],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`stages: ${stderr}`)
  return Number(stdout)
}

if (process.argv[2]) {
  const without = (process.argv[3] ?? '').split(',').filter(name => name !== '')
  console.log(await run(process.argv[2], without))
} else {
  const dir = mkdtempSync(join(tmpdir(), 'darkwake-bench-'))
  try {
    const path = join(dir, 'day.csv')
    const fd = openSync(path, 'w')
    writeCsv(simulate(scenarioNamed('north-sea'), { vessels: VESSELS }), piece => void writeSync(fd, piece))
    closeSync(fd)
    const all: number[] = []
    const none: number[] = []
    const costs = new Map<string, number[]>(DETECTORS.map(name => [name, []]))
    for (let round = 0; round < ROUNDS; round++) {
      const whole = inOwnProcess(path, [])
      all.push(whole)
      none.push(inOwnProcess(path, DETECTORS))
      for (const name of DETECTORS) costs.get(name)!.push(whole - inOwnProcess(path, [name]))
    }
    console.log(`\nthe engine's time for a report, ${VESSELS} vessels on the North Sea, ${ROUNDS} rounds`)
    say('engine, a report, every detector', median(all), 'ns')
    say('engine, a report, no detector', median(none), 'ns')
    for (const [name, spent] of costs)
      say(
        `engine, a report, ${name}`,
        median(spent),
        'ns',
        `${Math.round((100 * median(spent)) / median(all))} %`,
      )
  } finally {
    rmSync(dir, { recursive: true })
  }
}
