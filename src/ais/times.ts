// Times as logs write them around sentences: digits since 1970 in seconds, milli-, micro- or nanoseconds, ISO 8601
// with or without a zone (UTC then), and Gatehouse's $PGHP line. Read from bytes, to epoch ms UTC.

/** Any time outside 2000…2050 is no time: the digits meant something else. */
const FROM_S = Date.UTC(2000, 0, 1) / 1000
const TO_S = Date.UTC(2050, 0, 1) / 1000

const isDigit = (c: number | undefined): boolean => c !== undefined && c >= 48 && c <= 57

/** Seconds or a finer unit, told apart by magnitude; NaN when neither reading lies in 2000…2050. */
function fromMagnitude(value: number, digits: number): number {
  if (digits <= 10) return value >= FROM_S && value < TO_S ? value * 1000 : NaN
  return value >= FROM_S * 1000 && value < TO_S * 1000 ? value : NaN
}

/**
 * The whole of `[start, end)` as a time since 1970, with an optional fraction of seconds.
 * @returns epoch ms, or NaN when there is anything else in it
 */
export function readEpoch(bytes: Uint8Array, start: number, end: number): number {
  let p = start
  let value = 0
  while (p < end && isDigit(bytes[p])) {
    // microseconds and nanoseconds: thirteen digits are the milliseconds, more would not fit a double
    if (p - start < 13) value = value * 10 + bytes[p]! - 48
    p++
  }
  const digits = p - start
  if (digits < 9 || digits > 19) return NaN
  if (digits > 13 && digits !== 16 && digits !== 19) return NaN
  let t = fromMagnitude(value, digits)
  if (p < end && bytes[p] === 46 && digits <= 10) {
    let scale = 100
    for (p++; p < end && isDigit(bytes[p]); p++, scale /= 10) if (scale >= 1) t += (bytes[p]! - 48) * scale
  }
  return p === end ? t : NaN
}

function number(bytes: Uint8Array, start: number, digits: number): number {
  let value = 0
  for (let p = start; p < start + digits; p++) {
    const c = bytes[p]!
    if (!(c >= 48 && c <= 57)) return NaN
    value = value * 10 + c - 48
  }
  return value
}

/**
 * Epoch ms of a calendar date, or NaN when there is no such day or hour. The year must be 2000…2050.
 * @param month 1…12
 */
export function utc(
  year: number,
  month: number,
  day: number,
  hour: number,
  min: number,
  s: number,
  ms = 0,
): number {
  if (!(year >= 2000 && year < 2050 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return NaN
  if (!(hour >= 0 && hour < 24 && min >= 0 && min < 60 && s >= 0 && s <= 60 && ms >= 0 && ms < 1000))
    return NaN
  const leap = year % 4 === 0 // 2000 is one, and 2100 is out of range
  if (
    day >
    (month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31)
  )
    return NaN
  return Date.UTC(year, month - 1, day, hour, min, s, ms)
}

/** `YYYY-MM-DD HH:MM[:SS[.fff]]`, `T` or a blank between, then nothing, `Z` or `±HH[:]MM`. NaN when it is not that. */
export function readIso(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 16) return NaN
  const dash = bytes[start + 4]!
  if ((dash !== 45 && dash !== 47) || bytes[start + 7] !== dash || bytes[start + 13] !== 58) return NaN
  const between = bytes[start + 10]!
  if (between !== 84 && between !== 32 && between !== 116 && between !== 95) return NaN
  let p = start + 16
  let s = 0
  let ms = 0
  if (bytes[p] === 58 && p + 3 <= end) {
    s = number(bytes, p + 1, 2)
    p += 3
    if (p < end && (bytes[p] === 46 || bytes[p] === 44) && isDigit(bytes[p + 1])) {
      let scale = 100
      for (p++; p < end && isDigit(bytes[p]); p++, scale /= 10) if (scale >= 1) ms += (bytes[p]! - 48) * scale
    }
  }
  const t = utc(
    number(bytes, start, 4),
    number(bytes, start + 5, 2),
    number(bytes, start + 8, 2),
    number(bytes, start + 11, 2),
    number(bytes, start + 14, 2),
    s,
    ms,
  )
  const sign = bytes[p]
  if (p + 5 <= end && (sign === 43 || sign === 45)) {
    const colon = bytes[p + 3] === 58 ? 1 : 0
    const minutes =
      p + 5 + colon <= end ? number(bytes, p + 1, 2) * 60 + number(bytes, p + 3 + colon, 2) : NaN
    return sign === 43 ? t - minutes * 60_000 : t + minutes * 60_000
  }
  return t
}

/**
 * The first time in `[start, end)`, whatever stands around it: what loggers write in front of a sentence. Nine digits are
 * more often an MMSI than a second of the year 2000.
 */
export function findTime(bytes: Uint8Array, start: number, end: number): number {
  for (let p = start; p < end; p++) {
    if (!isDigit(bytes[p]) || (p > start && isDigit(bytes[p - 1]))) continue
    let q = p
    while (q < end && isDigit(bytes[q])) q++
    if (q - p === 4) {
      const t = readIso(bytes, p, end)
      if (t === t) return t
    } else if (q - p >= 10) {
      let f = q
      if (bytes[f] === 46) for (f++; f < end && isDigit(bytes[f]);) f++
      const t = readEpoch(bytes, p, f > q + 1 ? f : q)
      if (t === t) return t
    }
    p = q - 1
  }
  return NaN
}

/**
 * The time of a Gatehouse line `$PGHP,1,year,month,day,hour,minute,second,ms,…`.
 * @param start of the first field after `$PGHP,`
 */
export function readPghp(bytes: Uint8Array, start: number, end: number): number {
  let field = 0
  let value = NaN
  const at = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let p = start; p <= end && field < 8; p++) {
    const c = p < end ? bytes[p]! : 44
    if (c >= 48 && c <= 57) value = (value === value ? value * 10 : 0) + c - 48
    else if (c === 44) {
      at[field++] = value
      value = NaN
    } else return NaN
  }
  if (field < 8 || at[0] !== 1) return NaN
  return utc(at[1]!, at[2]!, at[3]!, at[4]!, at[5]!, at[6]!, at[7])
}
