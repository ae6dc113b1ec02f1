// The engine: the order in which a report passes the stages. Put in order, find its vessel, drop repeats, judge the
// fix, let every detector see it, remember it. Event time is the only clock, and everything is a function of the
// reports: split, shuffled within the reorder window, or resumed from a snapshot, they give the same events.
//
//   push ─ validate ─ reorder ─ timers ─ vessel ─ dedupe ─ guard ─ zone ─ detectors ─ remember

import { createDedupe, type DedupeState } from '../clean/dedupe.js'
import { appendRows } from '../clean/order.js'
import { createReorder, type ReorderState } from '../clean/reorder.js'
import { validateRow } from '../clean/validate.js'
import { mmsiKind } from '../ais/mmsi.js'
import type { Detector } from '../detectors/detector.js'
import { createDetectors } from '../detectors/index.js'
import {
  appendReport,
  blankRow,
  COLUMN_NAMES,
  createBatch,
  isStaticOnly,
  writeRow,
  type ColumnName,
  type ReportBatch,
} from '../model/batch.js'
import { resolveConfig, type Config } from '../model/config.js'
import { UsageError } from '../model/errors.js'
import type { DetectorEvent } from '../model/event.js'
import { presetConfig } from '../model/presets.js'
import {
  TX_CLASSES,
  type PositionReport,
  type RejectReason,
  type StaticData,
  type StaticReport,
} from '../model/report.js'
import type { EngineCounts } from '../model/stats.js'
import { MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../model/units.js'
import { createWords, staticKey, type Words } from '../model/words.js'
import { createFeedVolume, type VolumeState } from '../reception/volume.js'
import { createGuard, type GuardState } from '../tracks/guard.js'
import { createSilences, type SilenceState } from '../tracks/silences.js'
import {
  createVesselTable,
  loadTrack,
  saveTrack,
  updateTrack,
  type TableState,
  type Tracks,
} from '../tracks/table.js'
import type { ZoneIndex } from '../zones/index.js'
import { createActivity, type ActivityState } from './activity.js'
import type { Engine, EngineOptions } from './api.js'
import { finishEvent } from './finish.js'
import { pack, unpack } from './snapshot.js'
import { createWheel, type WheelState } from './wheel.js'
import { numberZoneSets, type ZoneSetState } from './zone-sets.js'

/** Classes whose silence or place means nothing here: shore stations, buoys, aircraft, distress beacons. */
const NOT_A_VESSEL = Uint8Array.from(TX_CLASSES, name =>
  ['base', 'aton', 'sar', 'sart'].includes(name) ? 1 : 0,
)
const NOT_A_SHIP = new Set(['coast', 'sar-aircraft', 'aton', 'sart', 'mob', 'epirb'])
/** Ids of anonymised data are small numbers, which by the book are coast stations: 00MIDxxxx has at least seven digits. */
const SMALLEST_COAST_STATION = 2_000_000

type Columns = Pick<ReportBatch, ColumnName>

interface Snapshot {
  version: 1
  config: Config
  /** Statics as lines of JSON: there may be a million, and they are plain. */
  words: { receivers: string[]; sources: string[]; statics: Uint8Array }
  counts: EngineCounts
  span: { from: number; to: number }
  vessels: number
  table: TableState
  tracks: Tracks
  wheel: WheelState
  dedupe: DedupeState
  guard: GuardState
  silences: SilenceState
  reorder: ReorderState
  waiting: Columns & { length: number }
  zoneSets: ZoneSetState
  volume: VolumeState
  activity: ActivityState | null
  detectors: { name: string; state: unknown }[]
}

/**
 * Makes an engine. It has no clock, no files and no threads: reports in, events out.
 * @throws UsageError for a wrong configuration, preset, or snapshot
 */
export function createEngine(options: EngineOptions): Engine {
  const saved = options.restore ? (unpack(options.restore) as Snapshot) : undefined
  const config = resolveConfig(options.preset ? presetConfig(options.preset) : undefined, options.config)
  if (saved) {
    if (options.adopt) adopt(saved, config, options.zones)
    else if (JSON.stringify(saved.config) !== JSON.stringify(config))
      throw new UsageError('snapshot: it was taken under another configuration')
  }
  const words = options.words ?? createWords()
  if (saved) restoreWords(words, saved.words)

  const saveWords = createWordSaver(words)

  const zoneSets: ZoneSetState = saved?.zoneSets ?? []
  const zones = options.zones && numberZoneSets(options.zones, zoneSets)
  const { capacity } = config.engine
  const scratch = capacity // a slot beyond the table, for vessels that are not in it
  const table = createVesselTable(capacity)
  const { tracks } = table
  if (saved) {
    for (const name of Object.keys(tracks) as (keyof Tracks)[]) tracks[name].set(saved.tracks[name] as never)
    table.restore(saved.table)
  }
  const silences = createSilences(config.engine.silenceCapacity, saved?.silences)
  const volume = createFeedVolume(saved?.volume)
  const detectors = createDetectors(config, { ...options, words, zones, volume })
  const states = detectors.map(detector => {
    const of = saved?.detectors.find(({ name }) => name === detector.name)
    if (of && options.adopt && !isShapedLike(of.state, detector.init(capacity + 1)))
      throw new UsageError(
        `configuration: ${detector.name}: its windows cannot be changed while it has a state`,
      )
    if (of) return of.state
    if (saved && !options.adopt) throw new UsageError('snapshot: it was taken with other detectors')
    return detector.init(capacity + 1)
  })
  const always = detectors.flatMap((detector, d) => (detector.onlyApart ? [] : [d]))
  const parted = detectors.flatMap((detector, d) => (detector.onlyApart ? [d] : []))
  const timed = detectors.flatMap((detector, d) => (detector.due ? [d] : []))
  const minDelayMs = Math.min(...timed.map(d => detectors[d]!.minDelayMs!))
  const wheel = createWheel(capacity + 1, options.adopt ? undefined : saved?.wheel)
  if (saved && options.adopt) rearm(saved.wheel.minute)
  const dedupe = createDedupe(capacity + 1, config.clean.duplicateWindowS, saved?.dedupe)
  const activity = zones && createActivity(zones, capacity, saved?.activity ?? undefined)
  const counts: EngineCounts = saved?.counts ?? {
    ...{ accepted: 0, duplicates: 0, late: 0, future: 0, rejected: {}, outliers: 0 },
    evicted: { vessels: 0, silences: 0 },
    events: {},
  }
  const span = saved?.span ?? { from: NaN, to: NaN }
  let vessels = saved?.vessels ?? 0
  const { positionsOnly } = config.gap
  const horizonMs = config.engine.correctionHorizonH * MS_PER_HOUR
  const { outlierGuard, futureGuard } = config.clean
  const reportsMoveTime = options.timers !== 'watermark'

  let current = 0 // the slot that detectors are looking at
  function emit(event: DetectorEvent): void {
    if (event.phase !== 'updated') {
      const books = counts.events
      if (event.revision === 1) books[event.type] = (books[event.type] ?? 0) + 1
      else if (event.phase === 'retracted') books[event.type] = (books[event.type] ?? 0) - 1
    }
    options.onEvent(finishEvent(event, current, tracks, words, zones))
  }

  const guard = createGuard(
    config.clean,
    {
      relocate(slot, rows) {
        rows.forEach((row, k) => {
          writeRow(held, 0, row)
          tracks.relocated[slot] = k === 0 ? 1 : 0
          remember(slot, held, 0)
        })
      },
      outliers(n) {
        counts.outliers += n
      },
    },
    saved?.guard,
  )
  const held = createBatch(words, 1)
  const reorder = createReorder(
    words,
    config.engine.reorderWindowS * MS_PER_S,
    futureGuard,
    process,
    saved && { state: saved.reorder, waiting: fromColumns(words, saved.waiting) },
    config.engine.maxWaiting,
  )

  /** A row in its turn. */
  function process(batch: ReportBatch, i: number): void {
    const t = batch.t[i]!
    if (reportsMoveTime) runTimers(t)
    const mmsi = batch.mmsi[i]!
    const isStatic = isStaticOnly(batch.msgType[i]!)
    let slot = NOT_A_VESSEL[batch.txClass[i]!] === 1 ? -2 : table.find(mmsi)
    if (slot === -1) slot = isShip(mmsi) ? welcome(mmsi, t) : -2
    if (slot < 0) {
      if (!isStatic) accept(t)
      return
    }
    if (t < tracks.heard[slot]!) {
      if (!isStatic) counts.late++
      if (!isStatic || !positionsOnly) correct(slot, batch, i)
      return
    }
    if (!isStatic) {
      if (dedupe.seen(slot, batch, i)) {
        counts.duplicates++
        return
      }
      accept(t)
    }
    if (batch.statics[i]! !== 0) tracks.statics[slot] = batch.statics[i]!
    if (isStatic && positionsOnly) return
    const placed = !isStatic && batch.lat[i]! === batch.lat[i]!
    if (placed && outlierGuard && !guard.admit(slot, tracks, batch, i)) return
    remember(slot, batch, i)
  }

  /** A row older than its vessel's last: detectors may take back what it disproves. */
  function correct(slot: number, batch: ReportBatch, i: number): void {
    const known = batch.receivedAt[i]!
    const asOf = known === known ? known : reorder.state.newest
    if (batch.t[i]! < reorder.state.newest - horizonMs) return
    current = slot
    detectors.forEach((detector, d) => detector.late?.(states[d], slot, batch, i, asOf, emit))
  }

  function accept(t: number): void {
    counts.accepted++
    volume.add(t)
    if (!(span.from <= t)) span.from = t
    if (!(span.to >= t)) span.to = t
  }

  /** A row that belongs to its track: every detector sees it, then it is the track's last. */
  function remember(slot: number, batch: ReportBatch, i: number): void {
    const t = batch.t[i]!
    const lat = batch.lat[i]!
    if (activity && lat === lat) {
      const before = tracks.t[slot]! === tracks.t[slot]! ? tracks.zoneSet[slot]! : -1
      const lon = batch.lon[i]!
      const still = lat === tracks.lat[slot] && lon === tracks.lon[slot]
      const set = still ? before : zones!.setAt(lat, lon)
      activity.add(tracks.mmsi[slot]!, set, before, t - tracks.t[slot]!)
      tracks.zoneSet[slot] = set
    }
    current = slot
    for (let k = 0; k < always.length; k++)
      detectors[always[k]!]!.step(states[always[k]!], slot, tracks, batch, i, emit)
    if (tracks.apart[slot] !== 0) {
      for (const d of parted) detectors[d]!.step(states[d], slot, tracks, batch, i, emit)
      if (tracks.apart[slot] === 2) tracks.apart[slot] = 0
    }
    tracks.relocated[slot] = 0
    updateTrack(tracks, slot, batch, i)
    if (!wheel.isArmed(slot)) wheel.arm(slot, t + minDelayMs)
  }

  /** A slot for a vessel that has none, as it stood if it gave one up before. */
  function welcome(mmsi: number, t: number): number {
    const slot = table.add(mmsi, t, evict)
    const silence = silences.take(mmsi)
    if (!silence) {
      vessels++
      return slot
    }
    loadTrack(tracks, slot, silence.track)
    detectors.forEach((detector, d) => detector.unpark?.(states[d], slot, silence.parked[d]!))
    return slot
  }

  function evict(slot: number): void {
    counts.evicted.vessels++
    const due = Math.min(...timed.map(d => detectors[d]!.due!(states[d], slot, tracks)))
    const parked = detectors.map((detector, d) => detector.park?.(states[d], slot) ?? 0)
    if (tracks.heard[slot]! === tracks.heard[slot]!) {
      counts.evicted.silences += silences.put(
        tracks.mmsi[slot]!,
        { track: saveTrack(tracks, slot), parked },
        due,
      )
    }
    current = slot
    detectors.forEach((detector, d) => detector.clear(states[d], slot, tracks, emit))
    counts.outliers += guard.clear(slot)
    dedupe.clear(slot)
    wheel.disarm(slot)
  }

  /** Timers of every whole minute up to `t`: in order of minute, then of MMSI. */
  function runTimers(t: number): void {
    if (t < (wheel.state.minute + 1) * MS_PER_MIN) return
    wheel.advance(t, (minute, slots) => {
      slots.sort((a, b) => tracks.mmsi[a]! - tracks.mmsi[b]!)
      for (const slot of slots) {
        const next = tick(slot, minute)
        // reports may make it due sooner than it looks now, but never sooner than minDelay after them
        if (next !== Infinity) wheel.arm(slot, Math.min(next, minute * MS_PER_MIN + minDelayMs))
      }
    })
    if (silences.size > 0) runSilences(Math.floor(t / MS_PER_MIN))
  }

  function tick(slot: number, minute: number): number {
    current = slot
    const now = minute * MS_PER_MIN
    let next = Infinity
    for (const d of timed) {
      const detector = detectors[d]!
      if (detector.due!(states[d], slot, tracks) <= now) detector.tick!(states[d], slot, tracks, now, emit)
      next = Math.min(next, detector.due!(states[d], slot, tracks))
    }
    return next
  }

  /** The same for vessels that lost their slot: each is set up in the scratch slot and taken out again. */
  function runSilences(minute: number): void {
    for (const { minute: due, mmsi } of silences.dueUntil(minute)) {
      const silence = silences.state.byMmsi.get(mmsi)!
      loadTrack(tracks, scratch, silence.track)
      detectors.forEach((detector, d) => detector.unpark?.(states[d], scratch, silence.parked[d]!))
      const next = tick(scratch, due)
      silence.parked = detectors.map((detector, d) => detector.park?.(states[d], scratch) ?? 0)
      detectors.forEach((detector, d) => detector.clear(states[d], scratch, tracks, emit))
      silences.rearm(mmsi, next)
    }
  }

  /** Under other thresholds everybody may be due sooner. */
  function rearm(minute: number): void {
    wheel.state.minute = minute
    for (let slot = 0; slot < table.used; slot++) {
      const heard = tracks.heard[slot]!
      if (heard === heard) wheel.arm(slot, heard + minDelayMs)
    }
    silences.state.due.clear()
    for (const mmsi of silences.state.byMmsi.keys()) silences.rearm(mmsi, (minute + 1) * MS_PER_MIN)
  }

  /** True when no vessel but one was ever heard, waiting rows included. */
  function isSingle(): boolean {
    const heard = new Set<number>()
    if (vessels === 1) heard.add(tracks.mmsi[0]!)
    reorder.waiting((batch, i) => heard.add(batch.mmsi[i]!))
    return vessels <= 1 && heard.size <= 1
  }

  /** The rows that wait to be put in order, as columns: a busy feed has a million of them. */
  function waitingRows(): Snapshot['waiting'] {
    let count = 0
    for (const batch of reorder.batches()) count += batch.length
    const rows = createBatch(words, Math.max(1, count))
    for (const batch of reorder.batches()) appendRows(batch, 0, batch.length, rows)
    const columns = Object.fromEntries(COLUMN_NAMES.map(name => [name, rows[name]])) as Columns
    return { ...columns, length: count }
  }

  function reject(reason: RejectReason): void {
    options.onReject?.({ reason, source: 'push' })
  }

  const single = createBatch(words, 1)

  function pushBatch(batch: ReportBatch, order?: Uint32Array | null): void {
    if (batch.words !== words)
      throw new UsageError('pushBatch: the batch was made with other words than the engine has')
    const n = order ? order.length : batch.length
    const checked = batch.validated
    for (let k = 0; k < n; k++) {
      const i = order ? order[k]! : k
      const reason = checked ? null : validateRow(batch, i)
      if (reason === null) reorder.push(batch, i)
      else {
        counts.rejected[reason] = (counts.rejected[reason] ?? 0) + 1
        reject(reason)
      }
    }
  }

  return {
    words,
    counts,
    span,
    get vessels() {
      return vessels
    },
    push(report: PositionReport) {
      single.length = 0
      appendReport(single, report)
      pushBatch(single)
    },
    pushStatic({ mmsi, t, ...data }: StaticReport) {
      single.length = 1
      blankRow(single, 0)
      single.t[0] = t
      single.mmsi[0] = mmsi
      single.msgType[0] = 5
      single.statics[0] = words.statics.id(staticKey(data), () => data)
      pushBatch(single)
    },
    pushBatch,
    advance(watermark) {
      reorder.advance(watermark)
      runTimers(watermark)
    },
    flush() {
      reorder.end(isSingle(), (batch, i) => {
        if (isStaticOnly(batch.msgType[i]!)) return
        counts.future++
        reject('future')
      })
      guard.end()
    },
    snapshot() {
      return pack({
        ...{ version: 1, config, counts, span, vessels, table: table.state(), tracks, wheel: wheel.state },
        ...{ dedupe: dedupe.state, guard: guard.state, silences: silences.state, reorder: reorder.state },
        words: saveWords(),
        waiting: waitingRows(),
        zoneSets,
        volume: volume.state,
        activity: activity?.state ?? null,
        detectors: detectors.map((detector: Detector, d) => ({ name: detector.name, state: states[d] })),
      } satisfies Snapshot)
    },
    zoneActivity: () => activity?.list() ?? [],
  }
}

function isShip(mmsi: number): boolean {
  return mmsi < SMALLEST_COAST_STATION || !NOT_A_SHIP.has(mmsiKind(mmsi))
}

const fromColumns = (words: Words, columns: Snapshot['waiting']): ReportBatch => ({
  ...columns,
  ...{ capacity: columns.t.length, words, validated: true },
})

/**
 * Makes a snapshot fit other thresholds or zones, so that a service can take them up without forgetting its vessels. What
 * was believed of zones starts anew: a redrawn border is no crossing. Sizes of tables must be as they were.
 */
function adopt(saved: Snapshot, config: Config, zones: ZoneIndex | undefined): void {
  for (const name of ['capacity', 'silenceCapacity'] as const) {
    if (saved.config.engine[name] !== config.engine[name])
      throw new UsageError(
        `configuration: engine.${name}: ${config.engine[name]}, but the state was made with ${saved.config.engine[name]}`,
      )
  }
  const known = new Set(zones?.zones.map(({ id }) => id))
  saved.zoneSets = saved.zoneSets.map(ids => ids.filter(id => known.has(id)))
  saved.activity = null
  saved.detectors = saved.detectors.filter(({ name }) => name !== 'zone')
}

/** True when the arrays of two states are of the same lengths: where windows set them, other windows cannot use them. */
function isShapedLike(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || a instanceof Map) return true
  if (ArrayBuffer.isView(a)) return a.byteLength === (b as ArrayBufferView).byteLength
  return Object.entries(a).every(([key, value]) => isShapedLike(value, (b as Record<string, unknown>)[key]))
}

/** Words only ever come to be, so each is put into text once: after months there are a million. */
function createWordSaver({ receivers, sources, statics }: Words): () => Snapshot['words'] {
  let text = new Uint8Array(0)
  let saved = 0
  return () => {
    const fresh = Array.from({ length: statics.size - 1 - saved }, (_, k) => statics.get(saved + k + 1))
    saved += fresh.length
    const more = new TextEncoder().encode(fresh.map(data => `${JSON.stringify(data)}\n`).join(''))
    const longer = new Uint8Array(text.length + more.length)
    longer.set(text)
    longer.set(more, text.length)
    text = longer
    return { receivers: receivers.keys().slice(1), sources: sources.keys().slice(1), statics: text }
  }
}

/** Words get the ids they had, so they must go into empty ones, or into those where they are. */
function restoreWords(words: Words, saved: Snapshot['words']): void {
  const lines = new TextDecoder().decode(saved.statics).split('\n')
  const statics = lines.filter(Boolean).map(line => JSON.parse(line) as StaticData)
  const known = (['receivers', 'sources'] as const).every(name =>
    saved[name].every((word, k) => words[name].get(k + 1) === word),
  )
  const last = statics.length
  if (known && words.statics.size > last) {
    if (staticKey(words.statics.get(last) ?? {}) === staticKey(statics[last - 1] ?? {})) return
  }
  if (words.receivers.size + words.sources.size + words.statics.size > 3) {
    throw new UsageError('snapshot: restore into new words, before any source uses them')
  }
  for (const name of saved.receivers) words.receivers.id(name, () => name)
  for (const name of saved.sources) words.sources.id(name, () => name)
  for (const data of statics) words.statics.id(staticKey(data), () => data)
}
