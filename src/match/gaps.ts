// Gaps, and what pictures say of them. A gap whose ship may be in a picture gets that as evidence, and is told again when a
// picture comes, changes or is explained; what its detector says of it afterwards carries the evidence on.

import { silenceOf } from '../assess/partner.js'
import { isVesselEvent, type DarkEvent, type Evidence, type VesselEvent } from '../model/event.js'
import { MS_PER_HOUR } from '../model/units.js'
import type { SilentShip } from './links.js'

/** Gaps kept, at most; the oldest give way. */
const MAX_GAPS = 65_536
const SWEEP_FROM = 1024
/** A gap that ended longer ago is in no picture that is still judged. */
const KEPT_MS = 26 * MS_PER_HOUR

/** Plain data. */
interface Gap {
  /** As it was told last, without what pictures say. */
  event: VesselEvent
  ship: SilentShip
  /** What pictures say, by id of the detection's event, in order of coming. */
  seen: Map<string, Evidence>
  /** How many tellings are ours. */
  extra: number
}

/** By id. Plain data. */
export type GapsState = Map<string, Gap>

export interface Gaps {
  readonly state: GapsState
  /** An event on its way out: a gap gets what pictures say of it. */
  take(event: DarkEvent): DarkEvent
  /** Silent ships, by id of their gap. */
  ships(): Iterable<SilentShip>
  /** What a picture says of gaps from now on, by id of the gap: those told anew are handed over. */
  link(detection: string, evidence: ReadonlyMap<string, Evidence>, asOf: number): VesselEvent[]
}

export function createGaps(lengthOf: (mmsi: number) => number | null, state: GapsState = new Map()): Gaps {
  let newest = -Infinity
  let sweepAt = SWEEP_FROM
  /** Gaps by the detection that they are told of, so that nobody has to ask all of them. */
  const linked = new Map<string, Set<string>>()
  for (const [id, { seen }] of state) for (const detection of seen.keys()) bind(detection, id)

  function bind(detection: string, id: string): void {
    const ids = linked.get(detection)
    if (ids) ids.add(id)
    else linked.set(detection, new Set([id]))
  }

  function forget(id: string): void {
    for (const detection of state.get(id)?.seen.keys() ?? []) unbind(detection, id)
    state.delete(id)
  }

  function unbind(detection: string, id: string): void {
    const ids = linked.get(detection)
    if (ids?.delete(id) && ids.size === 0) linked.delete(detection)
  }

  function tidy(): void {
    if (state.size <= Math.min(sweepAt, MAX_GAPS)) return
    for (const [id, { ship }] of state) if (ship.on && newest - ship.on.t > KEPT_MS) forget(id)
    for (const id of state.keys()) {
      if (state.size <= MAX_GAPS) break
      forget(id)
    }
    sweepAt = Math.max(SWEEP_FROM, 2 * state.size)
  }

  const told = ({ event, seen, extra }: Gap): VesselEvent =>
    extra === 0
      ? event
      : { ...event, revision: event.revision + extra, evidence: [...event.evidence, ...seen.values()] }

  return {
    state,
    take(event) {
      if (event.type !== 'gap' || !isVesselEvent(event)) return event
      const before = state.get(event.id)
      newest = Math.max(newest, event.asOf)
      const silent = silenceOf(event)
      if (!silent) {
        forget(event.id)
        return before ? { ...event, revision: event.revision + before.extra } : event
      }
      const ship = { ...silent, lengthM: lengthOf(event.mmsi) ?? before?.ship.lengthM ?? null }
      const gap = {
        event,
        ship,
        seen: before?.seen ?? new Map<string, Evidence>(),
        extra: before?.extra ?? 0,
      }
      state.set(event.id, gap)
      tidy()
      return told(gap)
    },
    *ships() {
      for (const { ship } of state.values()) yield ship
    },
    link(detection, evidence, asOf) {
      const again: VesselEvent[] = []
      const ids = new Set([...evidence.keys(), ...(linked.get(detection) ?? [])])
      // a detection is evidence of one gap, and was of another at most: by id, so that runs tell them alike
      for (const id of [...ids].sort((a, b) => (a < b ? -1 : 1))) {
        const gap = state.get(id)
        if (!gap) continue
        const now = evidence.get(id)
        const before = gap.seen.get(detection)
        if (JSON.stringify(now) === JSON.stringify(before)) continue
        if (now) {
          gap.seen.set(detection, now)
          bind(detection, id)
        } else {
          gap.seen.delete(detection)
          unbind(detection, id)
        }
        gap.extra++
        const { phase } = gap.event
        again.push({
          ...told(gap),
          phase: phase === 'closed' ? 'closed' : 'updated',
          asOf: Math.max(asOf, gap.event.asOf),
        })
      }
      return again
    },
  }
}
