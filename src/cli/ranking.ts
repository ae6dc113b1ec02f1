// A run of rank as the command line sees it: reads the events, folds them into candidates, and writes these as a table, an
// account, NDJSON or CSV.

import { rmSync } from 'node:fs'
import { openOutput, rank, writeCandidates } from '../index.js'
import type { Candidate, Output } from '../index.js'
import { UsageError } from '../model/errors.js'
import type { RankFlags, RankFormat } from './commands/rank.js'
import { EXIT } from './exit.js'
import { readEventFiles } from './event-files.js'
import { candidateTable, explained } from './explain.js'
import { createInterrupt } from './interrupt.js'
import { createTalk } from './talk.js'

/** Width of a table where stdout is no terminal. */
const PIPED_COLUMNS = 180
const ENDINGS: Record<string, RankFormat> = {
  ...{ ndjson: 'ndjson', jsonl: 'ndjson', json: 'ndjson', csv: 'csv', txt: 'table' },
}

/** @returns the exit code. @throws UsageError, OutputError */
export async function runRank(files: string[], flags: RankFlags): Promise<number> {
  const { output: targets = ['-'], format, force, explain = false, top, minScore = 0 } = flags
  const formats = targets.map(target => formatFor(target, format))
  if (explain && !formats.includes('table'))
    throw new UsageError('rank: --explain goes with text: NDJSON holds all of it, CSV its lines')
  const talk = await createTalk(flags)
  const interrupt = createInterrupt()
  const opened: Output[] = []
  try {
    for (const target of targets) opened.push(openOutput(target, { force }))
    const { events, failed, stop } = await readEventFiles(files, talk, interrupt)
    if (stop !== undefined) {
      discard()
      if (stop === EXIT.interrupted) talk.warn('darkwake: interrupted: rank: nothing was written')
      return stop
    }
    const candidates = rank(events)
      .filter(({ score }) => score >= minScore)
      .slice(0, top)
    for (const [k, output] of opened.entries()) write(candidates, formats[k]!, output, explain)
    for (const output of opened) await output.drained()
    return failed.length > 0 ? EXIT.failed : EXIT.done
  } catch (error) {
    discard()
    throw error
  } finally {
    interrupt.release()
  }

  /** Nothing was found out: no empty file stays behind. */
  function discard(): void {
    for (const [k, output] of opened.entries()) {
      output.abort()
      if (targets[k] !== '-') rmSync(`${targets[k]}.partial`, { force: true })
    }
  }
}

function write(candidates: Candidate[], format: RankFormat, output: Output, explain: boolean): void {
  if (format !== 'table') {
    writeCandidates(candidates, format, output)
    return
  }
  const width = process.stdout.columns ?? PIPED_COLUMNS
  output.write(`${explain ? explained(candidates) : candidateTable(candidates, width)}\n`)
  output.close()
}

function formatFor(target: string, format: RankFormat | undefined): RankFormat {
  if (target === '-') return format ?? 'table'
  const ending = /\.([a-z]+)$/i.exec(target)?.[1]?.toLowerCase() ?? ''
  const byEnding = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : format
  if (byEnding) return byEnding
  throw new UsageError(
    `output: ${target}: its ending names no format: use .ndjson, .csv or .txt, or --format`,
  )
}
