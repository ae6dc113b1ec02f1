// What is in a file: format, span, vessels, message types, rates, how often vessels report, what was rejected and why,
// duplicates, coverage by hour and by station, stations whose clocks are off. One pass without sorting, in bounded memory.

import { InputError } from '../model/errors.js'
import { REJECT_REASONS, TX_CLASSES, type Reject, type RejectReason, type TxClass } from '../model/report.js'
import { createSourceCounts } from '../model/stats.js'
import { safeText } from '../model/text.js'
import { MS_PER_HOUR } from '../model/units.js'
import { createWords } from '../model/words.js'
import { recognise, type Input, type RecogniseOptions } from '../sources/open.js'
import type { Cadence } from './inspect/cadence.js'
import type { ClockOffset } from './inspect/clocks.js'
import { createTally, type Tally } from './inspect/tally.js'

export type { Cadence, Motion } from './inspect/cadence.js'
export type { ClockOffset } from './inspect/clocks.js'

/** As `darkwake inspect --json` prints it: `darkwake schema inspection`. Times are ISO-8601 UTC. */
export interface Inspection {
  schema: 'darkwake/inspection/1'
  name: string
  /** `mixed` for a zip whose members differ. */
  format: string
  compression: string
  sizeBytes: number | null
  /** The files in a zip that were read. */
  members?: { name: string; format: string }[]
  /** Rows or sentences read = reports + static + other + parts + Σ rejected. */
  read: number
  /** Rows that are reports, duplicates included. */
  reports: number
  /** Reports without a position: signs of life. */
  withoutPosition: number
  /** Messages 5 and 24. */
  static: number
  /** Valid messages that are no report. */
  other: number
  /** Sentences that completed no message of their own. */
  parts: number
  rejected: Partial<Record<RejectReason, number>>
  /** The first row rejected for each reason. Its text is made safe to show, and cut. */
  rejectSamples: Partial<Record<RejectReason, { line: number | null; raw: string }>>
  /** Transmissions read again, among the last few hundred thousand reports … */
  duplicates: number
  /** … of these, such as another station gave first. */
  duplicatesElsewhere: number
  /** Distinct MMSIs. */
  vessels: number
  span: { from: string; to: string } | null
  /** Mean over the span. */
  reportsPerHour: number
  /** Mean of the vessels heard, over the span. */
  reportsPerVesselHour: number
  /** True when event time never goes back. */
  sorted: boolean
  /** Messages by M.1371 type; 0 is unknown. */
  messageTypes: Record<string, number>
  /** Reports by kind of transmitter. */
  txClasses: Partial<Record<TxClass, number>>
  cadence: Cadence[]
  /** By UTC hour, in order; hours without any report are left out. */
  hours: { t: string; reports: number; vessels: number }[]
  /** Whole or broken hours of the span without any report. */
  hoursWithout: number
  /** By station, most reports first; `name` is null for reports that name none. */
  receivers: {
    name: string | null
    reports: number
    vessels: number | null
    from: string
    to: string
    hours: number
    repeats: number
    clock: ClockOffset | null
  }[]
  /** Some figure is too low because there were more vessels, hours or stations than are counted one by one. */
  limited: boolean
  /** Why it could not be read to its end. */
  error?: string
}

export interface InspectOptions extends RecogniseOptions {
  /** Event time of sentences that carry none and have nothing to lean on, epoch ms. */
  timeStart?: number | undefined
  /** Stored bytes read so far, and rows. */
  onProgress?: ((bytes: number, rows: number) => void) | undefined
}

const MAX_SAMPLE_CHARS = 300

/**
 * Reads an input to its end and tells what is in it.
 * @throws InputError when it cannot be opened or recognised; one that breaks off on the way has `error`
 */
export async function inspect(input: Input, options: InspectOptions = {}): Promise<Inspection> {
  const { timeStart, onProgress, map, ...how } = options
  const recognised = await recognise(input, { ...how, map })
  const words = createWords()
  const counts = createSourceCounts()
  const tally = createTally(words)
  const otherTypes = new Float64Array(64)
  const samples: Inspection['rejectSamples'] = {}
  let error: string | undefined
  try {
    await recognised.read(
      {
        ...{ words, name: recognised.name, counts, onBatch: tally.add, otherTypes },
        onReject({ reason, line, raw }: Reject) {
          samples[reason] ??= { line: line ?? null, raw: safeText(raw ?? '', MAX_SAMPLE_CHARS) }
        },
        ...(timeStart !== undefined && { timeStart }),
        ...(map && { map }),
      },
      bytes => onProgress?.(bytes, counts.read),
    )
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    error = cause.message
  }
  for (const [type, count] of otherTypes.entries()) tally.messageTypes[type]! += count
  const { name, format, compression, sizeBytes, members } = recognised
  return {
    schema: 'darkwake/inspection/1',
    ...{ name, format, compression, sizeBytes: sizeBytes ?? null },
    ...(members && { members }),
    read: counts.read,
    reports: tally.reports,
    withoutPosition: tally.withoutPosition,
    static: counts.static,
    other: counts.other,
    parts: counts.parts,
    rejected: Object.fromEntries(
      REJECT_REASONS.flatMap(reason =>
        counts.rejected[reason] > 0 ? [[reason, counts.rejected[reason]]] : [],
      ),
    ),
    rejectSamples: samples,
    duplicates: tally.duplicates,
    duplicatesElsewhere: tally.duplicatesElsewhere,
    vessels: tally.vessels,
    ...figuresOf(tally),
    messageTypes: named(tally.messageTypes, String),
    txClasses: named(tally.txClasses, code => TX_CLASSES[code]!),
    ...(error !== undefined && { error }),
  }
}

const iso = (t: number): string => new Date(t).toISOString()
const figure = (value: number): number => Number(value.toFixed(3))

/** What a report was needed for. */
function figuresOf(tally: Tally) {
  const { reports, from, to, vessels, sorted, limited } = tally
  const spanH = (to - from) / MS_PER_HOUR
  const hours = tally.hours()
  const hoursInSpan = reports > 0 ? Math.floor(to / MS_PER_HOUR) - Math.floor(from / MS_PER_HOUR) + 1 : 0
  return {
    span: reports > 0 ? { from: iso(from), to: iso(to) } : null,
    reportsPerHour: spanH > 0 ? figure(reports / spanH) : 0,
    reportsPerVesselHour: spanH > 0 ? figure(reports / vessels / spanH) : 0,
    sorted,
    cadence: tally.cadence(),
    hours: hours.map(({ t, ...count }) => ({ t: iso(t), ...count })),
    hoursWithout: limited ? 0 : hoursInSpan - hours.length,
    receivers: tally.stations().map(({ name, from, to, ...station }) => ({
      name: name === null ? null : safeText(name),
      ...{ ...station, from: iso(from), to: iso(to) },
    })),
    limited,
  }
}

function named(counts: Float64Array, name: (code: number) => string): Record<string, number> {
  return Object.fromEntries([...counts].flatMap((count, code) => (count > 0 ? [[name(code), count]] : [])))
}
