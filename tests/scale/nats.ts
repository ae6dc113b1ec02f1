// A server of NATS with JetStream on loopback, and what its streams hold.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'

export const hasNats = spawnSync('nats-server', ['--version']).status === 0

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

export interface NatsServer {
  address: string
  /** Kills it, and starts it again over the same data. */
  kill(): Promise<void>
  start(): void
}

export async function startNats(folder: string): Promise<NatsServer> {
  const port = await freePort()
  let child: ChildProcess
  const start = (): void => {
    const args = ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', String(port), '-l', `${folder}.log`]
    child = spawn('nats-server', args, { stdio: 'ignore' })
  }
  start()
  const server: NatsServer = {
    address: `127.0.0.1:${port}`,
    start,
    kill: () =>
      new Promise(resolve => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve()
        child.once('exit', () => resolve())
        child.kill('SIGKILL')
      }),
  }
  for (;;) {
    const nc = await connect({ servers: server.address }).catch(() => null)
    if (!nc) {
      await new Promise(resolve => setTimeout(resolve, 50))
      continue
    }
    await nc.close()
    return server
  }
}

/** Messages of a stream in order, with their subjects. */
export async function messagesOf(
  servers: string,
  stream: string,
): Promise<{ subject: string; text: string }[]> {
  const nc = await connect({ servers: servers.split(',') })
  const { messages } = (await (await jetstreamManager(nc)).streams.info(stream)).state
  const found: { subject: string; text: string }[] = []
  if (messages > 0) {
    const consumer = await jetstream(nc).consumers.get(stream)
    for await (const message of await consumer.consume()) {
      found.push({ subject: message.subject, text: message.string() })
      if (found.length === messages) break
    }
  }
  await nc.close()
  if (found.length < messages) throw new Error(`${stream}: ${found.length} of ${messages} messages`)
  return found
}

/** Events in their last state, without those that were taken back. @throws Error for one that stands there twice */
export async function eventsOf(servers: string, stream: string): Promise<string[]> {
  const events = new Map<string, { revision: number; phase: string; text: string }>()
  const seen = new Set<string>()
  for (const { text } of await messagesOf(servers, stream)) {
    const event = JSON.parse(text) as { id: string; revision: number; phase: string }
    const key = `${event.id} ${event.revision}`
    if (seen.has(key)) throw new Error(`twice: ${key}`)
    seen.add(key)
    const known = events.get(event.id)
    if (!known || known.revision < event.revision) events.set(event.id, { ...event, text })
  }
  return [...events.values()].filter(({ phase }) => phase !== 'retracted').map(({ text }) => text)
}
