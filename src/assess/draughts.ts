// What a change of draught lies over: a meeting at sea, a silence, a stay in port, or none of these. The change says only
// between which two messages it came to be; the events of the vessel, those told later and those taken back too, say
// what it did then. So a change is told again when one of them changes what it means.

import { rankScore } from '../detectors/score.js'
import type { Config } from '../model/config.js'
import { isVesselEvent, type DarkEvent, type Evidence, type VesselEvent } from '../model/event.js'
import { MS_PER_DAY, MS_PER_HOUR } from '../model/units.js'
import { subjectsOf } from './sequences.js'

/** Vessels, and events of one, that are kept at most. */
const MAX_VESSELS = 65_536
const MAX_KEPT = 32
const MAX_CHANGES = 8
/** Late data may revise an event for a day (engine.correctionHorizonH), and some. */
const REVISED_MS = 2 * MS_PER_DAY
const MEETINGS = new Set(['encounter', 'brief_meeting'])
/** A choice, as every weight that no data can give: each as much as half a meeting at sea has against it by itself. */
const MEETING_WEIGHT = 1.5
/** By what the silence is taken for. */
const GAP_WEIGHTS: Record<string, number> = { likely_disabled: 1.5, undetermined: 1, likely_reception: 0 }
/** As in the detector. */
const PRIOR = -3
const IN_PORT_WEIGHT = -1.5

/** An event that a change may lie over. Times in epoch ms; `until` is Infinity while it lasts. */
interface Act {
  id: string
  type: 'gap' | 'port_silence' | 'encounter'
  class: string
  since: number
  until: number | null
}

interface Vessel {
  acts: Act[]
  /** Changes as their detector told them, and what was made of them. */
  changes: { event: VesselEvent; said: string; revision: number }[]
}

/** By MMSI, in order of the last event. Plain data. */
export type DraughtsState = Map<number, Vessel>

export interface Draughts {
  readonly state: DraughtsState
  /** The event as it is to be told. */
  take(event: DarkEvent): DarkEvent
  /** An event that was told: changes of draught that it puts in another light are told again. */
  follow(event: DarkEvent): void
}

export function createDraughts(
  { meetingHours }: Config['draught'],
  tell: (event: VesselEvent) => void,
  state: DraughtsState = new Map(),
): Draughts {
  const meetingMs = meetingHours * MS_PER_HOUR

  function vesselOf(mmsi: number): Vessel {
    const vessel = state.get(mmsi) ?? { acts: [], changes: [] }
    state.delete(mmsi)
    state.set(mmsi, vessel)
    if (state.size > MAX_VESSELS) state.delete(state.keys().next().value!)
    return vessel
  }

  const isOver = ({ start, end }: VesselEvent, { type, class: kind, since, until }: Act): boolean => {
    if (type === 'encounter' && !MEETINGS.has(kind)) return false
    // the crew types it in when the work is done
    const late = type === 'encounter' ? meetingMs : 0
    return since < end!.t && start.t < (until ?? Infinity) + late
  }

  /** A change with what it lies over. */
  function complete(event: VesselEvent, acts: readonly Act[]): VesselEvent {
    const over = acts.filter(act => isOver(event, act)).sort((a, b) => a.since - b.since)
    if (over.length === 0) return event
    const kinds = new Set(over.map(({ type }) => type))
    const evidence: Evidence[] = [...event.evidence]
    const add = (family: Evidence['family'], name: string, value: string, weight: number, text: string) =>
      evidence.push({ family, name, value, weight, text })
    const gap = over.find(({ type }) => type === 'gap')
    if (gap) add('silence', 'over_gap', gap.id, GAP_WEIGHTS[gap.class] ?? 0, 'was silent when it changed')
    const meeting = over.find(({ type }) => type === 'encounter')
    if (meeting)
      add(
        'behaviour',
        'over_encounter',
        meeting.id,
        MEETING_WEIGHT,
        'lay beside another vessel, or had not long before',
      )
    const isPort = kinds.has('port_silence') && event.class !== 'over_port_stay'
    if (isPort)
      add(
        'place',
        'over_port_silence',
        over.find(({ type }) => type === 'port_silence')!.id,
        IN_PORT_WEIGHT,
        'lay still and silent when it changed',
      )
    const kind = meeting ? 'over_encounter' : gap ? 'over_gap' : isPort ? 'over_port_stay' : event.class
    return {
      ...event,
      ...(kind === undefined ? {} : { class: kind }),
      ...{ score: rankScore(PRIOR, evidence), evidence },
      details: { ...event.details, over: over.map(({ id }) => id) },
    }
  }

  const saidOf = ({ class: kind, score, details, phase }: VesselEvent): string =>
    JSON.stringify([kind, score, details['over'], phase])

  return {
    state,
    take(event) {
      if (event.type !== 'draught') return event
      const vessel = vesselOf(event.mmsi)
      const known = vessel.changes.find(change => change.event.id === event.id)
      const revision = known ? known.revision + 1 : event.revision
      const told = { ...complete(event, vessel.acts), revision }
      vessel.changes = vessel.changes.filter(
        change => change !== known && event.asOf - change.event.asOf <= REVISED_MS,
      )
      if (event.phase !== 'retracted') {
        vessel.changes.push({ event, said: saidOf(told), revision })
        vessel.changes = vessel.changes.slice(-MAX_CHANGES)
      }
      return told
    },
    follow(event) {
      const { type, id, phase, class: kind = '', start, end, asOf } = event
      if (!isVesselEvent(event) || (type !== 'gap' && type !== 'port_silence' && type !== 'encounter')) return
      const again: VesselEvent[] = []
      for (const { mmsi } of subjectsOf(event)) {
        if (phase === 'retracted' && !state.has(mmsi)) continue
        const vessel = vesselOf(mmsi)
        const others = vessel.acts.filter(act => act.id !== id)
        const isOld = ({ until }: Act) => until !== null && asOf - until > REVISED_MS + meetingMs
        const act = { id, type, class: kind, since: start.t, until: end && end.t }
        vessel.acts = [
          ...others.filter(other => !isOld(other)),
          ...(phase === 'retracted' ? [] : [act]),
        ].slice(-MAX_KEPT)
        // what rests on an event that is kept no longer stands as it was told
        const gone = others.filter(other => !vessel.acts.includes(other))
        vessel.changes = vessel.changes.filter(change => !gone.some(other => isOver(change.event, other)))
        for (const change of vessel.changes) {
          const now = complete(change.event, vessel.acts)
          const said = saidOf(now)
          if (said === change.said) continue
          change.said = said
          change.revision++
          again.push({ ...now, revision: change.revision, asOf: Math.max(now.asOf, asOf) })
        }
      }
      again.forEach(tell)
    },
  }
}
