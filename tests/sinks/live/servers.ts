// Real servers for a test, on loopback, from Debian's packages where they are installed (.ci/run does that); undefined
// where they are not, and the tests say that they were skipped.

import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../sources/live/hear.js'
import { freePort } from '../../helpers/port.js'

export interface TestServer {
  port: number
  stop(): void
  /** The same on the same port, after stop(). */
  restart(): Promise<void>
}

const POSTGRES = '/usr/lib/postgresql'
const bin = existsSync(POSTGRES)
  ? join(
      POSTGRES,
      readdirSync(POSTGRES)
        .sort((a, b) => Number(a) - Number(b))
        .at(-1)!,
      'bin',
    )
  : undefined
export const hasPostgres = bin !== undefined && existsSync(join(bin, 'initdb'))

/** PostgreSQL refuses to run as root: then it runs as the package's own user. */
export async function startPostgres(): Promise<TestServer & { url: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'darkwake-pg-'))
  const isRoot = process.getuid?.() === 0
  const uid = isRoot ? Number(execFileSync('id', ['-u', 'postgres'])) : undefined
  const gid = isRoot ? Number(execFileSync('id', ['-g', 'postgres'])) : undefined
  if (uid !== undefined) chownSync(dir, uid, gid!)
  const as = uid === undefined ? {} : { uid, gid: gid! }
  const options = { ...as, stdio: 'ignore' as const, cwd: '/' }
  execFileSync(
    join(bin!, 'initdb'),
    ['-D', join(dir, 'data'), '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    options,
  )
  const port = await freePort()
  const control = (...args: string[]): void => {
    execFileSync(join(bin!, 'pg_ctl'), ['-D', join(dir, 'data'), '-w', ...args], options)
  }
  const start = (): void =>
    control(
      '-o',
      `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`,
      '-l',
      join(dir, 'log'),
      'start',
    )
  start()
  return {
    port,
    url: `postgres://test@127.0.0.1:${port}/postgres`,
    stop: () => control('-m', 'immediate', 'stop'),
    restart: () => Promise.resolve(start()),
  }
}

const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find(existsSync)
export const hasMosquitto = MOSQUITTO !== undefined

export async function startMosquitto(at?: number): Promise<TestServer & { url: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'darkwake-mqtt-'))
  const port = at ?? (await freePort())
  const conf = join(dir, 'mosquitto.conf')
  writeFileSync(conf, `listener ${port} 127.0.0.1\nallow_anonymous true\n`)
  const run = () => spawn(MOSQUITTO!, ['-c', conf], { stdio: 'ignore' })
  const listening = async (): Promise<void> => {
    let up = false
    await until(() => {
      const probe = net.connect(port, '127.0.0.1', () => (up = true))
      probe.on('error', () => undefined)
      setTimeout(() => probe.destroy(), 200)
      return up
    })
  }
  let child = run()
  await listening()
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    stop: () => void child.kill('SIGKILL'),
    async restart() {
      child = run()
      await listening()
    },
  }
}
