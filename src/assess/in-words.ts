// Events in words of a few syllables, for a story that is read in order. Texts of zones and ships are as they came: made safe
// where they are shown.

import { distanceBetweenM } from '../geo/fix.js'
import type { VesselEvent } from '../model/event.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_S, round } from '../model/units.js'
import { isOfList } from './listed.js'

/** `2.5 h`, `3.1 days`, `12 min`. */
export function lasting(ms: number): string {
  if (ms >= 3 * MS_PER_DAY) return `${round(ms / MS_PER_DAY, 1)} days`
  return ms >= MS_PER_HOUR ? `${round(ms / MS_PER_HOUR, 1)} h` : `${Math.round(ms / 60_000)} min`
}

const nm = (metres: number): string => `${(metres / M_PER_NM).toFixed(metres < 10 * M_PER_NM ? 1 : 0)} nm`

const IN_ZONE: Record<string, string> = {
  entered: 'went into',
  exited: 'left',
  entered_dark: 'went unseen into',
  exited_dark: 'went unseen out of',
  dark_inside: 'fell silent and came back in',
  incursion_possible: 'can have been in',
}

/** What a slow vessel does, and did. */
const SLOW: Record<string, [now: string, then: string]> = {
  '': ['gets nowhere', 'got nowhere'],
  anchored: ['lies at one place', 'lay at one place'],
  waiting_at_port: ['waits among others', 'waited among others'],
  drifting: ['drifts', 'drifted'],
  fishing_like: ['moves as if it fished', 'moved as if it fished'],
  station_keeping: ['keeps its station', 'kept its station'],
}

/** What events say of zones: those of one kind together. */
export function zonesInWords(events: VesselEvent[]): string[] {
  const byKind = new Map<string, string[]>()
  for (const { class: kind = '', zones } of events)
    byKind.set(kind, [...(byKind.get(kind) ?? []), ...zones.touched.map(({ name }) => name)])
  return [...byKind].map(
    ([kind, names]) => `${IN_ZONE[kind] ?? kind.replaceAll('_', ' ')} ${names.join(' and ')}`,
  )
}

/** What an event says its vessel did. */
export function inWords(event: VesselEvent): string {
  const { type, class: kind = '', durationS, start, end, evidence, details } = event
  const lasted = durationS === null ? null : lasting(durationS * MS_PER_S)
  const distanceM = end && distanceBetweenM(start, end)
  switch (type) {
    case 'gap':
    case 'port_silence': {
      const what = type === 'gap' ? 'silent' : 'silent at rest'
      const back = distanceM === null || !end ? '' : `, back ${nm(distanceM)} away`
      const why = kind === '' || kind === 'undetermined' ? '' : ` (${kind.replaceAll('_', ' ')})`
      return `${what}${lasted === null ? ' since then' : ` for ${lasted}`}${why}${back}`
    }
    case 'loitering': {
      const [now, then] = SLOW[kind] ?? SLOW['']!
      return lasted === null ? `${now} since then` : `${then} for ${lasted}`
    }
    case 'encounter': {
      const beside = `${kind === 'tandem' ? 'sailed' : 'stayed'} beside another vessel`
      return lasted === null ? `${beside} since then` : `${beside} for ${lasted}`
    }
    case 'dark_rendezvous': {
      if (kind === 'two_silences') {
        const { mmsi } = details['partner'] as { mmsi: number }
        return `can have been at one place with MMSI ${mmsi} while both were silent, for up to ${String(details['maxTogetherH'])} h`
      }
      const [first] = (details['candidates'] ?? []) as { mmsi: number }[]
      const stop =
        lasted === null
          ? 'stopped alone at sea, and is there since then'
          : `stopped alone at sea for ${lasted}`
      return first ? `${stop}; MMSI ${first.mmsi}, silent meanwhile, can have been there` : stop
    }
    case 'zone':
      return zonesInWords([event]).join(', ')
    case 'port_visit': {
      const { name } = event.details['port'] as { name: string }
      const where = kind === 'anchorage' ? `at an ${name}` : `in port${name === '' ? '' : `, ${name}`}`
      return lasted === null ? `${where}, since then` : `${where}, for ${lasted}`
    }
    case 'draught': {
      const [from, to] = [event.details['beforeM'], event.details['afterM']].map(m => Number(m).toFixed(1))
      return `draught changed from ${from} to ${to} m`
    }
    case 'identity': {
      const told = evidence.find(reason => reason.family === 'identity' && !isOfList(reason))
      return told?.text ?? kind.replaceAll('_', ' ')
    }
    case 'spoofing': {
      const why = evidence.find(reason => reason.weight > 0 && !isOfList(reason))
      return `false position (${kind.replaceAll('_', ' ')})${why ? `: ${why.text}` : ''}`
    }
    default:
      return `${String(type).replaceAll('_', ' ')} ${kind}`.trim()
  }
}
