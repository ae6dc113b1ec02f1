// The five-line program of the library, run where only the packed package is installed.
/* global console */
import { createEngine } from 'darkwake'

const events = []
const engine = createEngine({ onEvent: event => events.push(event), preset: 'gfw-core' })
const start = Date.UTC(2024, 0, 1)
for (const hours of [0, 1, 20])
  engine.push({ mmsi: 416000301, t: start + hours * 3_600_000, lat: -16.2, lon: -130.4, sog: 9 })
engine.flush()
if (!events.some(event => event.type === 'gap' && event.durationS === 19 * 3600))
  throw new Error('expected a gap of 19 hours')
console.log(events.at(-1).id)
