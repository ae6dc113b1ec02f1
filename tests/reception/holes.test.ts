import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHoles, type Holes, type HolesOptions } from '../../src/reception/holes.js'
import { BIN_START, BINS } from '../../src/reception/lifetable.js'
import { SLOTS_PER_DAY } from '../../src/reception/slots.js'
import { pack, unpack } from '../../src/engine/snapshot.js'

const S0 = 2_840_000 // a slot in 2024
const A = 1

/** A hole as the engine tells it: heard, last at a place, after so many slots. */
interface Hole {
  slot: number
  lat: number
  lon: number
  slots: number
  /** Judged a gap at this length; 0: never. */
  lapse: number
  /** Never heard again. */
  lost: boolean
}

/** Tells holes in order of slot. */
function tell(holes: Holes, list: readonly Hole[]): Holes {
  for (const { slot, lat, lon, slots, lapse, lost } of [...list].sort((a, b) => a.slot - b.slot)) {
    holes.advance(slot)
    if (lapse > 0) holes.lapsed(lat, lon, A, 0, lapse)
    if (!lost) holes.heard(lat, lon, lat + 0.5, lon, A, 0, slots, lapse)
  }
  holes.advance(holes.state.slot + 2)
  return holes
}
const hole = (slots: number, over: Partial<Hole> = {}): Hole => ({
  ...{ slot: S0, lat: 54.1, lon: 3.1, slots, lapse: 0, lost: false },
  ...over,
})
const learnt = (list: readonly Hole[], options: HolesOptions = {}) => tell(createHoles(options), list)

/** Kaplan and Meier by the book: a product over single lengths of 1 − ended / at risk. */
function kaplanMeier(list: readonly Hole[], slots: number): number {
  let survival = 1
  for (let n = 0; n < slots; n++) {
    const atRisk = list.filter(h => (h.lost ? h.lapse > n : h.slots >= n)).length
    const ended = list.filter(h => !h.lost && h.slots === n).length
    if (atRisk > 0) survival *= 1 - ended / atRisk
  }
  return survival
}

const anyHole: fc.Arbitrary<Hole> = fc
  .record({
    slots: fc.oneof(fc.nat(3), fc.nat(40), fc.nat(400)),
    lapseBin: fc.integer({ min: 1, max: BINS - 1 }),
    lost: fc.boolean(),
    slot: fc.integer({ min: S0, max: S0 + 3 }),
  })
  .map(({ slots, lapseBin, lost, slot }) => {
    const lapse = BIN_START[lapseBin]!
    // it became a gap when it had lasted so long; whether it was lost for good shows only then
    return hole(slots, { slot, ...(slots >= lapse ? { lapse, lost } : {}) })
  })

describe('a life table', () => {
  test('is that of Kaplan and Meier, where a cell knows only itself and nothing has aged', () => {
    fc.assert(
      fc.property(fc.array(anyHole, { minLength: 1, maxLength: 60 }), list => {
        const now = list.map(h => ({ ...h, slot: S0 }))
        const holes = learnt(now, { surroundings: 0 })
        for (const start of BIN_START.slice(0, 13)) {
          const atRisk = now.some(h => (h.lost ? h.lapse : h.slots) >= start)
          if (!atRisk) break // what nobody lived to see, nobody knows
          const { survival } = holes.survival(54.1, 3.1, A, 0, start)
          expect(survival).toBeCloseTo(kaplanMeier(now, start), 5)
        }
      }),
    )
  })

  test('never grows with length, and is 1 for no silence', () => {
    fc.assert(
      fc.property(fc.array(anyHole, { maxLength: 30 }), list => {
        const holes = learnt(list)
        expect(holes.survival(54.1, 3.1, A, 0, 0).survival).toBe(1)
        let before = 1
        for (let n = 0; n < 1500; n += 7) {
          const { survival, atMost } = holes.survival(54.1, 3.1, A, 0, n)
          expect(survival).toBeLessThanOrEqual(before + 1e-12)
          expect(survival).toBeGreaterThan(0)
          expect(atMost).toBeGreaterThanOrEqual(survival - 1e-12)
          before = survival
        }
      }),
    )
  })

  test('a gap that ended is known for what it lasted, one that did not only as far as it was judged', () => {
    const short = Array.from({ length: 90 }, () => hole(0))
    const returned = Array.from({ length: 10 }, () => hole(60, { lapse: 36 }))
    const lost = Array.from({ length: 10 }, () => hole(60, { lapse: 36, lost: true }))
    const after = (list: Hole[], n: number) =>
      learnt(list, { surroundings: 0 }).survival(54.1, 3.1, A, 0, n).survival
    expect(after([...short, ...returned], 36)).toBeCloseTo(0.1, 6)
    expect(after([...short, ...lost], 36)).toBeCloseTo(0.1, 6)
    expect(after([...short, ...returned], 72)).toBeCloseTo(0, 6)
    expect(after([...short, ...lost], 72)).toBeGreaterThan(0.05)
  })

  test('the silence that is judged is no witness for itself', () => {
    const list = [...Array.from({ length: 50 }, () => hole(0)), hole(99, { lapse: 36, lost: true })]
    const without = learnt(list.slice(0, -1)).survival(54.1, 3.1, A, 0, 40)
    const holes = learnt(list)
    const judged = holes.survival(54.1, 3.1, A, 0, 40, 36)
    expect(judged.survival).toBeCloseTo(without.survival, 9)
    expect(judged.rests).toBeCloseTo(without.rests, 4)
    expect(holes.survival(54.1, 3.1, A, 0, 40).survival).toBeGreaterThan(judged.survival)
  })
})

describe('scarce data', () => {
  test('give no certainty: no chance is below what a handful of holes can bear', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.constantFrom(36, 144, 1440), (n, slots) => {
        const holes = learnt(Array.from({ length: n }, () => hole(0)))
        const { atMost, rests } = holes.survival(54.1, 3.1, A, 0, slots)
        expect(rests).toBeLessThanOrEqual(1.01 * n)
        expect(atMost).toBeGreaterThan(2.7 / (1.01 * n + 2.71))
      }),
    )
  })

  test('where nothing is known, all that is known is that', () => {
    const { survival, atMost, rests } = createHoles().survival(0, 0, A, 0, 36)
    expect(rests).toBe(0)
    expect(atMost).toBe(1)
    expect(survival).toBeCloseTo(37 ** -0.5, 6)
  })

  test('a ship that lies there all week is one witness, not a thousand', () => {
    const moored = Array.from({ length: 7 * SLOTS_PER_DAY }, (_, k) => ({ ...hole(0), slot: S0 + k }))
    const holes = createHoles()
    for (const { slot, lat, lon } of moored) {
      holes.advance(slot)
      holes.heard(lat, lon, lat, lon, A, 0, 0, 0)
    }
    holes.advance(S0 + 7 * SLOTS_PER_DAY + 2)
    const { rests, survival } = holes.survival(54.1, 3.1, A, 0, 36)
    expect(rests).toBeLessThan(7)
    expect(survival).toBeGreaterThan(1e-3)
  })

  test('a cell takes from the cells around it what it has not seen, and sees for itself when it has', () => {
    const near = Array.from({ length: 400 }, (_, k) => hole(k % 10 === 0 ? 20 : 0, { lat: 54.6, lon: 3.6 }))
    const holes = learnt(near)
    const around = holes.survival(54.6, 3.6, A, 0, 12).survival
    expect(around).toBeCloseTo(0.1, 1)
    const beside = holes.survival(54.1, 3.1, A, 0, 12)
    expect(beside.rests).toBeLessThanOrEqual(4)
    expect(Math.abs(Math.log(beside.survival / around))).toBeLessThan(0.5)
    const far = holes.survival(-30, 100, A, 0, 12)
    expect(far.rests).toBeLessThanOrEqual(4)
    const own = learnt([...near, ...Array.from({ length: 400 }, () => hole(0))])
    expect(own.survival(54.1, 3.1, A, 0, 12).survival).toBeLessThan(around / 10)
  })

  test('classes and feeds know nothing of each other', () => {
    const holes = learnt(Array.from({ length: 40 }, () => hole(0)))
    expect(holes.survival(54.1, 3.1, 2, 0, 36).rests).toBe(0)
    expect(holes.survival(54.1, 3.1, A, 1, 36).rests).toBe(0)
  })
})

describe('time', () => {
  test('slot s knows what ended by slot s − 2', () => {
    const holes = createHoles()
    const known = () => holes.cells().length
    holes.advance(S0)
    holes.heard(54.1, 3.1, 54.1, 3.1, A, 0, 0, 0)
    expect(known()).toBe(0)
    holes.advance(S0 + 1)
    expect(known()).toBe(0)
    holes.heard(0, 0, 0, 0, A, 0, 0, 0)
    holes.advance(S0 + 2)
    expect(known()).toBe(4)
    holes.advance(S0 + 3)
    expect(known()).toBe(7)
  })

  test('half is forgotten in a fortnight, whoever looks in between', () => {
    const holes = learnt(Array.from({ length: 64 }, () => hole(0)))
    const watched = learnt(Array.from({ length: 64 }, () => hole(0)))
    const seen = () => holes.cells()[0]!.holes
    expect(seen()).toBeCloseTo(64, 4)
    for (let day = 1; day <= 14; day++) {
      watched.advance(S0 + 2 + day * SLOTS_PER_DAY)
      watched.cells()
      watched.survival(54.1, 3.1, A, 0, 36)
    }
    holes.advance(S0 + 2 + 14 * SLOTS_PER_DAY)
    expect(seen()).toBeCloseTo(32, 4)
    expect(watched.cells()).toEqual(holes.cells())
    holes.advance(S0 + 2 + 28 * SLOTS_PER_DAY)
    expect(seen()).toBeCloseTo(16, 4)
  })

  test('no midnight: the same a number of slots later; no antimeridian: the same ten degrees on', () => {
    const list = fc.array(
      fc.record({
        slots: fc.nat(200),
        slot: fc.integer({ min: S0, max: S0 + 400 }),
        lat: fc.integer({ min: -320, max: 320 }).map(n => n / 8),
        lon: fc.integer({ min: -1440, max: 1439 }).map(n => n / 8),
      }),
      { minLength: 1, maxLength: 40 },
    )
    const wrap = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180
    fc.assert(
      fc.property(list, fc.nat(1000), fc.nat(35), (holes, later, turns) => {
        const asked = holes[0]!
        const plain = learnt(holes.map(h => hole(h.slots, h)))
        const moved = learnt(
          holes.map(h => hole(h.slots, { ...h, slot: h.slot + later, lon: wrap(h.lon + 10 * turns) })),
        )
        expect(moved.survival(asked.lat, wrap(asked.lon + 10 * turns), A, 0, 30)).toEqual(
          plain.survival(asked.lat, asked.lon, A, 0, 30),
        )
      }),
    )
  })
})

describe('state', () => {
  const script = fc.array(
    fc.record({
      slot: fc.integer({ min: S0, max: S0 + 20 }),
      slots: fc.nat(50),
      lat: fc.integer({ min: -80, max: 80 }),
      lon: fc.integer({ min: -170, max: 170 }),
    }),
    { maxLength: 120 },
  )

  test('does not depend on the order within a slot, full or not', () => {
    fc.assert(
      fc.property(script, fc.constantFrom(24, 4096), fc.infiniteStream(fc.nat()), (list, capacity, dice) => {
        const told = list.map(h => hole(h.slots, h))
        const shuffled = told
          .map(h => ({ h, key: dice.next().value! }))
          .sort((a, b) => a.key - b.key)
          .map(({ h }) => h)
        const a = learnt(told, { capacity })
        const b = learnt(shuffled, { capacity })
        expect(b.cells()).toEqual(a.cells())
        expect(b.state.evicted).toBe(a.state.evicted)
      }),
    )
  })

  test('holds no more cells than it may; those that know most stay', () => {
    const capacity = 256
    const busy = Array.from({ length: 500 }, () => hole(0))
    const strays = Array.from({ length: 3000 }, (_, k) =>
      hole(0, { lat: -60 + (k % 480) / 4, lon: -170 + k / 9, slot: S0 + k }),
    )
    const holes = learnt([...busy, ...strays], { capacity })
    expect(holes.state.used).toBeLessThanOrEqual(capacity)
    expect(holes.state.evicted).toBeGreaterThan(1000)
    expect(holes.state.keys.length).toBe(capacity)
    expect(holes.survival(54.1, 3.1, A, 0, 36).rests).toBeGreaterThan(100)
  })

  test('goes on from a snapshot as if nothing had happened', () => {
    fc.assert(
      fc.property(script, fc.nat(20), (list, cut) => {
        const told = list.map(h => hole(h.slots, h)).sort((a, b) => a.slot - b.slot)
        const whole = createHoles({ capacity: 64 })
        let parted = createHoles({ capacity: 64 })
        for (const [k, h] of told.entries()) {
          if (k === cut)
            parted = createHoles({ capacity: 64 }, unpack(pack(parted.state)) as typeof parted.state)
          for (const each of [whole, parted]) {
            each.advance(h.slot)
            each.heard(h.lat, h.lon, h.lat, h.lon, A, 0, h.slots, 0)
          }
        }
        for (const each of [whole, parted]) each.advance(S0 + 30)
        expect(parted.cells()).toEqual(whole.cells())
      }),
    )
  })

  test('takes what has no place for nothing', () => {
    const holes = createHoles()
    holes.advance(S0)
    holes.heard(NaN, NaN, 1, 1, A, 0, 0, 0)
    holes.lapsed(NaN, 3, A, 0, 36)
    holes.advance(S0 + 2)
    expect(holes.cells()).toEqual([])
    expect(holes.survival(NaN, NaN, A, 0, 36).rests).toBe(0)
  })
})
