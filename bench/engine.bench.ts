// The engine alone: columns in memory to events, every default detector on, the shipped zones loaded. What bytes cost
// before that is csv.bench and nmea.bench; the whole process is detect.bench.

import { createEngine } from '../src/engine/engine.js'
import type { ReportBatch } from '../src/model/batch.js'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'
import { loadCoast } from '../src/zones/coast.js'
import { buildZoneIndex } from '../src/zones/index.js'
import { fleetBatches } from './fleet.js'

const REPORTS = 1_000_000
const VESSELS = 10_000
const RUNS = 5

const zones = buildZoneIndex(loadApproximateEez())
const coast = loadCoast()

function time(name: string, batches: ReportBatch[], options: { zones?: typeof zones }): void {
  const times: number[] = []
  let events = 0
  for (let run = 0; run <= RUNS; run++) {
    events = 0
    const engine = createEngine({
      ...options,
      coast,
      words: batches[0]!.words,
      config: { engine: { reorderWindowS: 0 } },
      onEvent: () => events++,
    })
    const start = performance.now()
    for (const batch of batches) engine.pushBatch(batch)
    engine.flush()
    if (run > 0) times.push(performance.now() - start) // the first run warms up
  }
  times.sort((a, b) => a - b)
  const median = times[RUNS >> 1]!
  const rate = (ms: number) => `${(REPORTS / ms / 1000).toFixed(2)} M reports/s`
  console.log(`${name.padEnd(28)} median ${rate(median)}, best ${rate(times[0]!)}, ${events} events`)
}

const batches = [...fleetBatches(VESSELS, REPORTS, 1)]
for (const batch of batches) batch.validated = true
console.log(`engine: ${REPORTS} reports of ${VESSELS} vessels, Node ${process.version}`)
time('all detectors, no zones', batches, {})
time('all detectors, world zones', batches, { zones })
