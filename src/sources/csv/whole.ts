// Whether a table can be cut at the ends of its lines: whether each line is a row by itself, as reader.ts reads it.

const NEWLINE = 10
const QUOTE = 34

/**
 * @param lines whole lines, but that the last may lack its end
 * @param delimiter byte between cells
 */
export function areRows(lines: Uint8Array, delimiter: number): boolean {
  let start = 0
  for (;;) {
    const quote = lines.indexOf(QUOTE, start)
    if (quote < 0) return true
    start = quote === 0 ? 0 : lines.lastIndexOf(NEWLINE, quote - 1) + 1
    const newline = lines.indexOf(NEWLINE, quote)
    const end = newline < 0 ? lines.length : newline
    if (!isRow(lines, start, end, delimiter)) return false
    start = end + 1
  }
}

/** No cell of it that begins with a quote goes on in the next line. */
function isRow(bytes: Uint8Array, start: number, end: number, delimiter: number): boolean {
  for (let p = start; p < end; p++) {
    if (bytes[p] === QUOTE) {
      for (p++; bytes[p] !== QUOTE || bytes[p + 1] === QUOTE; p += bytes[p] === QUOTE ? 2 : 1)
        if (p >= end) return false
      if (p >= end) return false
      p++
      // but for a carriage return the reader gives such a line up
      if (p < end && bytes[p] !== delimiter) return true
    } else {
      while (p < end && bytes[p] !== delimiter) p++
    }
  }
  return true
}
