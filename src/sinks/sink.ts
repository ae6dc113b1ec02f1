// Events to text in one of the formats: what a user keeps of a run. A format only makes text; where the text goes,
// and when a file takes its name, is the output's affair.

import type { DarkEvent } from '../model/event.js'
import { csvFormat } from './csv.js'
import { geojsonFormat } from './geojson.js'
import { gfwFormat } from './gfw.js'
import { kmlFormat } from './kml.js'
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
  /** A function where the end depends on what came before. */
  tail: string | (() => string)
}

export const SINK_FORMATS = ['ndjson', 'csv', 'geojson', 'kml', 'gfw'] as const
export type SinkFormat = (typeof SINK_FORMATS)[number]

const FORMATS: Record<SinkFormat, () => EventFormat> = {
  ndjson: ndjsonFormat,
  csv: csvFormat,
  geojson: geojsonFormat,
  kml: kmlFormat,
  gfw: gfwFormat,
}

const ENDINGS: Record<string, SinkFormat> = {
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'ndjson',
  csv: 'csv',
  geojson: 'geojson',
  kml: 'kml',
  gfw: 'gfw',
}

/** The format that a file name's ending asks for; undefined when it says nothing. */
export function formatOf(path: string): SinkFormat | undefined {
  if (/\.gfw\.json$/i.test(path)) return 'gfw'
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase()
  return ending !== undefined && Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined
}

/** @throws OutputError when the output fails */
export function createSink(format: SinkFormat, output: Output): Sink {
  const { head, event: text, tail } = FORMATS[format]()
  const end = (): string => (typeof tail === 'string' ? tail : tail())
  output.write(head)
  return {
    write: event => output.write(text(event)),
    close() {
      output.write(end())
      output.close()
    },
    abort() {
      try {
        output.write(end())
      } catch {
        // a full disk takes no tail either
      }
      output.abort()
    },
  }
}
