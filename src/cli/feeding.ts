// ingest of live feeds as the command line sees it: until it is told to stop, or all feeds have ended for good.

import { ingestLive, LOOPBACK, parseAddress } from '../index.js'
import type { LiveIngest, WatchLog } from '../index.js'
import { MS_PER_MIN } from '../model/units.js'
import type { IngestFlags } from './commands/ingest.js'
import { EXIT, oneLine } from './exit.js'
import { feedsOf } from './feeds.js'
import { inNumber } from './numbers.js'
import { serversOf } from './options.js'
import { createTalk, logOf } from './talk.js'
import { version } from './version.js'

export async function runLive(flags: IngestFlags): Promise<number> {
  const feeds = await feedsOf('ingest', flags)
  const talk = await createTalk(flags)
  const log = logOf(talk, flags)
  const operations = await operationsOf(flags)
  const { prefix, parts, replicas, state: stateDir, maxMemory: maxBytes } = flags
  const running = await ingestLive({
    ...{ servers: serversOf(flags.nats), prefix, version: version(), parts, replicas },
    ...{ feeds, stateDir, maxBytes, log, ...(operations && { onStep: operations.onStep }) },
  })
  const server = await operations?.start(running, log).catch(async (error: unknown) => {
    await running.stop()
    throw error
  })
  log('info', `putting in ${feeds.map(({ name }) => name).join(', ')}`)
  const stopTelling = tellLate(running, log)

  let leave = (_: number): void => undefined
  const left = new Promise<number>(resolve => (leave = resolve))
  void running.ended.then(() => leave(EXIT.done))
  running.failed.catch((error: unknown) => {
    log('error', oneLine(error))
    leave(EXIT.failed)
  })
  let asked = false
  const onStop = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(EXIT.interrupted)
    asked = true
    leave(signal === 'SIGTERM' ? EXIT.done : EXIT.interrupted)
  }
  process.on('SIGTERM', onStop)
  process.on('SIGINT', onStop)
  try {
    const code = await left
    await server?.close()
    const put = await running.stop()
    stopTelling()
    log('info', `${inNumber(put.rows, 'row')} put in`)
    if (put.left === 0) return code
    const what = `${inNumber(put.left, 'row')} not taken by the server`
    log('warn', stateDir ? `${what}: kept in ${stateDir}` : `${what}: lost; with --state they would be kept`)
    return stateDir ? code : EXIT.failed
  } finally {
    process.off('SIGTERM', onStop)
    process.off('SIGINT', onStop)
    process.stdin.destroy()
  }
}

/** Reports that came when their minute was over, now and then and at the end. @returns tells the last ones */
function tellLate(running: LiveIngest, log: WatchLog): () => void {
  let told = running.status().engine.late
  const tell = (): void => {
    const { late } = running.status().engine
    if (late > told)
      log('warn', `${inNumber(late - told, 'report')} came later than --lateness allows and were left out`)
    told = late
  }
  const timer = setInterval(tell, MS_PER_MIN)
  return () => {
    clearInterval(timer)
    tell()
  }
}

async function operationsOf({ metrics }: IngestFlags) {
  if (metrics === undefined) return undefined
  const { createOperations } = await import('../server/operations.js')
  return createOperations(
    parseAddress(metrics, '--metrics', LOOPBACK),
    process.env['DARKWAKE_TOKEN'],
    undefined,
    '--metrics',
  )
}
