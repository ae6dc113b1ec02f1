// What goes into a store comes out of it: latest revisions, every filter as one would by hand, pages that are the whole.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { createBatch, appendReport, appendStatic } from '../../src/model/batch.js'
import { createWords } from '../../src/model/words.js'
import { eventLine } from '../../src/sinks/ndjson.js'
import type { EventFilter, Sort } from '../../src/store/filter.js'
import { MIGRATIONS } from '../../src/store/schema.js'
import { openStore, type Store } from '../../src/store/store.js'
import type { VesselEvent } from '../../src/model/event.js'
import { gapEvent, openGap } from '../sinks/events.js'
import { hasDuckdb, HOUR, seaEvents, T0, WITHOUT } from './sea.js'

const folder = mkdtempSync(join(tmpdir(), 'darkwake-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const opened: Store[] = []
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

async function open(path = ':memory:'): Promise<Store> {
  const store = await openStore(path)
  opened.push(store)
  return store
}

async function close(store: Store): Promise<void> {
  opened.splice(opened.indexOf(store), 1)
  await store.close()
}

async function filled(events: readonly VesselEvent[], path?: string): Promise<Store> {
  const store = await open(path)
  for (const event of events) store.write.add(event)
  await store.write.flush()
  return store
}

async function all(store: Store, filter: EventFilter, sort: Sort, limit: number): Promise<string[]> {
  const ids: string[] = []
  let page = await store.events.page(filter, sort, limit)
  for (;;) {
    ids.push(...page.events.map(({ id }) => id))
    if (!page.next) return ids
    expect(page.events.length).toBe(limit)
    page = await store.events.page(filter, sort, limit, page.next)
  }
}

/** The same by hand. */
function wanted(event: VesselEvent, f: EventFilter): boolean {
  const { start, end, vessel } = event
  const among = (list: readonly string[] | undefined, value: string | null | undefined): boolean =>
    !list || (value != null && list.includes(value))
  const inBox = (at: { lat: number | null; lon: number | null } | null): boolean => {
    const [w, s, e, n] = f.bbox!
    if (!at || at.lat === null || at.lon === null || at.lat < s || at.lat > n) return false
    return w <= e ? at.lon >= w && at.lon <= e : at.lon >= w || at.lon <= e
  }
  const said = `${vessel.name} ${event.mmsi} ${vessel.flag} ${event.type} ${event.class} ${event.zones.start.map(({ name }) => name).join(' ')}`
  return (
    (f.retracted === true || event.phase !== 'retracted') &&
    among(f.types, event.type) &&
    among(f.classes, event.class) &&
    among(f.flags, vessel.flag) &&
    (!f.zones || event.zones.start.some(({ id }) => f.zones!.includes(id))) &&
    (f.mmsi === undefined || event.mmsi === f.mmsi) &&
    (f.from === undefined || end === null || end.t >= f.from) &&
    (f.to === undefined || start.t < f.to) &&
    (f.minScore === undefined || event.score >= f.minScore) &&
    (f.minDurationS === undefined || (event.durationS !== null && event.durationS >= f.minDurationS)) &&
    (f.open === undefined || (end === null) === f.open) &&
    (!f.bbox || inBox(start) || inBox(end)) &&
    (f.text ?? '')
      .toLowerCase()
      .split(/\s+/)
      .every(word => said.toLowerCase().includes(word))
  )
}

const FILTERS: EventFilter[] = [
  {},
  { types: ['gap', 'zone'] },
  { types: [] },
  { classes: ['a'], minScore: 0.5 },
  { zones: ['eez-1', 'eez-3'] },
  { flags: ['NOR', 'PAN'], open: true },
  { mmsi: 200_000_003 },
  { from: T0 + 50 * HOUR, to: T0 + 60 * HOUR },
  { text: 'ship 3 waters' },
  { text: "'; DROP TABLE events; --" },
  { text: '%' },
  { bbox: [-40, 0, 60, 50] },
  { bbox: [150, -60, -150, 60], minDurationS: 7200 },
  { types: ['gap'], zones: ['eez-2'], text: 'nor', minScore: 0.1, from: T0, bbox: [-180, -90, 180, 90] },
]
const SORTS: Sort[] = ['score', 'newest', 'oldest', 'longest']

describe.skipIf(!hasDuckdb)(`a store ${hasDuckdb ? '' : WITHOUT}`, () => {
  test('finds what one would find by hand, and its pages are the whole in order', async () => {
    const events = seaEvents(400)
    const store = await filled(events)
    for (const [k, filter] of FILTERS.entries()) {
      const expected = events.filter(event => wanted(event, filter))
      for (const sort of k === 0 ? SORTS : [SORTS[k % SORTS.length]!]) {
        const ids = await all(store, filter, sort, 61)
        expect(new Set(ids), JSON.stringify(filter)).toEqual(new Set(expected.map(({ id }) => id)))
        expect(ids.length).toBe(expected.length)
        const of = new Map(events.map(event => [event.id, event]))
        const keys = ids.map(id => {
          const event = of.get(id)!
          if (sort === 'score') return -event.score
          if (sort === 'longest') return event.durationS === null ? Infinity : -event.durationS
          return sort === 'newest' ? -event.start.t : event.start.t
        })
        expect(keys).toEqual([...keys].sort((a, b) => a - b))
      }
      const counts = await store.events.counts(filter)
      expect(counts.total).toBe(expected.length)
      for (const [type, count] of Object.entries(counts.byType))
        expect(count).toBe(expected.filter(event => event.type === type).length)
      const columns = await store.events.columns(filter, 'score', 1000)
      expect(columns.n.length).toBe(expected.length)
      const from = T0 - HOUR
      const bins = await store.events.histogram(filter, from, T0 + 400 * HOUR, 7 * HOUR)
      for (const { t, type, count } of bins)
        expect(count).toBe(
          expected.filter(e => e.type === type && e.start.t >= t && e.start.t < t + 7 * HOUR).length,
        )
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(
        expected.filter(event => event.end === null || event.end.t >= from).length,
      )
    }
  })

  test('holds the latest revision whatever way it came, and all of them beside it', async () => {
    const told = [
      openGap(),
      openGap({ phase: 'updated', revision: 2, score: 0.5 }),
      gapEvent({ revision: 3 }),
      gapEvent({ id: 'gap-2-2', revision: 1 }),
    ]
    for (const cut of [0, 1, 2, 4]) {
      for (const order of [told, [...told].reverse()]) {
        const store = await filled(order.slice(0, cut))
        for (const event of order.slice(cut)) store.write.add(event)
        await store.write.flush()
        const found = (await store.events.byId(told[0]!.id))!
        expect(found.line).toBe(eventLine(told[2]!))
        expect(found.revisions.map(({ revision, line }) => [revision, line])).toEqual(
          told.slice(0, 3).map((event, k) => [k + 1, eventLine(event)]),
        )
        expect(await all(store, {}, 'score', 10)).toHaveLength(2)
        expect((await store.places.zones()).length).toBe(0)
        expect(await all(store, { zones: ['eez-8321'] }, 'score', 10)).toHaveLength(2)
      }
    }
  })

  test('what was taken back is out of sight, and there when it is asked for', async () => {
    const store = await filled([openGap(), gapEvent({ phase: 'retracted', revision: 2 })])
    expect(await all(store, {}, 'score', 10)).toEqual([])
    expect(await all(store, { retracted: true }, 'score', 10)).toHaveLength(1)
  })

  test('survives a restart; the same again adds nothing', async () => {
    const path = join(folder, 'again.duckdb')
    const events = seaEvents(50)
    await close(await filled(events, path))
    const store = await filled(events, path)
    expect((await store.places.summary()).events).toBe(50)
    expect((await store.places.summary()).revisions).toBe(50)
    expect(await all(store, {}, 'newest', 7)).toHaveLength(50)
  })

  test('an older file is brought up, with what it holds', async () => {
    const path = join(folder, 'older.duckdb')
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(path)
    const connection = await instance.connect()
    await connection.run(MIGRATIONS[0]!)
    await connection.run(`INSERT INTO meta VALUES ('version', '1')`)
    await connection.run(`INSERT INTO events (n, id, revision, phase, type, score, as_of, start_t, search, event)
      VALUES (1, 'old', 1, 'closed', 'gap', 0.5, now()::TIMESTAMP, now()::TIMESTAMP, 'x', '{}')`)
    connection.closeSync()
    instance.closeSync()
    const store = await filled(seaEvents(5), path)
    expect((await store.places.summary()).events).toBe(6)
    expect(
      await all(store, { text: 'x', types: ['gap'], maxScore: 0.5, minScore: 0.5 }, 'score', 9),
    ).toContain('old')
  })

  test('a file of another version or of something else is refused in words', async () => {
    const path = join(folder, 'newer.duckdb')
    const store = await open(path)
    await store.sql(`UPDATE meta SET value = '99' WHERE key = 'version'`)
    await close(store)
    await expect(openStore(path)).rejects.toThrow('version 99 is newer than this darkwake')
    const other = join(folder, 'other.duckdb')
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(other)
    const connection = await instance.connect()
    await connection.run('CREATE TABLE mine (a INTEGER)')
    connection.closeSync()
    instance.closeSync()
    await expect(openStore(other)).rejects.toThrow('a database of something else')
  })

  test('acknowledging outlives later revisions; every decision is kept', async () => {
    const store = await filled([openGap()])
    const { id } = openGap()
    const at = T0
    const base = { mmsi: null, types: null, text: null, author: 'ann', at, expires: null }
    expect(await store.decisions.decide({ ...base, kind: 'acknowledge', event: 'none' })).toBeNull()
    await store.decisions.decide({ ...base, kind: 'acknowledge', event: id, text: 'seen' })
    store.write.add(gapEvent({ revision: 5 }))
    await store.write.flush()
    expect((await store.events.byId(id))!.brief).toMatchObject({ revision: 5, acknowledgedAt: at })
    expect(await all(store, { acknowledged: false }, 'score', 5)).toEqual([])
    await store.decisions.decide({ ...base, kind: 'reopen', event: id })
    expect(await all(store, { acknowledged: false }, 'score', 5)).toEqual([id])
    expect((await store.decisions.of(id, null)).map(({ kind }) => kind)).toEqual(['acknowledge', 'reopen'])
  })

  test('an exempt vessel is out of sight until the day, of the types that were said', async () => {
    const events = seaEvents(300)
    const { mmsi } = events[0]!
    const store = await filled(events)
    const base = { kind: 'exempt', event: null, mmsi, text: 'survey', author: null, at: T0 } as const
    const left = async (): Promise<number> => (await all(store, { mmsi }, 'score', 100)).length
    const of = events.filter(event => event.mmsi === mmsi)
    await store.decisions.decide({ ...base, types: ['gap'], expires: T0 + 1000 * HOUR })
    expect(await left()).toBe(of.filter(({ type }) => type !== 'gap').length)
    await store.decisions.decide({ ...base, types: null, expires: T0 + 100 * HOUR })
    expect(await left()).toBe(of.filter(({ start }) => start.t >= T0 + 100 * HOUR).length)
    expect((await store.decisions.exemptions()).length).toBe(1)
    await store.decisions.decide({ ...base, kind: 'end_exemption', types: null, expires: null })
    expect(await left()).toBe(of.length)
  })

  test('what is old is forgotten, what goes on and what was decided stays', async () => {
    const events = seaEvents(200)
    const store = await filled(events)
    const limit = T0 + 100 * HOUR
    await store.decisions.decide({
      ...{ kind: 'comment', event: events[0]!.id, mmsi: null, types: null, text: 'a', author: null },
      ...{ at: T0, expires: null },
    })
    await store.write.prune(limit)
    const kept = events.filter(({ end }) => end === null || end.t >= limit)
    expect(new Set(await all(store, {}, 'score', 50))).toEqual(new Set(kept.map(({ id }) => id)))
    expect((await store.places.summary()).decisions).toBe(1)
  })

  test('tracks, last places and names of a vessel; the same input twice is once', async () => {
    const store = await open()
    const words = createWords()
    for (let round = 0; round < 2; round++) {
      const batch = createBatch(words, 1000)
      for (let m = 0; m < 300; m++) {
        if (m === 0 || m === 150)
          appendStatic(batch, {
            mmsi: 211000001,
            t: T0,
            name: m ? 'B\u202eAD <script>' : 'GOOD',
            imo: 9074729,
          })
        if (m >= 100 && m < 200) continue
        appendReport(batch, {
          mmsi: 211000001,
          t: T0 + m * 60_000,
          lat: 50 + m / 600,
          lon: 3,
          sog: 6,
          cog: 0,
        })
        appendReport(batch, { mmsi: 2111234, t: T0 + m * 60_000, lat: 1, lon: 1, txClass: 'base' })
      }
      const { statics } = batch
      expect(statics.length).toBeGreaterThan(0)
      store.write.take(batch)
      await store.write.flush()
      const track = await store.vessels.track(211000001, T0, T0 + 300 * 60_000, 1000)
      expect(track.length).toBe(34 + 34)
      expect(track.map(({ t }) => (t - T0) / 60_000)).toContain(99)
      expect(await store.vessels.card(211000001)).toMatchObject({
        flag: 'DEU',
        imo: 9074729,
        lat: 50 + 299 / 600,
      })
      expect(await store.vessels.card(2111234)).toBeNull()
      expect((await store.vessels.find('9074729', 5)).map(({ mmsi }) => mmsi)).toEqual([211000001])
    }
    expect((await store.vessels.history(211000001, 10)).map(({ name }) => name)).toContain('BAD <script>')
    const near = await store.vessels.heardIn({ west: 2, east: 4, south: 50, north: 50.1 }, T0, T0 + HOUR, 10)
    expect(near.map(({ mmsi }) => mmsi)).toEqual([211000001])
  })

  test('goes to Parquet, places as GeoParquet', async () => {
    const store = await filled(seaEvents(20))
    const files = await store.exportTo(join(folder, "it's parquet"))
    expect(files.length).toBe(11)
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const path = files.find(file => file.endsWith('events.parquet'))!.replaceAll("'", "''")
    const back = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER, (SELECT decode(value) FROM parquet_kv_metadata('${path}') WHERE decode(key) = 'geo') FROM '${path}' WHERE geometry IS NOT NULL`,
    )
    const [count, geo] = back.getRows()[0]!
    expect(count).toBe(20)
    expect(JSON.parse(geo as string)).toMatchObject({ primary_column: 'geometry' })
    connection.closeSync()
  })
})
