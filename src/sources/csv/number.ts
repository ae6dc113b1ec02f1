// Decimal numbers straight from bytes, equal to Number(text) bit for bit: an integer below 2^53 divided by a power of
// ten up to 10^22 is correctly rounded, because both are exact (Clinger 1990); anything longer takes Number() itself.

const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`))
const EXACT_BELOW = 2 ** 53
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/**
 * The number written in bytes[start, end), surrounding blanks allowed; NaN for anything else (empty, words, `0x10`,
 * inner blanks, infinities).
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  let p = start
  if (p >= end) return NaN
  const sign = bytes[p]!
  if (sign === 45 || sign === 43) p++
  let mantissa = 0
  let digit: number
  const firstDigit = p
  while (p < end && (digit = bytes[p]! - 48) >= 0 && digit <= 9) {
    mantissa = mantissa * 10 + digit
    p++
  }
  let digits = p - firstDigit
  let decimals = 0
  if (p < end && bytes[p] === 46) {
    const firstDecimal = ++p
    while (p < end && (digit = bytes[p]! - 48) >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit
      p++
    }
    decimals = p - firstDecimal
    digits += decimals
  }
  if (p < end || digits === 0 || decimals > 22 || mantissa >= EXACT_BELOW)
    return parseOddNumber(bytes, start, end)
  if (decimals > 0) mantissa /= POWERS_OF_TEN[decimals]!
  return sign === 45 ? -mantissa : mantissa
}

/** Exponents, blanks around, and more digits than a double holds. */
function parseOddNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 400) return NaN
  const text = latin1(bytes, start, end).trim()
  const value = DECIMAL.test(text) ? Number(text) : NaN
  return value - value === 0 ? value : NaN
}

/** Bytes as text, one character a byte: for short cold cells. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let p = start; p < end; p++) text += String.fromCharCode(bytes[p]!)
  return text
}

/** True for a cell that says "not available": blank, `NA`, `N/A`, `NaN`, `null`, `none`, `unknown`, `undefined`, `-`. */
export function isBlankCell(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return true
  if (end - start > 64) return false
  return isBlankText(latin1(bytes, start, end))
}

const BLANK = new Set([
  '',
  'na',
  'n/a',
  'nan',
  'null',
  'none',
  'nil',
  'unknown',
  'undefined',
  'unknown value',
  '-',
  '\\n',
])

export const isBlankText = (text: string): boolean => BLANK.has(text.trim().toLowerCase())
