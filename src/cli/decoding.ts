// A run of decode as the command line sees it: opens what was named, hands each message to the outputs as it comes, and
// tells at the end what was read and what was refused.

import { rmSync } from 'node:fs'
import { createMessageSink, decode, messageFormatOf, openFiles, openOutput, toJson } from '../index.js'
import type { DecodeCounts, MessageFormat, MessageSink, Output } from '../index.js'
import { InputError, UsageError } from '../model/errors.js'
import type { DecodeFlags } from './commands/decode.js'
import { MS_PER_S } from '../model/units.js'
import { EXIT, oneLine } from './exit.js'
import { createInterrupt } from './interrupt.js'
import { inBytes, inNumber, inThousands, inTime } from './numbers.js'
import { rejectedTable } from './summary.js'
import { MESSAGE_NAMES } from './message-names.js'
import { table } from './tables.js'
import { createTalk, type Talk } from './talk.js'

/** @returns the exit code. @throws UsageError, OutputError */
export async function runDecode(files: string[], flags: DecodeFlags): Promise<number> {
  const talk = await createTalk(flags)
  const interrupt = createInterrupt()
  const { signal } = interrupt
  const startedAt = Date.now()
  let out: Outputs | undefined
  try {
    const outputs = (out = await createOutputs(flags))
    const totals: DecodeCounts[] = []
    const failed: InputError[] = []
    const fail = (error: InputError): void => {
      failed.push(error)
      talk.warn(`darkwake: ${oneLine(error)}`)
    }
    for (const input of openFiles(files)) {
      if (signal.aborted || outputs.gone) break
      try {
        const run = decode(input, outputs.write, {
          types: flags.types,
          timeStart: flags.timeStart,
          onReject: outputs.onReject,
          onInput({ name, compression, sizeBytes }) {
            const packed = compression === 'none' ? '' : `, ${compression}`
            talk.say(`${name}: nmea${packed}${sizeBytes === null ? '' : `, ${inBytes(sizeBytes)}`}`)
          },
          async ready() {
            await outputs.drained()
            return !signal.aborted && !outputs.gone
          },
        })
        const counts = await Promise.race([run, interrupt.aborted])
        if (!counts) break
        totals.push(counts)
        if (counts.error) fail(counts.error)
        warnOfSilence(input.name, counts, talk)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        fail(error)
      }
    }
    await outputs.drained()
    if (signal.aborted) {
      outputs.abort()
      const partial = outputs.partial()
      talk.warn(`darkwake: interrupted: decode: ${partial || 'what was read so far was written'}`)
      return EXIT.interrupted
    }
    if (outputs.gone) {
      outputs.abort()
      return EXIT.done
    }
    if (totals.length === 0) {
      outputs.discard()
      return failed.every(({ kind }) => kind === 'unrecognised') ? EXIT.unrecognised : EXIT.failed
    }
    outputs.close()
    await outputs.drained()
    if (!talk.quiet) talk.show(summary(totals, Date.now() - startedAt))
    return failed.length > 0 ? EXIT.failed : EXIT.done
  } catch (error) {
    if (error instanceof UsageError) out?.discard()
    else out?.abort()
    throw error
  } finally {
    interrupt.release()
  }
}

interface Outputs {
  write(message: Parameters<MessageSink['write']>[0]): void
  readonly onReject: ((reject: { reason: string }) => void) | undefined
  /** No one is left to read: stdout was the only output, and its reader went away. */
  readonly gone: boolean
  drained(): Promise<void>
  close(): void
  /** Never throws. Everything stays under its partial name. */
  abort(): void
  /** Nothing was read at all: leaves no trace. */
  discard(): void
  /** Where a person finds what was written before an interrupt. */
  partial(): string
}

async function createOutputs(flags: DecodeFlags): Promise<Outputs> {
  const { output: targets = ['-'], format, force, fields, types, raw, rejects: rejectsPath } = flags
  const formats = targets.map(target => formatFor(target, format))
  const opened: { target: string; output: Output }[] = []
  const open = (target: string): Output => {
    const output = openOutput(target, { force })
    opened.push({ target, output })
    return output
  }
  const discard = (): void => {
    for (const { target, output } of opened) {
      output.abort()
      if (target !== '-') rmSync(`${target}.partial`, { force: true })
    }
  }
  const sinks: MessageSink[] = []
  let rejects: Output | undefined
  try {
    for (const [k, target] of targets.entries())
      sinks.push(await createMessageSink(formats[k]!, open(target), { fields, types, scaled: !raw }))
    if (rejectsPath !== undefined) rejects = open(rejectsPath)
  } catch (error) {
    discard()
    throw error
  }
  const [only] = sinks
  return {
    write: sinks.length === 1 ? only!.write : message => sinks.forEach(sink => sink.write(message)),
    onReject: rejects && (reject => rejects.write(`${toJson(reject)}\n`)),
    get gone() {
      return opened.slice(0, targets.length).every(({ output }) => output.gone)
    },
    async drained() {
      for (const { output } of opened) await output.drained()
    },
    close() {
      for (const sink of sinks) sink.close()
      rejects?.close()
    },
    abort() {
      for (const sink of sinks) sink.abort()
      rejects?.abort()
    },
    discard,
    partial() {
      const names = targets.filter(target => target !== '-').map(target => `${target}.partial`)
      return names.length > 0 ? `what was read so far is in ${names.join(', ')}` : ''
    },
  }
}

function formatFor(target: string, format: MessageFormat | undefined): MessageFormat {
  const byEnding = target === '-' ? undefined : messageFormatOf(target)
  // gpsd's JSON has the ending of any JSON
  if (byEnding === undefined || (format === 'gpsd' && byEnding === 'ndjson')) {
    if (format ?? target === '-') return format ?? 'ndjson'
    throw new UsageError(
      `output: ${target}: its ending names no format: use .ndjson, .csv or .parquet, or --format`,
    )
  }
  return byEnding
}

/** An input that was read but gave nothing is worth a word, even with --quiet. */
function warnOfSilence(name: string, { read, messages, skipped, rejected }: DecodeCounts, talk: Talk): void {
  if (read === 0 || messages + skipped > 0) return
  const reasons = Object.entries(rejected).map(([reason, count]) => `${reason} ${inThousands(count)}`)
  const why = reasons.length > 0 ? ` (${reasons.join(', ')})` : ''
  talk.warn(`darkwake: input: ${name}: ${inNumber(read, 'sentence')} gave no message${why}`)
}

function summary(all: DecodeCounts[], elapsedMs: number): string {
  const sum = (of: (counts: DecodeCounts) => number): number => all.reduce((n, counts) => n + of(counts), 0)
  const added = (of: (counts: DecodeCounts) => Record<string, number>): Record<string, number> => {
    const total: Record<string, number> = {}
    for (const counts of all)
      for (const [name, count] of Object.entries(of(counts))) total[name] = (total[name] ?? 0) + count
    return total
  }
  const read = sum(counts => counts.read)
  const skipped = sum(counts => counts.skipped)
  return [
    '',
    [
      `${inNumber(
        sum(counts => counts.messages),
        'message',
      )} of ${inNumber(read, 'sentence')}`,
      ...(skipped > 0 ? [`${inThousands(skipped)} of other types`] : []),
      inNumber(
        sum(counts => counts.parts),
        'part',
      ),
      // a rate of a few milliseconds says nothing
      inTime(elapsedMs) +
        (elapsedMs >= MS_PER_S ? `, ${inThousands((MS_PER_S * read) / elapsedMs)} sentences/s` : ''),
    ].join('; '),
    '',
    table(
      'messages by type',
      ['type', 'what', 'messages'],
      Object.entries(added(counts => counts.byType)).map(([type, count]) => [
        Number(type),
        MESSAGE_NAMES[type] ?? '',
        count,
      ]),
    ),
    '',
    rejectedTable(
      added(counts => counts.rejected),
      read,
      'sentences',
    ),
  ].join('\n')
}
