// A real broker of Kafka on loopback, one node of KRaft, out of the jars in the folder KAFKA_JARS; and what its topics hold.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createWriteStream, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { API, createKafkaClient, setLogger } from 'kafka-ts'
import { freePort } from '../helpers/port.js'

const jars = process.env['KAFKA_JARS']
export const hasKafka = jars !== undefined && existsSync(jars) && spawnSync('java', ['-version']).status === 0

export interface Broker {
  address: string
  kill(): Promise<void>
  /** Starts, over the same data, and waits until it answers. */
  start(): Promise<void>
  createTopic(name: string, partitions: number): Promise<void>
  send(topic: string, messages: { partition?: number; timestamp?: bigint; value: string }[]): Promise<void>
  /** Offset that a group has committed, by partition; −1: none. */
  committed(group: string, topic: string): Promise<number[]>
  /** All messages of a topic, partition by partition. */
  messages(topic: string): Promise<{ key: string | null; value: string | null; partition: number }[]>
  /** Messages before an offset are gone. */
  forget(topic: string, partition: number, before: number): Promise<void>
}

export async function startBroker(folder: string): Promise<Broker> {
  const [port, control] = [await freePort(), await freePort()]
  const config = join(folder, 'kraft.properties')
  writeFileSync(
    config,
    [
      'process.roles=broker,controller',
      'node.id=1',
      `controller.quorum.voters=1@127.0.0.1:${control}`,
      `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${control}`,
      'controller.listener.names=CONTROLLER',
      'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      `log.dirs=${join(folder, 'kafka')}`,
      // messages of a day long ago are kept
      'log.retention.ms=-1',
      'offsets.topic.replication.factor=1',
      'offsets.topic.num.partitions=1',
      'transaction.state.log.replication.factor=1',
      'transaction.state.log.min.isr=1',
    ].join('\n'),
  )
  const java = (name: string, ...rest: string[]): string[] => ['-Xmx256m', '-cp', `${jars}/*`, name, ...rest]
  const made = spawnSync(
    'java',
    java('kafka.tools.StorageTool', 'format', '-t', 'ZGFya3dha2UtdGVzdHMtMQ', '-c', config),
  )
  if (made.status !== 0) throw new Error(made.stderr.toString())
  const silent = (): void => undefined
  setLogger({ debug: silent, info: silent, warn: silent, error: silent })
  const client = createKafkaClient({
    bootstrapServers: [{ host: '127.0.0.1', port }],
    requestTimeout: 5000,
    connectTimeout: 2000,
  })
  type Cluster = ReturnType<typeof client.createCluster>
  let child: ChildProcess

  async function asked<T>(work: (cluster: Cluster, node: number) => Promise<T>): Promise<T> {
    const cluster = client.createCluster()
    try {
      await cluster.connect()
      const { brokers } = await cluster.sendRequest(API.METADATA, { topics: [] })
      return await work(cluster, brokers[0]!.nodeId)
    } finally {
      await cluster.disconnect()
    }
  }

  const partitionsOf = (cluster: Cluster, topic: string) =>
    cluster
      .sendRequest(API.METADATA, { topics: [{ id: null, name: topic }], allowTopicAutoCreation: false })
      .then(({ topics }) => ({ topicId: topics[0]!.topicId, count: topics[0]!.partitions.length }))

  const broker: Broker = {
    address: `127.0.0.1:${port}`,
    kill: () =>
      new Promise(resolve => {
        child.once('exit', () => resolve())
        child.kill('SIGKILL')
      }),
    async start() {
      child = spawn('java', java('kafka.Kafka', config), { stdio: ['ignore', 'pipe', 'pipe'] })
      child.stdout!.pipe(createWriteStream(join(folder, 'kafka.log'), { flags: 'a' }))
      child.stderr!.resume()
      for (;;) {
        const isUp = await asked(async (_, node) => node > 0).catch(() => false)
        if (isUp) return
        await new Promise(resolve => setTimeout(resolve, 200))
      }
    },
    createTopic: (name, partitions) =>
      asked(async (cluster, node) => {
        const topics = [{ name, numPartitions: partitions, replicationFactor: 1 }]
        await cluster.sendRequestToNode(node)(API.CREATE_TOPICS, { topics, timeoutMs: 5000 })
      }),
    async send(topic, messages) {
      const producer = client.createProducer({ allowTopicAutoCreation: true })
      for (let from = 0; from < messages.length; from += 2000)
        await producer.send(messages.slice(from, from + 2000).map(message => ({ topic, ...message })))
      await producer.close()
    },
    committed: (group, topic) =>
      asked(async (cluster, node) => {
        const { topicId, count } = await partitionsOf(cluster, topic)
        const partitionIndexes = Array.from({ length: count }, (_, k) => k)
        const { groups } = await cluster.sendRequestToNode(node)(API.OFFSET_FETCH, {
          groups: [{ groupId: group, topics: [{ name: topic, topicId, partitionIndexes }] }],
          requireStable: false,
        })
        const found = groups[0]!.topics[0]!.partitions
        return found
          .sort((a, b) => a.partitionIndex - b.partitionIndex)
          .map(({ committedOffset }) => Number(committedOffset))
      }),
    async messages(topic) {
      const found: { key: string | null; value: string | null; partition: number }[] = []
      await asked(async (cluster, node) => {
        const { topicId, count } = await partitionsOf(cluster, topic)
        for (let partition = 0; partition < count; partition++) {
          for (let at = 0n; ;) {
            const answer = await cluster.sendRequestToNode(node)(API.FETCH, {
              ...{ maxWaitMs: 200, minBytes: 1, maxBytes: 1 << 24, isolationLevel: 0 },
              ...{ sessionId: 0, sessionEpoch: -1, forgottenTopicsData: [], rackId: '' },
              topics: [
                {
                  ...{ topicId, topicName: topic },
                  partitions: [
                    {
                      ...{ partition, currentLeaderEpoch: -1, lastFetchedEpoch: -1, logStartOffset: -1n },
                      ...{ fetchOffset: at, partitionMaxBytes: 1 << 22 },
                    },
                  ],
                },
              ],
            })
            const batches = answer.responses[0]?.partitions[0]?.records ?? []
            if (batches.length === 0) break
            for (const { records } of batches)
              for (const { key, value } of records) found.push({ key, value, partition })
            at = batches.at(-1)!.baseOffset + BigInt(batches.at(-1)!.lastOffsetDelta) + 1n
          }
        }
      })
      return found
    },
    forget: (topic, partition, before) =>
      asked(async (cluster, node) => {
        await cluster.sendRequestToNode(node)(API.DELETE_RECORDS, {
          topics: [{ name: topic, partitions: [{ partitionIndex: partition, offset: BigInt(before) }] }],
          timeoutMs: 5000,
        })
      }),
  }
  await broker.start()
  return broker
}
