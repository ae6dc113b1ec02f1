// Detection shared by way of NATS JetStream, all on this machine: three servers that each hold every message, an ingest and as many
// workers as there are cores, started together; from there to the end of the telling. Needs nats-server and GNU time (Debian's
// packages nats-server and time), and npm run build.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { say } from './figures.js'
import { fleetCsv } from './fleet.js'

const VESSELS = Number(process.env['VESSELS'] ?? 60_000)
const REPORTS = Number(process.env['REPORTS'] ?? 2_250_000)
const WORKERS = Number(process.env['WORKERS'] ?? availableParallelism())
const PARTS = Number(process.env['PARTS'] ?? WORKERS)
const PROGRAM = join('dist', 'bin', 'darkwake.js')
const TICKS_PER_S = 100

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

/** CPU seconds of a process that lives. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
}

async function startServers(folder: string): Promise<{ servers: ChildProcess[]; nats: string }> {
  const names = [1, 2, 3]
  const ports = await Promise.all(names.map(freePort))
  const routes = await Promise.all(names.map(freePort))
  const servers = names.map((name, k) => {
    mkdirSync(join(folder, `js${name}`))
    const conf = join(folder, `${name}.conf`)
    const others = routes.map(port => `nats://127.0.0.1:${port}`).join(', ')
    writeFileSync(
      conf,
      [
        `server_name: n${name}`,
        `listen: 127.0.0.1:${ports[k]}`,
        `jetstream { store_dir: "${join(folder, `js${name}`)}", max_file: 20G }`,
        `cluster { name: bench, listen: 127.0.0.1:${routes[k]}, routes: [${others}] }`,
      ].join('\n'),
    )
    return spawn('nats-server', ['-c', conf], { stdio: 'ignore' })
  })
  await sleep(6000)
  return { servers, nats: ports.map(port => `127.0.0.1:${port}`).join(',') }
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
  try {
    const path = process.argv[2] ?? join(folder, 'day.csv')
    if (!process.argv[2]) {
      const fd = openSync(path, 'w')
      writeSync(fd, fleetCsv(VESSELS, REPORTS))
      closeSync(fd)
    }
    const { servers, nats } = await startServers(folder)
    children.push(...servers)
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
    say('jetstream, servers, a report', us(servers.reduce((all, child) => all + cpuOf(child), 0)), 'CPU µs')
  } finally {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
}
