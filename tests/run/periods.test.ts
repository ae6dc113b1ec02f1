// The state of an operator as lines among others: read again in any order, refused where something is missing or from elsewhere.

import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPeriod, type PeriodOptions } from '../../src/run/periods.js'

const UNTIL = Date.UTC(2024, 1, 1)
const OPTIONS: PeriodOptions = { until: UNTIL, version: '1.2.3', rules: 'abcd' }
// what does not compress, in several pieces
const state = { until: UNTIL, bytes: new Uint8Array(randomBytes(200_000)) }

function linesOf(options: PeriodOptions = OPTIONS, part?: string): string[] {
  const period = createPeriod(options)
  if (part !== undefined) period.take(`part\t${part}`)
  return [...period.linesOf('sea', state)]
}

function readAgain(
  lines: readonly string[],
  options: PeriodOptions = { ...OPTIONS, until: undefined },
): unknown {
  const period = createPeriod(options)
  for (const line of lines) expect(period.take(line)).toBe(true)
  return period.before('sea')
}

describe('a state', () => {
  test('is lines of 100 kB at most, and the same again in any order', () => {
    const lines = linesOf()
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100_100)
    const { until, bytes } = readAgain([lines[2]!, lines[0]!, lines[1]!]) as typeof state
    expect(until).toBe(UNTIL)
    expect(Buffer.compare(bytes, state.bytes)).toBe(0)
  })

  test('of another step is left alone', () => {
    const period = createPeriod({ ...OPTIONS, until: undefined })
    linesOf().forEach(period.take)
    expect(period.before('tell')).toBeUndefined()
    expect(period.take('found\t{}')).toBe(false)
  })

  test('is refused where lines are missing, doubled, or from elsewhere', () => {
    const lines = linesOf()
    const [a = '', b = '', c = ''] = lines
    const later = { ...OPTIONS, until: undefined }
    const wrong: [string[], PeriodOptions, string][] = [
      [[a, c], later, 'piece 2 of 3 of the state is missing'],
      [[b, a], later, 'piece 3 of 3 of the state is missing'],
      [[a, b, b, c], later, 'piece 2 of 3 of the state came twice'],
      [[a, b, c, a, b, c], later, 'piece 1 of 3 of the state came twice'],
      [[a, b, c.replace(/.{4}$/, 'AAAA')], later, 'its sum is another'],
      [[a, b, c.slice(0, 40)], later, 'a broken line of a state'],
      [lines, { ...later, version: '2.0.0' }, 'the state is one of darkwake 1.2.3, this is 2.0.0'],
      [lines, { ...later, rules: 'ef01' }, 'made with other thresholds, zones or ports'],
      [lines, OPTIONS, 'the state is one of 2024-02-01T00:00:00.000Z: the period must end later'],
      [['part\t2/8', ...linesOf(OPTIONS, '3/8')], later, 'the state is that of part 3/8, this is part 2/8'],
      [['part\t2/8', ...lines], later, 'the state is that of part without a name, this is part 2/8'],
      [
        [...linesOf(OPTIONS, '2/8'), ...linesOf(OPTIONS, '3/8')],
        later,
        'states of parts 2/8 and 3/8 came to one',
      ],
      [['part\t2/8', 'part\t3/8'], later, 'parts 2/8 and 3/8 came to one'],
      [['part\ta;b'], later, 'no name of a part: a;b'],
    ]
    for (const [given, options, text] of wrong) expect(() => readAgain(given, options)).toThrow(text)
    const other = [...createPeriod(OPTIONS).linesOf('sea', { until: UNTIL })]
    expect(() => readAgain([...lines, ...other])).toThrow('states of two periods came to one')
  })

  test('ends between two slots', () => {
    expect(() => createPeriod({ until: UNTIL + 60_000 })).toThrow(
      'until: expected a whole ten minutes, as 2024-02-01T00:00Z, got 2024-02-01T00:01:00.000Z',
    )
    expect(() => createPeriod({ until: NaN })).toThrow('a whole ten minutes')
  })
})

const line = fc.oneof(
  fc.constantFrom('', 's', 'state', 'statement\tof', 'par', 'partly\t', ' part\tx', 'row,1,2', '\r'),
  fc.constantFrom('part\t7', 'part\t7\r', 'state\ta;b'),
)

test('text comes through as it is, without these lines, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1 }),
      async (lines, ends, sizes) => {
        const text = lines.join('\n') + (ends ? '\n' : '')
        async function* pieces(): AsyncGenerator<Uint8Array> {
          for (let at = 0, k = 0; at < text.length; k++) {
            // the last size can be nothing for ever
            const size = sizes[k % sizes.length]! || (k % 7 === 0 ? 1 : 0)
            yield await Promise.resolve(Buffer.from(text.slice(at, at + size)))
            at += size
          }
        }
        const isOurs = (each: string): boolean => /^(state|part)\t/.test(each)
        const rest = lines.map((each, k) => (k < lines.length - 1 || ends ? `${each}\n` : each))
        let out = ''
        for await (const bytes of createPeriod().without(pieces())) out += Buffer.from(bytes).toString()
        expect(out).toBe(rest.filter(each => !isOurs(each)).join(''))
      },
    ),
    { numRuns: 300, endOnFailure: true },
  )
})
