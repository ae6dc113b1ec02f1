import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { haversineM } from '../../src/geo/distance.js'
import { pack, unpack } from '../../src/engine/snapshot.js'
import { createNearby, type Nearby, type SilenceOf } from '../../src/reception/nearby.js'
import { S0 } from './world.js'

interface Heard {
  slot: number
  mmsi: number
  radio: number
  collection: number
  lat: number
  lon: number
}

const ME = 257_000_001

function tell(list: readonly Heard[], now: number, nearby: Nearby = createNearby(1 << 12)): Nearby {
  for (const { slot, mmsi, radio, collection, lat, lon } of [...list].sort((a, b) => a.slot - b.slot)) {
    nearby.advance(slot)
    nearby.heard(mmsi, radio, collection, lat, lon)
  }
  nearby.advance(now)
  return nearby
}

const silence = (over: Partial<SilenceOf> = {}): SilenceOf => ({
  ...{ mmsi: ME, radio: 1, collection: 1, slot: S0 + 5, lat: 54, lon: 3 },
  ...{ toSlot: S0 + 42, toLat: NaN, toLon: NaN },
  ...over,
})

/** A ship that is heard in every slot of a range. */
const ship = (mmsi: number, from: number, to: number, over: Partial<Heard> = {}): Heard[] =>
  Array.from({ length: to - from }, (_, k) => ({
    ...{ slot: S0 + from + k, mmsi, radio: 1, collection: 1, lat: 54, lon: 3.1 },
    ...over,
  }))

describe('the witnesses of a silence', () => {
  test('17 of 18 vessels nearby were still heard', () => {
    const fleet = Array.from({ length: 18 }, (_, k) => ship(257_100_000 + k, 0, k === 7 ? 6 : 42)).flat()
    const told = tell([...fleet, ...ship(ME, 0, 6)], S0 + 42).witnesses(silence())!
    expect(told).toMatchObject({ near: 18, stillHeard: 17, silentToo: [257_100_007] })
    expect(told.heardAgain).toEqual([0, 1, 2, 3, 4, 5, 6, 8].map(k => 257_100_000 + k))
    expect(told.expected / told.steps).toBeCloseTo(18, 9)
    expect(told.heard / told.steps).toBeCloseTo(17, 9)
  })

  test('when the place goes deaf, none was', () => {
    const fleet = Array.from({ length: 18 }, (_, k) => ship(257_100_000 + k, 0, 6)).flat()
    const told = tell(fleet, S0 + 42).witnesses(silence())!
    expect(told).toMatchObject({ near: 18, stillHeard: 0, heard: 0 })
    expect(told.expected).toBeGreaterThan(0)
  })

  test('are of its class and feed, near it, and not itself', () => {
    const told = tell(
      [
        ...ship(ME, 0, 42),
        ...ship(1, 0, 42, { radio: 2 }),
        ...ship(2, 0, 42, { collection: 2 }),
        ...ship(3, 0, 42, { lat: 54 + 20 / 60 }),
        ...ship(4, 0, 42, { lat: 54 + 12 / 60 }),
      ],
      S0 + 42,
    ).witnesses(silence())!
    expect(told).toMatchObject({ near: 1, stillHeard: 1, heardAgain: [4] })
  })

  test('how often it was heard itself, and in how much of its silence anybody was', () => {
    // it in every other slot of half a day, another beside it until an hour after
    const me = Array.from({ length: 36 }, (_, k) => ship(ME, 2 * k - 65, 2 * k - 64)).flat()
    const told = tell([...ship(9, -300, 42, { lat: -30 }), ...me, ...ship(1, -65, 12)], S0 + 42)
    const { own, live, steps, sightings } = told.witnesses(silence())!
    expect(own).toMatchObject({ in3h: 9, of3h: 18, in12h: 36, of12h: 72, live12h: 71, in48h: 36 })
    expect(own.others12h).toBe(71)
    expect([live, steps, sightings]).toEqual([6, 35, 6])
  })

  test('where 2 W are heard, 12.5 W would be, and not the other way round', () => {
    const around = [...ship(9, -6, 42, { lat: -30 }), ...ship(1, 0, 42, { radio: 2 }), ...ship(2, 0, 42)]
    const live = (radio: number, list = around) =>
      tell(list, S0 + 42).witnesses(silence({ radio }))!.sightings / 35
    expect(live(1)).toBe(2)
    expect(live(2)).toBe(1)
  })

  test('may have sailed on, and count when any feed hears them again', () => {
    const sailed = [...ship(1, 0, 6), ...ship(1, 8, 9, { lat: 54.4, collection: 2 })]
    expect(tell(sailed, S0 + 42).witnesses(silence())!.heardAgain).toEqual([1])
    const late = [...ship(1, 0, 6), ...ship(1, 12, 13)]
    expect(tell(late, S0 + 42).witnesses(silence())!.stillHeard).toBe(0)
    // satellites pass: three hours, and sixty miles
    const passed = [...ship(1, 0, 6, { collection: 2, lat: 54.9 }), ...ship(1, 12, 13, { collection: 2 })]
    expect(tell(passed, S0 + 42).witnesses(silence({ collection: 2 }))!.stillHeard).toBe(1)
  })

  test('the hour before is six slots, the one in which it was last heard among them', () => {
    for (const [slot, near] of [
      [-1, 0],
      [0, 1],
      [5, 1],
      [6, 0],
    ] as const) {
      const list = [...ship(9, -2, 40, { lat: -30 }), ...ship(1, slot, slot + 1)]
      expect(tell(list, S0 + 42).witnesses(silence())!.near).toBe(near)
    }
  })

  test('its way is that to where it came back', () => {
    const gone = [...ship(1, 0, 42), ...ship(2, 0, 42, { lon: 4.1 })]
    const nearby = tell(gone, S0 + 42)
    const there = nearby.witnesses(silence({ toLat: 54, toLon: 5.2 }))!
    expect(there.heard).toBe(there.expected)
    expect(there.heard).toBeGreaterThan(0.4 * there.steps)
    expect(there.heard).toBeLessThan(0.9 * there.steps)
    expect(nearby.witnesses(silence())!.heard).toBe(nearby.witnesses(silence())!.steps)
  })

  test('null where the hour before is not known: before the recording, or no longer in the ring', () => {
    expect(tell(ship(1, 0, 42), S0 + 42).witnesses(silence({ slot: S0 + 4 }))).toBeNull()
    expect(tell(ship(1, 0, 42), S0 + 42).witnesses(silence({ lat: NaN, lon: NaN }))).toBeNull()
    const small = () => createNearby(20)
    expect(tell(ship(1, 0, 42), S0 + 42, small()).witnesses(silence({ slot: S0 + 27 }))).not.toBeNull()
    expect(tell(ship(1, 0, 42), S0 + 42, small()).witnesses(silence({ slot: S0 + 24 }))).toBeNull()
    const old = tell([...ship(1, 0, 20), ...ship(1, 440, 441)], S0 + 452)
    expect(old.witnesses(silence())).toBeNull()
    expect(old.witnesses(silence({ slot: S0 + 40 }))).not.toBeNull()
  })

  test('slot s asks what was heard by slot s − 2', () => {
    const again = [...ship(1, 0, 6), ...ship(1, 8, 9)]
    expect(tell(again, S0 + 9).witnesses(silence({ toSlot: S0 + 9 }))!.stillHeard).toBe(0)
    expect(tell(again, S0 + 10).witnesses(silence({ toSlot: S0 + 10 }))!.stillHeard).toBe(1)
    // and what was heard in the slot where it came back is no witness to its silence
    expect(tell(again, S0 + 20).witnesses(silence({ toSlot: S0 + 8 }))!.stillHeard).toBe(0)
  })
})

describe('against a scan of everything', () => {
  const snap = (deg: number) => Math.floor(deg * 16) / 16 + 1 / 32
  const wrap = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180

  const anywhere = fc
    .record({
      lat: fc.constantFrom(0, 54, -70, 89, -89.9),
      lon: fc.constantFrom(0, 3, 179.9, -180, -179.95),
      list: fc.array(
        fc.record({
          slot: fc.integer({ min: S0, max: S0 + 20 }),
          mmsi: fc.integer({ min: ME - 3, max: ME + 9 }),
          radio: fc.constantFrom(1, 1, 2),
          collection: fc.constantFrom(1, 1, 2),
          dLat: fc.double({ min: -1, max: 1, noNaN: true }),
          dLon: fc.double({ min: -1.5, max: 1.5, noNaN: true }),
        }),
        { maxLength: 150 },
      ),
      collection: fc.constantFrom(1, 2),
    })
    .map(({ lat, lon, list, collection }) => ({
      asked: silence({ lat, lon, collection, toSlot: S0 + 20 }),
      list: list.map(({ dLat, dLon, ...rest }) => ({
        ...rest,
        lat: Math.max(-89.99, Math.min(89.99, lat + dLat)),
        lon: wrap(lon + dLon / Math.max(0.02, Math.cos((lat * Math.PI) / 180))),
      })),
    }))

  test('near and heard again are the same vessels, at the antimeridian and the poles too', () => {
    fc.assert(
      fc.property(anywhere, ({ asked, list }) => {
        const nm = asked.collection === 2 ? 60 : 15
        const awayNm = (h: Heard) => haversineM(asked.lat, asked.lon, snap(h.lat), snap(h.lon)) / 1852
        const near = new Set(
          list
            .filter(
              h => h.slot <= S0 + 5 && h.mmsi !== ME && h.radio === 1 && h.collection === asked.collection,
            )
            .filter(h => awayNm(h) <= nm)
            .map(h => h.mmsi),
        )
        const last = S0 + 5 + (asked.collection === 2 ? 18 : 6)
        const again = new Set(
          list
            .filter(h => h.slot > S0 + 5 && h.slot <= Math.min(last, S0 + 19) && h.radio === 1)
            .filter(h => near.has(h.mmsi) && awayNm(h) <= nm + 5 * (h.slot - S0 - 5 + 6))
            .map(h => h.mmsi),
        )
        // every slot of the hour before must be known
        const told = tell([...list, ...ship(1, -1, 22, { lat: -45, lon: -90 })], S0 + 22).witnesses(asked)!
        expect(told.near).toBe(near.size)
        expect(told.stillHeard).toBe(again.size)
        expect(told.heardAgain).toEqual([...again].sort((a, b) => a - b).slice(0, 8))
      }),
      { numRuns: 300 },
    )
  })

  test('the order within a slot does not matter, nor does a snapshot', () => {
    fc.assert(
      fc.property(anywhere, fc.nat(20), ({ asked, list }, cut) => {
        const all = [...list, ...ship(1, -1, 22, { lat: -45, lon: -90 })]
        const plain = tell(all, S0 + 22)
        const turned = tell([...all].reverse(), S0 + 22)
        expect(turned.state.ring).toEqual(plain.state.ring)
        const first = tell(
          all.filter(h => h.slot <= S0 + cut),
          S0 + cut,
        )
        const restored = createNearby(1 << 12, unpack(pack(first.state)) as typeof first.state)
        const parted = tell(
          all.filter(h => h.slot > S0 + cut),
          S0 + 22,
          restored,
        )
        expect(parted.witnesses(asked)).toEqual(plain.witnesses(asked))
      }),
    )
  })
})
