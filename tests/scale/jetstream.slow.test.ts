// Detection shared by way of three servers of NATS on loopback, while workers and the servers that lead the streams are killed: the events
// are those of one machine in two passes, each once. Skipped where there is no nats-server (Debian: nats-server).

import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, darkwake, emptyFolder } from '../e2e/darkwake.js'
import { eventsOf, freePort, hasNats } from './nats.js'

const isSlow = process.env['DARKWAKE_SLOW'] !== undefined
if (isSlow && !hasNats) console.log('SKIPPED: nats-server is missing: JetStream is not tested')

const SERVERS = [1, 2, 3]
const KILLS = 12
const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

describe.skipIf(!isSlow || !hasNats)('JetStream', () => {
  let folder: string
  let day: string
  let nats: string
  const servers = new Map<number, ChildProcess>()
  const workers = new Set<ChildProcess>()

  function startServer(k: number): void {
    const child = spawn('nats-server', ['-c', join(folder, `${k}.conf`)], { stdio: 'ignore' })
    servers.set(k, child)
  }

  beforeAll(async () => {
    folder = emptyFolder()
    day = join(folder, 'day.csv')
    const made = await darkwake([
      'simulate',
      'north-sea',
      '-o',
      day,
      '--vessels',
      '250',
      '--seed',
      '7',
      '--quiet',
    ])
    expect(made.code).toBe(0)
    const [ports, routes] = [
      await Promise.all(SERVERS.map(freePort)),
      await Promise.all(SERVERS.map(freePort)),
    ]
    for (const k of SERVERS) {
      mkdirSync(join(folder, `js${k}`))
      writeFileSync(
        join(folder, `${k}.conf`),
        [
          `server_name: n${k}`,
          `listen: 127.0.0.1:${ports[k - 1]}`,
          `jetstream { store_dir: "${join(folder, `js${k}`)}", max_file: 10G }`,
          `cluster { name: test, listen: 127.0.0.1:${routes[k - 1]}, routes: [${routes.map(port => `nats://127.0.0.1:${port}`).join(', ')}] }`,
        ].join('\n'),
      )
      startServer(k)
    }
    nats = ports.map(port => `127.0.0.1:${port}`).join(',')
    await sleep(5000)
  }, 120_000)

  afterAll(() => {
    for (const child of [...workers, ...servers.values()]) child.kill('SIGKILL')
  })

  function startWorker(): ChildProcess {
    const args = [join(build(), 'dist', 'bin', 'darkwake.js'), 'worker', '--nats', nats, '--tasks', '3']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const log = createWriteStream(join(folder, 'workers.log'), { flags: 'a' })
    child.stderr.pipe(log)
    workers.add(child)
    child.on('exit', () => workers.delete(child))
    return child
  }

  test('workers and servers that are killed lose nothing and double nothing', async () => {
    const expected = await darkwake(['detect', day, '--passes', '2', '--quiet'])
    const put = ['ingest', day, '--nats', nats, '--parts', '4', '--replicas', '3', '--quiet']
    expect(await darkwake(put)).toMatchObject({ code: 0, stderr: '' })
    // put in again, nothing is doubled
    expect(await darkwake(put)).toMatchObject({ code: 0, stderr: '' })

    const nc = await connect({ servers: nats.split(','), maxReconnectAttempts: -1 })
    const manager = await jetstreamManager(nc)
    startWorker()
    startWorker()
    let kills = 0
    for (let turn = 0; kills < KILLS && workers.size > 0; turn++) {
      // sooner than work is done, later than it is taken up again by the other one
      await sleep(3500)
      if (turn % 4 === 3) {
        const leader = (await manager.streams.info('DARKWAKE_JUDGED')).cluster!.leader!
        const k = Number(leader.slice(1))
        servers.get(k)!.kill('SIGKILL')
        await sleep(500)
        startServer(k)
      } else {
        const victim = [...workers][turn % 2]
        if (!victim) continue
        victim.kill('SIGKILL')
        startWorker()
      }
      kills++
    }
    expect(kills).toBe(KILLS)
    while (workers.size > 0) await sleep(250)
    expect(readFileSync(join(folder, 'workers.log'), 'utf8')).toContain('tell: done')

    await nc.close()
    const told = await eventsOf(nats, 'DARKWAKE_EVENTS')
    expect(told.sort()).toEqual(expected.stdout.trimEnd().split('\n').sort())
    expect(told.length).toBeGreaterThan(50)
  }, 900_000)

  test('another version, and nothing put in, are said in one line', async () => {
    const nobody = await darkwake(['worker', '--nats', nats, '--prefix', 'empty', '--quiet'])
    expect(nobody).toMatchObject({ code: 2, stdout: '' })
    expect(nobody.stderr).toContain('nothing has been put in there')
    const few = join(folder, 'few.csv')
    writeFileSync(few, readFileSync(day, 'utf8').split('\n').slice(0, 50).join('\n'))
    const put = ['ingest', few, '--nats', nats, '--prefix', 'few', '--quiet', '--parts']
    expect(await darkwake([...put, '2'])).toMatchObject({ code: 0, stderr: '' })
    const other = await darkwake([...put, '5'])
    expect(other.code).toBe(2)
    expect(other.stderr).toContain('with 2 parts: take another --prefix')
    const away = await darkwake(['worker', '--nats', '127.0.0.1:1', '--quiet'])
    expect(away.code).toBe(1)
    expect(away.stderr.trimEnd().split('\n')).toHaveLength(1)
  }, 120_000)
})
