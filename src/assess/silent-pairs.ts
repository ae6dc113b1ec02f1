// Dark rendezvous of two ships that are both silent. Of every silence that was likely the ship's own doing, or fell where
// reception was good, those that can have met it are kept as links, best first; told is a pair of which each is the
// best that the other has, so that no silence accounts for more than one meeting. A silence that is told of, revised or taken back
// changes its own links alone, and what is told in the end depends on the gaps alone. detection.md section 7.

import type { Config } from '../model/config.js'
import type { VesselEvent, ZoneRef } from '../model/event.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR } from '../model/units.js'
import { circleOf, createReaches } from '../tracks/reaches.js'
import { isOutAtSea, type Shores } from '../zones/out-at-sea.js'
import { silenceOf, type SilentVessel } from './partner.js'
import { describePair } from './silent-pair-event.js'
import { isBefore, isOfHandOver, pairOf, type SilentPair } from './silent-pair.js'

/** Silences remembered, at most, and links of one; the oldest and the weakest give way. */
const MAX_SILENCES = 16_384
const MAX_LINKS = 24
/** Nothing changes any more so long after a silence ended. */
const KEPT_MS = 7 * MS_PER_DAY
/** Pairs that weigh less could be anybody's: they are no news. */
const LEAST_WEIGHT = -0.5

/** Plain data. */
interface Link {
  /** The gap of the other one. */
  to: string
  pair: SilentPair
}

/** Plain data. */
interface Member {
  silent: SilentVessel
  /** Best first. */
  links: Link[]
  /** Id of the pair that is told with it. */
  told: string | null
}

/** Plain data. */
interface Told {
  /** Ids of both gaps. */
  gaps: [string, string]
  event: VesselEvent
  said: string
  revision: number
}

/** Plain data. */
export interface SilentPairsState {
  /** By id of the gap, in order of the last telling. */
  members: Map<string, Member>
  /** By id of the pair. */
  told: Map<string, Told>
  /** Newest `asOf` of all. */
  newest: number
}

export interface SilentPairs {
  readonly state: SilentPairsState
  /** An event that was told: gaps are looked at. */
  take(event: VesselEvent): void
}

export interface SeaView extends Shores {
  /** Whose waters a place is in. */
  zonesAt(lat: number, lon: number): ZoneRef[]
}

export function createSilentPairs(
  options: Config['darkRendezvous'],
  view: SeaView,
  tell: (event: VesselEvent) => void,
  saved?: SilentPairsState,
): SilentPairs {
  const state: SilentPairsState = saved ?? { members: new Map(), told: new Map(), newest: 0 }
  const { members, told } = state
  const reaches = createReaches<SilentVessel>([...members.values()].map(({ silent }) => silent))
  const leastMs = options.jointHours * MS_PER_HOUR
  const longestMs = options.maxSilenceDays * MS_PER_DAY
  const isOut = ({ lat, lon }: { lat: number; lon: number }) =>
    isOutAtSea(lat, lon, options.minPortNm * M_PER_NM, view)

  /** Whether its silence may be a meeting's: by its own doing, and neither out of a port nor into one. */
  function isMember(silent: SilentVessel): boolean {
    const { class: kind, isWellHeard, vessel, off, on } = silent
    if (kind !== 'likely_disabled' && !isWellHeard) return false
    return isOfHandOver(vessel) && isOut(off) && (!on || isOut(on))
  }

  function take(event: VesselEvent): void {
    if (event.type !== 'gap') return
    const { id, asOf } = event
    const silent = silenceOf(event)
    state.newest = Math.max(state.newest, asOf)
    const before = members.get(id)
    const touched = new Set<string>()
    if (before) for (const other of unlink(id, before)) touched.add(other)
    if (silent && isMember(silent)) {
      const member: Member = { silent, links: [], told: before?.told ?? null }
      for (const other of link(id, member)) touched.add(other)
      members.set(id, member)
      reaches.put(silent)
      touched.add(id)
    } else if (before?.told) takeBack(before.told, asOf)
    settle(touched, asOf)
    tidy()
  }

  /** @returns those that had it among theirs */
  function unlink(id: string, member: Member): string[] {
    reaches.remove(id)
    members.delete(id)
    const others = member.links.map(({ to }) => to)
    for (const other of others) drop(other, id)
    return others
  }

  function drop(from: string, to: string): void {
    const member = members.get(from)
    if (member) member.links = member.links.filter(each => each.to !== to)
  }

  /** @returns those that have it among theirs now, or lost another one to it */
  function link(id: string, member: Member): string[] {
    const { silent } = member
    const changed: string[] = []
    const { lat, lon, radiusM } = circleOf(silent, Math.max(state.newest, silent.asOf))
    reaches.about(lat, lon, radiusM, state.newest, other => {
      if (Math.abs(other.off.t - silent.off.t) > longestMs) return
      const pair = pairOf(silent, other, leastMs, LEAST_WEIGHT)
      if (!pair || !isOut(pair)) return
      enter(member, { to: other.id, pair })
      enter(members.get(other.id)!, { to: id, pair })
      changed.push(other.id)
    })
    // a link is one of both ends, or of none
    members.set(id, member)
    for (const end of [id, ...changed]) changed.push(...prune(end))
    return changed
  }

  function enter(member: Member, entry: Link): void {
    member.links.push(entry)
    const own = member.silent.id
    member.links.sort((a, b) => byWeight(own, a, b))
  }

  function prune(id: string): string[] {
    const { links } = members.get(id)!
    const lost = links.splice(MAX_LINKS).map(({ to }) => to)
    for (const other of lost) drop(other, id)
    return lost
  }

  /** Whom it is told with: the best that it has, if it is the best that that one has. */
  function partnerOf(id: string): { other: Member; pair: SilentPair } | null {
    const first = members.get(id)?.links[0]
    const other = first && members.get(first.to)
    return other?.links[0]?.to === id ? { other, pair: first!.pair } : null
  }

  /** What was told and holds no longer is taken back before what holds now is told. */
  function settle(touched: ReadonlySet<string>, asOf: number): void {
    const ids = [...touched].sort()
    for (const id of ids) {
      const member = members.get(id)
      const match = member && partnerOf(id)
      if (member?.told && member.told !== (match && idOf(member.silent, match.other.silent)))
        takeBack(member.told, asOf)
    }
    for (const id of ids) {
      const match = partnerOf(id)
      if (match) say(members.get(id)!, match.other, match.pair, asOf)
    }
  }

  function takeBack(pairId: string, asOf: number): void {
    const before = told.get(pairId)
    if (!before) return
    told.delete(pairId)
    for (const gap of before.gaps) if (members.get(gap)?.told === pairId) members.get(gap)!.told = null
    tell({ ...before.event, phase: 'retracted', revision: before.revision + 1, asOf })
  }

  function say(one: Member, other: Member, pair: SilentPair, asOf: number): void {
    const [a, b] = isBefore(one.silent, other.silent) ? [one, other] : [other, one]
    const id = idOf(a.silent, b.silent)
    const rivals = a.links.length + b.links.length - 2
    const event = describePair(id, [a.silent, b.silent], pair, rivals, options, view)
    const said = JSON.stringify([event.start, event.end, event.score, event.evidence, event.details])
    const before = told.get(id)
    if (before?.said === said) return
    const revision = (before?.revision ?? 0) + 1
    const phase = event.end ? 'closed' : before ? 'updated' : 'opened'
    const now = { ...event, phase, revision, asOf } as const
    told.set(id, { gaps: [a.silent.id, b.silent.id], event: now, said, revision })
    a.told = b.told = id
    tell(now)
  }

  /** What nothing can change any more is forgotten, and stays as it was told. */
  function tidy(): void {
    for (const [id, member] of members) {
      const { off, on } = member.silent
      const isOld = on ? state.newest - on.t > KEPT_MS : state.newest - off.t > longestMs
      if (members.size <= MAX_SILENCES && !isOld) break
      unlink(id, member)
      if (member.told) told.delete(member.told)
    }
  }

  return { state, take }
}

/** Depends on what both silences began with alone. */
function idOf(one: SilentVessel, other: SilentVessel): string {
  const [a, b] = isBefore(one, other) ? [one, other] : [other, one]
  return ['dark_rendezvous', a.mmsi, Math.max(a.off.t, b.off.t), b.mmsi, ...tracksOf(a, b)].join('-')
}

/** The first tracks of an MMSI are those of one that has only one. */
const tracksOf = (a: SilentVessel, b: SilentVessel): string[] =>
  a.track === 1 && b.track === 1 ? [] : [`${a.track}.${b.track}`]

/** Of equals one pair comes first, whichever end asks. */
function byWeight(own: string, a: Link, b: Link): number {
  if (a.pair.weight !== b.pair.weight) return b.pair.weight - a.pair.weight
  const key = ({ to }: Link) => (to < own ? `${to} ${own}` : `${own} ${to}`)
  return key(a) < key(b) ? -1 : 1
}
