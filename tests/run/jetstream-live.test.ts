// Live feeds on their way to the server, without one: what is put in order, what waits while it is away, and what two at a time do.

import { describe, expect, test } from 'vitest'
import { createInOrder } from '../../src/run/jetstream/in-order.js'
import { createDistributor } from '../../src/run/jetstream/ingest.js'
import { decoded, type ReportsHead } from '../../src/run/jetstream/messages.js'
import { createOutbox } from '../../src/run/jetstream/outbox.js'
import { createBatch, appendReport } from '../../src/model/batch.js'
import { createWords } from '../../src/model/words.js'
import type { WatchEngine } from '../../src/run/watch.js'
import { joined } from '../../src/engine/snapshot.js'
import { minute } from './watch/helpers.js'

interface Sent {
  part: number
  n: number
  kind: string
  minute: number
  rows: number
}

function inOrder(sent: Sent[], restore?: Uint8Array) {
  let seq = 0
  const words = createWords()
  const send = (part: number, n: number, payload: Uint8Array, rows: number): void => {
    const { kind, t } = decoded<ReportsHead>(payload).head
    sent.push({ part, n, kind, minute: Math.floor((t - minute(0)) / 60_000), rows })
    seq++
  }
  const engine = createInOrder({
    ...{ name: 'test', parts: 2, seq: () => seq },
    engine: { words, onEvent: () => undefined, ...(restore && { restore }) },
    distribute(own, saved) {
      seq = saved?.seq ?? 0
      return createDistributor(own, 2, send, saved?.stand)
    },
    begin: distributor => distributor,
  })
  return { engine, hear: (mmsi: number, m: number) => hear(engine, words, mmsi, m) }
}

function hear(engine: WatchEngine, words: ReturnType<typeof createWords>, mmsi: number, m: number): void {
  const batch = createBatch(words, 1)
  appendReport(batch, { mmsi, t: minute(m), lat: 1, lon: 2, sog: 9, cog: 90 })
  engine.pushBatch(batch)
}

describe('reports of live feeds', () => {
  test('wait for the watermark and go out by minutes; what is later is left out and counted', () => {
    const sent: Sent[] = []
    const { engine, hear } = inOrder(sent)
    hear(201_000_001, 1.5)
    hear(201_000_002, 0.5)
    hear(201_000_001, 2.5)
    expect(sent).toEqual([])
    engine.advance(minute(2))
    expect(sent.filter(({ kind }) => kind === 'tick').map(each => each.minute)).toEqual([2, 2])
    expect(sent.reduce((sum, { rows }) => sum + rows, 0)).toBe(2)
    hear(201_000_003, 1.9)
    engine.advance(minute(3))
    expect(engine.counts).toMatchObject({ accepted: 3, late: 1 })
    engine.flush()
    expect(sent.slice(-2).map(({ kind }) => kind)).toEqual(['end', 'end'])
    for (const part of [0, 1])
      expect(sent.filter(each => each.part === part).map(({ n }) => n)).toEqual(
        sent.filter(each => each.part === part).map((_, k) => k),
      )
  })

  test('one wrong clock before all others is left out', () => {
    const sent: Sent[] = []
    const { engine, hear } = inOrder(sent)
    hear(201_000_009, -10 * 365 * 1440)
    for (const k of [1, 2, 3]) hear(201_000_000 + k, k)
    engine.advance(minute(3))
    expect(engine.counts).toMatchObject({ accepted: 2, late: 1 })
    expect(sent.filter(({ kind }) => kind === 'tick')).toHaveLength(2)
  })

  test('a state goes on with the same messages', () => {
    const whole: Sent[] = []
    const halves: Sent[] = []
    const tell = (target: ReturnType<typeof inOrder>, from: number, to: number): void => {
      for (let m = from; m < to; m++) {
        for (const k of [1, 2, 3]) target.hear(201_000_000 + k, m + k / 10)
        target.engine.advance(minute(m - 2))
      }
    }
    const all = inOrder(whole)
    tell(all, 0, 10)
    const first = inOrder(halves)
    tell(first, 0, 5)
    const second = inOrder(halves, joined(first.engine.capture()))
    tell(second, 5, 10)
    expect(halves).toEqual(whole)
    expect(whole.length).toBeGreaterThan(10)
  })

  test('a state of other parts is refused', () => {
    const { engine } = inOrder([])
    const restore = engine.snapshot()
    expect(() =>
      createInOrder({
        ...{ name: 'test', parts: 3, seq: () => 0, begin: each => each },
        engine: { onEvent: () => undefined, restore },
        distribute: own => createDistributor(own, 3, () => undefined),
      }),
    ).toThrow(/made by an ingest into test with 2 parts/)
  })
})

/** A server that takes what follows on what it has, as JetStream does. */
function fakeServer() {
  const there: string[] = []
  const server = {
    there,
    isAway: false,
    /** Takes so many more, and loses the answers. */
    deaf: 0,
    append(_: unknown, payload: Uint8Array, after: number): Promise<void> {
      if (server.isAway) return Promise.reject(new Error('away'))
      if (there.length !== after) return Promise.reject(new Error(`wrong last sequence: ${there.length}`))
      there.push(Buffer.from(payload).toString())
      return server.deaf-- > 0 ? Promise.reject(new Error('timeout')) : Promise.resolve()
    },
    lastReport: () => (server.isAway ? Promise.reject(new Error('away')) : Promise.resolve(there.length)),
    report: (which: { seq: number } | { part: number }) =>
      Promise.resolve({ subject: '', payload: Buffer.from(there[(which as { seq: number }).seq - 1]!) }),
  }
  return server
}

describe('messages for the server', () => {
  const texts = Array.from({ length: 1000 }, (_, k) => `message ${k}`)
  const open = (server: ReturnType<typeof fakeServer>, said: string[], maxBytes?: number) => {
    const failures: Error[] = []
    const outbox = createOutbox({
      ...{ server, name: 'nats', known: server.there.length, maxBytes },
      log: (_, text) => said.push(text),
      onFailure: error => failures.push(error),
    })
    return { outbox, failures }
  }

  test('wait while it is away, which is told once, and go in order when it is back', async () => {
    const server = fakeServer()
    const said: string[] = []
    const { outbox } = open(server, said, 500)
    server.isAway = true
    for (const text of texts) outbox.send([0], Buffer.from(text), 1)
    const room = outbox.room()
    expect(room).not.toBeNull()
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(outbox.waitingRows).toBe(1000)
    server.isAway = false
    await room
    await outbox.sync()
    expect(server.there).toEqual(texts)
    expect(said).toHaveLength(2)
    expect(said[0]).toMatch(/output nats: away: 1000 reports wait; trying again in [\d.]+ s and on/)
    expect(said[1]).toMatch(/works again/)
    expect(outbox.put).toEqual({ rows: 1000, messages: 1000, repeated: 0 })
  })

  test('whose answers are lost are not sent twice', async () => {
    const server = fakeServer()
    const { outbox } = open(server, [])
    server.deaf = 300
    for (const text of texts) outbox.send([0], Buffer.from(text), 1)
    await outbox.sync()
    expect(server.there).toEqual(texts)
  })

  test('that are there already are not sent again', async () => {
    const server = fakeServer()
    server.there.push(...texts.slice(0, 400))
    const { outbox } = open(server, [])
    for (const text of texts) outbox.send([0], Buffer.from(text), 1)
    await outbox.sync()
    expect(server.there).toEqual(texts)
    expect(outbox.put).toMatchObject({ messages: 600, repeated: 400 })
  })

  test('of two at a time: one fails', async () => {
    const server = fakeServer()
    const { outbox, failures } = open(server, [])
    server.there.push('of somebody else')
    outbox.send([0], Buffer.from('ours'), 1)
    await expect(outbox.sync()).rejects.toThrow('somebody else puts reports in')
    expect(failures).toHaveLength(1)
    expect(server.there).toEqual(['of somebody else'])
  })

  test('that were never taken are counted at the end', async () => {
    const server = fakeServer()
    const { outbox } = open(server, [])
    server.isAway = true
    outbox.send([0], Buffer.from('lost'), 7)
    await outbox.close(30)
    expect(outbox.waitingRows).toBe(7)
  })
})
