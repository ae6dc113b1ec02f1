import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { haversineM } from '../../src/geo/distance.js'
import { M_PER_NM } from '../../src/model/units.js'
import {
  createFleet,
  simulate,
  vesselCount,
  type SimMessage,
  type Simulation,
} from '../../src/simulate/fleet.js'
import { rangeM } from '../../src/simulate/reception.js'
import { scenarioNamed, scenarios } from '../../src/simulate/scenarios.js'
import { openSea, positionsOf } from './helpers.js'

const northSea = scenarioNamed('north-sea')
// thinner than the demo's: the same sea in a fraction of the messages
const northSeaDay = simulate({ ...northSea, thinS: 300 }, { vessels: 120 })
const messages = [...northSeaDay.messages]

/** What identifies a message as sent and heard. */
const keyOf = (m: SimMessage) => JSON.stringify([m.kind, m.receivedAt, m.receiver, m.first, m.report])
const head = (sim: Simulation, n: number): string[] => {
  const out: string[] = []
  for (const message of sim.messages) {
    out.push(keyOf(message))
    if (out.length === n) break
  }
  return out
}

describe('a simulation repeats itself', () => {
  it('iterating twice gives the same messages', () => {
    expect([...northSeaDay.messages].map(keyOf)).toEqual(messages.map(keyOf))
  })

  it('two iterations in step do not disturb each other', () => {
    const a = northSeaDay.messages[Symbol.iterator]()
    const b = northSeaDay.messages[Symbol.iterator]()
    for (let i = 0; i < 3000; i++) {
      a.next()
      if (i % 3 === 0) b.next()
    }
    for (let i = 1000; i < 1500; i++) expect(keyOf(b.next().value as SimMessage)).toBe(keyOf(messages[i]!))
  })

  it('the same seed gives the same sea, another seed another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.constantFrom(...scenarios), (seed, scenario) => {
        const options = { seed, vessels: 15, hours: 6 }
        const once = simulate(scenario, options)
        const again = simulate(scenario, options)
        expect(head(again, 400)).toEqual(head(once, 400))
        expect(again.truth).toEqual(once.truth)
        expect(head(simulate(scenario, { ...options, seed: seed + 1 }), 50)).not.toEqual(head(once, 50))
      }),
      { numRuns: 12 },
    )
  })

  it('more everyday traffic leaves the ships with a story as they were', () => {
    const stories = northSea.vessels.length
    const small = createFleet(northSea, 1, 24, stories)
    const large = createFleet(northSea, 1, 24, stories + 30)
    const hulls = small.length
    expect(large.slice(0, hulls).map(h => h.identity)).toEqual(small.map(h => h.identity))
    expect(large.slice(0, hulls).map(h => h.voyage.planEnd)).toEqual(small.map(h => h.voyage.planEnd))
  })
})

describe('what is heard', () => {
  it('arrives in order, after it was sent, within the hours of the scenario', () => {
    let last = 0
    let wrong = 0
    for (const { receivedAt, report } of messages) {
      if (!(receivedAt >= last && receivedAt > report.t && receivedAt < report.t + 2000)) wrong++
      if (!(report.t >= northSeaDay.start && report.t < northSeaDay.end)) wrong++
      last = receivedAt
    }
    expect(wrong).toBe(0)
    expect(messages.length).toBeGreaterThan(30_000)
  })

  it('first messages are the messages without later copies', () => {
    const firsts = messages.filter(m => m.first).map(keyOf)
    expect([...northSeaDay.firstMessages].map(keyOf)).toEqual(firsts)
    expect(firsts.length).toBeLessThan(messages.length)
  })

  it('copies of a transmission differ only in receiver and time of arrival', () => {
    // bit errors happen at one receiver; leave them out
    const garbled = new Set(northSeaDay.truth.filter(t => t.class === 'bit_error').map(t => t.mmsi))
    const sent = new Map<string, string>()
    const stations = new Map<string, Set<string>>()
    let wrong = 0
    for (const m of messages) {
      if (m.kind !== 'position' || garbled.has(m.report.mmsi)) continue
      const key = `${m.ship.name} ${m.report.t}`
      const heard = stations.get(key) ?? new Set()
      if (heard.has(m.receiver)) wrong++
      stations.set(key, heard.add(m.receiver))
      const text = JSON.stringify({ ...m.report, receiver: '', receivedAt: 0 })
      if ((sent.get(key) ?? text) !== text) wrong++
      sent.set(key, text)
    }
    expect(wrong).toBe(0)
    expect(Math.max(...[...stations.values()].map(s => s.size))).toBeGreaterThan(1)
  })

  it('only from ships in range of the receiver that heard them, Class B nearer than Class A', () => {
    const at = new Map(northSea.receivers.map(receiver => [receiver.station, receiver]))
    const lying = new Set(
      northSeaDay.truth.filter(t => t.type !== 'gap' && t.type !== 'loitering').map(t => t.mmsi),
    )
    let far = 0
    let worst = 0
    for (const m of messages) {
      if (m.kind !== 'position' || lying.has(m.report.mmsi)) continue // these send false positions
      const receiver = at.get(m.receiver)!
      if (!('at' in receiver)) continue
      const d = haversineM(...receiver.at, m.report.lat!, m.report.lon!)
      worst = Math.max(worst, d / rangeM(receiver, m.ship.txClass))
      if (d > rangeM(receiver, m.ship.txClass) + 100) far++
    }
    expect(far).toBe(0)
    expect(worst).toBeGreaterThan(0.8) // the edge was tried
  })

  it('losses grow towards the edge of the range', () => {
    const at = (nm: number) =>
      positionsOf(
        simulate(
          openSea([{ kind: 'cargo', from: [55 + nm / 60, 3], plan: [{ do: 'moor', hours: 30 }] }], {
            receivers: [{ station: 'one', at: [55, 3], rangeNm: 50 }],
            thinS: 0,
          }),
        ),
      ).length
    const near = at(5)
    expect(near).toBeGreaterThan(440) // of 480
    expect(at(45)).toBeLessThan(near * 0.75)
    expect(at(49)).toBeGreaterThan(0)
    expect(at(51)).toBe(0)
  })

  it('values are in the ranges and steps of M.1371', () => {
    let wrong = 0
    for (const m of messages) {
      if (m.kind !== 'position') continue
      const { lat, lon, sog, cog, heading, navStatus, msgType, txClass, mmsi } = m.report
      if (!(
        Math.abs(lat!) <= 90 &&
        Math.abs(lon!) <= 180 &&
        sog! >= 0 &&
        sog! < 40 &&
        cog! >= 0 &&
        cog! < 360
      ))
        wrong++
      if (Math.abs(Math.round(lat! * 600_000) - lat! * 600_000) > 1e-6) wrong++
      if (Math.abs(Math.round(sog! * 10) - sog! * 10) > 1e-9) wrong++
      if (
        txClass === 'A'
          ? !(heading! >= 0 && heading! < 360 && navStatus! <= 15 && [1, 3].includes(msgType!))
          : msgType !== 18
      )
        wrong++
      if (!(mmsi >= 200_000_000 && mmsi < 776_000_000)) wrong++
    }
    expect(wrong).toBe(0)
  })

  it('no ship is faster than she says, but where the story says so', () => {
    const lying = new Set(
      northSeaDay.truth
        .filter(t => t.type === 'spoofing' || t.class === 'bit_error' || t.class === 'single_displaced_fix')
        .map(t => t.mmsi),
    )
    const last = new Map<number, { t: number; lat: number; lon: number; sog: number }>()
    let asked = 0
    let tooFast = 0
    for (const m of northSeaDay.firstMessages) {
      if (m.kind !== 'position' || lying.has(m.report.mmsi)) continue
      const { mmsi, t, lat, lon, sog } = m.report as Required<typeof m.report>
      const before = last.get(mmsi)
      last.set(mmsi, { t, lat, lon, sog })
      if (!before) continue
      const hours = (t - before.t) / 3_600_000
      if (hours > 0.12) continue // a silence may hide faster minutes between slow ones
      const nm = haversineM(before.lat, before.lon, lat, lon) / M_PER_NM
      asked++
      // sensors add some metres, swinging at anchor some tens
      if (nm > 1.05 * Math.max(sog, before.sog) * hours + 0.1) tooFast++
    }
    expect(asked).toBeGreaterThan(10_000)
    // leaving port or a fishing ground, a ship gains speed between two slow reports
    expect(tooFast / asked).toBeLessThan(0.002)
    expect(lying.size).toBeLessThan(20)
  })
})

describe('ships', () => {
  it.each(scenarios.map(s => [s.name, s] as const))(
    '%s: as many as asked, each with a number of its own',
    (_, scenario) => {
      for (const vessels of [scenario.vessels.length, vesselCount(scenario), 50]) {
        const hulls = createFleet(scenario, 3, scenario.hours, vessels)
        const ships = hulls.filter(h => h.twinOf === undefined)
        expect(ships.length).toBe(Math.max(vessels, scenario.vessels.length))
        expect(new Set(ships.map(h => h.identity.mmsi)).size).toBe(ships.length)
        expect(new Set(hulls.map(h => h.identity.name)).size).toBe(hulls.length)
      }
    },
  )

  it('IMO numbers have a valid check digit', () => {
    for (const { imo } of northSeaDay.ships) {
      if (imo === undefined) continue
      const digits = [...String(imo)].map(Number)
      const sum = digits.slice(0, 6).reduce((acc, d, i) => acc + d * (7 - i), 0)
      expect(sum % 10).toBe(digits[6])
    }
  })

  it('a ship is not heard before its journey begins', () => {
    const sim = simulate(
      openSea([{ kind: 'cargo', from: 'port', startH: 5, plan: [{ do: 'sail', to: 'away', knots: 10 }] }]),
    )
    expect(positionsOf(sim)[0]!.t).toBeGreaterThanOrEqual(sim.start + 5 * 3_600_000)
  })

  it('an unknown place, lane or scenario, or an option out of range, is named', () => {
    const to = (place: string) => () =>
      simulate(openSea([{ kind: 'cargo', from: 'port', plan: [{ do: 'sail', to: place, knots: 10 }] }]))
    expect(to('atlantis')).toThrow('no sea lane from "port" to "atlantis"')
    expect(() => simulate(openSea([{ kind: 'cargo', from: 'atlantis', plan: [] }]))).toThrow(
      'unknown place "atlantis"',
    )
    for (const wrong of [
      { hours: 0 },
      { hours: NaN },
      { hours: 745 },
      { vessels: 0 },
      { vessels: 1.5 },
      { seed: NaN },
    ]) {
      expect(() => simulate(openSea([]), wrong)).toThrow(/^simulate: expected /)
    }
    expect(() => simulate({ ...openSea([]), start: 'noon' })).toThrow(
      'expected an ISO-8601 start, got "noon"',
    )
    expect(() => scenarioNamed('moon')).toThrow('scenario: unknown name "moon", expected one of north-sea')
  })
})
