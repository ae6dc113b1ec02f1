// Cuts JSON text into records: one object a line, objects one after the other in any layout, an array of objects, or an
// object that wraps such an array (GeoJSON's `features`, `msgs` of an HTTP post, `nodes` of GraphQL). A line that is broken
// costs itself only; memory is bounded by one record.

import { ROW_ARRAYS } from '../layouts.js'
import { MAX_LINE_BYTES, type Reader } from '../reader.js'

const NEWLINE = 10
const QUOTE = 34
const COMMENT = 35
const COLON = 58
const BACKSLASH = 92
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
/** Deeper than this no wrapper puts its rows. */
const MAX_WRAPPER_DEPTH = 16

/** One record is bytes[start, end). `wrapper` is what stood around it, without its rows. */
export type TakeRecord = (
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number,
  wrapper: Record<string, unknown> | undefined,
) => void

const decoder = new TextDecoder()
const WRAPPER = new RegExp(`"(${ROW_ARRAYS.join('|')})"\\s*:\\s*\\[\\s*[{\\]]`)
const ROW_KEYS: ReadonlySet<string> = new Set(ROW_ARRAYS)

export function createSplitter(take: TakeRecord, tooLong: TakeRecord): Reader {
  const record = new Uint8Array(MAX_LINE_BYTES)
  let length = 0
  let overflow = false
  let mode: 'start' | 'lines' | 'values' = 'start'
  let line = 1
  let firstLine = 1
  // the first line is kept until it is clear what the file is
  let firstIsOpen = false

  // values: inside a record
  let depth = 0
  let inString = false
  let escaped = false
  let keyStart = -1
  let keyEnd = -1
  let mayWrap = false
  const opened = new Uint8Array(MAX_WRAPPER_DEPTH)
  // values: inside the rows of a wrapper, or in what stands behind them
  let wrapper: Record<string, unknown> | undefined
  let rowsDepth = 0
  let tailDepth = 0
  let wrapperDepth = 0

  function give(bytes: Uint8Array, start: number, end: number): void {
    if (overflow || end - start > MAX_LINE_BYTES) {
      if (bytes[start] !== COMMENT) tooLong(bytes, start, end, firstLine, wrapper)
    } else if (!isBlankRecord(bytes, start, end)) take(bytes, start, end, firstLine, wrapper)
    overflow = false
  }

  function finish(): void {
    const end = length
    length = 0
    give(record, 0, end)
  }

  /** Lines from `p` on: straight from the input where they are whole. */
  function inLines(bytes: Uint8Array, p: number): void {
    while (p < bytes.length) {
      if (length === 0 && !overflow) firstLine = line
      const newline = bytes.indexOf(NEWLINE, p)
      const end = newline < 0 ? bytes.length : newline
      if (newline >= 0 && length === 0) give(bytes, p, end)
      else {
        const room = Math.min(end - p, MAX_LINE_BYTES - length)
        record.set(bytes.subarray(p, p + room), length)
        length += room
        if (room < end - p) overflow = true
        if (newline >= 0) finish()
      }
      if (newline >= 0) line++
      p = end + 1
    }
  }

  /** Reads the first record until it tells lines from values; returns where to go on. */
  function findMode(bytes: Uint8Array, p: number): number {
    if (length === 0) {
      // blanks and a byte order mark
      for (; p < bytes.length && (bytes[p]! <= 32 || bytes[p]! >= 128); p++) if (bytes[p] === NEWLINE) line++
      if (p === bytes.length) return p
      firstLine = line
      if (bytes[p] !== OPEN_BRACE) {
        mode = bytes[p] === OPEN_BRACKET ? 'values' : 'lines'
        return p
      }
    }
    if (!firstIsOpen) {
      const newline = bytes.indexOf(NEWLINE, p)
      const end = newline < 0 ? bytes.length : newline
      const room = Math.min(end - p, MAX_LINE_BYTES - length)
      record.set(bytes.subarray(p, p + room), length)
      length += room
      p += room
      if (p === bytes.length && length < MAX_LINE_BYTES) return p
      if (length < MAX_LINE_BYTES && !isOpen(record, length) && !isWrapper()) {
        mode = 'lines'
        line++
        finish()
        return p + 1
      }
      firstIsOpen = true
    }
    if (length < MAX_LINE_BYTES && isOpen(record, length)) {
      while (p < bytes.length && bytes[p]! <= 32 && length < MAX_LINE_BYTES) record[length++] = bytes[p++]!
      if (p === bytes.length && length < MAX_LINE_BYTES) return p
      // a line that another object follows was broken off; otherwise the object goes on
      if (bytes[p] === OPEN_BRACE && !isWrapper()) {
        mode = 'lines'
        for (let k = 0; k < length; k++) if (record[k] === NEWLINE) line++
        finish()
        return p
      }
    }
    beginValues()
    return p
  }

  const isWrapper = (): boolean => WRAPPER.test(decoder.decode(record.subarray(0, length)))

  function beginValues(): void {
    mode = 'values'
    const kept = record.slice(0, length)
    length = 0
    inValues(kept, 0)
  }

  /** Objects at the top, inside arrays at the top, and inside a wrapper's rows; what lies between them is skipped. */
  function inValues(bytes: Uint8Array, p: number): void {
    for (; p < bytes.length; p++) {
      const byte = bytes[p]!
      if (byte === NEWLINE) line++
      if (depth > 0) inRecord(byte)
      else if (tailDepth > 0) inTail(byte)
      else if (byte === OPEN_BRACE) {
        depth = 1
        opened[0] = CLOSE_BRACE
        firstLine = line
        keyStart = keyEnd = -1
        record[length++] = byte
      } else if (wrapper && byte === OPEN_BRACKET) rowsDepth++
      else if (wrapper && byte === CLOSE_BRACKET && --rowsDepth === 0) tailDepth = wrapperDepth
    }
  }

  function inRecord(byte: number): void {
    if (mayWrap && byte > 32) {
      mayWrap = false
      if ((byte === OPEN_BRACE || byte === CLOSE_BRACKET) && openWrapper()) {
        if (byte === CLOSE_BRACKET) {
          rowsDepth = 0
          tailDepth = wrapperDepth
        } else {
          depth = 1
          opened[0] = CLOSE_BRACE
          firstLine = line
          record[length++] = byte
        }
        return
      }
    }
    if (length < MAX_LINE_BYTES) record[length++] = byte
    else overflow = true
    if (inString) {
      if (escaped) escaped = false
      else if (byte === BACKSLASH) escaped = true
      else if (byte === QUOTE) {
        inString = false
        keyEnd = length - 1
      } else if (byte === NEWLINE) {
        // no JSON: whatever comes next is a new start
        depth = 0
        inString = false
        finish()
      }
    } else if (byte === QUOTE) {
      inString = true
      keyStart = length
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth < MAX_WRAPPER_DEPTH) opened[depth] = byte + 2 // its closing twin
      if (byte === OPEN_BRACKET && !wrapper && !overflow && depth < MAX_WRAPPER_DEPTH) mayWrap = isRowKey()
      depth++
    } else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) finish()
  }

  /** True when the bracket just read is the value of a key whose arrays hold rows. */
  function isRowKey(): boolean {
    if (keyEnd < keyStart || keyEnd - keyStart > 20) return false
    let p = keyEnd + 1
    let colons = 0
    for (; p < length - 1; p++) {
      if (record[p] === COLON) colons++
      else if (record[p]! > 32) return false
    }
    return colons === 1 && ROW_KEYS.has(decoder.decode(record.subarray(keyStart, keyEnd)))
  }

  /** Takes what was read so far as the wrapper of the rows that follow. */
  function openWrapper(): boolean {
    let text = decoder.decode(record.subarray(0, length))
    for (let k = depth - 1; k >= 0; k--) text += String.fromCharCode(opened[k]!)
    try {
      wrapper = JSON.parse(text) as Record<string, unknown>
    } catch {
      return false
    }
    wrapperDepth = depth - 1
    rowsDepth = 1
    depth = length = 0
    return true
  }

  /** Behind the rows: to the end of the wrapper. */
  function inTail(byte: number): void {
    if (inString) {
      if (escaped) escaped = false
      else if (byte === BACKSLASH) escaped = true
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) tailDepth++
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --tailDepth === 0) wrapper = undefined
  }

  return {
    push(bytes) {
      let p = 0
      if (mode === 'start') p = findMode(bytes, p)
      if (mode === 'lines') inLines(bytes, p)
      else if (mode === 'values') inValues(bytes, p)
    },
    end() {
      if (mode === 'start' && length > 0) beginValues()
      // an object that the end cut off is a record too: a malformed one
      if (length > 0) finish()
    },
  }
}

/** True when the objects and arrays that bytes[0, length) opens are not all closed. */
function isOpen(bytes: Uint8Array, length: number): boolean {
  let depth = 0
  let inString = false
  for (let p = 0; p < length; p++) {
    const byte = bytes[p]!
    if (inString) {
      if (byte === BACKSLASH) p++
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--
  }
  return depth > 0 || inString
}

function isBlankRecord(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === COMMENT) return true
  for (let p = start; p < end; p++) if (bytes[p]! > 32) return false
  return true
}
