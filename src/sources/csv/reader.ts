// CSV by our own byte scanner: rows of bytes into columns of a batch, with no string and no object per row. Quotes by
// RFC 4180 take a slower path that copies the row; a row that nothing can end within MAX_LINE_BYTES costs one line.

import { MAX_TYPE } from '../../ais/plan.js'
import { TX_CLASSES, type RejectReason } from '../../model/report.js'
import { collectionCode, integrityBits, MAX_COMM_STATE, navStatusCode, txClassCode } from '../codes.js'
import { STATIC_FIELDS } from '../fields.js'
import { MAX_LINE_BYTES, type Reader, type ReaderContext } from '../reader.js'
import { createRows, isUsefulMessage } from '../rows.js'
import { staticId } from '../statics.js'
import { toOurs, turnOfByte, UNITS, unsignedCog } from '../units.js'
import { ByteTable, createCellCache, mixHash } from './cells.js'
import type { CsvLayout } from './layout.js'
import { isBlankCell, parseNumber } from './number.js'
import { clockMs, parseTime } from './time.js'

const NEWLINE = 10
const COMMA = 44
const DOT = 46
const SEMICOLON = 59
const RETURN = 13
const QUOTE = 34
const COMMENT = 35

/** Outcomes of scanRow beside the position after the row. */
const INCOMPLETE = -1
const BROKEN = -2

const CLASS_A = TX_CLASSES.indexOf('A')
const CLASS_B = TX_CLASSES.indexOf('B')
const TEXT_SLOTS = 1 << 12
/** Vessels whose static data are remembered as bytes. */
const STATIC_SLOTS = 1 << 17
/** New tails before the reader doubts that they repeat. */
const TAIL_TRIAL = 50_000
const GUESSES = 1 << 16
const MAX_STATION_CHARS = 120
/** A longer cell is no number. */
const MAX_NUMBER_BYTES = 400

/** The message that carries only static data. */
const STATIC_MESSAGE = 5

/** What the scanner does with a column on its way over the bytes. */
const SKIP = 0
const NUMBER = 1
const TIME = 2

/** Digits that an int32 always holds. */
const INT_DIGITS = 9
const POWERS_OF_TEN = Float64Array.from({ length: INT_DIGITS + 1 }, (_, i) => 10 ** i)

const NUMBER_FIELDS = ['mmsi', 'lat', 'lon', 'sog', 'cog', 'heading', 'rot', 'utcSecond'] as const
/** Rare columns, each read only where there is one. */
const BIT_FIELDS = ['accuracy', 'raim', 'repeat', 'commState'] as const

/**
 * Reads CSV pushed in pieces of any size, from its first byte on.
 * @param layout from readCsvLayout on the same file
 */
export function createCsvReader(context: ReaderContext, layout: CsvLayout): Reader {
  const { counts, words } = context
  const rows = createRows(context)
  const { delimiter, column } = layout
  const columnCount = layout.columns.length
  const { mmsi: MMSI, t: T, lat: LAT, lon: LON, sog: SOG, cog: COG, heading: HEADING, rot: ROT } = column
  const { navStatus: NAV, msgType: TYPE, txClass: CLASS, collection: COLLECTION, receiver: RECEIVER } = column
  const { receivedAt: RECEIVED, utcSecond: SECOND } = column
  const { accuracy: ACCURACY, raim: RAIM, repeat: REPEAT, commState: COMM } = column
  const hasBits = BIT_FIELDS.some(field => column[field] >= 0)
  const lastRequired = Math.max(MMSI, T, LAT, LON)
  const { isStatic = false, isMessage = false } = layout.layout ?? {}
  // numbers in another unit: what to divide by, column by column
  const per = new Float64Array(columnCount + 1).fill(1)
  for (const field of NUMBER_FIELDS) {
    const unit = layout.unit[field]
    if (unit !== undefined && UNITS[unit].per > 0) per[column[field]] = UNITS[unit].per
  }
  const isScaled = per.some(factor => factor !== 1)
  const isSignedCog = layout.unit.cog === 'deg or signed'
  const isTurnByte = layout.unit.rot === 'byte'
  // where cells end at semicolons, 55,5 is a number
  const point = delimiter === SEMICOLON ? COMMA : DOT

  const staticFields = STATIC_FIELDS.filter(field => column[field] >= 0)
  const staticColumns = staticFields.map(field => column[field])
  const hasStatics = staticFields.length > 0
  const statics = createCellCache(
    staticColumns,
    texts => readStatics(texts),
    STATIC_SLOTS,
    () => words.statics.epoch,
  )
  /** 0 and 1 as numbers; a word in their place is not known. */
  function takeBits(i: number): void {
    const of = (at: number) => (at < 0 ? NaN : values[at]!)
    const { batch } = rows
    batch.bits[i] = integrityBits(of(ACCURACY), of(RAIM), of(REPEAT))
    const state = of(COMM)
    batch.commState[i] = state >= 0 && state <= MAX_COMM_STATE ? state : 0
  }
  const readStatics = (texts: string[]): number =>
    staticId(
      words,
      staticFields,
      texts.map((text, k) => {
        const unit = layout.unit[staticFields[k]!]
        return unit === undefined ? text : String(toOurs(text, unit) ?? '')
      }),
    )
  const nav = createCellCache([NAV], ([text]) => navStatusCode(text!), TEXT_SLOTS)
  const txClass = createCellCache([CLASS], ([text]) => txClassCode(text!), TEXT_SLOTS)
  const collection = createCellCache([COLLECTION], ([text]) => collectionCode(text!), TEXT_SLOTS)
  const receiver = createCellCache([RECEIVER], ([text]) => receiverId(text!), TEXT_SLOTS)
  const receiverId = (text: string): number => {
    const station = text.trim().slice(0, MAX_STATION_CHARS)
    return station === '' ? 0 : words.receivers.id(station, () => station)
  }

  // cells of the current row; the one beyond the header shows a row that is too wide
  const kinds = new Uint8Array(columnCount + 1)
  for (const field of [...NUMBER_FIELDS, ...BIT_FIELDS]) if (column[field] >= 0) kinds[column[field]] = NUMBER
  kinds[T] = TIME
  if (RECEIVED >= 0) kinds[RECEIVED] = TIME
  const starts = new Int32Array(columnCount + 1)
  const ends = new Int32Array(columnCount + 1)
  const values = new Float64Array(columnCount + 1)
  let cellCount = 0
  let cells: Uint8Array
  // ends of cells: delimiter and newline
  const stops = new Uint8Array(256)
  stops[delimiter] = stops[NEWLINE] = 1

  let line = 1
  let headBytesLeft = layout.dataStart
  let skipping = false // inside a line that is too long
  const carry = new Uint8Array(2 * MAX_LINE_BYTES + 2)
  const carryView = new DataView(carry.buffer)
  let carryLength = 0
  const unquoted = new Uint8Array(2 * MAX_LINE_BYTES + 4)
  // the date of the last row, as three words of its ten bytes, and its midnight
  let date0 = 0
  let date1 = 0
  let date2 = 0
  let dateMs = NaN
  // … and its time of day: rows of one second stand together
  let clock0 = 0
  let clock1 = 0
  let separator = 0
  let timeOfDay = NaN

  // The tail of a row, behind its last number and time, says the same on most rows of a vessel (name, size, status …):
  // it is looked up as one piece of bytes, and split into cells only when it is new.
  const lastStatic = Math.max(-1, ...staticColumns)
  let tailFrom = firstOfTail()
  const tails = new ByteTable(STATIC_SLOTS)
  // where the last tail of a vessel is, by the low bits of its MMSI; a wrong guess costs a comparison
  const guesses = new Int32Array(GUESSES)
  let resetsSeen = 0
  let { epoch } = words.statics
  let tailHits = 0
  let tailMisses = 0
  // the tail of the current row: where its values are in the table, or −1, and where it lies
  let tailAt = -1
  let tailStart = -1
  let tailEnd = -1
  let tailHash = 0

  /** First column of the tail, or −1 when there is none worth it. Static columns are in it together or not at all. */
  function firstOfTail(): number {
    let first = kinds.findLastIndex(kind => kind !== SKIP) + 1
    if (staticColumns.some(k => k < first)) first = Math.max(first, lastStatic + 1)
    const wordsInIt = [NAV, CLASS, TYPE, COLLECTION, RECEIVER, lastStatic].filter(k => k >= first)
    return wordsInIt.length > 0 ? first : -1
  }

  /**
   * Reads the row at `start`: bounds of its cells, numbers and times into `values`, the tail looked up.
   * bytes[end − 1] is a newline. Returns the position after the row, INCOMPLETE or BROKEN.
   */
  function scanRow(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const stop = stops
    const kind = kinds
    const cellStarts = starts
    const cellEnds = ends
    const numbers = values
    const tail = tailFrom
    const width = columnCount
    const comma = point
    const vessel = MMSI
    let p = start
    let n = 0
    let guess = 0
    let guessLength = 0
    tailAt = tailStart = -1
    for (;;) {
      const cellStart = p
      if (
        n === tail &&
        (guessTail(bytes, view, p, end, guess, guessLength) || findTail(bytes, view, p, end))
      ) {
        cellCount = columnCount
        cells = bytes
        return tailEnd + 1
      }
      let c = bytes[p]!
      if (c === QUOTE) return scanQuotedRow(bytes, start, end)
      const what = n < width ? kind[n]! : SKIP
      if (what === NUMBER) {
        if (c === 45) c = bytes[++p]!
        const digitsStart = p
        let mantissa = 0
        let digit: number
        while ((digit = (c - 48) >>> 0) <= 9) {
          mantissa = (Math.imul(mantissa, 10) + digit) | 0
          c = bytes[++p]!
        }
        let digits = p - digitsStart
        let decimals = 0
        if (c === DOT || c === comma) {
          const decimalsStart = p + 1
          c = bytes[++p]!
          while ((digit = (c - 48) >>> 0) <= 9) {
            mantissa = (Math.imul(mantissa, 10) + digit) | 0
            c = bytes[++p]!
          }
          decimals = p - decimalsStart
          digits += decimals
        }
        if (stop[c] !== 0 && digits > 0 && digits <= INT_DIGITS) {
          const value = decimals > 0 ? mantissa / POWERS_OF_TEN[decimals]! : mantissa
          numbers[n] = bytes[cellStart] === 45 ? -value : value
          if (n === vessel) {
            // asked for long before it is needed: memory answers while the next cells are read
            guess = guesses[mantissa & (GUESSES - 1)]!
            if (guess !== 0) guessLength = tails.lengthAt(guess)
          }
        } else {
          while (stop[bytes[p]!] === 0) p++
          numbers[n] = p === cellStart ? NaN : readNumber(bytes, cellStart, beforeReturn(bytes, cellStart, p))
        }
      } else if (what === TIME) {
        if (
          p + 19 < end &&
          view.getInt32(p, true) === date0 &&
          view.getInt32(p + 4, true) === date1 &&
          view.getInt16(p + 8, true) === date2 &&
          stop[bytes[p + 19]!] !== 0
        ) {
          const hourMinute = view.getInt32(p + 11, true)
          const minuteSecond = view.getInt32(p + 15, true)
          if (hourMinute !== clock0 || minuteSecond !== clock1 || bytes[p + 10] !== separator) {
            clock0 = hourMinute
            clock1 = minuteSecond
            separator = bytes[p + 10]!
            timeOfDay = clockMs(bytes, p + 10, p + 19)
          }
          numbers[n] = dateMs + timeOfDay
          p += 19
        } else {
          while (stop[bytes[p]!] === 0) p++
          numbers[n] = parseTime(bytes, cellStart, beforeReturn(bytes, cellStart, p))
          if (p - cellStart === 19) rememberDate(bytes, view, cellStart)
        }
      } else {
        while (stop[bytes[p]!] === 0) p++
      }
      if (n <= width) {
        cellStarts[n] = cellStart
        cellEnds[n] = p
      }
      n++
      if (bytes[p] === NEWLINE) break
      p++
    }
    if (bytes[p - 1] === RETURN && p > start && n <= columnCount + 1) {
      cellEnds[n - 1] = beforeReturn(bytes, cellStarts[n - 1]!, p)
    }
    cellCount = n
    cells = bytes
    return p + 1
  }

  /** A number that the loop above could not read: long, blank, odd, or with a decimal comma. */
  function readNumber(bytes: Uint8Array, start: number, end: number): number {
    const at = point === COMMA ? bytes.indexOf(COMMA, start) : -1
    if (at < 0 || at >= end || end - start > MAX_NUMBER_BYTES) return parseNumber(bytes, start, end)
    const copy = bytes.slice(start, end)
    copy[at - start] = DOT
    return parseNumber(copy, 0, copy.length)
  }

  /** Is the tail the one that this vessel had last time? Then nothing needs to be looked up. */
  function guessTail(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    guess: number,
    length: number,
  ): boolean {
    const stop = start + length
    if (guess === 0 || stop >= end || bytes[stop] !== NEWLINE) return false
    if (!tails.isAt(guess, bytes, view, start, stop)) return false
    tailStart = start
    tailEnd = stop
    tailAt = guess
    tailHits++
    return true
  }

  /** Looks up the tail that starts at `start` and ends before the next newline; true when it is known. */
  function findTail(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    let p = start
    let hash = 0
    for (; p + 4 <= end; p += 4) {
      const word = view.getInt32(p, true)
      const noNewline = word ^ 0x0a0a0a0a
      if (((noNewline - 0x01010101) & ~noNewline & 0x80808080) !== 0) break
      hash = mixHash(hash, word)
    }
    for (; bytes[p] !== NEWLINE; p++) hash = mixHash(hash, bytes[p]!)
    tailStart = start
    tailEnd = p
    tailHash = hash
    tailAt = tails.find(hash, bytes, view, start, p)
    if (tailAt >= 0) {
      tailHits++
      guesses[values[MMSI]! & (GUESSES - 1)] = tailAt
    }
    // tails that never come again only cost
    else if (++tailMisses > TAIL_TRIAL && tailMisses > tailHits) tailFrom = -1
    return tailAt >= 0
  }

  /** The same for a row with quotes: cells are copied without them. */
  function scanQuotedRow(bytes: Uint8Array, start: number, end: number): number {
    const limit = Math.min(end, start + MAX_LINE_BYTES + 1)
    let p = start
    let n = 0
    let out = 0
    for (;;) {
      const cellStart = out
      if (p < limit && bytes[p] === QUOTE) {
        for (p++; ; p++) {
          if (p >= limit) return INCOMPLETE
          if (bytes[p] === QUOTE) {
            if (p + 1 >= limit) return INCOMPLETE
            if (bytes[p + 1] !== QUOTE) break
            p++
          }
          unquoted[out++] = bytes[p]!
        }
        p++
        if (bytes[p] === RETURN && p + 1 < limit && bytes[p + 1] === NEWLINE) p++
        if (p < limit && stops[bytes[p]!] === 0) return BROKEN
      } else {
        while (p < limit && stops[bytes[p]!] === 0) unquoted[out++] = bytes[p++]!
        if (p < limit && bytes[p] === NEWLINE) out = beforeReturn(unquoted, cellStart, out)
      }
      if (p >= limit) return INCOMPLETE
      if (n <= columnCount) {
        starts[n] = cellStart
        ends[n] = out
      }
      n++
      if (bytes[p] === NEWLINE) break
      p++
    }
    cellCount = n
    cells = unquoted
    for (let k = 0; k < n && k < columnCount; k++) {
      if (kinds[k] === NUMBER) values[k] = readNumber(unquoted, starts[k]!, ends[k]!)
      else if (kinds[k] === TIME) values[k] = parseTime(unquoted, starts[k]!, ends[k]!)
    }
    return p + 1
  }

  /** Keeps the date of a time that was just read, when it has the common shape. */
  function rememberDate(bytes: Uint8Array, view: DataView, start: number): void {
    const ms = bytes[start + 4] === 45 ? parseTime(bytes, start, start + 10) : NaN
    if (ms !== ms) return
    dateMs = ms
    date0 = view.getInt32(start, true)
    date1 = view.getInt32(start + 4, true)
    date2 = view.getInt16(start + 8, true)
  }

  const isBlank = (k: number): boolean => isBlankCell(cells, starts[k]!, ends[k]!)

  /** Turns the cells of the current row into a report. The raw row is bytes[start, end). */
  function takeRow(bytes: Uint8Array, start: number, end: number, unterminated: boolean): void {
    if (cellCount !== columnCount && !fitCells(unterminated)) return reject('malformed', bytes, start, end)
    const { batch } = rows
    const i = batch.length

    const mmsi = values[MMSI]!
    if (!(mmsi >= 1 && mmsi <= 999_999_999) || mmsi !== Math.floor(mmsi)) {
      if (isHeaderAgain(bytes, start, end)) counts.read--
      else reject('mmsi-invalid', bytes, start, end)
      return
    }
    const t = values[T]!
    if (t !== t) return reject(isBlank(T) ? 'no-time' : 'time-invalid', bytes, start, end)
    if (isScaled) toUnits()
    const lat = LAT >= 0 ? values[LAT]! : NaN
    const lon = LON >= 0 ? values[LON]! : NaN
    if ((lat !== lat && LAT >= 0 && !isBlank(LAT)) || (lon !== lon && LON >= 0 && !isBlank(LON))) {
      return reject('position-invalid', bytes, start, end)
    }

    batch.mmsi[i] = mmsi
    batch.t[i] = t
    batch.lat[i] = lat
    batch.lon[i] = lon
    if (SOG >= 0) batch.sog[i] = values[SOG]!
    if (COG >= 0) batch.cog[i] = isSignedCog ? unsignedCog(values[COG]!) : values[COG]!
    if (HEADING >= 0) batch.heading[i] = values[HEADING]!
    if (ROT >= 0) batch.rot[i] = isTurnByte ? turnOfByte(values[ROT]!) : values[ROT]!
    if (RECEIVED >= 0) batch.receivedAt[i] = values[RECEIVED]!
    if (SECOND >= 0 && values[SECOND]! >= 0 && values[SECOND]! <= 63) batch.utcSecond[i] = values[SECOND]!
    if (hasBits) takeBits(i)
    if (tailAt < 0) {
      takeWords(columnCount)
      if (tailStart >= 0 && end === tailEnd + 1 && cellCount === columnCount) keepTail(bytes)
    } else {
      takeWords(tailFrom)
      const codes = tails.values[tailAt]!
      if (NAV >= tailFrom) batch.navStatus[i] = codes & 15
      if (TYPE >= tailFrom) batch.msgType[i] = (codes >>> 4) & 31
      if (CLASS >= tailFrom) batch.txClass[i] = (codes >>> 9) & 7
      if (COLLECTION >= tailFrom) batch.collection[i] = (codes >>> 12) & 3
      if (RECEIVER >= tailFrom) batch.receiver[i] = tails.values[tailAt + 1]!
      if (hasStatics && lastStatic >= tailFrom) batch.statics[i] = tails.values[tailAt + 2]!
    }
    if (isStatic) batch.msgType[i] = STATIC_MESSAGE
    if (isMessage && !isUsefulMessage(batch.msgType[i]!)) {
      counts.other++
      rows.drop()
      return
    }

    const reason = rows.settle()
    if (reason !== null) reject(reason, bytes, start, end)
  }

  /** Brings the numbers of the current row to our units. */
  function toUnits(): void {
    for (let k = 0; k < columnCount; k++) if (kinds[k] === NUMBER) values[k]! /= per[k]!
  }

  /** Codes and ids of the words in columns before `limit`. */
  function takeWords(limit: number): void {
    const { batch } = rows
    const i = batch.length
    if (NAV >= 0 && NAV < limit && ends[NAV]! > starts[NAV]!) {
      const digit = cells[starts[NAV]!]! - 48
      const isDigit = ends[NAV]! - starts[NAV]! === 1 && digit >= 0 && digit <= 9
      batch.navStatus[i] = isDigit ? digit : nav(cells, starts, ends)
    }
    if (CLASS >= 0 && CLASS < limit && ends[CLASS]! > starts[CLASS]!) {
      const letter = ends[CLASS]! - starts[CLASS]! === 1 ? cells[starts[CLASS]!]! : 0
      batch.txClass[i] = letter === 65 ? CLASS_A : letter === 66 ? CLASS_B : txClass(cells, starts, ends)
    }
    if (TYPE >= 0 && TYPE < limit) batch.msgType[i] = messageType()
    if (COLLECTION >= 0 && COLLECTION < limit) batch.collection[i] = collection(cells, starts, ends)
    if (RECEIVER >= 0 && RECEIVER < limit) batch.receiver[i] = receiver(cells, starts, ends)
    if (hasStatics && lastStatic < limit) batch.statics[i] = statics(cells, starts, ends)
  }

  /** Remembers what the tail of the current row came to. */
  function keepTail(bytes: Uint8Array): void {
    const { batch } = rows
    const i = batch.length
    const codes =
      batch.navStatus[i]! | (batch.msgType[i]! << 4) | (batch.txClass[i]! << 9) | (batch.collection[i]! << 12)
    tails.put(tailHash, bytes, tailStart, tailEnd, codes, batch.receiver[i]!, batch.statics[i]!)
    if (tails.resets !== resetsSeen) {
      resetsSeen = tails.resets
      guesses.fill(0)
    }
  }

  /** Makes a row of another width fit the header; false when it cannot be trusted. */
  function fitCells(unterminated: boolean): boolean {
    // one blank cell more is a trailing delimiter; anything else means that cells were shifted
    if (cellCount > columnCount)
      return cellCount === columnCount + 1 && ends[columnCount] === starts[columnCount]
    // a last row that was cut off may also have lost half of a number
    if (cellCount <= lastRequired || unterminated) return false
    const end = ends[cellCount - 1]!
    for (let k = cellCount; k < columnCount; k++) {
      starts[k] = ends[k] = end
      values[k] = NaN
    }
    return true
  }

  /** `5`, `5.0` or `AIS.5`; 0 when not one of 1…28. */
  function messageType(): number {
    let start = starts[TYPE]!
    const end = ends[TYPE]!
    if (end - start > 4 && (cells[start]! | 32) === 97 && cells[start + 3] === 46) start += 4
    const type = parseNumber(cells, start, end)
    return type >= 1 && type <= MAX_TYPE ? type : 0
  }

  function reject(reason: RejectReason, bytes: Uint8Array, start: number, end: number): void {
    rows.reject(reason, line, bytes, start, end)
  }

  function isHeaderAgain(bytes: Uint8Array, start: number, end: number): boolean {
    const { header } = layout
    if (end - start !== header.length) return false
    for (let k = 0; k < header.length; k++) if (bytes[start + k] !== header[k]) return false
    return true
  }

  /** Takes all whole rows of bytes[start, end); returns where the first incomplete one starts: at most MAX_LINE_BYTES remain. */
  function consume(bytes: Uint8Array, view: DataView, start: number, end: number, isEnd: boolean): number {
    let p = start
    const lastNewline = bytes.lastIndexOf(NEWLINE, end - 1)
    const whole = lastNewline < start ? start : lastNewline + 1
    while (p < end) {
      if (skipping) {
        const newline = bytes.indexOf(NEWLINE, p)
        if (newline < 0 || newline >= end) return end
        skipping = false
        line++
        p = newline + 1
        continue
      }
      const first = bytes[p]!
      if (p < whole) {
        if (first === NEWLINE || first === COMMENT || (first === RETURN && bytes[p + 1] === NEWLINE)) {
          p = bytes.indexOf(NEWLINE, p) + 1
          line++
          continue
        }
        const next = scanRow(bytes, view, p, whole)
        if (next > 0 && next - 1 - p <= MAX_LINE_BYTES) {
          counts.read++
          takeRow(bytes, p, next, isEnd && next === end)
          line++
          if (cells === unquoted) for (let q = p; q < next - 1; q++) if (bytes[q] === NEWLINE) line++
          p = next
          continue
        }
        if (next === INCOMPLETE && end - p <= MAX_LINE_BYTES && !isEnd) return p
      } else if (end - p <= MAX_LINE_BYTES) {
        return p
      }
      // no row here: give up one physical line
      const newline = bytes.indexOf(NEWLINE, p)
      const known = newline >= 0 && newline < end
      const lineEnd = known ? newline + 1 : end
      if (first !== COMMENT) {
        counts.read++
        reject(known && newline - p <= MAX_LINE_BYTES ? 'malformed' : 'too-long', bytes, p, lineEnd)
      }
      if (known) line++
      else skipping = true
      p = lineEnd
    }
    return p
  }

  return {
    push(input) {
      if (words.statics.epoch !== epoch) {
        // ids in the tails may mean something else by now
        epoch = words.statics.epoch
        tails.clear()
        guesses.fill(0)
      }
      // one hidden class for the loops below, whatever the caller holds
      const bytes = new Uint8Array(input.buffer, input.byteOffset, input.length)
      let p = 0
      if (headBytesLeft > 0) {
        p = Math.min(headBytesLeft, bytes.length)
        headBytesLeft -= p
        if (headBytesLeft === 0) line = layout.dataLine
      }
      while (carryLength > 0 && p < bytes.length) {
        const newline = bytes.indexOf(NEWLINE, p)
        const stop = Math.min(newline < 0 ? bytes.length : newline + 1, p + carry.length - 1 - carryLength)
        carry.set(bytes.subarray(p, stop), carryLength)
        carryLength += stop - p
        p = stop
        if (newline < 0 && carryLength <= MAX_LINE_BYTES) continue
        const used = consume(carry, carryView, 0, carryLength, false)
        carry.copyWithin(0, used, carryLength)
        carryLength -= used
      }
      if (p >= bytes.length) return
      const used = consume(
        bytes,
        new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
        p,
        bytes.length,
        false,
      )
      carryLength = bytes.length - used
      carry.set(bytes.subarray(used), 0)
    },
    end() {
      if (carryLength > 0) {
        carry[carryLength++] = NEWLINE
        consume(carry, carryView, 0, carryLength, true)
        carryLength = 0
      }
      rows.flush()
    },
  }
}

/** `end`, or one less where the cell ends in a carriage return. */
const beforeReturn = (bytes: Uint8Array, start: number, end: number): number =>
  end > start && bytes[end - 1] === RETURN ? end - 1 : end
