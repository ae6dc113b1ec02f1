// The fields of a line of text, between semicolons, read one after the other without making strings of those that are numbers.

const SEMICOLON = 59
const MINUS = 45
const POINT = 46
const ZERO = 48

/** Numbers of up to so many digits, and ten to the power of as many, are doubles without rounding: so their quotient is rounded once. */
const EXACT_DIGITS = 15
const TENS = Array.from({ length: EXACT_DIGITS + 1 }, (_, k) => 10 ** k)

export interface Fields {
  /** From a line's second field on. */
  begin(line: string): void
  /** The next field; '' where there is none. */
  word(): string
  /** The next one as the number that Number() makes of it; NaN where there is nothing. */
  number(): number
}

export function createFields(): Fields {
  let text = ''
  let at = 0

  function word(): string {
    const from = at
    const end = text.indexOf(';', from)
    at = (end < 0 ? text.length : end) + 1
    return text.slice(from, at - 1)
  }

  /** Where plain digits and at most one point end, the number so far; else all over again by the language's own rules. */
  function number(): number {
    const from = at
    let k = from
    const isNegative = k < text.length && text.charCodeAt(k) === MINUS
    if (isNegative) k++
    let value = 0
    let digits = 0
    let point = -1
    for (; k < text.length; k++) {
      const code = text.charCodeAt(k)
      const digit = code - ZERO
      if (digit >= 0 && digit <= 9) {
        value = 10 * value + digit
        digits++
      } else if (code === POINT && point < 0) point = digits
      else break
    }
    const isOver = k >= text.length || text.charCodeAt(k) === SEMICOLON
    if (!isOver || digits === 0 || digits > EXACT_DIGITS) {
      const rest = word()
      return rest === '' ? NaN : Number(rest)
    }
    at = k + 1
    if (point >= 0) value /= TENS[digits - point]!
    return isNegative ? -value : value
  }

  return {
    begin(line) {
      text = line
      at = 0
      word()
    },
    word,
    number,
  }
}
