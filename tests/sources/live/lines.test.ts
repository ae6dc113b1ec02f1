import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLines } from '../../../src/sources/live/lines.js'
import { MAX_LINE_BYTES } from '../../../src/sources/reader.js'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

test('cut anywhere, the same whole lines come out, and never half a line', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), { maxLength: 30 }),
      fc.array(fc.nat(600), { maxLength: 20 }),
      (lines, cuts) => {
        const all = Buffer.from(lines.map(line => `${line.replaceAll('\n', ' ')}\n`).join(''))
        const at = [0, ...cuts.map(cut => cut % (all.length + 1)).sort((a, b) => a - b), all.length]
        const splitter = createLines()
        let out = ''
        for (let k = 1; k < at.length; k++) {
          const piece = text(splitter.push(all.subarray(at[k - 1], at[k])))
          expect(piece === '' || piece.endsWith('\n')).toBe(true)
          out += piece
        }
        expect(out).toBe(all.toString('latin1'))
      },
    ),
  )
})

test('a line without an end is cut once, and what comes after it is read', () => {
  const splitter = createLines()
  let out = 0
  for (let k = 0; k < 40; k++) out += splitter.push(new Uint8Array(10_000).fill(65)).length
  expect(out).toBe(MAX_LINE_BYTES + 2)
  expect(text(splitter.push(Buffer.from('tail\nnext\n')))).toBe('next\n')
})

test('half a line of a peer that is gone is not joined to the next one', () => {
  const splitter = createLines()
  splitter.push(Buffer.from('half'))
  splitter.reset()
  expect(text(splitter.push(Buffer.from('whole\n')))).toBe('whole\n')
})
