// Whatever is asked of a store, whenever, in whatever order it was written: its answer is that of plain SQL.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { VesselEvent } from '../../src/model/event.js'
import type { Cursor, EventFilter, Sort } from '../../src/store/filter.js'
import { openStore, type Store } from '../../src/store/store.js'
import { pageSql, where } from './plain-sql.js'
import { hasDuckdb, HOUR, seaEvents, T0, WITHOUT } from './sea.js'

const some = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(of, { nil: undefined, freq: 1 })
const tenth = fc.integer({ min: 0, max: 20 }).map(k => k / 20)
const hour = fc.integer({ min: -10, max: 240 }).map(h => T0 + h * HOUR)
const filters: fc.Arbitrary<EventFilter> = fc
  .record({
    types: some(fc.subarray(['gap', 'spoofing', 'identity', 'encounter', 'zone', 'none'])),
    classes: some(fc.subarray(['a', 'b', 'c'])),
    zones: some(fc.subarray(['eez-1', 'eez-2', 'eez-3', 'eez-4'])),
    flags: some(fc.subarray(['TWN', 'NOR', 'PAN'])),
    mmsi: some(fc.integer({ min: 200_000_000, max: 200_000_041 })),
    from: some(hour),
    to: some(hour),
    minScore: some(tenth),
    maxScore: some(tenth),
    minDurationS: some(fc.integer({ min: 0, max: 30 }).map(h => h * 3600)),
    text: some(
      fc
        .array(
          fc.constantFrom('ship', '3', 'Waters', 'eez-', "';", '%', 'gap', '20000001', 'NOR', 'nowhere', 'a'),
          {
            maxLength: 3,
          },
        )
        .map(words => words.join(' ')),
    ),
    bbox: some(
      fc
        .tuple(
          fc.integer({ min: -180, max: 180 }),
          fc.integer({ min: -90, max: 90 }),
          fc.integer({ min: -180, max: 180 }),
          fc.integer({ min: 0, max: 90 }),
        )
        .map(([w, s, e, n]) => [w, s, e, Math.max(s, n)] as [number, number, number, number]),
    ),
    open: some(fc.boolean()),
    acknowledged: some(fc.boolean()),
    exempt: some(fc.constantFrom('hide', 'only', 'show')),
    retracted: some(fc.boolean()),
  })
  // a few at a time: all of them at once leave nothing
  .chain(all =>
    fc
      .subarray(Object.keys(all) as (keyof EventFilter)[], { maxLength: 3 })
      .map(names => Object.fromEntries(names.map(name => [name, all[name]]))),
  )
const sorts = fc.constantFrom<Sort>('score', 'newest', 'oldest', 'longest')

/** What happens to a store between two questions. */
type Step =
  | { kind: 'write'; from: number; count: number }
  | { kind: 'again'; at: number; phase: 'updated' | 'closed' | 'retracted' }
  | { kind: 'acknowledge' | 'reopen' | 'exempt' | 'end_exemption'; at: number; types: string[] | null }
  | { kind: 'prune'; t: number }
  | { kind: 'sql' }
const at = fc.nat({ max: 299 })
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('write'), from: at, count: fc.nat({ max: 80 }) }) },
  fc.record({
    kind: fc.constant('again'),
    at,
    phase: fc.constantFrom('updated', 'closed', 'retracted'),
  }),
  fc.record({
    kind: fc.constantFrom('acknowledge', 'reopen', 'exempt', 'end_exemption'),
    at,
    types: fc.option(fc.subarray(['gap', 'zone', 'identity'], { minLength: 1 })),
  }),
  fc.record({ kind: fc.constant('prune'), t: hour }),
  fc.record({ kind: fc.constant('sql') }),
) as fc.Arbitrary<Step>

// meetings have a partner, which is found by its number too; a name is told by two
const sea: VesselEvent[] = seaEvents(300).map((event, k) => {
  const mmsi = 200_000_000 + (k % 40)
  if (event.type === 'encounter')
    return { ...event, details: { ...event.details, partner: { mmsi, name: 'MET' } } }
  if (event.type !== 'loitering') return event
  return { ...event, type: 'identity', details: k % 3 === 0 ? {} : { others: [mmsi] } }
})

async function take(store: Store, step: Step, revision: number): Promise<void> {
  if (step.kind === 'write') {
    for (const event of sea.slice(step.from, step.from + step.count)) store.write.add(event)
    await store.write.flush()
  } else if (step.kind === 'again') {
    const { phase } = step
    store.write.add({ ...sea[step.at]!, revision, phase, score: (revision % 20) / 20 })
    await store.write.flush()
  } else if (step.kind === 'prune') await store.write.prune(step.t)
  else if (step.kind === 'sql') await store.sql(`UPDATE events SET score = 0.55 WHERE n % 7 = 0`)
  else {
    const { id, mmsi } = sea[step.at]!
    const ofEvent = step.kind === 'acknowledge' || step.kind === 'reopen'
    await store.decisions.decide({
      ...{ kind: step.kind, event: ofEvent ? id : null, mmsi: ofEvent ? null : mmsi },
      ...{ types: step.kind === 'exempt' ? step.types : null, text: null, author: null, at: T0 },
      expires: step.kind === 'exempt' ? T0 + 120 * HOUR : null,
    })
  }
}

const counted = async (store: Store, sql: string): Promise<Record<string, number>> =>
  Object.fromEntries((await store.sql(sql)).map(({ key, count }) => [key as string, count as number]))

async function compare(store: Store, filter: EventFilter, sort: Sort, limit: number): Promise<void> {
  let after: Cursor | null = null
  for (let page = 0; page < 3; page++) {
    const expected = await store.sql(pageSql(filter, sort, limit + 1, after))
    const { events, next } = await store.events.page(filter, sort, limit, after ?? undefined)
    expect(events.map(({ n, id }) => ({ n, id }))).toEqual(expected.slice(0, limit))
    expect(next !== null).toBe(expected.length > limit)
    if (page === 0) {
      const columns = await store.events.columns(filter, sort, limit)
      expect([...columns.n]).toEqual(events.map(({ n }) => n))
      expect([...columns.type].map(code => columns.types[code])).toEqual(events.map(({ type }) => type))
      expect([...columns.end].map(t => (Number.isNaN(t) ? null : t))).toEqual(events.map(({ endT }) => endT))
      expect([...columns.acknowledged]).toEqual(
        events.map(({ acknowledgedAt }) => (acknowledgedAt === null ? 0 : 1)),
      )
    }
    after = next
    if (after === null) break
  }
  const found = where(filter)
  const counts = await store.events.counts(filter)
  const [total] = await store.sql(
    `SELECT count(*)::DOUBLE AS total, count(*) FILTER (end_t IS NULL)::DOUBLE AS open,
       count(acknowledged_at)::DOUBLE AS acknowledged, epoch_ms(min(start_t))::DOUBLE AS "from",
       epoch_ms(max(greatest(start_t, end_t)))::DOUBLE AS "to" FROM events e WHERE ${found}`,
  )
  expect(counts).toMatchObject(total!)
  for (const [facet, column] of [
    ['byType', 'type'],
    ['byClass', 'class'],
    ['byFlag', 'flag'],
    ['byZone', 'zone'],
  ] as const)
    expect(counts[facet]).toEqual(
      await counted(
        store,
        `SELECT ${column} AS key, count(*)::DOUBLE AS count FROM events e ${column === 'zone' ? 'JOIN event_zones USING (n)' : ''}
         WHERE ${found} AND ${column} IS NOT NULL GROUP BY ALL`,
      ),
    )
  // a week that begins within the events, and all of them by the two minutes
  for (const [from, to, step] of [
    [T0 + 20 * HOUR, T0 + 188 * HOUR, 7 * HOUR],
    [T0, T0 + 400 * HOUR, HOUR / 30],
  ] as const)
    expect(await store.events.histogram(filter, from, to, step)).toEqual(
      await store.sql(
        `SELECT ${from} + floor((epoch_ms(start_t) - ${from}) / ${step})::DOUBLE * ${step} AS t, type, count(*)::DOUBLE AS count
         FROM events e WHERE ${where({ ...filter, from: filter.from ?? from, to: filter.to ?? to })}
           AND epoch_ms(start_t) >= ${from} AND epoch_ms(start_t) < ${to} GROUP BY ALL ORDER BY ALL`,
      ),
    )
  const [span] = await store.sql(`SELECT epoch_ms(min(start_t))::DOUBLE AS "from",
    epoch_ms(max(greatest(start_t, end_t)))::DOUBLE AS "to" FROM events`)
  expect(await store.events.span()).toEqual(span!['from'] === null ? null : span)
}

describe.skipIf(!hasDuckdb)(`questions to a store ${hasDuckdb ? '' : WITHOUT}`, () => {
  test('have the answers of plain SQL', async () => {
    const store = await openStore(':memory:')
    await take(store, { kind: 'write', from: 0, count: 300 }, 1)
    for (const [k, kind] of (['acknowledge', 'acknowledge', 'exempt', 'exempt'] as const).entries())
      await take(store, { kind, at: 40 + k, types: k === 3 ? ['gap'] : null }, 1)
    for (let k = 0; k < 20; k++) await take(store, { kind: 'again', at: 11 * k, phase: 'retracted' }, 2)
    await fc.assert(
      fc.asyncProperty(filters, sorts, fc.integer({ min: 1, max: 60 }), (filter, sort, limit) =>
        compare(store, filter, sort, limit),
      ),
      { numRuns: 100 },
    )
    await store.close()
  })

  test('whatever was written, decided and forgotten in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 2, maxLength: 8 }), filters, async (told, filter) => {
        const store = await openStore(':memory:')
        try {
          for (const [k, step] of told.entries()) {
            await take(store, step, 2 + k)
            await compare(store, k === told.length - 1 ? filter : {}, 'score', 50)
          }
        } finally {
          await store.close()
        }
      }),
      { numRuns: 20 },
    )
  })

  test('asked while it is written are of whole batches', async () => {
    const store = await openStore(':memory:')
    const asked: Promise<number>[] = []
    for (let k = 0; k < 10; k++) {
      for (const event of sea.slice(30 * k, 30 * (k + 1))) store.write.add({ ...event, phase: 'closed' })
      const written = store.write.flush()
      for (let again = 0; again < 3; again++) asked.push(store.events.counts({}).then(({ total }) => total))
      await written
      expect((await store.events.counts({})).total).toBe(30 * (k + 1))
    }
    for (const total of await Promise.all(asked)) expect(total % 30).toBe(0)
    await store.close()
  })
})
