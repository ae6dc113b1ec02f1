// Reports as bytes, for who hands them from one process to another: columns as they lie in memory, one value where all rows have the
// same, after the words that they use. Read again they are the same reports, to the bit.
//
//   rows u32 │ length of the words u32 │ words, as lines of text │ for each column: 0, a value, or 1, as many values as rows

import { COLUMN_NAMES, COLUMNS, createBatch, type ReportBatch } from '../model/batch.js'
import type { StaticData } from '../model/report.js'
import { staticKey, type Interner, type Words } from '../model/words.js'

/** Rows of a block, at most: with the longest names that AIS has it is shorter than half a megabyte. */
export const BLOCK_ROWS = 1000

const WORD_COLUMNS = ['receiver', 'source', 'statics'] as const
type WordColumn = (typeof WORD_COLUMNS)[number]
const isWord = (name: string): name is WordColumn => (WORD_COLUMNS as readonly string[]).includes(name)
const internerOf = (words: Words, name: WordColumn): Interner<unknown> =>
  ({ receiver: words.receivers, source: words.sources, statics: words.statics })[name]

const HEAD_BYTES = 8
const ROW_BYTES = COLUMN_NAMES.reduce((sum, name) => sum + COLUMNS[name].BYTES_PER_ELEMENT, 0)
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * Makes blocks of rows, all of a batch or these, whose ids point into `words`.
 * @param most rows of a block
 */
export function createRowPacker(
  words: Words,
  most = BLOCK_ROWS,
): (batch: ReportBatch, rows?: ArrayLike<number>) => Uint8Array[] {
  /** Static data as text, by id: most ships send the same for months. */
  let texts: string[] = []
  let epoch = words.statics.epoch

  /** Columns of the batch that was seen last, and of the rows of a block, as whole numbers. */
  let seen: ReportBatch | undefined
  let raws: Wholes[] = []
  const columns = COLUMN_NAMES.map(name => new COLUMNS[name](most))
  const outs = columns.map(wholes)
  const [receiver, source, statics] = WORD_COLUMNS.map(name => columns[COLUMN_NAMES.indexOf(name)]!)
  const numbered = { receiver: receiver!, source: source!, statics: statics! }

  function textOf(name: WordColumn, id: number): string {
    if (name !== 'statics') return JSON.stringify(internerOf(words, name).get(id))
    if (epoch !== words.statics.epoch) texts = []
    epoch = words.statics.epoch
    return (texts[id] ??= JSON.stringify(words.statics.get(id)))
  }

  function block(batch: ReportBatch, rows: Uint32Array): Uint8Array {
    const n = rows.length
    const lists = WORD_COLUMNS.map(name => {
      const local = new Map<number, number>([[0, 0]])
      const column = batch[name]
      const out = numbered[name]
      for (let k = 0, last = 0, known: number | undefined = 0; k < n; k++) {
        const id = column[rows[k]!]!
        // rows of a vessel come together, and those of a station
        if (id !== last) {
          known = local.get((last = id))
          if (known === undefined) local.set(id, (known = local.size))
        }
        out[k] = known!
      }
      return [...local.keys()].slice(1).map(id => textOf(name, id))
    })
    const counts = JSON.stringify(lists.map(({ length }) => length))
    const text = encoder.encode([counts, ...lists.flat()].join('\n'))
    const bytes = new Uint8Array(HEAD_BYTES + text.length + COLUMN_NAMES.length + n * ROW_BYTES)
    new Uint32Array(bytes.buffer, 0, 2).set([n, text.length])
    bytes.set(text, HEAD_BYTES)
    let at = HEAD_BYTES + text.length
    COLUMN_NAMES.forEach((name, c) => {
      const out = outs[c]!
      const { BYTES_PER_ELEMENT: size } = COLUMNS[name]
      // words are numbered anew, in a column as wide as the one they came from
      const isOne = isWord(name) ? areSame(out, n) : pick(raws[c]!, rows, size === 8, out)
      bytes[at++] = isOne ? 0 : 1
      const length = (isOne ? 1 : n) * size
      bytes.set(new Uint8Array(out.buffer, 0, length), at)
      at += length
    })
    return bytes.slice(0, at)
  }

  return (batch, some) => {
    if (batch !== seen) raws = COLUMN_NAMES.map(name => wholes(batch[name]))
    seen = batch
    const rows = some ? Uint32Array.from(some) : Uint32Array.from({ length: batch.length }, (_, i) => i)
    const blocks: Uint8Array[] = []
    for (let from = 0; from < rows.length; from += most)
      blocks.push(block(batch, rows.subarray(from, from + most)))
    return blocks
  }
}

type Column = InstanceType<(typeof COLUMNS)[keyof typeof COLUMNS]>
type Wholes = Uint8Array | Uint16Array | Uint32Array

/** The bytes of a column as whole numbers, two for each double: code that meets three kinds of arrays is faster than for five. */
function wholes({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size }: Column): Wholes {
  if (size === 1) return new Uint8Array(buffer, byteOffset, byteLength)
  if (size === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2)
  return new Uint32Array(buffer, byteOffset, byteLength / 4)
}

/** Copies rows of a column. @returns true when all have the same bytes */
function pick(from: Wholes, rows: Uint32Array, areDoubles: boolean, to: Wholes): boolean {
  let differ = 0
  if (areDoubles)
    for (let k = 0; k < rows.length; k++) {
      const low = (to[2 * k] = from[2 * rows[k]!]!)
      const high = (to[2 * k + 1] = from[2 * rows[k]! + 1]!)
      differ |= (low ^ to[0]!) | (high ^ to[1]!)
    }
  else
    for (let k = 0; k < rows.length; k++) {
      const value = (to[k] = from[rows[k]!]!)
      differ |= value ^ to[0]!
    }
  return differ === 0
}

function areSame(values: Wholes, n: number): boolean {
  for (let k = 1; k < n; k++) if (values[k] !== values[0]) return false
  return true
}

/** How many rows a block has. @throws RangeError for what is none */
export function rowsIn(block: Uint8Array): number {
  if (block.length < HEAD_BYTES) throw new RangeError(`no block of reports: ${block.length} bytes`)
  const n = new DataView(block.buffer, block.byteOffset).getUint32(0, true)
  if (n > BLOCK_ROWS) throw new RangeError(`no block of reports: ${n} rows`)
  return n
}

/** Reads blocks into batches with these words. */
export function createRowReader(words: Words): (blocks: readonly Uint8Array[]) => ReportBatch {
  /** Ids of static data by their text. */
  let known = new Map<string, number>()
  let epoch = words.statics.epoch

  function idOf(name: WordColumn, text: string): number {
    if (name !== 'statics') {
      const word = JSON.parse(text) as string
      return internerOf(words, name).id(word, () => word)
    }
    if (epoch !== words.statics.epoch) known = new Map()
    epoch = words.statics.epoch
    let id = known.get(text)
    if (id === undefined) {
      const data = JSON.parse(text) as StaticData
      known.set(text, (id = words.statics.id(staticKey(data), () => data)))
    }
    return id
  }

  function append(batch: ReportBatch, block: Uint8Array): void {
    const n = rowsIn(block)
    const length = new DataView(block.buffer, block.byteOffset).getUint32(4, true)
    let at = HEAD_BYTES + length
    const [counts = '', ...lines] = decoder.decode(block.subarray(HEAD_BYTES, at)).split('\n')
    const sizes = JSON.parse(counts) as number[]
    for (const name of COLUMN_NAMES) {
      const { BYTES_PER_ELEMENT: size } = COLUMNS[name]
      const isWhole = block[at++] === 1
      const values = new COLUMNS[name](isWhole ? n : 1)
      const end = at + values.length * size
      if (end > block.length) throw new RangeError(`no block of reports: it ends in ${name}`)
      new Uint8Array(values.buffer).set(block.subarray(at, end))
      at = end
      if (isWord(name)) {
        const ids = [0, ...lines.splice(0, sizes[WORD_COLUMNS.indexOf(name)]).map(line => idOf(name, line))]
        for (let k = 0; k < values.length; k++) values[k] = ids[values[k]!] ?? 0
      }
      if (isWhole) batch[name].set(values, batch.length)
      else batch[name].fill(values[0]!, batch.length, batch.length + n)
    }
    batch.length += n
  }

  return blocks => {
    const batch = createBatch(
      words,
      blocks.reduce((sum, block) => sum + rowsIn(block), 1),
    )
    batch.validated = true
    for (const block of blocks) append(batch, block)
    return batch
  }
}
