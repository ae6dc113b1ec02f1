// Figures and facts in the words of a report, the same in all of its forms.

import { isOfList } from '../../assess/listed.js'
import type { DarkEvent, Evidence, Fix, VesselRef, ZoneRef } from '../../model/event.js'
import { shownText } from '../markup.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../model/units.js'

/** `2024-01-31 12:00Z`; empty for what no calendar holds. */
export const inMinutes = (t: number): string =>
  Math.abs(t) <= 8.64e15 ? `${new Date(t).toISOString().slice(0, 16).replace('T', ' ')}Z` : ''

/** `12:00Z`, for where the day is told beside it. */
export const clockOf = (t: number): string => inMinutes(t).slice(11)

/** `4.5 days`, `2.5 h`, `12 min`, `40 s`. */
export function lasting(ms: number): string {
  if (ms >= 3 * MS_PER_DAY) return `${(ms / MS_PER_DAY).toFixed(1)} days`
  if (ms >= MS_PER_HOUR) return `${(ms / MS_PER_HOUR).toFixed(1)} h`
  if (ms >= 2 * MS_PER_MIN) return `${Math.round(ms / MS_PER_MIN)} min`
  return `${Math.round(ms / MS_PER_S)} s`
}

export const lastedOf = ({ durationS }: DarkEvent): string =>
  durationS === null ? 'goes on' : lasting(durationS * MS_PER_S)

/** `1,234,567`. */
export const inThousands = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')

export const counted = (value: number, what: string): string =>
  `${inThousands(value)} ${what}${value === 1 ? '' : 's'}`

/** `53°54.7′N 003°40.2′E`: degrees and decimal minutes, as a chart and a patrol have them. */
export function inDegrees({ lat, lon }: Pick<Fix, 'lat' | 'lon'>): string {
  if (lat === null || lon === null) return 'no place told'
  const part = (value: number, digits: number, plus: string, minus: string): string => {
    const tenths = Math.round(Math.abs(value) * 600)
    const degrees = String(Math.floor(tenths / 600)).padStart(digits, '0')
    return `${degrees}°${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}′${value < 0 ? minus : plus}`
  }
  return `${part(lat, 2, 'N', 'S')} ${part(lon, 3, 'E', 'W')}`
}

export const inNm = (metres: number): string => {
  const nm = metres / M_PER_NM
  return `${nm < 10 ? nm.toFixed(1) : inThousands(nm)} nm`
}

/** A type says what happened; a class is told where it says more. */
export function kindOf({ type, class: kind = '' }: { type: string; class?: string | undefined }): string {
  const words = (text: string): string => text.replaceAll('_', ' ')
  if (kind === '' || kind === 'undetermined') return words(type)
  return kind.includes(type) ? words(kind) : `${words(type)}, ${words(kind)}`
}

/** Whose waters: names without what is said of all approximate ones in a line of its own. */
export const zoneName = (name: string): string => shownText(name.replace(/ \(approximate EEZ\)$/, ''), 80)

export const watersOf = ({ zones }: DarkEvent): string[] => [
  ...new Set([...zones.start, ...zones.touched, ...zones.end].map(({ name }: ZoneRef) => zoneName(name))),
]

/** A name of AIS has 20 characters; one of a JSON feed as many as somebody liked. */
export const nameOf = ({ name }: VesselRef): string => (name === null ? 'no name told' : shownText(name, 60))

/** Who it is, but for its name and number. */
export function identityOf({ imo, callsign, flag, shipType, txClass }: VesselRef): string[] {
  return [
    ...(imo === null ? [] : [`IMO ${imo}`]),
    ...(callsign === null ? [] : [`call sign ${callsign}`]),
    flag === null ? 'no flag' : `flag ${flag}`,
    shipType === null ? 'no ship type told' : `ship type ${shipType} (${shipTypeName(shipType)})`,
    txClass === 'unknown' ? 'class of transmitter unknown' : `class ${txClass}`,
  ]
}

// ITU-R M.1371-5, table 53
const SHIP_TYPES: Record<number, string> = {
  ...{ 30: 'fishing', 31: 'towing', 32: 'towing', 33: 'dredging', 34: 'diving', 35: 'military' },
  ...{
    36: 'sailing',
    37: 'pleasure craft',
    50: 'pilot',
    51: 'search and rescue',
    52: 'tug',
    53: 'port tender',
  },
  ...{ 54: 'anti-pollution', 55: 'law enforcement', 58: 'medical transport', 59: 'non-combatant' },
}
const SHIP_TENS: Record<number, string> = {
  ...{ 2: 'wing in ground', 4: 'high-speed craft', 6: 'passenger', 7: 'cargo', 8: 'tanker', 9: 'other' },
}
const shipTypeName = (type: number): string =>
  SHIP_TYPES[type] ?? SHIP_TENS[Math.floor(type / 10)] ?? 'not specified'

/** Log-odds with a sign. */
export const signed = (weight: number): string => `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(2)}`

/** What speaks against the vessel first; what lists say last, which moves no event's score. */
export const evidenceOf = ({ evidence }: DarkEvent): Evidence[] =>
  [...evidence].sort((a, b) => Number(isOfList(a)) - Number(isOfList(b)) || b.weight - a.weight)

/** A figure with what an innocent vessel would show. */
export function figureOf({ name, value, expected }: Evidence): string {
  const figure = typeof value === 'number' ? String(Number(value.toPrecision(4))) : value
  return [
    `${name.replaceAll('_', ' ')}${figure === null ? '' : ` ${figure}`}`,
    ...(expected === undefined ? [] : [`innocent: ${expected}`]),
  ].join('; ')
}
