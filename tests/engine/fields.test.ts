// Fields of a line, as splitting the line and Number() give them.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFields } from '../../src/engine/fields.js'

const plain = fc
  .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 17n), fc.nat(18))
  .map(([isNegative, digits, point]) => {
    const text = String(digits)
    const cut = Math.max(0, text.length - point)
    return `${isNegative ? '-' : ''}${text.slice(0, cut)}${point > 0 ? '.' : ''}${text.slice(cut)}`
  })
const written = fc.double().map(String)
const odd = fc.constantFrom(
  '',
  '-',
  '.',
  '-.',
  '1.',
  '.5',
  '-0',
  '1e3',
  '1.2.3',
  '0x10',
  'Infinity',
  ' 7',
  'a',
  '--1',
  '007',
)

test('numbers are those of Number(), nothing is NaN, and words are what stands there', () => {
  const fields = createFields()
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.oneof(plain, written, odd), fc.boolean())), cells => {
      fields.begin(['00000001', ...cells.map(([text]) => text)].join(';'))
      for (const [text, isWord] of cells) {
        if (isWord) expect(fields.word()).toBe(text)
        else expect(fields.number()).toBe(text === '' ? NaN : Number(text))
      }
      expect(fields.word()).toBe('')
      expect(fields.number()).toBe(NaN)
    }),
  )
})
