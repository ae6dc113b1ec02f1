// What a candidate did, in order and in words, and what of it belongs together: the sequences that are looked for by
// default (model/config), as loitering before and after a silence. Told to whoever looks at the vessel, and not weighed:
// how often honest ships do the same in a row is not known.

import { SEQUENCES } from '../model/config.js'
import type { VesselEvent } from '../model/event.js'
import { inWords, lasting, zonesInWords } from './in-words.js'
import type { Candidate } from './rank.js'
import { findSequences } from './sequence.js'

/** One thing it did. */
export interface Step {
  /** Event time, epoch ms; `end` is null while it goes on. */
  t: number
  end: number | null
  mmsi: number
  lat: number | null
  lon: number | null
  /** Names of the zones it began in. */
  zones: string[]
  text: string
  /** Ids of the events that tell it. */
  events: string[]
}

/** Steps that belong together. */
export interface Pattern {
  /** Name of the rule. */
  pattern: string
  text: string
  events: string[]
}

export interface Story {
  steps: Step[]
  patterns: Pattern[]
}

export function storyOf({ events }: Pick<Candidate, 'events'>): Story {
  const inOrder = [...events].sort((a, b) => a.start.t - b.start.t || (a.id < b.id ? -1 : 1))
  return { steps: steps(inOrder), patterns: patterns(inOrder) }
}

/** Each event a step, but for what a silence says of zones: that stands with the silence. */
function steps(events: VesselEvent[]): Step[] {
  const silences = events.filter(isSilence)
  const partOf = (event: VesselEvent) =>
    event.type === 'zone' && event.class !== 'entered' && event.class !== 'exited'
      ? silences.find(
          ({ mmsi, track, start }) =>
            event.mmsi === mmsi && event.track === track && event.start.t === start.t,
        )
      : undefined
  const parts = new Map<VesselEvent, VesselEvent[]>(silences.map(silence => [silence, []]))
  const told = events.filter(event => {
    const silence = partOf(event)
    if (silence) parts.get(silence)!.push(event)
    return !silence
  })
  return told.map(event => {
    const more = parts.get(event) ?? []
    const { mmsi, start, end, zones } = event
    return {
      ...{ t: start.t, end: end?.t ?? null, mmsi, lat: start.lat, lon: start.lon },
      zones: [...new Set([...zones.start, ...zones.touched].map(({ name }) => name))],
      text: [inWords(event), ...zonesInWords(more)].join(', '),
      events: [event, ...more].map(({ id }) => id),
    }
  })
}

const isSilence = ({ type }: VesselEvent): boolean => type === 'gap' || type === 'port_silence'

function patterns(events: VesselEvent[]): Pattern[] {
  return findSequences(SEQUENCES, events).map(({ rule, acts }) => ({
    pattern: rule.name,
    text: acts.map((act, k) => `${k === 0 ? '' : sinceInWords(acts[k - 1]!, act)}${inWords(act)}`).join(', '),
    events: acts.map(({ id }) => id),
  }))
}

/** How long after the one the other began. */
function sinceInWords({ end }: VesselEvent, { start }: VesselEvent): string {
  const ms = start.t - (end?.t ?? Infinity)
  return ms > 0 ? `${lasting(ms)} later ` : ms === 0 ? 'then ' : 'meanwhile '
}
