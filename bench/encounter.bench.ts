// Encounters alone: what finding them adds to a fleet under way, and to one of which 500 vessels lie in one anchorage and
// come and go. Every other detector off.

import { createEngine } from '../src/engine/engine.js'
import { destination } from '../src/geo/distance.js'
import { appendReport, createBatch, type ReportBatch } from '../src/model/batch.js'
import { DETECTORS } from '../src/model/config.js'
import { createWords } from '../src/model/words.js'
import { measure, type Work } from './measure.js'
import { fleetBatches } from './fleet.js'

const ANCHORED = 500
const VESSELS = 60_000
const MINUTES = 600
const T0 = Date.UTC(2024, 0, 1)
let sink = 0

/** An anchorage five miles across: ships swing, a tenth of them moves to another place. A report every three minutes. */
function anchorage(): ReportBatch {
  const words = createWords()
  const batch = createBatch(words, (ANCHORED * MINUTES) / 3 + ANCHORED)
  let seed = 1
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const ships = Array.from({ length: ANCHORED }, (_, k) => ({
    mmsi: 300_000_000 + k,
    ...{ from: [random(), random()], to: [random(), random()], moves: k % 10 === 0, phase: random() },
  }))
  for (let minute = 0; minute < MINUTES; minute += 3)
    for (const { mmsi, from, to, moves, phase } of ships) {
      const share = moves ? minute / MINUTES : 0
      const east = (from[0]! + share * (to[0]! - from[0]!)) * 9000
      const north = (from[1]! + share * (to[1]! - from[1]!)) * 9000
      const swing = destination(25 + north / 111_000, 56 + east / 100_000, 360 * phase + minute, 120)
      appendReport(batch, {
        ...{ mmsi, t: T0 + minute * 60_000 + Math.floor(phase * 180_000), ...swing },
        ...{ sog: moves ? 3 : 0.2, navStatus: moves ? 0 : 1, msgType: 1, txClass: 'A' },
      })
    }
  return batch
}

function work(name: string, batches: ReportBatch[], isOn: boolean, capacity = 65_536): Work {
  const count = batches.reduce((sum, { length }) => sum + length, 0)
  for (const batch of batches) batch.validated = true
  return {
    ...{ name: `${name}${isOn ? '' : ', without'}`, unit: 'reports', count },
    run() {
      const engine = createEngine({
        words: batches[0]!.words,
        config: {
          without: DETECTORS.filter(detector => !isOn || detector !== 'encounter'),
          engine: { reorderWindowS: 0, capacity },
        },
        onEvent: () => sink++,
      })
      for (const batch of batches) engine.pushBatch(batch)
      engine.flush()
      sink += engine.vessels
    },
  }
}

const fleet = [...fleetBatches(VESSELS, 1_000_000, 1)]
const lying = [anchorage()]
await measure(`encounters: ${VESSELS} vessels; ${ANCHORED} in one anchorage`, [
  work(`encounters, ${VESSELS} vessels`, fleet, false),
  work(`encounters, ${VESSELS} vessels`, fleet, true),
  work(`encounters, ${ANCHORED} in one anchorage`, lying, false, 2048),
  work(`encounters, ${ANCHORED} in one anchorage`, lying, true, 2048),
])
if (sink === 0) throw new Error('encounter: nothing was read')
