// The main job, from the bytes of a file to events: reading, order, every default detector, the zones of the world.
// The traffic is a simulated North Sea day. The start of the process is not in it; peak memory is of the whole bench.

import { mkdtempSync, openSync, closeSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { detect } from '../src/run/detect.js'
import { simulate } from '../src/simulate/fleet.js'
import { scenarioNamed } from '../src/simulate/scenarios.js'
import { writeCsv, writeNmea } from '../src/simulate/write.js'
import { openFiles } from '../src/sources/open.js'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'
import { loadCoast } from '../src/zones/coast.js'
import { buildZoneIndex } from '../src/zones/index.js'
import { measure } from './measure.js'

const VESSELS = Number(process.env.VESSELS ?? 4800)

const dir = mkdtempSync(join(tmpdir(), 'darkwake-bench-'))
const zones = buildZoneIndex(loadApproximateEez())
const coast = loadCoast()
let sink = 0

function file(name: string, write: (text: (piece: string) => void) => void): string {
  const path = join(dir, name)
  const fd = openSync(path, 'w')
  write(piece => void writeSync(fd, piece))
  closeSync(fd)
  return path
}

async function run(path: string): Promise<number> {
  const run = detect(openFiles([path]), { zones, coast })
  for await (const event of run) sink += event.score
  return run.stats().read
}

try {
  const day = () => simulate(scenarioNamed('north-sea'), { vessels: VESSELS })
  const csv = file('day.csv', write => writeCsv(day(), write))
  const nmea = file('day.nmea', write => writeNmea(day(), write))
  const rows = await run(csv)
  const sentences = await run(nmea)
  const mb = (path: string) => `${(statSync(path).size / 1e6).toFixed(0)} MB`
  await measure(`detect, ${VESSELS} simulated vessels on the North Sea, one day`, [
    {
      name: `CSV, ${rows} rows, ${mb(csv)}`,
      unit: 'rows',
      count: rows,
      run: async () => void (await run(csv)),
    },
    {
      ...{ name: `NMEA, ${sentences} sentences, ${mb(nmea)}`, unit: 'sentences', count: sentences },
      run: async () => void (await run(nmea)),
    },
  ])
  console.log(`  peak RSS ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`)
  if (!(sink > 0)) throw new Error('detect: nothing was found')
} finally {
  rmSync(dir, { recursive: true })
}
