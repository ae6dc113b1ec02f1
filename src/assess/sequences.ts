// Sequences as their events come: of each vessel the events that a rule may ask for are kept for as long as one may follow
// them, and with each that is told, revised or taken back the rules are asked anew. What they say now and did not say
// before is told, what they say no longer is taken back; so what is told in the end depends on the events alone.

import type { VesselEvent, VesselRef } from '../model/event.js'
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_S } from '../model/units.js'
import { inWords } from './in-words.js'
import { findSequences, type Act, type Sequence, type SequenceRule } from './sequence.js'

/** Vessels, and events of one, that are kept at most; of both those told of last. */
const MAX_VESSELS = 65_536
const MAX_ACTS = 64
/** Late data may revise an event for a day (engine.correctionHorizonH), and some. */
const REVISED_MS = 2 * MS_PER_DAY

/** An event, as far as a rule and its words go. Plain data. */
interface Kept extends Act {
  score: number
  text: string
}

interface Told {
  /** What was said: the same again is not told. */
  said: string
  revision: number
  acts: string[]
  event: VesselEvent
}

interface Vessel {
  acts: Kept[]
  told: Map<string, Told>
}

/** By MMSI, in order of the last event. Plain data. */
export type SequencesState = Map<number, Vessel>

export interface Sequences {
  readonly state: SequencesState
  /** An event that was told. */
  take(event: VesselEvent): void
}

export function createSequences(
  rules: readonly SequenceRule[],
  tell: (event: VesselEvent) => void,
  state: SequencesState = new Map(),
): Sequences {
  const types = new Set<string>(rules.flatMap(({ steps }) => steps.map(({ type }) => type)))
  const spanMs = Math.max(
    0,
    ...rules.map(({ steps }) => steps.reduce((ms, { withinHours }) => ms + withinHours * MS_PER_HOUR, 0)),
  )

  function vesselOf(mmsi: number): Vessel {
    const vessel = state.get(mmsi) ?? { acts: [], told: new Map() }
    state.delete(mmsi)
    state.set(mmsi, vessel)
    if (state.size > MAX_VESSELS) state.delete(state.keys().next().value!)
    return vessel
  }

  function keep(vessel: Vessel, event: VesselEvent): void {
    const { id, type, class: kind, start, end, zones, score } = event
    const others = vessel.acts.filter(act => act.id !== id)
    const isOld = ({ end: ended }: Act) => ended !== null && event.asOf - ended.t > spanMs + REVISED_MS
    const act = { id, type, ...(kind === undefined ? {} : { class: kind }), start, end, zones, score }
    const kept: Kept[] = [
      ...others.filter(other => !isOld(other)),
      ...(event.phase === 'retracted' ? [] : [{ ...act, text: inWords(event) }]),
    ].slice(-MAX_ACTS)
    // what rests on an event that is kept no longer stands as it was told
    const gone = new Set(others.filter(other => !kept.includes(other)).map(other => other.id))
    for (const [told, { acts }] of vessel.told) if (acts.some(act => gone.has(act))) vessel.told.delete(told)
    vessel.acts = kept
  }

  function of(subject: Subject, event: VesselEvent): void {
    const { mmsi } = subject
    if (event.phase === 'retracted' && !state.has(mmsi)) return
    const vessel = vesselOf(mmsi)
    keep(vessel, event)
    const found = new Map<string, Sequence<Kept>>()
    for (const sequence of findSequences(rules, vessel.acts)) {
      const id = `sequence-${mmsi}-${sequence.acts[0]!.start.t}-${sequence.rule.name}`
      if (!found.has(id)) found.set(id, sequence)
    }
    for (const [id, { event: last, revision }] of vessel.told) {
      if (found.has(id)) continue
      vessel.told.delete(id)
      tell({ ...last, phase: 'retracted', revision: revision + 1, asOf: event.asOf })
    }
    for (const [id, sequence] of found) {
      const before = vessel.told.get(id)
      const said = JSON.stringify(sequence.acts)
      if (before?.said === said) continue
      const revision = (before?.revision ?? 0) + 1
      const told = describe(id, sequence, subject, event.asOf, revision)
      vessel.told.set(id, { said, revision, acts: sequence.acts.map(act => act.id), event: told })
      tell(told)
    }
  }

  return {
    state,
    take(event) {
      if (types.has(event.type)) for (const subject of subjectsOf(event)) of(subject, event)
    },
  }
}

/** Whose sequence it is. */
type Subject = Pick<VesselEvent, 'mmsi' | 'track' | 'vessel'>

/** A meeting is an event of both, and so is one that two silent ships may have had. */
export function subjectsOf({ type, class: kind, mmsi, track, vessel, details }: VesselEvent): Subject[] {
  const own = { mmsi, track, vessel }
  if (type !== 'encounter' && kind !== 'two_silences') return [own]
  const { mmsi: other, track: its, ...partner } = details['partner'] as VesselRef & Omit<Subject, 'vessel'>
  return [own, { mmsi: other, track: its, vessel: partner }]
}

function describe(
  id: string,
  { rule, acts }: Sequence<Kept>,
  { mmsi, track, vessel }: Subject,
  asOf: number,
  revision: number,
): VesselEvent {
  const { start, zones } = acts[0]!
  const { end, zones: last } = acts.at(-1)!
  return {
    schema: 'darkwake/event/1',
    ...{ type: 'sequence', id, phase: end ? 'closed' : revision === 1 ? 'opened' : 'updated' },
    ...{ revision, asOf, mmsi, track, vessel, start, end },
    durationS: end && (end.t - start.t) / MS_PER_S,
    zones: { start: zones.start, end: last.end, touched: [] },
    class: rule.name,
    // no more than its strongest part: how often honest ships do the same in a row is not known
    score: Math.max(...acts.map(({ score }) => score)),
    evidence: acts.map(({ type, text }) => ({
      ...{ family: 'behaviour', name: type, value: null, weight: 0, text },
    })),
    details: { events: acts.map(act => act.id) },
  }
}
