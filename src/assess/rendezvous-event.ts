// What is said of a stop at sea: that it was made alone, in good reception, and who of those that are silent can have been
// there. Level A is the stop by itself, level B one with somebody who can have been there.

import type { Config } from '../model/config.js'
import type { Evidence, VesselEvent } from '../model/event.js'
import { M_PER_NM, round } from '../model/units.js'
import { isAlone, type Shares } from '../detectors/dark-rendezvous.js'
import { rankScore } from '../detectors/score.js'
import { kindOf } from '../ais/kinds.js'
import type { Partner } from './partner.js'

/** `details` of what the detector says. */
export interface StopDetails extends Shares {
  place: { lat: number; lon: number }
  radiusM: number
  closestOtherM: number | null
  cameUnderWay: boolean
  navStatus: number
  distanceFromShoreM: number | null
}

const PRIOR = { one_sided: -3, partner_in_silence: -2 }
/** At anchor, moored, aground by status: it says why it lies there. */
const LIES = new Set([1, 5, 6])
/** One that weighs less can have been almost anywhere as well: it is no news. */
const LEAST_WEIGHT = -2

/**
 * Whether a stop is told at all.
 * @param withPartner somebody may have been there: then it need not have come, nor be no fishing vessel
 */
export function isWorthTelling(
  { vessel, details }: VesselEvent,
  options: Config['darkRendezvous'],
  withPartner: boolean,
): boolean {
  const stop = details as unknown as StopDetails
  const { cameUnderWay, navStatus } = stop
  if (!isAlone(stop, options)) return false
  if (withPartner) return true
  // who fishes stops all day, and who anchors has come to stay
  return cameUnderWay && !LIES.has(navStatus) && kindOf({ shipType: vessel.shipType ?? 0 }) !== 'fishing'
}

/** The event of a stop without phase and revision; null when there is nothing to tell. */
export function describeStop(
  event: VesselEvent,
  partners: readonly Partner[],
  options: Config['darkRendezvous'],
): VesselEvent | null {
  const best = partners.find(({ weight }) => weight >= LEAST_WEIGHT)
  const listed = best ? partners : []
  if (!isWorthTelling(event, options, best !== undefined)) return null
  const kind = best ? 'partner_in_silence' : 'one_sided'
  const { place, hours, ...stop } = event.details as unknown as StopDetails
  const evidence: Evidence[] = [
    {
      ...{ family: 'behaviour', name: 'stopped_h', value: round(hours, 2) },
      weight: round(Math.min(1, hours / 8), 3),
      text: `stopped for ${hours.toFixed(1)} h within ${(stop.radiusM / M_PER_NM).toFixed(1)} nm, with nobody heard within ${options.companyNm} nm`,
    },
    {
      ...{ family: 'reception', name: 'heard_share', value: stop.heardShare },
      weight: round(stop.heardShare - 0.5, 3),
      text: `itself heard ${Math.round(100 * stop.heardShare)} % of the time: another one there would have been heard`,
    },
  ]
  if (stop.distanceFromShoreM !== null) {
    const nm = stop.distanceFromShoreM / M_PER_NM
    const text = `${nm.toFixed(0)} nm from shore`
    evidence.push({
      ...{ family: 'place', name: 'shore_nm', value: round(nm, 1) },
      ...{ weight: round(Math.min(1, nm / 100), 3), text },
    })
  }
  if (LIES.has(stop.navStatus)) {
    const text = 'says that it lies at anchor, moored or aground'
    evidence.push({ family: 'place', name: 'nav_status', value: stop.navStatus, weight: -1, text })
  }
  if (best) {
    const others = listed.length > 1 ? `, the likeliest of ${listed.length} or more` : ''
    evidence.push({
      ...{ family: 'silence', name: 'partner_reach', value: best.mmsi },
      weight: round(Math.max(-2, Math.min(2.5, best.weight + 1)), 3),
      text: `MMSI ${best.mmsi}, silent meanwhile, can have been there for up to ${best.maxTogetherH.toFixed(1)} h of it${others}`,
    })
  }
  return {
    ...event,
    class: kind,
    score: rankScore(PRIOR[kind], evidence),
    evidence,
    details: {
      level: best ? 'B' : 'A',
      ...{ place, hours, ...stop },
      candidates: listed.map(({ weight, ...who }, k) => ({ rank: k + 1, weight, ...who })),
    },
  }
}
