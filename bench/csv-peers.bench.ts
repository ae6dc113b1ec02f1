// The same MarineCadastre CSV through this project and through other readers, each in a process of its own, in turns, one thread
// each: to columns of MMSI, time, position, speed, course and heading, or to whatever a reader makes of a row. CPU time, user and
// system, of the whole process, start-up included. DuckDB is left out where it is not installed.
// ROWS=3000000 for 300 MB.

import { execFileSync } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'fast-csv'
import { createSourceCounts } from '../src/model/stats.js'
import { createWords } from '../src/model/words.js'
import { openFiles, recognise } from '../src/sources/open.js'
import { digits, median, say } from './figures.js'

const ROWS = Number(process.env.ROWS ?? 1_000_000)
const ROUNDS = Number(process.env.ROUNDS ?? 3)
const VESSELS = 10_000

interface Outcome {
  rows: number
  /** User and system, ms. */
  cpuMs: number
}

async function ours(file: string): Promise<number> {
  let rows = 0
  const input = await recognise(openFiles([file])[0]!)
  await input.read({
    ...{ words: createWords(), name: file, counts: createSourceCounts() },
    onBatch: batch => (rows += batch.length),
  })
  return rows
}

async function duckdb(file: string): Promise<number> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  const result = await connection.stream(
    `SELECT MMSI::INTEGER, epoch_ms(BaseDateTime)::DOUBLE, LAT::DOUBLE, LON::DOUBLE, SOG::DOUBLE, COG::DOUBLE, Heading::DOUBLE
     FROM read_csv('${file}')`,
  )
  const columns = Array.from({ length: 7 }, () => new Float64Array(ROWS))
  let rows = 0
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const [k, column] of columns.entries()) {
      const vector = chunk.getColumnVector(k)
      for (let i = 0; i < chunk.rowCount; i++) column[rows + i] = Number(vector.getItem(i))
    }
    rows += chunk.rowCount
  }
  return rows
}

async function objects(file: string): Promise<number> {
  let rows = 0
  for await (const row of createReadStream(file).pipe(parse({ headers: true }))) if (row) rows++
  return rows
}

const READERS: Record<string, (file: string) => Promise<number>> = {
  'darkwake, columns': ours,
  'DuckDB, columns': duckdb,
  'fast-csv, objects': objects,
}

function inNode(name: string, file: string): Outcome {
  const self = fileURLToPath(import.meta.url)
  return JSON.parse(
    execFileSync(process.execPath, [self, '--run', name, file], { encoding: 'utf8' }),
  ) as Outcome
}

function isThere(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}

async function compare(): Promise<void> {
  // not in the processes that are timed: it lays out the coast
  const { fleetCsv } = await import('./fleet.js')
  const folder = mkdtempSync(join(tmpdir(), 'darkwake-csv-'))
  try {
    const file = join(folder, 'day.csv')
    writeFileSync(file, fleetCsv(VESSELS, ROWS))
    const names = Object.keys(READERS).filter(
      name => !name.startsWith('DuckDB') || isThere('@duckdb/node-api'),
    )
    const results = new Map<string, Outcome[]>(names.map(name => [name, []]))
    for (let round = 0; round < ROUNDS; round++)
      for (const name of names) results.get(name)!.push(inNode(name, file))
    console.log(
      `\nCSV peers: ${ROWS} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB, ${ROUNDS} rounds in turn, medians`,
    )
    const cpu = (name: string): number => median(results.get(name)!.map(({ cpuMs }) => cpuMs))
    for (const [name, all] of results) {
      if (all.some(({ rows }) => rows !== ROWS)) throw new Error(`${name}: read ${all[0]!.rows} rows`)
      say(`CSV, ${name}`, ROWS / cpu(name) / 1000, 'M rows/CPU s', `${digits(cpu(name) / 1000)} s`)
    }
    const [own = '', ...peers] = names
    for (const name of peers) say(`CSV, darkwake to ${name}`, cpu(name) / cpu(own), 'times the rows/CPU s')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[2] === '--run') {
  const rows = await READERS[process.argv[3]!]!(process.argv[4]!)
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ rows, cpuMs: (user + system) / 1000 } satisfies Outcome))
} else await compare()
