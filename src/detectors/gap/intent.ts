// Was it switched off, or was it not heard? Reasons for and against, each a number with its weight in log-odds, add up to
// a probability. What the place and the neighbours say weighs most: a ship falls silent for six hours where hardly any
// other ever did, and 17 of 18 ships around it are still heard. detection.md section 4. The weights are those of a
// logistic regression on seeds 1 to 4 of `npm run eval`, each reason taken against what it says of an average gap there;
// docs/evaluation.md has what they give on seeds that nothing was fitted to.

import type { Config } from '../../model/config.js'
import type { Evidence } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../../model/units.js'
import { rankScore } from '../score.js'
import type { Judgement } from '../../reception/model.js'
import type { Silence } from './silence.js'

/** Log-odds that an average gap is a set switched off, … */
const PRIOR = -2.956
/** … and of a ship at rest, which mostly just goes ashore: not fitted. */
const PRIOR_AT_REST = -4
/** Weight of a doubling of the silence beyond six hours, and what an average gap has of it. */
const DOUBLING = { weight: 0.93, usual: 0.79, from: 6, most: 2 }
/** Weights of how rare such a silence is there, at most (with so little known) and by the model's own word. */
const PLACE = { atMost: 0.616, survival: 0.533, usual: 3.532 }
/** Weights of the number of ships nearby that were still heard, and of traffic along the way. */
const WITNESSES = { stillHeard: 1.229, along: 0.507, usual: 0.943 }
const BEFORE = { weight: 0.755, usual: 1.039 }
const CLASS_B = -1.885
/** Not fitted: with tracks told apart it is rare. */
const SHARED_MMSI = -1
/** No family may add or take more than this. */
const FAMILY_CAP = 4.5
/** From this probability on a class is given; in between it is undetermined. */
const LIKELY = 0.7
const UNLIKELY = 0.2
/** … and only where enough is known of the place, or of the ships around. */
const KNOWN_HOLES = 10
const KNOWN_WITNESSES = 3
/** With less than this share of what is usual the place went deaf: fewer than one in twenty disabled ships saw so little. */
const DEAF_SHARE = 0.25

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
  const { survival, atMost, rests, witnesses } = around
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

  const doublings = Math.min(DOUBLING.most, Math.log2(Math.max(hours, 1e-3) / DOUBLING.from))
  const lasted = `silent for ${hours.toFixed(1)} h, threshold ${thresholdH} h`
  const expected = `≤ ${thresholdH} h`
  say(
    'silence',
    'duration_h',
    round(hours, 3),
    DOUBLING.weight * doublings - DOUBLING.usual,
    lasted,
    expected,
  )

  const rareAtMost = Math.min(4.5, -Math.log(atMost))
  const rare = Math.min(10, -Math.log(Math.max(1e-9, survival)))
  const placeWeight = PLACE.atMost * rareAtMost + PLACE.survival * rare - PLACE.usual
  const share = survival < 0.001 ? '< 0.1 %' : `${(100 * survival).toFixed(1)} %`
  const known = `${share} of the silences that begin there last this long (${rests.toFixed(0)} known)`
  say('reception', 'place_survival', round(survival, 5), placeWeight, known, 'often, where reception is poor')

  if (before) {
    const heard = `${before.total} reports heard in the ${options.countHours} h before`
    const weight = BEFORE.weight * Math.log10(Math.max(1, before.total)) - BEFORE.usual
    say('reception', 'reports_before', before.total, weight, heard, 'few, where reception is poor')
  } else
    say('reception', 'late_data', null, 0, 'found by late data: the reports before were no longer at hand')

  const near = witnesses?.near ?? 0
  const stillHeard = witnesses?.stillHeard ?? 0
  const along = witnesses ? Math.log((witnesses.heard + 1) / (witnesses.expected + 1)) : 0
  const witnessWeight =
    WITNESSES.stillHeard * Math.log(1 + stillHeard) +
    WITNESSES.along * Math.max(-1.5, Math.min(1.5, along)) -
    WITNESSES.usual
  const seen =
    near > 0 ? `${stillHeard} of ${near} ships nearby were still heard` : 'no ship nearby to compare with'
  say('witnesses', 'still_heard', stillHeard, witnessWeight, seen, 'few, if the place went deaf')

  if (sog > 2)
    say('behaviour', 'sog_at_off_kn', round(sog, 1), 0, `under way at ${sog.toFixed(1)} kn when last heard`)
  if (distanceM !== null) {
    const nm = distanceM / M_PER_NM
    say('behaviour', 'distance_nm', round(nm, 1), 0, `came back ${nm.toFixed(0)} nm away`)
  }
  if (classB)
    say('identity', 'class_b', 'B', CLASS_B, 'Class B: low power, often switched off, poorly received')
  if (alternations >= 3) {
    const text = 'several ships use this MMSI, told apart by their places: OFF and ON may be different ones'
    say('identity', 'shared_mmsi', alternations, SHARED_MMSI, text)
  }
  const score = rankScore(rest ? PRIOR_AT_REST : PRIOR, evidence, FAMILY_CAP)
  if (wentDeaf(witnesses, around.againExpected)) return { class: 'likely_reception', score, evidence }
  const isKnown = rests >= KNOWN_HOLES || near >= KNOWN_WITNESSES
  // who lies still goes ashore, and what nobody knows is nobody's guilt or innocence
  if (rest || !isKnown) return { class: 'undetermined', score, evidence }
  const kind = score >= LIKELY ? 'likely_disabled' : score <= UNLIKELY ? 'likely_reception' : 'undetermined'
  return { class: kind, score, evidence }
}

/** The ships nearby fell silent as well, or the way ahead did: whatever else speaks against the vessel, nobody listened. */
function wentDeaf(witnesses: Judgement['witnesses'], againExpected: number): boolean {
  if (!witnesses) return false
  const { near, stillHeard, heard, expected } = witnesses
  if (near >= KNOWN_WITNESSES && stillHeard < DEAF_SHARE * Math.max(1, againExpected)) return true
  return expected >= KNOWN_WITNESSES && heard < DEAF_SHARE * expected
}
