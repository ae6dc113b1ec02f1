import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createDelivery, RefusedError, type Carrier } from '../../../src/sinks/live/delivery.js'
import { createQueue, type Queued } from '../../../src/sinks/live/queue.js'
import { cloudEvent, webhookCarrier } from '../../../src/sinks/live/webhook.js'
import { until } from '../../sources/live/hear.js'
import { told } from './lines.js'

/** Takes what it is sent, or fails as the list says, one entry a try. */
function carrier(fates: (Error | null)[], batch = 10): Carrier & { got: number[] } {
  const got: number[] = []
  return {
    batch,
    got,
    send(events: Queued[]) {
      const fate = fates.shift()
      if (fate) return Promise.reject(fate)
      got.push(...events.map(({ seq }) => seq))
      return Promise.resolve()
    },
  }
}

function delivery(using: Carrier, said: string[] = [], refused: number[] = []) {
  return createDelivery({
    ...{ name: 'test', carrier: using, queue: createQueue(undefined), dice: () => 0 },
    log: (_, message) => void said.push(message),
    onRefused: ({ seq }) => void refused.push(seq),
  })
}

describe('a delivery', () => {
  test('hands on in order, all of it, before it closes', async () => {
    const to = carrier([])
    const outlet = delivery(to)
    for (let seq = 1; seq <= 35; seq++) outlet.offer(told(seq))
    await outlet.close(1000)
    expect(to.got).toEqual(Array.from({ length: 35 }, (_, k) => k + 1))
    expect(outlet.status()).toMatchObject({ ok: true, queued: 0, delivered: 35, failures: 0 })
  })

  test('tries again when the other side was away, and tells both once', async () => {
    const to = carrier([new Error('away'), null])
    const said: string[] = []
    const outlet = delivery(to, said)
    outlet.offer(told(1))
    await until(() => said.length === 1)
    outlet.offer(told(2))
    expect(outlet.status()).toMatchObject({ ok: false, queued: 2, failures: 1, error: 'away' })
    await until(() => to.got.length === 2)
    expect(to.got).toEqual([1, 2])
    expect(said).toEqual([
      'output test: away; 1 events wait, trying again in 0.8 s',
      'output test: works again, 0 events wait',
    ])
    await outlet.close(100)
  })

  test('an event that is refused for good is set aside, and holds up no other', async () => {
    const to = carrier([new RefusedError('bad'), new RefusedError('bad')], 3)
    const refused: number[] = []
    const outlet = delivery(to, [], refused)
    for (const seq of [1, 2, 3]) outlet.offer(told(seq))
    await outlet.close(1000)
    expect(refused).toEqual([1])
    expect(to.got).toEqual([2, 3])
    expect(outlet.status()).toMatchObject({ refused: 1, delivered: 2, queued: 0 })
  })

  test('one that hangs stops nobody: it is left at the deadline, its events kept', async () => {
    const outlet = delivery({ batch: 1, send: () => new Promise(() => undefined) })
    outlet.offer(told(1))
    await outlet.close(50)
    expect(outlet.status().queued).toBe(1)
  })
})

describe('a webhook', () => {
  let server: http.Server | undefined
  afterEach(() => void server?.close())

  async function answering(
    codes: number[],
  ): Promise<{ url: string; bodies: string[]; headers: http.IncomingHttpHeaders[] }> {
    const bodies: string[] = []
    const headers: http.IncomingHttpHeaders[] = []
    server = http.createServer((request, response) => {
      let body = ''
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => {
        bodies.push(body)
        headers.push(request.headers)
        response.writeHead(codes.shift() ?? 200, { connection: 'close' }).end('x')
      })
    })
    await new Promise<void>(done => server!.listen(0, '127.0.0.1', done))
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, bodies, headers }
  }

  test('gets each event as a CloudEvent', async () => {
    const { url, bodies, headers } = await answering([])
    const outlet = delivery(webhookCarrier({ url, token: 'secret' }))
    const news = told(1)
    outlet.offer(news)
    await outlet.close(5000)
    expect(headers[0]).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      authorization: 'Bearer secret',
    })
    const { data, ...envelope } = JSON.parse(bodies[0]!) as { data: unknown }
    expect(data).toEqual(JSON.parse(news.line))
    expect(envelope).toEqual({
      ...{ specversion: '1.0', id: 'gap-1/1', source: 'darkwake', type: 'darkwake.gap.opened' },
      ...{ subject: '416000301', time: '2018-12-26T04:25:31.000Z' },
      ...{ datacontenttype: 'application/json', dataschema: 'darkwake/event/1' },
    })
  })

  test('that is overloaded, or wants another key, is asked again; one that calls it nonsense is not', async () => {
    for (const [code, words] of [
      [503, /answered 503/],
      [429, /answered 429/],
      [401, /is the token right/],
    ] as const) {
      const { url } = await answering([code])
      const send = webhookCarrier({ url }).send(
        [{ seq: 1, phase: 'opened', line: told(1).line }],
        new AbortController().signal,
      )
      await expect(send).rejects.toThrow(words)
      await expect(send).rejects.not.toBeInstanceOf(RefusedError)
      server!.close()
    }
    const { url } = await answering([422])
    const send = webhookCarrier({ url }).send(
      [{ seq: 1, phase: 'opened', line: told(1).line }],
      new AbortController().signal,
    )
    await expect(send).rejects.toBeInstanceOf(RefusedError)
  })

  test('text that tries to leave its string stays in it', () => {
    const line = told(1, 'opened', {
      vessel: {
        name: '","type":"x"}\u2028\n',
        imo: null,
        callsign: null,
        flag: null,
        shipType: null,
        txClass: 'A',
      },
    }).line
    const envelope = cloudEvent(line)
    expect(envelope).not.toMatch(/[\n\u2028]/)
    expect((JSON.parse(envelope) as { type: string }).type).toBe('darkwake.gap.opened')
  })
})
