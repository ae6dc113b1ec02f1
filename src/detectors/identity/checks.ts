// What can be told of a name or a number by looking at it: whether an IMO number has the right check digit, whether an
// MMSI can be a ship's at all, whether two texts are the same word with a bit or two wrong. detection.md section 9.

import { flagOf, mmsiKind } from '../../ais/mmsi.js'

/** Numbers that pass the check and are nobody's: what installers leave in a set. */
const PLACEHOLDER_IMO = new Set([1234567, 9876543])
/** The same for an MMSI: MID that exists or not, no administration gave these out. */
const PLACEHOLDER_MMSI = new Set([
  ...[123456789, 987654321, 111111111, 222222222, 333333333, 444444444, 555555555, 666666666, 777777777],
  ...[888888888, 999999999, 200000000, 300000000, 400000000, 500000000, 600000000, 700000000],
])

/** An IMO number with a right check digit (resolution A.1117(30)) that is no placeholder. */
export function isImo(imo: number): boolean {
  if (!Number.isInteger(imo) || imo < 1_000_000 || imo > 9_999_999 || PLACEHOLDER_IMO.has(imo)) return false
  let sum = 0
  let rest = Math.floor(imo / 10)
  for (let factor = 2; factor <= 7; factor++) {
    sum += (rest % 10) * factor
    rest = Math.floor(rest / 10)
  }
  return sum % 10 === imo % 10
}

/** Eight digits in the same field: the European number (ENI) of an inland vessel, which has no IMO number. */
export const isEni = (imo: number): boolean => imo >= 10_000_000 && imo <= 99_999_999

/** Why no ship can have this MMSI; null when one can. Anonymised numbers below 2 million are taken as they are. */
export function mmsiFault(mmsi: number): 'placeholder' | 'kind' | 'country' | null {
  if (PLACEHOLDER_MMSI.has(mmsi)) return 'placeholder'
  if (mmsi < 2_000_000) return null
  const kind = mmsiKind(mmsi)
  if (kind === 'unknown' || kind === 'group') return 'kind'
  // what others send is not told of here: shore, buoys, beacons, handhelds and boats of a mother ship
  return kind === 'ship' && flagOf(mmsi) === null ? 'country' : null
}

/** Texts as people read them: no case, no spaces, no points. */
export const plain = (text: string): string => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '')

/** At most this many letters differ in what is one word, garbled (detection.md 9). */
const NOISE_LETTERS = 2

/**
 * The same word, perhaps with a letter or two wrong. Of a short one, a call sign, one: two would be half of it.
 * Texts of different lengths are different, but for one that is the other cut off: a name ends where its bits did.
 */
export function isSameText(a: string, b: string): boolean {
  const [x, y] = [plain(a), plain(b)]
  if (x === y) return true
  if (x.length !== y.length) {
    const [short, long] = x.length < y.length ? [x, y] : [y, x]
    return short.length >= long.length / 2 && long.startsWith(short)
  }
  let wrong = 0
  for (let k = 0; k < x.length; k++) if (x[k] !== y[k]) wrong++
  return wrong <= (x.length < 8 ? 1 : NOISE_LETTERS)
}
