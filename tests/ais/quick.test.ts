// The quick ways of quick.ts against the plain ones: what they take is what those make of it, to the last field and bit.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PAYLOAD_WORDS, unpack } from '../../src/ais/bits.js'
import { PLAIN_BYTES, PLAIN_CHARS, readPlain, readPlainTag, readUsual } from '../../src/ais/quick.js'
import { createSentence, readSentence, type Sentence } from '../../src/ais/sentence.js'
import { checksum } from '../../src/ais/sentences.js'
import { clearTag, createTag, readTag } from '../../src/ais/tagblock.js'
import { share } from '../helpers/share.js'

const field = (...values: string[]) => fc.constantFrom(...values)
const payload = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...'0159:;<=>?@AMVW`akuvw'),
    minLength: PLAIN_CHARS,
    maxLength: PLAIN_CHARS,
  }),
  fc.string({
    unit: fc.oneof(
      { weight: 60, arbitrary: fc.constantFrom(...'0159:;<=>?@AMVW`akuvw') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('\\', '!', '$', '*', ',', ' ', '\x7f', '\x80', '\xff', '\0', 'X', '~'),
      },
    ),
    maxLength: 90,
  }),
)
/** Mostly what is usual. */
const mostly = (usual: string[], odd: string[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  )
const body = fc
  .tuple(
    mostly(['AIVDM', 'BSVDM', 'B2VDM'], ['AIVDO', 'aivdm', '=IVDM', '*IVDM', 'A\\VDM', ',IVDM', 'A!VDM']),
    mostly(['1'], ['2', '9', '0', '12', '']),
    mostly(['1'], ['2', '3', '0', '']),
    mostly([''], ['0', '9', '12', 'x']),
    mostly(['A', 'B', '1'], ['', 'AB', ' ', '*', '\\', '!']),
    payload,
    mostly(['0', '2'], ['5', '6', '', '00', '0,0']),
  )
  .map(fields => fields.join(','))

interface Line {
  bytes: Uint8Array
  view: DataView
  start: number
}
/** A sentence with its checksum, or seldom a wrong one, and something before and behind it. */
const line = fc
  .tuple(body, fc.nat(9), field('', '\n', '!AIVDM,1', ',r003,1'), fc.nat(3))
  .map(([text, wrong, tail, before]): Line => {
    const sum = wrong === 0 ? '00' : checksum(text)
    const bytes = Buffer.from(`${'x'.repeat(before)}!${text}*${sum}${tail}`, 'latin1')
    return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), start: before }
  })
const viewOf = (text: string): Line => {
  const bytes = Buffer.from(text, 'latin1')
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), start: 0 }
}

/** The plain way: the sentence, and its words down to the two behind the last. */
function plainly({ bytes, start }: Line): { sentence: Sentence; words: number[] } | null {
  const sentence = createSentence()
  const words = new Int32Array(PAYLOAD_WORDS).fill(-1)
  if (readSentence(bytes, start, bytes.length, sentence) !== null) return null
  return unpack(bytes, sentence.payload, sentence.payloadChars, words)
    ? { sentence, words: used(words, sentence) }
    : null
}
const used = (words: Int32Array, { payloadChars }: Sentence): number[] =>
  Array.from(words.subarray(0, ((payloadChars + 3) >> 2) + 2))

describe('a sentence', () => {
  test('that is taken the quick way is what the plain way makes of it', () => {
    let taken = 0
    let left = 0
    fc.assert(
      fc.property(line, one => {
        const { view, bytes, start } = one
        const sentence = createSentence()
        const words = new Int32Array(PAYLOAD_WORDS).fill(-1)
        if (!readUsual(view, bytes, start, bytes.length, sentence, words)) {
          left++
          return
        }
        taken++
        expect(plainly(one)).toEqual({ sentence, words: used(words, sentence) })
      }),
      { numRuns: 30_000 },
    )
    expect(taken).toBeGreaterThan(1000)
    expect(left).toBeGreaterThan(1000)
  })

  test('of the plainest form too', () => {
    let taken = 0
    fc.assert(
      fc.property(line, one => {
        const { view, bytes, start } = one
        const words = new Int32Array(PAYLOAD_WORDS).fill(-1)
        if (start + PLAIN_BYTES > bytes.length || !readPlain(view, bytes, start, words)) return
        taken++
        const there = plainly(one)!
        expect(there.sentence).toMatchObject({ total: 1, number: 1, end: start + PLAIN_BYTES })
        expect([there.sentence.payload, there.sentence.payloadChars]).toEqual([start + 14, PLAIN_CHARS])
        expect(there.words).toEqual(Array.from(words.subarray(0, 9)))
      }),
      { numRuns: 30_000 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  test('of a usual form is taken at once, and never when it is cut off', () => {
    for (const text of [
      'AIVDM,1,1,,A,402R3WiuH,0',
      'BSVDM,2,1,6,B,542M92h00001@<7;?G0PD4i@R0<tqA8tj37>220o0h:2240Ht50000000000,0',
      'AIVDM,1,1,,,702R5`hwCjq8,2',
      'AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0',
      'AIVDM,1,1,,A,,0',
    ]) {
      const { view, bytes } = viewOf(`!${text}*${checksum(text)}`)
      const take = (end: number): boolean =>
        readUsual(view, bytes, 0, end, createSentence(), new Int32Array(PAYLOAD_WORDS))
      // the shortest that there is may take the plain way
      expect(take(bytes.length)).toBe(bytes.length >= 20)
      for (let cut = 0; cut < bytes.length; cut++) expect(take(cut)).toBe(false)
    }
  })

  test('of the plainest form is taken; with any one byte of it changed it says the same or is left', () => {
    const text = 'AIVDM,1,1,,B,15RTgt0PAso;90TKcjM8h6g208CQ,0'
    const whole = `!${text}*${checksum(text)}`
    const words = new Int32Array(PAYLOAD_WORDS)
    expect(readPlain(viewOf(whole).view, viewOf(whole).bytes, 0, words)).toBe(true)
    let taken = 0
    for (let at = 1; at < whole.length; at++) {
      for (let c = 0; c < 256; c++) {
        const changed = viewOf(whole.slice(0, at) + String.fromCharCode(c) + whole.slice(at + 1))
        if (!readPlain(changed.view, changed.bytes, 0, words)) continue
        taken++
        expect(plainly(changed)).not.toBeNull()
      }
    }
    // itself at every place, and hexadecimal digits of the other case
    expect(taken).toBeGreaterThanOrEqual(whole.length - 1)
    expect(taken).toBeLessThanOrEqual(whole.length + 1)
  })

  test('with more payload than a message may have is left to the plain way, which refuses it', () => {
    for (const [chars, is] of [
      [1152, true],
      [1153, false],
      [1156, false],
    ] as const) {
      const text = `AIVDM,1,1,,A,${'w'.repeat(chars)},0`
      const one = viewOf(`!${text}*${checksum(text)}`)
      const words = new Int32Array(PAYLOAD_WORDS)
      expect(readUsual(one.view, one.bytes, 0, one.bytes.length, createSentence(), words)).toBe(is)
      expect(plainly(one) !== null).toBe(is)
    }
  })
})

describe('a TAG block', () => {
  const said = fc
    .tuple(
      field('s', 's', 's', 'c', 'g'),
      fc.string({ unit: fc.constantFrom(...'abz019-_.:=é \\,*!'), maxLength: 6 }),
      fc.oneof(
        fc.integer({ min: 1_700_000_000, max: 1_700_000_003 }).map(String),
        field('946684799', '0946684799', '2524608000', '17000000000', '1700000000000', '17000x0000'),
      ),
      field(',c:', ',c:', ',c:', ',d:', ',', 'c:'),
      fc.nat(9),
      field('', '!AIVDM,1,1', '\\'),
    )
    .map(([key, name, time, between, wrong, tail]) => {
      const text = `${key}:${name}${between}${time}`
      return `\\${text}*${wrong === 0 ? '00' : checksum(text)}\\${tail}`
    })

  test('that is taken the quick way is what the plain way makes of it', () => {
    let taken = 0
    fc.assert(
      fc.property(said, text => {
        const { view, bytes } = viewOf(text)
        const quick = createTag()
        const close = readPlainTag(view, bytes, 0, bytes.length, quick)
        if (close < 0) return
        taken++
        const plain = createTag()
        expect(readTag(bytes, 1, bytes.length, plain, false)).toBe(close)
        expect(quick).toEqual(plain)
      }),
      { numRuns: 20_000 },
    )
    expect(taken).toBeGreaterThan(300 * share)
  })

  test('leaves nothing of the one before', () => {
    const text = 's:r1,c:1700000000'
    const { view, bytes } = viewOf(`\\${text}*${checksum(text)}\\!`)
    const tag = { ...createTag(), group: 7, groupTotal: 2, t: 1 }
    expect(readPlainTag(view, bytes, 0, bytes.length, tag)).toBe(bytes.length - 2)
    expect(tag).toEqual({ t: 1_700_000_000_000, station: 3, stationLength: 2, group: 0, groupTotal: 0 })
    clearTag(tag)
    expect(readPlainTag(view, bytes, 0, bytes.length - 2, tag)).toBe(-1)
  })

  test('has a station of 64 bytes at most to be taken', () => {
    for (const [length, is] of [
      [64, true],
      [65, false],
    ] as const) {
      const text = `s:${'x'.repeat(length)},c:1700000000`
      const { view, bytes } = viewOf(`\\${text}*${checksum(text)}\\!`)
      expect(readPlainTag(view, bytes, 0, bytes.length, createTag()) > 0).toBe(is)
    }
  })
})
