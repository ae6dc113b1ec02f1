// A zone event of a silence: which side of the boundary its ends are on, how fast the vessel had to be for what may have
// happened in between, and for how long it can have lasted, in figures and in words.

import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { heardFix } from '../../geo/fix.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../../model/units.js'
import type { ZoneIndex } from '../../zones/index.js'
import { maxDwellMs, minSpeedKn, type ZoneWay } from '../../zones/reach.js'
import { rankScore } from '../score.js'
import type { Survey } from './reach.js'
import type { Silence } from './silence.js'

/** Classes of the zone events of a silence. */
export type Kind =
  'entered_dark' | 'exited_dark' | 'dark_inside' | 'incursion_possible' | 'incursion_impossible'

/** Log odds before any reason: where it came back on the other side something did happen. */
const PRIOR: Record<Kind, number> = {
  entered_dark: -1.5,
  exited_dark: -1.5,
  dark_inside: -3.5,
  incursion_possible: -3.5,
  incursion_impossible: -6,
}

const TOP_TEXT: Record<Survey['vMaxFrom'], (speed: string) => string> = {
  track: speed => `it is known to do ${speed}`,
  class: speed => `ships of its type do up to ${speed}`,
  implied: speed => `it did ${speed} on the way`,
}

/** How a zone lies to a silence, as `details` has it. */
export function boundsOf(way: ZoneWay, { silentMs, vMaxKn }: Survey) {
  return {
    minSpeedKn: minSpeedKn(way, silentMs),
    maxDwellH: maxDwellMs(way, silentMs, vMaxKn) / MS_PER_HOUR,
    offDistanceM: way.offM,
    onDistanceM: way.onM,
    boundaryDistanceM: way.boundaryM,
  }
}

export function zoneEvent(
  zones: ZoneIndex,
  { off: heardOff, heard }: Silence,
  heardOn: Fix | null,
  asOf: number,
  kind: Kind,
  way: ZoneWay,
  seen: Survey,
  gapClass: string | undefined,
): DetectorEvent {
  // who heard them, the gap tells, and keeps up to date
  const off = heardFix(heardOff, undefined)
  const on = heardOn && heardFix(heardOn, undefined)
  const zone = zones.zones[way.zone]!
  const bounds = boundsOf(way, seen)
  const hours = ((on?.t ?? asOf) - heard) / MS_PER_HOUR
  const evidence = reasons(kind, zone.name, hours, bounds, seen)
  if (gapClass === 'likely_reception') {
    const text = 'the silence is likely a matter of reception, not of the vessel'
    evidence.push({ family: 'reception', name: 'gap_class', value: gapClass, weight: -4, text })
  }
  const { vMaxKn, vMaxFrom } = seen
  return {
    type: 'zone',
    class: kind,
    key: `${zone.id}-dark`, // a boundary may be crossed at the fix with which a silence begins
    zone,
    phase: on ? 'closed' : 'opened',
    revision: 1,
    asOf,
    start: off,
    end: on,
    score: rankScore(PRIOR[kind], evidence),
    evidence,
    details: { zone: zone.id, interpolated: false, between: [off, on], vMaxKn, vMaxFrom, ...bounds },
  }
}

function reasons(
  kind: Kind,
  name: string,
  hours: number,
  { minSpeedKn: needKn, maxDwellH, offDistanceM }: ReturnType<typeof boundsOf>,
  { on, vMaxKn, vMaxFrom }: Survey,
): Evidence[] {
  const silent = `${hours.toFixed(1)} h`
  const top = TOP_TEXT[vMaxFrom](`${vMaxKn.toFixed(0)} kn`)
  const need = `that takes ${needKn.toFixed(1)} kn, and ${top}`
  const evidence: Evidence[] = []
  const say = (family: Evidence['family'], what: string, value: number, weight: number, text: string) =>
    evidence.push({ family, name: what, value: round(value, 3), weight: round(weight, 3), text })
  if (kind === 'incursion_impossible') {
    say('kinematics', 'min_speed_kn', needKn, -1, `cannot have been in ${name}: ${need}`)
    return evidence
  }
  const isPossible = kind === 'incursion_possible'
  if (isPossible) {
    const nm = (offDistanceM / M_PER_NM).toFixed(0)
    const text = on
      ? `can have been in ${name}: ${need}`
      : `can be in ${name} by now, ${nm} nm from where it was last heard: ${top}`
    say('kinematics', 'min_speed_kn', needKn, Math.max(0, 1 - needKn / vMaxKn), text)
  } else if (kind === 'dark_inside')
    say('silence', 'silent_h', hours, 0.5, `silent for ${silent}, in ${name} before and after`)
  else say('silence', 'silent_h', hours, 1.5, `${kind.slice(0, -5)} ${name} while silent for ${silent}`)
  const dwell = `in ${name} for ${maxDwellH.toFixed(1)} of ${silent} at most`
  say('place', 'max_dwell_h', maxDwellH, isPossible ? maxDwellH / hours : 0, dwell)
  return evidence
}
