// What goes wrong between a ship's antenna and the log: receivers fail, lines fail, the weather changes, sets are poor,
// satellites keep hours, reports come late and twice. And a ship whose plan says when it is off.

import { describe, expect, it } from 'vitest'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createBatch } from '../../src/model/batch.js'
import { createWords } from '../../src/model/words.js'
import { toBatches } from '../../src/simulate/batches.js'
import { createFleet, simulate, type SimMessage } from '../../src/simulate/fleet.js'
import { createRandom } from '../../src/simulate/random.js'
import { createReception } from '../../src/simulate/reception.js'
import type { Receiver, Scenario, Vessel } from '../../src/simulate/scenario.js'
import { createVoyage } from '../../src/simulate/voyage.js'
import { openSea } from './helpers.js'

const lying: Vessel = { kind: 'cargo', from: 'port', plan: [{ do: 'moor', hours: 99 }] }
const two: Receiver[] = [
  { station: 'one', at: [55, 3], rangeNm: 60 },
  { station: 'two', at: [55.1, 3], rangeNm: 60 },
]
const heardIn = (overrides: Partial<Scenario>): SimMessage[] => [
  ...simulate(openSea([lying], { receivers: two, ...overrides })).messages,
]
const T0 = Date.parse('2026-01-01T00:00:00Z')
const hourOf = (t: number) => (t - T0) / MS_PER_HOUR

describe('an outage', () => {
  const down = { at: 5, hours: 4, stations: ['one'] }

  it('silences the receivers that it names, from its first moment to its last, and no others', () => {
    const messages = heardIn({ outages: [down] })
    const during = messages.filter(({ report }) => hourOf(report.t) >= 5 && hourOf(report.t) < 9)
    expect(new Set(during.map(({ receiver }) => receiver))).toEqual(new Set(['two']))
    const one = messages.filter(({ receiver }) => receiver === 'one').map(({ report }) => hourOf(report.t))
    expect(Math.max(...one.filter(h => h < 5))).toBeGreaterThan(4.7)
    expect(Math.min(...one.filter(h => h >= 9))).toBeLessThan(9.3)
  })

  it('without names silences all', () => {
    const during = heardIn({ outages: [{ at: 5, hours: 4 }] }).filter(
      ({ report }) => hourOf(report.t) >= 5 && hourOf(report.t) < 9,
    )
    expect(during).toEqual([])
  })

  it('of the line only delays: the same is heard, and arrives when it is over', () => {
    const key = ({ report, receiver }: SimMessage) => `${report.t} ${receiver}`
    const whole = heardIn({})
    const delayed = heardIn({ outages: [{ ...down, delayed: true }] })
    expect(delayed.map(key).sort()).toEqual(whole.map(key).sort())
    for (const { report, receiver, receivedAt } of delayed) {
      const cut = receiver === 'one' && hourOf(report.t) >= 5 && hourOf(report.t) < 9
      const due = cut ? T0 + 9 * MS_PER_HOUR : report.t
      expect(receivedAt - due).toBeGreaterThan(0)
      expect(receivedAt - due).toBeLessThan(2000)
    }
    // what arrives is in order of arrival even so
    const arrivals = delayed.map(({ receivedAt }) => receivedAt)
    expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b))
  })
})

describe('late data', () => {
  const late = { share: 0.3, hours: [1, 5] as const }
  const messages = heardIn({ late, hours: 48 })

  it('come in whole hours of a station, some of them, within the hours given', () => {
    const blocks = new Map<string, Set<number>>()
    for (const { report, receiver, receivedAt } of messages) {
      const lateMs = Math.round((receivedAt - report.t) / 2000) * 2000
      const block = `${receiver} ${Math.floor(report.t / MS_PER_HOUR)}`
      blocks.set(block, (blocks.get(block) ?? new Set()).add(lateMs >= MS_PER_HOUR - 2000 ? 1 : 0))
      expect(lateMs).toBeLessThan(5 * MS_PER_HOUR + 4000)
    }
    expect([...blocks.values()].every(kinds => kinds.size === 1)).toBe(true)
    const share = [...blocks.values()].filter(kinds => kinds.has(1)).length / blocks.size
    expect(share).toBeGreaterThan(0.15)
    expect(share).toBeLessThan(0.45)
  })

  it('are first where no other copy came sooner', () => {
    const soonest = new Map<number, number>()
    for (const { kind, report, receivedAt } of messages) {
      if (kind === 'position') soonest.set(report.t, Math.min(soonest.get(report.t) ?? Infinity, receivedAt))
    }
    for (const { kind, report, receivedAt, first } of messages)
      if (kind === 'position') expect(first).toBe(receivedAt === soonest.get(report.t))
  })
})

it('some reports arrive twice, equal but for the time of arrival', () => {
  const messages = heardIn({ repeats: 0.25 })
  const copies = new Map<string, SimMessage[]>()
  for (const message of messages) {
    const key = `${message.kind} ${message.report.t} ${message.receiver}`
    copies.set(key, [...(copies.get(key) ?? []), message])
  }
  const twice = [...copies.values()].filter(of => of.length === 2)
  expect([...copies.values()].every(of => of.length <= 2)).toBe(true)
  expect(twice.length / copies.size).toBeGreaterThan(0.2)
  expect(twice.length / copies.size).toBeLessThan(0.3)
  for (const [a, b] of twice) {
    expect(b!.first).toBe(false)
    expect(b!.receivedAt).toBeGreaterThan(a!.receivedAt)
    expect({ ...b!.report, receivedAt: 0 }).toEqual({ ...a!.report, receivedAt: 0 })
  }
  const firsts = [...simulate(openSea([lying], { receivers: two, repeats: 0.25 })).firstMessages]
  expect(firsts.map(({ report, receiver }) => [report.t, receiver])).toEqual(
    messages.filter(({ first }) => first).map(({ report, receiver }) => [report.t, receiver]),
  )
})

describe('reception', () => {
  const heard = (scenario: Pick<Scenario, 'receivers' | 'fading'>, t: number, nm: number, strength = 1) => {
    const reception = createReception(scenario, T0)
    const random = createRandom(1)
    let n = 0
    for (let i = 0; i < 400; i++) n += reception.hear(t, 55 + nm / 60, 3, 'A', random, [], strength)
    return n / 400
  }
  const one = { receivers: [two[0]!] }

  it('fades and swells with the weather about the range, never beyond the share given', () => {
    const reach = (h: number) => {
      let nm = 0
      while (nm < 100 && heard({ ...one, fading: 0.2 }, T0 + h * MS_PER_HOUR, nm) > 0) nm += 2
      return nm
    }
    const reaches = Array.from({ length: 30 }, (_, k) => reach(4 * k))
    expect(Math.min(...reaches)).toBeGreaterThanOrEqual(48)
    expect(Math.min(...reaches)).toBeLessThan(54)
    expect(Math.max(...reaches)).toBeGreaterThan(66)
    expect(Math.max(...reaches)).toBeLessThanOrEqual(74)
    expect(heard(one, T0, 59)).toBeGreaterThan(0)
    expect(heard(one, T0, 61)).toBe(0)
  })

  it('of a poor set reaches as far as its strength, and a satellite hears it as seldom', () => {
    expect(heard(one, T0, 29, 0.5)).toBeGreaterThan(0)
    expect(heard(one, T0, 31, 0.5)).toBe(0)
    const satellite = {
      receivers: [{ station: 'sat', passEveryMin: 60, passMin: 60, probability: 0.8 } as const],
    }
    expect(heard(satellite, T0, 0)).toBeCloseTo(0.8, 1)
    expect(heard(satellite, T0, 0, 0.5)).toBeCloseTo(0.4, 1)
  })

  it('poor sets are as many as asked, and the same for the same seed', () => {
    const poor = (poorSets: number) =>
      createFleet(
        openSea(
          Array.from({ length: 300 }, () => lying),
          { poorSets },
        ),
        1,
        24,
        300,
      ).filter(({ strength }) => strength < 1)
    expect(poor(0)).toEqual([])
    expect(poor(0.2).length).toBeGreaterThan(40)
    expect(poor(0.2).length).toBeLessThan(80)
    expect(poor(0.2).every(({ strength }) => strength >= 0.33 && strength < 0.67)).toBe(true)
    expect(poor(0.2).map(h => h.identity)).toEqual(poor(0.2).map(h => h.identity))
  })

  it('of a satellite that keeps hours is twice a day', () => {
    const receivers: Receiver[] = [
      {
        ...{ station: 'sat', passEveryMin: 10, passMin: 10, probability: 1 },
        twiceADay: { atH: 3, aroundH: 1.5 },
      },
    ]
    const hours = Array.from({ length: 48 * 6 }, (_, k) => k / 6).filter(
      h => heard({ receivers }, T0 + h * MS_PER_HOUR, 0) > 0,
    )
    const parts = hours.map(h => Math.min(Math.abs((h % 12) - 3), 12 - Math.abs((h % 12) - 3)))
    expect(hours.length).toBe(4 * 19)
    expect(Math.max(...parts)).toBeCloseTo(1.5, 6)
  })
})

describe('a plan that says when the set is off', () => {
  const { waters } = openSea([])
  const voyage = (plan: Vessel['plan']) =>
    createVoyage(waters, { from: 'port', plan }, 0, Infinity, createRandom(1))

  it('counts from the beginning of the phase, lasts so long, or to the end of the phase', () => {
    const { offs } = voyage([
      { do: 'moor', hours: 5 },
      { do: 'anchor', hours: 6, off: { afterH: 2 } },
      { do: 'fish', knots: 4, hours: 9, radiusNm: 5, off: { afterH: 1, hours: 20 } },
    ])
    const inHours = offs.map(({ from, to }) => [from / MS_PER_HOUR, to / MS_PER_HOUR])
    expect(inHours).toEqual([[7, 11], [12, 32]]) // prettier-ignore
  })

  it('says nothing when the phase is over before', () => {
    expect(voyage([{ do: 'moor', hours: 5, off: { afterH: 5 } }]).offs).toEqual([])
    expect(voyage([{ do: 'moor', hours: 5, off: { afterH: 5, hours: 3 } }]).offs).toEqual([])
    expect(voyage([{ do: 'moor', hours: 5, off: { afterH: 4.9, hours: 3 } }]).offs.length).toBe(1)
  })

  it('is heard: nothing is sent meanwhile, and it comes back a minute after', () => {
    const plan: Vessel['plan'] = [{ do: 'moor', hours: 99, off: { afterH: 6, hours: 7 } }]
    const sim = simulate(openSea([{ kind: 'cargo', from: 'port', plan }]))
    const times = [...sim.messages].map(({ report }) => report.t - T0)
    expect(times.filter(t => t >= 6 * MS_PER_HOUR && t < 13 * MS_PER_HOUR)).toEqual([])
    expect(Math.min(...times.filter(t => t >= 13 * MS_PER_HOUR))).toBeLessThan(
      13 * MS_PER_HOUR + 2 * MS_PER_MIN,
    )
  })
})

it('as batches a sea is the same, row for row', () => {
  const { messages } = simulate(openSea([lying, { ...lying, kind: 'boat' }], { receivers: two, hours: 4 }))
  const words = createWords()
  const batches = [...toBatches(messages, words, 37)]
  const rows = batches.flatMap(batch =>
    Array.from({ length: batch.length }, (_, i) => ({
      ...{ t: batch.t[i], mmsi: batch.mmsi[i], receivedAt: batch.receivedAt[i] },
      ...{ receiver: words.receivers.get(batch.receiver[i]!), source: words.sources.get(batch.source[i]!) },
      ...{ lat: batch.lat[i], name: words.statics.get(batch.statics[i]!)?.name, type: batch.msgType[i] },
    })),
  )
  const expected = [...messages].map(message => ({
    ...{ t: message.report.t, mmsi: message.report.mmsi, receivedAt: message.receivedAt },
    ...{ receiver: message.receiver, source: 'terrestrial' },
    ...(message.kind === 'position'
      ? { lat: message.report.lat, name: undefined, type: message.report.msgType }
      : { lat: NaN, name: message.report.name, type: message.ship.txClass === 'A' ? 5 : 24 }),
  }))
  expect(rows).toEqual(expected)
  expect(
    batches.every(batch => batch.length <= 37 && batch.capacity === createBatch(words, 37).capacity),
  ).toBe(true)
})
