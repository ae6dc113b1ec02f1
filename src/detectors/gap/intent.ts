// Was it switched off, or was it not heard? Reasons for and against, each a number with its weight in log-odds, add up to
// a probability. What others heard there says most: a ship falls silent for six hours where it had been heard all day, and
// 17 of 18 ships around it are still heard. detection.md section 4; the weights stand in ./weights.

import type { Config } from '../../model/config.js'
import type { Evidence } from '../../model/event.js'
import { COLLECTIONS } from '../../model/report.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../../model/units.js'
import { rankScore } from '../score.js'
import type { Judgement } from '../../reception/model.js'
import { SLOT_MS } from '../../reception/slots.js'
import type { Silence } from './silence.js'
import { WEIGHTS, type Reasons, type Weights } from './weights.js'

/** Log-odds that a ship at rest was switched off, which mostly just goes ashore: not fitted. */
const PRIOR_AT_REST = -4
/** Not fitted: with tracks told apart it is rare. */
const SHARED_MMSI = -1
/** No family may add or take more than this. */
const FAMILY_CAP = 6
/** From this probability on a class is given; in between it is undetermined. */
const LIKELY = 0.5
const UNLIKELY = 0.2
/** Anybody is blamed only where enough is known of the place, or of the ships around. */
const KNOWN_HOLES = 10
/** So many ships fell silent together, or were to be heard on its way: that is no chance. */
const KNOWN_WITNESSES = 3
/** With less than this share of the ships that are usually heard again the place went deaf, … */
const DEAF_SHARE = 0.25
/** … and with anybody in less than this share of its slots the way did. */
const DEAF_WAY = 0.06
/** Silent for longer than twice the time in which it could have been heard: most of it was the receivers'. */
const HEALTHY_SHARE = 0.5
/** Back within this distance of where it was last heard, it stayed (nautical miles). */
const STAYED_NM = 11
/** In place of a distance that is not known (nautical miles). */
const UNKNOWN_NM = 19
/** Gear is towed more slowly, and ships on passage go faster. */
const FAST_KN = 6
const SATELLITE = COLLECTIONS.indexOf('satellite')

export interface Verdict {
  class: 'likely_disabled' | 'likely_reception' | 'undetermined'
  score: number
  evidence: Evidence[]
}

/** @param durationMs of the silence so far; @param distanceM from OFF to ON; null where one of them has no place */
export function judge(
  silence: Silence,
  durationMs: number,
  distanceM: number | null,
  isOpen: boolean,
  around: Judgement,
  options: Config['gap'],
): Verdict {
  const { rest, sog, classB, alternations, before } = silence
  const { survival, rests, witnesses, healthyMs } = around
  const bySatellite = silence.silent.feed % COLLECTIONS.length === SATELLITE
  const nm = distanceM === null ? null : distanceM / M_PER_NM
  const went = nm === null ? sog > FAST_KN : nm >= STAYED_NM
  const { prior, of }: Weights = WEIGHTS[bySatellite ? 'satellites' : 'antennas'][went ? 'went' : 'stayed']
  const reasons = reasonsOf(silence, nm, isOpen, around)
  const weigh = (...names: (keyof Reasons)[]) =>
    names.reduce((sum, name) => {
      const [weight, usual] = of[name] ?? [0, 0]
      return sum + weight * (reasons[name] - usual)
    }, 0)
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

  const hours = durationMs / MS_PER_HOUR
  const thresholdH = rest ? options.portSilenceHours : options.minGapHours
  const lasted = `silent for ${hours.toFixed(1)} h, threshold ${thresholdH} h`
  say('silence', 'duration_h', round(hours, 3), weigh('open'), lasted, `≤ ${thresholdH} h`)

  const share = survival < 0.001 ? '< 0.1 %' : `${(100 * survival).toFixed(1)} %`
  const known = `${share} of the silences that begin there last this long (${rests.toFixed(0)} known)`
  const rarity = weigh('rareLeast', 'rareMean')
  say('reception', 'place_survival', round(survival, 5), rarity, known, 'often, where reception is poor')

  const own = witnesses?.own
  const ownWeight = weigh('share12h', 'share3h', 'heard48h')
  if (own) {
    const text = `heard there in ${own.in12h} of the ${own.of12h} ten-minute slots before (12 h), ${own.in48h} in 48 h`
    say('reception', 'heard_before', own.in12h, ownWeight, text, 'seldom, where reception is poor')
  } else say('reception', 'heard_before', null, ownWeight, 'the time before is not, or no longer, known')
  if (!before)
    say('reception', 'late_data', null, 0, 'found by late data: the reports before were no longer at hand')

  const near = witnesses?.near ?? 0
  const stillHeard = witnesses?.stillHeard ?? 0
  const seen =
    near > 0 ? `${stillHeard} of ${near} ships nearby were still heard` : 'no ship nearby to compare with'
  const still = weigh('stillHeard', 'along', 'rate')
  say('witnesses', 'still_heard', stillHeard, still, seen, 'few, if the place went deaf')
  if (witnesses) {
    const { live, steps } = witnesses
    const text =
      `others were heard around it in ${live} of ${steps} slots of its silence; it would have been heard ` +
      `about ${reasons.missed.toFixed(reasons.missed < 10 ? 1 : 0)} times`
    say(
      'witnesses',
      'missed',
      round(reasons.missed, 2),
      weigh('missed', 'live'),
      text,
      '0, if nobody listened',
    )
  }

  if (sog > 2) {
    const text = `under way at ${sog.toFixed(1)} kn when last heard`
    say('behaviour', 'sog_at_off_kn', round(sog, 1), weigh('fast'), text)
  } else if (weigh('fast') !== 0) say('behaviour', 'sog_at_off_kn', round(sog, 1) || 0, weigh('fast'), 'slow')
  if (nm !== null)
    say('behaviour', 'distance_nm', round(nm, 1), weigh('distance'), `came back ${nm.toFixed(0)} nm away`)
  else if (weigh('distance') !== 0)
    say('behaviour', 'distance_nm', null, weigh('distance'), 'where it came back is not known')
  const kindText = classB ? 'Class B: low power, often switched off, poorly received' : 'not Class B'
  if (weigh('classB') !== 0) say('identity', 'class_b', classB ? 'B' : null, weigh('classB'), kindText)
  if (alternations >= 3) {
    const text = 'several ships use this MMSI, told apart by their places: OFF and ON may be different ones'
    say('identity', 'shared_mmsi', alternations, SHARED_MMSI, text)
  }
  const score = rankScore(rest ? PRIOR_AT_REST : prior, evidence, FAMILY_CAP)
  if (!bySatellite && wentDeaf(witnesses, around.againExpected))
    return { class: 'likely_reception', score, evidence }
  // who lies still goes ashore, and what nobody knows is nobody's guilt or innocence
  if (rest || !witnesses) return { class: 'undetermined', score, evidence }
  const isKnown = rests >= KNOWN_HOLES || near >= KNOWN_WITNESSES
  const isHealthy = healthyMs >= HEALTHY_SHARE * durationMs
  // a ship all by itself in an unknown place proves nothing, however well it was heard
  if (score >= LIKELY && isHealthy && (isKnown || witnesses.live > 0))
    return { class: 'likely_disabled', score, evidence }
  return { class: score <= UNLIKELY && isKnown ? 'likely_reception' : 'undetermined', score, evidence }
}

/** −ln, 0…8. */
const rarityOf = (share: number) => Math.min(8, -Math.log(Math.max(1e-9, share)))
/** −ln of the share that is missing; half a one of each is never seen. */
const missing = (n: number, of: number) => -Math.log(1 - (n + 0.5) / (of + 1))
const within = (most: number, x: number) => Math.max(-most, Math.min(most, x))

function reasonsOf({ sog, classB }: Silence, nm: number | null, isOpen: boolean, around: Judgement): Reasons {
  const { along, witnesses, healthyMs } = around
  const reasons: Reasons = {
    ...{ rareLeast: rarityOf(along.most), rareMean: rarityOf(along.mean) },
    ...{ heard48h: 0, share12h: 0, share3h: 0, missed: 0, live: 0, stillHeard: 0, along: 0, rate: 0 },
    distance: Math.log(1 + (nm ?? UNKNOWN_NM)),
    ...{ fast: Number(sog > FAST_KN), classB: Number(classB), open: Number(isOpen) },
  }
  if (!witnesses) return reasons
  const { own, heard, expected, steps, live, sightings, stillHeard } = witnesses
  reasons.heard48h = Math.log(1 + own.in48h)
  reasons.share12h = missing(own.in12h, own.of12h)
  reasons.share3h = missing(own.in3h, own.of3h)
  reasons.live = live / Math.max(1, steps)
  const liveSlots = (reasons.live * healthyMs) / SLOT_MS
  reasons.missed = Math.min(15, ((own.in12h + 1) / (own.live12h + 2)) * liveSlots)
  reasons.stillHeard = Math.log(1 + stillHeard)
  reasons.along = within(1.5, Math.log((heard + 1) / (expected + 1)))
  const [now, usual] = [(sightings + 0.5) / (steps + 1), (own.others12h + 0.5) / (own.of12h + 1)]
  reasons.rate = within(2, Math.log(now / usual))
  return reasons
}

/** The ships nearby fell silent as well, or the way ahead did: whatever else speaks against the vessel, nobody listened. */
function wentDeaf(witnesses: Judgement['witnesses'], againExpected: number): boolean {
  if (!witnesses) return false
  const { near, stillHeard, expected, live, steps } = witnesses
  if (near >= KNOWN_WITNESSES && stillHeard < DEAF_SHARE * Math.max(1, againExpected)) return true
  return expected >= KNOWN_WITNESSES && live < DEAF_WAY * steps
}
