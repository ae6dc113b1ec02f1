// The live job: sources that never end, one engine, several outlets, and a state that survives the process. Bytes are
// logged before they are looked at, reports go to the engine as they come, and silence is measured by the watermark: the
// event time that the slowest healthy source has reached. So a satellite feed that is hours behind does not make its
// vessels dark, and a feed that is down does not stop time for the others.

import { exemptFacts, isExempt, type Exempt } from '../assess/exemptions.js'
import { createUntold, type UntoldState } from '../assess/untold.js'
import { createEngine } from '../engine/engine.js'
import { createPacker, joined } from '../engine/snapshot.js'
import type { Engine, EngineOptions } from '../engine/api.js'
import type { ReportBatch } from '../model/batch.js'
import type { FixedMask, Scene } from '../model/detection.js'
import { UsageError } from '../model/errors.js'
import { isVesselEvent, type DarkEvent } from '../model/event.js'
import type { Reject } from '../model/report.js'
import type { EngineCounts, SourceCounts } from '../model/stats.js'
import { MS_PER_MIN, MS_PER_S } from '../model/units.js'
import { createWords } from '../model/words.js'
import { eventLine } from '../sinks/ndjson.js'
import type { Outlet, OutletStatus } from '../sinks/live/outlet.js'
import type { LiveHandle, Position } from '../sources/live/live.js'
import { createFollower, createSelection, type Selection } from './select.js'
import {
  createFeed,
  sliceBatch,
  type Feed,
  type FeedOptions,
  type FeedState,
  type Health,
} from './watch/feed.js'
import { openStateDir, type StateDir } from './watch/state-dir.js'
import { CONTROL, DATA, type Wal } from './watch/wal.js'

/** Feeds are looked after this often: is one silent, is the log on the disk? */
const TICK_MS = MS_PER_S
/** A checkpoint this often, or when the feed log is that large: what a restart has to read again. */
const CHECKPOINT_MS = MS_PER_MIN
const CHECKPOINT_BYTES = 256 * 2 ** 20
/** What the log of a feed grows by before a disk that was full is tried again. */
const RETRY_CHECKPOINT_MS = 5 * MS_PER_S
const PRESSURE_EVERY_MS = MS_PER_MIN
/** Sources that are held up for longer than this are told of. */
const HELD_UP_MS = 5 * MS_PER_S
const LF = 10
/** Silences kept of vessels that gave way: a live service has its memory bounded tighter than a recorded run. */
const SILENCES = 131_072

/** The present, and what comes round: injected, so that tests need not wait. */
export interface Wall {
  /** Epoch ms. */
  now(): number
  /** Calls `run` every `ms`; returns how to stop it. */
  every(ms: number, run: () => void): () => void
}

export const systemWall: Wall = {
  now: () => Date.now(),
  every(ms, run) {
    const timer = setInterval(run, ms)
    return () => clearInterval(timer)
  },
}

/** Thresholds, zones and lists: what can be changed while the feed runs. */
export interface WatchRules extends Pick<
  EngineOptions,
  'preset' | 'config' | 'zones' | 'ports' | 'coast' | 'watchlist' | 'receptionPrior'
> {
  /**
   * Tells one set of rules from another, such as a hash of the files they came from: under others, what was believed of
   * zones starts anew. @default made of the configuration and the names of the zones
   */
  fingerprint?: string
}

const fingerprintOf = ({ fingerprint, preset, config, zones }: WatchRules): string =>
  fingerprint ?? JSON.stringify([preset, config, zones?.zones])

export type WatchLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void

/** What an outlet may need to go on where an earlier process stood. */
export interface OutletContext {
  /** The state folder; undefined without one. */
  dir: string | undefined
  /** What the outlet of this name said of its position at the checkpoint. */
  position(name: string): unknown
  log: WatchLog
}

export interface WatchOptions extends Selection {
  /** Satellite pictures will be handed in, hours late: positions are kept for them. */
  scenes?: { mask?: FixedMask | undefined } | undefined
  feeds: FeedOptions[]
  outlets: (context: OutletContext) => Outlet[]
  rules: WatchRules
  /** Folder for checkpoints and queues; without it nothing survives the process. */
  stateDir?: string | undefined
  log?: WatchLog
  onReject?: ((reject: Reject) => void) | undefined
  /** What analysts exempted, at the start. */
  exempt?: readonly Exempt[] | undefined
  /** Told how long the engine took over a piece, ms. */
  onStep?: ((ms: number) => void) | undefined
  /** Reports of a feed as the engine gets them, just before; also when the feed log is played after a crash. */
  onReports?: ((batch: ReportBatch) => void) | undefined
  /** An event that is told, after it was handed to the outlets. */
  onEvent?: ((event: DarkEvent) => void) | undefined
  wall?: Wall
}

export interface FeedStatus {
  name: string
  address: string
  health: Health
  /** Arrival of the last bytes, epoch ms; null before the first. */
  lastHeardAt: number | null
  /** Event time, epoch ms; null before the first report. */
  watermark: number | null
  newest: number | null
  trouble: string | null
  retryAt: number | null
  reconnects: number
  counts: SourceCounts
  /** Lines that a server sent again after a break. */
  resent: number
  /** Reports above what one transmitter can send. */
  floods: number
  /** Lines that came while no output had room, from a source that cannot wait. */
  dropped: number
}

export interface WatchStatus {
  startedAt: number
  feeds: FeedStatus[]
  outlets: OutletStatus[]
  engine: EngineCounts
  vessels: number
  /** Different static data remembered. */
  statics: number
  /** Event time that silence is measured by; null before the first. */
  watermark: number | null
  /** Events told, by type and phase. */
  events: Record<string, Record<string, number>>
  /** Events not told because a list or an analyst exempted their vessel, by type. */
  exempted: Record<string, number>
  checkpoint: {
    at: number | null
    bytes: number
    stallMs: number
    failures: number
    error: string | null
  } | null
}

export interface Watch {
  /** Resolves when every source has ended for good, as a pipe can; what was found is handed on by then. */
  readonly ended: Promise<void>
  status(): WatchStatus
  /** Other thresholds, zones or lists from now on, the state kept. @throws UsageError, and nothing is changed */
  reload(rules: WatchRules): void
  /**
   * What analysts exempted from now on: such events are told to no outlet but those that keep all. Events that were told
   * already are told to their end.
   */
  setExempt(exempt: readonly Exempt[]): void
  /** Takes a satellite picture; with `scenes` only. @returns false for one that was taken before */
  pushScene(scene: Scene): boolean
  checkpoint(): Promise<void>
  /** Checkpoint, then out: never longer than a few seconds. */
  stop(): Promise<void>
}

/** What the feed log tells besides bytes. */
interface ControlWords {
  /** Names by number, from here on. */
  feeds?: string[]
  health?: Health
  /** A followed file, now another one; a topic, after what was handed on. */
  moved?: Position
  /** What analysts exempted from here on. */
  exempt?: readonly Exempt[]
}

/** What a checkpoint keeps beside the engine; plain data. */
interface Books {
  rules: string
  seq: number
  watermark: number
  open: Set<string>
  events: Record<string, Record<string, number>>
  feeds: Record<string, FeedState>
  outlets: Record<string, unknown>
  /** Absent in checkpoints from before there was any. */
  exemptions?: { exempt: readonly Exempt[]; untold: UntoldState; counts: Record<string, number> }
}

/** What a watch asks of what it feeds. */
export interface WatchEngine extends Pick<
  Engine,
  'counts' | 'vessels' | 'pushBatch' | 'pushScene' | 'advance' | 'tidy' | 'flush' | 'capture' | 'snapshot'
> {
  /** What an earlier run had logged has been played; what comes now is new. */
  begin?(): void
  /** The watch stops and no state is kept: what waits is to be handed on. */
  leave?(): void
}

export type MakeEngine = (options: EngineOptions) => WatchEngine

/**
 * Starts to watch.
 * @throws UsageError for wrong options, or a state that cannot be used; OutputError when an outlet cannot be opened
 */
export const watch = (options: WatchOptions): Watch => watchOver(options, createEngine)

/** The same, with an engine that the caller makes: of what sees the reports nothing else is known. */
export function watchOver(options: WatchOptions, make: MakeEngine): Watch {
  const { wall = systemWall, log = () => undefined, onStep } = options
  const names = options.feeds.map(({ name }) => name)
  if (names.length === 0) throw new UsageError('watch: no source given')
  const twice = names.find((name, k) => names.indexOf(name) !== k)
  if (twice !== undefined) throw new UsageError(`watch: two sources are named ${twice}`)
  const wanted = createSelection(options)

  const state = options.stateDir === undefined ? null : openStateDir<Books>(options.stateDir)
  let outlets: Outlet[] = []
  try {
    return start()
  } catch (error) {
    for (const outlet of outlets) void outlet.close(0)
    state?.release()
    throw error
  }

  function start(): Watch {
    const books = state?.saved?.books
    for (const warning of state?.warnings ?? []) log('warn', warning)
    const words = createWords()
    let rules = fingerprintOf(options.rules)
    let engine = makeEngine(options.rules, state?.saved?.engine, books?.rules !== rules)
    const open = books?.open ?? new Set<string>()
    const follow = createFollower(wanted, open)
    const told: WatchStatus['events'] = books?.events ?? {}
    /** Events told so far: the number of the last one. */
    let seq = books?.seq ?? 0
    let watermark = books?.watermark ?? -Infinity
    const exempted = books?.exemptions?.counts ?? {}
    const untold = createUntold(exempted, books?.exemptions?.untold)
    let exempt = books?.exemptions?.exempt ?? []

    outlets = options.outlets({
      dir: state?.dir,
      position: name => books?.outlets[name],
      log,
    })
    const feeds = options.feeds.map(feed =>
      createFeed(feed, { words, onReject: options.onReject, restored: books?.feeds[feed.name] }),
    )

    const takeBooks = createPacker()
    let scratch: ReportBatch | undefined
    let wal: Wal | null = null
    let saving: Promise<void> | null = null
    let stopped = false
    let replaying = false
    let triedAt = -Infinity
    let pressureAt = -Infinity
    let evictedBefore = evictions()
    const checkpoint = {
      at: null as number | null,
      bytes: 0,
      stallMs: 0,
      failures: 0,
      error: null as string | null,
    }
    const startedAt = wall.now()

    /** @param adopt the state was made under other rules */
    function makeEngine(
      { preset, config, zones, ports, coast, watchlist, receptionPrior }: WatchRules,
      restore?: Uint8Array,
      adopt = false,
    ): WatchEngine {
      return make({
        ...(preset === undefined ? {} : { preset }),
        ...(options.onReject && { onReject: options.onReject }),
        ...{ zones, ports, coast, watchlist, receptionPrior, words, timers: 'watermark' },
        ...(options.scenes && { scenes: { ...options.scenes, late: true } }),
        config: { ...config, engine: { silenceCapacity: SILENCES, ...config?.engine } },
        ...(restore && { restore, adopt }),
        onEvent: tell,
      })
    }

    function tell(event: DarkEvent): void {
      const isUntold = isVesselEvent(event) && untold.take(event, () => isExempt(exempt, exemptFacts(event)))
      if (!follow(event)) return
      if (isUntold) {
        for (const outlet of outlets) outlet.keep?.(event)
        return
      }
      const byPhase = (told[event.type] ??= {})
      byPhase[event.phase] = (byPhase[event.phase] ?? 0) + 1
      const news = { seq: ++seq, event, line: eventLine(event) }
      for (const outlet of outlets) if (news.seq > outlet.lastSeq) outlet.offer(news)
      options.onEvent?.(event)
    }

    /** Rows in their order; where the watermark reaches another minute, timers run before the next row. */
    function take(feed: Feed, batch: ReportBatch): void {
      const { t, mmsi } = batch
      options.onReports?.(batch)
      let from = 0
      for (let i = 0; i < batch.length; i++) {
        if (!feed.clock.see(t[i]!, mmsi[i]!)) continue
        if (i + 1 < batch.length) {
          scratch = sliceBatch(batch, from, i + 1, scratch)
          engine.pushBatch(scratch)
          from = i + 1
          advance()
        }
      }
      if (from === 0) engine.pushBatch(batch)
      else {
        scratch = sliceBatch(batch, from, batch.length, scratch)
        engine.pushBatch(scratch)
      }
      advance()
    }

    /** Event time is where the slowest of the healthy sources is. */
    function advance(): void {
      let slowest = Infinity
      for (const feed of feeds) if (feed.health === 'up') slowest = Math.min(slowest, feed.clock.watermark)
      const minute = Math.floor(slowest / MS_PER_MIN) * MS_PER_MIN
      if (!(minute > watermark) || minute === Infinity) return
      watermark = minute
      engine.advance(minute)
    }

    function ingest(k: number, bytes: Uint8Array, arrival: number, position: number): void {
      const feed = feeds[k]!
      feed.lastHeardAt = arrival
      if (feed.position && 'offset' in feed.position && position === position) feed.position.offset = position
      setHealth(k, 'up')
      const before = performance.now()
      feed.read(bytes, arrival, batch => take(feed, batch))
      tidy()
      onStep?.(performance.now() - before)
    }

    /** Every reader has handed over what it read: nobody but the engine holds rows, unless one reads ahead. */
    function tidy(): void {
      if (!feeds.some(({ options: { source }, health }) => source.readsAhead && health !== 'ended'))
        engine.tidy()
    }

    /** What moves the engine is logged, so that the log played again gives the same. */
    function setHealth(k: number, health: Health): void {
      const feed = feeds[k]!
      if (feed.health === health) return
      const wasUp = feed.health === 'up'
      if (wasUp) control(k, { health })
      feed.health = health
      if (wasUp) advance()
    }

    /** Logged too: what is told depends on it, and with it the numbers of what is told after. */
    function setExempt(next: readonly Exempt[]): void {
      control(0, { exempt: next })
      exempt = next
    }

    function control(k: number, words: ControlWords): void {
      append(CONTROL, k, NaN, Buffer.from(JSON.stringify(words)))
    }

    function append(kind: number, k: number, position: number, bytes: Uint8Array): void {
      if (!wal || replaying) return
      try {
        wal.append({ kind, feed: k, arrival: wall.now(), position, bytes })
      } catch (error) {
        // the disk is full: go on without, and begin a new log with the next checkpoint
        wal.close()
        wal = null
        failed(error)
      }
    }

    function failed(error: unknown): void {
      const { code, message } = error as NodeJS.ErrnoException
      const why = code === 'ENOSPC' ? 'no space left on the device' : message
      checkpoint.failures++
      if (checkpoint.error !== why && !stopped)
        log(
          'warn',
          `state: ${state!.dir}: ${why}: watching goes on; a crash now would lose what came since the last checkpoint`,
        )
      checkpoint.error = why
    }

    /** Takes the state at this moment; writing it takes its time while the feed runs on. */
    function save(): Promise<void> {
      if (!state) return Promise.resolve()
      if (saving) return saving
      triedAt = wall.now()
      saving = saveNow(state).finally(() => {
        saving = null
      })
      return saving
    }

    async function saveNow(dir: StateDir<Books>): Promise<void> {
      try {
        const before = performance.now()
        const taken = engine.capture()
        try {
          const read = feeds.map(feed => feed.position)
          const positions = outlets.map(outlet => [outlet.name, outlet.position?.()] as const)
          const next = dir.begin()
          wal?.close()
          wal = next.wal
          append(CONTROL, 0, NaN, Buffer.from(JSON.stringify({ feeds: names })))
          const saved = takeBooks({
            ...{ rules, seq, watermark, open, events: told },
            exemptions: { exempt, untold: untold.state, counts: exempted },
            feeds: Object.fromEntries(feeds.map(feed => [feed.name, feed.state()])),
            outlets: Object.fromEntries(positions.filter(([, position]) => position !== undefined)),
          } satisfies Books)
          checkpoint.stallMs = performance.now() - before
          // events first: a checkpoint must not know of one that is not on the disk
          for (const outlet of outlets) await outlet.sync()
          checkpoint.bytes = (await next.save({ books: joined(saved), engine: taken.pieces() })).bytes
          passed(read)
        } finally {
          taken.done()
        }
        checkpoint.at = wall.now()
        if (checkpoint.error !== null) log('info', `state: ${dir.dir}: can be written again`)
        checkpoint.error = null
      } catch (error) {
        failed(error)
      }
    }

    /** What the sources handed on up to there is safe. */
    function passed(positions: (Position | null)[]): void {
      positions.forEach((position, k) => position && handles[k]?.saved?.(position))
    }

    /** Without a folder what was handed on is all that can be done for it, where an outlet has it. */
    async function passOn(): Promise<void> {
      triedAt = wall.now()
      const read = feeds.map(feed => feed.position)
      for (const outlet of outlets) await outlet.sync()
      passed(read)
    }

    /** What came in after the checkpoint, until the process died. */
    function playLog(dir: StateDir<Books>): void {
      replaying = true
      let order = names
      let lines = 0
      for (const { kind, feed, arrival, position, bytes } of dir.frames()) {
        if (kind === CONTROL) {
          const words = JSON.parse(Buffer.from(bytes).toString()) as ControlWords
          const k = names.indexOf(order[feed]!)
          if (words.feeds) order = words.feeds
          else if (words.exempt) exempt = words.exempt
          else if (k >= 0 && words.health) setHealth(k, words.health)
          else if (k >= 0 && words.moved) feeds[k]!.position = words.moved
          continue
        }
        const k = names.indexOf(order[feed]!)
        if (kind !== DATA || k < 0) continue // a source that is not watched any more
        feeds[k]!.remember(bytes)
        ingest(k, bytes, arrival, position)
        lines++
      }
      replaying = false
      if (lines > 0 || dir.saved)
        log('info', `state: ${dir.dir}: resumed${lines > 0 ? `, with ${lines} pieces of the feed log` : ''}`)
      // numbers that outlets have seen were given before a crash of the machine; they are not given twice
      seq = Math.max(seq, ...outlets.map(outlet => outlet.lastSeq))
    }

    if (state) playLog(state)
    engine.begin?.()
    if (options.exempt) setExempt(options.exempt)

    let endedAll = (): void => undefined
    const ended = new Promise<void>(resolve => (endedAll = resolve))
    for (const feed of feeds) {
      feed.lastHeardAt = wall.now()
      if (feed.health === 'up' || feed.health === 'silent') feed.health = 'down'
    }

    let handles: LiveHandle[] = []
    /** An outlet has no room: sources that can wait do, what the others send is counted and dropped. */
    let holding = false

    function holdUp(): void {
      const rooms = outlets.flatMap(outlet => outlet.room?.() ?? [])
      if (holding || rooms.length === 0) return
      holding = true
      const before = sum(feeds, feed => feed.dropped)
      for (const handle of handles) handle.pause?.(true)
      let isTold = false
      // a fast pipe is held up now and then, which is as it should be
      const telling = setTimeout(() => {
        isTold = true
        log('warn', 'sources are held up: an output can take no more')
      }, HELD_UP_MS)
      void Promise.all(rooms).then(() => {
        clearTimeout(telling)
        holding = false
        const dropped = sum(feeds, feed => feed.dropped) - before
        if (dropped > 0) log('warn', `${dropped} lines were lost of sources that cannot be held up`)
        if (isTold) log('info', 'sources go on')
        for (const handle of handles) handle.pause?.(false)
      })
    }

    // nothing is taken in before there is a checkpoint to go back to
    void save().then(() => {
      if (!stopped) handles = feeds.map(openFeed)
    })

    function openFeed(feed: Feed, k: number): LiveHandle {
      feed.reconnected()
      feed.lastHeardAt = wall.now()
      return feed.options.source.open(
        {
          data(bytes, stream = 0, position = NaN) {
            if (stopped) return
            const arrival = wall.now()
            feed.lastHeardAt = arrival // also what was sent before is a sign of life
            feed.receive(bytes, stream, lines => {
              if (holding && handles[k]?.pause === undefined) {
                feed.dropped += countOf(lines, LF)
                return
              }
              append(DATA, k, position, lines)
              ingest(k, lines, arrival, position)
              holdUp()
            })
          },
          rows(batch, position) {
            if (stopped) return
            const arrival = wall.now()
            feed.lastHeardAt = arrival
            setHealth(k, 'up')
            const before = performance.now()
            feed.admit(batch, arrival)
            take(feed, batch)
            // a recording is read again from here, so it needs no log
            feed.position = { inode: 0, offset: position }
            onStep?.(performance.now() - before)
            holdUp()
          },
          connected(peer) {
            if (feed.trouble !== null || feed.health === 'waiting' || feed.health === 'down')
              log('info', `source ${feed.name}: connected to ${peer}`, { source: feed.name, peer })
            feed.trouble = null
            feed.retryAt = NaN
            feed.lastHeardAt = wall.now()
          },
          lost(why, retryInMs) {
            if (stopped) return
            feed.trouble = why
            feed.reconnects++
            feed.retryAt = retryInMs === null ? NaN : wall.now() + retryInMs
            setHealth(k, 'down')
            feed.reconnected()
            const next = retryInMs === null ? '' : `; trying again in ${(retryInMs / 1000).toFixed(1)} s`
            log('warn', `source ${feed.name}: ${feed.options.source.address}: ${why}${next}`, {
              ...{ source: feed.name, why, retryInMs },
            })
          },
          moved(position) {
            control(k, { moved: position })
            feed.position = { ...position }
          },
          ended() {
            if (stopped || feed.health === 'ended') return
            setHealth(k, 'ended')
            log('info', `source ${feed.name}: ended`, { source: feed.name })
            if (feeds.every(({ health }) => health === 'ended')) {
              engine.flush()
              endedAll()
            }
          },
        },
        feed.position ?? undefined,
        {
          words,
          name: feed.name,
          counts: feed.counts,
          ...(options.onReject && { onReject: options.onReject }),
        },
      )
    }

    function tick(): void {
      const at = wall.now()
      feeds.forEach((feed, k) => {
        const { silenceMs, source } = feed.options
        if (holding) feed.lastHeardAt = at // it is we who do not listen
        if (feed.health === 'ended' || feed.trouble !== null || at - feed.lastHeardAt < silenceMs) return
        const what = `nothing heard for ${Math.round((at - feed.lastHeardAt) / MS_PER_S)} s`
        feed.lastHeardAt = at // say it again only after another such time
        if (source.connects) {
          setHealth(k, 'silent')
          handles[k]?.reconnect(what)
        } else {
          if (feed.health === 'up' || feed.health === 'waiting')
            log('warn', `source ${feed.name}: ${source.address}: ${what}`, { source: feed.name })
          setHealth(k, 'silent')
        }
      })
      watchPressure(at)
      if (!state) {
        if (at - triedAt >= CHECKPOINT_MS) passOn().catch(() => undefined) // the outlet says what is wrong
        return
      }
      wal?.sync().catch(failed)
      const due = wal
        ? at - triedAt >= CHECKPOINT_MS || wal.size >= CHECKPOINT_BYTES
        : at - triedAt >= RETRY_CHECKPOINT_MS
      if (due && !saving) void save()
    }

    function evictions(): number {
      const { vessels, silences } = engine.counts.evicted
      return vessels + silences
    }

    function watchPressure(at: number): void {
      if (at - pressureAt < PRESSURE_EVERY_MS) return
      const gone = evictions() - evictedBefore
      const full = (['statics', 'receivers'] as const).filter(name => words[name].full)
      if (gone === 0 && full.length === 0) return
      pressureAt = at
      evictedBefore += gone
      const { vessels, silences } = engine.counts.evicted
      log(
        'warn',
        `state-pressure: ${gone} vessels gave way to new ones in the last minute or more${full.length ? `; no room for new ${full.join(', ')}` : ''}`,
        { pressure: true, evictedVessels: vessels, evictedSilences: silences },
      )
    }

    const stopTicking = wall.every(TICK_MS, tick)

    async function close(): Promise<void> {
      if (stopped) return
      stopped = true
      stopTicking()
      await Promise.all(handles.map(handle => handle.close()))
      await saving
      if (state) await save()
      else engine.leave?.()
      await Promise.all(outlets.map(outlet => outlet.close(2000)))
      wal?.close()
      wal = null
      state?.release()
    }

    return {
      ended,
      status: () => ({
        startedAt,
        feeds: feeds.map(feed => statusOf(feed)),
        outlets: outlets.map(outlet => outlet.status()),
        engine: engine.counts,
        vessels: engine.vessels,
        statics: words.statics.size - 1,
        watermark: Number.isFinite(watermark) ? watermark : null,
        events: told,
        exempted: summed(engine.counts.exempted, exempted),
        checkpoint: state && checkpoint,
      }),
      setExempt,
      pushScene: scene => engine.pushScene(scene),
      reload(next) {
        const fingerprint = fingerprintOf(next)
        engine = makeEngine(next, engine.snapshot(), fingerprint !== rules)
        rules = fingerprint
        void save()
      },
      checkpoint: save,
      stop: close,
    }
  }
}

function summed(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const sums = { ...a }
  for (const [name, count] of Object.entries(b)) sums[name] = (sums[name] ?? 0) + count
  return sums
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

function countOf(bytes: Uint8Array, wanted: number): number {
  let count = 0
  for (const byte of bytes) if (byte === wanted) count++
  return count
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

const statusOf = (feed: Feed): FeedStatus => ({
  name: feed.name,
  address: feed.options.source.address,
  health: feed.health,
  lastHeardAt: finite(feed.lastHeardAt),
  watermark: finite(feed.clock.watermark),
  newest: finite(feed.clock.state.newest),
  trouble: feed.trouble,
  retryAt: finite(feed.retryAt),
  reconnects: feed.reconnects,
  counts: feed.counts,
  resent: feed.resent,
  floods: feed.floods,
  dropped: feed.dropped,
})
