// Candidate dark ships: the events of one vessel folded into one line, most suspicious first. Reasons of one family
// repeat each other, so a family counts once, by its strongest event; only different kinds of behaviour add up. What the
// vessel did in what order is told beside it (story.ts) and not weighed: nothing is known to weigh it by.

import { flagOf } from '../ais/mmsi.js'
import {
  isVesselEvent,
  type DarkEvent,
  type VesselEvent,
  type VesselEventType,
  type VesselRef,
} from '../model/event.js'
import { round } from '../model/units.js'
import { isOfList } from './listed.js'

export interface Candidate {
  /** The MMSI of its latest event. */
  mmsi: number
  /** All that one hull is known to have used, in turn (identity_swap), smallest first. */
  mmsis: number[]
  /** As it was known last. */
  vessel: VesselRef
  /** 0…1, a rank: 1 − Π (1 − strongest score of each family), raised by the lists that have the vessel. */
  score: number
  /** The same without what lists say. */
  ownScore: number
  /** Families that carry it, strongest first. */
  families: { family: string; score: number; count: number }[]
  /** What lists say of it, each list once; their weights are log-odds, and capped together. */
  lists: { list: string; weight: number; text: string }[]
  /** Its events, strongest first. */
  events: VesselEvent[]
}

/** Events of one family are told by one behaviour. */
const FAMILY_OF: Record<VesselEventType, string> = {
  gap: 'silence',
  port_silence: 'silence',
  spoofing: 'false position',
  identity: 'false name',
  draught: 'draught',
  loitering: 'loitering',
  encounter: 'encounter',
  dark_rendezvous: 'encounter',
  drift: 'trouble',
  sudden_stop: 'trouble',
  distress: 'trouble',
  partial_silence: 'silence',
  port_visit: 'port',
  zone: 'zones',
  sequence: 'sequence',
}

/** Zone events that say what a silence may mean: it is the silence that tells them … */
const OF_SILENCE = new Set(['entered_dark', 'exited_dark', 'dark_inside', 'incursion_possible'])
/** … and these only if the silence itself is held against the vessel. */
const HYPOTHETICAL = new Set(['dark_inside', 'incursion_possible'])

/**
 * Classes that clear a vessel, or say nothing against it: a border crossed in sight, a silence that reception explains, a
 * ship that lies at anchor or in a queue.
 */
const NO_REPROACH = new Set([
  'entered',
  'exited',
  'incursion_impossible',
  'likely_reception',
  'victim',
  'over_port_stay',
  'tandem',
  'service',
  'anchored',
  'waiting_at_port',
  'one_sided',
])

/** … which is news all the same when a list has the vessel. */
const NEWS_OF_LISTED = new Set(['entered', 'exited'])

/** Whether an event speaks against its vessel at all: one in trouble has done nothing, and a sequence is of others that do. */
export const isReproach = (event: DarkEvent): event is VesselEvent => {
  if (!isVesselEvent(event)) return false
  const { type, class: kind = '', evidence, details } = event
  if (FAMILY_OF[type] === 'trouble' || type === 'sequence' || type === 'port_visit') return false
  // two silences are held against nobody whom one of them is not
  if (kind === 'two_silences')
    return (details['silences'] as { class: string }[] | undefined)?.every(isDisabled) ?? false
  return !NO_REPROACH.has(kind) || (NEWS_OF_LISTED.has(kind) && evidence.some(isOfList))
}

const isDisabled = ({ class: kind }: { class: string }): boolean => kind === 'likely_disabled'

export const familyOf = ({ type, class: kind }: VesselEvent): string =>
  type === 'zone' && OF_SILENCE.has(kind ?? '') ? FAMILY_OF.gap : FAMILY_OF[type]

/**
 * Ranks vessels by the events that speak against them: of each event its highest revision, and none that was retracted.
 * Ties go to the smaller MMSI, so the order depends on the events only.
 */
export function rank(events: Iterable<DarkEvent>): Candidate[] {
  const last = new Map<string, VesselEvent>()
  for (const event of events) {
    if (!isVesselEvent(event)) continue
    if (!(last.get(event.id)! && last.get(event.id)!.revision > event.revision)) last.set(event.id, event)
  }
  const excused = new Set(
    [...last.values()].filter(({ class: kind }) => kind === 'likely_reception').map(silenceKey),
  )
  const standing = [...last.values()].filter(
    event =>
      event.phase !== 'retracted' &&
      isReproach(event) &&
      !(HYPOTHETICAL.has(event.class ?? '') && excused.has(silenceKey(event))),
  )
  const hullOf = hulls(standing)
  const byHull = new Map<number, VesselEvent[]>()
  for (const event of standing) {
    for (const hull of new Set([event.mmsi, ...othersOf(event)].map(hullOf))) {
      const list = byHull.get(hull)
      if (list) list.push(event)
      else byHull.set(hull, [event])
    }
  }
  return [...byHull]
    .map(([hull, list]) => candidate(hull, list, hullOf))
    .sort((a, b) => b.score - a.score || a.mmsis[0]! - b.mmsis[0]!)
}

/** A silence and its zone events begin together. */
const silenceKey = ({ mmsi, track, start }: VesselEvent): string => `${mmsi} ${track} ${start.t}`

/** MMSIs that an event is about beside its own. */
const othersOf = ({ details }: VesselEvent): number[] =>
  Array.isArray(details['others']) ? details['others'].filter(other => typeof other === 'number') : []

/**
 * One hull for MMSIs that followed each other; its smallest is its number. Two that tell one IMO number at the same time
 * (shared_identity) are two ships: that event is held against each.
 */
function hulls(events: VesselEvent[]): (mmsi: number) => number {
  const next = new Map<number, number>()
  const hullOf = (mmsi: number): number => {
    let at = mmsi
    while (next.has(at)) at = next.get(at)!
    return at
  }
  for (const event of events) {
    if (event.class !== 'identity_swap') continue
    for (const other of othersOf(event)) {
      const [a, b] = [hullOf(event.mmsi), hullOf(other)]
      if (a !== b) next.set(Math.max(a, b), Math.min(a, b))
    }
  }
  return hullOf
}

function candidate(hull: number, list: VesselEvent[], hullOf: (mmsi: number) => number): Candidate {
  const events = list.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  const families = new Map<string, { family: string; score: number; count: number }>()
  for (const event of events) {
    const family = familyOf(event)
    const known = families.get(family)
    if (known) known.count++
    else families.set(family, { family, score: event.score, count: 1 })
  }
  const clean = [...families.values()].reduce((product, { score }) => product * (1 - score), 1)
  const own = events.filter(({ mmsi }) => hullOf(mmsi) === hull)
  const latest = own.reduce<VesselEvent | null>(later, null)
  const used = events.flatMap(event => [event.mmsi, ...othersOf(event)]).filter(mmsi => hullOf(mmsi) === hull)
  const lists = listsOf(events)
  return {
    mmsi: latest?.mmsi ?? hull,
    mmsis: [...new Set(used)].sort((a, b) => a - b),
    vessel: latest?.vessel ?? unknown(hull),
    score: round(raised(1 - clean, lists), 3),
    ownScore: round(1 - clean, 3),
    ...{ families: [...families.values()], lists, events },
  }
}

const later = (a: VesselEvent | null, b: VesselEvent): VesselEvent =>
  a && (a.asOf > b.asOf || (a.asOf === b.asOf && a.id < b.id)) ? a : b

/** All that is known of one that only another's event names. */
const unknown = (mmsi: number): VesselRef => ({
  ...{ name: null, imo: null, callsign: null, flag: flagOf(mmsi), shipType: null, txClass: 'unknown' },
})

/** What lists say of a vessel, each once, at its weightiest. */
function listsOf(events: VesselEvent[]): Candidate['lists'] {
  const lists = new Map<string, Candidate['lists'][0]>()
  for (const { name, value, weight, text } of events.flatMap(({ evidence }) => evidence.filter(isOfList))) {
    const key = `${name} ${value}`
    if (!(lists.get(key)! && lists.get(key)!.weight >= weight))
      lists.set(key, { list: String(value), weight, text })
  }
  return [...lists.values()].sort((a, b) => b.weight - a.weight || (a.list < b.list ? -1 : 1))
}

/** Lists repeat each other: all together add no more than this, in log-odds. */
export const LISTS_CAP = 2.5

/** A rank, moved by lists in log-odds. */
function raised(score: number, lists: Candidate['lists']): number {
  if (lists.length === 0 || score >= 1) return score
  const weight = Math.min(
    LISTS_CAP,
    lists.reduce((sum, list) => sum + list.weight, 0),
  )
  const odds = (Math.max(score, 0.001) / (1 - Math.max(score, 0.001))) * Math.exp(weight)
  return odds / (1 + odds)
}
