// The options that name live feeds: what watch and ingest have in common.

import type { Command } from 'commander'
import { box, numberIn, perSource, repeated, repeatedNamed, type Box, type Named } from './options.js'

export interface FeedFlags {
  stdin?: boolean
  tcp?: Named[]
  tcpListen?: Named[]
  udp?: Named[]
  ws?: Named[]
  wsBox?: Box[]
  mqtt?: Named[]
  mqttTopic?: string[]
  kafka?: Named[]
  kafkaTopic?: string[]
  kafkaGroup?: string
  follow?: Named[]
  replay?: Named[]
  speed?: number
  satellite?: string[]
  lateness?: Record<string, number>
  silence?: Record<string, number>
}

const names = (text: string, earlier: string[] = []): string[] => [
  ...earlier,
  ...text.split(',').map(name => name.trim()),
]

/** Adds them behind what the command has of its own. */
export function withFeeds(command: Command): Command {
  return command
    .option('--stdin', 'lines from a pipe (default when something is piped in)')
    .option('--tcp <[name=]host:port>', 'connect to a station or server; repeat for several', repeatedNamed)
    .option('--tcp-listen <[name=][addr:]port>', 'take connections of receivers', repeatedNamed)
    .option('--udp <[name=][addr:]port>', 'receive datagrams, multicast too', repeatedNamed)
    .option('--ws <[name=]url>', 'WebSocket; aisstream.io with the key in AISSTREAM_API_KEY', repeatedNamed)
    .option(
      '--ws-box <w,s,e,n>',
      'what aisstream is asked for, degrees (default: the world)',
      (text, earlier: Box[] = []) => [...earlier, box(text)],
    )
    .option('--mqtt <[name=]url>', 'MQTT broker, such as Digitraffic', repeatedNamed)
    .option('--mqtt-topic <topic>', 'topic to subscribe to (default: vessels-v2/#)', repeated)
    .option('--kafka <[name=]host:port,…>', 'Kafka, its servers', repeatedNamed)
    .option('--kafka-topic <topic>', 'topic of sentences or JSON lines; repeat for several', repeated)
    .option('--kafka-group <name>', 'whose offsets are committed (default: darkwake)')
    .option('--follow <[name=]file>', 'a file that grows, rotated or not', repeatedNamed)
    .option('--replay <[name=]file>', 'a recording, played as if live', repeatedNamed)
    .option('--speed <n>', 'times as fast as it was recorded', numberIn(0.01, 1e6))
    .option('--satellite <names>', 'these sources are satellites: up to 8 h late', names)
    .option('--lateness <[name=]time>', 'how late reports may come (default: 10m, satellite 8h)', perSource)
    .option(
      '--silence <[name=]time>',
      'a source silent for this long is connected anew (default: 2m)',
      perSource,
    )
}
