// AIS as receivers log it: lines of NMEA 0183 with whatever loggers put around them: TAG blocks, times in front or behind,
// Gatehouse's $PGHP, several sentences in a line, parts of messages among each other. A reader on bytes: no string and no
// object per sentence. The rules and where they come from: docs/formats.md.

import { MAX_PAYLOAD_CHARS, PAYLOAD_WORDS, unpack } from '../ais/bits.js'
import { MAX_PART_CHARS, createFragments } from '../ais/fragments.js'
import { baseStationTime, decodeMessage } from '../ais/messages.js'
import { PLAIN_BYTES, PLAIN_CHARS, readPlain, readPlainTag, readUsual } from '../ais/quick.js'
import { channelOf, createSentence, hexByte, isAisHead, readSentence } from '../ais/sentence.js'
import { createStaticIds } from '../ais/static.js'
import { clearTag, createTag, readTag } from '../ais/tagblock.js'
import { findTime, readEpoch, readPghp } from '../ais/times.js'
import { validateRow } from '../clean/validate.js'
import { BIT_CHANNEL_B, BIT_CHANNEL_KNOWN, copyRow, createBatch, isStaticOnly } from '../model/batch.js'
import type { RejectReason } from '../model/report.js'
import { createClock, hearBaseStation, tell } from './nmea/clock.js'
import { createGroups } from './nmea/groups.js'
import { createHeld } from './nmea/held.js'
import { createStations } from './nmea/stations.js'
import { MAX_LINE_BYTES, type HeardMessage, type Reader, type ReaderContext } from './reader.js'

const LF = 10
const CR = 13
const BACKSLASH = 0x5c
const BANG = 0x21
const DOLLAR = 0x24
/** Forms of a sentence: see readPlain and readUsual, which leave its payload unpacked; any other, good or bad. */
const PLAIN = 0
const USUAL = 1
const UNKNOWN = 2
/** A TAG block longer than this takes the slow path. */
const MAX_TAG_BYTES = 256
const RAW_CHARS = 1000

const latin1 = new TextDecoder('latin1')
const rawLine = (bytes: Uint8Array, from: number, to: number): string =>
  latin1.decode(bytes.subarray(from, Math.min(to, from + RAW_CHARS)))

/** @returns a reader whose books balance: read = rows that are no static data + static + other + parts + rejected */
export function createNmeaReader(context: ReaderContext): Reader {
  const { words, counts, name, onReject, onMessage, otherTypes } = context
  const statics = createStaticIds(words)
  const fragments = createFragments()
  const stations = createStations(words)
  const groups = createGroups()
  const clock = createClock()
  const held = createHeld(words)
  const source = words.sources.id(name, () => name)
  const s = createSentence()
  const tag = createTag()
  const payload = new Int32Array(PAYLOAD_WORDS)
  const heard: HeardMessage = { payload, chars: 0, fill: 0, t: NaN, receiver: 0, channel: 0, line: 0 }

  let batch = createBatch(words)
  let carry = new Uint8Array(256)
  let carried = 0
  let skipping = false
  let line = 0
  /** Time of a $PGHP line: for the next sentence only. */
  let gatehouse = NaN

  function reject(reason: RejectReason, bytes: Uint8Array, from: number, to: number): void {
    counts.rejected[reason]++
    onReject?.({
      reason,
      source: name,
      line,
      raw: rawLine(bytes, from, to),
    })
  }

  /** Counts and keeps, or refuses, the row after the last; its time must be set. */
  function settle(): RejectReason | null {
    const i = batch.length
    const reason = validateRow(batch, i)
    if (reason !== null) return reason
    if (isStaticOnly(batch.msgType[i]!)) counts.static++
    if (++batch.length === batch.capacity) flush()
    return null
  }

  function flush(): void {
    if (batch.length === 0) return
    batch.validated = true
    context.onBatch(batch)
    batch = context.freshBatch?.() ?? createBatch(words)
  }

  /** Gives the sentences that were read before any time was known `t`; NaN: there is none for them. */
  function releaseHeld(t: number): void {
    held.release((rows, at, heldLine, raw) => {
      let reason: RejectReason | null = 'no-time'
      if (t === t) {
        copyRow(rows, at, batch, batch.length)
        batch.t[batch.length] = t
        reason = settle()
      }
      if (reason !== null) {
        counts.rejected[reason]++
        onReject?.({ reason, source: name, line: heldLine, ...(raw === undefined ? {} : { raw }) })
      }
    })
  }

  /** One complete message of `chars` characters, unpacked in `payload`; `t` its own time or NaN. */
  const message = onMessage ? handOn : toRow

  /** A whole message for `onMessage`, in its place in line: nothing waits for a time. */
  function handOn(
    chars: number,
    fill: number,
    t: number,
    receiver: number,
    channel: number,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): void {
    if (t !== t) t = clock.told
    if (t !== t) {
      if (chars >= 28 && payload[0]! >>> 18 === 4) hearBaseStation(clock, baseStationTime(payload))
      t = clock.heard
      if (t !== t) t = context.timeStart ?? NaN
    }
    heard.chars = chars
    heard.fill = fill
    heard.t = t
    heard.receiver = receiver
    heard.channel = channel
    heard.line = line
    const reason = onMessage!(heard)
    if (reason === null) counts.other++
    else reject(reason, bytes, from, to)
  }

  /** A row of the batch, if it is a report. */
  function toRow(
    chars: number,
    _fill: number,
    t: number,
    receiver: number,
    channel: number,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): void {
    const i = batch.length
    const outcome = decodeMessage(payload, chars, batch, i, statics)
    if (outcome !== 'row' && outcome !== 'static') {
      if (outcome === 'other') {
        counts.other++
        if (otherTypes) otherTypes[payload[0]! >>> 18]! += 1
      } else reject(outcome, bytes, from, to)
      return
    }
    batch.source[i] = source
    batch.receiver[i] = receiver
    if (channel === 1) batch.bits[i]! |= BIT_CHANNEL_KNOWN
    else if (channel === 2) batch.bits[i]! |= BIT_CHANNEL_KNOWN | BIT_CHANNEL_B

    if (t !== t) {
      t = clock.told
      if (t !== t && context.arrival) t = context.arrival()
      if (t !== t) {
        if (batch.msgType[i] === 4) hearBaseStation(clock, baseStationTime(payload))
        t = clock.heard
        if (t !== t || held.length > 0) {
          // in line behind those that wait
          held.add(batch, i, line, onReject ? rawLine(bytes, from, to) : undefined)
          if (t === t) releaseHeld(t)
          else if (held.full) releaseHeld(context.timeStart ?? NaN)
          return
        }
      }
    }
    batch.t[i] = t
    const reason = settle()
    if (reason !== null) reject(reason, bytes, from, to)
  }

  /** A time that the log itself tells; `passing` when it holds for one sentence only. */
  function told(t: number, passing: boolean): void {
    tell(clock, t, passing)
    if (held.length > 0) releaseHeld(t)
  }

  /**
   * What stands behind a checksum: `,station,epoch` as the US Coast Guard writes it, `,epoch`, or nothing of use.
   * Leaves the time in `tailTime` and the station's id in `tailStation`.
   */
  let tailTime = NaN
  let tailStation = 0
  function readTail(bytes: Uint8Array, from: number, to: number): void {
    tailTime = NaN
    tailStation = 0
    let namedFrom = 0
    let namedTo = 0
    let fields = 0
    let p = from
    while (p < to) {
      while (p < to && isSeparator(bytes[p]!)) p++
      let q = p
      while (q < to && !isSeparator(bytes[q]!)) q++
      if (q === p) break
      fields++
      const c = bytes[p]!
      if (c >= 48 && c <= 57) {
        if (tailTime !== tailTime && q - p >= 10) tailTime = readEpoch(bytes, p, q)
      } else if ((c | 32) === 0x72 || (c | 32) === 0x62 || fields === 1) {
        namedFrom = p // r003669945, or whatever comes first
        namedTo = q
      }
      p = q
    }
    if (tailTime !== tailTime) tailTime = findTime(bytes, from, to)
    const c = bytes[namedFrom]! | 32
    const isStation = (c === 0x72 || c === 0x62) && namedTo - namedFrom > 3
    if (namedTo > namedFrom && bytes[from] === 44 && (isStation || (fields === 2 && tailTime === tailTime))) {
      tailStation = stations.id(bytes, namedFrom, namedTo)
    }
  }

  /** Of what form is the sentence at `p`? Unless it is UNKNOWN its payload is unpacked; a usual one is in `s`. */
  function formOf(view: DataView, bytes: Uint8Array, p: number, end: number): number {
    if (p + PLAIN_BYTES <= end && readPlain(view, bytes, p, payload)) return PLAIN
    return readUsual(view, bytes, p, end, s, payload) ? USUAL : UNKNOWN
  }

  /** One sentence at `p` of a line that ends at `end`; `form` one of those above. Returns where to go on. */
  function sentence(bytes: Uint8Array, p: number, end: number, prefixTime: number, form: number): number {
    counts.read++
    let reason: RejectReason | null = null
    if (form === PLAIN) s.end = p + PLAIN_BYTES
    else if (form === UNKNOWN) reason = readSentence(bytes, p, end, s)
    const next = s.end

    let to = next
    while (to < end && !isItem(bytes, to, end)) to++
    if (to > next) readTail(bytes, next, to)
    else {
      tailTime = NaN
      tailStation = 0
    }
    let t = tag.t
    if (t !== t) t = gatehouse
    if (t !== t) t = prefixTime
    if (t !== t) t = tailTime
    const passing = tag.t !== tag.t && gatehouse === gatehouse
    gatehouse = NaN
    if (reason !== null) {
      reject(reason, bytes, p, next)
      return to
    }
    if (t === t) told(t, passing)
    const receiver = tagStation > 0 ? tagStation : tailStation

    if (form === PLAIN) plain(t, receiver, bytes, p)
    else if (form === USUAL || unpack(bytes, s.payload, s.payloadChars, payload))
      unpacked(t, receiver, tag.groupTotal >= s.total ? tag.group : 0, bytes, p)
    else reject('payload', bytes, p, next)
    return to
  }

  /** The plain sentence at `p`, its payload unpacked. */
  function plain(t: number, receiver: number, bytes: Uint8Array, p: number): void {
    const channel = channelOf(bytes[p + 12]!)
    message(PLAIN_CHARS, bytes[p + 43]! - 48, t, receiver, channel, bytes, p, p + PLAIN_BYTES)
  }

  /** The sentence at `p` that is in `s`, its payload unpacked: a message, or a part of one. */
  function unpacked(t: number, receiver: number, group: number, bytes: Uint8Array, p: number): void {
    if (s.total === 1) {
      message(s.payloadChars, s.fill, t, receiver, s.channel, bytes, p, s.end)
      return
    }
    if (s.payloadChars > MAX_PART_CHARS) {
      reject('payload', bytes, p, s.end)
      return
    }
    const chars = fragments.add(payload, s, group, receiver, t, counts.read)
    if (chars === 0 || chars > MAX_PAYLOAD_CHARS) counts.parts++
    else message(chars, fragments.fill, fragments.t, fragments.receiver, s.channel, bytes, p, s.end)
  }

  /** Looks up the station of the block just read, and what its group says. */
  let tagStation = 0
  function applyTag(bytes: Uint8Array): void {
    tagStation = tag.stationLength > 0 ? stations.id(bytes, tag.station, tag.station + tag.stationLength) : 0
    if (tag.group === 0) return
    groups.visit(tag.group, counts.read, tag.t, tagStation)
    tag.t = groups.t
    tagStation = groups.receiver
  }

  /** Where the line after the one that ends at `q` begins, or 0 when no line ends there. */
  function lineAfter(bytes: Uint8Array, q: number): number {
    return bytes[q] === LF ? q + 1 : bytes[q] === CR && bytes[q + 1] === LF ? q + 2 : 0
  }

  /**
   * The quick way: a sentence of a usual form that is all there is in its line, with or without a TAG block. Returns where the
   * next line begins; `p` when the line has to be looked at more closely, or is not all here.
   */
  function alone(view: DataView, bytes: Uint8Array, p: number, size: number): number {
    const c = bytes[p]!
    if (c === BANG) {
      const form = p + PLAIN_BYTES < size ? formOf(view, bytes, p, size) : UNKNOWN
      if (form === UNKNOWN) return p
      const next = lineAfter(bytes, form === PLAIN ? p + PLAIN_BYTES : s.end)
      if (next === 0) return p
      line++
      if (gatehouse === gatehouse) {
        clearTag(tag)
        tagStation = 0
        sentence(bytes, p, form === PLAIN ? p + PLAIN_BYTES : s.end, NaN, form)
        return next
      }
      counts.read++
      if (form === PLAIN) plain(NaN, 0, bytes, p)
      else unpacked(NaN, 0, 0, bytes, p)
      return next
    }
    if (c !== BACKSLASH) return p
    let at = readPlainTag(view, bytes, p, size, tag) + 1
    if (at === 0) at = readTag(bytes, p + 1, Math.min(size, p + MAX_TAG_BYTES), tag, false) + 1
    if (at <= p || bytes[at] !== BANG) return p
    const form = formOf(view, bytes, at, size)
    if (form === UNKNOWN) return p
    const q = form === PLAIN ? at + PLAIN_BYTES : s.end
    const next = lineAfter(bytes, q)
    if (next === 0) return p
    line++
    applyTag(bytes)
    sentence(bytes, at, q, NaN, form)
    return next
  }

  /** Everything in one line, without its line end. */
  function readLine(view: DataView, bytes: Uint8Array, from: number, end: number): void {
    while (from < end && bytes[from]! <= 32) from++
    while (end > from && bytes[end - 1]! <= 32) end--
    if (from === end || bytes[from] === 0x23) return // blank, or a comment
    clearTag(tag)
    tagStation = 0
    let prefixTime = NaN
    let first = true
    let fresh = true // no sentence since the last TAG block
    let p = from
    while (p < end) {
      const c = bytes[p]!
      if (c === BACKSLASH) {
        const close = readTag(bytes, p + 1, end, tag, fresh)
        if (close < 0) {
          p++
          continue
        }
        fresh = true
        if (first && p > from) prefixTime = findTime(bytes, from, p)
        first = false
        applyTag(bytes)
        p = close + 1
      } else if ((c === BANG || c === DOLLAR) && isAisHead(bytes, p, end)) {
        if (first && p > from) prefixTime = findTime(bytes, from, p)
        first = false
        p = sentence(bytes, p, end, prefixTime, formOf(view, bytes, p, end))
        fresh = false
      } else if (c === DOLLAR && isPghp(bytes, p, end)) {
        let star = p + 1
        let sum = 0
        while (star < end && bytes[star] !== 42) sum ^= bytes[star++]!
        if (hexByte(bytes, star + 1, end) === sum) gatehouse = readPghp(bytes, p + 6, star)
        p = star
      } else p++
    }
  }

  function tooLong(bytes: Uint8Array, from: number, to: number): void {
    counts.read++
    reject('too-long', bytes, from, to)
  }

  /** Appends to the line that began in an earlier piece; one that grows too long is refused and skipped to its end. */
  function keep(bytes: Uint8Array, from: number, to: number): void {
    const size = carried + to - from
    const kept = size > MAX_LINE_BYTES ? Math.max(carried, RAW_CHARS) : size
    if (kept > carry.length) {
      const larger = new Uint8Array(Math.min(Math.max(kept, 2 * carry.length), MAX_LINE_BYTES))
      larger.set(carry.subarray(0, carried))
      carry = larger
    }
    carry.set(bytes.subarray(from, from + kept - carried), carried)
    carried = kept
    if (size > MAX_LINE_BYTES) {
      tooLong(carry, 0, carried)
      carried = 0
      skipping = true
    }
  }

  function readCarried(): void {
    readLine(new DataView(carry.buffer, 0, carried), carry, 0, carried)
    carried = 0
  }

  return {
    push(bytes) {
      const size = bytes.length
      let p = 0
      if (skipping || carried > 0) {
        const lf = bytes.indexOf(LF)
        const to = lf < 0 ? size : lf
        if (!skipping) {
          line++
          keep(bytes, 0, to)
          line--
        }
        if (lf < 0) return
        line++
        if (!skipping) readCarried()
        skipping = false
        p = lf + 1
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, size)
      while (p < size) {
        const next = alone(view, bytes, p, size)
        if (next > p) {
          p = next
          continue
        }
        const lf = bytes.indexOf(LF, p)
        if (lf < 0) {
          line++
          keep(bytes, p, size)
          line--
          return
        }
        line++
        if (lf - p > MAX_LINE_BYTES) tooLong(bytes, p, lf)
        else readLine(view, bytes, p, lf)
        p = lf + 1
      }
    },

    flush,
    end() {
      if (carried > 0) {
        line++
        readCarried()
      }
      skipping = false
      if (held.length > 0) releaseHeld(context.timeStart ?? NaN)
      flush()
    },
  }
}

/** Comma, blank, tab, carriage return, apostrophe, quote, semicolon: what stands between the fields of a tail. */
function isSeparator(c: number): boolean {
  return c === 44 || c <= 32 || c === 39 || c === 34 || c === 59
}

/** Does a TAG block, a sentence of AIS or a $PGHP line begin here? */
function isItem(bytes: Uint8Array, p: number, end: number): boolean {
  const c = bytes[p]!
  if (c === BACKSLASH) return true
  return (c === BANG || c === DOLLAR) && (isAisHead(bytes, p, end) || isPghp(bytes, p, end))
}

/** `$PGHP,` */
function isPghp(bytes: Uint8Array, p: number, end: number): boolean {
  return (
    p + 6 <= end &&
    bytes[p] === DOLLAR &&
    bytes[p + 1] === 0x50 &&
    bytes[p + 2] === 0x47 &&
    bytes[p + 3] === 0x48 &&
    bytes[p + 4] === 0x50 &&
    bytes[p + 5] === 44
  )
}
