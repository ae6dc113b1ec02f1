// What a command says while it works: lines, a progress bar and logs, all on stderr. Text from AIS or from file names
// passes through safeText here, so that no ship's name reaches the terminal raw.

import { safeText } from '../model/text.js'
import type { Progress, WatchLog } from '../index.js'
import { inThousands } from './numbers.js'
import type { TalkOptions } from './options.js'

export interface Talk {
  readonly quiet: boolean
  /** News for a person; silent with --quiet. */
  say(line: string): void
  /** Something that went wrong; always said. */
  warn(line: string): void
  /** A JSON log line, with --verbose or --log-level. */
  log(fields: Record<string, unknown>, message: string, level?: 'info' | 'warn' | 'error'): void
  /** A ready-made block (a table): its text has been made safe where it was built. */
  show(block: string): void
  /** Shows how far the run is; does nothing where stderr is no terminal. */
  progress(progress: Progress): void
  endProgress(): void
}

/** At most this many redraws per second. */
const REDRAWS_PER_S = 8

export async function createTalk({ quiet = false, verbose, logLevel }: TalkOptions): Promise<Talk> {
  const level = logLevel ?? (verbose ? 'info' : undefined)
  const logger = level ? await stderrLogger(level) : null
  const tty = process.stderr.isTTY === true && !quiet
  const progress = tty ? (await import('cli-progress')).default : null
  let bar: InstanceType<NonNullable<typeof progress>['SingleBar']> | null = null
  let started = 0
  let shown: Progress['phase'] | null = null

  const line = (text: string) => {
    if (bar) process.stderr.write('\r\u001b[K')
    process.stderr.write(`${safeText(text, 1000)}\n`)
  }

  return {
    quiet,
    say: text => {
      if (!quiet) line(text)
    },
    warn: line,
    log: (fields, message, at = 'info') => logger?.[at](fields, message),
    show: block => {
      if (!quiet) process.stderr.write(`${block}\n`)
    },
    progress({ phase, bytesRead, bytesTotal, rows, rowsTotal }) {
      if (!progress) return
      const [done, total] = phase === 'read' ? [bytesRead, bytesTotal] : [rows, rowsTotal]
      if (phase !== shown) {
        bar?.stop()
        shown = phase
        started = Date.now()
        bar = new progress.SingleBar(
          {
            stream: process.stderr,
            format: `${phase === 'read' ? 'reading  ' : 'detecting'} {bar} {percentage} % | {rate} reports/s | {eta_formatted} left`,
            hideCursor: true,
            clearOnComplete: true,
            fps: REDRAWS_PER_S,
          },
          progress.Presets.shades_classic,
        )
        bar.start(total ?? 0, 0, { rate: '…' })
      }
      const seconds = (Date.now() - started) / 1000
      if (total !== null) bar?.setTotal(total)
      bar?.update(done, { rate: seconds > 0 ? inThousands(rows / seconds) : '…' })
    },
    endProgress() {
      bar?.stop()
      bar = null
    },
  }
}

/** pino writes to stdout unless told otherwise, and stdout carries data. */
async function stderrLogger(level: string) {
  const { pino } = await import('pino')
  return pino({ level, base: null }, pino.destination({ fd: 2, sync: true }))
}

/** Lines for people, or JSON with --log-level and --verbose. */
export function logOf(talk: Talk, { verbose, logLevel }: TalkOptions): WatchLog {
  const structured = verbose === true || logLevel !== undefined
  return (level, message, fields = {}) => {
    if (structured) talk.log(fields, message, level)
    else if (level === 'info') talk.say(message)
    else talk.warn(`darkwake: ${message}`)
  }
}
