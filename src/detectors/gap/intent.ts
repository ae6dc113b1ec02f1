// Was it switched off, or was it not heard? Reasons for and against, each a number with its weight in log-odds, add up to
// a probability. What the place and the neighbours say weighs most: a ship falls silent for six hours where hardly any
// other ever did, and 17 of 18 ships around it are still heard. detection.md section 4; the weights are those that fit
// the tuning seeds of `npm run eval` best, docs/evaluation.md has what they give on others.

import type { Config } from '../../model/config.js'
import type { Evidence } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../../model/units.js'
import { rankScore } from '../score.js'
import type { Judgement } from '../../reception/model.js'
import type { Silence } from './silence.js'

/** A vessel that moved further than this while silent did not lie still. */
const MOVED_NM = 5
/** From this probability on a class is given; in between it is undetermined. */
const LIKELY = 0.7
const UNLIKELY = 0.2
/** … and only where enough is known of the place, or of the ships around. */
const KNOWN_HOLES = 10
const KNOWN_WITNESSES = 3

export interface Verdict {
  class: 'likely_disabled' | 'likely_reception' | 'undetermined'
  score: number
  evidence: Evidence[]
}

/** @param durationMs of the silence so far */
export function judge(
  silence: Silence,
  durationMs: number,
  distanceM: number | null,
  around: Judgement,
  options: Config['gap'],
): Verdict {
  const { rest, sog, classB, alternations, before } = silence
  const { survival, atMost, rests, witnesses, againExpected } = around
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

  const silent = `silent for ${hours.toFixed(1)} h, threshold ${thresholdH} h`
  say('silence', 'duration_h', round(hours, 3), 0, silent, `≤ ${thresholdH} h`)
  const placeWeight = Math.max(-3, Math.min(4, -Math.log(atMost) - 3))
  const share = survival < 0.001 ? '< 0.1 %' : `${(100 * survival).toFixed(1)} %`
  const known = `ships that send on fall silent there this long in ${share} of cases (${rests.toFixed(0)} known)`
  say('reception', 'place_survival', round(survival, 5), placeWeight, known, 'often, where reception is poor')
  if (witnesses && witnesses.near > 0) {
    const { near, stillHeard } = witnesses
    const weight = Math.max(-3, Math.min(1.5, 1.5 * Math.log((stillHeard + 0.5) / (againExpected + 0.5))))
    const text = `${stillHeard} of ${near} ships nearby were still heard`
    say('witnesses', 'still_heard', stillHeard, weight, text, 'few, if the place went deaf')
  }
  if (before) {
    const heard = `${before.total} reports heard in the ${options.countHours} h before`
    const weight = Math.min(1.5, Math.log10(Math.max(1, before.total)) * 0.6)
    say('reception', 'reports_before', before.total, weight, heard, 'few, where reception is poor')
  } else
    say('reception', 'late_data', null, 0, 'found by late data: the reports before were no longer at hand')
  if (sog > 2)
    say('behaviour', 'sog_at_off_kn', round(sog, 1), 0.5, `under way at ${sog.toFixed(1)} kn when last heard`)
  if (distanceM !== null && distanceM > MOVED_NM * M_PER_NM) {
    const nm = distanceM / M_PER_NM
    say('behaviour', 'distance_nm', round(nm, 1), 0.5, `came back ${nm.toFixed(0)} nm away`)
  }
  if (classB) say('identity', 'class_b', 'B', -1, 'Class B: low power, often switched off, poorly received')
  if (alternations >= 3) {
    const text = 'several ships use this MMSI, told apart by their places: OFF and ON may be different ones'
    say('identity', 'shared_mmsi', alternations, -2, text)
  }
  const score = rankScore(rest ? -3 : -2, evidence)
  const isKnown = rests >= KNOWN_HOLES || (witnesses?.near ?? 0) >= KNOWN_WITNESSES
  // who lies still goes ashore, and what nobody knows is nobody's guilt or innocence
  if (rest || !isKnown) return { class: 'undetermined', score, evidence }
  const kind = score >= LIKELY ? 'likely_disabled' : score <= UNLIKELY ? 'likely_reception' : 'undetermined'
  return { class: kind, score, evidence }
}
