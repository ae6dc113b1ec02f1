// Something that a vessel does report after report: a run. It is watched from the first of them, told once it is long
// enough, and closed at the last. Few vessels have one at a time, so most reports cost a look at one byte.

import type { DetectorEvent, Fix } from '../model/event.js'
import { MS_PER_DAY } from '../model/units.js'
import type { Emit } from './detector.js'

/** A track of which more is told in a day is described by its last events. */
const MAX_RECENT = 16

export interface Run {
  /** The last fix of it. */
  end: Fix
  /** As it was told; null while it was not. */
  event: DetectorEvent | null
}

export interface RunState<R extends Run> {
  /** 1: the slot has a run. */
  watched: Uint8Array
  /** By slot. */
  runs: Map<number, R>
  /** By slot, what was told of it in the last day: what turns out to be two ships takes it back. */
  recent: Map<number, DetectorEvent[]>
}

export const createRuns = <R extends Run>(slots: number): RunState<R> => ({
  watched: new Uint8Array(slots),
  runs: new Map(),
  recent: new Map(),
})

export function startRun<R extends Run>(state: RunState<R>, slot: number, run: R): R {
  state.runs.set(slot, run)
  state.watched[slot] = 1
  return run
}

/** It is told. */
export function tellRun<R extends Run>(
  state: RunState<R>,
  slot: number,
  event: DetectorEvent,
  emit: Emit,
): void {
  state.runs.get(slot)!.event = event
  keep(state, slot, event)
  emit(event)
}

/** It is over, as is known at `asOf`; closed where it was told. Does nothing for a slot without a run. */
export function endRun<R extends Run>(state: RunState<R>, slot: number, asOf: number, emit: Emit): void {
  const run = state.runs.get(slot)
  if (!run) return
  state.runs.delete(slot)
  state.watched[slot] = 0
  if (!run.event) return
  const closed = {
    ...run.event,
    ...{ phase: 'closed' as const, revision: run.event.revision + 1, asOf, end: run.end },
  }
  keep(state, slot, closed)
  emit(closed)
}

/** It was nothing, as is known at `asOf`: what was told of it is taken back. */
export function retractRun<R extends Run>(state: RunState<R>, slot: number, asOf: number, emit: Emit): void {
  const { event } = state.runs.get(slot)!
  state.runs.delete(slot)
  state.watched[slot] = 0
  if (!event) return
  const kept = (state.recent.get(slot) ?? []).filter(({ start }) => start.t !== event.start.t)
  if (kept.length > 0) state.recent.set(slot, kept)
  else state.recent.delete(slot)
  emit({ ...event, phase: 'retracted', revision: event.revision + 1, asOf })
}

/** What was taken for one ship is two, as is known at `t`: what was told of it within a day is taken back. */
export function takeBackRuns<R extends Run>(
  state: RunState<R>,
  slots: readonly number[],
  t: number,
  emit: Emit,
): void {
  for (const slot of slots) {
    for (const event of state.recent.get(slot) ?? []) {
      if (t - event.asOf <= MS_PER_DAY)
        emit({ ...event, slot, phase: 'retracted', revision: event.revision + 1, asOf: t })
    }
    state.runs.delete(slot)
    state.recent.delete(slot)
    state.watched[slot] = 0
  }
}

/** The slot is about to change owner. */
export function clearRun<R extends Run>(state: RunState<R>, slot: number, asOf: number, emit: Emit): void {
  if (state.watched[slot] === 1) endRun(state, slot, asOf, emit)
  if (state.recent.size > 0) state.recent.delete(slot)
}

function keep<R extends Run>(state: RunState<R>, slot: number, event: DetectorEvent): void {
  const kept = (state.recent.get(slot) ?? []).filter(
    ({ asOf, start }) => start.t !== event.start.t && event.asOf - asOf <= MS_PER_DAY,
  )
  state.recent.set(slot, [...kept, event].slice(-MAX_RECENT))
}
