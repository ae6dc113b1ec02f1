// Static data from text: the cells of a CSV row or the values of a JSON object, cleaned of the many ways to say
// "not available" (M.1371-5 table 52: IMO 0, dimensions 0, draught 0, ship type 0, `@` padding).

import type { StaticData } from '../model/report.js'
import { staticKey, type Words } from '../model/words.js'
import { shipTypeCode } from './codes.js'
import { isBlankText } from './csv/number.js'
import { STATIC_FIELDS, type Field } from './fields.js'

export type StaticField = (typeof STATIC_FIELDS)[number]

/** Longest text kept: AIS names have 20 characters, CSV cells may hold anything. */
const MAX_TEXT = 120
/** M.1371: 9 + 9 bits of distance before and behind the antenna; draught in 8 bits of 0.1 m. */
const MAX_LENGTH_M = 1022
const MAX_WIDTH_M = 126
const MAX_TO_END_M = 511
const MAX_TO_SIDE_M = 63
const MAX_DRAUGHT_M = 25.5

const text = (value: string): string | undefined => {
  const at = value.indexOf('@')
  const clean = (at >= 0 ? value.slice(0, at) : value).trim()
  return isBlankText(clean) ? undefined : clean.slice(0, MAX_TEXT)
}

const metres = (value: string, max: number): number | undefined => {
  if (!/^\s*\d{1,6}([.,]\d*)?\s*$/.test(value)) return undefined
  const number = Number(value.replace(',', '.'))
  return number > 0 && number <= max ? number : undefined
}

const imo = (value: string): number | undefined => {
  const digits = /^\s*(?:imo)?\s*(\d{1,9})(?:\.0*)?\s*$/i.exec(value)
  return digits ? Number(digits[1]) || undefined : undefined
}

/** Read like the rest, but only their sums are kept. */
const DISTANCES = ['toBow', 'toStern', 'toPort', 'toStarboard'] as const

const read: Record<StaticField, (value: string) => number | string | undefined> = {
  imo,
  name: text,
  callsign: text,
  shipType: shipTypeCode,
  length: value => metres(value, MAX_LENGTH_M),
  width: value => metres(value, MAX_WIDTH_M),
  toBow: value => metres(value, MAX_TO_END_M),
  toStern: value => metres(value, MAX_TO_END_M),
  toPort: value => metres(value, MAX_TO_SIDE_M),
  toStarboard: value => metres(value, MAX_TO_SIDE_M),
  draught: value => metres(value, MAX_DRAUGHT_M),
  destination: text,
  eta: text,
}

export const isStaticField = (field: Field): field is StaticField =>
  (STATIC_FIELDS as readonly Field[]).includes(field)

/** Id in words.statics of the data in these texts; 0 when none of them is available. */
export function staticId(words: Words, fields: readonly StaticField[], texts: readonly string[]): number {
  const data: Record<string, number | string> = {}
  for (let k = 0; k < fields.length; k++) {
    const value = read[fields[k]!](texts[k]!)
    if (value !== undefined) data[fields[k]!] = value
  }
  const [bow = 0, stern = 0, port = 0, starboard = 0] = DISTANCES.map(side => Number(data[side] ?? 0))
  if (bow + stern > 0) data['length'] ??= bow + stern
  if (port + starboard > 0) data['width'] ??= port + starboard
  for (const side of DISTANCES) delete data[side]
  if (Object.keys(data).length === 0) return 0
  const statics = data as StaticData
  return words.statics.id(staticKey(statics), () => statics)
}
