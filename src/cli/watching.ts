// A watch as the command line sees it: flags to sources and outlets, signals to stop, checkpoint and reload, exit codes.

import { randomInt } from 'node:crypto'
import { mkdirSync, appendFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  checkUrl,
  cotCarrier,
  createDelivery,
  createLogFile,
  createQueue,
  kafkaCarrier,
  LOOPBACK,
  mqttCarrier,
  parseAddress,
  postgresCarrier,
  showUrl,
  stdoutCarrier,
  watch,
  webhookCarrier,
  readFixedMask,
} from '../index.js'
import type { FixedMask } from '../index.js'
import type { Carrier, LogPosition, Outlet, OutletContext, WatchLog } from '../index.js'
import { UsageError } from '../model/errors.js'
import type { WatchFlags } from './commands/watch.js'
import { EXIT, oneLine } from './exit.js'
import { feedsOf } from './feeds.js'
import { inNumber } from './numbers.js'
import { serversOf } from './options.js'
import { followPictures } from './pictures.js'
import { readRules, type Rules } from './rules.js'
import { versionOf } from './serving.js'
import { createTalk, logOf } from './talk.js'
import { openWatchStore, type WatchStore } from './watch-store.js'

const DEFAULT_EVENTS_TOPIC = 'darkwake-events'
/** A shutdown takes no longer than this, whatever hangs. */
const LEAVE_MS = 4500
export const LEFT = 'left before all was put away: that took more than four seconds'

export async function runWatch(flags: WatchFlags): Promise<number> {
  const feeds = await feedsOf('watch', flags)
  const makeOutlets = await outletsOf(flags)
  if (flags.keep !== undefined && flags.store === undefined)
    throw new UsageError('watch: --keep goes with --store')
  const rules = await readRules(flags)
  const talk = await createTalk(flags)
  const log = logOf(talk, flags)
  const kept = flags.store === undefined ? undefined : await openWatchStore(flags.store, flags.keep, log)
  const serve = await serverOf(flags, kept)
  await kept?.setZones(rules.polygons)
  rules.warnings.forEach(line => talk.warn(`darkwake: ${line}`))

  let leave = (_: number): void => undefined
  const left = new Promise<number>(resolve => (leave = resolve))
  const { bbox, only, minScore, state: stateDir } = flags
  const mask = await maskOf(flags)
  const running = watch({
    ...(flags.detections && { scenes: { mask } }),
    feeds,
    rules,
    outlets: context => [
      ...makeOutlets({ ...context, onGone: () => leave(EXIT.done) }),
      ...(kept ? [kept.outlet(context)] : []),
    ],
    ...(kept && { onReports: kept.take, exempt: kept.exempt }),
    log,
    ...{ bbox, only, minScore, stateDir },
    ...(serve && { onStep: serve.onStep }),
  })
  const server = await serve?.start(running, log).catch(async (error: unknown) => {
    await running.stop()
    throw error
  })
  kept?.follow(running, server?.page)
  const unfollow = flags.detections
    ? followPictures(flags.detections, flags.detectionMap, scene => running.pushScene(scene), log)
    : undefined
  sayLists(rules, log)
  log('info', `watching ${feeds.map(({ name }) => name).join(', ')}`)

  void running.ended.then(() => leave(EXIT.done))
  let asked = false
  const onStop = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(EXIT.interrupted)
    asked = true
    leave(signal === 'SIGTERM' ? EXIT.done : EXIT.interrupted)
  }
  const onReload = (): void => {
    readRules(flags)
      .then(next => {
        running.reload(next)
        void kept?.setZones(next.polygons)
        next.warnings.forEach(line => log('warn', line))
        sayLists(next, log)
        log('info', 'zones, ports, watchlists and thresholds were read again')
      })
      .catch((error: unknown) => log('error', `not reloaded, the old ones hold: ${oneLine(error)}`))
  }
  process.on('SIGTERM', onStop)
  process.on('SIGINT', onStop)
  process.on('SIGHUP', onReload)

  const code = await left
  const late = setTimeout(() => {
    log('error', flags.state === undefined ? LEFT : `${LEFT}; a restart goes on from the feed log`)
    process.exit(code === EXIT.done ? EXIT.failed : code)
  }, LEAVE_MS)
  unfollow?.()
  try {
    await server?.close()
    await running.stop()
    await kept?.close()
  } finally {
    clearTimeout(late)
    process.off('SIGTERM', onStop)
    process.off('SIGINT', onStop)
    process.off('SIGHUP', onReload)
    process.stdin.destroy()
  }
  log('info', 'stopped')
  return code
}

async function maskOf({ mask = [] }: WatchFlags): Promise<FixedMask> {
  const all: FixedMask = { points: [], areas: [] }
  for (const path of mask) {
    const { points, areas } = await readFixedMask(path)
    all.points.push(...points)
    all.areas.push(...areas)
  }
  return all
}

/** How many rows there are, and how many of them say nothing of today any more. */
function sayLists({ watchlist }: Rules, log: WatchLog): void {
  if (!watchlist) return
  const rows = watchlist.entries.length
  const expired = watchlist.entries.filter(({ expires = Infinity }) => expires <= Date.now()).length
  log('info', `watchlists: ${inNumber(rows, 'row')}, ${expired} of them expired`, { rows, expired })
}

type MakeOutlets = (context: OutletContext & { onGone: () => void }) => Outlet[]

async function outletsOf(flags: WatchFlags): Promise<MakeOutlets> {
  const { output, rotate, store, webhook = [], mqttOut = [], kafkaOut = [], postgres = [], cot = [] } = flags
  const carriers: { name: string; make: () => Carrier }[] = []
  const add = (kind: string, where: string, make: () => Carrier): void => {
    carriers.push({ name: `${kind}:${where}`, make })
  }
  for (const given of webhook) {
    const url = checkUrl(given, '--webhook', ['http', 'https'])
    const token = process.env['DARKWAKE_WEBHOOK_TOKEN']
    add('webhook', showUrl(url), () => webhookCarrier({ url, token }))
  }
  for (const given of mqttOut) {
    const url = checkUrl(given, '--mqtt-out', ['mqtt', 'mqtts', 'ws', 'wss'])
    const carrier = await mqttCarrier({ url })
    add('mqtt', showUrl(url), () => carrier)
  }
  for (const given of kafkaOut) {
    const [where = '', topic = DEFAULT_EVENTS_TOPIC] = given.split('/')
    const servers = serversOf(where).map(server => parseAddress(server, '--kafka-out'))
    const carrier = await kafkaCarrier({ servers, topic })
    add('kafka', `${where}/${topic}`, () => carrier)
  }
  for (const given of postgres) {
    const url = checkUrl(given, '--postgres', ['postgres', 'postgresql'])
    const carrier = await postgresCarrier(url)
    add('postgres', showUrl(url), () => carrier)
  }
  for (const given of cot) {
    const address = parseAddress(given, '--cot')
    add('cot', given, () => cotCarrier(address))
  }
  const remote = carriers.length > 0 || store !== undefined
  const targets = output ?? (remote ? [] : ['-'])

  return ({ dir, position, log, onGone }) => {
    const queues = dir === undefined ? undefined : join(dir, 'queues')
    if (queues !== undefined) mkdirSync(queues, { recursive: true, mode: 0o700 })
    const deliver = (name: string, carrier: Carrier): Outlet => {
      const base = queues && join(queues, name.replace(/[^\w.-]+/g, '_'))
      return createDelivery({
        ...{ name, carrier, log },
        queue: createQueue(base && `${base}.queue`),
        dice: () => randomInt(0, 1001) / 1000,
        ...(base && { onRefused: ({ line }) => appendFileSync(`${base}.refused.ndjson`, `${line}\n`) }),
      })
    }
    return [
      ...targets.map(target =>
        target === '-'
          ? deliver('stdout', stdoutCarrier(process.stdout, remote ? () => undefined : onGone))
          : createLogFile({
              path: target,
              rotateBytes: rotate,
              position: position(target) as LogPosition | undefined,
              log,
            }),
      ),
      ...carriers.map(({ name, make }) => deliver(name, make())),
    ]
  }
}

async function serverOf({ serve }: WatchFlags, kept: WatchStore | undefined) {
  if (serve === undefined) return undefined
  const { createOperations } = await import('../server/operations.js')
  const shown = kept && { store: kept.store, version: versionOf() }
  return createOperations(parseAddress(serve, '--serve', LOOPBACK), process.env['DARKWAKE_TOKEN'], shown)
}
