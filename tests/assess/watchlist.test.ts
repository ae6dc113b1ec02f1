import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createListed } from '../../src/assess/listed.js'
import { createEngine } from '../../src/engine/engine.js'
import { buildWatchlist, type WatchlistEntry } from '../../src/assess/watchlist.js'
import type { VesselEvent, VesselRef } from '../../src/model/event.js'
import { outage } from '../sinks/events.js'
import { at, finals, hour, MMSI, replay, T0, type Script } from '../helpers/replay.js'

const NOBODY: VesselRef = {
  ...{ name: null, imo: null, callsign: null, flag: 'NOR', shipType: null, txClass: 'A' },
}

const event = (vessel: Partial<VesselRef> = {}, over: Partial<VesselEvent> = {}): VesselEvent => ({
  schema: 'darkwake/event/1',
  ...{ type: 'gap', id: `gap-${MMSI}-${T0}`, phase: 'opened', revision: 1, asOf: T0 + 10, track: 1 },
  ...{ mmsi: MMSI, vessel: { ...NOBODY, ...vessel }, start: { t: T0, lat: 0, lon: 0 }, end: null },
  ...{ durationS: null, zones: { start: [], end: [], touched: [] }, score: 0.4, evidence: [], details: {} },
  ...over,
})

function taken(rows: Partial<WatchlistEntry>[], ...events: VesselEvent[]) {
  const exempted = {}
  const listed = createListed(buildWatchlist(rows.map(row => ({ list: 'L', ...row }))), exempted)
  return { told: events.map(one => listed.take(one)), exempted, state: listed.state }
}
/** The texts of the evidence that lists gave; null when the event is not told. */
const said = (rows: Partial<WatchlistEntry>[], one = event()) => {
  const [told] = taken(rows, one).told
  return told && told!.evidence.map(({ text }) => text)
}

describe('a vessel on a list', () => {
  test.each<[Partial<WatchlistEntry>, Partial<VesselRef>]>([
    [{ mmsi: MMSI }, {}],
    [{ imo: 9074729 }, { imo: 9074729 }],
    [{ callsign: ' lk-ab2 ' }, { callsign: 'LKAB2@@' }],
    [{ name: 'Nord  Stjerne' }, { name: 'NORD STJERNE@@@ X' }],
    [{ name: 'ÉTOILE' }, { name: 'Etoile' }],
    [
      { mmsi: MMSI, imo: 1, name: 'OTHER' },
      { imo: 2, name: 'X' },
    ],
  ])('%j is %j', (row, vessel) => {
    expect(said([row], event(vessel))).toHaveLength(1)
  })

  test.each<[Partial<WatchlistEntry>, Partial<VesselRef>]>([
    [{ mmsi: MMSI + 1 }, {}],
    [
      { name: 'MARIA', imo: 9074729 },
      { name: 'MARIA', imo: 9176187 },
    ],
    [{ name: 'MARIA', mmsi: 1 }, { name: 'MARIA' }],
    [{ name: '@@@' }, { name: '   ' }],
    [{ name: '@@@' }, {}],
    [{ callsign: 'LKAB' }, { name: 'LKAB' }],
  ])('%j is not %j', (row, vessel) => {
    expect(said([row], event(vessel))).toEqual([])
  })

  test('is told with the reason, and what the list has against it', () => {
    expect(said([{ imo: 9074729, mmsi: 5, reason: 'no logbook' }], event({ imo: 9074729 }))).toEqual([
      'watched by list L (IMO number 9074729; the list has MMSI 5): no logbook',
    ])
  })

  test('the score of the event is its own: a list says nothing of what was done', () => {
    expect(taken([{ mmsi: MMSI }], event()).told[0]).toMatchObject({
      score: 0.4,
      evidence: [{ family: 'identity', name: 'watchlist', value: 'L', weight: 1 }],
    })
    expect(taken([{ name: 'X' }], event({ name: 'X' })).told[0]!.evidence[0]!.weight).toBe(0.5)
  })

  test('each list counts once, by the row that names it best', () => {
    const rows = [
      { name: 'X', reason: 'name' },
      { mmsi: MMSI, reason: 'number' },
      { mmsi: MMSI, list: 'M' },
    ]
    expect(said(rows, event({ name: 'X' }))).toEqual([
      `watched by list L (MMSI ${MMSI}): number`,
      `watched by list M (MMSI ${MMSI})`,
    ])
  })

  test('was called so before it changed its name, or shares a number with this one', () => {
    const renamed = event({ name: 'NEW' }, { details: { before: { name: 'OLD' }, after: { name: 'NEW' } } })
    expect(said([{ name: 'OLD' }], renamed)).toEqual(['watched under its earlier name by list L (name OLD)'])
    expect(said([{ mmsi: 7 }], event({}, { details: { others: [7] } }))).toEqual([
      'watched as MMSI 7 by list L (MMSI 7)',
    ])
  })

  test('text of a list reaches nobody raw', () => {
    const [text] = said([{ mmsi: MMSI, list: 'L\u001b[2J', reason: '\u202eevil\u0007' }])!
    expect(text).toBe(`watched by list L[2J (MMSI ${MMSI}): evil`)
  })

  test('until it expires: for events that begin before', () => {
    expect(said([{ mmsi: MMSI, expires: T0 }])).toEqual([])
    expect(said([{ mmsi: MMSI, expires: T0 + 1 }])).toHaveLength(1)
  })

  test('what feeds and receivers do is about no vessel', () => {
    const listed = createListed(buildWatchlist([{ list: 'L', mmsi: MMSI }]), {})
    expect(listed.take(outage())).toEqual(outage())
  })
})

describe('an exempt vessel', () => {
  const exempt = { mmsi: MMSI, action: 'exempt' } as const

  test('is not told of, and that is counted by type', () => {
    const { told, exempted } = taken([exempt], event(), event({}, { type: 'loitering', id: 'x' }))
    expect(told).toEqual([null, null])
    expect(exempted).toEqual({ gap: 1, loitering: 1 })
  })

  test('of some types or classes, of no others', () => {
    expect(said([{ ...exempt, types: ['loitering', 'gap'] }])).toBeNull()
    expect(said([{ ...exempt, types: ['loitering', 'likely_disabled'] }])).toEqual([])
    const jump = event({}, { type: 'spoofing', class: 'jump' })
    expect(said([{ ...exempt, types: ['jump'] }], jump)).toBeNull()
    expect(said([{ ...exempt, types: ['shared_mmsi'] }], jump)).toEqual([])
  })

  test('is none that is watched as well', () => {
    expect(said([exempt, { mmsi: MMSI }])).toEqual([`watched by list L (MMSI ${MMSI})`])
    expect(said([exempt, { mmsi: MMSI, expires: T0 }])).toBeNull()
  })

  test('is none that only uses its number', () => {
    const row = { ...exempt, imo: 9074729, callsign: 'LKAB' }
    expect(said([row], event({ imo: 9074729, callsign: 'LKAB' }))).toBeNull()
    expect(said([row], event({ imo: 9176187 }))).toEqual([])
    expect(said([row], event({ callsign: 'PBCD' }))).toEqual([])
    expect(said([row])).toBeNull()
  })

  test('does not silence who else an event is about', () => {
    const pair = event({}, { type: 'identity', details: { others: [7] } })
    expect(said([exempt], pair)).toEqual([])
    expect(said([exempt, { ...exempt, mmsi: 7 }], pair)).toBeNull()
  })

  test('a silence that was not told is not told when it ends, and one that was told is told to its end', () => {
    const closed = event({ name: 'NOW KNOWN' }, { phase: 'closed', revision: 2 })
    const before = taken([exempt], event(), closed)
    expect(before.told).toEqual([null, null])
    const named = taken([{ name: 'NOW KNOWN', action: 'exempt' }], event(), closed)
    expect(named.told.map(one => one?.phase)).toEqual(['opened', 'closed'])
    const renamed = taken([{ name: 'A', action: 'exempt' }], event({ name: 'A' }), closed)
    expect(renamed.told).toEqual([null, null])
  })

  test('what is taken back was no event', () => {
    const { exempted, state } = taken([exempt], event(), event({}, { phase: 'retracted', revision: 2 }))
    expect(exempted).toEqual({ gap: 0 })
    expect(state.size).toBe(0)
  })

  test('those long over are forgotten, those that go on are not', () => {
    const exempted = {}
    const listed = createListed(buildWatchlist([{ list: 'L', ...exempt }]), exempted)
    listed.take(event({}, { id: 'open' }))
    for (let k = 0; k < 20_000; k++)
      listed.take(event({}, { id: `e${k}`, phase: 'closed', asOf: T0 + k * 60_000 * 10 }))
    expect(listed.state.size).toBeLessThan(5000)
    expect(listed.state.has('open')).toBe(true)
    expect(exempted).toEqual({ gap: 20_001 })
  })
})

describe('a register', () => {
  const register = [
    { action: 'only', mmsi: 257000001, flag: 'NOR', shipType: 30 },
    { action: 'only', callsign: 'LKAB', flag: 'NOR', shipType: 30, expires: T0 },
  ] as const
  const fishing = { shipType: 30, callsign: 'LXYZ' }

  test('a vessel of its kind that is not in it is told so', () => {
    expect(said([...register], event(fishing))).toEqual(['is not on list L (NOR, ship type 30)'])
    expect(taken([...register], event(fishing)).told[0]!.evidence[0]).toMatchObject({
      ...{ family: 'identity', name: 'not_on_list', value: 'L', weight: 0.8 },
    })
  })

  test('one that is in it is not, nor one of another kind, or of none that is known', () => {
    expect(said([...register], event(fishing, { mmsi: 257000001 }))).toEqual([])
    expect(said([...register], event({ ...fishing, shipType: 70 }))).toEqual([])
    expect(said([...register], event({ ...fishing, shipType: null }))).toEqual([])
    expect(said([...register], event(fishing, { mmsi: 219000001 }))).toEqual([])
  })

  test('one whose row has expired is told so', () => {
    expect(said([...register], event({ ...fishing, callsign: 'LKAB' }))).toEqual([
      'is no longer on list L, since 2024-01-15 (NOR, ship type 30)',
    ])
  })

  test('of one that keeps back what a row may go by nothing is said', () => {
    expect(said([...register], event({ shipType: 30 }))).toEqual([])
  })

  test('rows without a vessel say which kinds it is of', () => {
    const of = (shipType: number, mmsi = 219000001) =>
      said(
        [
          { action: 'only', shipType: 70 },
          { action: 'only', mmsi: 1, shipType: 70 },
        ],
        event({ shipType }, { mmsi }),
      )
    expect(of(70)).toEqual(['is not on list L (NOR, ship type 70)'])
    expect(of(79)).toHaveLength(1)
    expect(of(80)).toEqual([])
    expect(of(30)).toEqual([])
  })
})

describe('in an engine', () => {
  const script: Script = [at(0), at(1), at(2), 12, at(20), at(21), at(22), 40]
  const watchlist = (row: Partial<WatchlistEntry>) => buildWatchlist([{ list: 'L', mmsi: MMSI, ...row }])

  test('every revision carries the reason, and nothing else is different', () => {
    const plain = replay(script)
    const watched = replay(script, { watchlist: watchlist({}) })
    expect(plain.length).toBeGreaterThan(2)
    expect(
      watched.map(one => ({
        ...one,
        evidence: one.evidence.filter(({ name }) => name !== 'watchlist'),
      })),
    ).toEqual(plain)
    expect(watched.every(one => one.evidence.some(({ name }) => name === 'watchlist'))).toBe(true)
  })

  test('an exemption until the middle silences what began before it, and is the same when resumed anywhere', () => {
    const row = { action: 'exempt', expires: hour(10) } as const
    const whole = replay(script, { watchlist: watchlist(row) })
    expect(finals(whole).map(({ start }) => start.t)).toEqual([hour(22)])
    fc.assert(
      fc.property(fc.nat({ max: script.length }), cut => {
        const options = { watchlist: watchlist(row) }
        const config = { engine: { capacity: 64, silenceCapacity: 64 } }
        const told: unknown[] = []
        const onEvent = (one: unknown) => void told.push(one)
        const run = (engine: ReturnType<typeof createEngine>, steps: Script) => {
          for (const step of steps) {
            if (typeof step === 'number') engine.advance(hour(step))
            else engine.push(step)
          }
        }
        const first = createEngine({ ...options, config, onEvent })
        run(first, script.slice(0, cut))
        const second = createEngine({ ...options, config, onEvent, restore: first.snapshot() })
        run(second, script.slice(cut))
        second.flush()
        expect(told).toEqual(whole)
        expect(second.counts.exempted).toEqual({ gap: 1 })
        expect(second.counts.events).toEqual({ gap: 1 })
      }),
    )
  })
})
