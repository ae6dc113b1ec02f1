// Events to an MQTT broker: `PREFIX/TYPE/MMSI`, quality of service 1, so the broker has each at least once.

import { RefusedError, type Carrier } from './delivery.js'
import type { Queued } from './queue.js'
import { UsageError } from '../../model/errors.js'

const CONNECT_TIMEOUT_MS = 10_000
const BATCH = 50

export interface MqttCarrierOptions {
  url: string
  /** @default darkwake */
  prefix?: string | undefined
}

/** @throws UsageError when the library is not there */
export async function mqttCarrier({ url, prefix = 'darkwake' }: MqttCarrierOptions): Promise<Carrier> {
  const { default: mqtt } = await import('mqtt').catch(() => {
    throw new UsageError('--mqtt-out: needs the package mqtt: npm install mqtt')
  })
  let client: Awaited<ReturnType<typeof mqtt.connectAsync>> | null = null

  async function connected() {
    if (client?.connected) return client
    client?.end(true)
    client = await mqtt.connectAsync(url, {
      reconnectPeriod: 0, // the queue tries again
      connectTimeout: CONNECT_TIMEOUT_MS,
    })
    client.on('error', () => undefined)
    return client
  }

  return {
    batch: BATCH,
    async send(events: Queued[], signal) {
      const broker = await connected()
      const published = Promise.all(
        events.map(({ line }) => broker.publishAsync(topicOf(prefix, line), line, { qos: 1 })),
      )
      published.catch(() => undefined) // when it is left behind, so is its error
      let stop = (): void => undefined
      const broken = new Promise<never>((_, failed) => {
        stop = () => failed(new Error('the broker closed the connection'))
        broker.once('close', stop)
        signal.addEventListener('abort', stop, { once: true })
      })
      try {
        await Promise.race([published, broken])
      } finally {
        broker.off('close', stop)
        signal.removeEventListener('abort', stop)
      }
    },
    async close() {
      await client?.endAsync(true)
    },
  }
}

export function topicOf(prefix: string, line: string): string {
  const { type, mmsi, source, receiver } = JSON.parse(line) as Record<string, unknown>
  const who = String(mmsi ?? source ?? receiver ?? 'feed').replace(/[^\w.-]/g, '_')
  if (typeof type !== 'string') throw new RefusedError('an event without a type')
  return `${prefix}/${type}/${who}`
}
