// Events back from the NDJSON that darkwake wrote: of a run of detect, or the log of a watch with every revision. What is
// no event is counted, and the first of it is told.

import type { DarkEvent } from '../model/event.js'
import { InputError } from '../model/errors.js'
import { eventSchema } from '../model/schema.js'
import { safeText } from '../model/text.js'
import { readPlain, type Input } from './open.js'

export interface EventsRead {
  events: number
  /** Lines that are no events. */
  refused: number
  /** The first of them, from 1, and why. */
  firstRefused: { line: number; why: string } | null
}

/** Far above any event (a gap with all its zones is some 20 kB). */
const MAX_LINE_CHARS = 4 << 20

/**
 * Hands over each event of an input.
 * @throws InputError when it cannot be read, or has lines and none of them is an event
 */
export async function readEvents(input: Input, onEvent: (event: DarkEvent) => void): Promise<EventsRead> {
  const found: EventsRead = { events: 0, refused: 0, firstRefused: null }
  let line = 0
  function take(text: string): void {
    line++
    if (text.trim() === '') return
    const event = parseEvent(text)
    if (typeof event === 'string') {
      found.refused++
      found.firstRefused ??= { line, why: event }
    } else {
      found.events++
      onEvent(event)
    }
  }
  const decoder = new TextDecoder()
  let rest = ''
  await readPlain(input, bytes => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop()!.slice(0, MAX_LINE_CHARS)
    lines.forEach(take)
  })
  take(rest + decoder.decode())
  if (found.events === 0 && found.firstRefused) {
    const { line: at, why } = found.firstRefused
    throw new InputError(
      'unrecognised',
      `${safeText(input.name, 300)}: no events of darkwake: line ${at}: ${why}`,
    )
  }
  return found
}

/** An event with its times in epoch ms, or why the line is none. */
export function parseEvent(text: string): DarkEvent | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'no JSON'
  }
  const { success, error } = eventSchema.safeParse(value)
  if (success) return withTimes('', value) as DarkEvent
  const { path, message } = error.issues[0]!
  return safeText(`${path.join('.') || 'event'}: ${message}`, 200)
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** The way back from how values are written (sinks/values): `t`, `asOf` and `…At` are times. */
function withTimes(name: string, value: unknown): unknown {
  if (typeof value === 'string')
    return /^t$|^asOf$|At$/.test(name) && ISO.test(value) ? Date.parse(value) : value
  if (Array.isArray(value)) return value.map(item => withTimes(name, item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTimes(key, item)]))
}
