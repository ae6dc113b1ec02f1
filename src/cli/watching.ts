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
  DEFAULT_TOPIC,
  followFile,
  LOOPBACK,
  mqttCarrier,
  mqttSource,
  parseAddress,
  pipeSource,
  postgresCarrier,
  replayFile,
  showUrl,
  stdoutCarrier,
  tcpClient,
  tcpServer,
  udpSource,
  watch,
  webhookCarrier,
  webSocketSource,
  readFixedMask,
} from '../index.js'
import type { FixedMask } from '../index.js'
import type {
  Carrier,
  FeedOptions,
  LiveSource,
  LogPosition,
  Outlet,
  OutletContext,
  WatchLog,
} from '../index.js'
import { UsageError } from '../model/errors.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import type { WatchFlags } from './commands/watch.js'
import { EXIT, oneLine } from './exit.js'
import type { Named } from './options.js'
import { inNumber } from './numbers.js'
import { followPictures } from './pictures.js'
import { readRules, type Rules } from './rules.js'
import { versionOf } from './serving.js'
import { createTalk, type Talk } from './talk.js'
import { openWatchStore, type WatchStore } from './watch-store.js'

const TERRESTRIAL_LATENESS_MS = 10 * MS_PER_MIN
const SATELLITE_LATENESS_MS = 8 * MS_PER_HOUR
const SILENCE_MS = 2 * MS_PER_MIN
const SATELLITE_SILENCE_MS = 2 * MS_PER_HOUR
const AISSTREAM = 'aisstream.io'
/** A shutdown takes no longer than this, whatever hangs. */
const LEAVE_MS = 4500

export async function runWatch(flags: WatchFlags): Promise<number> {
  const feeds = await feedsOf(flags)
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
  const late = setTimeout(() => process.exit(code === EXIT.done ? EXIT.failed : code), LEAVE_MS)
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

/** Lines for people, or JSON with --log-level and --verbose. */
function logOf(talk: Talk, { verbose, logLevel }: WatchFlags): WatchLog {
  const structured = verbose === true || logLevel !== undefined
  return (level, message, fields = {}) => {
    if (structured) talk.log(fields, message, level)
    else if (level === 'info') talk.say(message)
    else talk.warn(`darkwake: ${message}`)
  }
}

async function feedsOf(flags: WatchFlags): Promise<FeedOptions[]> {
  const found: { name: string; source: LiveSource }[] = []
  const add = (named: Named, kind: string, source: LiveSource): void => {
    const shown = named.value.includes('://') ? showUrl(named.value) : named.value
    found.push({ name: named.name ?? `${kind}:${shown}`, source })
  }
  const all = (given: Named[] | undefined, kind: string, make: (value: string) => LiveSource): void =>
    given?.forEach(named => add(named, kind, make(named.value)))

  all(flags.tcp, 'tcp', value => tcpClient(parseAddress(value, '--tcp')))
  all(flags.tcpListen, 'tcp', value => tcpServer(parseAddress(value, '--tcp-listen', LOOPBACK)))
  all(flags.udp, 'udp', value => udpSource(parseAddress(value, '--udp', LOOPBACK)))
  for (const named of flags.ws ?? []) add(named, 'ws', await webSocketOf(named.value, flags))
  for (const named of flags.mqtt ?? []) {
    const url = checkUrl(named.value, '--mqtt', ['mqtt', 'mqtts', 'ws', 'wss'])
    add(named, 'mqtt', await mqttSource({ url, topics: flags.mqttTopic ?? [DEFAULT_TOPIC] }))
  }
  all(flags.follow, 'file', value => followFile(value))
  if (flags.speed !== undefined && !flags.replay) throw new UsageError('watch: --speed goes with --replay')
  all(flags.replay, 'replay', path => replayFile({ path, speed: flags.speed ?? 1 }))
  const piped = found.length === 0 && process.stdin.isTTY !== true
  if (flags.stdin || piped) found.push({ name: 'stdin', source: pipeSource(process.stdin) })
  if (found.length === 0)
    throw new UsageError(
      'watch: no source: give --tcp, --udp, --ws, --mqtt, --follow or --replay, or pipe AIS in',
    )

  const names = found.map(({ name }) => name)
  const known = (name: string, option: string): void => {
    if (name !== '' && !names.includes(name))
      throw new UsageError(`watch: ${option}: no source is named ${name}; there are ${names.join(', ')}`)
  }
  const { satellite = [], lateness = {}, silence = {} } = flags
  satellite.forEach(name => known(name, '--satellite'))
  Object.keys(lateness).forEach(name => known(name, '--lateness'))
  Object.keys(silence).forEach(name => known(name, '--silence'))
  return found.map(({ name, source }) => {
    const high = satellite.includes(name)
    return {
      ...{ name, source },
      collection: high ? 'satellite' : 'terrestrial',
      latenessMs: lateness[name] ?? lateness[''] ?? (high ? SATELLITE_LATENESS_MS : TERRESTRIAL_LATENESS_MS),
      silenceMs: silence[name] ?? silence[''] ?? (high ? SATELLITE_SILENCE_MS : SILENCE_MS),
    } satisfies FeedOptions
  })
}

function webSocketOf(value: string, { wsBox }: WatchFlags): Promise<LiveSource> {
  const url = checkUrl(value, '--ws', ['ws', 'wss'])
  const apiKey = process.env['AISSTREAM_API_KEY']
  if (!apiKey && new URL(url).hostname.endsWith(AISSTREAM))
    throw new UsageError('--ws: aisstream.io wants a key: set AISSTREAM_API_KEY')
  return webSocketSource({
    url,
    apiKey,
    boxes: wsBox?.map(([west, south, east, north]) => [
      [south, west],
      [north, east],
    ]),
  })
}

type MakeOutlets = (context: OutletContext & { onGone: () => void }) => Outlet[]

async function outletsOf(flags: WatchFlags): Promise<MakeOutlets> {
  const { output, rotate, store, webhook = [], mqttOut = [], postgres = [], cot = [] } = flags
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
