// Detection shared by way of NATS JetStream, all on this machine: three servers that each hold every message, an ingest and as many
// workers as there are cores, started together; from there to the end of the telling. Needs nats-server and GNU time (Debian's
// packages nats-server and time), and npm run build.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { say } from './figures.js'
import { fleetCsv } from './fleet.js'
import { startCluster, type NatsCluster } from '../tests/scale/nats.js'

const VESSELS = Number(process.env['VESSELS'] ?? 60_000)
const REPORTS = Number(process.env['REPORTS'] ?? 2_250_000)
const WORKERS = Number(process.env['WORKERS'] ?? availableParallelism())
const PARTS = Number(process.env['PARTS'] ?? WORKERS)
const PROGRAM = join('dist', 'bin', 'darkwake.js')
const TICKS_PER_S = 100

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** CPU seconds of a process that lives. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
}

interface Ran {
  seconds: number
  cpu: number
}

/** Runs to its end. */
function run(args: string[]): { ended: Promise<Ran>; child: ChildProcess } {
  const start = performance.now()
  const child = spawn('/usr/bin/time', ['-f', 'CPU %U %S', process.execPath, PROGRAM, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let text = ''
  child.stderr.on('data', (piece: Buffer) => (text += piece.toString()))
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('exit', code => {
      const [, user, system] = /CPU ([\d.]+) ([\d.]+)/.exec(text) ?? []
      if (code === 0)
        resolve({ seconds: (performance.now() - start) / 1000, cpu: Number(user) + Number(system) })
      else reject(new Error(`${args[0]}: ${text}`))
    })
  })
  // who waits for it may come later
  ended.catch(() => undefined)
  return { ended, child }
}

const missing = [
  ['nats-server', '--version'],
  ['/usr/bin/time', 'true'],
  ['ls', PROGRAM],
].find(([program, arg]) => spawnSync(program!, [arg!]).status !== 0)
if (missing)
  console.log(
    `\njetstream: SKIPPED: ${missing.join(' ')} fails: it needs nats-server, GNU time, and npm run build`,
  )
else {
  const folder = mkdtempSync(join(tmpdir(), 'darkwake-bench-'))
  const children: ChildProcess[] = []
  let cluster: NatsCluster | undefined
  try {
    const path = process.argv[2] ?? join(folder, 'day.csv')
    if (!process.argv[2]) {
      const fd = openSync(path, 'w')
      writeSync(fd, fleetCsv(VESSELS, REPORTS))
      closeSync(fd)
    }
    cluster = await startCluster(folder)
    const { addresses: nats } = cluster
    const start = performance.now()
    const put = run(['ingest', path, '--nats', nats, '--parts', String(PARTS), '--replicas', '3', '--quiet'])
    children.push(put.child)
    await sleep(5000) // streams are made
    const workers = Array.from({ length: WORKERS }, () =>
      run(['worker', '--nats', nats, '--tasks', String(Math.ceil((PARTS + 2) / WORKERS))]),
    )
    children.push(...workers.map(({ child }) => child))
    const ingest = await put.ended
    const worked = await Promise.all(workers.map(({ ended }) => ended))
    const seconds = (performance.now() - start) / 1000
    console.log(
      `\njetstream, ${VESSELS} vessels, ${REPORTS} reports, 3 servers, ${PARTS} parts, ${WORKERS} workers`,
    )
    say('jetstream, reports in to events told', REPORTS / seconds, 'reports/s')
    const us = (cpu: number): number => (1e6 * cpu) / REPORTS
    say('jetstream, ingest, a report', us(ingest.cpu), 'CPU µs', `in ${ingest.seconds.toFixed(0)} s`)
    say('jetstream, workers, a report', us(worked.reduce((all, { cpu }) => all + cpu, 0)), 'CPU µs')
    say(
      'jetstream, servers, a report',
      us([...cluster.servers.values()].reduce((all, child) => all + cpuOf(child), 0)),
      'CPU µs',
    )
  } finally {
    for (const child of children) child.kill('SIGKILL')
    cluster?.stop()
    rmSync(folder, { recursive: true })
  }
}
