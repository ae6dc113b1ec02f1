// A watch that is killed (kill -9) at random moments of a feed and started again each time, against one that was not.

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build, emptyFolder } from '../e2e/darkwake.js'
import { LEFT } from '../../src/cli/watching.js'
import { writeFeed, type FeedOptions } from './feed.js'
import { serveFeed } from './server.js'

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

export interface KillOptions extends FeedOptions {
  linesPerS: number
  kills: number
  /** Of the feed, by the wall. */
  seconds: number
  args?: string[]
  seed?: number
}

export interface KillOutcome {
  /** The event logs of a run without and a run with kills. */
  whole: string
  killed: string
  kills: number
  /** What the killed ones said last, for whoever looks into a failure. */
  stderr: string
}

export async function killRun(options: KillOptions): Promise<KillOutcome> {
  const folder = emptyFolder()
  const feed = join(folder, 'feed.nmea')
  writeFeed(feed, options)
  build()
  const [whole, killed] = await Promise.all([
    run(folder, 'whole', feed, { ...options, kills: 0 }),
    run(folder, 'killed', feed, options),
  ])
  return { whole: whole.log, killed: killed.log, kills: killed.kills, stderr: killed.stderr }
}

async function run(
  folder: string,
  name: string,
  feed: string,
  { linesPerS, kills, seconds, args = [], seed = 1 }: KillOptions,
): Promise<{ log: string; kills: number; stderr: string }> {
  const server = await serveFeed(feed, { linesPerS, resendS: 60 })
  const log = join(folder, `${name}.ndjson`)
  let stderr = ''
  const start = (): ChildProcess => {
    const child = spawn(
      process.execPath,
      [
        ...[join(build(), 'dist', 'cli', 'main.js'), 'watch', '--tcp', `station=127.0.0.1:${server.port}`],
        ...['--state', join(folder, `${name}.state`), '-o', log, '--preset', 'patrol', ...args],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
    )
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-20_000)))
    return child
  }
  let child = start()
  let done = false
  void server.done.then(() => (done = true))
  let killed = 0
  try {
    const random = lehmer(seed)
    const between = (1000 * seconds) / (kills + 1)
    while (killed < kills && !done) {
      await pause(between * (0.3 + 1.2 * random()))
      if (done) break
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
      killed++
      child = start()
    }
    await server.done
    // until nothing is written any more
    for (let size = -1, still = 0; still < 6;) {
      await pause(500)
      const now = existsSync(log) ? statSync(log).size : 0
      still = now === size ? still + 1 : 0
      size = now
    }
    const gone = new Promise<number | null>(resolve => child.once('exit', resolve))
    child.kill('SIGTERM')
    const code = await gone
    // on a disk that is busy its last checkpoint may take longer than it may stay: that is said, and costs nothing
    if (code !== 0 && !(code === 1 && stderr.includes(LEFT)))
      throw new Error(`${name}: watch left with ${code}\n${stderr}`)
    return { log: readFileSync(log, 'utf8'), kills: killed, stderr }
  } finally {
    child.kill('SIGKILL')
    server.close()
  }
}

function lehmer(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
