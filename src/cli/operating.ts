// A step of two passes as the command line runs it: lines in, lines out, a word on stderr of what came of the rows.

import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import {
  createPeriod,
  createSink,
  cutByVessel,
  judgeSea,
  judgeVessels,
  learnFrom,
  openLessonsFiles,
  openOutput,
  rowsOfRanges,
  tellFound,
  uncut,
} from '../index.js'
import type { DarkEvent, DetectRun, InPeriod, Input, LessonsFile, OperatorOptions } from '../index.js'
import { UsageError, type InputError } from '../model/errors.js'
import type { OperatorFlags, Step } from './commands/operator.js'
import { booksLine } from './detecting.js'
import { EXIT } from './exit.js'
import { inputFormatNamed } from './input-format.js'
import { createInterrupt } from './interrupt.js'
import { inNumber } from './numbers.js'
import { readRules } from './rules.js'
import { createTalk } from './talk.js'
import { version } from './version.js'

/** @throws UsageError, InputError, OutputError */
export async function runOperator(step: Step, flags: OperatorFlags): Promise<number> {
  const { expectVersion } = flags
  if (expectVersion !== undefined && expectVersion !== version())
    throw new UsageError(
      `operator: this is darkwake ${version()}, and ${expectVersion} is asked for: all steps take the same one`,
    )
  const needsLessons = step !== 'learn' && step !== 'cut'
  if (needsLessons && !flags.lessons) throw new UsageError(`operator: ${step} needs --lessons`)
  if (!needsLessons && flags.lessons) throw new UsageError(`operator: ${step} takes no --lessons`)
  if (step === 'cut') {
    if (flags.header === undefined) throw new UsageError('operator: cut needs --header')
    const rows = flags.ranges ? rowsOfRanges(lines()) : process.stdin
    await pipeline(cutByVessel(rows, flags.header, flags.map), process.stdout)
    return EXIT.done
  }
  const talk = await createTalk(flags)
  const interrupt = createInterrupt()
  const rules = await readRules(flags)
  const period = createPeriod({
    until: flags.until,
    version: version(),
    rules: rules.fingerprint.slice(0, 16),
  })
  rules.warnings.forEach(line => talk.warn(`darkwake: ${line}`))
  const lessons = flags.lessons && openLessonsFiles(flags.lessons)
  const out = openOutput('-')
  const write = (line: string): void => out.write(`${line}\n`)
  try {
    if (step === 'sea')
      await judgeSea(lines(), { ...rules, period, maxMemoryBytes: flags.maxMemory }, lessons!, write)
    else if (step === 'tell') await tell(lessons!)
    else {
      const failed: InputError[] = []
      const options: OperatorOptions & InPeriod = {
        ...{ ...rules, period },
        ...{ map: flags.map, maxMemoryBytes: flags.maxMemory, signal: interrupt.signal },
        inputFormat: inputFormatNamed(flags.inputFormat),
        onInputError: error => failed.push(error),
        // what a slow reader has not taken would fill memory
        onReports: () => out.drained(),
      }
      const input = inputOf(period.without(uncut(process.stdin)), flags.header)
      const run =
        step === 'learn'
          ? learnFrom([input], options, write)
          : judgeVessels([input], options, lessons!, write)
      await ended(run)
      out.close()
      if (interrupt.signal.aborted) return EXIT.interrupted
      talk.say(booksLine(run.stats()))
      if (run.outside() > 0)
        talk.warn(`darkwake: operator: ${inNumber(run.outside(), 'report')} outside of the period left out`)
      // a part that has no rows is a part
      const broken = failed.filter(({ message }) => !message.endsWith(': empty'))
      if (broken[0]) throw broken[0]
    }
    out.close()
    return EXIT.done
  } finally {
    lessons?.close()
    interrupt.release()
  }

  async function tell(from: LessonsFile): Promise<void> {
    const sink = createSink('ndjson', out)
    const onEvent = (event: DarkEvent): void => sink.write(event)
    const options = { ...rules, period, onEvent, drained: () => out.drained() }
    const states: string[] = []
    await tellFound(lines(), options, from, !flags.all, line => states.push(line))
    sink.close()
    states.forEach(write)
  }
}

/** An operator tells no events: it is over when it ends. */
async function ended(run: DetectRun): Promise<void> {
  await run[Symbol.asyncIterator]().next()
}

const lines = (): AsyncIterable<string> => createInterface({ input: process.stdin, crlfDelay: Infinity })

function inputOf(rows: AsyncIterable<Uint8Array>, header: string | undefined): Input {
  return { name: 'stdin', stream: header === undefined ? rows : headed(header, rows) }
}

async function* headed(
  header: string,
  rows: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(`${header}\n`)
  yield* rows
}
