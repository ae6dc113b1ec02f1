import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checksum } from '../../src/ais/sentences.js'
import { createSentence, isUsualSentence, readSentence } from '../../src/ais/sentence.js'

const field = (...values: string[]) => fc.constantFrom(...values)
const payload = fc.string({
  unit: fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...'0159:;<=>?@AMVW`akuvw') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\\', '!', '$', '*', ',', ' ', '\x7f', '\x80', '\xff', '\0', 'X', '~'),
    },
  ),
  maxLength: 90,
})
const body = fc
  .tuple(
    field('AIVDM', 'BSVDM', 'B2VDM', 'AIVDO', 'aivdm', '=IVDM'),
    field('1', '1', '2', '9', '0', '12', ''),
    field('1', '1', '2', '3', '0', ''),
    field('', '0', '9', '12', 'x'),
    field('A', 'B', '1', '', 'AB', ' '),
    payload,
    field('0', '2', '5', '6', '', '00', '0,0'),
  )
  .map(fields => fields.join(','))

test('the fast way takes a sentence only where the slow one does, and says the same of it', () => {
  let taken = 0
  fc.assert(
    fc.property(
      body,
      fc.nat(9),
      field('', '\n', '!AIVDM,1', ',r003,1'),
      fc.nat(3),
      (text, wrong, tail, before) => {
        const sum = wrong === 0 ? '00' : checksum(text)
        const bytes = Buffer.from(`${'x'.repeat(before)}!${text}*${sum}${tail}`, 'latin1')
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
        const fast = createSentence()
        const slow = createSentence()
        if (!isUsualSentence(view, bytes, before, bytes.length, fast)) return
        taken++
        expect(readSentence(bytes, before, bytes.length, slow)).toBe(null)
        expect(fast).toEqual(slow)
      },
    ),
    { numRuns: 20_000 },
  )
  expect(taken).toBeGreaterThan(300)
})

test('a usual sentence is taken at once', () => {
  for (const line of [
    '!AIVDM,1,1,,A,402R3WiuH,0*??',
    '!BSVDM,2,1,6,B,542M92h00001@<7;?G0PD4i@R0<tqA8tj37>220o0h:2240Ht50000000000,0*??',
    '!AIVDM,1,1,,,702R5`hwCjq8,2*??',
  ]) {
    const signed = line.replace(/!(.*)\*\?\?/, (_, text: string) => `!${text}*${checksum(text)}`)
    const bytes = Buffer.from(signed, 'latin1')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    expect(isUsualSentence(view, bytes, 0, bytes.length, createSentence())).toBe(true)
    for (let cut = 0; cut < bytes.length; cut++)
      expect(isUsualSentence(view, bytes, 0, cut, createSentence())).toBe(false)
  }
})
