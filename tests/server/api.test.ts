// The API as a program sees it: who is let in, what is refused, what a page and a map hold, and that hostile text leaves
// it harmless.

import { request } from 'node:http'
import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/model/errors.js'
import { appendReport, appendStatic, createBatch } from '../../src/model/batch.js'
import { createWords } from '../../src/model/words.js'
import { serveStore, type ConsoleServer } from '../../src/server/serve.js'
import { openStore, type Store } from '../../src/store/store.js'
import { gapEvent, openGap } from '../sinks/events.js'
import { hasDuckdb, HOUR, seaEvents, T0, WITHOUT } from '../store/sea.js'

let store: Store
const servers: ConsoleServer[] = []
const HOSTILE = [
  '<SCRIPT SRC=//A.CO>',
  '=HYPERLINK("http://a.co")',
  '\u202egnp.exe\u0007\u001b[31m',
  'x'.repeat(10_000),
]
const events = seaEvents(300)
const gap = gapEvent({
  ...{
    id: 'gap-1-1',
    mmsi: 416000301,
    start: { t: T0, lat: 50, lon: 3 },
    end: { t: T0 + 6 * HOUR, lat: 50.5, lon: 3 },
  },
  details: {
    reach: { rangeM: 100_000, vMaxKn: 12, vMaxFrom: 'track', areaKm2: 1, zonesInReach: 0, zones: [] },
  },
})

beforeAll(async () => {
  if (!hasDuckdb) return
  store = await openStore(':memory:')
  for (const event of [...events, gap]) store.write.add(event)
  HOSTILE.forEach((name, k) =>
    store.write.add(
      gapEvent({
        ...{ id: `gap-666-${k}`, mmsi: 666000000 + k, score: 1 },
        vessel: { ...gap.vessel, name, callsign: name },
        evidence: [{ family: 'silence', name: 'a', value: name, weight: 1, text: name }],
      }),
    ),
  )
  const batch = createBatch(createWords(), 1000)
  for (let m = -120; m <= 480; m++) {
    if (m <= 0 || m >= 360)
      appendReport(batch, { mmsi: 416000301, t: T0 + m * 60_000, lat: 50 + m / 720, lon: 3, sog: 5, cog: 0 })
    if (m % 10 === 0)
      appendReport(batch, { mmsi: 211000001, t: T0 + m * 60_000, lat: 50.2, lon: 3.1, sog: 0 })
  }
  HOSTILE.forEach((name, k) => appendStatic(batch, { mmsi: 666000000 + k, t: T0, name, destination: name }))
  store.write.take(batch)
  await store.write.flush()
})
afterAll(() => store?.close())
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(token?: string, host = '127.0.0.1'): Promise<ConsoleServer> {
  const server = await serveStore({ store, address: { host, port: 0 }, token, version: '1.2.3', folder: '' })
  servers.push(server)
  return server
}

async function get(
  server: ConsoleServer,
  path: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${server.url}api/${path}`, { headers })
}
async function json<T>(server: ConsoleServer, path: string): Promise<T> {
  const answer = await get(server, path)
  expect(answer.status, path).toBe(200)
  return (await answer.json()) as T
}
const post = (
  server: ConsoleServer,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${server.url}api/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

/** fetch does not let a program say who it pretends to be. */
function asked(server: ConsoleServer, path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(server.url)
  return new Promise((done, failed) => {
    request({ hostname, port, path, headers }, answer => {
      answer.resume()
      done(answer.statusCode!)
    })
      .on('error', failed)
      .end()
  })
}

interface Page {
  events: { id: string; score: number; name: string | null }[]
  next: string | null
}

describe.skipIf(!hasDuckdb)(`the API ${hasDuckdb ? '' : WITHOUT}`, () => {
  test('of a silence there are the passes worth looking at, of anything else none', async () => {
    const own = await openStore(':memory:')
    const silence = { ...gap, end: { ...gap.end!, t: T0 + 12 * HOUR } }
    own.write.add(silence)
    own.write.add({ ...silence, id: 'met', type: 'encounter' })
    await own.write.flush()
    const address = { host: '127.0.0.1', port: 0 }
    const server = await serveStore({ store: own, address, token: undefined, version: '1', folder: '' })
    servers.push(server)
    interface Looks {
      features: { properties: { part: string; link?: string } }[]
    }
    const { features } = await json<Looks>(server, `events/${gap.id}/looks`)
    const links = features.flatMap(({ properties: { link } }) => link ?? [])
    expect(features.map(({ properties: { part } }) => part)).toEqual(['area', ...links.map(() => 'look')])
    expect(new Set(links.map(link => new URL(link).origin))).toEqual(
      new Set(['https://browser.dataspace.copernicus.eu']),
    )
    expect((await json<Looks>(server, 'events/met/looks')).features).toEqual([])
    expect((await get(server, 'events/none/looks')).status).toBe(404)
    await own.close()
  })

  test('a histogram holds every event once, and no more steps than can be shown', async () => {
    const server = await serve()
    interface Bins {
      from: number
      to: number
      bins: { t: number; type: string; count: number }[]
    }
    for (const query of ['', '&type=gap,zone', '&q=ship+3', '&type=']) {
      const { from, to, bins } = await json<Bins>(server, `histogram?stepMinutes=37${query}`)
      const { total, byType } = await json<{ total: number; byType: object }>(
        server,
        `counts?${query.slice(1)}`,
      )
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(total)
      expect(new Set(bins.map(({ type }) => type))).toEqual(new Set(Object.keys(byType)))
      expect(bins.every(({ t }) => t >= from && t < to && (t - from) % (37 * 60_000) === 0)).toBe(true)
    }
    const years = 'from=1980-01-01&to=2004-01-01'
    expect((await json<Bins>(server, `histogram?stepMinutes=1440&${years}`)).bins).toEqual([])
    const refused = await get(server, `histogram?stepMinutes=1&${years}`)
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: 'stepMinutes: more than 200000 steps' },
    ])
  })

  test('pages by cursor are the whole, each event once', async () => {
    const server = await serve()
    const ids: string[] = []
    let cursor = ''
    do {
      const page = await json<Page>(server, `events?type=gap,zone&sort=newest&limit=7${cursor}`)
      ids.push(...page.events.map(({ id }) => id))
      cursor = page.next === null ? '' : `&cursor=${page.next}`
    } while (cursor)
    const wanted = events.filter(({ type }) => type === 'gap' || type === 'zone').length + 1 + HOSTILE.length
    expect(ids.length).toBe(wanted)
    expect(new Set(ids).size).toBe(wanted)
  })

  test('what is asked wrongly is refused with its name, and asks nothing of the database', async () => {
    const server = await serve()
    for (const [path, says] of [
      ['events?limit=0', 'limit'],
      ['events?limit=1e9', 'limit'],
      ['events?sort=name', 'sort'],
      ['events?minScore=2', 'minScore'],
      ['events?bbox=1,2,3', 'bbox'],
      ['events?from=yesterday', 'from'],
      ['events?cursor=abc', 'cursor'],
      ['vessels/0', 'mmsi'],
      ['vessels/abc', 'mmsi'],
      ['tracks/columns?from=2024-01-01', 'to'],
    ] as const) {
      const answer = await get(server, path)
      expect(answer.status, path).toBe(400)
      expect(((await answer.json()) as { error: string }).error).toContain(says)
    }
    for (const path of ['events/none', 'vessels/999', 'nothing', 'events/none/map', '..%2f..%2fetc%2fpasswd'])
      expect((await get(server, path)).status, path).toBe(404)
    expect((await json<Page>(server, `events?q=${encodeURIComponent("' OR 1=1 --")}`)).events).toEqual([])
  })

  test('the map of a gap has its line, its envelope, the track on both sides and who else was heard', async () => {
    const server = await serve()
    interface Shape {
      geometry: { type: string }
      properties: { part: string; mmsi?: number; sog?: number | null }
    }
    const { features } = await json<{ features: Shape[] }>(server, 'events/gap-1-1/map?hours=3')
    const parts = (part: string): Shape[] => features.filter(({ properties }) => properties.part === part)
    expect(parts('event')[0]!.geometry.type).toBe('LineString')
    expect(parts('envelope')[0]!.geometry.type).toBe('Polygon')
    expect(parts('silence').length).toBe(1)
    expect(parts('track').length).toBeGreaterThan(50)
    expect(parts('track').every(({ properties }) => properties.sog === 5)).toBe(true)
    expect(parts('near').map(({ properties }) => properties.mmsi)).toEqual([211000001])
    expect(parts('start').length + parts('end').length).toBe(2)
  })

  test('columns lie where the head says, and say the same as the page', async () => {
    const server = await serve()
    const answer = await get(server, 'events/columns?sort=score&minScore=0.5&exempt=show')
    const bytes = Buffer.from(await answer.arrayBuffer())
    const start = 4 + bytes.readUInt32LE(0)
    expect(start % 8).toBe(0)
    const head = JSON.parse(bytes.toString('utf8', 4, start)) as {
      count: number
      columns: { name: string; type: string; offset: number }[]
    }
    const score = head.columns.find(({ name }) => name === 'score')!
    const n = head.columns.find(({ name }) => name === 'n')!
    const page = await json<{ events: { n: number; score: number }[] }>(
      server,
      'events?minScore=0.5&limit=500&exempt=show',
    )
    expect(head.count).toBe(page.events.length)
    page.events.forEach((event, k) => {
      expect(bytes.readFloatLE(start + score.offset + 4 * k)).toBeCloseTo(event.score, 5)
      expect(bytes.readUInt32LE(start + n.offset + 4 * k)).toBe(event.n)
    })
  })

  test('hostile text comes out without what a browser, a terminal or a reader would obey', async () => {
    const server = await serve()
    for (const path of [
      'events?limit=10',
      ...HOSTILE.map((_, k) => `events/gap-666-${k}`),
      ...HOSTILE.map((_, k) => `vessels/${666000000 + k}`),
      'events/gap-666-2/map',
    ]) {
      const answer = await get(server, path)
      expect(answer.headers.get('content-type')).toMatch(/^application\/(geo\+)?json/)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      const text = await answer.text()
      expect(text).not.toMatch(/\\u202e|\u202e|\\u0007|\\u001b|\u001b/)
      expect(text).not.toContain('x'.repeat(2001))
    }
  })

  test('a text without end hides no number from a search', async () => {
    const { events: found } = await json<Page>(await serve(), 'events?q=666')
    expect(found.map(({ id }) => id).sort()).toEqual(HOSTILE.map((_, k) => `gap-666-${k}`))
  })

  test('a page runs its own scripts only, and no other page gets in', async () => {
    const server = await serve()
    const policy = (await get(server, 'summary')).headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    const host = new URL(server.url).host
    expect(await asked(server, '/api/summary', { host })).toBe(200)
    for (const headers of [
      { host: 'evil.example' },
      { host, origin: 'http://evil.example' },
      { host, origin: 'null' },
      { host, origin: 'http://127.0.0.1:1' },
    ])
      expect(await asked(server, '/api/summary', headers), JSON.stringify(headers)).toBe(403)
    expect((await post(server, {}, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post(server, `{"kind":"comment","text":"${'a'.repeat(20_000)}"}`)).status).toBe(413)
  })

  test('beyond loopback only with a token, and not for ever', async () => {
    await expect(
      serveStore({ store, address: { host: '0.0.0.0', port: 0 }, token: undefined, version: '', folder: '' }),
    ).rejects.toThrow(UsageError)
    const server = await serve('secret', '0.0.0.0')
    const own = { ...server, url: server.url.replace('0.0.0.0', '127.0.0.1') }
    expect((await get(own, 'summary')).status).toBe(401)
    expect((await get(own, 'summary', { authorization: 'Bearer secrets' })).status).toBe(401)
    expect((await get(own, 'summary', { authorization: 'Bearer secret' })).status).toBe(200)
    const codes = await Promise.all(
      Array.from({ length: 620 }, async () => (await get(own, 'summary')).status),
    )
    expect(codes).toContain(429)
  })

  test('decisions are the only writes, checked, and told to every page', async () => {
    const server = await serve()
    const stop = new AbortController()
    const live = await fetch(`${server.url}api/live`, { signal: stop.signal })
    expect(live.headers.get('content-type')).toBe('text/event-stream')
    const reader = live.body!.pipeThrough(new TextDecoderStream()).getReader()
    let heard = ''
    const until = async (what: string): Promise<void> => {
      while (!heard.includes(what)) heard += (await reader.read()).value ?? ''
    }
    await until('event: sources')

    for (const body of [
      {},
      { kind: 'acknowledge' },
      { kind: 'exempt', mmsi: 5 },
      { kind: 'exempt', mmsi: 5, expires: '2001-01-01T00:00:00Z' },
      { kind: 'comment', event: 'gap-1-1', text: '  ' },
      { kind: 'acknowledge', event: 'gap-1-1', sql: '1' },
      { kind: 'drop', event: 'gap-1-1' },
    ])
      expect((await post(server, body)).status, JSON.stringify(body)).toBe(400)
    expect((await post(server, { kind: 'acknowledge', event: 'none' })).status).toBe(404)
    const made = await post(server, {
      kind: 'acknowledge',
      event: 'gap-1-1',
      text: 'seen \u202e',
      author: 'ann',
    })
    expect(made.status).toBe(201)
    expect(await made.json()).toMatchObject({ kind: 'acknowledge', text: 'seen ', author: 'ann' })
    await until('"kind":"acknowledge"')
    const { decisions } = await json<{ decisions: unknown[] }>(server, 'events/gap-1-1')
    expect(decisions).toHaveLength(1)

    store.write.add(openGap({ id: 'gap-new-1', score: 0.99 }))
    await server.tell(await store.write.flush())
    await until('gap-new-1')
    stop.abort()
  })

  test('describes itself', async () => {
    const server = await serve()
    const description = await json<{ openapi: string; paths: Record<string, Record<string, unknown>> }>(
      server,
      'openapi.json',
    )
    expect(description.openapi).toBe('3.1.0')
    const methods = Object.entries(description.paths).flatMap(([path, of]) =>
      Object.keys(of).map(method => `${method} ${path}`),
    )
    expect(methods).toContain('get /api/events/{id}/map')
    expect(methods.filter(method => !method.startsWith('get'))).toEqual(['post /api/decisions'])
    expect(JSON.stringify(description.paths['/api/events'])).toContain('"cursor"')
  })
})
