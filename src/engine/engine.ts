// The engine: the order in which a report passes the stages. Put in order, find its vessel, drop repeats, find its
// track, let every detector see it, remember it. Event time is the only clock, and everything is a function of the
// reports: split, shuffled within the reorder window, or resumed from a snapshot, they give the same events.
//
//   push ─ validate ─ reorder ─ timers ─ vessel ─ dedupe ─ associate ─ zone ─ detectors ─ remember

import { createDedupe, type DedupeState } from '../clean/dedupe.js'
import { createReorder, type ReorderState, type WaitingRows } from '../clean/reorder.js'
import { validateRow } from '../clean/validate.js'
import { isBeacon } from '../ais/mmsi.js'
import type { Detector, Emit } from '../detectors/detector.js'
import { createDetectors, listens } from '../detectors/index.js'
import { initRemembered, type RememberedState } from '../detectors/spoofing/remembered.js'
import { appendReport, appendStatic, createBatch, isStaticOnly, type ReportBatch } from '../model/batch.js'
import { resolveConfig, type Config } from '../model/config.js'
import { UsageError } from '../model/errors.js'
import type { DetectorEvent } from '../model/event.js'
import { presetConfig } from '../model/presets.js'
import { createReceiverSets, type Copy, type ReceiverSetsState } from '../model/receivers.js'
import type { PositionReport, RejectReason, StaticData, StaticReport } from '../model/report.js'
import type { EngineCounts } from '../model/stats.js'
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../model/units.js'
import { createWords } from '../model/words.js'
import { gridRows } from '../reception/grid.js'
import { feedName, type ReceptionState } from '../reception/model.js'
import { SLOT_MS, slotOf } from '../reception/slots.js'
import { createAssociation, type AssociationState } from '../tracks/associate.js'
import { createFeeds, type FeedsState } from '../tracks/feeds.js'
import { createSilences, MAX_TRACKS, trackKey, type SilenceState } from '../tracks/silences.js'
import {
  blankTrack,
  copyTrack,
  createVesselTable,
  updateTrack,
  type TableState,
  type Tracks,
} from '../tracks/table.js'
import type { AnchoragesState } from '../zones/anchorages.js'
import type { ZoneIndex } from '../zones/index.js'
import { createActivity, type ActivityState } from './activity.js'
import type { Engine, EngineOptions } from './api.js'
import { finishEvent, watersOf } from './finish.js'
import { restoreWords, saveWords, type SavedWords } from './saved-words.js'
import { createPacker, joined, unpackWithLines, type Capture } from './snapshot.js'
import { blankHeard, heardOf } from './listening.js'

import { createMet, meet, notJudged, type MetState } from './met.js'
import { createIsUnusual } from './ordinary.js'
import { createLearner, createLearning } from './learning.js'
import { endOf, PHASES, type Found, type Moment, type Part, type When } from './parts.js'
import { createTelling, type TellingState } from './telling.js'
import { createWheel, type WheelState } from './wheel.js'
import { isOtherClass, isShip } from './ships.js'
import { numberZoneSets, type ZoneSetState } from './zone-sets.js'

interface Snapshot extends TellingState {
  version: 1
  config: Config
  words: SavedWords
  counts: EngineCounts
  span: { from: number; to: number }
  vessels: number
  table: TableState
  tracks: Tracks
  wheel: WheelState
  dedupe: DedupeState
  association: AssociationState
  silences: SilenceState
  feeds: FeedsState
  remembered: RememberedState
  anchorages: AnchoragesState
  reorder: ReorderState
  waiting: WaitingRows[]
  zoneSets: ZoneSetState
  reception: ReceptionState
  receivers: ReceiverSetsState
  activity: ActivityState | null
  met: MetState
  detectors: { name: string; state: unknown }[]
}

/**
 * Makes an engine. It has no clock, no files and no threads: reports in, events out.
 * @param part some of its detectors; all by default. A part that is cut by vessel has snapshots between two of its slots (engine/learning)
 * @throws UsageError for a wrong configuration, preset, or snapshot
 */
export function createEngine(options: EngineOptions, part?: Part): Engine {
  const restored = options.restore && unpackWithLines(options.restore)
  const saved = restored?.value as Snapshot | undefined
  const config = resolveConfig(options.preset ? presetConfig(options.preset) : undefined, options.config)
  if (saved) {
    if (options.adopt) adopt(saved, config, options.zones)
    else if (JSON.stringify(saved.config) !== JSON.stringify(config))
      throw new UsageError('snapshot: it was taken under another configuration')
  }
  const words = options.words ?? createWords()
  if (saved) restoreWords(words, saved.words, restored!.lines as (StaticData | undefined)[])

  const zoneSets: ZoneSetState = saved?.zoneSets ?? []
  const isUntold = part?.learn !== undefined
  // whose waters it was in teaches nobody anything
  const zones = isUntold ? undefined : options.zones && numberZoneSets(options.zones, zoneSets)
  const capacity = part?.slots ?? config.engine.capacity
  const scratch = capacity // a slot beyond the table, for vessels that are not in it
  const table = createVesselTable(capacity)
  const { tracks } = table
  if (saved) {
    for (const name of Object.keys(tracks) as (keyof Tracks)[]) tracks[name].set(saved.tracks[name] as never)
    table.restore(saved.table)
  }
  const learning = createLearning(
    createLearner(config, options, saved, part),
    words,
    !part || listens(part.runs),
    part,
  )
  const { reception, anchorages } = learning
  const receivers = createReceiverSets(words, receiverSetsSize(capacity), setsInUse, saved?.receivers)
  const feeds = createFeeds(capacity + 1, saved?.feeds, part?.lessons !== undefined)
  const remembered = saved?.remembered ?? initRemembered(capacity + 1)
  const { ports } = anchorages
  const views = { words, zones, reception, receivers, feeds, remembered, anchorages, ports, isUntold }
  const everybody = createDetectors(config, { ...options, ...views })
  const detectors = part ? everybody.filter(({ name }) => part.runs.has(name)) : everybody
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
  const parking = detectors.flatMap((detector, d) => (detector.park ? [d] : []))
  const silences = createSilences(config.engine.silenceCapacity, parking.length, saved?.silences)
  // functions in a row of their own: detectors are objects of many shapes, and each report would find that out anew
  const stepped = detectors.flatMap((detector, d) => (detector.step && !detector.watches ? [d] : []))
  const steps = stepped.map(d => detectors[d]!.step!)
  const emits = detectors.map((detector): Emit => {
    if (part?.silent?.has(detector.name)) return () => undefined
    const turn = everybody.indexOf(detector)
    return event => found(event, turn)
  })
  const stepEmits = stepped.map(d => emits[d]!)
  const sparse = detectors.flatMap((detector, d) => (detector.watches ? [d] : []))
  const isUnusual = createIsUnusual(config)
  const receiving = detectors.flatMap((detector, d) => (detector.received ? [d] : []))
  const listening = detectors.flatMap((detector, d) => (detector.copied ? [d] : []))
  const copies = listening.map(d => detectors[d]!.copied!)
  const timed = detectors.flatMap((detector, d) => (detector.due && !detector.beacons ? [d] : []))
  const minDelayMs = Math.min(...timed.map(d => detectors[d]!.minDelayMs!))
  const ofBeacons = detectors.flatMap((detector, d) => (detector.beacons ? [d] : []))
  const beaconDelayMs = Math.min(...ofBeacons.map(d => detectors[d]!.minDelayMs!))
  const wheel = createWheel(capacity + 1, options.adopt ? undefined : saved?.wheel)
  if (saved && options.adopt) rearm(saved.wheel.minute)
  const { duplicateWindowS } = config.clean
  const dedupe = createDedupe(capacity + 1, duplicateWindowS, receivers, copied, saved?.dedupe)
  const activity = zones && createActivity(zones, capacity, saved?.activity ?? undefined)
  const counts: EngineCounts = saved?.counts ?? {
    ...{ accepted: 0, duplicates: 0, late: 0, future: 0, rejected: {}, outliers: 0 },
    evicted: { vessels: 0, silences: 0 },
    ...{ events: {}, exempted: {} },
  }
  const met = saved?.met ?? createMet()
  const span = saved?.span ?? { from: NaN, to: NaN }
  let vessels = saved?.vessels ?? 0
  const { positionsOnly } = config.gap
  const horizonMs = config.engine.correctionHorizonH * MS_PER_HOUR
  const { outlierGuard } = config.clean
  // of some of the ships nobody can say whether the clock of one of them is wrong
  const futureGuard = config.clean.futureGuard && !part?.learn && !part?.lessons
  const reportsMoveTime = options.timers !== 'watermark'

  const listenerNames = {
    feed: (code: number) => feedName(code),
    receiver: (id: number) => words.receivers.get(id)!,
  }
  const inSlot = blankHeard()
  let current = 0 // the slot that detectors are looking at
  let now = 0 // event time of the row or the timer in its turn
  let phase: number = PHASES.rows
  /** Steps are counted so that parts of an engine know when another one found something. */
  const when: When = { t: NaN, phase: 0, mmsi: 0, look: 0, nth: 0 }
  const at: Moment = { beat: 0, minute: 0, mmsi: 0, track: 0, turn: 0 }
  const others = part?.others

  /** The next thing at which detectors look; catchUp() when they have. */
  function beat(ofMany = false): void {
    at.beat++
    at.minute = at.mmsi = at.track = 0
    if (part && !ofMany) lookAt(tracks.mmsi[current]!)
  }

  function lookAt(mmsi: number): void {
    when.look = when.t === now && when.phase === phase && when.mmsi === mmsi ? when.look + 1 : 0
    when.t = now
    when.phase = phase
    when.mmsi = mmsi
    when.nth = 0
  }

  /** All detectors are asked, one after the other. */
  function askAll(ask: (detector: Detector, state: unknown, emit: Emit) => void): void {
    beat()
    for (let d = 0; d < detectors.length; d++) ask(detectors[d]!, states[d], emits[d]!)
    catchUp()
  }

  /** What others found at this beat comes before anything changes. */
  function catchUp(): void {
    if (others && others.beat <= at.beat) others.before(endOf(at.beat), takeOther)
  }

  function takeOther({ event, asOf }: Found): void {
    telling.take({ ...event, zones: watersOf(event, zones) }, asOf)
  }

  /** @param turn the detector's place in the order of all */
  function found(event: DetectorEvent, turn: number): void {
    // what a row leads to that waited to be believed is not known sooner
    const asOf = Math.max(event.asOf, now)
    const finished = finishEvent(event, event.slot ?? current, tracks, words, zones)
    const known = asOf === event.asOf ? finished : { ...finished, asOf }
    at.turn = turn + afterAll
    if (part?.give) {
      part.give({ at: { ...at }, when: { ...when }, event: known, asOf })
      when.nth++
      return
    }
    if (others && others.beat <= at.beat) others.before(at, takeOther)
    telling.take(known, asOf)
  }

  /** Added to the turn of detectors that are asked a second time in one beat. */
  let afterAll = 0

  const telling = createTelling(config, options, { table, words, zones, ports, counts }, saved)
  const { scenes } = telling

  const association = createAssociation(
    config,
    tracks,
    words,
    {
      deliver(slot, batch, i) {
        // a message without a place may have been heard while the fix waited to be believed
        if (batch.t[i]! < tracks.heard[slot]!) correct(slot, batch, i, now)
        else {
          remember(slot, batch, i)
          // it may have waited for an hour, and the silence after it has lasted since
          wheel.hasten(slot, batch.t[i]! + minDelayMs)
        }
      },
      moved(slot, batch, i, isJump) {
        current = slot
        askAll((detector, state, emit) => detector.moved?.(state, slot, tracks, batch, i, isJump, emit))
      },
      mistaken(slot, t) {
        counts.outliers++
        current = slot
        askAll((detector, state, emit) => detector.mistaken?.(state, slot, t, now, emit))
      },
      open: openTrack,
      retire(slot) {
        clear(slot)
        const { [slot]: mmsi } = tracks.mmsi
        const { [slot]: track } = tracks.track
        blankTrack(tracks, slot, mmsi!)
        tracks.track[slot] = track!
      },
      recall: (slot, t) => recall(tracks.mmsi[slot]!, t, slot),
      parted(parting, t) {
        current = parting.slots[0]
        askAll((detector, state, emit) => detector.parted?.(state, parting, tracks, t, emit))
      },
      alone(slot, t) {
        current = slot
        askAll((detector, state, emit) => detector.alone?.(state, slot, tracks, t, emit))
      },
      dropped(rows) {
        counts.outliers += rows.length
      },
    },
    saved?.association,
  )
  const reorder = createReorder(
    words,
    config.engine.reorderWindowS * MS_PER_S,
    futureGuard,
    process,
    saved && { state: saved.reorder, waiting: saved.waiting },
    config.engine.maxWaiting,
  )

  /** What event time says of those who listen: feeds and receivers that fail, or work again. */
  function listen(t: number): void {
    anchorages.advance(t)
    if (t < reception.state.slotEnd) return
    reception.advance(t)
    const findings = reception.findings(listenerNames)
    if (config.reception.health && !part?.give) for (const finding of findings) telling.tellFeed(finding)
  }

  /** A row in its turn. */
  function process(batch: ReportBatch, i: number): void {
    const t = batch.t[i]!
    if (reportsMoveTime) runTimers(t)
    scenes.row(t)
    listen(t)
    now = t
    phase = PHASES.rows
    const mmsi = batch.mmsi[i]!
    const isStatic = isStaticOnly(batch.msgType[i]!)
    if (isBeacon(mmsi)) {
      if (!isStatic) hearBeacon(batch, i)
      return
    }
    let slot = isOtherClass(batch.txClass[i]!) ? -2 : table.find(mmsi)
    if (slot === -1) slot = isShip(mmsi) ? welcome(mmsi, t) : -2
    if (slot < 0) {
      if (!isStatic) accept(t)
      return
    }
    // what comes late tells of a slot that is closed
    if (t >= reception.state.slotEnd - SLOT_MS)
      reception.report(t, batch.collection[i]!, batch.receiver[i]!, mmsi)
    if (feeds.areSeveral(batch, i)) receive(slot, batch, i)
    if (tracks.apart[slot] !== 0) {
      processApart(slot, batch, i, isStatic)
      return
    }
    if (t < tracks.heard[slot]!) {
      if (!isStatic && dedupe.repeats(slot, batch, i)) {
        counts.duplicates++
        return
      }
      if (!isStatic) counts.late++
      if (!isStatic || !positionsOnly) correctLate(slot, batch, i)
      return
    }
    const lat = batch.lat[i]!
    if (!isStatic) {
      if (dedupe.seen(slot, batch, i)) {
        counts.duplicates++
        return
      }
      accept(t)
      if (lat === lat && outlierGuard && !association.admit(slot, batch, i)) return
    }
    if (batch.statics[i]! !== 0) tracks.statics[slot] = batch.statics[i]!
    if (isStatic && positionsOnly) return
    remember(slot, batch, i)
  }

  /** The same for a distress beacon: it has a slot, and is no vessel. */
  function hearBeacon(batch: ReportBatch, i: number): void {
    const t = batch.t[i]!
    const known = table.find(batch.mmsi[i]!)
    const slot = known >= 0 ? known : table.add(batch.mmsi[i]!, t, evict)
    if (t < tracks.heard[slot]!) {
      if (dedupe.repeats(slot, batch, i)) counts.duplicates++
      else counts.late++
      return
    }
    if (dedupe.seen(slot, batch, i)) {
      counts.duplicates++
      return
    }
    accept(t)
    current = slot
    beat()
    for (const d of ofBeacons) detectors[d]!.step!(states[d], slot, tracks, batch, i, emits[d]!)
    catchUp()
    updateTrack(tracks, slot, batch, i)
    if (!wheel.isArmed(slot)) wheel.arm(slot, t + beaconDelayMs)
  }

  /** Whatever came, by whichever feed: for those that hold feeds against each other. */
  function receive(slot: number, batch: ReportBatch, i: number): void {
    current = slot
    beat()
    for (const d of receiving) detectors[d]!.received!(states[d], slot, tracks, batch, i, emits[d]!)
    catchUp()
    feeds.take(slot, batch, i)
  }

  /** The same for an MMSI with several places, of which `first` is the first slot. */
  function processApart(first: number, batch: ReportBatch, i: number, isStatic: boolean): void {
    const t = batch.t[i]!
    const placed = !isStatic && batch.lat[i]! === batch.lat[i]!
    const isLate = association.isLate(first, t)
    const slot = placed
      ? isLate
        ? association.fit(first, batch, i)
        : first
      : association.hear(first, batch, i)
    if (slot < 0 || (t < tracks.heard[slot]! && (isLate || !placed))) {
      if (!isStatic && dedupe.repeats(first, batch, i)) {
        counts.duplicates++
        return
      }
      if (!isStatic) counts.late++
      if (slot >= 0 && (!isStatic || !positionsOnly)) correctLate(slot, batch, i)
      return
    }
    if (!isStatic) {
      if (dedupe.seen(first, batch, i)) {
        counts.duplicates++
        return
      }
      accept(t)
    }
    if (isStatic && positionsOnly) return
    if (!placed) remember(slot, batch, i)
    else if (isLate) association.next(slot, batch, i)
    else association.admit(first, batch, i)
  }

  const copy: Copy = { t: NaN, lat: NaN, lon: NaN, heardBy: 0, asOf: NaN } // one, over and over

  /** Row `i` repeats what this MMSI sent at `t`; one more receiver has heard it. */
  function copied(first: number, batch: ReportBatch, i: number, t: number, heardBy: number): void {
    reception.copy(batch.receiver[i]!, batch.mmsi[i]!, batch.lat[i]!, batch.lon[i]!)
    copy.t = t
    copy.lat = batch.lat[i]!
    copy.lon = batch.lon[i]!
    copy.heardBy = heardBy
    copy.asOf = Math.max(batch.t[i]!, wheel.state.minute * MS_PER_MIN)
    if (tracks.apart[first] === 0) tellCopy(first)
    else association.copied(first, copy).forEach(tellCopy)
  }

  function tellCopy(slot: number): void {
    const { t, lat, lon } = copy
    if (t === tracks.t[slot] && lat === tracks.lat[slot] && lon === tracks.lon[slot])
      tracks.heardBy[2 * slot] = copy.heardBy
    current = slot
    beat()
    for (let k = 0; k < copies.length; k++)
      copies[k]!(states[listening[k]!], slot, tracks, copy, emits[listening[k]!]!)
    catchUp()
  }

  function setsInUse(visit: (set: number) => void): void {
    dedupe.eachSet(visit)
    tracks.heardBy.forEach(visit)
    silences.each((held, row) => held.heardBy.subarray(2 * row, 2 * row + 2).forEach(visit))
    for (const { places } of association.state.byMmsi.values())
      for (const { held, before } of places) {
        for (const { heardBy } of held) visit(heardBy)
        if (before) visit(before.heardBy)
      }
  }

  function correctLate(slot: number, batch: ReportBatch, i: number): void {
    const known = batch.receivedAt[i]!
    correct(slot, batch, i, known === known ? known : reorder.state.newest)
  }

  /** A row older than its vessel's last, known at `asOf`: detectors may take back what it disproves. */
  function correct(slot: number, batch: ReportBatch, i: number, asOf: number): void {
    if (batch.t[i]! < reorder.state.newest - horizonMs) return
    if (scenes.isActive() && batch.lat[i]! === batch.lat[i]!) showScenes(slot, batch, i)
    current = slot
    askAll((detector, state, emit) => detector.late?.(state, slot, batch, i, asOf, emit))
  }

  function accept(t: number): void {
    counts.accepted++
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
    const isFirst = !(t < tracks.slotEnd[slot]!)
    if (isFirst) {
      reception.heard(heardOf(tracks, slot, batch, i, inSlot))
      tracks.slotEnd[slot] = (slotOf(t) + 1) * SLOT_MS
      tracks.lapsedAt[slot] = 0
    }
    meet(met, slot, tracks, batch, i)
    current = slot
    beat()
    for (let k = 0; k < steps.length; k++)
      steps[k]!(states[stepped[k]!], slot, tracks, batch, i, stepEmits[k]!)
    afterAll = everybody.length
    if (isFirst || tracks.watched[slot] === 1 || isUnusual(tracks, slot, batch, i)) stepSparse(slot, batch, i)
    afterAll = 0
    catchUp()
    updateTrack(tracks, slot, batch, i)
    if (lat === lat && scenes.isActive()) showScenes(slot, batch, i)
    if (!wheel.isArmed(slot)) wheel.arm(slot, t + minDelayMs)
  }

  /** Pictures ask where everybody was. */
  function showScenes(slot: number, batch: ReportBatch, i: number): void {
    const fix = {
      ...{ t: batch.t[i]!, lat: batch.lat[i]!, lon: batch.lon[i]! },
      ...{ sog: batch.sog[i]!, cog: batch.cog[i]! },
    }
    scenes.fix(slot, tracks.mmsi[slot]!, tracks.track[slot]!, fix)
  }

  function stepSparse(slot: number, batch: ReportBatch, i: number): void {
    let watched = false
    for (const d of sparse) {
      const detector = detectors[d]!
      detector.step!(states[d], slot, tracks, batch, i, emits[d]!)
      watched ||= detector.watches!(states[d], slot)
    }
    tracks.watched[slot] = watched ? 1 : 0
  }

  /** A slot for a vessel that has none, as it stood if it gave one up before. */
  function welcome(mmsi: number, t: number): number {
    const back = recall(mmsi, t, -1)
    if (back.length > 1) association.join(mmsi, back)
    if (back.length > 0) return table.find(mmsi)
    vessels++
    return table.add(mmsi, t, evict)
  }

  /** Tracks of an MMSI that gave up their slots get new ones. @param keep a slot that stays */
  function recall(mmsi: number, t: number, keep: number): number[] {
    const slots: number[] = []
    for (let track = 1; track <= MAX_TRACKS && silences.size() > 0; track++) {
      const key = trackKey(mmsi, track)
      const parked = silences.load(key, tracks, scratch)
      if (!parked) continue
      // out, before the slot that makes room comes in
      silences.remove(key)
      const slot = table.add(mmsi, t, evict, keep)
      copyTrack(tracks, scratch, tracks, slot)
      tracks.apart[slot] = 0
      unpark(slot, parked)
      const due = nextDue(slot)
      if (due !== Infinity) wheel.arm(slot, Math.min(due, t + minDelayMs))
      slots.push(slot)
    }
    return slots
  }

  /** A slot for one more track of the MMSI that has these; the first of them stays. */
  function openTrack(slots: number[], t: number): number {
    if (slots.length >= config.tracks.perMmsi) return -1
    const mmsi = tracks.mmsi[slots[0]!]!
    const numbers = Array.from({ length: MAX_TRACKS }, (_, k) => k + 1)
    const free = numbers.filter(number => !slots.some(slot => tracks.track[slot] === number))
    const track = free.find(number => !silences.has(trackKey(mmsi, number))) ?? free[0]!
    if (silences.has(trackKey(mmsi, track))) {
      silences.remove(trackKey(mmsi, track))
      counts.evicted.silences++
    }
    const slot = table.add(mmsi, t, evict, slots[0])
    tracks.track[slot] = track
    return slot
  }

  function nextDue(slot: number): number {
    return Math.min(...timed.map(d => detectors[d]!.due!(states[d], slot, tracks)))
  }

  function evict(slot: number): void {
    if (isBeacon(tracks.mmsi[slot]!)) {
      clear(slot)
      return
    }
    counts.evicted.vessels++
    const next = association.leave(slot)
    if (next >= 0 && table.find(tracks.mmsi[slot]!) === slot) {
      table.promote(next)
      dedupe.move(slot, next)
    }
    if (tracks.heard[slot]! === tracks.heard[slot]!) counts.evicted.silences += park(slot, nextDue(slot))
    clear(slot)
  }

  /** @returns how many silences were given up for this one */
  function park(slot: number, dueMs: number): number {
    const parked = parking.map(d => detectors[d]!.park!(states[d], slot))
    return silences.put(trackKey(tracks.mmsi[slot]!, tracks.track[slot]!), tracks, slot, parked, dueMs)
  }

  function unpark(slot: number, parked: number[]): void {
    parking.forEach((d, k) => detectors[d]!.unpark!(states[d], slot, parked[k]!))
  }

  function clear(slot: number): void {
    current = slot
    askAll((detector, state, emit) => detector.clear(state, slot, tracks, emit))
    dedupe.clear(slot)
    feeds.clear(slot)
    scenes.clear(slot)
    wheel.disarm(slot)
  }

  /** Timers of every whole minute up to `t`: in order of minute, then of MMSI and track. */
  function runTimers(t: number): void {
    if (t < (wheel.state.minute + 1) * MS_PER_MIN) return
    wheel.advance(t, (minute, slots) => {
      now = minute * MS_PER_MIN
      phase = PHASES.waiting
      // a watermark before the first report is no time to learn from
      if (reception.state.slotEnd !== -Infinity) listen(now)
      if (now % SLOT_MS === 0) association.settle(now)
      phase = PHASES.timers
      beat(true)
      const silent = slots.filter(slot => !isPutOff(slot, minute * MS_PER_MIN))
      silent.sort((a, b) => tracks.mmsi[a]! - tracks.mmsi[b]! || tracks.track[a]! - tracks.track[b]!)
      for (const slot of silent) {
        const next = tick(slot, minute)
        if (next !== Infinity && !wheel.isArmed(slot))
          wheel.arm(slot, Math.min(next, minute * MS_PER_MIN + delayOf(slot)))
      }
      catchUp()
      if (silences.size() > 0) runSilences(minute)
    })
    if (part?.give) return
    telling.advance(Math.floor(t / MS_PER_MIN) * MS_PER_MIN)
  }

  /** Reports may make it due sooner than it looks now, but never sooner than this after them. */
  const delayOf = (slot: number): number => (isBeacon(tracks.mmsi[slot]!) ? beaconDelayMs : minDelayMs)

  /** Heard of late, as most are: nothing can be due. */
  function isPutOff(slot: number, t: number): boolean {
    const soonest = tracks.heard[slot]! + delayOf(slot)
    if (tracks.apart[slot] !== 0 || !(soonest > t)) return false
    wheel.arm(slot, soonest)
    return true
  }

  function tick(slot: number, minute: number): number {
    now = minute * MS_PER_MIN
    current = slot
    at.minute = minute
    at.mmsi = tracks.mmsi[slot]!
    at.track = tracks.track[slot]!
    if (part) lookAt(at.mmsi)
    let next = Infinity
    for (const d of isBeacon(tracks.mmsi[slot]!) ? ofBeacons : timed) {
      const detector = detectors[d]!
      if (detector.due!(states[d], slot, tracks) <= now)
        detector.tick!(states[d], slot, tracks, now, emits[d]!)
      next = Math.min(next, detector.due!(states[d], slot, tracks))
    }
    return next
  }

  /** The same for vessels that lost their slot: each is set up in the scratch slot and taken out again. */
  function runSilences(minute: number): void {
    phase = PHASES.parked
    beat(true)
    for (const { minute: due, track } of silences.dueUntil(minute)) {
      const parked = silences.load(track, tracks, scratch)!
      tracks.apart[scratch] = 0
      unpark(scratch, parked)
      park(scratch, tick(scratch, due))
      afterAll = everybody.length
      detectors.forEach((detector, d) => detector.clear(states[d], scratch, tracks, emits[d]!))
      afterAll = 0
    }
    catchUp()
  }

  /** Under other thresholds everybody may be due sooner. */
  function rearm(minute: number): void {
    wheel.state.minute = minute
    for (let slot = 0; slot < table.used(); slot++) {
      const heard = tracks.heard[slot]!
      if (heard === heard) wheel.arm(slot, heard + minDelayMs)
    }
    silences.rearm(minute + 1)
  }

  /** True when no vessel but one was ever heard, waiting rows included. */
  function isSingle(): boolean {
    const heard = new Set<number>()
    if (vessels === 1) heard.add(tracks.mmsi[0]!)
    reorder.waiting((batch, i) => heard.add(batch.mmsi[i]!))
    return vessels <= 1 && heard.size <= 1
  }

  const take = createPacker()

  function capture(): Capture {
    const loan = reorder.lend()
    const state = {
      ...{ version: 1, config, counts, span, vessels, table: table.state(), tracks, wheel: wheel.state },
      ...{ dedupe: dedupe.state, association: association.state, silences: silences.state },
      ...{ feeds: feeds.state, remembered, anchorages: anchorages.state },
      ...{ reorder: reorder.state, waiting: loan.rows, words: saveWords(words), zoneSets },
      ...{ reception: reception.state, receivers: receivers.state, activity: activity?.state ?? null },
      ...{ met, ...telling.state() },
      detectors: detectors.map((detector: Detector, d) => ({ name: detector.name, state: states[d] })),
    } satisfies Snapshot
    const taken = take(state, { lent: loan.columns, lines: words.statics.values().slice(1) })
    return {
      pieces: taken.pieces,
      done() {
        loan.end()
        taken.done()
      },
    }
  }

  function reject(reason: RejectReason): void {
    options.onReject?.({ reason, source: 'push' })
  }

  function tellFuture(): void {
    counts.future++
    reject('future')
  }

  /** Nothing is believed beyond the end of lessons that were given. */
  const given = part?.lessons

  /** Visits the static data that somebody in here still holds. */
  function staticsInUse(visit: (id: number) => void): void {
    for (let slot = 0; slot < table.used(); slot++) visit(tracks.statics[slot]!)
    association.statics(visit)
    detectors.forEach((detector, d) => detector.statics?.(states[d], visit))
    silences.each((held, row) => visit(held.statics[row]!))
    reorder.waiting((batch, i) => visit(batch.statics[i]!))
  }

  const { staticsKept } = config.engine
  /** Static data at which those that nobody uses are looked for. */
  let untidy = staticsKept

  const single = createBatch(words, 1)

  function pushBatch(batch: ReportBatch, order?: Uint32Array | null): void {
    if (batch.words !== words)
      throw new UsageError('pushBatch: the batch was made with other words than the engine has')
    const n = order ? order.length : batch.length
    const checked = batch.validated
    for (let k = 0; k < n; k++) {
      const i = order ? order[k]! : k
      const reason = checked ? null : validateRow(batch, i)
      if (reason === null && given && batch.t[i]! > given.to) {
        if (!isStaticOnly(batch.msgType[i]!)) tellFuture()
        continue
      }
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
    pushStatic(report: StaticReport) {
      single.length = 0
      appendStatic(single, report)
      pushBatch(single)
    },
    pushBatch,
    pushScene: scene => scenes.push(scene),
    advance(watermark) {
      reorder.advance(watermark)
      runTimers(watermark)
      // what others teach is known although nobody was heard here yet: lessons of days that are over are not given again
      if (given) listen(watermark)
    },
    tidy() {
      const { statics } = words
      if (statics.size <= untidy) return
      statics.sweep(staticsInUse)
      // a walk through all that is held pays off when a good part is not
      untidy = Math.max(staticsKept, 2 * statics.size)
    },
    flush() {
      reorder.end(isSingle(), (batch, i) => {
        if (!isStaticOnly(batch.msgType[i]!)) tellFuture()
      })
      now = span.to
      if (given) {
        now = given.to
        runTimers(now)
      } else if (part?.learn) runTimers(now + config.gap.minGapHours * MS_PER_HOUR + MS_PER_DAY)
      phase = PHASES.end
      association.end()
      scenes.end(span.to)
      learning.end()
    },
    capture,
    snapshot: () => joined(capture()),
    isInDoubt(mmsi) {
      const slot = table.find(mmsi)
      return slot >= 0 && tracks.apart[slot] !== 0
    },
    notJudged: () => notJudged(met, everybody),
    zoneActivity: () => activity?.list() ?? [],
    anchorages: () => anchorages.list(),
    receptionGrid: minHoles => gridRows(reception.holes, listenerNames.feed, minHoles),
  }
}

/** Rather more than a fleet needs at a time: who hear a ship together hear its neighbours. */
const receiverSetsSize = (capacity: number): number => Math.min(32_768, 4 * capacity)

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
