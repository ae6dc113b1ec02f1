// NMEA to messages: every type of ITU-R M.1371, in the order in which they were completed, each with the time and the
// station that the log tells. Nothing is interpreted, joined or left out as a duplicate: that is detect's affair.

import { decodeWords, findPlan } from '../ais/decode.js'
import type { Plan } from '../ais/plan.js'
import type { RawMessage } from '../ais/tables.js'
import { InputError } from '../model/errors.js'
import { REJECT_REASONS, type Reject, type RejectReason } from '../model/report.js'
import { createSourceCounts } from '../model/stats.js'
import { createWords } from '../model/words.js'
import { recognise, type Input } from '../sources/open.js'
import type { HeardMessage } from '../sources/reader.js'

/** One message as it was heard: one object, filled anew for each, so take from it what is to be kept. */
export interface DecodedMessage {
  /** The integers sent, text as text: a new object each time it is asked for. */
  readonly raw: RawMessage
  /** The message in 24-bit words, how many characters of six bits they hold, and how many bits of the last are none. */
  readonly payload: Int32Array
  chars: number
  fill: number
  /** Its layout. */
  plan: Plan
  /** When it was heard: its own time, or the last one that the log told before it, epoch ms; NaN where none was told. */
  t: number
  /** The station that the log names, or null. Hostile text. */
  station: string | null
  /** Radio channel, null where it is not given. */
  channel: string | null
  /** Name of the input. */
  source: string
  /** Line of its last sentence, from 1. */
  line: number
}

export interface DecodeOptions {
  /** Only these message types; others are counted and not decoded. @default all */
  types?: readonly number[] | undefined
  /** Time of messages before the first that the log tells, epoch ms. */
  timeStart?: number | undefined
  /** Most plain bytes that a compressed input may expand to. */
  maxBytes?: number | undefined
  onReject?: ((reject: Reject) => void) | undefined
  /** Told what the input is before it is read. */
  onInput?: ((input: { name: string; compression: string; sizeBytes: number | null }) => void) | undefined
  /** Awaited between pieces of the input: a slow consumer slows the reading down; false ends it. */
  ready?: (() => Promise<boolean>) | undefined
}

/** read = messages + skipped + parts + Σ rejected. */
export interface DecodeCounts {
  /** Sentences. */
  read: number
  /** Handed on, by type and together. */
  messages: number
  byType: Record<string, number>
  /** Of types that were not asked for. */
  skipped: number
  /** Sentences that completed no message of their own. */
  parts: number
  rejected: Partial<Record<RejectReason, number>>
  bytes: number
  /** Why the input could not be read to its end. */
  error?: InputError
}

/**
 * Decodes an input to its end, a message at a time as it is completed; a stream is not waited for.
 * @param onMessage takes each message, which is its own until it returns
 * @throws InputError when it cannot be opened or is no NMEA; one that breaks off on the way has `error`
 */
export async function decode(
  input: Input,
  onMessage: (message: DecodedMessage) => void,
  options: DecodeOptions = {},
): Promise<DecodeCounts> {
  const { types, timeStart, maxBytes, onReject, onInput, ready } = options
  // a stream is NMEA or nothing: waiting for enough of it to be sure would hold back the first lines
  const recognised = await recognise(input, { maxBytes, ...(input.stream && { format: 'nmea' }) })
  const { name, format, compression, sizeBytes } = recognised
  if (format !== 'nmea')
    throw new InputError(
      'unrecognised',
      `${name}: ${format}: decode reads NMEA (detect and inspect read this)`,
    )
  onInput?.({ name, compression, sizeBytes: sizeBytes ?? null })

  const words = createWords()
  const counts = createSourceCounts()
  const byType = new Float64Array(64)
  const wanted = types && Array.from({ length: 64 }, (_, type) => types.includes(type))
  let skipped = 0

  let message: DecodedMessage | undefined
  function take({ payload, chars, fill, t, receiver, channel, line }: HeardMessage): RejectReason | null {
    const type = payload[0]! >>> 18
    if (wanted && chars > 0 && !wanted[type]) {
      skipped++
      return null
    }
    const plan = findPlan(payload, chars, fill)
    if (typeof plan === 'string') return plan
    byType[type]! += 1
    message ??= createMessage(payload, name, plan)
    message.chars = chars
    message.fill = fill
    message.plan = plan
    message.t = t
    message.station = receiver === 0 ? null : (words.receivers.get(receiver) ?? null)
    message.channel = channelName(channel)
    message.line = line
    onMessage(message)
    return null
  }

  let error: InputError | undefined
  try {
    await recognised.read({
      ...{ words, name, counts, onBatch: () => undefined, onMessage: take },
      ...(onReject && { onReject }),
      ...(timeStart !== undefined && { timeStart }),
      ...(ready && { ready }),
    })
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    error = cause
  }
  if (counts.read === 0 && !error)
    throw new InputError('unrecognised', `${name}: no AIS in it: not one NMEA sentence VDM or VDO`)
  return {
    read: counts.read,
    messages: counts.other - skipped,
    byType: Object.fromEntries([...byType].flatMap((count, type) => (count > 0 ? [[type, count]] : []))),
    skipped,
    parts: counts.parts,
    rejected: Object.fromEntries(
      REJECT_REASONS.flatMap(reason =>
        counts.rejected[reason] > 0 ? [[reason, counts.rejected[reason]]] : [],
      ),
    ),
    bytes: counts.bytes,
    ...(error && { error }),
  }
}

const createMessage = (payload: Int32Array, source: string, plan: Plan): DecodedMessage => ({
  get raw() {
    return decodeWords(this.payload, this.chars, this.fill) as RawMessage // it has a layout, so it is one
  },
  ...{ payload, chars: 0, fill: 0, plan, t: NaN, station: null, channel: null, source, line: 0 },
})

/** A and B, as receivers write them or as 1 and 2; another byte as it was sent. */
function channelName(channel: number): string | null {
  if (channel === 1) return 'A'
  if (channel === 2) return 'B'
  return channel > 32 && channel < 127 ? String.fromCharCode(channel) : null
}
