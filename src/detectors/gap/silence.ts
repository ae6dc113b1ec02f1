// A silence as it began: everything that is known at OFF, kept apart from the track, which goes on. From it and the ON
// report comes the event, at once or again when late data split the silence.

import { distanceBetweenM, impliedSpeedKn } from '../../geo/fix.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence, Fix, Phase } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../../model/units.js'
import { rankScore } from '../score.js'
import type { TopSpeed } from './reach.js'

/** A vessel that moved further than this while silent did not lie still. */
const MOVED_NM = 5

/** Plain data, so that a snapshot is a copy. */
export interface Silence {
  /** Last sign of life, epoch ms. */
  heard: number
  /** Where that was. */
  off: Fix
  /** Moored or in port when last heard, or neither. */
  rest: 'moored' | 'in_port' | null
  /** Since when the vessel lay still; NaN when it did not. */
  stillSince: number
  /** Speed at OFF, knots; NaN unknown. */
  sog: number
  classB: boolean
  /** Changes between two places of one MMSI. */
  alternations: number
  /** Reports in the hours before; null when that was not kept: the silence came to light by late data. */
  before: { total: number; terrestrial: number; satellite: number; dynamic: number } | null
  /** Upper bound of the vessel's own reports in the hour before. */
  ownLastHour: number
  /** How fast it may have gone meanwhile. */
  top: TopSpeed
}

/**
 * The event of a silence.
 * @param on the report that ended it; null while it lasts
 * @param feedShare how loud the rest of the feed was meanwhile (reception/volume); NaN unknown
 */
export function silenceEvent(
  silence: Silence,
  on: Fix | null,
  asOf: number,
  phase: Phase,
  revision: number,
  feedShare: number,
  options: Config['gap'],
): DetectorEvent {
  const { off, rest, before } = silence
  const distanceM = on && distanceBetweenM(off, on)
  const evidence = reasons(silence, (on ? on.t : asOf) - silence.heard, distanceM, feedShare, options)
  return {
    type: rest ? 'port_silence' : 'gap',
    phase,
    revision,
    asOf,
    start: off,
    end: on,
    class: feedShare < options.minFeedShare ? 'likely_reception' : 'undetermined',
    score: rankScore(rest ? -3 : -2, evidence),
    evidence,
    details: {
      off,
      on,
      distanceM,
      impliedSpeedKn: on && impliedSpeedKn(off, on, distanceM),
      state: rest ?? 'under_way',
      reportsBefore12h: before,
      feedShare: feedShare === feedShare ? round(feedShare, 3) : null,
    },
  }
}

function reasons(
  { rest, sog, classB, alternations, before }: Silence,
  durationMs: number,
  distanceM: number | null,
  feedShare: number,
  options: Config['gap'],
): Evidence[] {
  const thresholdH = rest ? options.portSilenceHours : options.minGapHours
  const hours = durationMs / MS_PER_HOUR
  const evidence: Evidence[] = []
  const say = (
    family: Evidence['family'],
    name: string,
    value: Evidence['value'],
    weight: number,
    text: string,
    expected?: string,
  ) =>
    evidence.push({ family, name, value, ...(expected ? { expected } : {}), weight: round(weight, 3), text })

  const beyond = Math.min(1.5, Math.log2(Math.max(1, hours / thresholdH)))
  const silent = `silent for ${hours.toFixed(1)} h, threshold ${thresholdH} h`
  say('silence', 'duration_h', round(hours, 3), beyond, silent, `≤ ${thresholdH} h`)
  if (before) {
    const heard = `${before.total} reports heard in the ${options.countHours} h before`
    const weight = Math.min(1.5, Math.log10(Math.max(1, before.total)) * 0.6)
    say('reception', 'reports_before', before.total, weight, heard, 'few, where reception is poor')
  } else
    say('reception', 'late_data', null, 0, 'found by late data: the reports before were no longer at hand')
  if (feedShare < options.minFeedShare) {
    const text = `the whole feed fell to ${(100 * feedShare).toFixed(0)} % of the hour before`
    say('reception', 'feed_share', round(feedShare, 3), -4, text, `≥ ${options.minFeedShare}`)
  }
  if (sog > 2)
    say('behaviour', 'sog_at_off_kn', round(sog, 1), 0.5, `under way at ${sog.toFixed(1)} kn when last heard`)
  if (distanceM !== null && distanceM > MOVED_NM * M_PER_NM) {
    const nm = distanceM / M_PER_NM
    say('behaviour', 'distance_nm', round(nm, 1), 0.5, `came back ${nm.toFixed(0)} nm away`)
  }
  if (classB) say('identity', 'class_b', 'B', -1, 'Class B: low power, often switched off, poorly received')
  if (alternations >= 3) {
    const text = 'two stations use this MMSI: OFF and ON may be different ships'
    say('identity', 'shared_mmsi', alternations, -2, text)
  }
  return evidence
}
