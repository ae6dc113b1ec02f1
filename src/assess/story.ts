// What a candidate did, in order and in words, and what of it belongs together: loitering before and after a silence, a
// name that changed in one, a meeting beside one, a false position just before one. Told to whoever looks at the
// vessel, and not weighed: how often honest ships do the same in a row is not known.

import { distanceBetweenM } from '../geo/fix.js'
import type { VesselEvent } from '../model/event.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_S, round } from '../model/units.js'
import { isOfList } from './listed.js'
import type { Candidate } from './rank.js'

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

export const PATTERNS = [
  'loitering_gap_loitering',
  'identity_change_in_gap',
  'gap_beside_meeting',
  'spoofing_before_gap',
] as const

/** Steps that belong together. */
export interface Pattern {
  pattern: (typeof PATTERNS)[number]
  text: string
  events: string[]
}

export interface Story {
  steps: Step[]
  patterns: Pattern[]
}

/** What lies further apart than this is not told as one thing: a day, as for what withdraws a jump. */
const LINK_MS = MS_PER_DAY
/** Two loiterings nearer than this are one place: a slow ship drifts as far in a few hours. */
const ELSEWHERE_M = 5 * M_PER_NM
/** Where two vessels meet, whichever detector tells it. */
const MEETINGS: ReadonlySet<string> = new Set(['encounter'])

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

/** `2.5 h`, `3.1 days`, `12 min`. */
function lasting(ms: number): string {
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

/** What events say of zones: those of one kind together. */
function zonesInWords(events: VesselEvent[]): string[] {
  const byKind = new Map<string, string[]>()
  for (const { class: kind = '', zones } of events)
    byKind.set(kind, [...(byKind.get(kind) ?? []), ...zones.touched.map(({ name }) => name)])
  return [...byKind].map(
    ([kind, names]) => `${IN_ZONE[kind] ?? kind.replaceAll('_', ' ')} ${names.join(' and ')}`,
  )
}

/** What an event says its vessel did. Texts of zones and ships are as they came: made safe where they are shown. */
function inWords(event: VesselEvent): string {
  const { type, class: kind = '', durationS, start, end, evidence } = event
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
    case 'loitering':
      if (lasted === null) return kind === 'anchored' ? 'lies at one place since then' : 'drifts since then'
      return `${kind === 'anchored' ? 'lay at one place' : 'drifted'} for ${lasted}`
    case 'zone':
      return zonesInWords([event]).join(', ')
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

function patterns(events: VesselEvent[]): Pattern[] {
  const gaps = events.filter(({ type }) => type === 'gap')
  return gaps.flatMap(gap =>
    [
      loiteringAround(gap, events),
      identityIn(gap, events),
      meetingBeside(gap, events),
      spoofingBefore(gap, events),
    ].filter(pattern => pattern !== null),
  )
}

const endOf = ({ start, end }: VesselEvent): number => end?.t ?? start.t

/** From one event to the next: how long, when it is neither before it nor a day after it. */
const isSoon = (from: number, to: number): boolean => to - from >= 0 && to - from <= LINK_MS

function loiteringAround(gap: VesselEvent, events: VesselEvent[]): Pattern | null {
  if (!gap.end) return null
  const all = events.filter(({ type }) => type === 'loitering')
  const before = all.findLast(event => event.end && isSoon(event.end.t, gap.start.t))
  const after = all.find(event => isSoon(gap.end!.t, event.start.t))
  if (!before?.end || !after) return null
  const apart = distanceBetweenM(before.end, after.start)
  if (apart === null || apart < ELSEWHERE_M) return null
  return {
    pattern: 'loitering_gap_loitering',
    text:
      `loitered, fell silent ${lasting(gap.start.t - endOf(before))} later for ${lasting(gap.end.t - gap.start.t)}, ` +
      `and loitered again ${nm(apart)} away`,
    events: [before.id, gap.id, after.id],
  }
}

const CHANGES: ReadonlySet<string> = new Set(['name_changed', 'imo_changed', 'identity_swap', 'blanked'])

function identityIn(gap: VesselEvent, events: VesselEvent[]): Pattern | null {
  const found = events.find(
    ({ type, class: kind, start, end }) =>
      type === 'identity' &&
      CHANGES.has(kind ?? '') &&
      // a change in a silence is told from its beginning to the first message after it
      start.t >= gap.start.t &&
      (end ?? start).t > gap.start.t &&
      start.t < (gap.end?.t ?? Infinity),
  )
  return (
    (found && {
      pattern: 'identity_change_in_gap',
      text: `fell silent, and came back as another: ${inWords(found)}`,
      events: [gap.id, found.id],
    }) ??
    null
  )
}

function meetingBeside(gap: VesselEvent, events: VesselEvent[]): Pattern | null {
  const found = events.find(
    event =>
      MEETINGS.has(event.type) &&
      (isSoon(endOf(event), gap.start.t) ||
        (event.start.t <= gap.start.t && endOf(event) >= gap.start.t) ||
        (gap.end !== null && isSoon(gap.end.t, event.start.t))),
  )
  if (!found) return null
  const isBefore = found.start.t <= gap.start.t
  return {
    pattern: 'gap_beside_meeting',
    text: isBefore ? 'met another vessel, then fell silent' : 'came out of a silence to meet another vessel',
    events: isBefore ? [found.id, gap.id] : [gap.id, found.id],
  }
}

function spoofingBefore(gap: VesselEvent, events: VesselEvent[]): Pattern | null {
  const found = events.findLast(event => event.type === 'spoofing' && isSoon(endOf(event), gap.start.t))
  if (!found) return null
  return {
    pattern: 'spoofing_before_gap',
    text: `${inWords(found)}, then silent ${lasting(gap.start.t - endOf(found))} later`,
    events: [found.id, gap.id],
  }
}
