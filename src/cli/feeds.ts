// Live feeds as the command line names them: addresses to sources, each with its lateness.

import {
  checkUrl,
  DEFAULT_TOPIC,
  followFile,
  kafkaSource,
  LOOPBACK,
  mqttSource,
  parseAddress,
  pipeSource,
  replayFile,
  showUrl,
  tcpClient,
  tcpServer,
  udpSource,
  webSocketSource,
} from '../index.js'
import type { FeedOptions, LiveSource } from '../index.js'
import { UsageError } from '../model/errors.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import type { FeedFlags } from './feed-options.js'
import { serversOf, type Named } from './options.js'

const TERRESTRIAL_LATENESS_MS = 10 * MS_PER_MIN
const SATELLITE_LATENESS_MS = 8 * MS_PER_HOUR
const SILENCE_MS = 2 * MS_PER_MIN
const SATELLITE_SILENCE_MS = 2 * MS_PER_HOUR
const AISSTREAM = 'aisstream.io'

/** Is one named? A pipe counts when it is asked for. */
export const hasFeeds = ({
  stdin,
  tcp,
  tcpListen,
  udp,
  ws,
  mqtt,
  kafka,
  follow,
  replay,
}: FeedFlags): boolean =>
  stdin === true || [tcp, tcpListen, udp, ws, mqtt, kafka, follow, replay].some(given => given !== undefined)

/** @throws UsageError for what cannot be read, or for no feed at all */
export async function feedsOf(command: string, flags: FeedFlags): Promise<FeedOptions[]> {
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
  if (flags.kafka && !flags.kafkaTopic) throw new UsageError(`${command}: --kafka wants a --kafka-topic`)
  for (const named of flags.kafka ?? []) {
    const servers = serversOf(named.value).map(server => parseAddress(server, '--kafka'))
    const { kafkaTopic: topics = [], kafkaGroup: group = 'darkwake' } = flags
    add(named, 'kafka', await kafkaSource({ servers, topics, group }))
  }
  all(flags.follow, 'file', value => followFile(value))
  if (flags.speed !== undefined && !flags.replay)
    throw new UsageError(`${command}: --speed goes with --replay`)
  all(flags.replay, 'replay', path => replayFile({ path, speed: flags.speed ?? 1 }))
  const piped = found.length === 0 && process.stdin.isTTY !== true
  if (flags.stdin || piped) found.push({ name: 'stdin', source: pipeSource(process.stdin) })
  if (found.length === 0)
    throw new UsageError(
      `${command}: no source: give --tcp, --udp, --ws, --mqtt, --kafka, --follow or --replay, or pipe AIS in`,
    )

  const names = found.map(({ name }) => name)
  const known = (name: string, option: string): void => {
    if (name !== '' && !names.includes(name))
      throw new UsageError(`${command}: ${option}: no source is named ${name}; there are ${names.join(', ')}`)
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

function webSocketOf(value: string, { wsBox }: FeedFlags): Promise<LiveSource> {
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
