// AIS gap: a vessel stays silent longer than a threshold. The last message before the silence is OFF, the first after
// it ON. A gap is opened while the vessel is still silent, closed when it returns, and judged anew when late data fall
// into it. A vessel that was moored or in port has its own, longer threshold and its own event, port_silence. Silence
// alone proves no intent: docs/detection.md.
//
// Definition after pipe-gaps (Global Fishing Watch): strictly longer, WGS-84 distance, reports counted 12 h before.

import { haversineM } from '../../geo/distance.js'
import { fix } from '../../geo/fix.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { Fix, Phase } from '../../model/event.js'
import { COLLECTIONS, TX_CLASSES } from '../../model/report.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'
import type { FeedVolume } from '../../reception/volume.js'
import { liesStill, reportsByKind, reportsSince, type Tracks } from '../../tracks/table.js'
import type { PortIndex } from '../../zones/ports.js'
import type { Detector, Emit } from '../detector.js'
import { silenceEvent, type Silence } from './silence.js'

/** A last fix older than this says nothing of where a silence began. */
const MAX_FIX_AGE_MS = 10 * MS_PER_MIN
/** Ended silences kept per vessel, for late data; the oldest gives way. */
const MAX_ENDED = 4
const CLASS_B = TX_CLASSES.indexOf('B')

/** A silence that has ended, and what was said of it: late data may still fall into it. */
interface Ended {
  silence: Silence
  on: Fix
  /** Last revision that went out; 0: it was too short to be an event. */
  revision: number
}

export interface GapState {
  /** 1 when the slot's current silence was announced. */
  open: Uint8Array
  /** Exact times of the reports before, where the configuration asks for them; by slot. */
  times: Map<number, { t: number; collection: number }[]>
  ended: Map<number, Ended[]>
}

export function gapDetector(
  options: Config['gap'],
  clean: Config['clean'],
  volume: FeedVolume,
  ports?: PortIndex,
): Detector<GapState> {
  const minGapMs = options.minGapHours * MS_PER_HOUR
  const portMs = options.portSilenceHours * MS_PER_HOUR
  const mooredMs = options.mooredMinutes * MS_PER_MIN
  const countMs = options.countHours * MS_PER_HOUR
  const shortestMs = Math.min(minGapMs, portMs)
  const { portRule, exactCounts, openAt, minReports } = options

  /** Moored or in port when last heard. The cheap question first: most vessels are under way. */
  function restAt(heard: number, stillSince: number, lat: number, lon: number): Silence['rest'] {
    if (!portRule) return null
    if (heard - stillSince >= mooredMs) return 'moored'
    return ports?.at(lat, lon) ? 'in_port' : null
  }
  const restOf = (tracks: Tracks, slot: number) =>
    restAt(tracks.heard[slot]!, tracks.stillSince[slot]!, tracks.lat[slot]!, tracks.lon[slot]!)
  const thresholdMs = (rest: Silence['rest']) => (rest ? portMs : minGapMs)

  const step: Detector<GapState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const t = batch.t[i]!
    const lasted = t - tracks.heard[slot]!
    const announced = state.open[slot] === 1
    // time had moved on past the threshold, yet the vessel spoke before it: its report was late, not the vessel
    if (announced && !(lasted > thresholdMs(restOf(tracks, slot)))) {
      say(silenceOf(state, slot, tracks), fix(t, batch.lat[i]!, batch.lon[i]!), t, 'retracted', 2, emit)
    }
    if (lasted > shortestMs && tracks.count[slot]! >= minReports) {
      const silence = silenceOf(state, slot, tracks)
      const on = fix(t, batch.lat[i]!, batch.lon[i]!)
      let revision = 0
      if (lasted > thresholdMs(silence.rest)) {
        revision = state.open[slot]! + 1
        say(silence, on, t, 'closed', revision, emit)
      }
      keep(state, slot, [...(state.ended.get(slot) ?? []), { silence, on, revision }])
    }
    state.open[slot] = 0
    if (exactCounts) remember(state, slot, t, batch.collection[i]!)
  }

  function due(state: GapState, slot: number, tracks: Tracks): number {
    if (state.open[slot] === 1 || tracks.count[slot]! < minReports) return Infinity
    // strictly longer than the threshold: one millisecond past it
    const past = tracks.heard[slot]! + thresholdMs(restOf(tracks, slot)) + 1
    return openAt === 'threshold' ? past : Math.ceil(past / MS_PER_DAY) * MS_PER_DAY
  }

  function tick(state: GapState, slot: number, tracks: Tracks, t: number, emit: Emit): void {
    say(silenceOf(state, slot, tracks), null, t, 'opened', 1, emit)
    state.open[slot] = 1
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
    const { silence, on, revision } = ended[k]!
    const here = fix(t, batch.lat[i]!, batch.lon[i]!)
    if (clean.outlierGuard && !(reachable(silence.off, here) && reachable(here, on))) return

    const before: Ended = { silence, on: here, revision }
    if (t - silence.heard > thresholdMs(silence.rest))
      say(silence, here, asOf, 'closed', ++before.revision, emit)
    else if (revision > 0) say(silence, on, asOf, 'retracted', ++before.revision, emit)
    const after: Ended = { silence: laterPart(silence, batch, i, here), on, revision: 0 }
    if (on.t - t > thresholdMs(after.silence.rest))
      say(after.silence, on, asOf, 'closed', ++after.revision, emit)
    const parts = [before, after].filter(part => part.on.t - part.silence.heard > shortestMs)
    keep(state, slot, [...ended.slice(0, k), ...parts, ...ended.slice(k + 1)])
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
      ...{ heard: here.t, off, stillSince, sog: batch.sog[i]!, before: null },
      rest: restAt(here.t, stillSince, lat ?? NaN, lon ?? NaN),
    }
  }

  function say(
    silence: Silence,
    on: Fix | null,
    asOf: number,
    phase: Phase,
    revision: number,
    emit: Emit,
  ): void {
    const share = volume.share(silence.heard, on ? on.t : asOf, silence.ownLastHour)
    emit(silenceEvent(silence, on, asOf, phase, revision, share, options))
  }

  /** The silence since the track was last heard. Depends on the reports only, never on ticks. */
  function silenceOf(state: GapState, slot: number, tracks: Tracks): Silence {
    const heard = tracks.heard[slot]!
    return {
      heard,
      off: offFix(tracks, slot),
      rest: restOf(tracks, slot),
      stillSince: tracks.stillSince[slot]!,
      sog: tracks.sog[slot]!,
      classB: tracks.txClass[slot] === CLASS_B,
      alternations: tracks.alternations[slot]!,
      before: byKind(exactCounts ? exactBefore(state, slot, heard) : reportsByKind(tracks, slot)),
      ownLastHour: reportsSince(tracks, slot, heard - MS_PER_HOUR),
    }
  }

  /** Where and when it was last heard. In presets the place of that very message; else the last fix, if it is fresh. */
  function offFix(tracks: Tracks, slot: number): Fix {
    const heard = tracks.heard[slot]!
    const fresh =
      tracks.placed[slot] === 1 || (!options.positionsOnly && heard - tracks.t[slot]! <= MAX_FIX_AGE_MS)
    return fresh ? fix(heard, tracks.lat[slot]!, tracks.lon[slot]!) : fix(heard, NaN, NaN)
  }

  function reachable(a: Fix, b: Fix): boolean {
    if (a.lat === null || a.lon === null || b.lat === null || b.lon === null) return true
    const hours = (b.t - a.t) / MS_PER_HOUR
    return haversineM(a.lat, a.lon, b.lat, b.lon) <= (clean.minJumpNm + clean.maxSpeedKn * hours) * M_PER_NM
  }

  function keep(state: GapState, slot: number, ended: Ended[]): void {
    if (ended.length > 0) state.ended.set(slot, ended.slice(-MAX_ENDED))
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
    init: slots => ({ open: new Uint8Array(slots), times: new Map(), ended: new Map() }),
    step,
    due,
    tick,
    late,
    park: (state, slot) => state.open[slot]!,
    unpark: (state, slot, parked) => {
      state.open[slot] = parked
    },
    clear(state, slot) {
      state.open[slot] = 0
      state.times.delete(slot)
      state.ended.delete(slot)
    },
  }
}

function byKind(sums: number[]): NonNullable<Silence['before']> {
  const of = (kind: (typeof COLLECTIONS)[number]) => sums[COLLECTIONS.indexOf(kind)]!
  const total = sums.reduce((a, b) => a + b, 0)
  return { total, terrestrial: of('terrestrial'), satellite: of('satellite'), dynamic: of('dynamic') }
}
