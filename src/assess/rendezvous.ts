// Dark rendezvous: a vessel stops at sea where nobody else is heard, and others are silent. Stops come from their detector,
// silences as gaps that are told; each of the two may come, change or be taken back after the other. So what is told of a stop is
// asked anew whenever either changes, and depends in the end on the stops and the gaps alone. Whom it can have met is
// said as a possibility, ranked, with reasons; never as a fact. detection.md section 7.

import RBush from 'rbush'
import { kindOf, isService } from '../ais/kinds.js'
import type { Config } from '../model/config.js'
import type { VesselEvent, VesselRef } from '../model/event.js'
import { MS_PER_DAY, MS_PER_HOUR } from '../model/units.js'
import { boxOf, circleOf, createReaches } from '../tracks/reaches.js'
import { byWeight, partnerOf, silenceOf, type Partner, type SilentVessel, type StopAt } from './partner.js'
import { describeStop, isWorthTelling, type StopDetails } from './rendezvous-event.js'

/** Stops and silences remembered, at most; of both the oldest give way. */
const MAX_STOPS = 16_384
const MAX_SILENCES = 65_536
/** A stop may get a candidate for so long after it ended: gaps are told hours after they began, and corrected for a day. */
const KEPT_MS = 7 * MS_PER_DAY
/** Candidates that are listed. */
const LISTED = 5

/** Plain data. */
interface Stop {
  /** As the detector tells it. */
  event: VesselEvent
  /** Those listed, best first. */
  partners: Partner[]
  told: VesselEvent | null
  /** What was said: the same again is not told. */
  said: string
  revision: number
}

/** Plain data. */
export interface RendezvousState {
  /** By id, in order of coming. */
  stops: Map<string, Stop>
  silences: Map<string, SilentVessel>
  /** Newest `asOf` of all. */
  newest: number
}

export interface Rendezvous {
  readonly state: RendezvousState
  /** What its detector says of a stop. */
  stop(event: VesselEvent): void
  /** An event that was told: gaps are looked at. */
  take(event: VesselEvent): void
}

export function createRendezvous(
  options: Config['darkRendezvous'],
  tell: (event: VesselEvent) => void,
  saved?: RendezvousState,
): Rendezvous {
  const state: RendezvousState = saved ?? { stops: new Map(), silences: new Map(), newest: 0 }
  const { stops, silences } = state
  const reaches = createReaches<SilentVessel>(silences.values())
  const places = new RBush<{ minX: number; minY: number; maxX: number; maxY: number; id: string }>()
  const pins = new Map<string, { minX: number; minY: number; maxX: number; maxY: number; id: string }>()
  const partnerMs = options.partnerHours * MS_PER_HOUR
  const longestMs = options.maxSilenceDays * MS_PER_DAY
  for (const [id, stop] of stops) pin(id, stop)

  function pin(id: string, { event }: Stop): void {
    unpin(id)
    const { lat, lon } = detailsOf(event).place
    const at = { minX: lon, maxX: lon, minY: lat, maxY: lat, id }
    places.insert(at)
    pins.set(id, at)
  }

  function unpin(id: string): void {
    const at = pins.get(id)
    if (!at) return
    places.remove(at)
    pins.delete(id)
  }

  function forget(id: string): void {
    unpin(id)
    stops.delete(id)
  }

  function stop(event: VesselEvent): void {
    const { id, phase, asOf } = event
    const before = stops.get(id)
    if (phase === 'retracted') {
      if (before?.told) say(before, null, asOf)
      forget(id)
      return
    }
    if (!isPartnerKind(event.vessel)) return
    const now: Stop = before ?? { event, partners: [], told: null, said: '', revision: 0 }
    now.event = event
    stops.set(id, now)
    pin(id, now)
    state.newest = Math.max(state.newest, asOf)
    judge(now, asOf)
    tidy()
  }

  /** Who can have been there, of all that are silent, and what that says. */
  function judge(of: Stop, asOf: number): void {
    of.partners = []
    const at = stopAt(of.event)
    if (isWorthTelling(of.event, options, true))
      reaches.at(at.lat, at.lon, at.from, at.to, silent => {
        const partner = candidate(of, at, silent)
        if (partner) of.partners.push(partner)
      })
    of.partners = of.partners.sort(byWeight).slice(0, LISTED)
    say(of, describeStop(of.event, of.partners, options), asOf)
  }

  function candidate({ event }: Stop, at: StopAt, silent: SilentVessel): Partner | null {
    if (silent.mmsi === event.mmsi || at.from - silent.off.t > longestMs) return null
    return partnerOf(silent, at, partnerMs)
  }

  /** Tells it when it is news, takes it back when there is nothing to tell. */
  function say(of: Stop, event: VesselEvent | null, asOf: number): void {
    if (!event) {
      if (of.told && of.told.phase !== 'retracted') {
        of.told = { ...of.told, phase: 'retracted', revision: ++of.revision, asOf }
        of.said = ''
        tell(of.told)
      }
      return
    }
    const { end, score, evidence, details } = event
    const said = JSON.stringify([end, score, evidence, details])
    if (said === of.said) return
    const isFirst = of.revision === 0 || of.told?.phase === 'retracted'
    of.said = said
    of.told = {
      ...event,
      phase: end ? 'closed' : isFirst ? 'opened' : 'updated',
      revision: ++of.revision,
      asOf,
    }
    tell(of.told)
  }

  function take(event: VesselEvent): void {
    if (event.type !== 'gap') return
    const { id, asOf } = event
    const silent = silenceOf(event)
    const before = silences.get(id)
    if (before) {
      reaches.remove(id)
      silences.delete(id)
    }
    if (silent) {
      silences.set(id, silent)
      reaches.put(silent)
    }
    state.newest = Math.max(state.newest, asOf)
    for (const of of touched(id, before, silent)) judge(of, asOf)
    tidy()
  }

  /** Stops that list the silence, and those in whose list it belongs now; in the order of their ids. */
  function touched(id: string, before: SilentVessel | undefined, silent: SilentVessel | null): Stop[] {
    const found = new Map<string, Stop>()
    if (stops.size === 0) return []
    for (const each of [before, silent]) {
      if (!each) continue
      const { lat, lon, radiusM } = circleOf(each, state.newest)
      const box = boxOf(lat, lon, radiusM)
      for (const turn of [0, 360, -360])
        for (const pinned of places.search({ ...box, minX: box.minX + turn, maxX: box.maxX + turn })) {
          const of = stops.get(pinned.id)!
          const isListed = of.partners.some(partner => partner.id === id)
          const partner = each === silent ? candidate(of, stopAt(of.event), each) : null
          const last = of.partners.length < LISTED ? undefined : of.partners.at(-1)
          if (isListed || (partner && (!last || byWeight(partner, last) < 0))) found.set(pinned.id, of)
        }
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, of]) => of)
  }

  /** What nothing can change any more is forgotten. */
  function tidy(): void {
    const { newest: now } = state
    for (const [id, { event }] of stops) {
      if (stops.size <= MAX_STOPS && !(event.end && now - event.end.t > KEPT_MS)) break
      forget(id)
    }
    for (const [id, { on }] of silences) {
      if (silences.size <= MAX_SILENCES && !(on && now - on.t > KEPT_MS)) break
      silences.delete(id)
      reaches.remove(id)
    }
  }

  return { state, stop, take }
}

/** Tugs, pilots, pleasure craft and ferries stop for reasons of their own. */
function isPartnerKind({ shipType, name }: VesselRef): boolean {
  if (isService({ ...(shipType === null ? {} : { shipType }), ...(name === null ? {} : { name }) }))
    return false
  const type = shipType ?? 0
  return type === 0 || type === 30 || type >= 70
}

const detailsOf = (event: VesselEvent): StopDetails => event.details as unknown as StopDetails

function stopAt({ start, end, vessel, details, asOf }: VesselEvent): StopAt {
  const { place, hours } = details as unknown as StopDetails
  return {
    ...place,
    from: start.t,
    to: end ? end.t : Math.min(asOf, start.t + hours * MS_PER_HOUR),
    kind: kindOf({ shipType: vessel.shipType ?? 0 }),
  }
}
