// AIS gap: a vessel stays silent longer than a threshold. The last message before the silence is OFF, the first after
// it ON. A gap is opened while the vessel is still silent and closed when it returns. A vessel that was moored or in
// port has its own, longer threshold and its own event, port_silence. Silence alone proves no intent: docs/detection.md.
//
// Definition after pipe-gaps (Global Fishing Watch): strictly longer, WGS-84 distance, reports counted 12 h before.

import { distanceBetweenM, fix, impliedSpeedKn } from '../geo/fix.js'
import type { ReportBatch } from '../model/batch.js'
import type { Config } from '../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../model/event.js'
import { COLLECTIONS, TX_CLASSES } from '../model/report.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN, round } from '../model/units.js'
import type { FeedVolume } from '../reception/volume.js'
import { reportsByKind, reportsSince, type Tracks } from '../tracks/table.js'
import type { PortIndex } from '../zones/ports.js'
import type { Detector, Emit } from './detector.js'
import { rankScore } from './score.js'

/** Not open, or opened as one of the two event types. */
const [NONE, GAP, PORT_SILENCE] = [0, 1, 2]

/** A moored or anchored vessel that moved further than this while silent was under way after all. */
const MOVED_NM = 5
/** A last fix older than this says nothing of where a silence began. */
const MAX_FIX_AGE_MS = 10 * MS_PER_MIN

export interface GapState {
  /** What the slot's current silence was announced as. */
  open: Uint8Array
  /** Exact times of the reports before, where the configuration asks for them; by slot. */
  times: Map<number, { t: number; collection: number }[]>
}

export function gapDetector(
  options: Config['gap'],
  volume: FeedVolume,
  ports?: PortIndex,
): Detector<GapState> {
  const minGapMs = options.minGapHours * MS_PER_HOUR
  const portMs = options.portSilenceHours * MS_PER_HOUR
  const mooredMs = options.mooredMinutes * MS_PER_MIN
  const countMs = options.countHours * MS_PER_HOUR
  const shortestMs = Math.min(minGapMs, portMs)
  const { portRule, exactCounts, openAt, minReports, minFeedShare } = options

  const moored = (tracks: Tracks, slot: number) => tracks.heard[slot]! - tracks.stillSince[slot]! >= mooredMs

  /** Heard often enough for its silence to mean anything. */
  const known = (tracks: Tracks, slot: number) => tracks.count[slot]! >= minReports

  /** Moored or in port when last heard. The cheap question first: most vessels are under way. */
  function atRest(tracks: Tracks, slot: number): boolean {
    if (!portRule) return false
    return moored(tracks, slot) || ports?.at(tracks.lat[slot]!, tracks.lon[slot]!) !== undefined
  }

  function step(
    state: GapState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    emit: Emit,
  ): void {
    const t = batch.t[i]!
    const silence = t - tracks.heard[slot]!
    if (silence > shortestMs && known(tracks, slot) && silence > (atRest(tracks, slot) ? portMs : minGapMs)) {
      emit(describe(state, slot, tracks, t, fix(t, batch.lat[i]!, batch.lon[i]!)))
    }
    state.open[slot] = NONE
    if (exactCounts) remember(state, slot, t, batch.collection[i]!)
  }

  function due(state: GapState, slot: number, tracks: Tracks): number {
    if (state.open[slot] !== NONE || !known(tracks, slot)) return Infinity
    // strictly longer than the threshold: one millisecond past it
    const past = tracks.heard[slot]! + (atRest(tracks, slot) ? portMs : minGapMs) + 1
    return openAt === 'threshold' ? past : Math.ceil(past / MS_PER_DAY) * MS_PER_DAY
  }

  function tick(state: GapState, slot: number, tracks: Tracks, t: number, emit: Emit): void {
    const event = describe(state, slot, tracks, t, null)
    state.open[slot] = event.type === 'gap' ? GAP : PORT_SILENCE
    emit(event)
  }

  /** The silence since `tracks.heard`, open (on = null) or ended by `on`. Depends on the reports only, not on ticks. */
  function describe(
    state: GapState,
    slot: number,
    tracks: Tracks,
    asOf: number,
    on: Fix | null,
  ): DetectorEvent {
    const heard = tracks.heard[slot]!
    const off = offFix(tracks, slot)
    const rest = atRest(tracks, slot)
    const distanceM = on && distanceBetweenM(off, on)
    const speedKn = on && impliedSpeedKn(off, on, distanceM)
    const before = exactCounts ? exactBefore(state, slot, heard) : hourlyBefore(tracks, slot)
    const durationMs = (on ? on.t : asOf) - heard
    const feedShare = volume.share(heard, on ? on.t : asOf, reportsSince(tracks, slot, heard - MS_PER_HOUR))
    const evidence = reasons(tracks, slot, rest, durationMs, distanceM, before.total, feedShare)
    const opened = state.open[slot] !== NONE
    return {
      type: rest ? 'port_silence' : 'gap',
      phase: on ? 'closed' : 'opened',
      revision: opened ? 2 : 1,
      asOf,
      start: off,
      end: on,
      class: feedShare < minFeedShare ? 'likely_reception' : 'undetermined',
      score: rankScore(rest ? -3 : -2, evidence),
      evidence,
      details: {
        off,
        on,
        distanceM,
        impliedSpeedKn: speedKn,
        state: rest ? (moored(tracks, slot) ? 'moored' : 'in_port') : 'under_way',
        reportsBefore12h: before,
        feedShare: feedShare === feedShare ? round(feedShare, 3) : null,
      },
    }
  }

  /** Where and when it was last heard. In presets the place of that very message; else the last fix, if it is fresh. */
  function offFix(tracks: Tracks, slot: number): Fix {
    const heard = tracks.heard[slot]!
    const fresh =
      tracks.placed[slot] === 1 || (!options.positionsOnly && heard - tracks.t[slot]! <= MAX_FIX_AGE_MS)
    return fresh ? fix(heard, tracks.lat[slot]!, tracks.lon[slot]!) : fix(heard, NaN, NaN)
  }

  function reasons(
    tracks: Tracks,
    slot: number,
    rest: boolean,
    durationMs: number,
    distanceM: number | null,
    reportsBefore: number,
    feedShare: number,
  ): Evidence[] {
    const thresholdH = (rest ? portMs : minGapMs) / MS_PER_HOUR
    const hours = durationMs / MS_PER_HOUR
    const evidence: Evidence[] = [
      {
        family: 'silence',
        name: 'duration_h',
        value: round(hours, 3),
        expected: `≤ ${thresholdH} h`,
        weight: round(Math.min(1.5, Math.log2(Math.max(1, hours / thresholdH))), 3),
        text: `silent for ${hours.toFixed(1)} h, threshold ${thresholdH} h`,
      },
      {
        family: 'reception',
        name: 'reports_before',
        value: reportsBefore,
        expected: 'few, where reception is poor',
        weight: round(Math.min(1.5, Math.log10(Math.max(1, reportsBefore)) * 0.6), 3),
        text: `${reportsBefore} reports heard in the ${options.countHours} h before`,
      },
    ]
    if (feedShare < minFeedShare) {
      evidence.push({
        family: 'reception',
        name: 'feed_share',
        value: round(feedShare, 3),
        expected: `≥ ${minFeedShare}`,
        weight: -4,
        text: `the whole feed fell to ${(100 * feedShare).toFixed(0)} % of the hour before`,
      })
    }
    const sog = tracks.sog[slot]!
    if (sog > 2) {
      const text = `under way at ${sog.toFixed(1)} kn when last heard`
      evidence.push({ family: 'behaviour', name: 'sog_at_off_kn', value: round(sog, 1), weight: 0.5, text })
    }
    if (distanceM !== null && distanceM > MOVED_NM * M_PER_NM) {
      const nm = distanceM / M_PER_NM
      const text = `came back ${nm.toFixed(0)} nm away`
      evidence.push({ family: 'behaviour', name: 'distance_nm', value: round(nm, 1), weight: 0.5, text })
    }
    if (TX_CLASSES[tracks.txClass[slot]!] === 'B') {
      const text = 'Class B: low power, often switched off, poorly received'
      evidence.push({ family: 'identity', name: 'class_b', value: 'B', weight: -1, text })
    }
    if (tracks.alternations[slot]! >= 3) {
      const text = 'two stations use this MMSI: OFF and ON may be different ships'
      evidence.push({
        family: 'identity',
        name: 'shared_mmsi',
        value: tracks.alternations[slot]!,
        weight: -2,
        text,
      })
    }
    return evidence
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

  function exactBefore(state: GapState, slot: number, heard: number) {
    const sums = [0, 0, 0, 0]
    for (const { t, collection } of state.times.get(slot) ?? []) if (t >= heard - countMs) sums[collection]!++
    return byKind(sums)
  }

  return {
    name: 'gap',
    minDelayMs: shortestMs,
    init: slots => ({ open: new Uint8Array(slots), times: new Map() }),
    step,
    due,
    tick,
    park: (state, slot) => state.open[slot]!,
    unpark: (state, slot, parked) => {
      state.open[slot] = parked
    },
    clear(state, slot) {
      state.open[slot] = NONE
      state.times.delete(slot)
    },
  }
}

function hourlyBefore(tracks: Tracks, slot: number) {
  return byKind(reportsByKind(tracks, slot))
}

function byKind(sums: number[]): { total: number; terrestrial: number; satellite: number; dynamic: number } {
  const [terrestrial, satellite, dynamic] = (['terrestrial', 'satellite', 'dynamic'] as const).map(
    kind => sums[COLLECTIONS.indexOf(kind)]!,
  )
  const total = sums.reduce((a, b) => a + b, 0)
  return { total, terrestrial: terrestrial!, satellite: satellite!, dynamic: dynamic! }
}
