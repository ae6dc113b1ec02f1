import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isImo, isSameText, mmsiFault } from '../../src/detectors/identity/checks.js'
import { createEngine } from '../../src/engine/engine.js'
import type { ConfigInput } from '../../src/model/config.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport, StaticData } from '../../src/model/report.js'
import { MS_PER_HOUR } from '../../src/model/units.js'
import { content, finals, T0 } from '../helpers/replay.js'

const A = 257123450
const B = 311000123
const IMO = 9074729
const OTHER_IMO = 9319466

/** A report, or what the vessel says of itself. */
type Step = { h: number; mmsi?: number } & (
  { says: StaticData } | { lat: number; lon: number; sog?: number; receiver?: string }
)

function push(engine: ReturnType<typeof createEngine>, step: Step): void {
  const t = T0 + Math.round(step.h * MS_PER_HOUR)
  const mmsi = step.mmsi ?? A
  if ('says' in step) engine.pushStatic({ mmsi, t, ...step.says })
  else {
    const { lat, lon, sog = 8, receiver } = step
    const report: PositionReport = { mmsi, t, lat, lon, sog, msgType: 1, txClass: 'A' }
    engine.push(receiver === undefined ? report : { ...report, receiver })
  }
}

const small: ConfigInput = { engine: { capacity: 16, silenceCapacity: 16 } }

function run(steps: Step[], config: ConfigInput = small): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({ config, onEvent: event => events.push(event) })
  for (const step of [...steps].sort((a, b) => a.h - b.h)) push(engine, step)
  engine.flush()
  return events
}
const identities = (steps: Step[]) => finals(run(steps)).filter(({ type }) => type === 'identity')
const classes = (steps: Step[]) => identities(steps).map(event => event.class)

/** Under way eastward at 8 knots along a parallel, a report in ten minutes, saying so every `everyMin`. */
function sails(
  from: number,
  to: number,
  says: StaticData | null,
  { mmsi = A, lat = 0, lon = 10, everyMin = 6 } = {},
): Step[] {
  const steps: Step[] = []
  for (let m = from * 60; m <= to * 60; m += 10)
    steps.push({ h: m / 60, mmsi, lat, lon: lon + ((m / 60) * 8) / 60 })
  if (says) for (let m = from * 60; m <= to * 60; m += everyMin) steps.push({ h: m / 60, mmsi, says })
  return steps
}

describe('an IMO number', () => {
  test('has one right check digit for each six digits before it', () => {
    for (let six = 100_000; six < 1_000_000; six += 37) {
      const right = Array.from({ length: 10 }, (_, digit) => six * 10 + digit).filter(isImo)
      expect(right.length <= 1).toBe(true)
      if (right.length === 0) expect([123456, 987654]).toContain(six)
    }
    expect([9074729, 9319466, 8814275].map(isImo)).toEqual([true, true, true])
    expect([9074728, 0, 907472, 90747290, 1234567, 9876543, NaN, 9074729.5].some(isImo)).toBe(false)
  })

  test('with a digit wrong, or two neighbours changed about, is none', () => {
    const digits = [...String(IMO)]
    for (let k = 0; k < 6; k++) {
      const swapped = digits.with(k, digits[k + 1]!).with(k + 1, digits[k]!)
      if (digits[k] !== digits[k + 1]) expect(isImo(Number(swapped.join('')))).toBe(false)
    }
  })
})

test('an MMSI that no ship can have', () => {
  expect([123456789, 111111111, 200000000].map(mmsiFault)).toEqual(Array(3).fill('placeholder'))
  expect([122292919, 23712345].map(mmsiFault)).toEqual(['kind', 'kind'])
  expect([290123456, 799123456].map(mmsiFault)).toEqual(['country', 'country'])
  // anonymised, a ship, a handheld, a boat of a mother ship, a buoy, a beacon
  expect([1, 1_999_999, A, 823712345, 982571234, 992571234, 970012345].map(mmsiFault)).toEqual(
    Array(7).fill(null),
  )
})

describe('texts', () => {
  const name = fc
    .stringMatching(/^[A-Z0-9 ]{8,20}$/)
    .filter(text => /[A-Z0-9]{8}/.test(text.replace(/ /g, '')))

  test('are the same in any case, with any blanks, or cut off, and either way round', () => {
    fc.assert(
      fc.property(name, fc.nat(10), (text, cut) => {
        expect(isSameText(text, ` ${text.toLowerCase()}.`)).toBe(true)
        const short = text.slice(0, Math.max(Math.ceil(text.length / 2) + 3, text.length - cut))
        expect(isSameText(text, short)).toBe(isSameText(short, text))
      }),
    )
    expect(isSameText('NORTHERN STAR', 'NORTHERN')).toBe(true)
    expect(isSameText('NORTHERN STAR', 'NORTH')).toBe(false)
  })

  test('differ by more than two letters, of a call sign by more than one', () => {
    expect(isSameText('PROUD FALCON', 'PRQUD FAICON')).toBe(true)
    expect(isSameText('PROUD FALCON', 'PRQVD FAICON')).toBe(false)
    expect(isSameText('LAXY6', 'LAXZ6')).toBe(true)
    expect(isSameText('LAXY6', 'LAZZ6')).toBe(false)
  })
})

describe('a name that changes', () => {
  const before = { name: 'PROUD FALCON', callsign: 'LAXY6', imo: IMO }
  const after = { ...before, name: 'GREY HERON' }

  test('is told once, with both, from the last message before to the first with it', () => {
    const [event, ...more] = identities([...sails(0, 3, before), ...sails(3.2, 5, after)])
    expect(more).toEqual([])
    expect(event).toMatchObject({
      ...{
        type: 'identity',
        class: 'name_changed',
        phase: 'closed',
        mmsi: A,
        vessel: { name: 'GREY HERON' },
      },
      ...{ start: { t: T0 + 3.2 * MS_PER_HOUR }, end: { t: T0 + 3.2 * MS_PER_HOUR } },
      details: { changed: ['name'], before: { name: 'PROUD FALCON' }, after: { name: 'GREY HERON' } },
    })
  })

  test('is believed after three messages over half an hour, or from two receivers', () => {
    const twice = [
      { h: 3.1, says: after },
      { h: 3.2, says: after },
    ]
    const base = [...sails(0, 3, before), ...sails(3, 5, null)]
    expect(classes([...base, ...twice])).toEqual([])
    expect(classes([...base, ...twice, { h: 3.59, says: after }])).toEqual([])
    expect(classes([...base, ...twice, { h: 3.6, says: after }])).toEqual(['name_changed'])
    // many within less than half an hour are one receiver's
    expect(classes([...base, ...sails(3.1, 3.59, after, { everyMin: 1 })])).toEqual([])
  })

  test('says nothing when the old one comes back meanwhile, or a third', () => {
    const base = [...sails(0, 3, before), ...sails(3, 5, null)]
    const others = [3.1, 3.3, 3.5, 3.7, 3.9].map((h, k) => ({ h, says: k === 2 ? before : after }))
    expect(classes([...base, ...others])).toEqual([])
    const third = [3.1, 3.3, 3.5, 3.7, 3.9].map((h, k) => ({
      h,
      says: k === 2 ? { ...before, name: 'ANOTHER ONE' } : after,
    }))
    expect(classes([...base, ...third])).toEqual([])
  })

  test('is none by a letter or two, and none where the first was not believed itself', () => {
    expect(classes([...sails(0, 3, before), ...sails(3.2, 5, { ...before, name: 'PRQUD FAICON' })])).toEqual(
      [],
    )
    expect(classes([...sails(0, 0.3, before), ...sails(0.4, 3, after)])).toEqual([])
  })

  test('what says nothing of it, half of a message 24, neither confirms nor denies', () => {
    const half = sails(3.2, 5, { callsign: 'LAXY6' }, { everyMin: 7 }).filter(step => 'says' in step)
    expect(classes([...sails(0, 3, before), ...sails(3.2, 5, after), ...half])).toEqual(['name_changed'])
  })

  test('weighs more after a silence, less at rest, most when the hull number changes', () => {
    const score = (steps: Step[]) => identities(steps)[0]!.score
    const inSight = score([...sails(0, 3, before), ...sails(3.2, 5, after)])
    const dark = score([...sails(0, 3, before), ...sails(9.5, 12, after)])
    const still = Array.from({ length: 60 }, (_, k): Step => ({ h: k / 10, lat: 0, lon: 10, sog: 0 }))
    const says = (h: number, data: StaticData): Step => ({ h, says: data })
    const atRest = score([
      ...still,
      ...[0, 0.5, 1, 2].map(h => says(h, before)),
      ...[3, 3.3, 3.7, 4].map(h => says(h, after)),
    ])
    const [hull] = identities([...sails(0, 3, before), ...sails(3.2, 5, { ...before, imo: OTHER_IMO })])
    expect(hull).toMatchObject({ class: 'imo_changed', details: { changed: ['imo'] } })
    expect(atRest).toBeLessThan(inSight)
    expect(inSight).toBeLessThan(hull!.score)
    expect(inSight).toBeLessThan(dark)
  })

  test('is taken back when the MMSI turns out to be two ships', () => {
    const one = { name: 'PROUD FALCON', callsign: 'LAXY6' }
    const two = { name: 'GREY HERON', callsign: 'C6AB7' }
    const events = identities([
      ...sails(0, 30, one),
      ...sails(6.05, 30, two, { lat: 45, lon: -30, everyMin: 5 }),
    ])
    expect(events).toEqual([])
  })
})

test('an IMO number with a wrong check digit is told of a large ship, once; an inland number is none', () => {
  const large = { name: 'PROUD FALCON', imo: IMO - 1, shipType: 70, length: 180 }
  expect(classes(sails(0, 5, large))).toEqual(['imo_invalid'])
  expect(classes(sails(0, 5, { ...large, imo: IMO }))).toEqual([])
  expect(classes(sails(0, 5, { ...large, imo: 23123456 }))).toEqual([])
  expect(classes(sails(0, 5, { ...large, length: 100 }))).toEqual(['imo_invalid'])
  expect(classes(sails(0, 5, { ...large, length: 99 }))).toEqual([])
  expect(classes(sails(0, 5, { ...large, shipType: 37 }))).toEqual([])
})

test('an MMSI of no country is told once it has named itself', () => {
  const [event, ...more] = identities(sails(0, 5, { name: 'NOBODY' }, { mmsi: 290123456 }))
  expect(more).toEqual([])
  expect(event).toMatchObject({ class: 'mmsi_invalid', details: { why: 'country', value: 290123456 } })
})

describe('one IMO number on two MMSIs', () => {
  const ship = { name: 'PROUD FALCON', callsign: 'LAXY6', imo: IMO, shipType: 70, length: 180 }

  test('at once and apart is a shared identity, of the smaller MMSI, told once', () => {
    const events = identities([...sails(0, 6, ship), ...sails(0, 6, ship, { mmsi: B, lat: 40 })])
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ class: 'shared_identity', mmsi: A, details: { imo: IMO, others: [B] } })
    const mirrored = identities([...sails(0, 6, ship, { lat: 40 }), ...sails(0, 6, ship, { mmsi: B })])
    expect(mirrored.map(({ id }) => id)).toEqual(events.map(({ id }) => id))
  })

  test('on one hull is none', () => {
    expect(classes([...sails(0, 6, ship), ...sails(0, 6, ship, { mmsi: B, lat: 0.001 })])).toEqual([])
  })

  test('where the one fell silent the other begins: a swap', () => {
    // A stops at hour 6 at 0° N 10.8° E; B begins an hour later, 5 nm on
    const goesOn = sails(7, 12, ship, { mmsi: B, lon: 10 - 2 / 60 })
    const [event, ...more] = identities([...sails(0, 6, ship), ...goesOn])
    expect(more.filter(({ type }) => type === 'identity')).toEqual([])
    expect(event).toMatchObject({
      ...{
        class: 'identity_swap',
        mmsi: A,
        start: { t: T0 + 6 * MS_PER_HOUR },
        end: { t: T0 + 7 * MS_PER_HOUR },
      },
      details: { imo: IMO, others: [B], from: { mmsi: A }, to: { mmsi: B } },
    })
  })

  test('too far to have come there, or too long after, is no swap', () => {
    expect(classes([...sails(0, 6, ship), ...sails(10, 15, ship, { mmsi: B, lat: 2 })])).toEqual([])
    expect(classes([...sails(0, 6, ship), ...sails(18.1, 22, ship, { mmsi: B, lon: 9 })])).toEqual([])
  })

  test('a swap is taken back when the first speaks again, and told for what it is', () => {
    const goesOn = sails(7, 12, ship, { mmsi: B, lon: 10 - 2 / 60 })
    const events = run([...sails(0, 6, ship), ...goesOn, ...sails(11, 15, ship, { lat: 1, lon: 8 })])
    expect(events.filter(e => e.class === 'identity_swap').map(e => e.phase)).toEqual(['closed', 'retracted'])
    expect(finals(events).map(e => e.class)).toContain('shared_identity')
  })
})

describe('however the messages arrive', () => {
  const ships = [A, B, 235000001]
  const data = fc.record({
    name: fc.constantFrom('PROUD FALCON', 'GREY HERON', 'PRQUD FALCON'),
    imo: fc.constantFrom(IMO, OTHER_IMO, IMO - 1),
  })
  /** Each ship keeps to a name for some hours, then to another. */
  const stories = fc
    .tuple(
      ...ships.map((mmsi, k) =>
        fc
          .array(fc.tuple(data, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 })), {
            minLength: 1,
            maxLength: 4,
          })
          .map(parts => {
            let h = k / 7
            return parts.flatMap(([says, hours, silent]) => {
              const steps = sails(h, h + hours, says, { mmsi, lat: k * 5, everyMin: 13 })
              h += hours + silent
              return steps
            })
          }),
      ),
    )
    .map(all => all.flat().sort((a, b) => a.h - b.h || (a.mmsi ?? A) - (b.mmsi ?? A)))

  test('shuffled within the window, resumed from a snapshot, or with static data forgotten, they tell the same', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(
        stories,
        fc.nat(),
        fc.infiniteStream(fc.integer({ min: 0, max: 110 })),
        (steps, cut, delays) => {
          const plain = run(steps)
          for (const event of finals(plain)) if (event.type === 'identity') seen.add(event.class!)

          const late: DarkEvent[] = []
          const live = createEngine({ config: small, onEvent: event => late.push(event) })
          const arrival = steps
            .map(step => ({ step, at: step.h * 3600 + delays.next().value }))
            .sort((a, b) => a.at - b.at)
          for (const { step, at } of arrival) {
            push(live, step)
            live.advance(T0 + (at - 120) * 1000)
          }
          live.flush()
          expect(content(late)).toEqual(content(plain))

          const events: DarkEvent[] = []
          const onEvent = (event: DarkEvent) => events.push(event)
          const first = createEngine({ config: small, onEvent })
          const n = cut % (steps.length + 1)
          for (const step of steps.slice(0, n)) push(first, step)
          const second = createEngine({ config: small, onEvent, restore: first.snapshot() })
          for (const step of steps.slice(n)) push(second, step)
          second.flush()
          expect(events).toEqual(plain)

          const tidied: DarkEvent[] = []
          const config = { engine: { ...small.engine, staticsKept: 1 } }
          const tidy = createEngine({ config, onEvent: event => tidied.push(event) })
          for (const step of steps) {
            push(tidy, step)
            tidy.tidy()
          }
          tidy.flush()
          expect(tidied).toEqual(plain)
        },
      ),
      { numRuns: 60, seed: 7 },
    )
    expect([...seen].sort()).toEqual(
      expect.arrayContaining(['imo_changed', 'name_changed', 'shared_identity']),
    )
  })
})
