import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ReportBatch } from '../../src/model/batch.js'
import { isStaticOnly } from '../../src/model/batch.js'
import type { Reject } from '../../src/model/report.js'
import { createSourceCounts } from '../../src/model/stats.js'
import { createWords } from '../../src/model/words.js'
import { openFiles, recognise } from '../../src/sources/open.js'

const data = resolve('..', 'shared', 'data')
const here = existsSync(data)

async function readFile(path: string) {
  const input = await recognise(openFiles([path])[0]!)
  const counts = createSourceCounts()
  const rejects: Reject[] = []
  let rows = 0
  let positions = 0
  const vessels = new Set<number>()
  await input.read({
    words: createWords(),
    name: input.name,
    counts,
    onBatch: (batch: ReportBatch) => {
      for (let i = 0; i < batch.length; i++) {
        if (isStaticOnly(batch.msgType[i]!)) continue
        rows++
        if (batch.lat[i] === batch.lat[i]) positions++
        vessels.add(batch.mmsi[i]!)
      }
    },
    onReject: reject => rejects.push(reject),
  })
  const rejected = Object.values(counts.rejected).reduce((a, b) => a + b)
  expect(counts.read).toBe(rows + counts.static + counts.other + counts.parts + rejected)
  expect(rejects).toHaveLength(rejected)
  return { input, counts, rows, positions, vessels: vessels.size, rejected }
}

// counts of data/README.md: rows read and vessels named
describe.skipIf(!here)('recorded files of ../shared/data (skipped where that folder is absent)', () => {
  test.each([
    ['positions/marinecadastre_2022-01-03_first99999.csv.gz', 'marinecadastre', 99_999],
    ['positions/noaa_1000rows_20230111.csv', 'marinecadastre', 1000],
    ['positions/dataset1_truth.csv.gz', 'csv', 102_861],
    ['positions/aisanalyze_northsea_1h_2022-11-01.csv.gz', 'csv', 50_142],
    ['positions/stonesoup_SolentAIS_20160112.csv.gz', 'csv', 18_623],
    ['positions/gfw_pelagos_4vessels_2012.csv.gz', 'csv', 10_000],
    ['gaps/pyseas_gap_positions_exactearth.csv.gz', 'csv', 41_844],
    ['gaps/pyseas_gap_positions_gfw.csv.gz', 'csv', 2119],
    ['spoofing/gpsdio_segment_10mmsi_2014-2015.csv.gz', 'csv', 19_415],
    ['spoofing/pyseas_position_messages_3mmsi_2018-01.csv.gz', 'csv', 19_846],
    ['gaps/pipe-gaps_sample_messages.json', 'json', 84],
  ])('%s', async (file, format, read) => {
    const result = await readFile(resolve(data, file))
    console.log(file, result.rows, result.positions, result.vessels, result.rejected, JSON.stringify(Object.entries(result.counts.rejected).filter(([,n])=>n)))
    expect(result.input.format).toBe(format)
    expect(result.counts.read).toBe(read)
  })
})
