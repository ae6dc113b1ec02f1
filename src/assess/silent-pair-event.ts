// What is said of two silent ships that can have met: level C of a dark rendezvous. A possibility with its bounds and its
// reasons; nothing in it says that anybody met anybody.

import type { Config } from '../model/config.js'
import type { Evidence, VesselEvent } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, MS_PER_S, round } from '../model/units.js'
import { rankScore } from '../detectors/score.js'
import type { SilentVessel } from './partner.js'
import type { SilentPair } from './silent-pair.js'
import type { SeaView } from './silent-pairs.js'

/** A choice: below that of a stop that somebody is known to have made (rendezvous-event.ts). */
const PRIOR = -2.5
/** Rivals that are counted. */
const MOST_RIVALS = 5

/**
 * The event of a pair, without phase and revision; closed when both are back.
 * @param rivals other silences that may have met one of them
 */
export function describePair(
  id: string,
  [a, b]: readonly [SilentVessel, SilentVessel],
  pair: SilentPair,
  rivals: number,
  { jointHours }: Config['darkRendezvous'],
  { coast, zonesAt }: SeaView,
): Omit<VesselEvent, 'phase' | 'revision' | 'asOf'> {
  // of both together: from the later OFF, which makes the id, to the earlier ON
  const start = a.off.t > b.off.t ? a.off : b.off
  const end = a.on && b.on && (a.on.t < b.on.t ? a.on : b.on)
  // as fine as it can be known, and no finer
  const place = { lat: round(pair.lat, 3), lon: round(pair.lon, 3) }
  const [from, to] = [pair.from, pair.to].map(t => Math.round(t / MS_PER_MIN) * MS_PER_MIN) as [
    number,
    number,
  ]
  const shoreM = coast ? coast.shoreDistanceM(place.lat, place.lon) : null
  const watersOf = ({ lat, lon }: { lat: number; lon: number }) => zonesAt(lat, lon)
  return {
    ...{ schema: 'darkwake/event/1', type: 'dark_rendezvous', class: 'two_silences', id },
    ...{ mmsi: a.mmsi, track: a.track, vessel: a.vessel },
    ...{ start, end, durationS: end && (end.t - start.t) / MS_PER_S },
    zones: { start: watersOf(start), end: end ? watersOf(end) : [], touched: watersOf(place) },
    ...scored(evidenceOf([a, b], pair, rivals, jointHours, shoreM)),
    details: {
      level: 'C',
      partner: { mmsi: b.mmsi, track: b.track, ...b.vessel },
      others: [b.mmsi],
      place,
      ...{ from, to, togetherH: round((to - from) / MS_PER_HOUR, 2), maxTogetherH: round(pair.longestH, 2) },
      marginH: round(pair.longestH - jointHours, 2),
      usualTogetherH: round(pair.usualH, 2),
      weight: round(pair.weight, 3),
      rivals: Math.min(rivals, MOST_RIVALS),
      distanceFromShoreM: shoreM,
      silences: [a, b].map((silent, k) => ({
        ...{ id: silent.id, mmsi: silent.mmsi, class: silent.class, gapScore: silent.score },
        ...{ isOver: silent.on !== null, vMaxKn: silent.kn, fromNm: round(pair.fromNm[k]!, 1) },
        offCourseDeg: pair.offCourseDeg[k] === null ? null : round(pair.offCourseDeg[k]!, 0),
        spareH: round(pair.spareH[k]!, 1),
        ...{ near: silent.near, stillHeard: silent.stillHeard },
      })),
    },
  }
}

const scored = (evidence: Evidence[]): { score: number; evidence: Evidence[] } => ({
  score: rankScore(PRIOR, evidence),
  evidence,
})

function evidenceOf(
  ships: readonly [SilentVessel, SilentVessel],
  { weight, longestH, usualH, spareH, offCourseDeg }: SilentPair,
  rivals: number,
  jointHours: number,
  shoreM: number | null,
): Evidence[] {
  const [a, b] = ships
  const evidence: Evidence[] = [
    {
      ...{ family: 'silence', name: 'joint_reach', value: round(longestH, 2) },
      ...{ expected: `< ${jointHours} h`, weight: round(Math.max(-1.5, Math.min(1.5, weight + 0.5)), 3) },
      text: `both were silent, and MMSI ${a.mmsi} and MMSI ${b.mmsi} can have been at one place for up to ${longestH.toFixed(1)} h`,
    },
    {
      ...{ family: 'behaviour', name: 'usual_h', value: round(usualH, 2), weight: 0 },
      text: `at their usual speeds ${Math.max(0, usualH).toFixed(1)} h there, which leaves ${spareH[0].toFixed(1)} h and ${spareH[1].toFixed(1)} h of the silences to explain`,
    },
  ]
  const headed = ships.flatMap(({ mmsi }, k) => {
    const deg = offCourseDeg[k]!
    return deg === null ? [] : [`MMSI ${mmsi} ${deg.toFixed(0)}°`]
  })
  if (headed.length > 0) {
    const text = `off the way there as they fell silent: ${headed.join(', ')}`
    const most = Math.max(...offCourseDeg.map(deg => deg ?? 0))
    evidence.push({ family: 'behaviour', name: 'off_course_deg', value: round(most, 0), weight: 0, text })
  }
  const still = ships.map(({ near, stillHeard }) => `${stillHeard} of ${near}`)
  evidence.push({
    ...{ family: 'reception', name: 'still_heard', value: a.stillHeard + b.stillHeard, weight: 0 },
    text: `of the ships near them as they fell silent ${still.join(' and ')} were still heard`,
  })
  if (rivals > 0) {
    const count = rivals < MOST_RIVALS ? String(rivals) : `${MOST_RIVALS} or more`
    const text = `so can others that were silent have met the one or the other: ${count}`
    const counted = Math.min(rivals, MOST_RIVALS)
    evidence.push({ family: 'witnesses', name: 'rivals', value: counted, weight: -0.1 * counted, text })
  }
  if (shoreM !== null) {
    const nm = shoreM / M_PER_NM
    const text = `${nm.toFixed(0)} nm from shore`
    const far = round(Math.min(0.5, nm / 200), 3)
    evidence.push({ family: 'place', name: 'shore_nm', value: round(nm, 1), weight: far, text })
  }
  return evidence
}
