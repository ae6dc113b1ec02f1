// A message as a receiver logs it: one sentence `!AIVDM,…*hh` of IEC 61162-1, or several where it does not fit one, with or
// without a TAG block (IEC 61162-450) that says who heard it, and when.

export interface SentenceOptions {
  /** Who talks: two characters. @default 'AI' */
  talker?: string
  /** VDM: heard on the radio; VDO: the own ship's. @default 'VDM' */
  formatter?: 'VDM' | 'VDO'
  /** @default 'A' */
  channel?: 'A' | 'B' | ''
  /** Tells the parts of this message from those of others, 0…9; a message of one sentence has none. @default 0 */
  sequence?: number
  /** In front of every sentence. */
  tag?: TagOptions
}

export interface TagOptions {
  station?: string
  /** Epoch ms; written in seconds where it is whole, else in milliseconds. */
  t?: number
  /**
   * Number of the group that the sentences of one message make; only its first says station and time then. Without it all
   * of them do. A message of one sentence makes no group.
   */
  group?: number
}

/** Characters of payload in one sentence: with all fields given it has 82 characters, which is all that IEC 61162-1 allows. */
const PART_CHARS = 60
const MAX_PARTS = 9

/**
 * Puts a payload into sentences: `toSentences(encodeMessage(message), { channel: 'B' })`.
 * @param message the payload's characters, and how many bits of the last one are none of the message
 * @throws RangeError for a payload of more than nine sentences, or an option that no sentence can carry
 */
export function toSentences(
  { payload, fill }: { payload: string; fill: number },
  { talker = 'AI', formatter = 'VDM', channel = 'A', sequence = 0, tag }: SentenceOptions = {},
): string[] {
  const total = Math.max(1, Math.ceil(payload.length / PART_CHARS))
  if (total > MAX_PARTS)
    throw new RangeError(`payload: ${payload.length} characters, ${MAX_PARTS * PART_CHARS} are the most`)
  if (!/^[0-9A-Za-z]{2}$/.test(talker))
    throw new RangeError(`talker: expected two letters or digits, got ${talker}`)
  if (!(Number.isInteger(sequence) && sequence >= 0 && sequence <= 9))
    throw new RangeError(`sequence: expected 0…9, got ${sequence}`)
  const out: string[] = []
  for (let n = 1; n <= total; n++) {
    const part = payload.slice((n - 1) * PART_CHARS, n * PART_CHARS)
    const id = total > 1 ? sequence : ''
    const body = `${talker}${formatter},${total},${n},${id},${channel},${part},${n === total ? fill : 0}`
    const block = tag ? blockOf(tag, n, total) : ''
    out.push(`${block}!${body}*${checksum(body)}`)
  }
  return out
}

function blockOf({ station, t, group }: TagOptions, n: number, total: number): string {
  if (group === undefined || total === 1) return tagBlock({ station, t })
  const of = `g:${n}-${total}-${group}`
  return n === 1 ? tagBlock({ station, t }, of) : tagBlock({}, of)
}

/**
 * A TAG block to put in front of a sentence: `\s:station,c:time*hh\`; empty when there is nothing to say.
 * @param first fields that come before them
 */
export function tagBlock(
  { station, t }: { station?: string | undefined; t?: number | undefined },
  first = '',
): string {
  const fields = first === '' ? [] : [first]
  // what would end the field, the block or the line is no part of a name
  if (station) fields.push(`s:${station.replace(/[^\x20-\x7e]|[\\,*!$]/g, '_')}`)
  if (t !== undefined) fields.push(`c:${t % 1000 === 0 ? t / 1000 : Math.round(t)}`)
  if (fields.length === 0) return ''
  const body = fields.join(',')
  return `\\${body}*${checksum(body)}\\`
}

/** NMEA checksum: all bytes between the first character and the star, exclusive or. */
export function checksum(body: string): string {
  let sum = 0
  for (let i = 0; i < body.length; i++) sum ^= body.charCodeAt(i)
  return HEX[sum & 255]!
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
