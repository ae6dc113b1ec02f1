// darkwake watch as it is run: sources, outputs, signals, health, and what people get wrong.

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/store.js'
import { hasDuckdb, WITHOUT } from '../store/sea.js'
import { heard } from '../run/watch/helpers.js'
import { until } from '../sources/live/hear.js'
import { build, darkwake, emptyFolder, stackLines } from './darkwake.js'
import { freePort } from '../helpers/port.js'

beforeAll(() => void build(), 120_000)

const running: ChildProcess[] = []
const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  for (const server of servers.splice(0)) server.close()
})

interface Started {
  child: ChildProcess
  stdout: string
  stderr: string
  exit: Promise<number | null>
}

function start(args: string[], env: Record<string, string> = {}): Started {
  const child = spawn(
    process.execPath,
    [join(build(), 'dist', 'bin', 'darkwake.js'), 'watch', '--no-zones', ...args],
    {
      env: { ...process.env, NO_COLOR: '1', ...env },
    },
  )
  running.push(child)
  const started: Started = {
    ...{ child, stdout: '', stderr: '' },
    exit: new Promise(done => child.on('close', done)),
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (started.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (started.stderr += text))
  return started
}

/** Seven ships; number 3 is silent from minute 60 on. */
function story(from: number, to: number): string {
  let text = ''
  for (let m = from; m < to; m++)
    for (let k = 0; k < 7; k++) if (k !== 3 || m <= 60) text += heard(k, m + k / 10)
  return text
}

/** A station that sends this to whoever connects, keeps the line open, and goes on with what comes next, now and then. */
async function station(text: () => string, next?: () => string): Promise<number> {
  const server = net.createServer(socket => {
    socket.on('error', () => undefined)
    socket.write(text())
    if (!next) return
    const timer = setInterval(() => socket.write(next()), 200)
    socket.on('close', () => clearInterval(timer))
  })
  servers.push(server)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

const phases = (text: string): string[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { type: string; mmsi: number; phase: string })
    .map(({ type, mmsi, phase }) => `${type} ${mmsi % 10} ${phase}`)

describe('a feed', () => {
  test('from a pipe: events to stdout, and the end of the pipe is the end', async () => {
    const outcome = await darkwake(['watch', '--no-zones', '--preset', 'patrol'], { stdin: story(0, 240) })
    expect(outcome.code).toBe(0)
    expect(phases(outcome.stdout)).toContain('gap 3 opened')
    expect(stackLines(outcome.stderr)).toEqual([])
  })

  test('over TCP to a webhook, while the ship is still dark, with health and metrics; SIGTERM leaves in time', async () => {
    const bodies: string[] = []
    const hook = http.createServer((request, response) => {
      let body = ''
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => {
        bodies.push(body)
        response.end()
      })
    })
    servers.push(hook)
    await new Promise<void>(done => hook.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`
    const port = await station(() => story(0, 120))
    const ops = await freePort()
    const dir = join(emptyFolder(), 'state')
    const { child, exit, ...rest } = start([
      ...['--tcp', `shore=127.0.0.1:${port}`, '--webhook', url, '--state', dir, '--serve', String(ops)],
      ...['--preset', 'patrol'],
    ])
    await until(() => bodies.length > 0)
    expect(JSON.parse(bodies[0]!)).toMatchObject({ type: 'darkwake.gap.opened', data: { end: null } })

    const get = (path: string, headers = {}) => fetch(`http://127.0.0.1:${ops}${path}`, { headers })
    expect((await get('/healthz')).status).toBe(200)
    expect(await (await get('/readyz')).json()).toEqual({ ready: true, why: [] })
    const metrics = await (await get('/metrics')).text()
    expect(metrics).toMatch(/darkwake_source_up\{source="shore"\} 1/)
    expect(metrics).toMatch(/darkwake_reports_total [1-9]/)
    expect(metrics).toMatch(/darkwake_events_total\{type="gap",phase="opened"\} 1/)
    expect(metrics).toMatch(/darkwake_step_seconds_bucket/)
    // no web page may ask through a browser that was lied to about a name
    const rebound = await new Promise<number>(done =>
      http.get(
        { host: '127.0.0.1', port: ops, path: '/metrics', headers: { host: 'evil.example' } },
        response => {
          response.resume()
          done(response.statusCode!)
        },
      ),
    )
    expect(rebound).toBe(403)

    const asked = Date.now()
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(Date.now() - asked).toBeLessThan(5000)
    expect(stackLines(rest.stderr)).toEqual([])
    expect(existsSync(join(dir, 'lock'))).toBe(false)
  })

  test('a station that is away is tried again, and each try is told', async () => {
    const port = await freePort()
    const started = start(['--tcp', `127.0.0.1:${port}`])
    await until(() => started.stderr.includes('nobody listens there'))
    expect(started.stderr).toMatch(
      /darkwake: source tcp:127\.0\.0\.1:\d+: tcp 127\.0\.0\.1:\d+: nobody listens there; trying again in [\d.]+ s/,
    )
    started.child.kill('SIGINT')
    expect(await started.exit).toBe(130)
  })

  test('SIGHUP takes up new thresholds, and refuses a broken file', async () => {
    const folder = emptyFolder()
    const config = join(folder, 'rules.yaml')
    writeFileSync(config, 'gap: { minGapHours: 5 }\n')
    const log = join(folder, 'feed.nmea')
    writeFileSync(log, story(0, 120))
    const events = join(folder, 'events.ndjson')
    const started = start(['--follow', log, '--config', config, '-o', events])
    await until(() => started.stderr.includes('connected'))
    writeFileSync(config, 'gap: { minGapHours: -5 }\n')
    started.child.kill('SIGHUP')
    await until(() => started.stderr.includes('not reloaded'))
    expect(started.stderr).toMatch(/not reloaded, the old ones hold: configuration: gap\.minGapHours/)
    expect(readFileSync(events, 'utf8')).toBe('')
    writeFileSync(config, 'gap: { minGapHours: 0.5 }\n')
    started.child.kill('SIGHUP')
    await until(() => started.stderr.includes('read again'))
    writeFileSync(log, story(120, 125), { flag: 'a' })
    await until(() => readFileSync(events, 'utf8') !== '')
    expect(phases(readFileSync(events, 'utf8'))).toEqual(['gap 3 opened'])
    started.child.kill('SIGTERM')
    expect(await started.exit).toBe(0)
  })

  test('SIGHUP takes up new watchlists, and refuses a broken one', async () => {
    const folder = emptyFolder()
    const list = join(folder, 'list.csv')
    writeFileSync(list, 'mmsi,action\n201000003,exempt\n')
    const log = join(folder, 'feed.nmea')
    writeFileSync(log, story(0, 40))
    const events = join(folder, 'events.ndjson')
    const started = start(['--follow', log, '--preset', 'patrol', '--watchlist', list, '-o', events])
    await until(() => started.stderr.includes('connected'))
    expect(started.stderr).toContain('watchlists: 1 row, 0 of them expired')
    writeFileSync(list, 'mmsi,action\n201000003,wotch\n')
    started.child.kill('SIGHUP')
    await until(() => started.stderr.includes('not reloaded'))
    expect(started.stderr).toMatch(
      /not reloaded, the old ones hold: input: .*list\.csv: line 2: action: expected watch, exempt, only, got "wotch"/,
    )
    writeFileSync(list, 'mmsi,reason,expires\n201000003,no logbook,\n1,,2020-01-01\n')
    started.child.kill('SIGHUP')
    await until(() => started.stderr.includes('read again'))
    expect(started.stderr).toContain('watchlists: 2 rows, 1 of them expired')
    writeFileSync(log, story(40, 125), { flag: 'a' })
    await until(() => readFileSync(events, 'utf8') !== '')
    expect(phases(readFileSync(events, 'utf8'))).toEqual(['gap 3 opened'])
    expect(readFileSync(events, 'utf8')).toContain('watched by list list (MMSI 201000003): no logbook')
    started.child.kill('SIGTERM')
    expect(await started.exit).toBe(0)
    expect(stackLines(started.stderr)).toEqual([])
  })

  test('logs are JSON lines when asked for, and hold no raw control characters', async () => {
    const port = await freePort()
    const started = start(['--tcp', `127.0.0.1:${port}`, '--log-level', 'info'])
    await until(() => started.stderr.includes('nobody listens'))
    started.child.kill('SIGTERM')
    await started.exit
    const lines = started.stderr.split('\n').filter(Boolean)
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow()
    expect(JSON.parse(lines.find(line => line.includes('nobody'))!)).toMatchObject({
      why: 'nobody listens there',
      level: 40,
    })
  })

  test('a recording is played as if it were live', async () => {
    const path = join(emptyFolder(), 'feed.nmea')
    writeFileSync(path, story(0, 120))
    const outcome = await darkwake([
      'watch',
      '--no-zones',
      '--preset',
      'patrol',
      '--replay',
      path,
      '--speed',
      '100000',
    ])
    expect(outcome.code).toBe(0)
    expect(phases(outcome.stdout)).toContain('gap 3 opened')
  })
})

describe.skipIf(!hasDuckdb)(`a store ${hasDuckdb ? '' : WITHOUT}`, () => {
  test('holds what was told, shows it meanwhile, and survives a kill', async () => {
    const port = await station(() => story(0, 240))
    const ops = await freePort()
    const path = join(emptyFolder(), 'live.duckdb')
    const { child, exit, ...rest } = start([
      ...['--tcp', `shore=127.0.0.1:${port}`, '--preset', 'patrol', '--store', path, '--serve', String(ops)],
    ])
    const get = async (what: string): Promise<unknown> => {
      const answer = await fetch(`http://127.0.0.1:${ops}/api/${what}`).catch(() => null)
      return answer?.ok ? answer.json() : null
    }
    const gaps = async () =>
      ((await get('events?type=gap')) as { events: { mmsi: number }[] } | null)?.events ?? []
    for (let tries = 200; tries > 0 && (await gaps()).length === 0; tries--) await sleep(100)
    expect((await gaps()).map(({ mmsi }) => mmsi)).toEqual([201_000_003])
    expect(await get('vessels/201000003')).toMatchObject({ card: { mmsi: 201_000_003 }, exemption: null })
    expect(await get('sources')).toMatchObject({ sources: [{ name: 'shore' }] })
    child.kill('SIGKILL')
    await exit
    expect(stackLines(rest.stderr)).toEqual([])
    const store = await openStore(path)
    const { events } = await store.events.page({ types: ['gap'] }, 'score', 10)
    expect(events.map(({ mmsi }) => mmsi)).toEqual([201_000_003])
    await store.close()
  })

  test('whom an analyst exempts is told to nobody from then on, nor by a later run into the same store', async () => {
    let now = 80
    const sea = (from: number, to: number): string => {
      let text = ''
      for (let m = from; m < to; m++)
        for (let k = 0; k < 7; k++) if ((k !== 3 && k !== 5) || m <= 60) text += heard(k, m + k / 10)
      return text
    }
    // time stands still until the vessel is exempt
    let goes = false
    const port = await station(
      () => sea(0, 80),
      () => (goes ? sea(now, (now += 20)) : ''),
    )
    const ops = await freePort()
    const folder = emptyFolder()
    const [path, log] = [join(folder, 'live.duckdb'), join(folder, 'events.ndjson')]
    const { child, exit, ...rest } = start([
      ...['--tcp', `shore=127.0.0.1:${port}`, '--preset', 'patrol', '--store', path, '-o', log],
      ...['--serve', String(ops)],
    ])
    const api = `http://127.0.0.1:${ops}`
    const isUp = () => fetch(`${api}/api/vessels/201000003`).then(({ ok }) => ok, () => false) // prettier-ignore
    for (let tries = 200; tries > 0 && !(await isUp()); tries--) await sleep(100)
    const decided = await fetch(`${api}/api/decisions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ kind: 'exempt', mmsi: 201_000_003, types: ['gap'], text: 'in the yard' },
        expires: new Date(Date.now() + 86_400_000).toISOString(),
      }),
    })
    expect(decided.status).toBe(201)
    goes = true
    const told = () => (existsSync(log) ? phases(readFileSync(log, 'utf8')) : [])
    await until(() => told().some(line => line.startsWith('gap 5')))
    const gaps = async (more: string): Promise<number[]> => {
      const answer = await fetch(`${api}/api/events?type=gap&sort=oldest${more}`)
      return ((await answer.json()) as { events: { mmsi: number }[] }).events.map(({ mmsi }) => mmsi % 10)
    }
    for (let tries = 100; tries > 0 && (await gaps('&exempt=show')).length < 2; tries--) await sleep(100)
    expect((await gaps('&exempt=show')).sort()).toEqual([3, 5])
    expect(await gaps('')).toEqual([5])
    expect(told().filter(line => line.startsWith('gap'))).toEqual(['gap 5 opened'])
    expect(await (await fetch(`${api}/metrics`)).text()).toMatch(/exempted_events_total{type="gap"} 1\n/)
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(stackLines(rest.stderr)).toEqual([])

    const recorded = join(folder, 'recorded.nmea')
    writeFileSync(recorded, sea(0, 300))
    const outcome = await darkwake([
      ...['detect', recorded, '--no-zones', '--preset', 'patrol', '--store', path, '-o', '-'],
    ])
    expect(phases(outcome.stdout).filter(line => line.startsWith('gap'))).toEqual(['gap 5 opened'])
    expect(outcome.stderr).toContain('exempt in the store: 1 not told because the vessel is exempt (gap 1)')
    const store = await openStore(path)
    const { events } = await store.events.page({ types: ['gap'], exempt: 'show' }, 'oldest', 10)
    expect(events.map(({ mmsi, exempt }) => [mmsi! % 10, exempt])).toEqual([
      [3, true],
      [5, false],
    ])
    await store.close()
  })
})

test('satellite pictures from a folder are judged as they come, hours late', async () => {
  const folder = emptyFolder()
  const pictures = join(folder, 'pictures')
  mkdirSync(pictures)
  const events = join(folder, 'events.ndjson')
  let minute = 240
  const port = await station(
    () => story(0, 240),
    () => story(minute, (minute += 10)),
  )
  const { child, exit, ...rest } = start([
    ...['--tcp', `127.0.0.1:${port}`, '--preset', 'patrol', '--detections', pictures, '-o', events],
  ])
  await until(() => existsSync(events) && phases(readFileSync(events, 'utf8')).includes('gap 3 opened'))
  // at 01:40 ship 0 is at 10 N 20.5 E; nobody is within 25 nm of the other place
  const rows = ['2024-01-15T01:40:00Z,10.001,20.501,p1,a', '2024-01-15T01:40:00Z,11.5,20.5,p1,b']
  writeFileSync(join(pictures, 'one.csv'), `t,lat,lon,scene_id,id\n${rows.join('\n')}\n`)
  await until(() => readFileSync(events, 'utf8').includes('"type":"unmatched_detection"'))
  const told = readFileSync(events, 'utf8')
    .split('\n')
    .filter(line => line.includes('"type":"unmatched_detection"'))
    .map(line => JSON.parse(line) as { start: { lat: number }; phase: string })
  expect(told.map(({ start: { lat } }) => lat)).toEqual([11.5])
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
  expect(stackLines(rest.stderr)).toEqual([])
})

describe('what people get wrong is refused before anything starts', () => {
  const folder = emptyFolder()
  const broken = join(folder, 'broken')
  mkdirSync(broken)
  writeFileSync(join(broken, 'checkpoint-3.dwstate'), 'not a checkpoint')
  const newer = join(folder, 'newer')
  mkdirSync(newer)
  const head = Buffer.alloc(64)
  head.write('DWSTATE1')
  head.writeUInt32LE(7, 8)
  writeFileSync(join(newer, 'checkpoint-3.dwstate'), head)

  const cases: [args: string[], words: RegExp][] = [
    [['--tcp', 'nowhere'], /--tcp: expected HOST:PORT, got "nowhere"/],
    [['--tcp', 'host:99999'], /--tcp: expected HOST:PORT/],
    [['--ws', 'http://example.org'], /--ws: expected a URL with ws:\/\/ or wss:\/\//],
    [['--ws', 'wss://stream.aisstream.io/v0/stream'], /aisstream\.io wants a key: set AISSTREAM_API_KEY/],
    [['--mqtt', 'digitraffic'], /--mqtt: expected a URL/],
    [['--kafka', 'a:9092'], /--kafka wants a --kafka-topic/],
    [['--kafka', 'a', '--kafka-topic', 't'], /--kafka: expected HOST:PORT, got "a"/],
    [['--tcp', 'a:1', '--kafka-out', 'b/t'], /--kafka-out: expected HOST:PORT, got "b"/],
    [['--webhook', 'ftp://x', '--tcp', 'a:1'], /--webhook: expected a URL with http:\/\/ or https:\/\//],
    [['--speed', '60', '--tcp', 'a:1'], /--speed goes with --replay/],
    [['--tcp', 'a:1', '--lateness', 'b=1h'], /--lateness: no source is named b; there are tcp:a:1/],
    [['--tcp', 'a:1', '--lateness', 'soon'], /Expected a length of time/],
    [['--tcp', 'x=a:1', '--udp', 'x=5000'], /two sources are named x/],
    [['--tcp', 'a:1', '--serve', '0.0.0.0:8080'], /can be reached by others: set DARKWAKE_TOKEN/],
    [['--tcp', 'a:1', '--config', 'missing.yaml'], /missing\.yaml/],
    [['--tcp', 'a:1', '--state', broken], /no checkpoint in it is whole: .*move the folder away/],
    [['--tcp', 'a:1', '--state', newer], /newer darkwake \(version 7.*move the folder away/],
    [['--tcp', 'a:1', '--state', '/dev/null/x'], /state: \/dev\/null\/x/],
  ]
  test.each(cases)('watch %j', async (args, words) => {
    const outcome = await darkwake(['watch', '--no-zones', ...args], {
      env: { AISSTREAM_API_KEY: '', DARKWAKE_TOKEN: '' },
    })
    expect(outcome.code, outcome.stderr).toBe(2)
    const lines = outcome.stderr.split('\n').filter(Boolean)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(words)
    expect(outcome.stdout).toBe('')
  })

  test('a folder that cannot be used is left as it was', () => {
    expect(readFileSync(join(broken, 'checkpoint-3.dwstate'), 'utf8')).toBe('not a checkpoint')
  })

  test('an output that cannot be opened ends with 1', async () => {
    const outcome = await darkwake([
      'watch',
      '--no-zones',
      '--tcp',
      '127.0.0.1:1',
      '-o',
      '/no/such/dir/x.ndjson',
    ])
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toMatch(/output: \/no\/such\/dir\/x\.ndjson/)
  })
})
