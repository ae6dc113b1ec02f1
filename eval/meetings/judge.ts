// What the engine says of a sea by one source, held against who truly was with whom as far as that source can know.

import type { VesselEvent } from '../../src/model/event.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { createWords } from '../../src/model/words.js'
import type { Ship } from '../lies/family.js'
import { batchesOf } from '../lies/judge.js'
import { detectOn, type World } from '../week.js'
import type { Sea } from './sea.js'
import { heardOf, type Source } from './sources.js'
import { truthOf, type Kind, type Meeting } from './truth.js'

export const KINDS: readonly Kind[] = ['encounter', 'brief_meeting', 'tandem', 'service']
const EXACT_MS = 5 * MS_PER_MIN

export interface Found {
  truth: Meeting
  event: VesselEvent
  /** Of start and end, where they do not hang on a hair, minutes: how far off, and whether both ships were heard within five minutes before and after. */
  edges: { offMin: number; wasHeard: boolean; isInHole: boolean }[]
}

export interface Verdict {
  source: string
  seed: number
  /** Meetings that leave no doubt: to be found. */
  truths: Meeting[]
  found: Found[]
  missed: Meeting[]
  /** Told, and true by a hair at most. */
  doubtful: VesselEvent[]
  falseEvents: { event: VesselEvent; what: string }[]
}

const over = (a: { from: number; to: number | null }, event: VesselEvent): number =>
  Math.min(a.to ?? Infinity, event.end?.t ?? Infinity) - Math.max(a.from, event.start.t)

export function judge(sea: Sea, source: Source, seed: number, world: World): Verdict {
  const heard = sea.ships.map(ship => heardOf(ship, sea, source, seed))
  const words = createWords()
  const { events } = detectOn(batchesOf(heard, words), words, {
    ...{ zones: world.zones, coast: world.coast, ports: sea.ports },
  })
  const told = events.filter(({ type }) => type === 'encounter')
  const truths = truthOf(sea, heard, 0.9)
  const perhaps = truthOf(sea, heard, 1.1)
  const left = new Set(told)
  const pairOf = ({ mmsi, details }: VesselEvent) => `${mmsi} ${(details['others'] as number[]).join()}`
  const isOf = (truth: Meeting, event: VesselEvent): boolean =>
    pairOf(event) === `${truth.a} ${truth.b}` && event.class === truth.kind && over(truth, event) > 0
  const byMmsi = new Map(heard.map(ship => [ship.mmsi, ship]))
  const found: Found[] = []
  const missed: Meeting[] = []
  for (const truth of truths) {
    const [event] = [...left]
      .filter(each => isOf(truth, each))
      .sort((x, y) => over(truth, y) - over(truth, x))
    if (!event) {
      missed.push(truth)
      continue
    }
    left.delete(event)
    const both = [byMmsi.get(truth.a)!, byMmsi.get(truth.b)!]
    const loosely = perhaps.find(
      other => other.a === truth.a && other.b === truth.b && over(other, event) > 0,
    )
    const isPlain = (t: number, other: number | null | undefined) =>
      Math.abs(t - (other ?? Infinity)) <= EXACT_MS
    const edges: (readonly [number, number])[] = []
    if (isPlain(truth.from, loosely?.from)) edges.push([truth.from, event.start.t])
    if (truth.to !== null && event.end && isPlain(truth.to, loosely?.to)) edges.push([truth.to, event.end.t])
    found.push({ truth, event, edges: edges.map(([t, said]) => edgeOf(both, t, said)) })
  }
  const doubtful = [...left].filter(event => perhaps.some(truth => isOf(truth, event)))
  const kindOf = new Map(sea.ships.map(ship => [ship.mmsi, ship.kind]))
  const falseEvents = [...left]
    .filter(event => !doubtful.includes(event))
    .map(event => ({
      event,
      what: [...new Set([event.mmsi, ...(event.details['others'] as number[])].map(m => kindOf.get(m)))].join(
        ', ',
      ),
    }))
  return { source: source.name, seed, truths, found, missed, doubtful, falseEvents }
}

function edgeOf(both: readonly Ship[], t: number, said: number): Found['edges'][number] {
  const holes = both.map(({ messages }) => {
    let before = -Infinity
    for (const { kind, report } of messages) {
      if (kind === 'static') continue
      if (report.t > t) return [before, report.t] as const
      before = report.t
    }
    return [before, Infinity] as const
  })
  return {
    offMin: (said - t) / MS_PER_MIN,
    wasHeard: holes.every(([from, to]) => to - from <= EXACT_MS),
    isInHole: holes.some(([from, to]) => said >= from - EXACT_MS && said <= to + EXACT_MS),
  }
}

export const isExact = ({ offMin }: Found['edges'][number]): boolean =>
  Math.abs(offMin) * MS_PER_MIN <= EXACT_MS
