// What lists make of an event before it is told: evidence where its vessel is watched, or missing from a register it
// should stand in, and silence where it is exempt. Nothing of that says what the vessel did, so the score of the event
// stays as it is; the rank of the vessel is what moves (rank.ts).
//
// A row holds for events that began before it expired.

import { isVesselEvent, type DarkEvent, type Evidence, type VesselEvent } from '../model/event.js'
import { othersOf } from './exemptions.js'
import { createUntold, type UntoldState } from './untold.js'
import {
  isComparable,
  isInScope,
  type Hit,
  type Identifiers,
  type Register,
  type Watchlist,
  type WatchlistEntry,
} from './watchlist.js'

/** A choice, as every weight that no data can give: one good reason more, two for a hull's own number would be too many. */
const WEIGHTS = { watched: 1, byName: 0.5, missing: 0.8 } as const
const LABELS = { imo: 'IMO number', mmsi: 'MMSI', callsign: 'call sign', name: 'name' } as const
/** Names of the evidence that lists give. */
export const ON_LIST = 'watchlist'
export const NOT_ON_LIST = 'not_on_list'

/** Evidence that a list gave: it says who the vessel is, not what it did. */
export const isOfList = ({ name }: Evidence): boolean => name === ON_LIST || name === NOT_ON_LIST

export interface Listed {
  /** The event as it is to be told; null for not at all. */
  take(event: DarkEvent): DarkEvent | null
  readonly state: UntoldState
}

/** @param exempted events that were not told, by type: counted here */
export function createListed(
  watchlist: Watchlist | undefined,
  exempted: Record<string, number>,
  state?: UntoldState,
): Listed {
  const untold = createUntold(exempted, state)
  return {
    state: untold.state,
    take(event) {
      if (!isVesselEvent(event) || (!watchlist && untold.state.size === 0)) return event
      const hits = watchlist ? hitsOf(watchlist, event) : []
      if (untold.take(event, () => exempts(hits, event))) return null
      const evidence = watchlist ? [...watched(hits, event), ...missing(watchlist, hits, event)] : []
      return evidence.length === 0 ? event : { ...event, evidence: [...event.evidence, ...evidence] }
    },
  }
}

/** One of those an event is about. */
interface Subject {
  id: Identifiers
  /** How it is one, in words; empty for the vessel of the event, as it names itself now. */
  as: string
}
type SubjectHit = Hit & Subject

/** Everybody that an event is about: its vessel, under its old name too, and those that share its number or name. */
function hitsOf(watchlist: Watchlist, { mmsi, vessel, details }: VesselEvent): SubjectHit[] {
  const subjects: Subject[] = [{ id: { ...vessel, mmsi }, as: '' }]
  const before = details['before'] as Partial<Identifiers> | undefined
  if (before) subjects.push({ id: { ...NAMELESS, ...before, mmsi }, as: ' under its earlier name' })
  for (const track of (details['tracks'] as { vessel: Identifiers }[] | undefined) ?? [])
    subjects.push({ id: { ...track.vessel, mmsi }, as: ' as one of the ships of this MMSI' })
  for (const other of othersOf(details))
    subjects.push({ id: { ...NAMELESS, mmsi: other }, as: ` as MMSI ${other}` })
  return subjects.flatMap(subject => watchlist.find(subject.id).map(hit => ({ ...hit, ...subject })))
}

const NAMELESS = { imo: null, callsign: null, name: null }

const actionOf = ({ action = 'watch' }: WatchlistEntry) => action

const holds = ({ expires = Infinity }: WatchlistEntry, { start }: VesselEvent): boolean => start.t < expires

/** All that an event is about are exempt from it, and none is watched. */
function exempts(hits: SubjectHit[], event: VesselEvent): boolean {
  if (hits.some(({ entry }) => actionOf(entry) === 'watch' && holds(entry, event))) return false
  return [event.mmsi, ...othersOf(event.details)].every(mmsi =>
    hits.some(
      ({ entry, id, as, against }) =>
        id.mmsi === mmsi &&
        (as === '' || mmsi !== event.mmsi) &&
        actionOf(entry) === 'exempt' &&
        against.length === 0 && // whoever takes the number of an exempt ship is not exempt
        holds(entry, event) &&
        covers(entry, event),
    ),
  )
}

const covers = ({ types = [] }: WatchlistEntry, { type, class: kind }: VesselEvent): boolean =>
  types.length === 0 || types.includes(type) || (kind !== undefined && types.includes(kind))

/** One reason for each list that the vessel is watched by: the row that names it best. */
function watched(hits: SubjectHit[], event: VesselEvent): Evidence[] {
  const best = new Map<string, SubjectHit>()
  for (const hit of hits) {
    const { entry, by, as } = hit
    if (actionOf(entry) !== 'watch' || !holds(entry, event)) continue
    const known = best.get(entry.list)
    if (!known || (known.by === 'name' && by !== 'name') || (known.as !== '' && as === ''))
      best.set(entry.list, hit)
  }
  return [...best.values()].map(({ entry, by, against, as }) => {
    const differs = against.map(field => `${LABELS[field]} ${entry[field]}`).join(' and ')
    return {
      ...{ family: 'identity' as const, name: ON_LIST, value: entry.list, expected: 'on no list' },
      weight: by === 'name' ? WEIGHTS.byName : WEIGHTS.watched,
      text:
        `watched${as} by list ${entry.list} (${LABELS[by]} ${entry[by]}` +
        `${differs && `; the list has ${differs}`})${entry.reason ? `: ${entry.reason}` : ''}`,
    }
  })
}

function missing({ registers }: Watchlist, hits: SubjectHit[], event: VesselEvent): Evidence[] {
  const own: Identifiers = { ...event.vessel, mmsi: event.mmsi }
  return registers.flatMap(register => {
    if (!isInScope(register, own, event.vessel.shipType)) return []
    const rows = hits.filter(
      ({ entry, as }) => as === '' && actionOf(entry) === 'only' && entry.list === register.list,
    )
    if (rows.some(({ entry }) => holds(entry, event))) return []
    if (rows.length === 0 && !isComparable(register, own)) return []
    return [missingFrom(register, rows, event)]
  })
}

function missingFrom({ list }: Register, rows: SubjectHit[], { vessel }: VesselEvent): Evidence {
  const kind = [vessel.flag, vessel.shipType === null ? null : `ship type ${vessel.shipType}`]
  const until = Math.max(...rows.map(({ entry }) => entry.expires ?? -Infinity))
  const why =
    rows.length === 0
      ? `is not on list ${list}`
      : `is no longer on list ${list}, since ${new Date(until).toISOString().slice(0, 10)}`
  return {
    ...{ family: 'identity', name: NOT_ON_LIST, value: list, expected: 'on the list' },
    weight: WEIGHTS.missing,
    text: `${why} (${kind.filter(word => word !== null).join(', ')})`,
  }
}
