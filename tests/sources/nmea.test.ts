import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBase, encodePosition, encodeStatic5, encodeStatic24 } from '../../src/ais/encode.js'
import { tagBlock } from '../../src/ais/sentences.js'
import { TX_CLASSES } from '../../src/model/report.js'
import { MAX_LINE_BYTES } from '../../src/sources/reader.js'
import { read, signed, type ReadOptions } from '../ais/read.js'

const T = Date.UTC(2024, 5, 1, 12, 0, 0)
const S = T / 1000
const PAYLOAD = '15RTgt0PAso;90TKcjM8h6g208CQ'
const ONE = signed(`!AIVDM,1,1,,A,${PAYLOAD},0*??`)
const FIVE = encodeStatic5(
  { mmsi: 351759000, name: 'EVER DIADEM', callsign: '3FOF8', imo: 9134270, shipType: 70 },
  1,
)
const [P1, P2] = FIVE as [string, string]
/** Parts of another ship's message with another sequence id, talker … */
const body = (part: string): string => part.split(',')[5]!
const part = (n: number, of: string, { talker = 'AI', seq = '1', channel = 'A', total = 2 } = {}): string =>
  signed(`!${talker}VDM,${total},${n},${seq},${channel},${body(of)},${n === 2 ? 2 : 0}*??`)

const at = { timeStart: T }
const ATON = TX_CLASSES.indexOf('aton')

/** Lines that give exactly one report, or exactly one refusal. */
const accepts = (line: string, options: ReadOptions = at): ReturnType<typeof read> => {
  const out = read(line, options)
  expect(out.reasons).toEqual({})
  expect(out.missing).toBe(0)
  return out
}
const refuses = (line: string, reason: string, options: ReadOptions = at): void => {
  const out = read(line, options)
  expect(out.rows).toEqual([])
  expect(out.reasons).toEqual({ [reason]: 1 })
  expect(out.missing).toBe(0)
}

describe('laws', () => {
  const lines = [
    ONE,
    `\\s:rA,c:${S}*??\\${ONE}`,
    `\\g:1-2-7,s:rB,c:${S + 60}*??\\${P1}`,
    `\\g:2-2-7*??\\${P2}`,
    `$PGHP,1,2024,6,1,12,5,6,789,219,,2190047,1,2C*??`,
    ONE,
    `${ONE},r003669945,${S + 7}`,
    `2024-06-01T12:00:09Z ${ONE}`,
    `# a comment with ${ONE}`,
    '',
    '$GPGGA,114702.00,3351.0151,S,15117.2160,E,1,06,1.69,00093,M,021,M,,*76',
    '!AIVDM,1,1,,A,tr',
    `${ONE}${ONE}`,
    ...encodeStatic24({ mmsi: 244000001, name: 'YACHT', callsign: 'PA1234', length: 12, width: 4 }),
    encodeBase({ mmsi: 2190047, t: T, lat: 55, lon: 12 }),
  ].map(signed)

  test('cutting the bytes anywhere changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...lines), { maxLength: 30 }),
        fc.array(fc.nat(3000), { maxLength: 20 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (chosen, cuts, ending, last) => {
          const text = chosen.join(ending) + (last ? ending : '')
          expect(read(text, { cuts })).toEqual(read(text))
        },
      ),
    )
  })

  test('cutting at every byte changes nothing', () => {
    const text = lines.join('\r\n')
    const whole = read(text)
    expect(whole.missing).toBe(0)
    for (let cut = 1; cut < text.length; cut++) expect(read(text, { cuts: [cut] })).toEqual(whole)
    expect(read(text, { cuts: Array.from(text, (_, i) => i) })).toEqual(whole)
  })

  test('any bytes are read without a throw, and every sentence has one fate', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes).toString('latin1')),
      fc.constantFrom(...lines, '\n', '\\', '!', '*', ',', '!AIVDM,', '\\g:1-2-3*5A\\'),
    )
    fc.assert(
      fc.property(
        fc.array(noise, { maxLength: 40 }),
        fc.array(fc.nat(2000), { maxLength: 5 }),
        (pieces, cuts) => {
          const bytes = Buffer.from(pieces.join(''), 'latin1')
          const out = read(bytes, { cuts })
          expect(out.missing).toBe(0)
          expect(out.rows.every(row => row.t === row.t && row.mmsi > 0)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a sentence with one byte changed is refused or says the same', () => {
    const sent = encodePosition({ mmsi: 219000001, t: T, lat: 55.5, lon: 12.25, sog: 9.1, cog: 123.4 })
    fc.assert(
      fc.property(
        fc.integer({ min: 7, max: sent.length - 4 }),
        fc.integer({ min: 32, max: 126 }),
        (where, c) => {
          const changed = sent.slice(0, where) + String.fromCharCode(c) + sent.slice(where + 1)
          const { rows } = read(changed, at)
          expect(rows).toEqual(changed === sent ? read(sent, at).rows : [])
        },
      ),
    )
  })
})

describe('heads', () => {
  test.each([
    '!AIVDM',
    '!BSVDM',
    '!B2VDM',
    '!ANVDM',
    '!=IVDM',
    '$AIVDM',
    '!AIVDO',
    '!aivdm',
    '!--VDM',
    '!SAVDM',
  ])('%s', head => {
    expect(accepts(`${head},1,1,,A,${PAYLOAD},0*??`).rows).toMatchObject([{ mmsi: 371798000, msgType: 1 }])
  })

  test.each(['A', 'B', '1', '2', ''])('channel "%s"', channel => {
    const bits = accepts(`!AIVDM,1,1,,${channel},${PAYLOAD},0*??`).rows[0]!.bits & 0xc0
    expect(bits).toBe({ A: 128, '1': 128, B: 192, '2': 192, '': 0 }[channel])
  })

  test('a channel of two characters is none', () => refuses(`!AIVDM,1,1,,AB,${PAYLOAD},0*??`, 'malformed'))

  test.each(['!AIVDX', '!AIRMC', 'AIVDM', '!VDM'])('%s is no AIS: not read', head => {
    expect(read(`${head},1,1,,A,${PAYLOAD},0*??`, at).counts.read).toBe(0)
  })
})

describe('anywhere in a line', () => {
  test.each([
    `2024-06-01T12:00:00Z ${ONE}`,
    `2024-06-01 12:00:00.000 ${ONE}`,
    `[2024-06-01 12:00:00] ${ONE}`,
    `2024-06-01T14:00:00+02:00 ${ONE}`,
    `${S} ${ONE}`,
    `${S}.000 ${ONE}`,
    `${S}\t${ONE}`,
    `${T},${ONE}`,
    `${S}000000 ${ONE}`,
    `${S}000000000 ${ONE}`,
    `\u0000\u0007 ${S} ${ONE}`,
    `${ONE},${S}`,
    `${ONE},${T}`,
    `${ONE},${S},${S + 2}`,
    `${ONE},r003669945,${S}`,
    `${ONE},s27999,d-106,T09.27001,x120990,r003669945,${S}`,
  ])('%j', line => {
    const { rows } = accepts(line, {})
    expect(rows).toMatchObject([{ mmsi: 371798000, t: T }])
    if (line.includes(',r0')) expect(rows[0]!.station).toBe('r003669945')
  })

  test.each([
    `992190001 ${ONE}`,
    `${ONE},992190001`,
    `12:00:00 ${ONE}`,
    `20240601120000 ${ONE}`,
    `2024-02-30 12:00:00 ${ONE}`,
  ])('%j has no time', line => refuses(line, 'no-time', {}))

  test.each([`  ${ONE}  `, `\t${ONE}\r`, `${ONE}'`, `x${ONE}y`, `${ONE},`, `${ONE} `, `"${ONE}"`])(
    '%j',
    line => {
      expect(accepts(line).rows).toMatchObject([{ mmsi: 371798000, t: T }])
    },
  )

  test('several sentences, each with or without its own block', () => {
    expect(accepts(`${ONE}${ONE} ${ONE}`).rows).toHaveLength(3)
    const { rows } = accepts(`\\s:a,c:${S}*??\\${ONE}\\s:b,c:${S + 1}*??\\${ONE}`, {})
    expect(rows.map(row => [row.station, row.t])).toEqual([
      ['a', T],
      ['b', T + 1000],
    ])
    expect(accepts(`\\s:a,c:${S}*??\\${P1}${P2}`, {}).rows).toMatchObject([
      { msgType: 5, t: T, station: 'a' },
    ])
  })

  test('a sentence that was cut off does not take the next one with it', () => {
    const out = read(`!AIVDM,1,1,,A,15RTgt${ONE}`, at)
    expect(out.reasons).toEqual({ checksum: 1 })
    expect(out.rows).toHaveLength(1)
  })

  test('comments, blank lines, other sentences and bare blocks are not read', () => {
    const out = read(
      `# ${ONE}\n\n  \n$GPZDA,114702.51,27,01,2012,,*66\n\\si:x,y:z*??\\\n\\si:a*00\nnoise`,
      at,
    )
    expect(out.counts.read).toBe(0)
    expect(out.missing).toBe(0)
  })

  test('with LF, CRLF, and without any at the end', () => {
    for (const text of [`${ONE}\n${ONE}`, `${ONE}\r\n${ONE}\r\n`, `\n\n${ONE}\n\r\n${ONE}`]) {
      expect(accepts(text).rows).toHaveLength(2)
    }
  })
})

describe('checksums and fields', () => {
  test('upper and lower hex', () => {
    const sent = signed('!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CR,0*??')
    accepts(sent)
    accepts(sent.slice(0, -2) + sent.slice(-2).toLowerCase())
  })
  test('wrong', () => refuses(`${ONE.slice(0, -2)}00`, 'checksum'))
  test('missing', () => refuses(ONE.slice(0, -3), 'checksum'))
  test('one digit', () => refuses(ONE.slice(0, -1), 'checksum'))
  test('no hex', () => refuses(`${ONE.slice(0, -2)}4G`, 'checksum'))
  test('one more field', () => expect(accepts(`!AIVDM,1,1,,A,${PAYLOAD},0,0*??`).rows).toHaveLength(1))
  test('two more fields', () => refuses(`!AIVDM,1,1,,A,${PAYLOAD},0,0,0*??`, 'malformed'))
  test('no fill field', () => refuses(`!AIVDM,1,1,,A,${PAYLOAD}*??`, 'payload'))
  test('an empty fill field', () => refuses(`!AIVDM,1,1,,A,${PAYLOAD},*??`, 'payload'))
  test('fill of 6', () => refuses(`!AIVDM,1,1,,A,${PAYLOAD},6*??`, 'payload'))
  test('fill up to 5 on 168 bits', () => void accepts(`!AIVDM,1,1,,A,${PAYLOAD},5*??`))
  test('an illegal character', () => refuses(`!AIVDM,1,1,,A,${PAYLOAD.replace('R', 'X')},0*??`, 'payload'))
  test('an illegal character in a longer payload', () => refuses(`!AIVDM,1,1,,A,${PAYLOAD}~,0*??`, 'payload'))
  test('a longer payload', () => expect(accepts(`!AIVDM,1,1,,A,${PAYLOAD}00,0*??`).rows).toHaveLength(1))
  test('a shorter payload', () => refuses(`!AIVDM,1,1,,A,${PAYLOAD.slice(0, 27)},0*??`, 'bits'))
  test('no payload', () => refuses('!AIVDM,1,1,,A,,0*??', 'bits'))
  test('too few fields', () => refuses('!AIVDM,1,1,A*??', 'malformed'))
  test('part 0', () => refuses(`!AIVDM,2,0,1,A,${PAYLOAD},0*??`, 'fragment'))
  test('part above the total', () => refuses(`!AIVDM,2,3,1,A,${PAYLOAD},0*??`, 'fragment'))
  test('total of 0', () => refuses(`!AIVDM,0,0,1,A,${PAYLOAD},0*??`, 'fragment'))
  test('total above 9', () => refuses(`!AIVDM,10,1,1,A,${PAYLOAD},0*??`, 'fragment'))
  test('a total that is no number', () => refuses(`!AIVDM,x,1,1,A,${PAYLOAD},0*??`, 'malformed'))
  test.each(['0', 'l'])('message type of "%s"', first =>
    refuses(`!AIVDM,1,1,,A,${first}${PAYLOAD.slice(1)},0*??`, 'unsupported'),
  )
  test('message 28 tells where an aid to navigation is; 27 characters do not, and message 29 is none', () => {
    const aid = 'L>kb9HDMMdKD<76J5E<ALCSp1:J5'
    expect(accepts(`!AIVDM,1,1,,A,${aid},0*??`).rows).toMatchObject([
      { msgType: 28, mmsi: 993692001, lat: 42.3308, lon: -70.9125, txClass: ATON, utcSecond: 17, sog: NaN },
    ])
    refuses(`!AIVDM,1,1,,A,${aid.slice(0, 27)},0*??`, 'bits')
    refuses(`!AIVDM,1,1,,A,M${aid.slice(1)},0*??`, 'unsupported')
  })
  test('valid messages that are no report are other', () => {
    expect(read('!AIVDM,1,1,,B,8030o<00000000,0*??', at).counts.other).toBe(1)
  })
  test.each([1, 2, 3, 18, 9] as const)('message %d needs 168 bits, up to five of them fill', msgType => {
    const sent = body(encodePosition({ mmsi: 219000001, t: T, lat: 1, lon: 2 }, { msgType }))
    expect(sent).toHaveLength(28)
    for (const fill of [0, 5])
      expect(accepts(`!AIVDM,1,1,,A,${sent},${fill}*??`).rows).toMatchObject([{ msgType, lat: 1, lon: 2 }])
    expect(accepts(`!AIVDM,1,1,,A,${sent}0000,0*??`).rows).toMatchObject([{ msgType, lat: 1, lon: 2 }])
    refuses(`!AIVDM,1,1,,A,${sent.slice(0, 27)},0*??`, 'bits')
  })
  test('message 27 needs 96 bits, and is sent in 168 as well', () => {
    const long = encodePosition({ mmsi: 219000001, t: T, lat: 1, lon: 2 }, { msgType: 27 })
    expect(accepts(long).rows).toMatchObject([{ msgType: 27, txClass: 1 }])
    expect(accepts(`!AIVDM,1,1,,A,${long.split(',')[5]!.padEnd(28, '0')},0*??`).rows).toMatchObject([
      { msgType: 27, lat: 1, lon: 2 },
    ])
    refuses(`!AIVDM,1,1,,A,${long.split(',')[5]!.slice(0, 15)},0*??`, 'bits')
  })
  test('message 24 part A needs 160 bits, part B 168', () => {
    const [a, b] = encodeStatic24({ mmsi: 219000001, name: 'A', callsign: 'B' }).map(body) as [string, string]
    expect(accepts(`!AIVDM,1,1,,A,${a},2*??`).counts.static).toBe(1)
    expect(accepts(`!AIVDM,1,1,,A,${a}0,0*??`).counts.static).toBe(1)
    refuses(`!AIVDM,1,1,,A,${a.slice(0, 26)},0*??`, 'bits')
    expect(accepts(`!AIVDM,1,1,,A,${b},0*??`).counts.static).toBe(1)
    refuses(`!AIVDM,1,1,,A,${b.slice(0, 27)},0*??`, 'bits')
  })
  test('rejects carry the line they come from', () => {
    const { rejects } = read(`\n${ONE}\n${ONE.slice(0, -2)}00\n`, at)
    expect(rejects).toEqual([
      { reason: 'checksum', source: 'test.nmea', line: 3, raw: `${ONE.slice(0, -2)}00` },
    ])
  })
  test('rows that are no report are counted under their reason', () => {
    refuses(encodePosition({ mmsi: 0, t: T, lat: 1, lon: 2 }), 'mmsi-invalid')
    refuses(encodePosition({ mmsi: 219000001, t: T, lat: 0, lon: 0 }), 'position-zero')
  })
})

describe('TAG blocks', () => {
  test('time in seconds or milliseconds, and the station', () => {
    for (const c of [S, T]) {
      expect(accepts(`\\s:rEV02,c:${c}*??\\${ONE}`, {}).rows).toMatchObject([{ t: T, station: 'rEV02' }])
    }
    expect(accepts(`${tagBlock({ station: 'x', t: T + 5 })}${ONE}`, {}).rows).toMatchObject([
      { t: T + 5, station: 'x' },
    ])
  })
  test('only between 2000 and 2050', () => {
    for (const c of [946_684_800, 2_524_607_999]) accepts(`\\c:${c}*??\\${ONE}`, {})
    for (const c of [946_684_799, 2_524_608_000, 12, 17356889345678])
      refuses(`\\c:${c}*??\\${ONE}`, 'no-time', {})
  })
  test('without a checksum', () =>
    expect(accepts(`\\s:a,c:${S}\\${ONE}`, {}).rows).toMatchObject([{ t: T, station: 'a' }]))
  test('a wrong checksum drops the block, not the sentence', () => {
    const { rows } = accepts(`\\s:a,c:${S}*00\\${ONE}`)
    expect(rows).toMatchObject([{ t: T, receiver: 0 }])
    refuses(`\\s:a,c:${S}*00\\${ONE}`, 'no-time', {})
  })
  test('two blocks glued', () => {
    expect(accepts(`\\s:a*??\\\\c:${S}*??\\${ONE}`, {}).rows).toMatchObject([{ t: T, station: 'a' }])
  })
  test('values with colons', () => {
    const block = `\\i:<S>S</S><O>XSP</O><T>A:1234 F:+30:T:0 </T>,s:a,c:${S}*??\\`
    expect(accepts(`${block}${ONE}`, {}).rows).toMatchObject([{ t: T, station: 'a' }])
  })
  test('a lone backslash is noise', () => {
    expect(accepts(`\\${ONE}`).rows).toHaveLength(1)
    const { rows } = accepts(`\\s:a,c:${S}*??\\${ONE}\\${ONE}\\`, {})
    expect(rows.map(row => [row.station, row.t])).toEqual([
      ['a', T],
      ['a', T],
    ])
  })
  test('the first line of a group tells for all of it', () => {
    const { rows } = accepts(`\\g:1-2-73874,s:r1,c:${S}*??\\${P1}\n\\g:2-2-73874*??\\${P2}`, {})
    expect(rows).toMatchObject([{ msgType: 5, t: T, station: 'r1' }])
    const late = accepts(`\\g:1-2-9,s:r1,c:${S}*??\\${ONE}\n\\g:2-2-9*??\\${ONE}`, {})
    expect(late.rows.map(row => row.station)).toEqual(['r1', 'r1'])
    const older = accepts(`\\1G2:0125,s:r1,c:${S}*??\\${P1}\n\\2G2:0125*??\\${P2}`, {})
    expect(older.rows).toMatchObject([{ msgType: 5, t: T, station: 'r1' }])
  })
  test('the group need not come first in the block', () => {
    const { rows } = accepts(`\\s:r1,c:${S},g:1-2-1*??\\${P1}\n\\n:5,g:2-2-1*??\\${P2}`, {})
    expect(rows).toMatchObject([{ msgType: 5, station: 'r1' }])
  })
  test('a group id that is used again much later says nothing about the first', () => {
    const { rows } = accepts(
      `\\g:1-2-9,s:r1,c:${S}*??\\${ONE}\n${`${ONE}\n`.repeat(70)}\\g:2-2-9*??\\${ONE}`,
      {},
    )
    expect(rows.at(-1)!.receiver).toBe(0)
  })
  test('hostile station names are cut and kept apart', () => {
    const { rows } = accepts(`\\s:${'x'.repeat(500)}*??\\${ONE}\n\\s:y*??\\${ONE}`)
    expect(rows[0]!.station).toHaveLength(64)
    expect(rows[1]!.station).toBe('y')
  })
})

describe('parts', () => {
  const static5 = (text: string, options: ReadOptions = at): number => accepts(text, options).counts.static

  test('in order, the other way round, with others between', () => {
    expect(accepts(`${P1}\n${P2}`).rows).toMatchObject([
      { msgType: 5, mmsi: 351759000, data: { name: 'EVER DIADEM' } },
    ])
    expect(static5(`${P2}\n${P1}`)).toBe(1)
    expect(static5(`${P1}\n${ONE}\n${ONE}\n${P2}`)).toBe(1)
  })
  test('the message has the time of its first part', () => {
    expect(accepts(`\\c:${S}*??\\${P1}\n\\c:${S + 1}*??\\${P2}`, {}).rows).toMatchObject([{ t: T }])
  })
  test('an empty sequence id is a slot of its own', () => {
    expect(static5(`${part(1, P1, { seq: '' })}\n${part(2, P2, { seq: '' })}`)).toBe(1)
    expect(static5(`${part(1, P1, { seq: '' })}\n${part(2, P2, { seq: '0' })}`)).toBe(0)
  })
  test.each([{ talker: 'BS' }, { seq: '2' }, { channel: 'B' }, { total: 3 }])(
    'a part with another %j does not fit',
    other => {
      const out = accepts(`${P1}\n${part(2, P2, other)}`)
      expect(out.counts).toMatchObject({ parts: 2, static: 0 })
    },
  )
  test('two messages between each other', () => {
    const [Q1, Q2] = encodeStatic5({ mmsi: 219000001, name: 'OTHER' }, 2) as [string, string]
    const { rows } = accepts([P1, Q1, P2, Q2].join('\n'))
    expect(rows.map(row => row.mmsi)).toEqual([351759000, 219000001])
  })
  test('in a TAG group its sentences belong together, and nothing else', () => {
    const [Q1, Q2] = encodeStatic5({ mmsi: 219000001, name: 'OTHER' }, 1) as [string, string]
    const of = (group: string, n: number, sentence: string): string => `\\g:${n}-2-${group}*??\\${sentence}`
    // two ships by turns, the same talker, sequence id and channel
    const { rows } = accepts([of('7', 1, P1), of('8', 1, Q1), of('7', 2, P2), of('8', 2, Q2)].join('\n'))
    expect(rows.map(row => [row.mmsi, row.data?.name])).toEqual([
      [351759000, 'EVER DIADEM'],
      [219000001, 'OTHER'],
    ])
    expect(static5(`${of('7', 1, P1)}\n${of('9', 2, P2)}`)).toBe(0)
    // the talker may differ within a group: stations relay what others heard
    expect(static5(`${of('7', 1, P1)}\n${of('7', 2, part(2, P2, { talker: 'BS' }))}`)).toBe(1)
    expect(static5(`${P1}\n${part(2, P2, { talker: 'BS' })}`)).toBe(0)
    // a group of one line says nothing of the sentence's parts
    expect(static5(`\\g:1-1-7*??\\${P1}\n\\g:1-1-8*??\\${P2}`)).toBe(1)
  })
  test('groups and parts are those of one source: halves in two files make nothing', () => {
    const halves = [`\\g:1-2-7,s:a,c:${S}*??\\${P1}`, `\\g:2-2-7*??\\${P2}`]
    expect(static5(halves.join('\n'), {})).toBe(1)
    for (const half of halves) expect(accepts(half).counts).toMatchObject({ parts: 1, static: 0 })
  })
  test('two stations that heard the same are kept apart', () => {
    const tagged = (s: string, sentence: string): string => `\\s:${s},c:${S}*??\\${sentence}`
    const { rows } = accepts(
      [tagged('a', P1), tagged('b', P1), tagged('a', P2), tagged('b', P2)].join('\n'),
      {},
    )
    expect(rows.map(row => row.station)).toEqual(['a', 'b'])
  })
  test('the station may be told with the first part only', () => {
    expect(accepts(`\\s:a*??\\${P1}\n${P2}`).rows).toMatchObject([{ station: 'a' }])
  })
  test('a repeated part restarts; a tail that comes again is no message', () => {
    expect(static5([P1, P1, P2].join('\n'))).toBe(1)
    expect(static5([P1, P1, P2, P2].join('\n'))).toBe(1)
    expect(static5([P1, P2, P1, P2].join('\n'))).toBe(2)
    const [Q1, Q2] = encodeStatic5({ mmsi: 219000001, name: 'OTHER' }, 1) as [string, string]
    expect(accepts([P1, Q1, Q2].join('\n')).rows).toMatchObject([{ mmsi: 219000001 }])
    expect(accepts([P1, P1, P2, P2, Q1, Q2].join('\n')).rows.map(row => row.data?.name)).toEqual([
      'EVER DIADEM',
      'OTHER',
    ])
  })
  test('sequence ids are used again: parts far apart are of two ships', () => {
    expect(static5(`${P1}\n${`${ONE}\n`.repeat(60)}${P2}`)).toBe(1)
    expect(static5(`${P1}\n${`${ONE}\n`.repeat(70)}${P2}`)).toBe(0)
    expect(static5(`${P2}\n${`${ONE}\n`.repeat(20)}${P1}`)).toBe(0)
  })
  test('a leftover of another ship does not spoil the next message of its sequence id', () => {
    const leftover = signed('!AIVDM,2,2,1,A,8888880,2*??')
    expect(accepts([leftover, P1, P2].join('\n')).rows).toMatchObject([{ data: { name: 'EVER DIADEM' } }])
  })
  test('with times the time between them decides', () => {
    const parts = (s: number, between: number): string =>
      `\\c:${S}*??\\${P1}\n${`${ONE}\n`.repeat(between)}\\c:${S + s}*??\\${P2}`
    expect(static5(parts(5, 200), {})).toBe(1)
    expect(static5(parts(6, 0), {})).toBe(0)
  })
  test('a part with a bad checksum never completes a message', () => {
    const out = read(`${P1}\n${P2.slice(0, -2)}00\n${P2}`, at)
    expect(out.counts).toMatchObject({ static: 1, parts: 1 })
    expect(out.reasons).toEqual({ checksum: 1 })
    expect(read(`${P1}\n${P2.slice(0, -2)}00`, at).counts.static).toBe(0)
  })
  test('an illegal character in a part', () => {
    const out = read(`${signed(`!AIVDM,2,1,1,A,${body(P1).replace(/^./, '~')},0*??`)}\n${P2}`, at)
    expect(out.counts.static).toBe(0)
    expect(out.reasons).toEqual({ payload: 1 })
  })
  test('an empty part adds nothing: too short', () => {
    const out = read(`${P1}\n!AIVDM,2,2,1,A,,0*??`, at)
    expect(out.reasons).toEqual({ bits: 1 })
    expect(out.counts.parts).toBe(1)
  })
  test('424 and 426 bits are a message 5, two ships glued are none', () => {
    expect(static5(`${P1}\n!AIVDM,2,2,1,A,${body(P2)},0*??`)).toBe(1)
    const out = read(`${P1}\n!AIVDM,2,2,1,A,${body(P2)}0000,2*??`, at)
    expect(out.reasons).toEqual({ bits: 1 })
  })
  test('a flood of first parts stays in its table', () => {
    const flood = Array.from({ length: 20_000 }, (_, i) =>
      signed(
        `!${String.fromCharCode(65 + (i % 26), 65 + ((i / 26) % 26))}VDM,9,1,${i % 10},A,${PAYLOAD},0*??`,
      ),
    ).join('\n')
    const out = read(flood, at)
    expect(out.counts.parts).toBe(20_000)
    expect(out.missing).toBe(0)
  })
})

describe('time of sentences that carry none', () => {
  const pghp = (s: number): string => {
    const d = new Date(T + s * 1000)
    return signed(
      `$PGHP,1,2024,6,1,${d.getUTCHours()},${d.getUTCMinutes()},${d.getUTCSeconds()},0,219,,2190047,1,2C*??`,
    )
  }
  const times = (text: string, options: ReadOptions = {}): number[] =>
    read(text, options).rows.map(row => (row.t - T) / 1000)

  test('the last time in the file', () => {
    expect(times(`\\c:${S}*??\\${ONE}\n${ONE}\n\\c:${S + 9}*??\\${ONE}\n${ONE}`)).toEqual([0, 0, 9, 9])
  })
  test('what comes before the first time gets the first', () => {
    expect(times(`${ONE}\n${P1}\n${P2}\n${ONE},${S + 3}\n${ONE}`)).toEqual([3, 3, 3, 3])
  })
  test('$PGHP is for the next sentence, and does not outlast times that do', () => {
    expect(times(`${ONE},${S + 500}\n${pghp(1)}\n${ONE}\n${ONE}`)).toEqual([500, 1, 500])
    expect(times(`${pghp(1)}\n$PSHI,x*00\n${ONE}\n${pghp(2)}\n${ONE}\n${ONE}`)).toEqual([1, 2, 2])
    expect(times(`${pghp(1)}\n\\c:${S + 7}*??\\${ONE}`)).toEqual([7])
    const out = read(`${pghp(1).slice(0, -2)}00\n${ONE}`)
    expect(out.reasons).toEqual({ 'no-time': 1 })
  })
  test('base stations tell it when nothing else does', () => {
    const base = (s: number): string => encodeBase({ mmsi: 2190047, t: T + s * 1000, lat: 55, lon: 12 })
    expect(times(`${ONE}\n${base(5)}\n${ONE}\n${base(60)}\n${ONE}`)).toEqual(
      [5, 5, 5, 60, 60].sort((a, b) => a - b),
    )
    expect(times(`${ONE},${S}\n${base(60)}\n${ONE}`)).toEqual([0, 0, 0])
    // one with a broken clock is not believed, two are
    expect(times(`${base(5)}\n${base(90_000)}\n${ONE}`)).toEqual([5, 5, 5])
    expect(times(`${base(5)}\n${base(90_000)}\n${base(90_001)}\n${ONE}`)).toEqual([5, 5, 90_001, 90_001])
    const unset = encodeBase({ mmsi: 2190047, t: Date.UTC(1999, 0, 1), lat: 55, lon: 12 })
    expect(read(unset).reasons).toEqual({ 'no-time': 1 })
  })
  test('then the given start, then nothing', () => {
    expect(times(`${ONE}\n${ONE}`, { timeStart: T + 1000 })).toEqual([1, 1])
    const out = read(`${ONE}\n${P1}\n${P2}`)
    expect(out.reasons).toEqual({ 'no-time': 2 })
    expect(out.missing).toBe(0)
    expect(out.rejects.map(reject => reject.line)).toEqual([1, 3])
    expect(out.rejects[0]!.raw).toBe(ONE)
  })
  test('a bounded number waits', () => {
    const many = `${ONE}\n`.repeat(70_000) + `${ONE},${S}`
    const out = read(many)
    expect(out.missing).toBe(0)
    expect(out.counts.rejected['no-time']).toBe(65_536)
    expect(out.rows).toHaveLength(70_001 - 65_536)
    expect(read(many, { timeStart: T }).rows).toHaveLength(70_001)
  })
  test('the time of a sentence with a bad checksum is not believed', () => {
    expect(times(`${ONE},${S}\n${ONE.slice(0, -2)}00,${S + 99}\n${ONE}`)).toEqual([0, 0])
  })
})

describe('long lines', () => {
  test('up to the limit, and one byte over it', () => {
    const pad = (n: number): string => ' '.repeat(n - ONE.length) + ONE
    for (const cuts of [[], [10], [70_000]]) {
      const fits = read(`${pad(MAX_LINE_BYTES)}\n${ONE}\n`, { ...at, cuts })
      expect([fits.rows.length, fits.missing]).toEqual([2, 0])
      const over = read(`${pad(MAX_LINE_BYTES + 1)}\n${ONE}\n`, { ...at, cuts })
      expect(over).toEqual(read(`${pad(MAX_LINE_BYTES + 1)}\n${ONE}\n`, at))
      expect([over.rows.length, over.missing, over.reasons]).toEqual([1, 0, { 'too-long': 1 }])
      expect(over.rejects[0]!.raw!.length).toBeLessThanOrEqual(1000)
    }
  })
  test('10 MB without an end is one reject', () => {
    const out = read(Buffer.alloc(10_000_000, 65), {
      cuts: Array.from({ length: 20 }, (_, i) => i * 500_000),
    })
    expect([out.counts.read, out.reasons]).toEqual([1, { 'too-long': 1 }])
  })
})
