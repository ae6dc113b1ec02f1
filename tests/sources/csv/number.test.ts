import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isBlankText, parseNumber } from '../../../src/sources/csv/number.js'
import { bytesOf } from '../helpers.js'

const parse = (text: string): number => parseNumber(bytesOf(text), 0, bytesOf(text).length)

describe('parseNumber', () => {
  test('equals Number(text) bit for bit for any decimal', () => {
    const digits = (min: number, max: number) =>
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map(list => list.join(''))
    const decimal = fc
      .tuple(
        fc.constantFrom('', '-', '+'),
        digits(1, 22),
        fc.option(digits(0, 25)),
        fc.constantFrom('', 'e5', 'E-7', 'e+3'),
      )
      .map(([sign, whole, part, exponent]) => `${sign}${whole}${part === null ? '' : `.${part}`}${exponent}`)
    fc.assert(
      fc.property(decimal, text => {
        expect(parse(text)).toBe(Number(text)) // Object.is: tells −0 from 0
      }),
      { numRuns: 3000 },
    )
  })

  test('equals Number(text) for every double as JS prints it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
        expect(parse(String(value))).toBe(Number(String(value))) // −0 prints as 0
      }),
      { numRuns: 2000 },
    )
  })

  test('reads past neither end', () => {
    const bytes = bytesOf('7,33.6,9')
    expect(parseNumber(bytes, 2, 6)).toBe(33.6)
    expect(parseNumber(bytes, 2, 5)).toBe(33)
    expect(parseNumber(bytes, 3, 3)).toBeNaN()
  })

  test.each([
    '',
    ' ',
    '0x10',
    '1_000',
    '1 2',
    '1e',
    'e5',
    '.',
    '-',
    '+',
    '--1',
    '1.2.3',
    'NaN',
    'Infinity',
    '1e999',
    'NA',
    '½',
  ])('refuses "%s"', text => expect(parse(text)).toBeNaN())

  test.each([
    [' 12.5 ', 12.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-0', -0],
    ['9007199254740993', 9007199254740992],
    ['41.375064849853516', 41.375064849853516],
  ])('reads "%s"', (text, value) => expect(parse(text)).toBe(value))
})

test.each(['', '  ', 'NA', 'n/a', 'null', 'NULL', 'Unknown', 'Undefined', 'None', 'nan'])(
  '"%s" is blank',
  text => {
    expect(isBlankText(text)).toBe(true)
  },
)
test.each(['0', 'NAN 1', 'NASSAU', 'Unknownx'])('"%s" is not blank', text => {
  expect(isBlankText(text)).toBe(false)
})
