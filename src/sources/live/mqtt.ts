// AIS over MQTT: Digitraffic of Finland, whose MMSI stands in the topic alone, or any broker that AIS-catcher and others
// publish to. Each message becomes a line, `topic payload` where the payload is JSON.

import { UsageError } from '../../model/errors.js'
import { safeText } from '../../model/text.js'
import { showUrl } from './address.js'
import type { LiveSource } from './live.js'
import { keepConnected, spokenError } from './reconnect.js'

const LF = 10
const KEEP_ALIVE_S = 30
const CONNECT_TIMEOUT_MS = 15_000
/** Digitraffic's own, https://www.digitraffic.fi/en/marine-traffic/ */
export const DEFAULT_TOPIC = 'vessels-v2/#'

export interface MqttOptions {
  url: string
  topics: string[]
}

/** @throws UsageError when the library is not there */
export async function mqttSource({ url, topics }: MqttOptions): Promise<LiveSource> {
  const { default: mqtt } = await import('mqtt').catch(() => {
    throw new UsageError('--mqtt: needs the package mqtt: npm install mqtt')
  })
  const shown = showUrl(url)
  return {
    address: shown,
    resends: false,
    connects: true,
    open: sink =>
      keepConnected(sink, (up, down) => {
        const client = mqtt.connect(url, {
          reconnectPeriod: 0, // that is ours
          keepalive: KEEP_ALIVE_S,
          connectTimeout: CONNECT_TIMEOUT_MS,
        })
        client.on('connect', () => {
          client.subscribe(topics, { qos: 0 }, (error, granted) => {
            const refused = granted?.find(({ qos }) => qos >= 128)
            if (error) down(`subscription refused: ${spokenError(error)}`)
            else if (refused) down(`subscription refused: ${safeText(refused.topic, 100)}`)
            else up(`${shown} ${topics.join(' ')}`)
          })
        })
        client.on('message', (topic, payload) => sink.data(messageLine(topic, payload)))
        client.on('error', error => down(spokenError(error)))
        client.on('close', () => down('the broker closed the connection'))
        return () => {
          client.removeAllListeners()
          client.on('error', () => undefined)
          client.end(true)
        }
      }),
  }
}

export function messageLine(topic: string, payload: Uint8Array): Uint8Array {
  const isObject = payload[0] === 0x7b
  const head = isObject ? Buffer.from(`${topic.replace(/[^\w+/-]/g, '_')} `) : Buffer.alloc(0)
  const out = new Uint8Array(head.length + payload.length + 1)
  out.set(head)
  out.set(payload, head.length)
  if (isObject) for (let p = 0; p < out.length; p++) if (out[p] === LF || out[p] === 13) out[p] = 32
  out[out.length - 1] = LF
  return out
}
