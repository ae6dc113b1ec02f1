import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPacker, joined, pack, unpack, unpackWithLines } from '../../src/engine/snapshot.js'

const plain = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.double(),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('value'), { maxKeys: 4 }),
    fc.array(fc.tuple(fc.integer(), tie('value')), { maxLength: 3 }).map(entries => new Map(entries)),
    fc.uniqueArray(fc.integer(), { maxLength: 4 }).map(items => new Set(items)),
    fc.array(fc.double(), { maxLength: 9 }).map(items => Float64Array.from(items)),
    fc.array(fc.nat({ max: 255 }), { maxLength: 9 }).map(items => Uint8Array.from(items)),
    fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 9 }).map(items => Int32Array.from(items)),
  ),
})).value

describe('snapshot', () => {
  test('any plain state comes back as it was', () => {
    fc.assert(
      fc.property(plain, value => {
        expect(unpack(pack({ value }))).toStrictEqual({ value: structuredClone(value) })
      }),
      { numRuns: 500 },
    )
  })

  test('… with the lines beside it, and arrays that are lent', () => {
    const lines = fc.array(fc.option(fc.record({ name: fc.string({ unit: 'binary' }) }), { nil: undefined }))
    fc.assert(
      fc.property(plain, lines, fc.array(fc.double(), { maxLength: 9 }), (value, lines, numbers) => {
        const lent = Float64Array.from(numbers)
        const bytes = pack({ value, lent }, { lines, lent: [lent] })
        expect(unpackWithLines(bytes)).toStrictEqual({
          value: structuredClone({ value, lent }),
          lines: structuredClone(lines),
        })
      }),
    )
  })

  test('Maps and Sets of any size come back as they were, in columns where their values are alike', () => {
    const record = fc.record({
      t: fc.double(),
      twice: fc.boolean(),
      before: fc.tuple(fc.double(), fc.integer()),
      more: fc.record({ a: fc.integer() }),
    })
    const odd = fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.constant({ t: 1 }),
      fc.tuple(fc.integer()),
      fc.boolean(),
      fc.constant(Uint8Array.of(1)),
      fc.constant(new Map([[1, 2]])),
      record.map(({ t, ...rest }) => ({ ...rest, t })),
      record.map(each => ({ ...each, before: [1, 2, 3] })),
      record.map(each => ({ ...each, extra: 1 })),
      record.map(each => ({ ...each, twice: 1 })),
    )
    const key = fc.oneof({ weight: 300, arbitrary: fc.double() }, fc.string())
    const sized = { minLength: 60, maxLength: 90, size: 'max' } as const
    const value = fc.oneof({ weight: 300, arbitrary: record }, odd)
    const maps = fc.oneof(
      fc.array(fc.tuple(key, value), sized).map(entries => new Map<unknown, unknown>(entries)),
      fc.array(fc.tuple(key, fc.integer()), sized).map(entries => new Map<unknown, unknown>(entries)),
      fc.array(key, sized).map(items => new Set<unknown>(items)),
    )
    fc.assert(
      fc.property(maps, value => {
        const back = (unpack(pack({ value })) as { value: typeof value }).value
        expect(back).toStrictEqual(structuredClone(value))
        // order, too, and that of the fields
        expect(JSON.stringify([...back])).toBe(JSON.stringify([...structuredClone(value)]))
      }),
      { numRuns: 300 },
    )
    const vessels = new Map(Array.from({ length: 1000 }, (_, k) => [k, { t: k, place: [k / 3, -k / 7] }]))
    expect(pack({ vessels }).length).toBeLessThan(1000 * 4 * 8 + 200)
  })

  test('what is changed after it was taken is in its bytes as it was; what is lent is not copied', () => {
    const take = createPacker()
    const [own, lent] = [Uint32Array.of(1, 2, 3), Uint32Array.of(4, 5, 6)]
    const captures = [0, 1].map(k => {
      own[0] = k
      return take({ own, lent }, { lent: [lent] })
    })
    own[0] = 7
    lent[0] = 8
    captures.forEach((capture, k) =>
      expect(unpack(joined(capture))).toEqual({
        own: Uint32Array.of(k, 2, 3),
        lent: Uint32Array.of(8, 5, 6),
      }),
    )
    // the buffer that is kept is used again, and all of it
    expect(unpack(joined(take({ own })))).toEqual({ own })
  })

  test('an empty table costs next to nothing', () => {
    expect(pack({ table: new Float64Array(1_000_000) }).length).toBeLessThan(200)
  })

  test('what is no snapshot, or cut short anywhere, is refused', () => {
    const bytes = pack({ a: Float64Array.of(1, 2, 3) })
    expect(() => unpack(new TextEncoder().encode('not a snapshot at all'))).toThrow(
      'snapshot: not a darkwake snapshot',
    )
    for (let n = 0; n < bytes.length - 1; n++) expect(() => unpack(bytes.subarray(0, n))).toThrow('snapshot')
  })
})
