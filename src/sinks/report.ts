// A report in one of its forms: HTML to look at and to print, Markdown to paste, GeoJSON of what a satellite should look at.

import type { DarkEvent } from '../model/event.js'
import type { Output } from './output.js'
import { findingsOf, type Findings, type ReportOptions } from './report/findings.js'
import { htmlReport } from './report/html.js'
import { markdownReport } from './report/markdown.js'
import { taskingGeojson } from './tasking.js'

export const REPORT_FORMATS = ['html', 'md', 'tasking'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

const ENDINGS: Record<string, ReportFormat> = {
  ...{ html: 'html', htm: 'html', md: 'md', markdown: 'md', geojson: 'tasking' },
}

/** The form that a file name's ending asks for; undefined when it says nothing. */
export function reportFormatOf(path: string): ReportFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase()
  return ending !== undefined && Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined
}

const FORMS: Record<ReportFormat, (findings: Findings) => string> = {
  html: htmlReport,
  md: markdownReport,
  tasking: ({ told, span }) =>
    taskingGeojson([...new Set(told.flatMap(({ events }) => events))], span?.to ?? -Infinity),
}

/** What a report says, for any of its forms. */
export const buildReport = (events: Iterable<DarkEvent>, options: ReportOptions): Findings =>
  findingsOf(events, options)

/** Writes it and closes the output. @throws OutputError */
export function writeReport(findings: Findings, format: ReportFormat, output: Output): void {
  output.write(FORMS[format](findings))
  output.close()
}
