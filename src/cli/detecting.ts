// A run of detect as the command line sees it: opens what was named, starts the run, hands events to the outputs,
// watches for Ctrl-C and a closed pipe, and tells at the end what was found.

import { rmSync } from 'node:fs'
import {
  buildReport,
  createSink,
  detect,
  parseEvent,
  eventLine,
  formatOf,
  GRID_FORMATS,
  loadZones,
  openFiles,
  openOutput,
  toJson,
  writeAnchorages,
  writeReceptionGrid,
  writeReport,
} from '../index.js'
import type {
  Anchorage,
  DetectOptions,
  DetectRun,
  GridFormat,
  GridRow,
  Output,
  RunStats,
  Sink,
  SinkFormat,
} from '../index.js'
import type { DetectFlags } from './commands/detect.js'
import { UsageError, type InputError } from '../model/errors.js'
import type { DarkEvent } from '../model/event.js'
import { MS_PER_S } from '../model/units.js'
import { EXIT, oneLine } from './exit.js'
import { inputFormatNamed } from './input-format.js'
import { createInterrupt } from './interrupt.js'
import { inBytes, inMinutes, inNumber, inThousands, inTime } from './numbers.js'
import { openKeeper, type Keeper, type KeptRun } from './keeping.js'
import { readRules, type Rules } from './rules.js'
import { aroundOf, formatFor as reportFormatFor } from './reporting.js'
import { createTally, exemptedLine, rejectedTable, watchlistLine } from './summary.js'
import { createTalk, type Talk } from './talk.js'
import { madeBy } from './version.js'

export interface DetectOutcome {
  exitCode: number
  stats: RunStats
}

/** Width of the summary where stderr is no terminal. */
const PIPED_COLUMNS = 180
/** Events between two looks at whether stdout keeps up. */
const DRAIN_EVERY = 256

/** What a command makes of a run: how it starts, what it is called, and what it tells at the end. */
export interface Job {
  name: string
  start(inputs: ReturnType<typeof openFiles>, options: DetectOptions): DetectRun
  /** Read before anything is opened for writing: talks of what it found. @throws what keeps the run from starting */
  prepare?(talk: Talk): Promise<void>
  summary?(stats: RunStats): string
  /** What kind of run a store keeps it as, and what it reads besides. @default detect, nothing */
  kept?: Pick<KeptRun, 'kind' | 'besides'>
  /** True when an input of its own failed. */
  failed?(): boolean
}

const DETECT: Job = { name: 'detect', start: detect }

/**
 * @param onEvent sees every event that is handed on, besides the outputs
 * @throws UsageError, OutputError: nothing is left under a final name then
 */
export async function runDetect(
  files: string[],
  flags: DetectFlags,
  onEvent?: (event: DarkEvent) => void,
  job: Job = DETECT,
): Promise<DetectOutcome> {
  const talk = await createTalk(flags)
  const interrupt = createInterrupt()
  let outputs: Outputs | undefined
  let opening: Promise<Keeper> | undefined
  try {
    const rules = await readRules(flags)
    rules.warnings.forEach(line => talk.warn(`darkwake: ${line}`))
    const options = optionsOf(flags, rules)
    await job.prepare?.(talk)
    const out = (outputs = createOutputs(flags))
    const keeper =
      flags.store === undefined ? null : await (opening = openKeeper(flags.store, keptRun(options, rules)))
    const failed: InputError[] = []
    const run = job.start(openFiles(files), {
      ...options,
      signal: interrupt.signal,
      onInput({ name, format, compression, sizeBytes }) {
        const packed = compression === 'none' ? '' : `, ${compression}`
        talk.say(`${name}: ${format}${packed}${sizeBytes == null ? '' : `, ${inBytes(sizeBytes)}`}`)
        talk.log({ input: name, format, compression, sizeBytes }, 'recognised')
      },
      onInputError(error) {
        failed.push(error)
        talk.warn(`darkwake: ${oneLine(error)}`)
      },
      onProgress: progress => talk.progress(progress),
      ...(out.onReject && { onReject: out.onReject }),
      ...(out.onLessons && { onLessons: out.onLessons }),
      ...(keeper && { onReports: keeper.take, exempt: keeper.exempt, onExempt: keeper.keep }),
    })

    const tally = createTally()
    const reported: DarkEvent[] = []
    let told = 0
    for await (const event of run) {
      if (!talk.quiet && !job.summary) tally.add(event)
      if (flags.report !== undefined) reported.push(asWritten(event))
      onEvent?.(event)
      await keeper?.add(event)
      out.write(event)
      if (++told % DRAIN_EVERY === 0) await out.drained()
      if (out.gone) break
    }
    talk.endProgress()
    await out.drained()

    const stats = run.stats()
    const withdrawn = await keeper?.end(stats, run, !interrupt.signal.aborted && !out.gone && !job.failed?.())
    if (withdrawn)
      talk.say(`${flags.store}: ${inNumber(withdrawn, 'event')} of earlier runs not found again: withdrawn`)
    talk.log({ ...stats }, 'run ended')
    if (interrupt.signal.aborted) {
      out.abort(stats)
      talk.warn(`darkwake: interrupted: ${job.name}: ${out.partial() || 'what was found so far was written'}`)
      return { exitCode: EXIT.interrupted, stats }
    }
    if (out.gone) return { exitCode: EXIT.done, stats }
    if (stats.inputs.length === 0) {
      out.discard()
      const unrecognised = failed.every(({ kind }) => kind === 'unrecognised')
      return { exitCode: unrecognised ? EXIT.unrecognised : EXIT.failed, stats }
    }
    out.close(stats, run)
    if (out.report) await writeReportOf(reported, stats)
    await out.drained()
    warnOfSilence(stats, talk)
    if (!talk.quiet) talk.show(job.summary?.(stats) ?? summary(stats, tally))
    return { exitCode: failed.length > 0 || job.failed?.() ? EXIT.failed : EXIT.done, stats }
  } catch (error) {
    talk.endProgress()
    if (error instanceof UsageError) outputs?.discard()
    else outputs?.abort()
    throw error
  } finally {
    interrupt.release()
    await opening?.then(keeper => keeper.close()).catch(() => undefined)
  }

  function keptRun({ only, bbox, minScore }: DetectOptions, { polygons }: Rules): KeptRun {
    const { kind, besides } = job.kept ?? { kind: 'detect', besides: [] }
    return { kind, files, besides, zones: polygons, ...{ only, bbox, minScore } }
  }

  /** Reads the inputs once more, for the tracks around what was found. */
  async function writeReportOf(events: DarkEvent[], stats: RunStats): Promise<void> {
    const { map, timeStart, zones: paths, inputFormat: format } = flags
    const zones = paths === false ? [] : paths && (await Promise.all(paths.map(loadZones))).flat()
    const findings = buildReport(events, { stats, zones, madeBy: madeBy(), sources: files })
    const around = await aroundOf(findings, files, talk, {
      ...{ map, timeStart, format: inputFormatNamed(format), signal: interrupt.signal },
      // told already, when it was read first
      onInputError: () => undefined,
    })
    writeReport({ ...findings, around }, reportFormatFor(flags.report!), outputs!.report!)
  }
}

function optionsOf(flags: DetectFlags, rules: Rules): DetectOptions {
  const { from, to, bbox, only, minScore, maxMemory, workers, inputFormat, map, timeStart, all } = flags
  const { passes, lessons } = flags
  return {
    ...rules,
    ...{ from, to, bbox, only, minScore, map, timeStart, workers, passes, lessons },
    inputFormat: inputFormatNamed(inputFormat),
    maxMemoryBytes: maxMemory,
    final: !all,
  }
}

/** With its figures as in the file of events, so that a report says the same of both. */
function asWritten(event: DarkEvent): DarkEvent {
  const read = parseEvent(eventLine(event))
  return typeof read === 'string' ? event : read
}

interface Outputs {
  write(event: DarkEvent): void
  readonly onReject: DetectOptions['onReject']
  readonly onLessons: DetectOptions['onLessons']
  /** Written by whoever has all events, before the outputs are drained. */
  readonly report: Output | undefined
  /** True when no one is left to read events: stdout was the only output, and its reader went away. */
  readonly gone: boolean
  drained(): Promise<void>
  close(stats: RunStats, run: { receptionGrid(): GridRow[]; anchorages(): Anchorage[] }): void
  /** Never throws. Everything stays under its partial name. */
  abort(stats?: RunStats): void
  /** Nothing was found out at all: leaves no trace. */
  discard(): void
  /** Where a person finds what was written before an interrupt. */
  partial(): string
}

function createOutputs({
  store,
  output: targets = store === undefined ? ['-'] : [],
  format,
  force,
  stats: statsPath,
  rejects: rejectsPath,
  receptionOut: gridPath,
  anchoragesOut: anchoragesPath,
  lessonsOut: lessonsPath,
  report: reportPath,
}: DetectFlags): Outputs {
  const formats = targets.map(target => formatFor(target, format))
  if (reportPath !== undefined) reportFormatFor(reportPath)
  const gridFormat = gridPath === undefined ? undefined : gridFormatOf(gridPath)
  const opened: Output[] = []
  const open = (target: string): Output => {
    const output = openOutput(target, { force })
    opened.push(output)
    return output
  }
  const sinks: Sink[] = []
  let statsOutput: Output | undefined
  let rejectsOutput: Output | undefined
  let gridOutput: Output | undefined
  let anchoragesOutput: Output | undefined
  let lessonsOutput: Output | undefined
  let reportOutput: Output | undefined
  try {
    for (const [k, target] of targets.entries()) sinks.push(createSink(formats[k]!, open(target)))
    if (statsPath !== undefined) statsOutput = open(statsPath)
    if (rejectsPath !== undefined) rejectsOutput = open(rejectsPath)
    if (gridPath !== undefined) gridOutput = open(gridPath)
    if (anchoragesPath !== undefined) anchoragesOutput = open(anchoragesPath)
    if (lessonsPath !== undefined) lessonsOutput = open(lessonsPath)
    if (reportPath !== undefined) reportOutput = open(reportPath)
  } catch (error) {
    // one that cannot be opened spoils the run before it begins: the others leave no empty files behind
    for (const output of opened) output.abort()
    removePartials()
    throw error
  }
  const events = opened.slice(0, targets.length)

  function removePartials(): void {
    const paths = [
      ...targets,
      statsPath,
      rejectsPath,
      gridPath,
      anchoragesPath,
      lessonsPath,
      reportPath,
    ].filter(path => path !== undefined)
    for (const path of paths.slice(0, opened.length))
      if (path !== '-') rmSync(`${path}.partial`, { force: true })
  }

  return {
    write(event) {
      for (const sink of sinks) sink.write(event)
    },
    report: reportOutput,
    onLessons:
      lessonsOutput &&
      (text => {
        for (const piece of text) lessonsOutput.write(piece)
      }),
    onReject: rejectsOutput && (reject => rejectsOutput.write(`${toJson(reject)}\n`)),
    get gone() {
      return events.length > 0 && events.every(output => output.gone)
    },
    async drained() {
      for (const output of opened) await output.drained()
    },
    close(stats, run) {
      for (const sink of sinks) sink.close()
      statsOutput?.write(`${JSON.stringify(stats, null, 2)}\n`)
      statsOutput?.close()
      rejectsOutput?.close()
      lessonsOutput?.close()
      if (gridOutput) writeReceptionGrid(run.receptionGrid(), gridFormat!, gridOutput)
      if (anchoragesOutput) writeAnchorages(run.anchorages(), anchoragesOutput)
    },
    abort(stats) {
      for (const sink of sinks) sink.abort()
      try {
        if (stats) statsOutput?.write(`${JSON.stringify(stats, null, 2)}\n`)
      } catch {
        // the reason for stopping has been told already
      }
      statsOutput?.abort()
      rejectsOutput?.abort()
      // half of what was to be learned would pass for all of it
      for (const [learned, path] of [
        [gridOutput, gridPath],
        [anchoragesOutput, anchoragesPath],
        [lessonsOutput, lessonsPath],
        [reportOutput, reportPath],
      ] as const) {
        learned?.abort()
        if (learned) rmSync(`${path}.partial`, { force: true })
      }
    },
    discard() {
      for (const output of opened) output.abort()
      removePartials()
    },
    partial() {
      const files = targets.filter(target => target !== '-').map(target => `${target}.partial`)
      return files.length ? `what was found so far is in ${files.join(', ')}` : ''
    },
  }
}

function formatFor(target: string, format: SinkFormat | undefined): SinkFormat {
  if (target === '-') return format ?? 'ndjson'
  const byEnding = formatOf(target) ?? format
  if (byEnding) return byEnding
  throw new UsageError(
    `output: ${target}: its ending names no format: use .ndjson, .csv, .geojson, .kml or .gfw.json, or --format`,
  )
}

function gridFormatOf(path: string): GridFormat {
  const format = GRID_FORMATS.find(name => path.toLowerCase().endsWith(`.${name}`))
  if (format) return format
  throw new UsageError(`reception-out: ${path}: its ending names no format: use .csv or .geojson`)
}

/** An input that was read but gave nothing is worth a word, even with --quiet. */
function warnOfSilence({ inputs, rejected, accepted, static: statics, other }: RunStats, talk: Talk): void {
  const reasons = Object.entries(rejected)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${reason} ${inThousands(count)}`)
  for (const input of inputs) {
    // parts of messages that were never whole are none of the rejected
    const isSilent =
      input.rejected === input.rows || (inputs.length === 1 && accepted + statics + other === 0)
    if (input.rows === 0 || !isSilent) continue
    const why = inputs.length === 1 ? ` (${reasons.slice(0, 3).join(', ')})` : ''
    talk.warn(`darkwake: input: ${input.name}: ${inNumber(input.rows, 'row')} gave no report${why}`)
  }
}

/** Which detectors had nothing to go by, by what is missing; none when every one had. */
function notJudgedLine(notJudged: RunStats['notJudged']): string[] {
  const needs = [...new Set(Object.values(notJudged).flat())]
  if (needs.length === 0) return []
  const of = (need: string): string =>
    Object.keys(notJudged)
      .filter(name => notJudged[name]!.includes(need))
      .join(', ')
  return ['', `not judged, since the input has no ${needs.map(need => `${need}: ${of(need)}`).join('; no ')}`]
}

export function booksLine(stats: RunStats): string {
  const { accepted, vessels, span, elapsedMs, reportsPerS, duplicates } = stats
  const from = span.from ? inMinutes(Date.parse(span.from)) : ''
  const to = span.to ? inMinutes(Date.parse(span.to)) : ''
  const time = from ? `, ${from} to ${to}` : ''
  return (
    `${inNumber(accepted, 'report')} of ${inNumber(vessels, 'vessel')}${time}; ` +
    `${inNumber(duplicates, 'duplicate')}; ${inTime(elapsedMs)}` +
    // a rate of a few milliseconds says nothing
    (elapsedMs >= MS_PER_S ? `, ${inThousands(reportsPerS)} rows/s` : '')
  )
}

function summary(stats: RunStats, tally: ReturnType<typeof createTally>): string {
  const { read, rejected } = stats
  const parts = [tally.faults(), tally.interferences()].filter(Boolean)
  return [
    '',
    booksLine(stats),
    '',
    ...(tally.size > 0
      ? [
          tally.byType(),
          '',
          tally.topZones(),
          '',
          tally.topVessels(process.stderr.columns ?? PIPED_COLUMNS),
          '',
        ]
      : ['no events', '']),
    ...parts.flatMap(part => [part, '']),
    ...(stats.watchlist ? [watchlistLine(stats.watchlist), ''] : []),
    ...(stats.exempted ? [exemptedLine(stats.exempted), ''] : []),
    rejectedTable(rejected, read),
    ...notJudgedLine(stats.notJudged),
  ].join('\n')
}
