// Reports that are handed from one process to another: what is read is what was written, to the bit.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { COLUMN_NAMES, type ReportBatch } from '../../src/model/batch.js'
import { createWords } from '../../src/model/words.js'
import { BLOCK_ROWS, createRowPacker, createRowReader } from '../../src/run/rows.js'
import { anyRow, anyTime, toBatch } from './rows.js'

/** Rows with the bytes of their numbers, and their words in place of ids. */
const shown = (batch: ReportBatch, rows = Array.from({ length: batch.length }, (_, i) => i)): unknown =>
  rows.map(row =>
    COLUMN_NAMES.map(name => {
      const { receivers, sources, statics } = batch.words
      const value = batch[name][row]!
      if (name === 'receiver') return receivers.get(value)
      if (name === 'source') return sources.get(value)
      if (name === 'statics') return statics.get(value)
      return [...new Uint8Array(batch[name].slice(row, row + 1).buffer)].join()
    }),
  )

describe('blocks of rows', () => {
  test('give the rows that were chosen, in their order, whatever words the reader has', () => {
    const lists = fc.array(fc.array(anyRow(anyTime), { maxLength: 12 }), { maxLength: 3 })
    fc.assert(
      fc.property(lists, fc.infiniteStream(fc.boolean()), (rows, coins) => {
        const words = createWords()
        const pack = createRowPacker(words)
        const theirs = createWords()
        theirs.receivers.id('c', () => 'c')
        const read = createRowReader(theirs)
        for (const some of rows) {
          const batch = toBatch(some, words)
          const chosen = some.map((_, i) => i).filter(() => coins.next().value === true)
          expect(shown(read(pack(batch, chosen)))).toEqual(shown(batch, chosen))
        }
      }),
    )
  })

  test('many rows take several, and words that were forgotten do not come back', () => {
    const words = createWords()
    const pack = createRowPacker(words)
    const read = createRowReader(createWords())
    const batch = toBatch(
      Array.from({ length: 2 * BLOCK_ROWS + 1 }, (_, k) => ({ t: k, mmsi: 1, shipName: `ship ${k % 3}` })),
      words,
    )
    expect(pack(batch)).toHaveLength(3)
    expect(shown(read(pack(batch)))).toEqual(shown(batch))
    words.statics.sweep(() => undefined)
    const other = toBatch([{ t: 0, mmsi: 1, shipName: 'another' }], words)
    expect(shown(read(pack(other)))).toEqual(shown(other))
  })

  test('what is none is an error', () => {
    const words = createWords()
    const [block] = createRowPacker(words)(toBatch([{ t: 0, mmsi: 1 }], words))
    const read = createRowReader(words)
    expect(() => read([new Uint8Array(3)])).toThrow('no block of reports: 3 bytes')
    expect(() => read([block!.subarray(0, -1)])).toThrow('no block of reports: it ends in statics')
  })
})
