// AIS gap: a vessel stays silent longer than a threshold. The last message before the silence is OFF, the first after
// it ON. A gap is opened while the vessel is still silent, closed when it returns, and judged anew when late data fall
// into it. A vessel that was moored or in port has its own, longer threshold and its own event, port_silence. Silence
// alone proves no intent: docs/detection.md.
//
// Definition after pipe-gaps (Global Fishing Watch): strictly longer, WGS-84 distance, reports counted 12 h before.

import { fix, heardFix } from '../../geo/fix.js'
import { heardByOf, type ReportBatch } from '../../model/batch.js'
import { silenceThresholdMs, type Config } from '../../model/config.js'
import type { DetectorEvent, Fix, Phase } from '../../model/event.js'
import { isCopyOf, type Copy, type ReceiverSets } from '../../model/receivers.js'
import { COLLECTIONS, TX_CLASSES } from '../../model/report.js'
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'
import type { Reception, Silence as SilentVessel } from '../../reception/model.js'
import { radioClass } from '../../reception/slots.js'
import type { Parting } from '../../tracks/associate.js'
import { lastPlace, MAX_FIX_AGE_MS } from '../../tracks/last-place.js'
import {
  isHeardOften,
  lastHeardBy,
  liesStill,
  receiversOf,
  reportsByKind,
  type Tracks,
} from '../../tracks/table.js'
import type { Coast } from '../../zones/coast.js'
import type { PortIndex } from '../../zones/ports.js'
import type { Detector, Emit } from '../detector.js'
import { createFeedShare, initFeedShare, type FeedShareState } from './feed-share.js'
import { canBeOneShip, type Reach, type Survey } from './reach.js'
import { judgeByRule } from './rule.js'
import { clearPosition, countPosition, initLayer, type LayerState } from './satellite-layer.js'
import { silenceEvent, type Silence } from './silence.js'

/** Ended silences kept per vessel, for late data; the oldest gives way. */
const MAX_ENDED = 4
/** An open silence is judged again when it is twice, four … times as long as its threshold: 12 h to 8 days. */
const MAX_DOUBLINGS = 5
/** An open silence that is judged again is told again when its class is another, or its score by so many thousandths. */
const SCORE_STEP = 100
const permille = ({ score }: DetectorEvent) => Math.round(1000 * score)
const VERDICTS = ['likely_disabled', 'likely_reception', 'undetermined']
const codeOf = (verdict: string | undefined) => VERDICTS.indexOf(verdict ?? '') + 1
/** In place of a count of zone events: the silence is likely the receivers', and none are opened while it lasts. */
const MUTED = 255
const CLASS_B = TX_CLASSES.indexOf('B')
const SATELLITE = COLLECTIONS.indexOf('satellite')

/** A silence that has ended, and what was said of it: late data may still fall into it. */
interface Ended {
  silence: Silence
  on: Fix
  /** Last revision that went out; 0: it was too short to be an event. */
  revision: number
  /** The same of its zone events, by zone id. */
  zones: Map<string, number> | null
  /** First message without a place after an end that may have been another ship's. */
  next: Fix | null
}

export interface GapState {
  /** Revisions told of the slot's current silence; 0 before it is announced. */
  open: Uint8Array
  /** When it can be announced at the earliest, epoch ms, as outages stopped its clock; 0: they did not. */
  postponed: Float64Array
  /** Zone events opened for it, or MUTED; and when the next zone comes into reach, epoch ms; 0: to be worked out. */
  alarms: Uint8Array
  growsAt: Float64Array
  /** How often it has doubled since it could be announced, up to MAX_DOUBLINGS. */
  doubled: Uint8Array
  /** What was told last of an open silence: its class, by codeOf(), and its score in thousandths. */
  told: Uint8Array
  score: Uint16Array
  /** Zone events of an end that was none, by slot: the silence went on. */
  resumed: Map<number, { told: DetectorEvent[]; zones: Ended['zones'] }>
  /** Silences as they were told last while another place was known of the MMSI, by slot. */
  doubtful: Map<number, Silence>
  /** Exact times of the reports before, where the configuration asks for them; by slot. */
  times: Map<number, { t: number; collection: number }[]>
  ended: Map<number, Ended[]>
  /** Empty where the configuration does not ask for them. */
  feeds: FeedShareState
  layer: LayerState
}

/** What the detector asks besides the reports. */
interface GapViews {
  reception: Reception
  reach: Reach
  receivers: ReceiverSets
  ports: PortIndex | undefined
  coast: Coast | undefined
  /** Nobody hears of its events: a first pass runs it for what silences teach. */
  isUntold?: boolean | undefined
}

export function gapDetector(
  { gap: options, clean, reception: { health }, disabling, engine: { correctionHorizonH } }: Config,
  { reception, reach, receivers, ports, coast, isUntold = false }: GapViews,
): Detector<GapState> {
  const minGapMs = silenceThresholdMs(options.minGapHours, options)
  const portMs = silenceThresholdMs(options.portSilenceHours, options)
  const mooredMs = options.mooredMinutes * MS_PER_MIN
  const countMs = options.countHours * MS_PER_HOUR
  /** Late data and the discovery of a second ship change no silence that ended longer ago. */
  const keptMs = Math.max(correctionHorizonH * MS_PER_HOUR, MS_PER_DAY)
  const shortestMs = Math.min(minGapMs, portMs)
  const { portRule, mooredRule, exactCounts, openAt, minReports, minFeedShare } = options
  /** From the threshold to what is beyond it, ms. */
  const beyondMs = options.inclusive ? 0 : 1
  const asksFeeds = minFeedShare > 0
  const isByRule = disabling.judgedBy === 'rule'
  const feedShare = createFeedShare(minFeedShare, options.feedHours)

  /** Moored or in port when last heard. The cheap question first: most vessels are under way. */
  function restAt(heard: number, stillSince: number, lat: number, lon: number): Silence['rest'] {
    if (!portRule) return null
    if (mooredRule && heard - stillSince >= mooredMs) return 'moored'
    const port = ports?.at(lat, lon, heard)
    return port ? (port.learned ? 'in_anchorage' : 'in_port') : null
  }
  const restOf = (tracks: Tracks, slot: number) =>
    restAt(tracks.heard[slot]!, tracks.stillSince[slot]!, tracks.lat[slot]!, tracks.lon[slot]!)
  const longestMs = (rest: Silence['rest']) => (rest ? portMs : minGapMs)
  /** The part of a silence that is held against the vessel, ms. */
  const heldMs = ({ heard, silent }: Pick<Silence, 'heard' | 'silent'>, until: number) =>
    health ? reception.healthyMs(heard, until, silent.feed, silent.receivers) : until - heard
  /** Longer than its threshold, and told of a feed that was up after it: the cheap question first. */
  const isGap = ({ feeds }: GapState, silence: Silence, until: number) => {
    const { heard, rest, silent } = silence
    const longest = longestMs(rest)
    if (!(until - heard > longest && heldMs(silence, until) > longest)) return false
    return !asksFeeds || feedShare.wasUp(feeds, silent.feed, heard + longest + beyondMs, until)
  }

  const step: Detector<GapState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const t = batch.t[i]!
    if (asksFeeds) feedShare.hear(state.feeds, t, batch.collection[i]!, batch.mmsi[i]!)
    const lasted = t - tracks.heard[slot]!
    const revision = state.open[slot]!
    // announced, but not longer than the threshold: its report was late, not the vessel
    if ((revision > 0 || lasted > shortestMs) && isHeardOften(tracks, slot, minReports)) {
      const silence = silenceOf(state, slot, tracks)
      const alarms = state.alarms[slot]!
      const resumed = state.resumed.get(slot)
      const told = resumed?.told ?? reach.opened(silence, alarms === MUTED ? 0 : alarms, t)
      const fresh = told.length > 0 ? new Map(told.map(({ key }) => [key!, 1])) : null
      const zones = resumed ? resumed.zones : fresh
      const ended: Ended = { silence, on: rowFix(batch, i), revision, zones, next: null }
      tell(state, ended, ended.on, told, t, emit)
      if (lasted > shortestMs) keep(state, slot, [...(state.ended.get(slot) ?? []), ended])
      forget(state, slot)
    } else if (tracks.apart[slot] !== 0 && batch.lat[i] !== batch.lat[i]) noteNext(state, slot, batch, i)
    if (exactCounts) remember(state, slot, t, batch.collection[i]!)
    if (isByRule && batch.collection[i] === SATELLITE && batch.lat[i] === batch.lat[i]) {
      const isClassB = (batch.txClass[i] || tracks.txClass[slot]) === CLASS_B
      countPosition(state.layer, slot, t, batch.lat[i]!, batch.lon[i]!, batch.sog[i]!, isClassB)
    }
  }

  /** A message without a place after an end that is in doubt: the ship was heard, whosever that end was. */
  function noteNext(state: GapState, slot: number, batch: ReportBatch, i: number): void {
    const last = state.ended.get(slot)?.at(-1)
    if (last) last.next ??= rowFix(batch, i)
  }

  function due(state: GapState, slot: number, tracks: Tracks): number {
    if (!isHeardOften(tracks, slot, minReports)) return Infinity
    if (state.open[slot]! > 0) {
      if (state.growsAt[slot] === 0) {
        const silence = silenceOf(state, slot, tracks)
        state.growsAt[slot] = reach.growsAt(silence, state.alarms[slot]!, silence.heard)
      }
      return Math.min(state.growsAt[slot]!, doublesAt(tracks.heard[slot]!, state.doubled[slot]!))
    }
    // strictly longer than the threshold: one millisecond past it
    const past = Math.max(
      tracks.heard[slot]! + longestMs(restOf(tracks, slot)) + beyondMs,
      state.postponed[slot]!,
    )
    return openAt === 'threshold' ? past : Math.ceil(past / MS_PER_DAY) * MS_PER_DAY
  }

  /** When an open silence that has doubled so often is to be judged again: when it does once more. */
  const doublesAt = (heard: number, doubled: number) =>
    doubled < MAX_DOUBLINGS ? heard + minGapMs * 2 ** (doubled + 1) : Infinity
  /** One at rest, or judged by a rule, is what it is however long it lasts. */
  const doublingsLeftOut = ({ rest }: Silence) => (rest || isByRule ? MAX_DOUBLINGS : 0)

  /** The threshold has passed, one more zone has come into reach, or much time has passed since it was judged. */
  function tick(state: GapState, slot: number, tracks: Tracks, t: number, emit: Emit): void {
    const silence = silenceOf(state, slot, tracks)
    const isNew = state.open[slot] === 0
    const missingMs = isNew ? longestMs(silence.rest) - heldMs(silence, t) : -1
    if (missingMs >= 0) {
      state.postponed[slot] = t + missingMs + beyondMs
      return
    }
    if (isNew && asksFeeds) {
      feedShare.advance(state.feeds, t)
      if (!feedShare.wasUp(state.feeds, silence.silent.feed, t, t)) {
        state.postponed[slot] = Math.floor(t / MS_PER_HOUR + 1) * MS_PER_HOUR
        return
      }
    }
    const revision = state.open[slot]! + 1
    const isGrown = isNew || state.growsAt[slot]! <= t
    if (isNew) state.doubled[slot] = doublingsLeftOut(silence)
    while (doublesAt(silence.heard, state.doubled[slot]!) <= t) state.doubled[slot]!++
    // whose waters it can be in by now costs most, and is asked only when something is to be told
    if (!isGrown && !isOtherwise(state, slot, describe(state, silence, null, t, 'updated', revision, null)))
      return
    const seen = reach.survey(silence, null, t)
    const gap = describe(state, silence, null, t, isNew ? 'opened' : 'updated', revision, seen)
    // a failed receiver silences a fleet: what each of it could do meanwhile helps nobody, until it is back
    const isMuted = state.alarms[slot] === MUTED || (isNew && gap.class === 'likely_reception')
    const zones = seen && !isMuted ? reach.zoneEvents(seen, silence, null, t, gap.class) : []
    const alarms = zones.slice(state.alarms[slot])
    if (isNew || alarms.length > 0 || isOtherwise(state, slot, gap)) {
      state.open[slot] = revision
      note(state, slot, gap)
      emit(gap)
      for (const event of alarms) emit(event)
    }
    state.alarms[slot] = isMuted ? MUTED : zones.length
    if (isGrown) state.growsAt[slot] = reach.growsAt(silence, state.alarms[slot]!, t)
    // another place is known of the MMSI, or will be when the next fix is not near this one
    if (tracks.apart[slot] !== 0 || state.doubtful.has(slot)) state.doubtful.set(slot, silence)
    if (!isNew || silence.rest) return
    reception.lapsed(silence.silent, t)
    tracks.lapsedAt[slot] = t
  }

  /** Judged again, an open silence is told again when that says something else. */
  const isOtherwise = (state: GapState, slot: number, gap: DetectorEvent): boolean =>
    codeOf(gap.class) !== state.told[slot] || Math.abs(permille(gap) - state.score[slot]!) >= SCORE_STEP

  function note(state: GapState, slot: number, gap: DetectorEvent): void {
    state.told[slot] = codeOf(gap.class)
    state.score[slot] = permille(gap)
  }

  const rowFix = (batch: ReportBatch, i: number): Fix =>
    heardFix(fix(batch.t[i]!, batch.lat[i]!, batch.lon[i]!), receivers.names(heardByOf(batch, i)))

  /** One more receiver heard OFF, or the ON that was told last. */
  function copied(state: GapState, slot: number, tracks: Tracks, copy: Copy, emit: Emit): void {
    if (state.open[slot]! > 0 && copy.t === tracks.t[slot] && copy.heardBy === lastHeardBy(tracks, slot)) {
      const silence = silenceOf(state, slot, tracks)
      const seen = reach.survey(silence, null, copy.asOf)
      const gap = describe(state, silence, null, copy.asOf, 'updated', ++state.open[slot]!, seen)
      note(state, slot, gap)
      emit(gap)
      return
    }
    const last = state.ended.size > 0 ? state.ended.get(slot)?.at(-1) : undefined
    if (!last) return
    const { silence, on, next } = last
    const names = receivers.names(copy.heardBy)
    if (next && isCopyOf(copy, next)) last.next = heardFix(next, names)
    if (isCopyOf(copy, on)) last.on = heardFix(on, names)
    else if (isCopyOf(copy, silence.off)) last.silence = { ...silence, off: heardFix(silence.off, names) }
    else return
    if (!isGap(state, silence, on.t)) return
    const seen = on.t - silence.heard > minGapMs ? reach.survey(silence, on, on.t) : null
    emit(describe(state, last.silence, last.on, copy.asOf, 'closed', ++last.revision, seen))
  }

  /** Says what a silence that has ended was, in place of what was told of it: its end, and zone events. */
  function tell(
    state: GapState,
    ended: Ended,
    was: Fix,
    told: DetectorEvent[],
    asOf: number,
    emit: Emit,
  ): void {
    const { silence, on } = ended
    const seen = on.t - silence.heard > minGapMs ? reach.survey(silence, on, on.t) : null
    const gap = isGap(state, silence, on.t)
      ? describe(state, silence, on, asOf, 'closed', ++ended.revision, seen)
      : null
    if (gap) emit(gap)
    else if (ended.revision > 0)
      emit(describe(state, silence, was, asOf, 'retracted', ++ended.revision, null))
    const events = seen ? reach.zoneEvents(seen, silence, on, asOf, gap?.class) : []
    const gone = told.filter(({ key }) => !events.some(event => event.key === key))
    for (const event of [
      ...gone.map(event => ({ ...event, phase: 'retracted' as const, asOf })),
      ...events,
    ]) {
      const revision = (ended.zones?.get(event.key!) ?? 0) + 1
      ended.zones ??= new Map()
      ended.zones.set(event.key!, revision)
      emit({ ...event, revision })
    }
  }

  /** There was no such silence. */
  function takeBack(
    state: GapState,
    { silence, on, revision, zones }: Ended,
    asOf: number,
    emit: Emit,
  ): void {
    if (revision > 0) emit(describe(state, silence, on, asOf, 'retracted', revision + 1, null))
    const seen = on.t - silence.heard > minGapMs ? reach.survey(silence, on, on.t) : null
    for (const event of seen ? reach.zoneEvents(seen, silence, on, asOf) : [])
      emit({ ...event, phase: 'retracted', revision: (zones?.get(event.key!) ?? 0) + 1 })
  }

  /**
   * A message from within a silence that has ended splits it. What is left of it too short is withdrawn; the gaps that
   * result are those of a run that had the message in time.
   */
  function late(
    state: GapState,
    slot: number,
    batch: ReportBatch,
    i: number,
    asOf: number,
    emit: Emit,
  ): void {
    const ended = state.ended.get(slot)
    if (!ended) return
    const t = batch.t[i]!
    const k = ended.findIndex(({ silence, on }) => silence.heard < t && t < on.t)
    if (k < 0) return
    const whole = ended[k]!
    const { silence, on } = whole
    const here = rowFix(batch, i)
    if (clean.outlierGuard && !(canBeOneShip(silence.off, here, clean) && canBeOneShip(here, on, clean)))
      return

    const wasDark = on.t - silence.heard > minGapMs
    const seen = wasDark ? reach.survey(silence, on, on.t) : null
    const before: Ended = { ...whole, on: here }
    tell(state, before, on, seen ? reach.zoneEvents(seen, silence, on, asOf) : [], asOf, emit)
    const after: Ended = {
      silence: laterPart(silence, batch, i, here),
      on,
      revision: 0,
      zones: null,
      next: null,
    }
    tell(state, after, on, [], asOf, emit)
    for (const part of [before, after]) {
      if (wasDark && !(part.on.t - part.silence.heard > minGapMs))
        reach.crossings(part.silence.off, part.on, asOf).forEach(emit)
    }
    const parts = [before, after].filter(part => part.on.t - part.silence.heard > shortestMs)
    keep(state, slot, [...ended.slice(0, k), ...parts, ...ended.slice(k + 1)])
  }

  /** What ended the silence was no report of this ship: it goes on, or ended with the message after that. */
  function mistaken(state: GapState, slot: number, t: number, asOf: number, emit: Emit): void {
    const doubtful = state.doubtful.get(slot)
    if (doubtful && doubtful.heard >= t) {
      const [revision, alarms] = [state.open[slot]!, state.alarms[slot]!]
      const told = reach.opened(doubtful, alarms === MUTED ? 0 : alarms, asOf)
      const isNone = doubtful.heard === t
      if (isNone) emit(describe(state, doubtful, null, asOf, 'retracted', revision + 1, null))
      for (const event of told) emit({ ...event, phase: 'retracted', revision: 2 })
      if (isNone) forget(state, slot)
      else state.growsAt[slot] = state.alarms[slot] = 0 // it began elsewhere
    }
    const ended = state.ended.get(slot) ?? []
    const k = ended.findIndex(({ on }) => on.t === t)
    if (k < 0) return
    const last = ended[k]!
    const seen = t - last.silence.heard > minGapMs ? reach.survey(last.silence, last.on, t) : null
    const told = seen ? reach.zoneEvents(seen, last.silence, last.on, t) : []
    const after = ended[k + 1]
    if (after) takeBack(state, after, asOf, emit)
    const next = last.next ?? after?.on
    if (next) {
      const still: Ended = { ...last, on: next, next: null }
      tell(state, still, last.on, told, asOf, emit)
      keep(state, slot, [...ended.slice(0, k), still])
      return
    }
    state.open[slot] = last.revision
    state.alarms[slot] = MUTED
    state.doubled[slot] = doublingsLeftOut(last.silence)
    state.resumed.set(slot, { told, zones: last.zones })
    keep(state, slot, ended.slice(0, k))
  }

  /** Silences that a jump of the last day had ended were ended by another ship: when their own was back is not known. */
  function parted(state: GapState, { slots }: Parting, _tracks: Tracks, t: number, emit: Emit): void {
    for (const slot of slots) {
      const ended = state.ended.get(slot) ?? []
      const isOwn = ({ silence, on }: Ended) => t - on.t > MS_PER_DAY || canBeOneShip(silence.off, on, clean)
      for (const each of ended) {
        const { silence, on, revision } = each
        if (revision === 0 || isOwn(each)) continue
        emit({ ...describe(state, silence, on, t, 'retracted', revision + 1, null), slot })
      }
      keep(state, slot, ended.filter(isOwn))
    }
  }

  /** The silence after a late message: of what went before it, only whether the vessel lay still is known. */
  function laterPart(whole: Silence, batch: ReportBatch, i: number, here: Fix): Silence {
    const placed = here.lat !== null
    const since = whole.stillSince === whole.stillSince ? whole.stillSince : here.t
    const stillSince = !placed ? whole.stillSince : liesStill(batch, i) ? since : NaN
    const { lat, lon } = placed ? here : whole.off
    const off = placed || here.t - whole.heard > MAX_FIX_AGE_MS ? here : { ...whole.off, t: here.t }
    return {
      ...whole,
      ...{
        heard: here.t,
        off,
        placed: whole.off.lat === null ? whole.placed : whole.off,
        stillSince,
        sog: batch.sog[i]!,
        cog: batch.cog[i]!,
        before: null,
      },
      silent: { ...whole.silent, t: here.t, lat: lat ?? NaN, lon: lon ?? NaN, lapsedAt: NaN },
      rest: restAt(here.t, stillSince, lat ?? NaN, lon ?? NaN),
    }
  }

  function describe(
    { layer }: GapState,
    silence: Silence,
    on: Fix | null,
    asOf: number,
    phase: Phase,
    revision: number,
    seen: Survey | null,
  ): DetectorEvent {
    if (isUntold)
      return {
        type: 'gap',
        phase,
        revision,
        asOf,
        start: silence.off,
        end: on,
        score: 0,
        evidence: [],
        details: {},
      }
    const until = on ? on.t : asOf
    const [toLat, toLon] = [on?.lat ?? NaN, on?.lon ?? NaN]
    const around = reception.judge({ ...silence.silent, toT: until, toLat, toLon })
    const byRule = isByRule
      ? judgeByRule(silence, until - silence.heard, layer, coast, disabling, options)
      : undefined
    const event = silenceEvent(silence, on, asOf, phase, revision, around, options, byRule)
    event.details['reach'] = seen && !silence.rest ? reach.details(seen) : null
    if (!event.details['reach'] && phase !== 'retracted') event.details['noReach'] = whyNoReach(silence)
    return event
  }

  /** The silence since the track was last heard. Depends on the reports only, never on ticks. */
  function silenceOf(state: GapState, slot: number, tracks: Tracks): Silence {
    const heard = tracks.heard[slot]!
    const announced = state.doubtful.get(slot)
    const off = lastPlace(tracks, slot, options.positionsOnly)
    const { t: fixT, lat, lon } = tracks
    return {
      heard,
      off: off.lat === null ? off : heardFix(off, receivers.names(lastHeardBy(tracks, slot))),
      placed: off.lat === null && fixT[slot]! <= heard ? fix(fixT[slot]!, lat[slot]!, lon[slot]!) : null,
      // what was said of it holds, though the fix that it was said by may have been mistaken
      rest: announced ? announced.rest : restOf(tracks, slot),
      stillSince: tracks.stillSince[slot]!,
      sog: tracks.sog[slot]!,
      cog: tracks.cog[slot]!,
      classB: tracks.txClass[slot] === CLASS_B,
      alternations: tracks.alternations[slot]!,
      before: byKind(exactCounts ? exactBefore(state, slot, heard) : reportsByKind(tracks, slot)),
      top: reach.topSpeed(tracks, slot),
      silent: silentOf(tracks, slot, receivers),
    }
  }

  function forget(state: GapState, slot: number): void {
    state.open[slot] = state.postponed[slot] = state.alarms[slot] = state.growsAt[slot] = 0
    state.resumed.delete(slot)
    state.doubtful.delete(slot)
  }

  /** Those that nothing can fall into any more are forgotten: they are the largest part of a vessel's state. */
  function keep(state: GapState, slot: number, ended: Ended[]): void {
    const since = (ended.at(-1)?.on.t ?? 0) - keptMs
    const kept = ended.filter(({ on }) => on.t >= since).slice(-MAX_ENDED)
    if (kept.length > 0) state.ended.set(slot, kept)
    else state.ended.delete(slot)
  }

  function remember(state: GapState, slot: number, t: number, collection: number): void {
    const times = state.times.get(slot)
    if (!times) {
      state.times.set(slot, [{ t, collection }])
      return
    }
    times.push({ t, collection })
    if (times.length > 64 && times[times.length >> 1]!.t < t - countMs) {
      state.times.set(slot, times.slice(times.findIndex(entry => entry.t >= t - countMs)))
    }
  }

  function exactBefore(state: GapState, slot: number, heard: number): number[] {
    const sums = [0, 0, 0, 0]
    for (const { t, collection } of state.times.get(slot) ?? []) if (t >= heard - countMs) sums[collection]!++
    return sums
  }

  return {
    name: 'gap',
    minDelayMs: shortestMs,
    init: slots => ({
      open: new Uint8Array(slots),
      postponed: new Float64Array(slots),
      alarms: new Uint8Array(slots),
      growsAt: new Float64Array(slots),
      doubled: new Uint8Array(slots),
      told: new Uint8Array(slots),
      score: new Uint16Array(slots),
      resumed: new Map(),
      doubtful: new Map(),
      times: new Map(),
      ended: new Map(),
      feeds: initFeedShare(),
      layer: initLayer(isByRule ? slots : 0),
    }),
    step,
    due,
    tick,
    late,
    copied,
    mistaken,
    parted,
    park: (state, slot) =>
      state.open[slot]! +
      2 ** 8 * state.alarms[slot]! +
      2 ** 16 * state.told[slot]! +
      2 ** 24 * state.score[slot]! +
      2 ** 40 * state.doubled[slot]!,
    unpark: (state, slot, parked) => {
      state.open[slot] = parked % 2 ** 8
      state.alarms[slot] = Math.floor(parked / 2 ** 8) % 2 ** 8
      state.told[slot] = Math.floor(parked / 2 ** 16) % 2 ** 8
      state.score[slot] = Math.floor(parked / 2 ** 24) % 2 ** 16
      state.doubled[slot] = Math.floor(parked / 2 ** 40)
      state.growsAt[slot] = state.postponed[slot] = 0 // asked anew
    },
    clear(state, slot) {
      forget(state, slot)
      state.times.delete(slot)
      state.ended.delete(slot)
      if (isByRule) clearPosition(state.layer, slot)
    },
  }
}

/** Why it cannot be told where a vessel can have gone. */
const whyNoReach = ({ rest, off, placed }: Silence): 'at_rest' | 'no_place' | 'too_far' =>
  rest ? 'at_rest' : off.lat === null && !placed ? 'no_place' : 'too_far'

/** The silence as the reception model sees it. */
function silentOf(tracks: Tracks, slot: number, { members }: ReceiverSets): SilentVessel {
  return {
    mmsi: tracks.mmsi[slot]!,
    radio: radioClass(tracks.txClass[slot]!),
    ...{ t: tracks.heard[slot]!, lat: tracks.lat[slot]!, lon: tracks.lon[slot]! },
    feed: tracks.collection[slot]!,
    receivers: receiversOf(tracks, slot, members),
    ...{ toT: NaN, toLat: NaN, toLon: NaN },
    lapsedAt: tracks.lapsedAt[slot] === 0 ? NaN : tracks.lapsedAt[slot]!,
  }
}

function byKind(sums: number[]): NonNullable<Silence['before']> {
  const of = (kind: (typeof COLLECTIONS)[number]) => sums[COLLECTIONS.indexOf(kind)]!
  const total = sums.reduce((a, b) => a + b, 0)
  return { total, terrestrial: of('terrestrial'), satellite: of('satellite'), dynamic: of('dynamic') }
}
