import { describe, expect, test } from 'vitest'
import { createNmeaReader } from '../src/sources/nmea.js'
import { encodePosition } from '../src/ais/encode.js'
import { checksum } from '../src/ais/sentences.js'
import { createSourceCounts } from '../src/model/stats.js'
import { createWords } from '../src/model/words.js'
import { fuzz } from '../scripts/fuzz.js'
import { read, signed } from './ais/read.js'

const T = Date.UTC(2024, 0, 1)
const good = encodePosition({ mmsi: 219000001, t: T, lat: 55, lon: 12 })
/** What is left of hostile lines with one good sentence at the end: its report, whatever came before. */
const after = (hostile: string) => read(`${hostile}\n${good}\n`, { timeStart: T })

describe('fuzz', () => {
  test('mutated sentences of every type: nothing throws, no wrong checksum is taken, the books balance', () => {
    for (const seed of [1, 2, 3]) {
      const result = fuzz(10_000, seed)
      expect(result.messages).toBeGreaterThan(1000)
      expect(result.rejected).toBeGreaterThan(1000)
      expect(result.wrongLines).toBeGreaterThan(1000)
    }
  })
})

describe('hostile lines cost their own loss only', () => {
  test.each([
    ['fragment 0 of 0', '!AIVDM,0,0,1,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*??', 'fragment'],
    ['fragment 99 of 99', '!AIVDM,99,99,1,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*??', 'fragment'],
    ['fragment 3 of 2', '!AIVDM,2,3,1,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*??', 'fragment'],
    ['NUL bytes', '!AIVDM,1,1,,A,15RTgt0PAso;\0\0TKcjM8h6g208CQ,0*??', 'payload'],
    ['invalid UTF-8', '!AIVDM,1,1,,A,15RTgt0PAso;\xc3\x28TKcjM8h6g208CQ,0*??', 'payload'],
    ['a payload without end', `!AIVDM,1,1,,A,${'1'.repeat(2000)},0*??`, 'payload'],
    ['a bad checksum', `${good.slice(0, -2)}${good.endsWith('00') ? '01' : '00'}`, 'checksum'],
  ])('%s', (_, line, reason) => {
    const { rows, reasons, missing } = after(line)
    expect(reasons).toEqual({ [reason]: 1 })
    expect(rows).toMatchObject([{ mmsi: 219000001 }])
    expect(missing).toBe(0)
  })

  test.each([
    ['in the year 2106', 4_294_967_295],
    ['in 1970', 1],
    ['before 1970', -5],
    ['of twenty digits', '99999999999999999999'],
  ])('a TAG time %s is no time: the sentence keeps its place', (_, c) => {
    const line = `${signed(`\\s:x,c:${c}*??`)}\\${encodePosition({ mmsi: 219000002, t: T, lat: 55, lon: 12 })}`
    const { rows, missing } = after(line)
    expect(rows.map(row => [row.mmsi, row.t])).toEqual([
      [219000002, T],
      [219000001, T],
    ])
    expect(missing).toBe(0)
  })

  /** Pushes `n` generated lines; returns the growth of what the process holds, in MiB, over the second half. */
  function growth(n: number, line: (i: number) => string): number {
    const counts = createSourceCounts()
    const reader = createNmeaReader({
      words: createWords(),
      name: 'hostile',
      counts,
      timeStart: T,
      onBatch: () => undefined,
    })
    let half = 0
    let piece = ''
    for (let i = 0; i < n; i++) {
      piece += `${line(i)}\n`
      if (piece.length > 1 << 18) {
        reader.push(Buffer.from(piece, 'latin1'))
        piece = ''
      }
      if (i === n >> 1) half = held()
    }
    reader.push(Buffer.from(piece, 'latin1'))
    const grown = held() - half
    reader.end()
    expect(counts.read).toBe(n)
    return grown / 2 ** 20
  }
  const held = (): number => {
    globalThis.gc?.()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return globalThis.gc ? heapUsed + arrayBuffers : arrayBuffers
  }

  test('a million groups that are never completed', () => {
    const part = signed('!AIVDM,2,1,3,A,57ldIH@2Ag?10m5P000mJq@DiDf0Hh4lTpLLt016<@@88568p?2PBhDU0@00,0*??')
    const grown = growth(1_000_000, i => {
      const tag = `g:1-2-${i}`
      return `\\${tag}*${checksum(tag)}\\${part}`
    })
    expect(grown).toBeLessThan(16)
  })

  test('sequence ids that are used again at once: parts of two ships are never joined', () => {
    const first = '57ldIH@2Ag?10m5P000mJq@DiDf0Hh4lTpLLt016<@@88568p?2PBhDU0@00'
    const lines: string[] = []
    for (let i = 0; i < 50; i++) lines.push(`!AIVDM,2,1,3,A,${first},0*??`)
    const { rows, counts, missing } = after(lines.join('\n'))
    expect(rows).toMatchObject([{ mmsi: 219000001 }])
    expect(counts.parts).toBe(50)
    expect(missing).toBe(0)
  })

  test('a line without end is skipped in bounded memory', () => {
    const { reasons, rows } = after('!AIVDM,1,1,,A,' + '1'.repeat(3_000_000))
    expect(reasons).toEqual({ 'too-long': 1 })
    expect(rows).toHaveLength(1)
  })
})
