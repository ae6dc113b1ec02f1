// What an event tells beside its reasons, as short lines for its card: when, where, whose waters, what it could have done while
// silent, who was heard there, who met whom. Text from AIS is as it came: each form of the report makes it safe.

import { browserLink, taskingOf, type Look, type Tasking } from '../../assess/tasking.js'
import type { DarkEvent, Fix, VesselEvent } from '../../model/event.js'
import { MS_PER_HOUR } from '../../model/units.js'
import type { Findings, Heard } from './findings.js'
import { counted, inDegrees, inMinutes, inNm, inThousands, lastedOf, watersOf, zoneName } from './words.js'

export type Fact = [label: string, value: string]

export interface ReachRow {
  zone: string
  minSpeedKn: number
  maxDwellH: number
  offDistanceM: number
}

const MAX_REACH_ROWS = 8
const OF_TRACK: Record<string, string> = {
  track: 'its own top speed, as it was seen before',
  class: 'what ships of its type do',
  implied: 'the distance asked for that much',
}

const at = (fix: Fix): string =>
  [inMinutes(fix.t), inDegrees(fix), ...(fix.receivers ? [`heard by ${fix.receivers.join(', ')}`] : [])].join(
    ', ',
  )

export function factsOf(event: DarkEvent): Fact[] {
  const { type, start, end, details } = event
  const silence = type === 'gap' || type === 'port_silence'
  const waters = watersOf(event)
  return [
    [silence ? 'last heard (OFF)' : 'from', at(start)],
    [silence ? 'heard again (ON)' : 'to', end ? at(end) : silence ? 'not yet' : 'goes on'],
    ['lasted', lastedOf(event)],
    ['waters', waters.length > 0 ? waters.join(', ') : 'in no zone'],
    ...wayOf(details),
    ...stateOf(details),
    ...reachFacts(details),
    ...receptionFacts(details),
    ...meetingFacts(details),
  ]
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

function wayOf({
  distanceM,
  impliedSpeedKn,
  pathM,
  radiusM,
  averageSpeedKn,
  distanceFromShoreM,
}: Details): Fact[] {
  return [
    ...(isNumber(distanceM)
      ? [
          fact(
            'way',
            `${inNm(distanceM)}${isNumber(impliedSpeedKn) ? `, ${impliedSpeedKn.toFixed(1)} kn on average` : ''}`,
          ),
        ]
      : []),
    ...(isNumber(pathM)
      ? [fact('way', `${inNm(pathM)} in all${isNumber(radiusM) ? ` within ${inNm(radiusM)}` : ''}`)]
      : []),
    ...(isNumber(averageSpeedKn) ? [fact('speed', `${averageSpeedKn.toFixed(1)} kn on average`)] : []),
    ...(isNumber(distanceFromShoreM) ? [fact('from shore', inNm(distanceFromShoreM))] : []),
  ]
}

type Details = Record<string, unknown>
const fact = (label: string, value: string): Fact => [label, value]

function stateOf({ state, offSogKn, offCogDeg }: Details): Fact[] {
  if (typeof state !== 'string') return []
  const words = [
    state.replaceAll('_', ' '),
    ...(isNumber(offSogKn) ? [`${offSogKn.toFixed(1)} kn`] : []),
    ...(isNumber(offCogDeg) ? [`course ${String(Math.round(offCogDeg) % 360).padStart(3, '0')}°`] : []),
  ]
  return [['as it fell silent', words.join(', ')]]
}

function reachFacts({ reach, noReach }: Details): Fact[] {
  if (typeof noReach === 'string')
    return [['reach while silent', `not told: ${noReach.replaceAll('_', ' ')}`]]
  if (typeof reach !== 'object' || reach === null) return []
  const { vMaxKn, vMaxFrom, rangeM, areaKm2 } = reach as Details
  if (!isNumber(vMaxKn) || !isNumber(rangeM)) return []
  const why = OF_TRACK[String(vMaxFrom)]
  return [
    [
      'reach while silent',
      `a way of up to ${inNm(rangeM)} at ${vMaxKn.toFixed(1)} kn${why ? ` (${why})` : ''}` +
        (isNumber(areaKm2) ? `: somewhere in ${inThousands(areaKm2)} km²` : ''),
    ],
  ]
}

function receptionFacts({ witnesses, reportsBefore12h }: Details): Fact[] {
  const facts: Fact[] = []
  const before = reportsBefore12h as { total?: unknown } | undefined
  if (isNumber(before?.total))
    facts.push(['heard before', `${counted(before.total, 'report')} in the 12 h before`])
  if (typeof witnesses !== 'object' || witnesses === null) return facts
  const { near, stillHeard, heard } = witnesses as Details
  if (isNumber(near) && isNumber(stillHeard))
    facts.push([
      'ships nearby',
      near === 0 ? 'none in the hour before' : `${stillHeard} of ${near} were still heard in the hour after`,
    ])
  if (isNumber(heard)) facts.push(['heard along its way', `${counted(heard, 'vessel')} while it was silent`])
  return facts
}

interface Other {
  mmsi: number
  vessel?: { name?: string | null; flag?: string | null }
  name?: string | null
  flag?: string | null
}

function meetingFacts({
  partner,
  candidates,
  medianDistanceM,
  medianSpeedKn,
  victims,
  port,
}: Details): Fact[] {
  const facts: Fact[] = []
  const who = ({ mmsi, vessel, name, flag }: Other): string =>
    [vessel?.name ?? name, `MMSI ${mmsi}`, vessel?.flag ?? flag].filter(Boolean).join(', ')
  if (typeof partner === 'object' && partner !== null) {
    facts.push(['with', who(partner as Other)])
    if (isNumber(medianDistanceM) && isNumber(medianSpeedKn))
      facts.push([
        'apart',
        `${Math.round(medianDistanceM)} m half of the time, at ${medianSpeedKn.toFixed(1)} kn`,
      ])
  }
  if (Array.isArray(candidates) && candidates.length > 0)
    facts.push([
      'silent ones that can have been there',
      (candidates as Other[]).slice(0, 5).map(who).join('; '),
    ])
  if (Array.isArray(victims)) facts.push(['vessels drawn', inThousands(victims.length)])
  if (typeof port === 'object' && port !== null) facts.push(['port', String((port as Details)['name'])])
  return facts
}

/** Zones that a silent vessel can have been in, those least out of its way first. */
export function reachRows({ details }: DarkEvent): { rows: ReachRow[]; more: number } {
  const reach = details['reach'] as { zones?: unknown; zonesInReach?: unknown } | null | undefined
  if (!Array.isArray(reach?.zones)) return { rows: [], more: 0 }
  const rows = (reach.zones as (ReachRow & { name: string })[])
    .slice(0, MAX_REACH_ROWS)
    .map(({ name, minSpeedKn, maxDwellH, offDistanceM }) => ({
      zone: zoneName(name),
      ...{ minSpeedKn, maxDwellH, offDistanceM },
    }))
  const all = isNumber(reach.zonesInReach) ? reach.zonesInReach : reach.zones.length
  return { rows, more: all - rows.length }
}

/** Who was heard where it was silent: of reports that somebody looked through. */
export function heardNear(
  { around }: Findings,
  { id }: DarkEvent,
): { said: string; nearest: Heard[] } | null {
  const heard = around?.heard.get(id)
  if (!heard) return null
  const said =
    heard.count === 0
      ? 'no other vessel was heard where it can have passed with a detour of 20 nm'
      : `${counted(heard.count, 'vessel')} heard where it can have passed with a detour of 20 nm`
  return { said, nearest: heard.nearest }
}

export const heardInWords = ({ mmsi, name, reports, first, last, asideM }: Heard): string =>
  `${name ?? 'no name told'}, MMSI ${mmsi}: ${counted(reports, 'report')}, ${inMinutes(first)} to ${inMinutes(last)}, ${inNm(asideM)} out of the way at least`

/** Passes of a satellite to look at, in words and as links. */
export function looksOf(
  findings: Findings,
  event: VesselEvent,
): { tasking: Tasking; looks: (Look & { link: string })[] } | null {
  const tasking = findings.span && taskingOf(event, findings.span.to)
  if (!tasking) return null
  return { tasking, looks: tasking.looks.map(look => ({ ...look, link: browserLink(look) })) }
}

export function lookInWords({ sensor, pass, from, to, areaKm2, upcoming }: Look): string {
  const name = sensor === 'sentinel-1' ? 'Sentinel-1 (radar)' : 'Sentinel-2 (optical, by day)'
  const when = `${inMinutes(from)} to ${inMinutes(to).slice(11)}`
  return `${name}, ${pass}, ${when}: ${inThousands(areaKm2)} km²${upcoming ? ', yet to come' : ''}`
}

export const TASKING_NOTE =
  'When these satellites can pass over, by their orbits, and the area in which the vessel can be just then. Whether one did ' +
  'pass on that day and took a picture its archive tells (Sentinel-1 comes back every 6 to 12 days, Sentinel-2 every 5).'

/** Longest time told of a track before and after. */
export const TRACK_MS = 6 * MS_PER_HOUR
