import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeMessage } from '../../src/ais/decode.js'
import { encodeMessage } from '../../src/ais/pack.js'
import { toSentences } from '../../src/ais/sentences.js'
import type { RawMessage } from '../../src/ais/tables.js'
import { heard } from './heard.js'
import { anyMessage } from './messages.js'
import { read } from './read.js'

const T = Date.UTC(2024, 5, 1, 12)
const fits = (raw: RawMessage): boolean => encodeMessage(raw).payload.length <= 540
const options = fc.record(
  {
    talker: fc.constantFrom('AI', 'BS', 'B2', 'SA'),
    formatter: fc.constantFrom('VDM', 'VDO'),
    channel: fc.constantFrom('A', 'B', ''),
    sequence: fc.nat(9),
    tag: fc.record(
      {
        station: fc.constantFrom('r003669945', '2573135'),
        t: fc.integer({ min: T, max: T + 86_400_000 }),
        group: fc.nat(99_999),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

test('any message comes back from its sentences, and no sentence is longer than IEC 61162-1 allows', () => {
  fc.assert(
    fc.property(anyMessage.filter(fits), options, (raw, chosen) => {
      const lines = toSentences(encodeMessage(raw), chosen)
      for (const line of lines) expect(line.replace(/^\\[^\\]*\\/, '').length + 2).toBeLessThanOrEqual(82)
      const { messages } = heard(Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'))
      expect(messages).toEqual([raw])
    }),
    { numRuns: 400 },
  )
})

const LONG: RawMessage = {
  type: 14,
  repeat: 0,
  mmsi: 219000001,
  spare: 0,
  text: 'SECURITE '.repeat(15).trim(),
}

test('parts are numbered, share their sequence id, and the last one has the fill bits', () => {
  const message = encodeMessage(LONG)
  const lines = toSentences(message, { sequence: 7, channel: 'B', talker: 'BS' })
  const fields = lines.map(line => line.split(/[,*]/))
  expect(fields.map(field => field.slice(0, 5))).toEqual([
    ['!BSVDM', '3', '1', '7', 'B'],
    ['!BSVDM', '3', '2', '7', 'B'],
    ['!BSVDM', '3', '3', '7', 'B'],
  ])
  expect(fields.map(field => field[6])).toEqual(['0', '0', String(message.fill)])
  const payload = fields.map(field => field[5]).join('')
  expect(decodeMessage(payload, message.fill)).toEqual(LONG)
})

test('a message of one sentence has no sequence id and makes no group', () => {
  const [line, ...more] = toSentences(
    { payload: '15RTgt0PAso;90TKcjM8h6g208CQ', fill: 0 },
    { sequence: 3, tag: { group: 5 } },
  )
  expect([line, more]).toEqual(['!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A', []])
})

test('a group says station and time once, and both hold for all of it; without a group each sentence says them', () => {
  const five = { mmsi: 219000001, repeat: 0, type: 5, ais_version: 0, imo: 0, callsign: '', shipname: 'A' }
  const raw = {
    ...five,
    ...{ shiptype: 70, to_bow: 0, to_stern: 0, to_port: 0, to_starboard: 0, epfd: 1, month: 0, day: 0 },
    ...{ hour: 24, minute: 60, draught: 0, destination: '', dte: 0, spare: 0 },
  } as RawMessage
  const tag = { station: 'r1', t: T + 500 }
  const grouped = toSentences(encodeMessage(raw), { tag: { ...tag, group: 73874 } })
  expect(grouped.map(line => line.slice(0, line.indexOf('*')))).toEqual([
    `\\g:1-2-73874,s:r1,c:${T + 500}`,
    '\\g:2-2-73874',
  ])
  const each = toSentences(encodeMessage(raw), { tag })
  expect(each.map(line => line.slice(0, line.indexOf('*')))).toEqual(
    Array.from({ length: 2 }, () => `\\s:r1,c:${T + 500}`),
  )
  for (const lines of [grouped, each])
    expect(read(lines.join('\n')).rows).toMatchObject([{ msgType: 5, t: T + 500, station: 'r1' }])
})

test('what no sentence can carry is refused', () => {
  const message = encodeMessage(LONG)
  expect(() => toSentences({ payload: '5'.repeat(541), fill: 0 })).toThrow('541')
  expect(toSentences({ payload: '5'.repeat(540), fill: 0 })).toHaveLength(9)
  for (const talker of ['', 'A', 'AIS', 'A,', '\\*'])
    expect(() => toSentences(message, { talker })).toThrow('talker')
  for (const sequence of [-1, 10, 1.5, NaN])
    expect(() => toSentences(message, { sequence })).toThrow('sequence')
})
