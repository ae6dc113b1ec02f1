// The engine alone: columns in memory to events. A report a minute, as archives have them, and as often as ships send
// them. The first tenth of a feed is what a start costs: every vessel is new, and so is every place; then comes the stride,
// which is the median of the other tenths. What bytes cost before that is csv.bench and nmea.bench; the whole way is
// detect.bench.

import { createEngine } from '../src/engine/engine.js'
import { DETECTORS } from '../src/model/config.js'
import { createWords } from '../src/model/words.js'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'
import { loadCoast } from '../src/zones/coast.js'
import { buildZoneIndex, type ZoneIndex } from '../src/zones/index.js'
import { digits, median, say } from './figures.js'
import { fleetFlow, type Cadence } from './fleet.js'

const PARTS = 10
const world = buildZoneIndex(loadApproximateEez())
const coast = loadCoast()
coast.shoreDistanceM(0, 0)

interface Feed {
  vessels: number
  reports: number
  cadence: Cadence
  zones?: ZoneIndex
  /** All of them, where it is not said. */
  detectors?: readonly string[]
}

function bench({ vessels, reports, cadence, zones, detectors }: Feed): void {
  const words = createWords()
  let events = 0
  const engine = createEngine({
    ...{ zones, coast, words },
    config: {
      engine: { reorderWindowS: 0 },
      without: detectors ? DETECTORS.filter(name => !detectors.includes(name)) : [],
    },
    onEvent: () => events++,
  })
  // making the fleet is not measured
  const parts: { wall: number; cpu: number; rows: number }[] = []
  let part = { wall: 0, cpu: 0, rows: 0 }
  for (const batch of fleetFlow(vessels, reports, 1, cadence, words)) {
    const cpu = process.cpuUsage()
    const start = performance.now()
    engine.pushBatch(batch)
    part.wall += performance.now() - start
    part.cpu += process.cpuUsage(cpu).user / 1000
    part.rows += batch.length
    if (part.rows < reports / PARTS && batch.length > 0) continue
    parts.push(part)
    part = { wall: 0, cpu: 0, rows: 0 }
  }
  const start = performance.now()
  engine.flush()
  const flushMs = performance.now() - start
  if (events === 0) throw new Error('engine: nothing was found')

  const rate = (rows: number, ms: number) => rows / ms / 1000
  const sum = (key: keyof typeof part) => parts.reduce((all, each) => all + each[key], 0)
  const stride = median(parts.slice(1).map(({ rows, wall }) => rate(rows, wall)))
  const what = [`${vessels} vessels`, cadence === 'native' ? 'native rates' : 'a report a minute']
  if (!zones) what.push('no zones')
  if (detectors) what.push(`only ${detectors.join(', ')}`)
  say(
    `engine, ${what.join(', ')}`,
    rate(sum('rows'), sum('wall') + flushMs),
    'M reports/s',
    `by CPU time ${digits(rate(sum('rows'), sum('cpu')))}, at first ${digits(rate(parts[0]!.rows, parts[0]!.wall))}` +
      `, in its stride ${digits(stride)}, of ${reports / 1e6} M`,
  )
}

const MILLION = 1_000_000
console.log('\nengine, from columns to events, all detectors where nothing else is said')
bench({ vessels: 1000, reports: 3 * MILLION, cadence: 'minute' })
bench({ vessels: 1000, reports: 3 * MILLION, cadence: 'minute', zones: world })
bench({ vessels: 10_000, reports: 5 * MILLION, cadence: 'minute', zones: world })
bench({ vessels: 10_000, reports: 5 * MILLION, cadence: 'native', zones: world })
bench({ vessels: 60_000, reports: 12 * MILLION, cadence: 'minute', zones: world })
bench({ vessels: 60_000, reports: 12 * MILLION, cadence: 'native', zones: world })
bench({
  ...{ vessels: 60_000, reports: 12 * MILLION, cadence: 'native', zones: world },
  detectors: ['gap', 'loitering', 'encounter', 'zone'],
})
