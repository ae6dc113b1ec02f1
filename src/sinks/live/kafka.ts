// Events to a topic of Kafka, keyed by the id of the event: what is told of one stands in one partition, in order, and a compacted topic
// keeps the last of each. A message is with all replicas before it counts.

import { RefusedError, type Carrier } from './delivery.js'
import type { Queued } from './queue.js'
import { UsageError } from '../../model/errors.js'

const BATCH = 500
const CONNECT_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** Answers that trying again will not change: the message is too large, or none. */
const NEVER = new Set([10, 87])

export interface KafkaCarrierOptions {
  servers: { host: string; port: number }[]
  topic: string
}

/** @throws UsageError when the library is not there */
export async function kafkaCarrier({ servers, topic }: KafkaCarrierOptions): Promise<Carrier> {
  const { createKafkaClient, setLogger } = await import('kafka-ts').catch(() => {
    throw new UsageError('--kafka-out: needs the package kafka-ts: npm install kafka-ts')
  })
  // what it has to say is told by whoever runs the output
  const silent = (): void => undefined
  setLogger({ debug: silent, info: silent, warn: silent, error: silent })
  const client = createKafkaClient({
    ...{ clientId: 'darkwake', bootstrapServers: servers },
    ...{ requestTimeout: REQUEST_TIMEOUT_MS, connectTimeout: CONNECT_TIMEOUT_MS },
  })
  let producer: ReturnType<typeof client.createProducer> | null = null

  return {
    batch: BATCH,
    async send(events: Queued[], signal) {
      // the queue tries again, and the order must hold meanwhile
      producer ??= client.createProducer({ allowTopicAutoCreation: true, maxRetries: 0 })
      const sending = producer.send(
        events.map(({ line }) => ({ topic, key: (JSON.parse(line) as { id: string }).id, value: line })),
      )
      sending.catch(() => undefined) // when it is left behind, so is its error
      let stop = (): void => undefined
      const stopped = new Promise<never>((_, failed) => {
        stop = () => failed(new Error('stopped'))
        signal.addEventListener('abort', stop, { once: true })
      })
      try {
        await Promise.race([sending, stopped])
      } catch (error) {
        const { errorCode, message } = error as Error & { errorCode?: number }
        if (errorCode !== undefined && NEVER.has(errorCode)) throw new RefusedError(message)
        void producer.close().catch(() => undefined)
        producer = null
        throw error
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
    async close() {
      await producer?.close()
    },
  }
}
