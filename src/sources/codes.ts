// Words for codes: how archives write navigational status, ship type, kind of station and way of collection, and the
// ITU-R M.1371-5 codes (tables 45 and 53) that they stand for.

import {
  BIT_ACCURACY,
  BIT_ACCURACY_KNOWN,
  BIT_RAIM,
  BIT_RAIM_KNOWN,
  BIT_REPEAT_SHIFT,
  NO_NAV_STATUS,
} from '../model/batch.js'
import { COLLECTIONS, TX_CLASSES, type Collection, type TxClass } from '../model/report.js'

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\(.*?\)|\[.*?\]/g, ' ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

/** A whole number from `min` to `max` written as text (`7`, `7.0`), else undefined. */
function code(text: string, min: number, max: number): number | undefined {
  if (!/^\s*\d{1,6}(\.0*)?\s*$/.test(text)) return undefined
  const value = Number(text)
  return value >= min && value <= max ? value : undefined
}

const NAV_STATUS: Record<string, number> = {
  'under way using engine': 0,
  'underway using engine': 0,
  'under way': 0,
  'at anchor': 1,
  'not under command': 2,
  'restricted maneuverability': 3,
  'restricted manoeuvrability': 3,
  'restricted manoeuverability': 3,
  'constrained by her draught': 4,
  'constrained by her draft': 4,
  moored: 5,
  aground: 6,
  'engaged in fishing': 7,
  'under way sailing': 8,
  'underway sailing': 8,
  'power driven vessel towing astern': 11,
  'power driven vessel pushing ahead or towing alongside': 12,
  'ais sart': 14,
}

/** 0…15 from a number or its words; 15 (undefined) for anything else. */
export function navStatusCode(text: string): number {
  const number = code(text, 0, 15)
  if (number !== undefined) return number
  const words = plain(text)
  if (words.startsWith('reserved for future'))
    return /hsc/i.test(text) ? 9 : /wig/i.test(text) ? 10 : NO_NAV_STATUS
  return lookup(NAV_STATUS, words) ?? NO_NAV_STATUS
}

const TX_CLASS: Record<string, TxClass> = {
  a: 'A',
  'class a': 'A',
  b: 'B',
  'class b': 'B',
  base: 'base',
  'base station': 'base',
  aton: 'aton',
  'aid to navigation': 'aton',
  sar: 'sar',
  'sar airborne': 'sar',
  'sar aircraft': 'sar',
  sart: 'sart',
  'search and rescue transponder': 'sart',
  'man overboard device': 'sart',
  'epirb ais': 'sart',
}

/** Index in TX_CLASSES; 0 unknown. */
export const txClassCode = (text: string): number =>
  TX_CLASSES.indexOf(lookup(TX_CLASS, plain(text)) ?? 'unknown')

const COLLECTION: Record<string, Collection> = {
  terrestrial: 'terrestrial',
  ter: 'terrestrial',
  't ais': 'terrestrial',
  g: 'terrestrial',
  satellite: 'satellite',
  sat: 'satellite',
  's ais': 'satellite',
  s: 'satellite',
  dynamic: 'dynamic',
  dyn: 'dynamic',
}

/** Index in COLLECTIONS; 0 unknown. */
export const collectionCode = (text: string): number =>
  COLLECTIONS.indexOf(lookup(COLLECTION, plain(text)) ?? 'unknown')

const lookup = <T>(table: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

/** Kind of transmitter by M.1371 message id, as an index in TX_CLASSES; 0 where the id does not tell. */
export function txClassOfMessage(msgType: number): number {
  if (msgType >= 1 && msgType <= 3) return TX_CLASSES.indexOf('A')
  if (msgType === 5) return TX_CLASSES.indexOf('A')
  if (msgType === 18 || msgType === 19 || msgType === 24) return TX_CLASSES.indexOf('B')
  if (msgType === 4) return TX_CLASSES.indexOf('base')
  if (msgType === 9) return TX_CLASSES.indexOf('sar')
  if (msgType === 21 || msgType === 28) return TX_CLASSES.indexOf('aton')
  return 0
}

const SHIP_TYPE: Record<string, number> = {
  wig: 20,
  fishing: 30,
  towing: 31,
  'towing long wide': 32,
  dredging: 33,
  diving: 34,
  military: 35,
  sailing: 36,
  pleasure: 37,
  'pleasure craft': 37,
  hsc: 40,
  pilot: 50,
  'pilot vessel': 50,
  sar: 51,
  'search and rescue vessel': 51,
  tug: 52,
  'port tender': 53,
  'anti pollution': 54,
  'law enforcement': 55,
  'law enforcement vessel': 55,
  'medical transport': 58,
  medical: 58,
  'not party to conflict': 59,
  'ships not party to armed conflict': 59,
  passenger: 60,
  cargo: 70,
  tanker: 80,
  other: 90,
}

/** US Coast Guard AVIS codes of MarineCadastre's older years, by NOAA's 2018 vessel type table. */
function avisShipType(avis: number): number | undefined {
  if (avis <= 1002) return 30 // fishing
  if (avis === 1003 || avis === 1004 || avis === 1016) return 70 // cargo
  if (avis >= 1012 && avis <= 1015) return 60 // passenger
  if (avis === 1017 || avis === 1024) return 80 // tanker
  if (avis === 1019) return 37 // pleasure
  if (avis === 1021) return 35 // military
  if (avis === 1023 || avis === 1025) return 52 // tug, tow
  return 90
}

/** M.1371 ship type 1…99 from a code or its words; undefined when not available. */
export function shipTypeCode(text: string): number | undefined {
  const number = code(text, 0, 99_999)
  if (number === undefined) return lookup(SHIP_TYPE, plain(text))
  if (number >= 1001 && number <= 1025) return avisShipType(number)
  return number >= 1 && number <= 99 ? number : undefined
}

/** 19 bits. */
export const MAX_COMM_STATE = 2 ** 19 - 1

/** The `bits` of a batch from 0 or 1, 0 or 1, and 0 to 3; anything else is not known. */
export function integrityBits(accuracy: number, raim: number, repeat: number): number {
  let bits = repeat >= 0 && repeat <= 3 ? Math.floor(repeat) << BIT_REPEAT_SHIFT : 0
  if (accuracy === 0 || accuracy === 1) bits |= BIT_ACCURACY_KNOWN | (accuracy * BIT_ACCURACY)
  if (raim === 0 || raim === 1) bits |= BIT_RAIM_KNOWN | (raim * BIT_RAIM)
  return bits
}
