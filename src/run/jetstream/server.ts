// What is asked of the server (NATS JetStream), and what its errors mean. The packages are loaded when somebody comes here: they are optional.

import type { JetStreamClient, JetStreamManager, JsMsg, StreamConfig } from '@nats-io/jetstream'
import type { KV } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import { InputError, OutputError, UsageError } from '../../model/errors.js'
import { bucketOf, STREAMS, streamOf, subjectOf, type StreamName } from './subjects.js'

/** A worker that is silent for so long has died: its work is handed on. */
export const SILENT_MS = 5000
/** Pieces of a state, bytes: a server takes messages of a megabyte by default. */
const PIECE_BYTES = 512 * 1024
/** Asked for at a time, by each reader, messages: a server drops who lets it wait with more than 64 MB. */
const READ_AHEAD = 16
/** What the server says of a second message on a subject, and of a state that somebody else has put meanwhile. */
const ON_SUBJECT_ALREADY = 10077
const WRONG_REVISION = 10071
const NO_STREAM = 10059
const NO_MESSAGE = 10037

export type Payload = string | Uint8Array

export interface Server {
  readonly prefix: string
  /** Told of each output that was there already. */
  onRepeated?: () => void
  /** @throws OutputError when the server does not take it */
  publish(stream: StreamName, tokens: (string | number)[], payload: Payload): Promise<void>
  /**
   * The next message of the reports. Once: whatever becomes of the answer, it is there or it is not.
   * @param after number of the last one there: another one means that somebody else was faster, and it is refused
   */
  append(tokens: (string | number)[], payload: Uint8Array, after: number): Promise<void>
  /** Number of the last message of the reports, 0 before the first. */
  lastReport(): Promise<number>
  /** One of them; null: there is none. */
  report(which: { seq: number } | { part: number }): Promise<{ subject: string; payload: Uint8Array } | null>
  /** Messages of a stream from a sequence number on, in order, as long as somebody asks. */
  read(stream: StreamName, filter: (string | number)[], from: number): AsyncIterable<JsMsg>
  /** A piece of work that is free, which is ours until ack() or until we are silent; null when there is none just now. */
  nextWork(): Promise<JsMsg | null>
  /** All work is done. */
  isDone(): Promise<boolean>
  /** What everybody may read, and put anew; null: there is none. */
  note<T>(name: string): Promise<T | null>
  putNote(name: string, value: unknown): Promise<void>
  /** A state, and what it takes to put the next one. */
  load(name: string): Promise<{ bytes: Uint8Array | null; revision: number }>
  /** @param id equal ids, equal states. @returns its revision, null where somebody else has put one meanwhile */
  save(name: string, id: string, bytes: Uint8Array, revision: number): Promise<number | null>
  close(): Promise<void>
}

export interface ServerOptions {
  servers: string[]
  prefix?: string | undefined
}

/** @throws UsageError without the packages, InputError when no server answers */
export async function connectServer({
  servers,
  prefix = 'darkwake',
}: ServerOptions): Promise<Server & { create(parts: number, replicas: number): Promise<void> }> {
  const { transport, jetstream: js, kv: kvs } = await packages()
  let nc: NatsConnection
  try {
    nc = await transport.connect({
      servers,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      timeout: 10_000,
    })
  } catch (error) {
    throw new InputError('failed', `nats: ${servers.join(', ')}: ${(error as Error).message}`, {
      cause: error,
    })
  }
  const client: JetStreamClient = js.jetstream(nc, { timeout: 10_000 })
  const manager: JetStreamManager = await js.jetstreamManager(nc, { timeout: 10_000 })
  let bucket: KV | undefined
  const kv = async (): Promise<KV> => (bucket ??= await new kvs.Kvm(client).open(bucketOf(prefix)))

  /** Rejects when the connection is lost, and stays so until it is back. */
  let loss = hope()
  void (async () => {
    for await (const { type } of nc.status()) {
      if (type === 'disconnect') loss.give(new Error('the server is away'))
      else if (type === 'reconnect') loss = hope()
    }
  })()

  /** Once more while the server changes its leader. */
  async function insist<T>(
    work: () => Promise<T>,
    known: (code: number) => T | undefined = () => undefined,
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work()
      } catch (error) {
        const code = error instanceof js.JetStreamApiError ? error.code : 0
        const answer = known(code)
        if (answer !== undefined) return answer
        if (nc.isClosed() || tries === 40)
          throw new OutputError(`nats: ${(error as Error).message}`, { cause: error })
        await new Promise(resolve => setTimeout(resolve, 250))
      }
    }
  }

  async function create(parts: number, replicas: number): Promise<void> {
    for (const name of STREAMS) {
      const config: Partial<StreamConfig> & { name: string } = {
        name: streamOf(prefix, name),
        subjects: [subjectOf(prefix, name, '>')],
        num_replicas: replicas,
        max_msgs_per_subject: 1,
        discard: js.DiscardPolicy.New,
        discard_new_per_subject: true,
        duplicate_window: 0,
      }
      await insist(() => manager.streams.add(config))
    }
    await insist(() => new kvs.Kvm(client).create(bucketOf(prefix), { replicas, history: 1 }))
    await insist(() =>
      manager.consumers.add(streamOf(prefix, 'work'), {
        durable_name: 'work',
        ack_policy: js.AckPolicy.Explicit,
        ack_wait: SILENT_MS * 1e6,
        max_ack_pending: parts + 2,
      }),
    )
  }

  const server: Server & { create: typeof create } = {
    prefix,
    create,
    async publish(stream, tokens, payload) {
      const subject = subjectOf(prefix, stream, ...tokens)
      await insist<unknown>(
        () => client.publish(subject, payload),
        code => {
          if (code !== ON_SUBJECT_ALREADY) return undefined
          server.onRepeated?.()
          return true
        },
      )
    },
    async append(tokens, payload, after) {
      const expect = { lastSequence: after }
      const publishing = client.publish(subjectOf(prefix, 'reports', ...tokens), payload, {
        expect,
        retries: 0,
      })
      await Promise.race([publishing, loss.never])
    },
    async lastReport() {
      const asking = manager.streams.info(streamOf(prefix, 'reports'))
      return (await Promise.race([asking, loss.never])).state.last_seq
    },
    async report(which) {
      const query = 'seq' in which ? which : { last_by_subj: subjectOf(prefix, 'reports', which.part, '*') }
      const found = await insist(
        async () => ({ message: await manager.streams.getMessage(streamOf(prefix, 'reports'), query) }),
        code => (code === NO_MESSAGE ? { message: null } : undefined),
      )
      return found.message && { subject: found.message.subject, payload: found.message.data }
    },
    async *read(stream, filter, from) {
      const consumer = await insist(() =>
        client.consumers.get(streamOf(prefix, stream), {
          filter_subjects: subjectOf(prefix, stream, ...filter),
          deliver_policy: js.DeliverPolicy.StartSequence,
          opt_start_seq: Math.max(1, from),
        }),
      )
      const messages = await consumer.consume({ max_messages: READ_AHEAD })
      try {
        yield* messages
      } finally {
        await messages.close()
      }
    },
    async nextWork() {
      const consumer = await insist(() => client.consumers.get(streamOf(prefix, 'work'), 'work'))
      return consumer.next({ expires: 1000 }).catch(() => null)
    },
    async isDone() {
      const { num_pending: pending, num_ack_pending: held } = await insist(() =>
        manager.consumers.info(streamOf(prefix, 'work'), 'work'),
      )
      return pending === 0 && held === 0
    },
    async note<T>(name: string) {
      // a bucket that is not there holds nothing
      const exists = await insist(
        async () => Boolean(await manager.streams.info(`KV_${bucketOf(prefix)}`)),
        code => (code === NO_STREAM ? false : undefined),
      )
      const entry = exists ? await insist(async () => (await kv()).get(name)) : null
      return entry?.operation === 'PUT' ? entry.json<T>() : null
    },
    async putNote(name, value) {
      await insist(async () => (await kv()).put(name, JSON.stringify(value)))
    },
    async load(name) {
      const store = await kv()
      const head = await insist(() => store.get(name))
      if (!head || head.operation !== 'PUT') return { bytes: null, revision: 0 }
      const { id, pieces } = head.json<{ id: string; pieces: number }>()
      const parts: Uint8Array[] = []
      for (let k = 0; k < pieces; k++) {
        const piece = await insist(() => store.get(`${name}.${id}.${k}`))
        if (!piece) throw new InputError('failed', `nats: a piece of the state of ${name} is missing`)
        parts.push(piece.value)
      }
      return { bytes: Buffer.concat(parts), revision: head.revision }
    },
    async save(name, id, bytes, revision) {
      const store = await kv()
      const old = await insist(() => store.get(name))
      const pieces = Math.ceil(bytes.length / PIECE_BYTES)
      for (let k = 0; k < pieces; k++)
        await insist(() =>
          store.put(`${name}.${id}.${k}`, bytes.subarray(k * PIECE_BYTES, (k + 1) * PIECE_BYTES)),
        )
      const head = JSON.stringify({ id, pieces })
      const put = await insist<number>(
        () => (revision === 0 ? store.create(name, head) : store.update(name, head, revision)),
        code => (code === WRONG_REVISION ? -1 : undefined),
      )
      const gone = put >= 0 && old?.operation === 'PUT' ? old.json<{ id: string; pieces: number }>() : null
      for (let k = 0; gone && gone.id !== id && k < gone.pieces; k++)
        await store.purge(`${name}.${gone.id}.${k}`).catch(() => undefined)
      return put < 0 ? null : put
    },
    close: () => nc.close(),
  }
  return server
}

/** A promise that nothing comes of, unless it is given up. */
function hope(): { never: Promise<never>; give(up: Error): void } {
  let give = (_: Error): void => undefined
  const never = new Promise<never>((_, reject) => (give = reject))
  never.catch(() => undefined) // nobody may be waiting
  return { never, give }
}

async function packages() {
  try {
    const [transport, jetstream, kv] = await Promise.all([
      import('@nats-io/transport-node'),
      import('@nats-io/jetstream'),
      import('@nats-io/kv'),
    ])
    return { transport, jetstream, kv }
  } catch (error) {
    throw new UsageError(
      'nats: @nats-io/transport-node, jetstream and kv are not installed: npm install them',
      { cause: error },
    )
  }
}
