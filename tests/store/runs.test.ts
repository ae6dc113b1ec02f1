// What a store shows after several runs: what the last one over each input found.

import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { VesselEvent } from '../../src/model/event.js'
import { eventLine } from '../../src/sinks/ndjson.js'
import type { RunEnd } from '../../src/store/runs.js'
import { openStore, type Store } from '../../src/store/store.js'
import { hasDuckdb, HOUR, seaEvents, T0, WITHOUT } from './sea.js'

const opened: Store[] = []
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})
async function open(): Promise<Store> {
  const store = await openStore(':memory:')
  opened.push(store)
  return store
}

const DAYS = [0, 1, 2].map(day => ({ from: T0 + day * 72 * HOUR, to: T0 + (day + 1) * 72 * HOUR }))
const SEA = seaEvents(60)

interface Told {
  days: number[]
  events: VesselEvent[]
  kind?: 'detect' | 'match'
  over?: Partial<RunEnd> | 'killed'
}

/** A run over some days, which finds these. @returns how many it withdrew */
async function run(store: Store, { days, events, kind = 'detect', over = {} }: Told): Promise<number> {
  const keys = days.map(day => `day ${day}`)
  await store.runs.begin({ kind, at: T0, inputs: keys.map(key => ({ name: `${key}.csv`, key })) })
  for (const event of events) store.write.add(event)
  await store.write.flush()
  if (over === 'killed') return 0
  const from = Math.min(...days.map(day => DAYS[day]!.from))
  const to = Math.max(...days.map(day => DAYS[day]!.to))
  return store.runs.end({ ...{ from, to, at: T0, read: keys, wanted: () => true }, ...over })
}

async function shown(store: Store): Promise<string[]> {
  const { events } = await store.events.page({}, 'oldest', 1000)
  const lines = await Promise.all(events.map(async ({ id }) => (await store.events.byId(id))!.line))
  return lines.sort()
}
const linesOf = (events: VesselEvent[]): string[] => events.map(eventLine).sort()
const ofDays = (days: number[]): VesselEvent[] =>
  SEA.filter(({ start: { t } }) => days.some(day => t >= DAYS[day]!.from && t < DAYS[day]!.to))
const [first, second, third] = SEA as [VesselEvent, VesselEvent, VesselEvent]
const ALL = [0, 1, 2]

describe.skipIf(!hasDuckdb)(`runs into one store ${hasDuckdb ? '' : WITHOUT}`, () => {
  test('the store shows what the last run over each day found, whatever was run before', async () => {
    const day = fc.nat({ max: 2 })
    const told = fc
      .record({
        days: fc.uniqueArray(day, { minLength: 1 }),
        of: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        revision: fc.integer({ min: 1, max: 3 }),
        whole: fc.boolean(),
      })
      .map(({ days, of, revision, whole }) => ({
        ...{ days, whole },
        events: ofDays(days)
          .filter((_, k) => of[k])
          .map(event => ({ ...event, revision, score: revision / 10 })),
      }))
    await fc.assert(
      fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 5 }), async runs => {
        const store = await open()
        // by hand: each event with the days of the run that told it last
        const expected = new Map<string, { event: VesselEvent; days: number[] }>()
        for (const { days, events, whole } of runs) {
          await run(store, { days, events, over: whole ? {} : { read: [] } })
          const found = new Set(events.map(({ id }) => id))
          if (whole)
            for (const [id, held] of expected)
              if (!found.has(id) && held.days.every(one => days.includes(one))) expected.delete(id)
          for (const event of events) expected.set(event.id, { event, days })
        }
        expect(await shown(store)).toEqual(linesOf([...expected.values()].map(({ event }) => event)))
        await opened.pop()!.close()
      }),
      { numRuns: 15 },
    )
  })

  test('what is not found again is taken back, with its history and what analysts decided of it', async () => {
    const store = await open()
    await run(store, { days: ALL, events: [first, second] })
    const decision = { mmsi: null, types: null, text: 'seen', author: null, at: T0, expires: null }
    await store.decisions.decide({ ...decision, kind: 'acknowledge', event: first.id })
    expect(await run(store, { days: ALL, events: [second] })).toBe(1)
    expect(await shown(store)).toEqual(linesOf([second]))
    const gone = (await store.events.byId(first.id))!
    expect(gone.brief).toMatchObject({ phase: 'retracted', revision: 2, acknowledgedAt: T0 })
    expect(JSON.parse(gone.line)).toMatchObject({ phase: 'retracted', revision: 2, score: first.score })
    expect(gone.revisions.map(({ run, revision, phase }) => [run, revision, phase])).toEqual([
      [1, 1, first.phase],
      [2, 2, 'retracted'],
    ])
    expect((await store.decisions.of(first.id, null)).length).toBe(1)
    // found again it is there again, acknowledged as it was
    expect(await run(store, { days: ALL, events: [first, second] })).toBe(0)
    expect(await shown(store)).toEqual(linesOf([first, second]))
    const back = (await store.events.byId(first.id))!
    expect(back.brief.acknowledgedAt).toBe(T0)
    expect(back.revisions.map(({ run }) => run)).toEqual([1, 2, 3])
  })

  test('the same run again adds nothing but its own line', async () => {
    const store = await open()
    await run(store, { days: ALL, events: SEA })
    const { events, revisions } = await store.places.summary()
    expect(await run(store, { days: ALL, events: SEA })).toBe(0)
    expect(await store.places.summary()).toMatchObject({ events, revisions })
    expect((await store.sql('SELECT count(*)::INTEGER AS n FROM runs'))[0]).toEqual({ n: 2 })
    expect((await store.sql('SELECT DISTINCT run FROM events'))[0]).toEqual({ run: 2 })
  })

  test.each<[string, Partial<RunEnd>]>([
    ['was cut short', { read: [] }],
    ['could not read one of the inputs', { read: ['day 0', 'day 1'] }],
    ['looked at a part of the time', { from: T0 + HOUR }],
    ['looked at the time before', { to: DAYS[2]!.to - 1 }],
    ['had not asked for it', { wanted: ({ id }) => id !== first.id }],
    ['had nothing to read', { from: null, to: null }],
  ])('a run that %s withdraws nothing', async (_, over) => {
    const store = await open()
    await run(store, { days: ALL, events: [first, second] })
    expect(await run(store, { days: ALL, events: [second], over })).toBe(0)
    expect(await shown(store)).toEqual(linesOf([first, second]))
  })

  test('what a watch tells is withdrawn by no run, nor what another kind of run told', async () => {
    const store = await open()
    store.write.add(first)
    await store.write.flush()
    await run(store, { days: ALL, events: [second], kind: 'match' })
    await run(store, { days: ALL, events: [first, second, third] })
    expect(await run(store, { days: ALL, events: [third] })).toBe(0)
    expect(await shown(store)).toEqual(linesOf([first, second, third]))
  })

  test('what was withdrawn and a watch tells is there again', async () => {
    const store = await open()
    await run(store, { days: ALL, events: [{ ...first, revision: 4 }, second] })
    await run(store, { days: ALL, events: [second] })
    store.write.add(first)
    await store.write.flush()
    expect(await shown(store)).toEqual(linesOf([first, second]))
    store.write.add({ ...first, revision: 3 })
    store.write.add(first)
    await store.write.flush()
    expect((await store.events.byId(first.id))!.brief.revision).toBe(3)
  })

  test('of a run that was killed the next one over the same inputs clears up', async () => {
    const store = await open()
    await run(store, { days: [0], events: ofDays([0]), over: 'killed' })
    expect(await run(store, { days: ALL, events: [] })).toBe(ofDays([0]).length)
    expect(await shown(store)).toEqual([])
  })
})
