// Detection shared by way of three servers of NATS on loopback, while workers and the servers that lead the streams are killed: the events
// are those of one machine in two passes, each once. Skipped where there is no nats-server (Debian: nats-server).

import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, darkwake, emptyFolder } from '../e2e/darkwake.js'
import { appendReport, createBatch } from '../../src/model/batch.js'
import { createWords } from '../../src/model/words.js'
import { work } from '../../src/run/jetstream.js'
import { createWorkerBooks } from '../../src/run/jetstream/books.js'
import { createDistributor } from '../../src/run/jetstream/ingest.js'
import { decoded, type ReportsHead } from '../../src/run/jetstream/messages.js'
import { connectServer } from '../../src/run/jetstream/server.js'
import { partOf } from '../../src/run/jetstream/subjects.js'
import { eventsOf, hasNats, messagesOf, startCluster, type NatsCluster } from './nats.js'

const isSlow = process.env['DARKWAKE_SLOW'] !== undefined
if (isSlow && !hasNats) console.log('SKIPPED: nats-server is missing: JetStream is not tested')

const KILLS = 12
const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

describe.skipIf(!isSlow || !hasNats)('JetStream', () => {
  let folder: string
  let day: string
  let nats: string
  let cluster: NatsCluster
  const workers = new Set<ChildProcess>()

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
    cluster = await startCluster(folder)
    nats = cluster.addresses
  })

  afterAll(() => {
    for (const child of workers) child.kill('SIGKILL')
    cluster.stop()
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
        cluster.servers.get(k)!.kill('SIGKILL')
        await sleep(500)
        cluster.start(k)
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
  })

  test('a minute that no worker can bear is set aside after three tries, and the rest is judged', async () => {
    const parts = 2
    const words = createWords()
    const batch = createBatch(words, 4096)
    // two ships for a day, one of which falls silent for half of it
    for (let minute = 0; minute < 1440; minute += 2)
      for (const mmsi of [201_000_001, 201_000_002]) {
        const isSilent = mmsi === 201_000_001 && minute > 200 && minute < 1000
        const t = Date.UTC(2024, 0, 1) + minute * 60_000
        if (!isSilent) appendReport(batch, { mmsi, t, lat: 57 + minute / 2000, lon: 3, sog: 5, txClass: 'A' })
      }
    const broken = [300, 402].map(minute => Date.UTC(2024, 0, 1) + minute * 60_000)

    /** @param change what becomes of the messages that are meant; null: they are not put in */
    async function judge(prefix: string, change: (payload: Uint8Array) => Uint8Array | null) {
      const server = await connectServer({ servers: nats.split(','), prefix })
      await server.create(parts, 1)
      await server.putNote('setup', { version: '1', parts })
      for (const name of ['0', '1', 'sea', 'tell']) await server.publish('work', [name], '')
      const sent = new Array<number>(parts).fill(0)
      const messages: [number, Uint8Array][] = []
      const distributor = createDistributor(words, parts, (part, _, payload) =>
        messages.push([part, payload]),
      )
      for (let i = 0; i < batch.length; i++) {
        distributor.advance(Math.floor(batch.t[i]! / 60_000))
        distributor.pushRow(batch, i)
      }
      distributor.end()
      let changed = 0
      for (const [part, payload] of messages) {
        const { head } = decoded<ReportsHead>(payload)
        const isMeant = head.kind === 'rows' && broken.includes(head.t) && part === partOf(201_000_002, parts)
        const put = isMeant ? change(payload) : payload
        if (isMeant) changed++
        if (put) await server.publish('reports', [part, sent[part]!++], put)
      }
      await server.close()
      expect(changed).toBe(broken.length)
      const books = createWorkerBooks()
      await work({
        ...{ servers: nats.split(','), prefix, version: '1', rules: {}, tasks: 4, books },
        ...{ signal: new AbortController().signal, log: () => undefined },
      })
      const told = (await eventsOf(nats, `${prefix}_EVENTS`.toUpperCase())).sort()
      const aside = await messagesOf(nats, `${prefix}_POISON`.toUpperCase())
      return { told, aside, books }
    }

    const without = await judge('without', () => null)
    expect(without.aside).toEqual([])
    expect(without.told.some(text => text.includes('"gap"'))).toBe(true)
    for (const [prefix, change] of [
      ['cut', (payload: Uint8Array) => payload.subarray(0, -1)],
      ['headless', (payload: Uint8Array) => payload.subarray(3)],
    ] as const) {
      const { told, aside, books } = await judge(prefix, change)
      expect(told).toEqual(without.told)
      expect(aside).toHaveLength(broken.length)
      expect(books.failures).toBe(3 * broken.length)
    }
  })
})
