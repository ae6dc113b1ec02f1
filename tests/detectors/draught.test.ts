import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { DETECTORS, type ConfigInput } from '../../src/model/config.js'
import type { DarkEvent, VesselEvent } from '../../src/model/event.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { buildPortIndex } from '../../src/zones/ports.js'
import { coastNm } from '../helpers/coast.js'
import { content, finals, T0 } from '../helpers/replay.js'

const A = 257123450
const B = 311000123

/** A report, or the draught that the vessel tells, metres; 0: it has none. Minutes. */
type Step = { m: number; mmsi?: number } & ({ draught: number } | { lat: number; lon: number; sog?: number })

function push(engine: ReturnType<typeof createEngine>, step: Step): void {
  const t = T0 + Math.round(step.m * MS_PER_MIN)
  const mmsi = step.mmsi ?? A
  if ('draught' in step)
    // a destination that changes makes other static data of the same draught
    engine.pushStatic({
      mmsi,
      t,
      name: 'SHIP',
      destination: `P${Math.floor(step.m / 45)}`,
      ...(step.draught > 0 && { draught: step.draught }),
    })
  else {
    const { lat, lon, sog = 8 } = step
    engine.push({ mmsi, t, lat, lon, sog, msgType: 1, txClass: 'A' })
  }
}

const small = (without: ConfigInput['without'] = []): ConfigInput => ({
  without: without!,
  // one ship alone after hours of silence is believed
  clean: { futureGuard: false },
  engine: { capacity: 16, silenceCapacity: 16 },
})
const alone = small(DETECTORS.filter(name => name !== 'draught'))
type Options = Partial<Parameters<typeof createEngine>[0]>

function run(steps: Step[], options: Options = { config: alone }): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({ config: small(), ...options, onEvent: event => events.push(event) })
  for (const step of [...steps].sort((a, b) => a.m - b.m)) push(engine, step)
  engine.flush()
  return events
}
const draughts = (steps: Step[], options?: Options) =>
  finals(run(steps, options)).filter(({ type }) => type === 'draught') as VesselEvent[]
const line = ({ start, end, details }: DarkEvent) =>
  `${(start.t - T0) / MS_PER_MIN}–${(end!.t - T0) / MS_PER_MIN} ${String(details['beforeM'])} ${String(details['afterM'])}`
const lines = (steps: Step[], options?: Options) => draughts(steps, options).map(line)

/** Under way eastward at 8 knots, a report in ten minutes and a draught in six. */
function sails(
  from: number,
  to: number,
  draught: number | null,
  { mmsi = A, lat = 0, lon = 10, kn = 8 } = {},
): Step[] {
  const steps: Step[] = []
  for (let m = from; m <= to; m += 10) steps.push({ m, mmsi, lat, lon: lon + (m * kn) / 3600, sog: kn })
  if (draught !== null) for (let m = from; m <= to; m += 6) steps.push({ m, mmsi, draught })
  return steps
}

describe('a draught that changes', () => {
  test('is told once, from the last message with the one to the first with the other', () => {
    const [event, ...more] = draughts([...sails(0, 180, 5.1), ...sails(190, 300, 9.8)])
    expect(more).toEqual([])
    expect(event).toMatchObject({
      ...{ type: 'draught', class: 'at_sea', phase: 'closed', mmsi: A },
      ...{ start: { t: T0 + 180 * MS_PER_MIN, lat: 0 }, end: { t: T0 + 190 * MS_PER_MIN, lat: 0 } },
      asOf: T0 + 220 * MS_PER_MIN,
      details: { beforeM: 5.1, afterM: 9.8, changeM: 4.7, portStayH: null, over: [] },
    })
    expect(event!.score).toBeLessThan(0.15)
    expect(event!.evidence[0]!.text).toBe('draught was 5.1 m, is 9.8 m')
  })

  test('by half a metre or more', () => {
    expect(lines([...sails(0, 180, 5.1), ...sails(186, 300, 5.5)])).toEqual([])
    expect(lines([...sails(0, 180, 5.1), ...sails(186, 300, 5.6)])).toEqual(['180–186 5.1 5.6'])
    expect(lines([...sails(0, 180, 5.1), ...sails(186, 300, 4.6)])).toEqual(['180–186 5.1 4.6'])
    // little by little is fuel, and what comes then counts from there
    const slow = [5.1, 4.8, 4.5, 4.2].flatMap((m, k) => sails(k * 120, k * 120 + 114, m))
    expect(lines(slow)).toEqual([])
    expect(lines([...slow, ...sails(480, 600, 4.8)])).toEqual(['474–480 4.2 4.8'])
  })

  test('is believed after three messages over half an hour', () => {
    const base = [...sails(0, 180, 5), ...sails(180, 400, null)]
    const says = (...minutes: number[]): Step[] => minutes.map(m => ({ m, draught: 9 }))
    expect(lines([...base, ...says(190, 220)])).toEqual([])
    expect(lines([...base, ...says(190, 200, 219.9)])).toEqual([])
    expect(lines([...base, ...says(190, 200, 220)])).toEqual(['180–190 5 9'])
    // copies of one are one
    expect(lines([...base, ...says(190, 190.2, 220)])).toEqual([])
  })

  test('that flickers, is unset, or comes back is none', () => {
    const flicker = Array.from({ length: 40 }, (_, k): Step => ({
      m: 190 + 5 * k,
      draught: k % 4 === 3 ? 5 : 9,
    }))
    expect(lines([...sails(0, 180, 5), ...flicker])).toEqual([])
    const unset = [...sails(0, 180, 5), ...sails(190, 400, 0)]
    expect(lines(unset)).toEqual([])
    expect(lines([...unset, ...sails(410, 600, 5)])).toEqual([])
    // unset in between says nothing for the old one
    expect(lines([...unset, ...sails(410, 600, 9)])).toEqual(['180–410 5 9'])
  })

  test('that is corrected once more changed when it first did', () => {
    expect(lines([...sails(0, 180, 5), ...sails(186, 198, 90 / 10), ...sails(204, 300, 9.4)])).toEqual([
      '180–186 5 9.4',
    ])
  })

  test('of a ship that gave way to others meanwhile is known when it comes back', () => {
    const others = Array.from({ length: 400 }, (_, k): Step => ({
      ...{ m: 200 + k, mmsi: 211000000 + (k >> 2), lat: 30 + (k >> 2) / 10, lon: 0 },
    }))
    const config = { ...alone, engine: { capacity: 16, silenceCapacity: 256 } }
    expect(lines([...sails(0, 180, 5), ...others, ...sails(700, 800, 9)], { config })).toEqual([
      '180–700 5 9',
    ])
  })

  test('of two ships on one number is none of either', () => {
    const two = [...sails(0, 180, 5), ...sails(186, 420, 9, { lat: 40, lon: 60 }), ...sails(190, 420, 5)]
    expect(lines(two)).toEqual([])
  })
})

describe('a ship that lay in port before', () => {
  const kinds = (steps: Step[], options: Options) =>
    draughts(steps, { config: alone, ...options }).map(event => event.class)
  /** At rest to begin with, then at sea for so many hours before the new draught is told. */
  const leaves = (hours: number): Step[] => {
    const [from, lon] = [300 + hours * 60, 10]
    return [
      ...sails(0, 300, 5, { kn: 0, lon }),
      ...sails(310, from, 5, { lat: 1 }).slice(0),
      ...sails(from + 10, from + 100, 9, { lat: 1 }),
    ].map(step => ('lat' in step && step.m > 300 ? { ...step, lat: (step.m - 300) / 450 } : step))
  }

  test('was loaded there: by the list, or near the shore, within a day', () => {
    const port = { name: 'P', lat: 0, lon: 10, radiusM: 3000, country: null }
    const ports = buildPortIndex([port])
    expect(kinds(leaves(3), {})).toEqual(['at_sea'])
    expect(kinds(leaves(3), { ports })).toEqual(['over_port_stay'])
    expect(kinds(leaves(30), { ports })).toEqual(['at_sea'])
    expect(kinds(leaves(3), { coast: coastNm(2.9) })).toEqual(['over_port_stay'])
    expect(kinds(leaves(3), { coast: coastNm(3.1) })).toEqual(['at_sea'])
    const [event] = draughts(leaves(3), { config: alone, ports })
    expect(event!.details['portStayH']).toBeCloseTo(3, 0)
    expect(event!.score).toBeLessThan(0.05)
  })
})

describe('what it lies over', () => {
  /** Two ships that lie beside each other for five hours, 150 m apart, and part. */
  const meeting = (draught: (m: number) => number): Step[] =>
    Array.from({ length: 145 }, (_, k): Step[] => {
      const m = k * 5
      const off = Math.max(0, 120 - m, m - 420) * 8 * (1 / 3600)
      return [
        { m, lat: 30, lon: -40, sog: 0.4 },
        { m, mmsi: B, lat: 30.00135 + off, lon: -40, sog: off > 0 ? 8 : 0.4 },
        { m, draught: draught(m) },
      ]
    }).flat()

  test('a meeting at sea, of either ship, and for half a day after it', () => {
    const [event] = draughts(
      meeting(m => (m < 300 ? 12 : 8)),
      {},
    )
    expect(event).toMatchObject({
      class: 'over_encounter',
      details: { over: [expect.stringMatching(/^encounter-/)] },
    })
    expect(event!.score).toBeGreaterThan(0.2)
    const partners = meeting(m => (m < 500 ? 12 : 8)).map(step =>
      'draught' in step ? { ...step, mmsi: B } : step,
    )
    expect(draughts(partners, {})[0]).toMatchObject({ class: 'over_encounter', mmsi: B })
  })

  test('is told again when the meeting is known, which takes two hours', () => {
    const events = run(
      meeting(m => (m < 150 ? 12 : 8)),
      { config: { ...small(), encounter: { briefMinutes: 110 } } },
    ).filter(({ type }) => type === 'draught')
    expect(events.map(event => [event.class, event.revision, event.phase])).toEqual([
      ['at_sea', 1, 'closed'],
      ['over_encounter', 2, 'closed'],
    ])
    expect(events[0]!.id).toBe(events[1]!.id)
  })

  test('… and a sequence', () => {
    const found = finals(
      run(
        meeting(m => (m < 300 ? 12 : 8)),
        {},
      ),
    ).filter(({ type }) => type === 'sequence')
    expect(found.map(event => event.class)).toContain('draught_over_encounter')
  })

  test('a silence, and a sequence too', () => {
    const steps = [...sails(0, 180, 5), ...sails(180 + 10 * 60, 180 + 12 * 60, 9)]
    const events = finals(run(steps, {}))
    const gap = events.find(({ type }) => type === 'gap')!
    const [event] = events.filter(({ type }) => type === 'draught')
    expect(event).toMatchObject({ class: 'over_gap', details: { over: [gap.id] } })
    expect(events.filter(({ type }) => type === 'sequence').map(found => found.class)).toEqual([
      'draught_over_gap',
    ])
    expect(event!.score).toBeGreaterThan(draughts([...sails(0, 180, 5), ...sails(190, 300, 9)])[0]!.score)
    // one that was over before, or begins after, is none
    const before = [...sails(0, 180, 5), ...sails(780, 900, 5), ...sails(910, 1000, 9)]
    expect(draughts(before, {}).map(found => found.class)).toEqual(['at_sea'])
  })
})

describe('however the messages arrive', () => {
  const ships = [A, B]
  const told = fc.constantFrom(0, 5, 5.3, 5.3, 9, 9)
  const stories = fc
    .tuple(
      ...ships.map((mmsi, k) =>
        fc
          .array(fc.tuple(told, fc.integer({ min: 1, max: 12 }), fc.constantFrom(0, 0, 60, 500)), {
            minLength: 2,
            maxLength: 9,
          })
          .map(parts => {
            let m = k * 3
            return parts.flatMap(([draught, messages, silent]) => {
              const steps = Array.from({ length: messages }, (_, n): Step[] => [
                { m: m + 6 * n, mmsi, lat: k * 5, lon: 10 + (m + 6 * n) / 450 },
                { m: m + 6 * n + 2, mmsi, draught },
              ]).flat()
              m += 6 * messages + silent
              return steps
            })
          }),
      ),
    )
    .map(all => all.flat().sort((a, b) => a.m - b.m || (a.mmsi ?? A) - (b.mmsi ?? A)))

  /** Values in a row, each with its times. */
  function byDefinition(steps: Step[], mmsi: number): string[] {
    const messages = steps.flatMap(step =>
      'draught' in step && step.mmsi === mmsi && step.draught > 0 ? [step] : [],
    )
    const rows: (typeof messages)[] = []
    for (const message of messages) {
      if (rows.at(-1)?.[0]!.draught === message.draught) rows.at(-1)!.push(message)
      else rows.push([message])
    }
    const out: string[] = []
    let believed = 0
    for (const row of rows) {
      const value = row[0]!.draught
      if (
        value === believed ||
        row.length < 3 ||
        row.findIndex(({ m }, k) => k >= 2 && m - row[0]!.m >= 30) < 0
      )
        continue
      if (believed > 0 && Math.abs(value - believed) >= 0.5 - 1e-9) {
        const before = messages.filter(({ m, draught }) => m < row[0]!.m && draught === believed).at(-1)!
        const after = messages.find(({ m }) => m > before.m)!
        out.push(`${before.m}–${after.m} ${believed} ${value}`)
      }
      believed = value
    }
    return out
  }

  test('they are those of the definition', () => {
    let compared = 0
    fc.assert(
      fc.property(stories, steps => {
        for (const mmsi of ships) {
          const right = byDefinition(steps, mmsi)
          expect(
            draughts(steps)
              .filter(event => event.mmsi === mmsi)
              .map(line)
              .sort(),
          ).toEqual([...right].sort())
          compared += right.length
        }
      }),
      { numRuns: 150 },
    )
    expect(compared).toBeGreaterThan(50)
  })

  test('shuffled within the window, resumed from a snapshot, or with static data forgotten, the same is told', () => {
    const seen = new Set<string>()
    const options = { config: small() }
    fc.assert(
      fc.property(
        stories,
        fc.nat(),
        fc.infiniteStream(fc.integer({ min: 0, max: 110 })),
        (steps, cut, delays) => {
          const plain = run(steps, options)
          for (const event of finals(plain)) if (event.type === 'draught') seen.add(event.class!)

          const late: DarkEvent[] = []
          const live = createEngine({ ...options, onEvent: event => late.push(event) })
          const arrival = steps
            .map(step => ({ step, at: step.m * 60 + delays.next().value! }))
            .sort((a, b) => a.at - b.at)
          for (const { step, at } of arrival) {
            push(live, step)
            live.advance(T0 + (at - 120) * 1000)
          }
          live.flush()
          expect(content(late)).toEqual(content(plain))

          const events: DarkEvent[] = []
          const onEvent = (event: DarkEvent) => events.push(event)
          const first = createEngine({ ...options, onEvent })
          const n = cut % (steps.length + 1)
          for (const step of steps.slice(0, n)) push(first, step)
          const second = createEngine({ ...options, onEvent, restore: first.snapshot() })
          for (const step of steps.slice(n)) push(second, step)
          second.flush()
          expect(events).toEqual(plain)

          const tidied: DarkEvent[] = []
          const config = { ...small(), engine: { ...small().engine, staticsKept: 1 } }
          const tidy = createEngine({ config, onEvent: event => tidied.push(event) })
          for (const step of steps) {
            push(tidy, step)
            tidy.tidy()
          }
          tidy.flush()
          expect(tidied).toEqual(plain)
        },
      ),
      { numRuns: 50, seed: 7 },
    )
    expect([...seen].sort()).toEqual(['at_sea', 'over_gap'])
  })

  test('the other way up, east or west of 180°, later, and with others about, it is the same', () => {
    fc.assert(
      fc.property(
        stories,
        fc.integer({ min: -180, max: 179 }),
        fc.integer({ min: 1, max: 999 }),
        (steps, deg, later) => {
          const moved = steps.map(step => ({
            ...{ ...step, m: step.m + later },
            ...('lat' in step && { lat: -step.lat, lon: ((step.lon + deg + 540) % 360) - 180 }),
          })) as Step[]
          const there = draughts(moved).map(event => {
            const back = (fix: { t: number }) => ({ ...fix, t: fix.t - later * MS_PER_MIN }) as never
            return `${event.mmsi} ${line({ ...event, start: back(event.start), end: back(event.end!) })}`
          })
          const here = draughts(steps).map(event => `${event.mmsi} ${line(event)}`)
          expect(there.sort()).toEqual([...here].sort())
          const own = draughts(steps.filter(({ mmsi }) => mmsi === B)).map(line)
          expect(own).toEqual(
            draughts(steps)
              .filter(({ mmsi }) => mmsi === B)
              .map(line),
          )
        },
      ),
      { numRuns: 50 },
    )
  })
})
