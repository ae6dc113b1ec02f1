// A watch in a test: sources that a test feeds by hand, a clock that a test moves, outlets that keep what they get.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodePosition } from '../../../src/ais/encode.js'
import { tagBlock } from '../../../src/ais/sentences.js'
import type { PositionReport } from '../../../src/model/report.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../../src/model/units.js'
import { watch, type Wall, type Watch, type WatchOptions } from '../../../src/run/watch.js'
import type { FeedOptions } from '../../../src/run/watch/feed.js'
import { createLogFile, type LogPosition } from '../../../src/sinks/live/log-file.js'
import type { Outlet, Told } from '../../../src/sinks/live/outlet.js'
import type { LiveSink, LiveSource } from '../../../src/sources/live/live.js'

export const T0 = Date.UTC(2024, 0, 15)
export const minute = (m: number): number => T0 + m * MS_PER_MIN
export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'darkwake-watch-'))

/** A clock that stands until it is moved. */
export function handClock(start = minute(0)): Wall & { move(ms: number): void } {
  let now = start
  const timers: { every: number; next: number; run: () => void }[] = []
  return {
    now: () => now,
    every(ms, run) {
      const timer = { every: ms, next: now + ms, run }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
    move(ms) {
      const to = now + ms
      for (;;) {
        const due = timers.filter(({ next }) => next <= to).sort((a, b) => a.next - b.next)[0]
        if (!due) break
        now = due.next
        due.next += due.every
        due.run()
      }
      now = to
    },
  }
}

export interface HandSource extends LiveSource {
  sink: LiveSink
  reconnects: string[]
  closed: boolean
  send(text: string | Uint8Array): void
}

export function handSource({ resends = false, connects = true } = {}): HandSource {
  const source: HandSource = {
    address: 'a test',
    resends,
    connects,
    sink: undefined as unknown as LiveSink,
    reconnects: [],
    closed: false,
    open(sink) {
      source.sink = sink
      sink.connected('a test')
      return {
        reconnect: why => void source.reconnects.push(why),
        close() {
          source.closed = true
          return Promise.resolve()
        },
      }
    },
    send: text => source.sink.data(typeof text === 'string' ? Buffer.from(text) : text),
  }
  return source
}

export const sentence = (report: PositionReport): string =>
  `${tagBlock({ t: report.t })}${encodePosition(report)}\n`

/** A report of one of a few ships under way: MMSI 201000000 + k, at a minute. */
export const heard = (k: number, m: number, rest: Partial<PositionReport> = {}): string =>
  sentence({
    ...{ mmsi: 201_000_000 + k, t: minute(m), lat: 10 + k, lon: 20 + m / 200, sog: 9, cog: 90 },
    ...{ utcSecond: 0, msgType: 1 },
    ...rest,
  })

/** An outlet that keeps all. */
export function keeping(): Outlet & { told: Told[] } {
  const told: Told[] = []
  let lastSeq = 0
  return {
    name: 'keeping',
    told,
    get lastSeq() {
      return lastSeq
    },
    offer(news) {
      lastSeq = news.seq
      told.push(news)
    },
    status: () => ({
      ...{ name: 'keeping', ok: true, queued: 0, queuedBytes: 0, delivered: told.length },
      ...{ dropped: 0, refused: 0, failures: 0, error: null },
    }),
    sync: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

export const feedOf = (source: LiveSource, rest: Partial<FeedOptions> = {}): FeedOptions => ({
  ...{ name: 'station', source, latenessMs: 10 * MS_PER_MIN, silenceMs: 2 * MS_PER_MIN },
  ...{ collection: 'terrestrial' as const },
  ...rest,
})

/** Small tables, so that a checkpoint costs nothing; a gap is half an hour. */
export const RULES = {
  config: {
    gap: { minGapHours: 0.5 },
    engine: { capacity: 256, silenceCapacity: 256 },
  },
}

export interface Running {
  watch: Watch
  wall: ReturnType<typeof handClock>
  outlet: ReturnType<typeof keeping>
  said: string[]
}

/** Starts a watch and waits until its sources are open. */
export async function start(options: Partial<WatchOptions> & { feeds: FeedOptions[] }): Promise<Running> {
  const wall = handClock(minute(0) + 24 * MS_PER_HOUR)
  const outlet = keeping()
  const said: string[] = []
  const running = watch({
    ...{ rules: RULES, outlets: () => [outlet], wall },
    log: (level, message) => void said.push(`${level}: ${message}`),
    ...options,
  })
  await opened(running)
  return { watch: running, wall, outlet, said }
}

/** A checkpoint comes before anything is taken in. */
export async function opened(running: Watch): Promise<void> {
  await running.checkpoint()
  await new Promise(done => setImmediate(done))
}

export const logTo =
  (path: string): WatchOptions['outlets'] =>
  ({ position, log }) => [
    createLogFile({
      path,
      position: position(path) as LogPosition | undefined,
      log: (level, text) => log(level, text),
    }),
  ]
