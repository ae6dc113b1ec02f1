// Candidate dark ships: the events of one vessel folded into one line, most suspicious first. Reasons of one family
// repeat each other, so a family counts once, by its strongest event; only different kinds of behaviour add up.

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
  mmsi: number
  vessel: VesselRef
  /** 0…1, a rank: 1 − Π (1 − strongest score of each family), raised by the lists that have the vessel. */
  score: number
  /** Families that carry it, strongest first. */
  families: { family: string; score: number; count: number }[]
  /** Its events, strongest first. */
  events: VesselEvent[]
}

/** Events of one family are told by one behaviour. */
const FAMILY_OF: Record<VesselEventType, string> = {
  gap: 'silence',
  port_silence: 'silence',
  spoofing: 'false position',
  identity: 'false name',
  loitering: 'loitering',
  drift: 'trouble',
  sudden_stop: 'trouble',
  distress: 'trouble',
  partial_silence: 'silence',
  zone: 'zones',
}

/** Classes that clear a vessel, or say nothing against it: a border crossed in sight, a silence that reception explains. */
const NO_REPROACH = new Set(['entered', 'exited', 'incursion_impossible', 'likely_reception', 'victim'])

/** … which is news all the same when a list has the vessel. */
const NEWS_OF_LISTED = new Set(['entered', 'exited'])

/** Whether an event speaks against its vessel at all: one in trouble has done nothing. */
export const isReproach = (event: DarkEvent): event is VesselEvent => {
  if (!isVesselEvent(event) || FAMILY_OF[event.type] === 'trouble') return false
  const { class: kind = '', evidence } = event
  return !NO_REPROACH.has(kind) || (NEWS_OF_LISTED.has(kind) && evidence.some(isOfList))
}

/**
 * Ranks vessels by the events that speak against them. Retracted events must have been left out (final events are).
 * Ties go to the smaller MMSI, so the order depends on the events only.
 */
export function rank(events: Iterable<DarkEvent>): Candidate[] {
  const byMmsi = new Map<number, VesselEvent[]>()
  for (const event of events) {
    if (!isReproach(event)) continue
    const list = byMmsi.get(event.mmsi)
    if (list) list.push(event)
    else byMmsi.set(event.mmsi, [event])
  }
  return [...byMmsi]
    .map(([mmsi, list]) => candidate(mmsi, list))
    .sort((a, b) => b.score - a.score || a.mmsi - b.mmsi)
}

function candidate(mmsi: number, list: VesselEvent[]): Candidate {
  const events = list.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  const families = new Map<string, { family: string; score: number; count: number }>()
  for (const { type, score } of events) {
    const family = FAMILY_OF[type]
    const known = families.get(family)
    if (known) known.count++
    else families.set(family, { family, score, count: 1 })
  }
  const clean = [...families.values()].reduce((product, { score }) => product * (1 - score), 1)
  const latest = events.reduce((a, b) => (b.asOf > a.asOf ? b : a))
  return {
    mmsi,
    vessel: latest.vessel,
    score: round(raised(1 - clean, listWeight(events)), 3),
    families: [...families.values()],
    events,
  }
}

/** Lists repeat each other: all together add no more than this, in log-odds. */
const LISTS_CAP = 2.5

/** What lists say of a vessel, each once. */
function listWeight(events: VesselEvent[]): number {
  const lists = new Map<string, number>()
  for (const { name, value, weight } of events.flatMap(({ evidence }) => evidence.filter(isOfList))) {
    const key = `${name} ${value}`
    lists.set(key, Math.max(weight, lists.get(key) ?? 0))
  }
  return Math.min(
    LISTS_CAP,
    [...lists.values()].reduce((sum, weight) => sum + weight, 0),
  )
}

/** A rank, moved by so much in log-odds. */
function raised(score: number, weight: number): number {
  if (weight === 0 || score >= 1) return score
  const odds = (Math.max(score, 0.001) / (1 - Math.max(score, 0.001))) * Math.exp(weight)
  return odds / (1 + odds)
}
