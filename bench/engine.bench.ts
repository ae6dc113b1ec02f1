// The engine alone: columns in memory to events, every default detector on; a report a minute, as archives have them, and as
// often as ships send them. What bytes cost before that is csv.bench and nmea.bench; the whole way is detect.bench.

import { createEngine } from '../src/engine/engine.js'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'
import { loadCoast } from '../src/zones/coast.js'
import { buildZoneIndex, type ZoneIndex } from '../src/zones/index.js'
import { fleetBatches, type Cadence } from './fleet.js'
import { measure, type Work } from './measure.js'

const REPORTS = 1_000_000

const world = buildZoneIndex(loadApproximateEez())
const coast = loadCoast()
coast.shoreDistanceM(0, 0)
let sink = 0

function work(vessels: number, zones?: ZoneIndex, cadence: Cadence = 'minute'): Work {
  const batches = fleetBatches(vessels, REPORTS, 1, cadence)
  return {
    name: `${vessels} vessels, ${zones ? 'zones of the world' : 'no zones'}${cadence === 'native' ? ', at native rates' : ''}`,
    unit: 'reports',
    count: REPORTS,
    run() {
      const engine = createEngine({
        ...{ zones, coast, words: batches[0]!.words },
        config: { engine: { reorderWindowS: 0 } },
        onEvent: () => sink++,
      })
      for (const batch of batches) engine.pushBatch(batch)
      engine.flush()
      sink += engine.vessels
    },
  }
}

await measure(`engine, ${REPORTS} reports, all detectors`, [
  work(1000),
  work(1000, world),
  work(10_000, world),
  work(10_000, world, 'native'),
  work(60_000, world),
  work(60_000, world, 'native'),
])
if (sink === 0) throw new Error('engine: nothing was found')
