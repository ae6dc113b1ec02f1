// A run of report as the command line sees it, and the report at the end of a run of detect: reads events, looks through the AIS
// around them where there is any, and writes the report in its forms.

import { readFileSync, rmSync } from 'node:fs'
import {
  buildReport,
  loadZones,
  lookAround,
  openFiles,
  openOutput,
  reportFormatOf,
  statsSchema,
  writeReport,
} from '../index.js'
import type { Around, AroundOptions, Output, ReportFindings, ReportFormat, ReportOptions } from '../index.js'
import { UsageError } from '../model/errors.js'
import type { ReportFlags } from './commands/report.js'
import { EXIT, oneLine } from './exit.js'
import { readEventFiles } from './event-files.js'
import { inputFormatNamed } from './input-format.js'
import { createInterrupt } from './interrupt.js'
import { createTalk, type Talk } from './talk.js'
import { madeBy } from './version.js'

/** @returns the exit code. @throws UsageError, OutputError, InputError of a zone file */
export async function runReport(files: string[], flags: ReportFlags): Promise<number> {
  const { output: targets = ['-'], format, force, ais = [], zones: zonePaths, event: only } = flags
  const formats = targets.map(target => formatFor(target, format))
  const inputFormat = inputFormatNamed(flags.inputFormat)
  const stats = flags.stats === undefined ? undefined : readBooks(flags.stats)
  const zones = zonePaths && (await Promise.all(zonePaths.map(loadZones))).flat()
  const talk = await createTalk(flags)
  const interrupt = createInterrupt()
  const opened: Output[] = []
  try {
    for (const target of targets) opened.push(openOutput(target, { force }))
    const { events, failed, stop } = await readEventFiles(files, talk, interrupt)
    if (stop !== undefined) return stopped(stop)
    const unknown = only?.find(id => !events.some(event => event.id === id))
    if (unknown !== undefined) throw new UsageError(`report: --event ${unknown}: no such event in the input`)
    const { top, minScore, title, map, timeStart } = flags
    const options: ReportOptions = {
      ...{ title, top, minScore, only, stats, zones, madeBy: madeBy(), sources: [...files, ...ais] },
    }
    const findings = buildReport(events, options)
    const around = await aroundOf(findings, ais, talk, {
      ...{ format: inputFormat, map, timeStart, signal: interrupt.signal },
      onInputError(error) {
        failed.push(error)
        talk.warn(`darkwake: ${oneLine(error)}`)
      },
    })
    if (interrupt.signal.aborted) return stopped(EXIT.interrupted)
    for (const [k, output] of opened.entries()) writeReport({ ...findings, around }, formats[k]!, output)
    for (const output of opened) await output.drained()
    return failed.length > 0 ? EXIT.failed : EXIT.done
  } catch (error) {
    discard()
    throw error
  } finally {
    interrupt.release()
  }

  function stopped(code: number): number {
    discard()
    if (code === EXIT.interrupted) talk.warn('darkwake: interrupted: report: nothing was written')
    return code
  }

  /** Nothing was found out: no empty file stays behind. */
  function discard(): void {
    for (const [k, output] of opened.entries()) {
      output.abort()
      if (targets[k] !== '-') rmSync(`${targets[k]}.partial`, { force: true })
    }
  }
}

/** What the reports tell around the events that get a card; nothing without files to look through. */
export async function aroundOf(
  { told }: ReportFindings,
  files: readonly string[],
  talk: Talk,
  options: AroundOptions,
): Promise<Around | undefined> {
  // a pipe is read only once
  const again = files.filter(file => file !== '-')
  const events = told.flatMap(({ events: own }) => own)
  if (again.length === 0 || events.length === 0) return undefined
  talk.say('looking through the reports around the candidates, for the report')
  return lookAround(openFiles(again), events, options)
}

export function formatFor(target: string, format?: ReportFormat): ReportFormat {
  if (target === '-') return format ?? 'html'
  const byEnding = reportFormatOf(target) ?? format
  if (byEnding) return byEnding
  throw new UsageError(
    `output: ${target}: its ending names no format: use .html, .md or .geojson, or --format`,
  )
}

/** @throws UsageError when it is no file of detect --stats */
function readBooks(path: string): ReportOptions['stats'] {
  const text = readFileSync(path, 'utf8')
  try {
    return statsSchema.parse(JSON.parse(text))
  } catch {
    throw new UsageError(`report: --stats ${path}: not what detect --stats writes`)
  }
}
