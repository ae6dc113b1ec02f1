// Whether work grows as reports and vessels do: the engine's CPU time for a report, all detectors, zones of the world. A process for
// each run; what a start costs (the first tenth of each run) is left out, since a long run has no more of it than a short one.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createEngine } from '../src/engine/engine.js'
import { createWords } from '../src/model/words.js'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'
import { loadCoast } from '../src/zones/coast.js'
import { buildZoneIndex } from '../src/zones/index.js'
import { say } from './figures.js'
import { fleetFlow } from './fleet.js'

const MILLION = 1_000_000
const VESSELS = 10_000
const REPORTS = 10 * MILLION

interface Ran {
  ns: number
  rssMb: number
}

function run(vessels: number, reports: number): Ran {
  const words = createWords()
  let events = 0
  const engine = createEngine({
    ...{ words, zones: buildZoneIndex(loadApproximateEez()), coast: loadCoast() },
    config: { engine: { reorderWindowS: 0, capacity: 131_072 } },
    onEvent: () => events++,
  })
  let seen = 0
  let measured = 0
  let user = 0
  for (const batch of fleetFlow(vessels, reports, 1, 'native', words)) {
    const before = process.cpuUsage()
    engine.pushBatch(batch)
    engine.tidy()
    seen += batch.length
    if (seen < reports / 10) continue
    user += process.cpuUsage(before).user
    measured += batch.length
  }
  if (events === 0) throw new Error('linear: nothing was found')
  return { ns: (1000 * user) / measured, rssMb: process.resourceUsage().maxRSS / 1024 }
}

function inOwnProcess(vessels: number, reports: number): Ran {
  const args = [fileURLToPath(import.meta.url), String(vessels), String(reports)]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`linear: ${stderr}`)
  const { ns, rssMb } = JSON.parse(stdout) as Ran
  say(
    `engine, ${vessels} vessels, ${reports / MILLION} M reports, a report`,
    ns,
    'ns',
    `RSS ${rssMb.toFixed(0)} MB`,
  )
  return { ns, rssMb }
}

if (process.argv[2]) console.log(JSON.stringify(run(Number(process.argv[2]), Number(process.argv[3]))))
else {
  console.log('\ntime for a report as reports and vessels grow')
  const most = (runs: Ran[]): number =>
    Math.max(...runs.map(({ ns }) => ns)) / Math.min(...runs.map(({ ns }) => ns))
  const byReports = [1, 10, 100].map(millions => inOwnProcess(VESSELS, millions * MILLION))
  say('engine, 1 to 100 M reports: dearest against cheapest', most(byReports), 'times')
  const byVessels = [1000, 10_000, 100_000].map(vessels => inOwnProcess(vessels, REPORTS))
  say('engine, 1,000 to 100,000 vessels: dearest against cheapest', most(byVessels), 'times')
}
