// What vessels teach of everybody, as lines of text: who was heard where in each ten minutes, whose silence became a gap, what
// each feed and receiver heard, where ships lay. Each line comes from the reports of one vessel, or of those that one part of the
// fleet sent, so lines can be made by many hands; united in any order, each once, they are one table. Nothing is believed of a
// slot before it is over (reception/model, zones/anchorages), so who is given the lines judges as if it had seen all ships.
//
//   slot; kind; what it says. Sorted as text, they are in order of time

import type { Heard, Reception, Silence } from '../reception/model.js'
import type { Hearing } from '../reception/listeners.js'
import { SLOTS_PER_HOUR } from '../reception/slots.js'
import type { Words } from '../model/words.js'
import { createFields } from './fields.js'
import type { Anchorages, Stay } from '../zones/anchorages.js'

/** First line of a file of them. */
export const LESSONS_HEADER = 'darkwake/lessons/1'

/** Slots are numbered from 1970: these digits last until the year 3870. */
const SLOT_DIGITS = 8
const EAR = 'ear'
const STAY = 'stay'
const PART = ';'

/** Where the lines come from. */
export interface Lessons {
  /** The first slot that anybody was heard in; Infinity: there is none. */
  readonly from: number
  /** The newest event time that is believed, epoch ms (endOfLessons()). */
  readonly to: number
  /** Lines of a slot, in order, each once. Slots are asked for in rising order. */
  of(slot: number): Iterable<string>
}

/** Numbers as the shortest text that gives them again; NaN is nothing. */
const number = (value: number): string => (value === value ? String(value) : '')
/** Names may hold anything; what parts fields and lines, here or around it, is written as in a URL. */
const word = (text: string): string => text.replace(/[%;\t\n\r]/g, encodeURIComponent)
const line = (slot: number, kind: string, ...fields: string[]): string =>
  [String(slot).padStart(SLOT_DIGITS, '0'), kind, ...fields].join(PART)

export const slotOfLine = (text: string): number => Number(text.slice(0, SLOT_DIGITS))

/** Tells where a ship lay, not who was heard. */
export const isOfPlaces = (text: string): boolean => text.startsWith(`${PART}${STAY}${PART}`, SLOT_DIGITS)

/** Tells of all that a feed or receiver heard. */
const isOfEars = (text: string): boolean => text.startsWith(`${PART}${EAR}${PART}`, SLOT_DIGITS)

/** What a line tells of. */
export type Kind = typeof EAR | typeof STAY

/** Where in a line its kind begins: no two kinds begin with the same letter. */
export const KIND_AT = SLOT_DIGITS + PART.length

export const isLesson = (text: string): boolean => /^\d{8};[a-z]+;/.test(text)

/** Of a line that tells of all that a feed heard in a slot; null of any other. */
export function feedHeardIn(text: string): { slot: number; heard: Hearing } | null {
  if (!isOfEars(text)) return null
  const [slot, , , receiver, ...fields] = text.split(PART)
  return receiver === '' ? { slot: Number(slot), heard: hearingOf(fields) } : null
}

export const heardLine = (slot: number, heard: Heard, words: Words): string =>
  line(
    slot,
    'heard',
    ...[heard.mmsi, heard.radio, heard.t, heard.lat, heard.lon, heard.feed].map(number),
    word(words.receivers.get(heard.receiver) ?? ''),
    ...[heard.receivedAt, heard.utcSecond, heard.before.t, heard.before.lat, heard.before.lon].map(number),
    ...[heard.before.feed, heard.lapsedAt].map(number),
  )

export const lapsedLine = (slot: number, { mmsi, t, lat, lon, radio, feed }: Silence, at: number): string =>
  line(slot, 'lapsed', ...[mmsi, radio, t, lat, lon, feed, at].map(number))

export const earLine = (
  slot: number,
  feed: number,
  receiver: string,
  { bits, first, last }: Hearing,
): string => line(slot, EAR, number(feed), word(receiver), number(first), number(last), hexOf(bits))

export const repeatLine = (slot: number, receiver: string, mmsi: number, lat: number, lon: number): string =>
  line(slot, 'repeat', word(receiver), ...[mmsi, lat, lon].map(number))

export const stayLine = (slot: number, { mmsi, t, what, lat, lon, saysSo }: Stay): string =>
  line(slot, STAY, ...[mmsi, t].map(number), what, number(lat), number(lon), saysSo ? '1' : '0')

/** Teaches what a line says. @throws RangeError for one that is none of these */
export function teach(text: string, reception: Reception, anchorages: Anchorages, words: Words): void {
  fields.begin(text)
  switch (fields.word()) {
    case 'heard': {
      const [mmsi, radio, t] = [fields.number(), fields.number(), fields.number()]
      const [lat, lon, feed, receiver] = [
        fields.number(),
        fields.number(),
        fields.number(),
        receiverIn(words),
      ]
      const [receivedAt, utcSecond] = [fields.number(), fields.number()]
      const before = { t: fields.number(), lat: fields.number(), lon: fields.number(), feed: fields.number() }
      const lapsedAt = fields.number()
      reception.heard({ mmsi, radio, t, lat, lon, feed, receiver, receivedAt, utcSecond, before, lapsedAt })
      return
    }
    case 'lapsed': {
      const [mmsi, radio, t] = [fields.number(), fields.number(), fields.number()]
      const [lat, lon, feed] = [fields.number(), fields.number(), fields.number()]
      const nowhere = { toT: NaN, toLat: NaN, toLon: NaN, lapsedAt: NaN }
      reception.lapsed({ mmsi, radio, t, lat, lon, feed, ...nowhere }, fields.number())
      return
    }
    case EAR: {
      const [feed, receiver] = [fields.number(), receiverIn(words)]
      reception.reports(feed, receiver, hearingOf([fields.word(), fields.word(), fields.word()]))
      return
    }
    case 'repeat':
      reception.copy(receiverIn(words), fields.number(), fields.number(), fields.number())
      return
    case STAY: {
      const [mmsi, t, what] = [fields.number(), fields.number(), fields.word() as Stay['what']]
      const [lat, lon, saysSo] = [fields.number(), fields.number(), fields.word() === '1']
      anchorages.take({ mmsi, t, what, lat, lon, saysSo })
      return
    }
    default:
      throw new RangeError(`no line of ${LESSONS_HEADER}: ${JSON.stringify(text.slice(0, 80))}`)
  }
}

function receiverIn(words: Words): number {
  const name = fields.word().replace(/%(25|3B|09|0A|0D)/g, decodeURIComponent)
  return name === '' ? 0 : words.receivers.id(name, () => name)
}

/** The fields of a line, one after the other: a line for every ship that is heard in ten minutes makes splitting it dear. */
const fields = createFields()

const hexOf = (bits: Uint32Array): string => Array.from(bits, n => n.toString(16).padStart(8, '0')).join('')

function hearingOf([first, last, hex = '']: readonly string[]): Hearing {
  const bits = Uint32Array.from({ length: hex.length / 8 }, (_, k) =>
    parseInt(hex.slice(8 * k, 8 * k + 8), 16),
  )
  return { bits, first: Number(first || NaN), last: Number(last || NaN) }
}

/** Time in which somebody was heard, without a hole of more than an hour. Plain data. */
export interface Stretch {
  firstSlot: number
  lastSlot: number
  /** The newest event time in it, epoch ms. */
  to: number
  /** Who was heard, as one of so many bits. */
  bits: Uint32Array
}

/** @param lines of all feeds, any others too, in order */
export function stretchesOf(lines: Iterable<string>): Stretch[] {
  const stretches: Stretch[] = []
  for (const text of lines) {
    const ear = feedHeardIn(text)
    if (!ear) continue
    const { slot, heard } = ear
    append(stretches, { firstSlot: slot, lastSlot: slot, to: heard.last, bits: heard.bits })
  }
  return stretches
}

/** Those of a table after all that was heard in the tables before it. */
export function stretchesAfter(before: Stretch | undefined, after: readonly Stretch[]): Stretch[] {
  const stretches = before ? [before] : []
  for (const each of after) append(stretches, each)
  return stretches
}

function append(stretches: Stretch[], next: Stretch): void {
  const last = stretches.at(-1)
  if (last && next.firstSlot <= last.lastSlot + SLOTS_PER_HOUR)
    stretches.push(bothStretches(stretches.pop()!, next))
  else stretches.push(next)
}

const bothStretches = (a: Stretch, b: Stretch): Stretch => ({
  firstSlot: Math.min(a.firstSlot, b.firstSlot),
  lastSlot: Math.max(a.lastSlot, b.lastSlot),
  to: a.to >= b.to ? a.to : b.to,
  bits: a.bits.map((word, k) => word | b.bits[k]!),
})

/** All that was heard, as one: what the table of the days after has to know of this one. */
export const allHeard = (stretches: readonly Stretch[]): Stretch | undefined =>
  stretches.reduce<Stretch | undefined>((a, b) => (a ? bothStretches(a, b) : b), undefined)

/**
 * Where the table begins and ends: event time does not cross a hole of more than an hour that only one vessel lies beyond
 * (clean/reorder), unless there is only one.
 */
export function spanOf(all: readonly Stretch[]): Pick<Lessons, 'from' | 'to'> {
  const stretches = [...all]
  const vessels = new Set(stretches.flatMap(({ bits }) => bitsOf(bits))).size
  while (stretches.length > 1 && vessels > 1 && bitsOf(stretches.at(-1)!.bits).length < 2) stretches.pop()
  return { from: stretches[0]?.firstSlot ?? Infinity, to: stretches.at(-1)?.to ?? -Infinity }
}

const bitsOf = (bits: Uint32Array): number[] =>
  Array.from({ length: 32 * bits.length }, (_, k) => k).filter(k => (bits[k >> 5]! >>> (k & 31)) & 1)

/**
 * One table of many: each line once, and one line for all that a feed or receiver heard in a slot. How they are put together,
 * and how often, makes no difference.
 * @param lines sorted as text; those of several tables may stand among each other
 */
export function* united(lines: Iterable<string>): Generator<string, void, undefined> {
  let held: string | undefined
  for (const text of lines) {
    if (text === held) continue
    if (held !== undefined) {
      const key = earKey(held)
      if (key !== null && text.startsWith(key)) {
        held = key + bothOf(held.slice(key.length), text.slice(key.length))
        continue
      }
      yield held
    }
    held = text
  }
  if (held !== undefined) yield held
}

/** Slot, kind, feed and receiver of a line that tells what these heard; null of any other. */
function earKey(text: string): string | null {
  if (!isOfEars(text)) return null
  const receiver = text.indexOf(PART, SLOT_DIGITS + EAR.length + 2)
  return text.slice(0, text.indexOf(PART, receiver + 1) + 1)
}

function bothOf(a: string, b: string): string {
  const [one, other] = [hearingOf(a.split(PART)), hearingOf(b.split(PART))]
  const bits = one.bits.map((word, k) => word | other.bits[k]!)
  return [String(Math.min(one.first, other.first)), String(Math.max(one.last, other.last)), hexOf(bits)].join(
    PART,
  )
}

/** A table in memory. */
export function lessonsOf(lines: Iterable<string>): Lessons {
  const bySlot = new Map<number, string[]>()
  const all = [...united([...lines].sort())]
  for (const text of all) {
    const slot = slotOfLine(text)
    const held = bySlot.get(slot)
    if (held) held.push(text)
    else bySlot.set(slot, [text])
  }
  return { ...spanOf(stretchesOf(all)), of: slot => bySlot.get(slot) ?? [] }
}
