// Events to text in one of the formats: what a user keeps of a run. A format only makes text; where the text goes,
// and when a file takes its name, is the output's affair.

import type { DarkEvent } from '../model/event.js'
import { csvFormat } from './csv.js'
import { geojsonFormat } from './geojson.js'
import { ndjsonFormat } from './ndjson.js'
import type { Output } from './output.js'

export interface Sink {
  /** @throws OutputError when the output fails */
  write(event: DarkEvent): void
  /** Ends the document and the output. @throws OutputError */
  close(): void
  /** Ends after a failure or interrupt: the document is ended where possible and stays as FILE.partial. Never throws. */
  abort(): void
}

/** One document of a format: what stands before, for each, and after the events. */
export interface EventFormat {
  head: string
  event(event: DarkEvent): string
  tail: string
}

export const SINK_FORMATS = ['ndjson', 'csv', 'geojson'] as const
export type SinkFormat = (typeof SINK_FORMATS)[number]

const FORMATS: Record<SinkFormat, () => EventFormat> = {
  ndjson: ndjsonFormat,
  csv: csvFormat,
  geojson: geojsonFormat,
}

const ENDINGS: Record<string, SinkFormat> = {
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'ndjson',
  csv: 'csv',
  geojson: 'geojson',
}

/** The format that a file name's ending asks for; undefined when it says nothing. */
export function formatOf(path: string): SinkFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase()
  return ending !== undefined && Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined
}

/** @throws OutputError when the output fails */
export function createSink(format: SinkFormat, output: Output): Sink {
  const { head, event: text, tail } = FORMATS[format]()
  output.write(head)
  return {
    write: event => output.write(text(event)),
    close() {
      output.write(tail)
      output.close()
    },
    abort() {
      try {
        output.write(tail)
      } catch {
        // a full disk takes no tail either
      }
      output.abort()
    },
  }
}
