// Rules over events: what a vessel did in a row. A rule is a list of steps, each a kind of event and how it lies in time to
// the step before; users write their own in the configuration (`sequences`). This file finds them in a handful of events;
// sequences.ts does so as the events come.

import { distanceBetweenM } from '../geo/fix.js'
import type { Config } from '../model/config.js'
import type { VesselEvent, ZoneRef } from '../model/event.js'
import { M_PER_NM, MS_PER_HOUR } from '../model/units.js'

export type SequenceRule = Config['sequences'][number]
type Step = SequenceRule['steps'][number]

/** What a rule has to know of an event. */
export type Act = Pick<VesselEvent, 'id' | 'type' | 'class' | 'start' | 'end' | 'zones'>

export interface Sequence<A extends Act> {
  rule: SequenceRule
  acts: A[]
}

/**
 * Every beginning gives one sequence of a rule at most: the one whose steps come soonest. Of several that only begin
 * differently, the one that begins last.
 * @param acts events of one vessel, in any order
 */
export function findSequences<A extends Act>(
  rules: readonly SequenceRule[],
  acts: readonly A[],
): Sequence<A>[] {
  const inOrder = [...acts].sort((a, b) => a.start.t - b.start.t || (a.id < b.id ? -1 : 1))
  return rules.flatMap(rule => {
    const byRest = new Map<string, A[]>()
    for (const first of inOrder) {
      const found = isKind(first, rule.steps[0]!) ? goOn(rule, [first], inOrder) : null
      if (found)
        byRest.set(
          found
            .slice(1)
            .map(({ id }) => id)
            .join(' '),
          found,
        )
    }
    return [...byRest.values()].map(found => ({ rule, acts: found }))
  })
}

/** The rest of a sequence that began so; null when there is none. */
function goOn<A extends Act>(rule: SequenceRule, begun: A[], acts: readonly A[]): A[] | null {
  const step = rule.steps[begun.length]
  if (!step) return begun
  for (const act of acts) {
    if (begun.includes(act) || !isKind(act, step) || !isInTime(begun.at(-1)!, act, step)) continue
    if (step.awayNm !== undefined && !(awayM(begun[0]!, act) >= step.awayNm * M_PER_NM)) continue
    const found = goOn(rule, [...begun, act], acts)
    if (found) return found
  }
  return null
}

function isKind({ type, class: kind = '', zones }: Act, step: Step): boolean {
  if (type !== step.type || (step.classes && !step.classes.includes(kind))) return false
  const { zone } = step
  return zone === undefined || [...zones.start, ...zones.end, ...zones.touched].some(ref => isZone(ref, zone))
}

/** By its id, its number at Marine Regions, or whose it is. */
const isZone = ({ id, mrgid, sovereigns }: ZoneRef, zone: string): boolean =>
  id === zone || String(mrgid) === zone || sovereigns.includes(zone)

function isInTime(before: Act, act: Act, { relation, withinHours }: Step): boolean {
  const [since, until] = [before.start.t, before.end?.t ?? Infinity]
  const { t } = act.start
  switch (relation) {
    case 'after':
      return t >= until && t - until <= withinHours * MS_PER_HOUR
    case 'during':
      // what a silence hides is told from its beginning to the first message after it
      return t >= since && t < until && (act.end ?? act.start).t > since
    case 'beside':
      return t >= since && t - until <= withinHours * MS_PER_HOUR
    case 'over':
      return t - until <= withinHours * MS_PER_HOUR && (act.end?.t ?? Infinity) > since
  }
}

/** From where the one ended to where the other began; NaN where a place is missing. */
const awayM = (from: Act, { start }: Act): number => distanceBetweenM(from.end ?? from.start, start) ?? NaN
