// Long archives in periods: an operator (run/operators) ends a period without ending the data, and that of the next period goes on
// where it stood. Its state travels as lines among its others, so that whatever carries those carries it too, in any order.
//
//   state, tab, part; step; version; rules; sum; piece/pieces; bytes of the compressed state, base64
//   part, tab, a word: which part of the fleet the lines around it are; a state belongs to one part

import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { pack, unpack } from '../engine/snapshot.js'
import { InputError, UsageError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { SLOT_MS } from '../reception/slots.js'

const STATE = 'state\t'
const PART = 'part\t'
const FIELD = ';'
/** Bytes of a piece: 100 kB of text, as clusters hold hundreds of lines in memory. */
const PIECE_BYTES = 75_000

export const isStateLine = (line: string): boolean => line.startsWith(STATE)

export interface PeriodOptions {
  /** Event time at which the period ends, epoch ms, the data going on: a whole ten minutes. Absent: the data end. */
  until?: number | undefined
  /** What must be the same in all periods, in a word each: the program's version, and what detection goes by. */
  version?: string
  rules?: string
}

/** The least that a state says. */
export interface PeriodState {
  /** Where its period ended, epoch ms. */
  until: number
}

export interface Period {
  readonly until: number | undefined
  /** Takes a line of a state, or one that says which part this is. @returns false for any other */
  take(line: string): boolean
  /** Text without such lines, which it takes. */
  without(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined>
  /**
   * The state in which that step ended the period before, once all lines were taken; undefined: this is the first.
   * @throws InputError where lines are missing, doubled, or of another version, other rules or another part
   */
  before<State extends PeriodState>(step: string): State | undefined
  /** Lines of the state in which the step ends this one. */
  linesOf<State extends PeriodState>(step: string, state: State): Generator<string, void, undefined>
}

/** @throws UsageError for an end that is not between two slots */
export function createPeriod({ until, version = '', rules = '' }: PeriodOptions = {}): Period {
  if (until !== undefined && !(until % SLOT_MS === 0))
    throw new UsageError(`until: expected a whole ten minutes, as 2024-02-01T00:00Z, got ${timeText(until)}`)
  const states: string[] = []
  let part: string | undefined

  function take(line: string): boolean {
    if (line.startsWith(STATE)) states.push(line.slice(STATE.length))
    else if (line.startsWith(PART)) {
      const word = line.slice(PART.length)
      if (word === '' || word.includes(FIELD)) throw wrong(`no name of a part: ${quoted(word)}`)
      if (part !== undefined && part !== word)
        throw wrong(`parts ${quoted(part)} and ${quoted(word)} came to one`)
      part = word
    } else return false
    return true
  }

  return {
    until,
    take,
    without: bytes => withoutLines(bytes, [STATE, PART], line => void take(line)),
    before<State extends PeriodState>(step: string): State | undefined {
      const pieces = states.map(pieceOf).filter(piece => piece.step === step)
      const [first] = pieces
      if (!first) return undefined
      const elder = pieces.find(piece => piece.version !== version)
      if (elder)
        throw wrong(`the state is one of darkwake ${safeText(elder.version, 40)}, this is ${version}`)
      if (pieces.some(piece => piece.rules !== rules))
        throw wrong('the state was made with other thresholds, zones or ports')
      const other = pieces.find(piece => piece.sum !== first.sum || piece.part !== first.part)
      if (other)
        throw wrong(
          other.part === first.part
            ? 'states of two periods came to one'
            : `states of parts ${quoted(first.part)} and ${quoted(other.part)} came to one`,
        )
      if (part !== undefined && part !== first.part)
        throw wrong(`the state is that of part ${quoted(first.part)}, this is part ${quoted(part)}`)
      part = first.part
      const state = unpack(gunzipSync(joined(pieces))) as State
      if (until !== undefined && !(until > state.until))
        throw wrong(`the state is one of ${timeText(state.until)}: the period must end later`)
      return state
    },
    *linesOf(step, state) {
      const bytes = gzipSync(pack(state), { level: 1 })
      const count = Math.ceil(bytes.length / PIECE_BYTES)
      const head = [part ?? '', step, version, rules, sumOf(bytes)]
      for (let k = 0; k < count; k++) {
        const piece = bytes.subarray(k * PIECE_BYTES, (k + 1) * PIECE_BYTES)
        yield STATE + [...head, `${k + 1}/${count}`, piece.toString('base64')].join(FIELD)
      }
    },
  }
}

const wrong = (text: string): InputError => new InputError('failed', `operator: ${text}`)
const quoted = (text: string): string => (text === '' ? 'without a name' : safeText(text, 40))
const timeText = (t: number): string => (Number.isFinite(t) ? new Date(t).toISOString() : String(t))
const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

interface Piece {
  part: string
  step: string
  version: string
  rules: string
  /** Of the whole state. */
  sum: string
  /** From 1 on. */
  piece: number
  pieces: number
  text: string
}

function pieceOf(line: string): Piece {
  const [part = '', step = '', version = '', rules = '', sum = '', place = '', text = '', ...more] =
    line.split(FIELD)
  const [, piece, pieces] = /^(\d+)\/(\d+)$/.exec(place) ?? []
  if (piece === undefined || text === '' || more.length > 0)
    throw wrong(`a broken line of a state: ${JSON.stringify(line.slice(0, 60))}`)
  return { part, step, version, rules, sum, piece: Number(piece), pieces: Number(pieces), text }
}

function joined(all: readonly Piece[]): Buffer {
  const { pieces, sum } = all[0]!
  const inOrder = [...all].sort((a, b) => a.piece - b.piece)
  for (let k = 0; k < Math.max(pieces, inOrder.length); k++) {
    const { piece = Infinity } = inOrder[k] ?? {}
    if (piece > k + 1) throw wrong(`piece ${k + 1} of ${pieces} of the state is missing`)
    if (piece < k + 1) throw wrong(`piece ${piece} of ${pieces} of the state came twice`)
  }
  const bytes = Buffer.concat(inOrder.map(({ text }) => Buffer.from(text, 'base64')))
  if (sumOf(bytes) !== sum) throw wrong('the state is broken: its sum is another')
  return bytes
}

/** Text without the lines that begin with one of these words; rows of any format pass as they come. */
async function* withoutLines(
  source: AsyncIterable<Uint8Array>,
  words: readonly string[],
  take: (line: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const NEWLINE = 10
  /** A line that is one of them, or may be, as far as it has come. */
  let held = Buffer.alloc(0)
  let isInLine = false

  const text = (line: Buffer): string => line.toString().replace(/\r?\n?$/, '')
  const isOurs = (bytes: Buffer): boolean =>
    words.some(word => bytes.length >= word.length && bytes.toString('latin1', 0, word.length) === word)
  const mayBeOurs = (bytes: Buffer): boolean =>
    isOurs(bytes) || (bytes.length < 8 && words.some(word => word.startsWith(bytes.toString('latin1'))))

  /** Where the next of them begins, from the beginning of a line on; −1: nowhere. */
  function next(bytes: Buffer, from: number): number {
    if (!isInLine && isOurs(bytes.subarray(from))) return from
    const places = words.map(word => bytes.indexOf(`\n${word}`, from)).filter(at => at >= 0)
    return places.length > 0 ? Math.min(...places) + 1 : -1
  }

  for await (const chunk of source) {
    const bytes =
      held.length > 0
        ? Buffer.concat([held, chunk])
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    held = Buffer.alloc(0)
    let at = 0
    for (let begin = next(bytes, at); begin >= 0; begin = next(bytes, at)) {
      if (begin > at) yield bytes.subarray(at, begin)
      isInLine = false
      const end = bytes.indexOf(NEWLINE, begin)
      at = begin
      if (end < 0) break
      take(text(bytes.subarray(begin, end)))
      at = end + 1
    }
    const last = Math.max(at, bytes.lastIndexOf(NEWLINE) + 1)
    const isNewLine = !isInLine || last > at || bytes[at - 1] === NEWLINE
    const tail = bytes.subarray(last)
    if (isNewLine && mayBeOurs(tail)) {
      if (last > at) yield bytes.subarray(at, last)
      held = Buffer.from(tail)
      isInLine = false
    } else if (bytes.length > at) {
      yield bytes.subarray(at)
      isInLine = tail.length > 0
    }
  }
  if (isOurs(held)) take(text(held))
  else if (held.length > 0) yield held
}
