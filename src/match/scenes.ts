// Pictures in the stream of reports. A picture is handed in before or after its time comes; the vessels about it are
// gathered as their reports pass, or out of the log of positions when it comes late. It is judged half an hour after
// it was taken (or as soon as it is here), and again after three hours, twelve and a day, when more is known of where everybody
// was: what was said is then told anew, or taken back. After the day nothing more is said. Event time is the only clock.

import type { Scene, FixedMask } from '../model/detection.js'
import type { DarkEvent, Evidence, FeedEvent, VesselEvent } from '../model/event.js'
import { haversineM } from '../geo/distance.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import { aroundOf, nearKey, place, reaches, type Around, type Facts } from './around.js'
import type { MovingFix } from './density.js'
import type { SceneVessel } from './candidates.js'
import { createFixed } from './fixed.js'
import { createGaps, type GapsState } from './gaps.js'
import { blurOf, DARK_AT, silentOf, HORIZON_MS, judgeScene, type Judged, type Verdict } from './judge.js'
import { covers, linksOf, offOf, onOf, rememberedWhere, type Link, type SilentShip } from './links.js'
import { createPositionLog, type PositionLogState } from './position-log.js'
import { createStays, newStays, type StaysState } from './stays.js'
import {
  besideEvents,
  detectionEventId,
  gapEvidence,
  sceneEvent,
  unmatchedEvent,
  type TellViews,
  type Untold,
} from './tell.js'

/** When a picture is judged, after it was taken. */
const JUDGED_AT_MS = [MS_PER_HOUR / 2, 3 * MS_PER_HOUR, HORIZON_MS, 24 * MS_PER_HOUR]
/** What was told is taken back below this: a detection about the threshold is not told and taken back in turns. */
const BACK_AT = DARK_AT - 0.1
/** Scenes whose names are remembered, so that none is taken twice. */
const MAX_KNOWN = 65_536
/** A gap is not told of a detection that is its ship less probably than this. */
const LEAST_P = 0.05
/** A gap may be a silence of days. */
const SHIP_MARGIN_M = 20_000

/** What was told of something, to tell it again only when it changes. Plain data. */
interface Told {
  event: Untold<FeedEvent> | Untold<VesselEvent>
  said: string
  revision: number
  asOf: number
  retracted: boolean
}

/** Plain data. */
interface Pending {
  scene: Scene
  around: Around
  /** Judged so often. */
  stage: number
  /** Something was learned since it was judged. */
  news: boolean
  /** It came after its time: what is past is judged once. */
  late: boolean
  /** Why nothing can be said of it although there is AIS. */
  why: string | null
  told: Map<string, Told>
}

export interface ScenesState {
  /** Pictures whose time has not come, by time and name. */
  ahead: Scene[]
  /** Pictures that were taken and are not judged for good, the same. */
  pending: Pending[]
  known: Map<string, number>
  stays: StaysState
  gaps: GapsState
  log: PositionLogState | null
  /** Time of the newest row, epoch ms. */
  newest: number
}

/** Pictures in order of time, each handed over when its time comes. */
export interface PictureSource {
  /** Time of the next, epoch ms; Infinity: none is left. */
  readonly nextT: number
  next(): Scene
  /** What all of them show in one place again and again. */
  readonly stays: StaysState
}

export interface ScenesOptions {
  /** Slots of the vessel table. */
  slots: number
  /** Pictures beside those that are handed in. */
  pictures?: PictureSource | undefined
  mask?: FixedMask | undefined
  /** Whether pictures will be handed in: gaps are remembered for them. @default from the first picture on */
  expected?: boolean | undefined
  /** Whether pictures come late, so that positions are logged. */
  late?: boolean | undefined
}

export interface ScenesViews extends TellViews {
  tell(event: DarkEvent): void
  facts: Facts
  /** Visits the last fix of every track. */
  eachFix(visit: (slot: number, mmsi: number, track: number, fix: MovingFix) => void): void
}

export interface Scenes {
  readonly state: ScenesState
  /** Whether fixes are asked for. */
  isActive(): boolean
  /** Takes a picture. @returns false for one that was taken before */
  push(scene: Scene): boolean
  /** A row of that time is about to be looked at. */
  row(t: number): void
  /** A fix that belongs to a track, in any order. */
  fix(slot: number, mmsi: number, track: number, fix: MovingFix): void
  /** Timers up to `t`. */
  advance(t: number): void
  /** The slot gets another owner. */
  clear(slot: number): void
  /** Events on their way out. */
  take(event: DarkEvent): DarkEvent
  /** The data ended. */
  end(t: number): void
}

const keyOf = ({ id, sensor, t }: Scene): string => `${sensor} ${id} ${t}`
const inOrder = (a: Scene, b: Scene): number => a.t - b.t || (keyOf(a) < keyOf(b) ? -1 : 1)

export function createScenes(
  { slots, mask, pictures, late = false, expected = false }: ScenesOptions,
  views: ScenesViews,
  saved?: ScenesState,
): Scenes {
  const state: ScenesState = saved ?? {
    ...{ ahead: [], pending: [], known: new Map(), stays: pictures?.stays ?? newStays() },
    ...{ gaps: new Map(), log: null, newest: -Infinity },
  }
  const listed = createFixed(mask ?? { points: [], areas: [] })
  const stays = createStays(state.stays)
  const gaps = createGaps(mmsi => views.facts(mmsi).lengthM, state.gaps)
  const log = late || state.log ? createPositionLog(slots, state.log) : null
  if (log) state.log = log.state
  let nextDue = Infinity
  let nextPictureT = Infinity
  let isIdle = true
  let isActive = false

  const dueOf = ({ scene, stage }: Pending): number =>
    Math.ceil((scene.untilT + JUDGED_AT_MS[stage]!) / MS_PER_MIN) * MS_PER_MIN
  look()

  /** Cheap questions of every row, answered beforehand. */
  function look(): void {
    isIdle = state.ahead.length === 0 && state.pending.length === 0 && !log
    nextPictureT = pictures?.nextT ?? Infinity
    isActive = state.pending.length > 0 || log !== null
    nextDue = state.pending.reduce((soonest, each) => Math.min(soonest, dueOf(each)), Infinity)
  }

  /** @returns whether it is a picture that was not taken before */
  function isNew(scene: Scene): boolean {
    const key = keyOf(scene)
    if (state.known.has(key)) return false
    state.known.set(key, scene.t)
    if (state.known.size > MAX_KNOWN) state.known.delete(state.known.keys().next().value!)
    return true
  }

  function push(scene: Scene): boolean {
    if (!isNew(scene)) return false
    stays.add(scene.detections)
    if (state.newest > scene.untilT) begin(scene, true)
    else insert(state.ahead, scene, inOrder)
    look()
    return true
  }

  /** Its time has come: everybody's last fix is the one before it. */
  function begin(scene: Scene, isLate: boolean): void {
    const around = aroundOf(scene, slots)
    const pending: Pending = { scene, around, stage: 0, news: true, late: isLate, why: null, told: new Map() }
    if (isLate) recall(pending)
    views.eachFix((slot, mmsi, track, fix) => {
      take(pending, slot, mmsi, track, fix)
    })
    insert(state.pending, pending, (a, b) => inOrder(a.scene, b.scene))
  }

  /** Out of the log, where that reaches back so far. */
  function recall(pending: Pending): void {
    const { around, scene } = pending
    if (!log || log.state.since > scene.t - MS_PER_HOUR) {
      pending.why = log
        ? 'it came too late: positions of that time are forgotten'
        : 'it came late, and positions are not kept'
      return
    }
    log.between(scene.t - HORIZON_MS, scene.untilT + HORIZON_MS, (mmsi, track, fix) => {
      if (reaches(around, fix) || around.vessels.has(nearKey(mmsi, track)))
        place(around, mmsi, track, fix, views.facts)
    })
  }

  function take(pending: Pending, slot: number, mmsi: number, track: number, fix: MovingFix): void {
    const { around } = pending
    const first = around.after[slot]!
    if (first > 0 && fix.t >= first) return
    if (place(around, mmsi, track, fix, views.facts)) pending.news = true
    if (fix.t > around.t && (first === 0 || fix.t < first)) around.after[slot] = fix.t
  }

  function row(t: number): void {
    if (!(t > state.newest)) return
    state.newest = t
    if (nextPictureT < t) {
      while (pictures!.nextT < t) {
        const scene = pictures!.next()
        if (isNew(scene)) insert(state.ahead, scene, inOrder)
      }
      look()
    }
    if (isIdle) return
    let begun = 0
    while (begun < state.ahead.length && state.ahead[begun]!.untilT < t) begin(state.ahead[begun++]!, false)
    if (begun > 0) {
      state.ahead.splice(0, begun)
      look()
    }
  }

  function advance(t: number): void {
    while (nextDue <= t) {
      const pending = state.pending.find(each => dueOf(each) === nextDue)!
      const asOf = nextDue
      pending.stage++
      const isLast = pending.stage === JUDGED_AT_MS.length
      const isPast = pending.late && !isLast && dueOf(pending) <= t && pending.told.size === 0
      if (!isPast) judge(pending, asOf, isLast)
      if (isLast) state.pending.splice(state.pending.indexOf(pending), 1)
      look()
    }
  }

  function candidatesOf({ around, scene }: Pending): { vessels: SceneVessel[]; ships: SilentShip[] } {
    const silent = new Map<number, SilentShip>()
    for (const ship of gaps.ships()) {
      if (!(ship.off.t <= scene.untilT && (!ship.on || ship.on.t >= scene.t))) continue
      const { lat, lon, radiusM } = around.circle
      const reachM = ((scene.untilT - ship.off.t) / MS_PER_HOUR) * ship.kn * 1852 + radiusM + SHIP_MARGIN_M
      if (haversineM(lat, lon, ship.off.lat, ship.off.lon) <= reachM)
        silent.set(nearKey(ship.mmsi, ship.track), ship)
    }
    const vessels: SceneVessel[] = []
    for (const [key, { mmsi, track, lengthM, shipType, before, after }] of around.vessels) {
      const ship = silent.get(key)
      if (ship && before && before.t <= ship.off.t + MS_PER_MIN) continue
      vessels.push({ mmsi, track, lengthM, shipType, before, after, gap: null })
    }
    for (const ship of silent.values()) {
      const { mmsi, track, lengthM, id } = ship
      const { shipType } = ship.vessel
      vessels.push({ mmsi, track, lengthM, shipType, before: offOf(ship), after: onOf(ship), gap: id, ship })
    }
    vessels.sort((a, b) => a.mmsi - b.mmsi || a.track - b.track)
    return { vessels, ships: [...silent.values()] }
  }

  function judge(pending: Pending, asOf: number, isLast: boolean): void {
    const { scene } = pending
    const { vessels, ships } = candidatesOf(pending)
    const verdict = judgeScene(scene, vessels, (lat, lon, sigmaM) =>
      Math.max(listed.density(lat, lon, sigmaM), stays.density(lat, lon, sigmaM)),
    )
    pending.news = false
    const why = whyNot(pending, verdict)
    if (why !== null) for (const of of verdict.detections) of.judged = false
    const blur = blurOf(scene)
    const where = rememberedWhere()
    const links = new Map<Judged, { links: Link[]; of: number }>()
    for (const of of verdict.detections) {
      const before = pending.told.get(detectionEventId(scene, of.detection))
      const at = before && !before.retracted ? BACK_AT : DARK_AT
      if (!of.judged || of.pDark < at) continue
      const covering = ships.filter(ship => covers(ship, of.detection))
      const { p, elsewhere } = silentOf(verdict, of)
      const alike = ({ vessel: { shipType }, lengthM }: SilentShip): number =>
        verdict.agreement(of, { shipType, lengthM })
      links.set(of, {
        links: linksOf(of.detection, covering, blur, { p, elsewhere, alike, where }),
        of: covering.length,
      })
    }
    const events: (Untold<FeedEvent> | Untold<VesselEvent>)[] = []
    for (const [of, { links: its, of: silences }] of links)
      events.push(unmatchedEvent(scene, of, its, silences, views))
    events.push(...besideEvents(scene, verdict, of => links.get(of)?.links ?? [], views))
    events.push(
      sceneEvent(
        scene,
        verdict,
        why,
        (mmsi, track) => pending.around.vessels.get(nearKey(mmsi, track))?.name ?? null,
      ),
    )
    say(pending, events, asOf, isLast)
    for (const of of verdict.detections) {
      const id = detectionEventId(scene, of.detection)
      const found = links.get(of)
      if (!found && !pending.told.has(id)) continue
      const [best] = found?.links ?? []
      const evidence = new Map<string, Evidence>()
      if (best && best.p >= LEAST_P) evidence.set(best.id, gapEvidence(scene, of, best, found!.of))
      for (const gap of gaps.link(id, evidence, asOf)) views.tell(gap)
    }
  }

  /** The data ended at `t`: what is known by then is said. */
  function judgeLast(t: number): void {
    for (const pending of state.pending) {
      const isOver = pending.scene.untilT + JUDGED_AT_MS.at(-1)! <= t
      if (pending.news || pending.told.size === 0)
        judge(pending, t >= pending.scene.untilT ? t : pending.scene.untilT, isOver)
    }
    state.pending.length = 0
  }

  /** Why nothing is said of the picture as a whole. */
  function whyNot({ why, around, scene }: Pending, { detections }: Verdict): string | null {
    if (why !== null) return why
    if (!around.heard) return 'no AIS within 12 h'
    const nobody =
      scene.detections.length > 0 ? detections.every(({ judged }) => !judged) : around.vessels.size === 0
    return nobody ? 'no AIS within 12 h and 200 nm' : null
  }

  /** Tells what is news, and takes back what is no more. */
  function say(
    { told }: Pending,
    events: readonly (Untold<FeedEvent> | Untold<VesselEvent>)[],
    asOf: number,
    isLast: boolean,
  ): void {
    const now = new Set(events.map(({ id }) => id))
    for (const [id, of] of told) {
      if (now.has(id) || of.retracted) continue
      of.retracted = true
      of.said = ''
      views.tell({ ...of.event, phase: 'retracted', revision: ++of.revision, asOf } as DarkEvent)
    }
    for (const event of events) {
      const { id, score, evidence, details } = event
      const said = JSON.stringify([event.class, score, evidence, details])
      const before = told.get(id)
      if (before?.said === said && !isLast) continue
      const of: Told = before ?? { event, said, revision: 0, asOf, retracted: false }
      const isFirst = of.revision === 0 || of.retracted
      Object.assign(of, { event, said, asOf, retracted: false })
      told.set(id, of)
      const phase = isLast ? 'closed' : isFirst ? 'opened' : 'updated'
      views.tell({ ...event, phase, revision: ++of.revision, asOf } as DarkEvent)
    }
  }

  return {
    state,
    isActive: () => isActive,
    push,
    row,
    fix(slot, mmsi, track, fix) {
      if (log) log.add(slot, mmsi, track, fix)
      for (const pending of state.pending) take(pending, slot, mmsi, track, fix)
    },
    advance,
    clear(slot) {
      for (const { around } of state.pending) around.after[slot] = 0
      log?.clear(slot)
    },
    take: event => (expected || state.known.size > 0 ? gaps.take(event) : event),
    end(t) {
      // pictures from after the data: nobody is known of then, which is said
      for (const scene of state.ahead.splice(0)) begin(scene, false)
      judgeLast(t)
      while (pictures && pictures.nextT < Infinity) {
        const scene = pictures.next()
        if (isNew(scene)) begin(scene, false)
        judgeLast(t)
      }
      look()
    },
  }
}

/** Into a list in order, after what is equal. */
function insert<T>(list: T[], item: T, order: (a: T, b: T) => number): void {
  let k = list.length
  while (k > 0 && order(list[k - 1]!, item) > 0) k--
  list.splice(k, 0, item)
}
