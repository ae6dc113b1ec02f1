// ingest and worker as the command line runs them.

import { createWorkerBooks, ingest, LOOPBACK, openFiles, parseAddress, work } from '../index.js'
import type { WorkerBooks } from '../index.js'
import { UsageError, type InputError } from '../model/errors.js'
import type { IngestFlags } from './commands/ingest.js'
import type { WorkerFlags } from './commands/worker.js'
import { booksLine } from './detecting.js'
import { EXIT, oneLine } from './exit.js'
import { inputFormatNamed } from './input-format.js'
import { createInterrupt } from './interrupt.js'
import { serversOf } from './options.js'
import { readRules } from './rules.js'
import { hasFeeds } from './feeds.js'
import { runLive } from './feeding.js'
import { createTalk, logOf } from './talk.js'
import { version } from './version.js'

export async function runIngest(files: string[], flags: IngestFlags): Promise<number> {
  if (hasFeeds(flags)) {
    if (files.length > 0) throw new UsageError('ingest: files or live feeds, not both')
    return runLive(flags)
  }
  if (files.length === 0) throw new UsageError('ingest: give files, or a live feed such as --tcp')
  const liveOnly = (['state', 'metrics', 'lateness', 'silence', 'satellite', 'speed'] as const).find(
    name => flags[name] !== undefined,
  )
  if (liveOnly) throw new UsageError(`ingest: --${liveOnly} goes with live feeds`)
  const talk = await createTalk(flags)
  const interrupt = createInterrupt()
  try {
    const failed: InputError[] = []
    const { prefix, parts, replicas, map, timeStart } = flags
    const run = await ingest(openFiles(files), {
      ...{ servers: serversOf(flags.nats), prefix, version: version(), parts, replicas, map, timeStart },
      ...{ maxMemoryBytes: flags.maxMemory, signal: interrupt.signal, log: logOf(talk, flags) },
      inputFormat: inputFormatNamed(flags.inputFormat),
      onInputError(error) {
        failed.push(error)
        talk.warn(`darkwake: ${oneLine(error)}`)
      },
      onProgress: progress => talk.progress(progress),
    })
    talk.endProgress()
    talk.say(booksLine(run.stats()))
    if (interrupt.signal.aborted) return EXIT.interrupted
    return failed.length > 0 ? EXIT.failed : EXIT.done
  } finally {
    interrupt.release()
  }
}

export async function runWork(flags: WorkerFlags): Promise<number> {
  const talk = await createTalk(flags)
  const interrupt = createInterrupt()
  let server: Awaited<ReturnType<typeof serverOf>>
  try {
    const rules = await readRules(flags)
    rules.warnings.forEach(line => talk.warn(`darkwake: ${line}`))
    const books = createWorkerBooks()
    server = await serverOf(flags, books)
    if (server) talk.say(`serving /healthz and /metrics on ${server.shown}`)
    const ended = await work({
      books,
      ...{
        servers: serversOf(flags.nats),
        prefix: flags.prefix,
        version: version(),
        rules,
        tasks: flags.tasks,
      },
      signal: interrupt.signal,
      log: text => talk.say(text),
    })
    talk.say(`${ended} pieces of work ended here`)
    return interrupt.signal.aborted ? EXIT.interrupted : EXIT.done
  } finally {
    await server?.close()
    interrupt.release()
  }
}

async function serverOf({ metrics }: WorkerFlags, books: WorkerBooks) {
  if (metrics === undefined) return undefined
  const { serveWorker } = await import('../server/worker-operations.js')
  return serveWorker(parseAddress(metrics, '--metrics', LOOPBACK), process.env['DARKWAKE_TOKEN'], books)
}
