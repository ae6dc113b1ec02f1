// A server to put reports into: begun by whoever comes first, with its streams and its pieces of work.

import { UsageError } from '../../model/errors.js'
import type { OutletLog } from '../../sinks/live/outlet.js'
import { createOutbox } from './outbox.js'
import { connectServer, type ServerOptions } from './server.js'
import { SEA, TELL } from './subjects.js'

/** What all who share the work must agree in. */
export interface Setup {
  version: string
  parts: number
  /** Live feeds put reports in: a recording has no place between them. */
  live?: boolean
}

export interface Target extends ServerOptions {
  /** Of darkwake: workers of another version refuse the work. */
  version: string
  /** Parts of the fleet. */
  parts: number
  /** Servers that hold each message. */
  replicas: number
  /** Tells that the server is away, and that it is back. */
  log?: OutletLog | undefined
}

/** A server to put reports into, with its streams and its pieces of work. */
export async function openTarget({ parts, replicas, version, log, ...options }: Target, live: boolean) {
  const server = await connectServer(options)
  try {
    const before = await server.note<Setup>('setup')
    if (before && (before.parts !== parts || before.version !== version))
      throw new UsageError(
        `ingest: ${server.prefix}: begun by version ${before.version} with ${before.parts} parts: take another --prefix`,
      )
    if (before?.live && !live)
      throw new UsageError(`ingest: ${server.prefix}: live feeds are put in there: take another --prefix`)
    await server.create(parts, replicas)
    await server.putNote('setup', { version, parts, live } satisfies Setup)
    for (const name of [...Array.from({ length: parts }, (_, part) => String(part)), SEA, TELL])
      await server.publish('work', [name], '')
    const outbox = (onFailure: (error: Error) => void, signal?: AbortSignal, maxBytes?: number) =>
      server.lastReport().then(known =>
        createOutbox({
          ...{ server, name: `nats ${server.prefix}`, known, maxBytes, signal, onFailure },
          log: log ?? (() => undefined),
        }),
      )
    return { server, outbox }
  } catch (error) {
    await server.close()
    throw error
  }
}
