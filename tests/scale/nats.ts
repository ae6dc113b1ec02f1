// Servers of NATS with JetStream on loopback, one or three, and what their streams hold.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { freePort } from '../helpers/port.js'

/** Until three servers have agreed on who leads. */
const SETTLE_MS = 6000

export const hasNats = spawnSync('nats-server', ['--version']).status === 0

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

export interface NatsCluster {
  /** All of them, separated by commas. */
  addresses: string
  servers: Map<number, ChildProcess>
  /** Starts one again over the same data, by its number from 1 on: the server `n1` is number 1. */
  start(number: number): void
  stop(): void
}

/** Three servers that know one another; they take some seconds to agree on a leader. */
export async function startCluster(folder: string): Promise<NatsCluster> {
  const numbers = [1, 2, 3]
  const ports = await Promise.all(numbers.map(freePort))
  const routes = (await Promise.all(numbers.map(freePort))).map(port => `127.0.0.1:${port}`)
  const servers = new Map<number, ChildProcess>()
  const start = (number: number): void => {
    const child = spawn('nats-server', ['-c', join(folder, `${number}.conf`)], { stdio: 'ignore' })
    servers.set(number, child)
  }
  numbers.forEach((number, k) => {
    writeFileSync(
      join(folder, `${number}.conf`),
      [
        `server_name: n${number}`,
        `listen: 127.0.0.1:${ports[k]}`,
        `jetstream { store_dir: "${join(folder, `js${number}`)}", max_file: 20G }`,
        `cluster { name: test, listen: ${routes[k]}, routes: [${routes.map(route => `nats://${route}`).join(', ')}] }`,
      ].join('\n'),
    )
    start(number)
  })
  await new Promise(resolve => setTimeout(resolve, SETTLE_MS))
  return {
    ...{ servers, start },
    addresses: ports.map(port => `127.0.0.1:${port}`).join(','),
    stop: () => servers.forEach(child => child.kill('SIGKILL')),
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
