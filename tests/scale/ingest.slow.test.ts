// Live feeds by way of a real server of NATS: a day over TCP, while ingest is killed and the server is away, gives the events of the same
// day as a file. Skipped where there is no nats-server (Debian: nats-server).

import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, darkwake, emptyFolder, stackLines } from '../e2e/darkwake.js'
import { serveFeed, type FeedServer } from '../live/server.js'
import { freePort } from '../helpers/port.js'
import { eventsOf, hasNats, messagesOf, startNats, type NatsServer } from './nats.js'

const isSlow = process.env['DARKWAKE_SLOW'] !== undefined
if (isSlow && !hasNats)
  console.log('SKIPPED: nats-server is missing: live feeds into JetStream are not tested')

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Waits for what is to be said, and shows what was said instead. */
async function saying(started: { stderr: string }, words: string): Promise<void> {
  for (let k = 0; !started.stderr.includes(words); k++) {
    if (k === 2400) throw new Error(`not said: ${words}; but: ${started.stderr}`)
    await sleep(50)
  }
}

/** What a live feed knows besides: that it is one of stations on land. */
const withoutKind = (lines: string[]): string[] =>
  lines.map(line => line.replace(/"reportsBefore12h":\{[^}]*\}/, '')).sort()

describe.skipIf(!isSlow || !hasNats)('live feeds into JetStream', () => {
  let folder: string
  let day: string
  let nats: NatsServer
  let expected: string[]
  const children = new Set<ChildProcess>()
  const stations: FeedServer[] = []

  beforeAll(async () => {
    folder = emptyFolder()
    day = join(folder, 'day.nmea')
    const size = ['--vessels', '40', '--seed', '7', '--quiet']
    expect((await darkwake(['simulate', 'north-sea', '-o', day, ...size])).code).toBe(0)
    expected = (await darkwake(['detect', day, '--passes', '2', '--quiet'])).stdout.trimEnd().split('\n')
    nats = await startNats(join(folder, 'js'))
  })

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    for (const station of stations) station.close()
    await nats?.kill()
  })

  async function station(linesPerS: number): Promise<FeedServer> {
    const made = await serveFeed(day, { linesPerS, resendS: 3 })
    stations.push(made)
    return made
  }

  function start(args: string[], command = 'ingest') {
    const script = join(build(), 'dist', 'bin', 'darkwake.js')
    const child = spawn(
      process.execPath,
      [script, command, '--nats', nats.address, ...(command === 'ingest' ? ['--parts', '3'] : []), ...args],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    children.add(child)
    const started = { child, stderr: '', exit: new Promise<number | null>(done => child.on('close', done)) }
    child.stderr.setEncoding('utf8').on('data', (text: string) => (started.stderr += text))
    return started
  }

  const end = (args: string[]) =>
    darkwake(['ingest', '--stdin', '--nats', nats.address, '--parts', '3', '--quiet', ...args], { stdin: '' })

  async function judged(prefix: string): Promise<string[]> {
    const worker = await darkwake(['worker', '--nats', nats.address, '--prefix', prefix, '--quiet'])
    expect(worker).toMatchObject({ code: 0, stderr: '' })
    return eventsOf(nats.address, `${prefix}_events`.toUpperCase())
  }

  test('a day over TCP gives the events of the file; SIGTERM loses nothing, and it goes on where it stood', async () => {
    const { port, done } = await station(20_000)
    const ops = await freePort()
    const first = start(['--tcp', `shore=127.0.0.1:${port}`, '--prefix', 'plain', '--metrics', String(ops)])
    await done
    await sleep(500)
    const metrics = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text()
    expect(metrics).toMatch(/darkwake_source_up\{source="shore"\} 1/)
    expect(metrics).toMatch(/darkwake_output_delivered_total\{output="nats plain"\} [1-9]/)
    expect((await fetch(`http://127.0.0.1:${ops}/healthz`)).status).toBe(200)
    // a worker does what there is, and is asked how it fares
    const place = await freePort()
    const worker = start(['--prefix', 'plain', '--metrics', String(place)], 'worker')
    let told = ''
    for (let k = 0; k < 300 && !/worker_saves_total [1-9]/.test(told); k++) {
      await sleep(100)
      told = await fetch(`http://127.0.0.1:${place}/metrics`).then(
        answer => answer.text(),
        () => '',
      )
    }
    expect(told).toMatch(/darkwake_worker_minutes_total\{stage="part"\} [1-9]/)
    expect(told).toMatch(/darkwake_worker_rows_total [1-9]/)
    expect(told).toMatch(/darkwake_worker_pieces\{stage="part"\} [1-3]/)
    expect(told).toMatch(/darkwake_worker_lag_seconds\{stage="part",piece="0"\} [1-9]/)
    worker.child.kill('SIGKILL')
    await worker.exit
    first.child.kill('SIGTERM')
    expect(await first.exit).toBe(0)
    expect(first.stderr).toMatch(/[\d,]+ rows put in/)
    expect(first.stderr).not.toMatch(/later than|not taken/)
    expect(await end(['--prefix', 'plain'])).toMatchObject({ code: 0, stderr: '' })
    expect(withoutKind(await judged('plain'))).toEqual(withoutKind(expected))
    expect(expected.length).toBeGreaterThan(50)
    const again = await end(['--prefix', 'plain'])
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('the data there have ended')
    const file = await darkwake(['ingest', day, '--nats', nats.address, '--parts', '3', '--prefix', 'plain'])
    expect(file.code).toBe(2)
    expect(file.stderr).toContain('live feeds are put in there')
  })

  test('a kill of ingest and a server that is away lose nothing, with a state', async () => {
    const { port, done } = await station(4000)
    const args = ['--tcp', `shore=127.0.0.1:${port}`, '--prefix', 'killed', '--state', join(folder, 'state')]
    const first = start(args)
    await sleep(5000)
    first.child.kill('SIGKILL')
    await first.exit
    const second = start(args)
    await sleep(3000)
    await nats.kill()
    await saying(second, 'reports wait; trying again')
    // killed while nothing can be handed on
    await sleep(1500)
    second.child.kill('SIGKILL')
    await second.exit
    nats.start()
    await sleep(1000)
    const third = start(args)
    await sleep(2000)
    await nats.kill()
    await saying(third, 'reports wait; trying again')
    nats.start()
    await saying(third, 'works again')
    await done
    await sleep(1000)
    third.child.kill('SIGTERM')
    expect(await third.exit).toBe(0)
    for (const { stderr } of [first, second, third]) {
      expect(stackLines(stderr)).toEqual([])
      expect(stderr).not.toMatch(/later than|not taken|lost/)
    }
    expect(await end(['--prefix', 'killed', '--state', join(folder, 'state')])).toMatchObject({ code: 0 })
    expect(withoutKind(await judged('killed'))).toEqual(withoutKind(expected))
  })

  test('without a state, what the server did not take is told to be lost', async () => {
    const { port, done } = await station(40_000)
    const live = start(['--tcp', `127.0.0.1:${port}`, '--prefix', 'away'])
    await saying(live, 'connected to')
    await nats.kill()
    await done
    live.child.kill('SIGTERM')
    expect(await live.exit).toBe(1)
    expect(live.stderr).toMatch(
      /darkwake: [\d,]+ rows not taken by the server: lost; with --state they would be kept/,
    )
    nats.start()
    await sleep(1000)
  })

  test('two at a time: one of them says so and leaves', async () => {
    const { port } = await station(2000)
    const one = start(['--tcp', `127.0.0.1:${port}`, '--prefix', 'both', '--lateness', '1m'])
    await saying(one, 'connected to')
    await sleep(2500)
    const other = start(['--replay', day, '--speed', '100000', '--prefix', 'both', '--lateness', '1m'])
    const code = await Promise.race([one.exit, other.exit])
    expect([1]).toContain(code)
    expect(one.stderr + other.stderr).toContain('somebody else puts reports in')
    one.child.kill('SIGKILL')
    other.child.kill('SIGKILL')
    const subjects = (await messagesOf(nats.address, 'BOTH_REPORTS')).map(({ subject }) => subject)
    expect(new Set(subjects).size).toBe(subjects.length)
  })
})
