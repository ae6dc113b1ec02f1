// A report as a line of text, for who hands reports from one process to another: a JSON array with a value for each column, words
// as they are, null for NaN. Read again it is the same report, to the bit.

import { COLUMN_NAMES, type ColumnName, type ReportBatch } from '../model/batch.js'
import type { StaticData } from '../model/report.js'
import { staticKey, type Words } from '../model/words.js'

const isWord = (name: ColumnName): boolean => name === 'receiver' || name === 'source' || name === 'statics'
const NUMBERS = COLUMN_NAMES.filter(name => !isWord(name))

/** Row `i`: its numbers in order of COLUMN_NAMES, then receiver, source and static data, left out where there are none. */
export function rowText(batch: ReportBatch, i: number): string {
  const { words } = batch
  const fields: unknown[] = NUMBERS.map(name => batch[name][i])
  fields.push(
    words.receivers.get(batch.receiver[i]!) ?? null,
    words.sources.get(batch.source[i]!) ?? null,
    words.statics.get(batch.statics[i]!) ?? null,
  )
  while (fields.at(-1) === null) fields.pop()
  return JSON.stringify(fields)
}

/**
 * Appends the row that a line gives to a batch, which must have room.
 * @throws RangeError for a line that gives none
 */
export function appendRowText(batch: ReportBatch, text: string): void {
  const i = batch.length
  const { words } = batch
  const fields = parsed(text)
  NUMBERS.forEach((name, k) => {
    const value = fields[k]
    batch[name][i] = value === null || value === undefined ? NaN : (value as number)
  })
  const [receiver, source, statics] = fields.slice(NUMBERS.length)
  batch.receiver[i] = typeof receiver === 'string' ? words.receivers.id(receiver, () => receiver) : 0
  batch.source[i] = typeof source === 'string' ? words.sources.id(source, () => source) : 0
  batch.statics[i] = staticsId(words, statics)
  batch.length++
}

function parsed(text: string): unknown[] {
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    fields = undefined
  }
  if (Array.isArray(fields) && fields.length >= NUMBERS.length - 1 && typeof fields[0] === 'number')
    return fields
  throw new RangeError(`no report: ${JSON.stringify(text.slice(0, 80))}`)
}

function staticsId(words: Words, data: unknown): number {
  if (typeof data !== 'object' || data === null) return 0
  return words.statics.id(staticKey(data as StaticData), () => data as StaticData)
}
