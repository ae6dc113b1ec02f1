// AIS out of Kafka: topics whose messages are sentences or lines of JSON. All partitions are read, each from where it was left: by the state
// of an earlier run, else by what the group has committed, else from the oldest message that is kept. What waits in several of them is
// put together by the time of the messages, so that none is hours ahead of another. Nothing of a group but its offsets is used: who
// watches needs all partitions, so there is nobody to share them with.

import { tagBlock } from '../../ais/sentences.js'
import { UsageError } from '../../model/errors.js'
import { safeText } from '../../model/text.js'
import { showAddress, type Address } from './address.js'
import type { LiveSource, TopicPosition } from './live.js'
import { keepConnected, spokenError } from './reconnect.js'

/** A fetch waits this long for something new, ms. */
const WAIT_MS = 500
const PAUSE_MS = 100
/** Bytes of one answer. */
const FETCH_BYTES = 8 * 2 ** 20
const PARTITION_BYTES = 2 ** 20
/** New partitions, and those that moved, are looked for this often, ms. */
const METADATA_MS = 60_000
const CONNECT_TIMEOUT_MS = 15_000
const REQUEST_TIMEOUT_MS = 30_000
const EARLIEST = -2n
const LATEST = -1n
const OFFSET_OUT_OF_RANGE = 1
const READ_COMMITTED = 1
const GROUP_KEY = 0

export interface KafkaOptions {
  servers: Address[]
  topics: string[]
  /** Whose offsets are read and committed. */
  group: string
}

/** A partition, as it is asked for. */
interface Partition {
  topic: string
  topicId: string
  partition: number
  leader: number
}

/** One that is read: what came of it and was not handed on yet. */
interface Waiting extends Partition {
  /** Offset to ask for. */
  next: number
  messages: { offset: number; t: number; text: string }[]
  /** The first of them that was not handed on. */
  at: number
  /** Nothing more was there when it was asked. */
  isAtEnd: boolean
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`

/** @throws UsageError when the library is not there */
export async function kafkaSource({ servers, topics, group }: KafkaOptions): Promise<LiveSource> {
  const { API, createKafkaClient, setLogger } = await import('kafka-ts').catch(() => {
    throw new UsageError('--kafka: needs the package kafka-ts: npm install kafka-ts')
  })
  // what it has to say is told by whoever runs the source
  const silent = (): void => undefined
  setLogger({ debug: silent, info: silent, warn: silent, error: silent })
  const client = createKafkaClient({
    clientId: 'darkwake',
    bootstrapServers: servers,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
  })
  type Cluster = ReturnType<typeof client.createCluster>
  const shown = `kafka ${servers.map(showAddress).join(',')} ${topics.join(' ')}`

  async function partitionsOf(cluster: Cluster): Promise<Partition[]> {
    const wanted = topics.map(name => ({ id: null, name }))
    const found = await cluster.sendRequest(API.METADATA, { topics: wanted, allowTopicAutoCreation: false })
    return found.topics.flatMap(({ name, topicId, partitions }) =>
      partitions.map(({ partitionIndex, leaderId }) => ({
        ...{ topic: name, topicId, partition: partitionIndex, leader: leaderId },
      })),
    )
  }

  async function coordinatorOf(cluster: Cluster): Promise<number> {
    const found = await cluster.sendRequest(API.FIND_COORDINATOR, { keyType: GROUP_KEY, keys: [group] })
    return found.coordinators[0]!.nodeId
  }

  /** Oldest or newest offset of each partition. */
  async function bounds(
    cluster: Cluster,
    partitions: Partition[],
    timestamp: bigint,
  ): Promise<Map<string, number>> {
    const found = new Map<string, number>()
    for (const [leader, own] of byLeader(partitions)) {
      const answer = await cluster.sendRequestToNode(leader)(API.LIST_OFFSETS, {
        replicaId: -1,
        isolationLevel: READ_COMMITTED,
        topics: byTopic(own).map(([name, those]) => ({
          name,
          partitions: those.map(({ partition }) => ({
            ...{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp },
          })),
        })),
      })
      for (const { name, partitions: those } of answer.topics)
        for (const { partitionIndex, offset } of those) found.set(keyOf(name, partitionIndex), Number(offset))
    }
    return found
  }

  async function committed(cluster: Cluster, partitions: Partition[]): Promise<Map<string, number>> {
    const answer = await cluster.sendRequestToNode(await coordinatorOf(cluster))(API.OFFSET_FETCH, {
      groups: [
        {
          groupId: group,
          topics: byTopic(partitions).map(([name, those]) => ({
            ...{ name, topicId: those[0]!.topicId },
            partitionIndexes: those.map(({ partition }) => partition),
          })),
        },
      ],
      requireStable: false,
    })
    const names = new Map(partitions.map(({ topic, topicId }) => [topicId, topic]))
    const found = new Map<string, number>()
    for (const answered of answer.groups[0]?.topics ?? []) {
      const topic = 'name' in answered ? answered.name : names.get(answered.topicId)!
      for (const { partitionIndex, committedOffset } of answered.partitions)
        if (committedOffset >= 0n) found.set(keyOf(topic, partitionIndex), Number(committedOffset))
    }
    return found
  }

  async function commit(cluster: Cluster, { offsets }: TopicPosition): Promise<void> {
    const partitions = (await partitionsOf(cluster)).filter(
      ({ topic, partition }) => offsets[keyOf(topic, partition)] !== undefined,
    )
    await cluster.sendRequestToNode(await coordinatorOf(cluster))(API.OFFSET_COMMIT, {
      ...{ groupId: group, generationIdOrMemberEpoch: -1, memberId: '', groupInstanceId: null },
      topics: byTopic(partitions).map(([name, those]) => ({
        ...{ name, topicId: those[0]!.topicId },
        partitions: those.map(({ partition }) => ({
          partitionIndex: partition,
          committedOffset: BigInt(offsets[keyOf(name, partition)]!),
          committedLeaderEpoch: -1,
          committedMetadata: null,
        })),
      })),
    })
  }

  return {
    address: shown,
    resends: false,
    connects: true,
    open(sink, left) {
      const offsets = { ...(left as TopicPosition | undefined)?.offsets }
      let isPaused = false
      let current: Cluster | undefined

      /** Those that nothing is known of begin where the group stands, or with the oldest message. */
      async function begin(cluster: Cluster, partitions: Partition[]): Promise<void> {
        const fresh = partitions.filter(
          ({ topic, partition }) => offsets[keyOf(topic, partition)] === undefined,
        )
        if (fresh.length === 0) return
        const known = await committed(cluster, fresh)
        const oldest = await bounds(cluster, fresh, EARLIEST)
        for (const { topic, partition } of fresh) {
          const key = keyOf(topic, partition)
          offsets[key] = known.get(key) ?? oldest.get(key) ?? 0
        }
      }

      /** Messages that were not read in time, or a topic that was made anew. @returns what there is to say of it */
      async function skip(cluster: Cluster, partitions: Partition[]): Promise<string> {
        const [oldest, newest] = [
          await bounds(cluster, partitions, EARLIEST),
          await bounds(cluster, partitions, LATEST),
        ]
        const gone: string[] = []
        for (const [key, first] of oldest) {
          const at = offsets[key]!
          if (at >= first && at <= newest.get(key)!) continue
          gone.push(`${key}: offset ${at} is gone, going on with ${first}`)
          offsets[key] = first
        }
        return gone.join('; ')
      }

      /** Takes what there is of partitions of one leader. @throws what the broker says, such as that an offset is gone */
      async function fetch(cluster: Cluster, leader: number, partitions: Waiting[]): Promise<void> {
        const answer = await cluster.sendRequestToNode(leader)(API.FETCH, {
          ...{ maxWaitMs: WAIT_MS, minBytes: 1, maxBytes: FETCH_BYTES, isolationLevel: READ_COMMITTED },
          ...{ sessionId: 0, sessionEpoch: -1, forgottenTopicsData: [], rackId: '' },
          topics: byTopic(partitions).map(([topicName, those]) => ({
            topicId: those[0]!.topicId,
            topicName,
            partitions: those.map(({ partition, next }) => ({
              ...{ partition, currentLeaderEpoch: -1, lastFetchedEpoch: -1, logStartOffset: -1n },
              ...{ fetchOffset: BigInt(next), partitionMaxBytes: PARTITION_BYTES },
            })),
          })),
        })
        for (const answered of answer.responses) {
          for (const found of answered.partitions) {
            const own = partitions.find(
              ({ topic, topicId, partition }) =>
                partition === found.partitionIndex &&
                ('topicName' in answered ? topic === answered.topicName : topicId === answered.topicId),
            )
            if (own) take(own, found)
          }
        }
      }

      /** What came of several partitions, in order of time, as far as each of them is known; the rest waits. */
      function handOn(partitions: Waiting[]): void {
        let text = ''
        let isMoved = false
        for (;;) {
          let first: Waiting | undefined
          for (const own of partitions) {
            const message = own.messages[own.at]
            if (!message) {
              if (!own.isAtEnd) return done()
              continue
            }
            if (!first || message.t < first.messages[first.at]!.t) first = own
          }
          if (!first) break
          text += first.messages[first.at++]!.text
          const { topic, partition, messages, at, next } = first
          // behind the last one may be some that are of no use
          offsets[keyOf(topic, partition)] = messages[at]?.offset ?? next
          isMoved = true
        }
        return done()

        function done(): void {
          if (text !== '') sink.data(Buffer.from(text))
          if (isMoved) sink.moved({ offsets: { ...offsets } })
        }
      }

      async function read(cluster: Cluster, up: (peer: string) => void): Promise<void> {
        await cluster.connect()
        let partitions: Waiting[] = []
        let lookedAt = -Infinity
        const look = async (): Promise<void> => {
          const there = await partitionsOf(cluster)
          await begin(cluster, there)
          const known = new Map(partitions.map(own => [keyOf(own.topic, own.partition), own]))
          partitions = there.map(each => {
            const key = keyOf(each.topic, each.partition)
            const fresh = { next: offsets[key]!, messages: [], at: 0, isAtEnd: false }
            return Object.assign(known.get(key) ?? { ...each, ...fresh }, each)
          })
          lookedAt = Date.now()
        }
        await look()
        up(shown)
        while (current === cluster) {
          if (isPaused) {
            await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
            continue
          }
          if (Date.now() - lookedAt >= METADATA_MS) await look()
          const wanted = partitions.filter(({ messages, at }) => at >= messages.length)
          const gone = await Promise.all(
            [...byLeader(wanted)].map(([leader, own]) => fetch(cluster, leader, own)),
          ).then(
            () => null,
            (error: unknown) => {
              if ((error as { errorCode?: number }).errorCode !== OFFSET_OUT_OF_RANGE) throw error
              return skip(cluster, partitions)
            },
          )
          if (gone !== null) throw new Error(gone)
          if (current === cluster) handOn(partitions)
        }
      }

      const handle = keepConnected(sink, (up, down) => {
        const cluster = client.createCluster()
        current = cluster
        read(cluster, up).catch((error: unknown) => down(spokenOf(error)))
        return () => {
          if (current === cluster) current = undefined
          void cluster.disconnect().catch(() => undefined)
        }
      })
      return {
        ...handle,
        pause: paused => void (isPaused = paused),
        saved(position) {
          if (!current) return
          // the next one commits it as well
          commit(current, position as TopicPosition).catch((error: unknown) =>
            handle.reconnect(`offsets not committed: ${spokenOf(error)}`),
          )
        },
      }
    },
  }
}

/** What a fetch brought of a partition. */
interface Found {
  highWatermark: bigint
  lastStableOffset: bigint
  abortedTransactions: { producerId: bigint; firstOffset: bigint }[]
  records: {
    baseOffset: bigint
    lastOffsetDelta: number
    baseTimestamp: bigint
    isControlBatch: boolean
    isTransactional: boolean
    producerId: bigint
    records: { offsetDelta: number; timestampDelta: bigint; value: string | null }[]
  }[]
}

function take(own: Waiting, { records, abortedTransactions, highWatermark, lastStableOffset }: Found): void {
  const aborted = [...abortedTransactions]
  own.messages = []
  own.at = 0
  for (const batch of records) {
    const last = Number(batch.baseOffset) + batch.lastOffsetDelta
    if (!isGivenUp(batch, BigInt(last), aborted))
      for (const { offsetDelta, timestampDelta, value } of batch.records) {
        const offset = Number(batch.baseOffset) + offsetDelta
        const t = Number(batch.baseTimestamp + timestampDelta)
        // what is given is whole batches: the first may begin before what was asked for
        if (offset >= own.next && value !== null)
          own.messages.push({ offset, t, text: messageLines(value, t) })
      }
    own.next = Math.max(own.next, last + 1)
  }
  const end = lastStableOffset >= 0n ? lastStableOffset : highWatermark
  own.isAtEnd = BigInt(own.next) >= end
}

/** A batch of no use: what brokers tell each other, or a transaction that was given up. */
function isGivenUp(
  batch: { isControlBatch: boolean; isTransactional: boolean; producerId: bigint },
  last: bigint,
  aborted: { producerId: bigint; firstOffset: bigint }[],
): boolean {
  const at = aborted.findIndex(
    ({ producerId, firstOffset }) => producerId === batch.producerId && firstOffset <= last,
  )
  // its end: the producer's next transaction is another one
  if (batch.isControlBatch && at >= 0) aborted.splice(at, 1)
  return batch.isControlBatch || (batch.isTransactional && at >= 0)
}

/** A sentence without a time was heard when its message was made, not when it is read. */
export function messageLines(value: string, t: number): string {
  if (value.trimStart().startsWith('{')) return `${value.replace(/[\r\n]/g, ' ')}\n`
  let text = ''
  for (const line of value.split(/\r?\n/))
    if (line !== '') text += `${line.startsWith('!') || line.startsWith('$') ? tagBlock({ t }) : ''}${line}\n`
  return text
}

function grouped<K, P extends Partition>(partitions: P[], keyOfEach: (each: P) => K): Map<K, P[]> {
  const groups = new Map<K, P[]>()
  for (const each of partitions) {
    const key = keyOfEach(each)
    const group = groups.get(key)
    if (group) group.push(each)
    else groups.set(key, [each])
  }
  return groups
}

const byLeader = <P extends Partition>(partitions: P[]) => grouped(partitions, ({ leader }) => leader)
const byTopic = <P extends Partition>(partitions: P[]) => [...grouped(partitions, ({ topic }) => topic)]

/** The protocol's own errors have names, which say enough. */
function spokenOf(error: unknown): string {
  const { message } = error as Error
  return message === 'No seed brokers found' ? 'nobody listens there' : safeText(spokenError(error), 200)
}
