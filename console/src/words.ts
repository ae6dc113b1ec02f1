// The words, colours and shapes of events: those that users of Global Fishing Watch and Skylight know where they have
// some. A dark map takes light colours and the other way round.

import { svg } from './dom.js'

export type Shape = 'circle' | 'square' | 'diamond' | 'diamondOutline' | 'triangle'
export const SHAPES: readonly Shape[] = ['circle', 'square', 'diamond', 'diamondOutline', 'triangle']

export interface Kind {
  label: string
  /** One line on what it is, and is not. */
  what: string
  dark: string
  light: string
  shape: Shape
}

const kind = (label: string, what: string, dark: string, light: string, shape: Shape = 'circle'): Kind => ({
  ...{ label, what, dark, light, shape },
})

export const KINDS: Record<string, Kind> = {
  gap: kind(
    'Gap (AIS off)',
    'No report for longer than usual. Silences have innocent reasons too.',
    '#ff6b57',
    '#b3261e',
  ),
  port_silence: kind('Silence in port', 'Silent while in or near a port.', '#e8a79c', '#8a4a40'),
  encounter: kind('Encounter', 'Two vessels close together and slow.', '#fae9a0', '#7a6200', 'diamond'),
  loitering: kind(
    'Loitering',
    'One vessel slow for long, far from shore.',
    '#cfa9f9',
    '#7438b8',
    'diamondOutline',
  ),
  dark_rendezvous: kind(
    'Dark rendezvous',
    'A stop with nobody near to which a silent vessel can have come, or two silences in which two vessels can have met.',
    '#ffb454',
    '#9a5200',
    'diamond',
  ),
  port_visit: kind('Port visit', 'In a port or at an anchorage.', '#99eeff', '#00687f', 'square'),
  spoofing: kind(
    'False position',
    'A place or a track that cannot be true.',
    '#ff8ad8',
    '#a1136f',
    'triangle',
  ),
  identity: kind(
    'Identity',
    'A name, number or hull that changed or is shared.',
    '#8be0b4',
    '#0b6b45',
    'square',
  ),
  draught: kind('Draught change', 'Deeper or lighter than before.', '#a7d8c0', '#2b6a50', 'square'),
  zone: kind('Zone crossing', 'Entered or left a zone, or may have.', '#9fb8d3', '#44607c'),
  drift: kind('Drift', 'Moves with wind and tide.', '#b8c7a8', '#55662f', 'diamondOutline'),
  sudden_stop: kind('Sudden stop', 'Stopped faster than ships stop.', '#ffa07a', '#984018', 'square'),
  distress: kind('Distress', 'A beacon, or a vessel not under command.', '#ffd0c8', '#8f1d12', 'triangle'),
  partial_silence: kind('Partial silence', 'Heard less than ships around it.', '#f0a8a0', '#94483f'),
  sequence: kind('Sequence', 'Several events that belong together.', '#ffd98a', '#76560a', 'diamond'),
  interference: kind(
    'Interference',
    'Many vessels led astray in one area, as by a jammer.',
    '#ffe066',
    '#6f5b00',
    'triangle',
  ),
  feed_outage: kind('Feed outage', 'A feed was silent: nobody was dark.', '#b4bcc6', '#56606b', 'square'),
  receiver_fault: kind(
    'Receiver fault',
    'A receiver heard less than it should.',
    '#b4bcc6',
    '#56606b',
    'square',
  ),
  unmatched_detection: kind(
    'Uncorrelated detection',
    'Seen by a satellite, not on AIS.',
    '#ff5449',
    '#d00000',
    'square',
  ),
}
const OTHER = kind('Event', '', '#c4ccd6', '#4c5661')

export const kindOf = (type: string): Kind => KINDS[type] ?? { ...OTHER, label: sentence(type) }
export const colourOf = (type: string, dark: boolean): string => kindOf(type)[dark ? 'dark' : 'light']

/** `likely_disabled` as people write it. */
export const sentence = (name: string): string => {
  const words = name.replaceAll('_', ' ').replace(/\bmmsi\b/, 'MMSI')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const PATHS: Record<Shape, string> = {
  circle: 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12',
  square: 'M3 3h10v10H3z',
  diamond: 'M8 1l7 7-7 7-7-7z',
  diamondOutline: 'M8 1l7 7-7 7-7-7z',
  triangle: 'M8 2l7 12H1z',
}

/** The mark of a type, as on the map. */
export function mark(type: string, dark: boolean): SVGElement {
  const { shape } = kindOf(type)
  const colour = colourOf(type, dark)
  const hollow = shape === 'diamondOutline'
  return svg(
    'svg',
    { viewBox: '0 0 16 16', width: 14, height: 14, 'aria-hidden': 'true', class: 'mark' },
    svg('path', {
      d: PATHS[shape],
      fill: hollow ? 'none' : colour,
      stroke: colour,
      'stroke-width': hollow ? 2 : 0,
    }),
  )
}

export function time(t: number | null, withDate = true): string {
  if (t === null || !Number.isFinite(t)) return '–'
  const iso = new Date(t).toISOString()
  return withDate ? `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z` : `${iso.slice(11, 16)}Z`
}

/** A score as people read it, the same from 32 bits and from 64. */
export const twoPlaces = (score: number): string => Number(score.toPrecision(6)).toFixed(2)

export function lasted(seconds: number | null): string {
  if (seconds === null) return 'goes on'
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 48 * 3600) return `${(seconds / 3600).toFixed(1)} h`
  return `${(seconds / 86400).toFixed(1)} d`
}

export function ago(ms: number): string {
  return ms < 0 ? 'now' : `${lasted(ms / 1000)} ago`
}

export function place(lat: number | null, lon: number | null): string {
  if (lat === null || lon === null) return '–'
  const part = (value: number, plus: string, minus: string): string => {
    const minutes = Math.round(Math.abs(value) * 600) / 10
    return `${Math.floor(minutes / 60)}°${(minutes % 60).toFixed(1).padStart(4, '0')}′${value < 0 ? minus : plus}`
  }
  return `${part(lat, 'N', 'S')} ${part(lon, 'E', 'W')}`
}

/** ITU-R M.1371 table 53, by its tens. */
export function shipType(code: number | null): string {
  if (code === null || code === 0) return 'not known'
  const exact: Record<number, string> = {
    ...{
      30: 'fishing',
      31: 'towing',
      32: 'towing',
      33: 'dredging',
      34: 'diving',
      35: 'military',
      36: 'sailing',
      37: 'pleasure',
    },
    ...{
      50: 'pilot',
      51: 'search and rescue',
      52: 'tug',
      53: 'port tender',
      54: 'anti-pollution',
      55: 'law enforcement',
    },
  }
  const tens: Record<number, string> = {
    2: 'wing in ground',
    4: 'high speed',
    6: 'passenger',
    7: 'cargo',
    8: 'tanker',
    9: 'other',
  }
  return exact[code] ?? tens[Math.floor(code / 10)] ?? `type ${code}`
}
