// Hostile NMEA, by the million: `npm run fuzz -- [sentences] [seed]`. Real-looking sentences of every type are mutated the way
// radio, loggers and attackers do; the reader and all decoders must not throw, not grow, and never take a sentence whose
// checksum is wrong. The short form runs in the tests.

import fc from 'fast-check'
import { pathToFileURL } from 'node:url'
import { createColumnDecoder } from '../src/ais/columns.js'
import { decodeWords } from '../src/ais/decode.js'
import { checksum } from '../src/ais/sentences.js'
import { toGpsd } from '../src/ais/gpsd.js'
import { encodeMessage } from '../src/ais/pack.js'
import { scaleMessage } from '../src/ais/scale.js'
import { createSourceCounts, type SourceCounts } from '../src/model/stats.js'
import { createWords } from '../src/model/words.js'
import { createNmeaReader } from '../src/sources/nmea.js'
import type { Reader } from '../src/sources/reader.js'
import { anyMessage } from '../tests/ais/messages.js'

/** xorshift: quick, and the same for the same seed. */
export function createDice(seed: number): (n: number) => number {
  let state = seed | 1
  return n => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % n
  }
}
type Dice = (n: number) => number

const signed = (body: string): string => `!${body}*${checksum(body)}`
const pick = <T>(dice: Dice, of: readonly T[]): T => of[dice(of.length)]!

/** Sentences of any message, in parts where it is long, with a TAG block, a prefix or a tail at times. */
export function sampleLines(dice: Dice, seed: number): string[] {
  const lines: string[] = []
  for (const raw of fc.sample(anyMessage, { numRuns: 1500, seed })) {
    const { payload, fill } = encodeMessage(raw)
    const total = Math.max(1, Math.ceil(payload.length / 60))
    const id = dice(10)
    const talker = pick(dice, ['AI', 'BS', 'AB', 'B2', '=I'])
    const channel = pick(dice, ['A', 'B', '', '1'])
    const parts: string[] = []
    for (let n = 0; n < total && total <= 9; n++) {
      const last = n === total - 1
      const body = `${talker}VDM,${total},${n + 1},${total > 1 ? id : ''},${channel},${payload.slice(n * 60, n * 60 + 60)},${last ? fill : 0}`
      parts.push(around(signed(body), dice))
    }
    if (dice(8) === 0) parts.reverse()
    lines.push(...parts)
  }
  return lines
}

function around(sentence: string, dice: Dice): string {
  const t = 1_700_000_000 + dice(100_000)
  switch (dice(8)) {
    case 0: {
      const tag = `s:station${dice(20)},c:${pick(dice, [t, t * 1000, 4_291_747_200, 0])}`
      return `\\${tag}*${checksum(tag)}\\${sentence}`
    }
    case 1: {
      const tag = `g:${1 + dice(3)}-${dice(4)}-${dice(2000)},c:${t}`
      return `\\${tag}*${checksum(tag)}\\${sentence}`
    }
    case 2:
      return `${t}000000000 ${sentence}`
    case 3:
      return `${sentence},r00${dice(10)}669945,${t}`
    default:
      return sentence
  }
}

const NASTY = ['\0', '\xff', '\xc3\x28', '\\', '!', '$', '*', ',', '!AIVDM,', '\r', '\u{80}', '9'.repeat(30)]

/** One line made worse, in one of the ways that occur. */
export function mutate(line: string, other: string, dice: Dice): string {
  const at = dice(line.length + 1)
  switch (dice(12)) {
    case 0: // a bit flipped by noise
      return replaceAt(line, at, String.fromCharCode((line.charCodeAt(at) || 65) ^ (1 << dice(8))))
    case 1:
      return replaceAt(line, at, String.fromCharCode(dice(256)))
    case 2: // cut off
      return line.slice(0, at)
    case 3: // glued to another
      return line.slice(0, at) + other.slice(dice(other.length))
    case 4:
      return line.slice(0, at) + pick(dice, NASTY) + line.slice(at)
    case 5: // any fragment numbers, with a right checksum
      return resign(line, f => [
        f[0]!,
        String(dice(100)),
        String(dice(100)),
        String(dice(100)),
        ...f.slice(4),
      ])
    case 6: // any payload, with a right checksum
      return resign(line, f => {
        const payload = f[5] ?? ''
        const p = dice(payload.length + 1)
        const more = String.fromCharCode(48 + dice(72)).repeat(dice(40))
        return [...f.slice(0, 5), payload.slice(0, p) + more + payload.slice(p + dice(8)), ...f.slice(6)]
      })
    case 7: // any fill bits
      return resign(line, f => [...f.slice(0, 6), String(dice(12) - 2)])
    case 8: // a field too many or too few
      return resign(line, f => (dice(2) ? [...f, '0'] : f.slice(0, dice(7))))
    case 9:
      return `${line}${other}`
    default:
      return line
  }
}

const replaceAt = (line: string, at: number, c: string): string => line.slice(0, at) + c + line.slice(at + 1)

/** The sentence of a line with other fields and the checksum that goes with them. */
function resign(line: string, change: (fields: string[]) => string[]): string {
  const start = line.search(/[!$]..VD[MO],/)
  const star = line.indexOf('*', start)
  if (start < 0 || star < 0) return line
  const body = change(line.slice(start + 1, star).split(',')).join(',')
  return line.slice(0, start) + signed(body) + line.slice(star + 3)
}

/** Has any sentence that stands in the line the checksum it claims? A slow, plain reading of the rule. */
export function holdsRightChecksum(line: string): boolean {
  for (const { index } of line.matchAll(/(?=[!$]..[vV][dD][mMoO],)/gs)) {
    const star = line.indexOf('*', index)
    if (star < 0) continue
    const said = line.slice(star + 1, star + 3)
    if (/^[0-9a-fA-F]{2}$/.test(said) && said.toUpperCase() === checksum(line.slice(index + 1, star)))
      return true
  }
  return false
}

export interface FuzzResult {
  sentences: number
  messages: number
  rejected: number
  /** Lines without any sentence whose checksum is right: nothing of them was taken. */
  wrongLines: number
}

/**
 * Feeds mutated lines to a reader that makes batches and to one that hands on messages, which are decoded in every way.
 * @param sentences at least so many
 * @param onMillion called now and then, with what was read so far
 * @throws Error when something is wrong, with the seed
 */
export function fuzz(sentences: number, seed: number, onMillion?: (read: number) => void): FuzzResult {
  const dice = createDice(seed)
  const lines = sampleLines(dice, seed)
  const rows = books()
  const whole = books()
  const wrong = books()
  let messages = 0
  let lastRead = 0
  const columns = createColumnDecoder({ onFull: () => undefined })
  const readers: Reader[] = [
    createNmeaReader({ ...context(rows), onBatch: () => undefined }),
    createNmeaReader({
      ...context(whole),
      onBatch: () => undefined,
      onMessage({ payload, chars, fill }) {
        messages++
        const inColumns = columns.decode(payload, chars, fill)
        const raw = decodeWords(payload, chars, fill)
        if (typeof raw === 'string') {
          if (inColumns !== raw)
            throw new Error(`seed ${seed}: columns say ${String(inColumns)}, tables ${raw}`)
          return raw
        }
        if (inColumns !== null) throw new Error(`seed ${seed}: columns say ${inColumns}`)
        if (messages % 16 === 0) {
          toGpsd(raw, { scaled: messages % 32 === 0 })
          scaleMessage(raw)
        }
        return null
      },
    }),
  ]
  // sees only lines that hold no sentence with the checksum it claims
  const suspicious = createNmeaReader({ ...context(wrong), onBatch: () => undefined, onMessage: () => null })
  let wrongLines = 0
  let piece = ''
  while (whole.read < sentences) {
    const line = mutate(pick(dice, lines), pick(dice, lines), dice)
    piece += line + pick(dice, ['\n', '\r\n'])
    if (!line.includes('\n') && !holdsRightChecksum(line)) {
      wrongLines++
      suspicious.push(Buffer.from(`${line}\n`, 'latin1'))
      if (wrong.other + wrong.parts > 0) throw new Error(`seed ${seed}: taken: ${JSON.stringify(line)}`)
    }
    if (piece.length < 1 << 16) continue
    const bytes = Buffer.from(piece, 'latin1')
    const cut = dice(bytes.length)
    for (const reader of readers) {
      reader.push(bytes.subarray(0, cut))
      reader.push(bytes.subarray(cut))
    }
    piece = ''
    if (whole.read - lastRead > 1e6) onMillion?.((lastRead = whole.read))
  }
  for (const reader of readers) reader.end()
  columns.flush()
  for (const counts of [rows, whole]) {
    const rejected = sum(counts)
    if (counts.read < rejected + counts.parts) throw new Error(`seed ${seed}: more fates than sentences`)
  }
  if (rows.read !== whole.read)
    throw new Error(`seed ${seed}: two readers, ${rows.read} and ${whole.read} sentences`)
  if (whole.read !== whole.other + whole.parts + sum(whole))
    throw new Error(`seed ${seed}: the books do not balance`)
  return { sentences: whole.read, messages, rejected: sum(whole), wrongLines }
}

const books = (): SourceCounts => createSourceCounts()
const sum = (counts: SourceCounts): number => Object.values(counts.rejected).reduce((a, b) => a + b, 0)
const context = (counts: SourceCounts) => ({
  words: createWords(),
  name: 'fuzz',
  counts,
  timeStart: Date.UTC(2024, 0, 1),
})

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const sentences = Number(process.argv[2] ?? 10_000_000)
  const seed = Number(process.argv[3] ?? Date.now() % 1e9)
  console.log(`fuzz: ${sentences} sentences, seed ${seed}`)
  let first = 0
  const result = fuzz(sentences, seed, read => {
    const { heapUsed, external, rss } = process.memoryUsage()
    const mb = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`
    first ||= rss
    console.log(`${read} read, heap ${mb(heapUsed)}, external ${mb(external)}, rss ${mb(rss)}`)
    if (rss > first + 300 * 2 ** 20) throw new Error(`seed ${seed}: memory grows`)
  })
  console.log(result)
}
