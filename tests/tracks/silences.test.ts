import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pack, unpack } from '../../src/engine/snapshot.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { createSlotHeap } from '../../src/tracks/heap.js'
import { createSilences, trackKey, type SilenceState } from '../../src/tracks/silences.js'
import { blankTrack, createTracks } from '../../src/tracks/table.js'

const key = fc.integer({ min: 1, max: 14 })

describe('a heap of slots', () => {
  test('gives what a sorted list would, through any changes of what orders them', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('put' as const), slot: key, by: fc.nat({ max: 5 }) }),
      fc.record({
        kind: fc.constantFrom('remove' as const, 'first' as const),
        slot: key,
        by: fc.constant(0),
      }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        const by: number[] = []
        const before = (a: number, b: number): boolean => by[a]! < by[b]! || (by[a] === by[b] && a < b)
        const heap = createSlotHeap(before)
        const list = new Set<number>()
        for (const step of steps) {
          const first = heap.first()
          const slot = step.kind === 'first' ? first : step.slot
          if (step.kind === 'put') {
            by[slot] = step.by
            list.add(slot)
            heap.put(slot)
          } else {
            list.delete(slot)
            heap.remove(slot)
          }
          expect(heap.size).toBe(list.size)
          expect(heap.first()).toBe([...list].sort((a, b) => (before(a, b) ? -1 : 1))[0] ?? -1)
        }
      }),
    )
  })
})

/** What is parked of a vessel. */
interface Parked {
  count: number
  heard: number
  due: number
  parked: number
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      track: key,
      count: fc.nat({ max: 5 }),
      heard: fc.nat({ max: 9 }),
      due: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(Infinity)),
    }),
  },
  fc.record({ kind: fc.constant('remove' as const), track: key }),
  fc.record({ kind: fc.constant('due' as const), minute: fc.nat({ max: 20 }) }),
  fc.record({ kind: fc.constant('rearm' as const), minute: fc.nat({ max: 20 }) }),
  fc.record({ kind: fc.constant('resume' as const) }),
)

describe('silences of tracks without a slot', () => {
  test('hold what a list would, give up who matters least, and are due in order, resumed or not', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), fc.integer({ min: 1, max: 9 }), (steps, capacity) => {
        let silences = createSilences(capacity, 2)
        const model = new Map<number, Parked>()
        const slots = createTracks(2)
        steps.forEach((step, n) => {
          if (step.kind === 'put') {
            const { track, count, heard, due } = step
            blankTrack(slots, 1, track)
            slots.count[1] = count
            slots.heard[1] = heard
            slots.counters[slots.counters.length - 1] = n
            const given = silences.put(track, slots, 1, [n, -n], due * MS_PER_MIN - 1)
            model.set(track, { count, heard, due, parked: n })
            expect(given).toBe(model.size > capacity ? 1 : 0)
            if (given) {
              // never confirmed first, then silent longest, then by key
              const order = [...model].sort(
                ([a, x], [b, y]) => Number(x.count >= 3) - Number(y.count >= 3) || x.heard - y.heard || a - b,
              )
              model.delete(order[0]![0])
            }
          } else if (step.kind === 'remove') {
            silences.remove(step.track)
            model.delete(step.track)
          } else if (step.kind === 'due') {
            const due = [...model].filter(([, { due }]) => due <= step.minute)
            due.sort(([a, x], [b, y]) => x.due - y.due || a - b)
            expect(silences.dueUntil(step.minute)).toEqual(
              due.map(([track, { due }]) => ({ minute: due, track })),
            )
            for (const [, silence] of due) silence.due = Infinity
          } else if (step.kind === 'rearm') {
            silences.rearm(step.minute)
            for (const silence of model.values()) silence.due = step.minute
          } else silences = createSilences(capacity, 2, unpack(pack(silences.state)) as SilenceState)

          expect(silences.size()).toBe(model.size)
          const seen: number[] = []
          silences.each((tracks, row) => seen.push(tracks.mmsi[row]!))
          expect(seen.sort((a, b) => a - b)).toEqual([...model.keys()].sort((a, b) => a - b))
          for (let track = 1; track <= 14; track++) {
            const known = model.get(track)
            expect(silences.has(track)).toBe(known !== undefined)
            const parked = silences.load(track, slots, 0)
            if (!known) expect(parked).toBeUndefined()
            else {
              expect(parked).toEqual([known.parked, -known.parked])
              expect([slots.mmsi[0], slots.count[0], slots.heard[0]]).toEqual([
                track,
                known.count,
                known.heard,
              ])
              expect(slots.counters[slots.counters.length / 2 - 1]).toBe(known.parked)
            }
          }
        })
      }),
      { numRuns: 300 },
    )
  })

  test('a flood of invented vessels drives out none that is real, and costs microseconds each', () => {
    const silences = createSilences(10_000, 1)
    const slots = createTracks(1)
    const park = (mmsi: number, count: number, heard: number): number => {
      blankTrack(slots, 0, mmsi)
      slots.count[0] = count
      slots.heard[0] = heard
      return silences.put(trackKey(mmsi, 1), slots, 0, [0], heard + 3_600_000)
    }
    for (let k = 0; k < 5000; k++) park(201_000_000 + k, 3, k)
    let given = 0
    for (let k = 0; k < 300_000; k++) given += park(601_000_000 + k, 1, 10_000 + k)
    expect(given).toBe(295_000)
    for (let k = 0; k < 5000; k++) expect(silences.has(trackKey(201_000_000 + k, 1))).toBe(true)
  })
})
