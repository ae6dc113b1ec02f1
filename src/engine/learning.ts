// Where an engine has what vessels teach of one another. By itself it learns as it goes. One that only writes down (a first pass
// over some of the ships) makes lines of it and knows nothing. One that was given lines takes them in slot by slot, as if all
// ships had been before it.

import { isSampled, FEED_WORDS, RECEIVER_WORDS } from '../reception/health.js'
import { createHearing, hearIn, type Hearing } from '../reception/listeners.js'
import { seedHoles } from '../reception/grid.js'
import { createReception, type Reception, type ReceptionState } from '../reception/model.js'
import { SLOT_MS, slotOf } from '../reception/slots.js'
import type { Words } from '../model/words.js'
import { createAnchorages, type Anchorages, type AnchoragesState } from '../zones/anchorages.js'
import type { Config } from '../model/config.js'
import { COLLECTIONS, type Collection } from '../model/report.js'
import type { EngineOptions } from './api.js'
import type { Part } from './parts.js'
import {
  earLine,
  heardLine,
  isOfPlaces,
  lapsedLine,
  repeatLine,
  stayLine,
  teach,
  type Lessons,
} from './lessons.js'

/** What an engine tells, and asks. */
export interface Learner {
  reception: Reception
  anchorages: Anchorages
}

export interface Learning extends Learner {
  /** The data end: what the last slot left open is told. */
  end(): void
}

/** Half a day of sightings of a fleet that fills the table, and as many cells of the sea as it has vessels. */
const receptionSize = (capacity: number) => ({
  cells: capacity,
  sightings: 32 * capacity,
  receivers: Math.min(512, capacity),
})

/** What learns by itself: the reception model, from a prior if there is one, and anchorages beside the ports of the list. */
export function createLearner(
  config: Config,
  options: Pick<EngineOptions, 'coast' | 'ports' | 'receptionPrior'>,
  saved?: { reception: ReceptionState; anchorages: AnchoragesState },
  part?: Part,
): Learner {
  // who only writes down takes nothing in
  const size = receptionSize(part?.learn ? 1 : config.engine.capacity)
  const reception = createReception(size, saved?.reception)
  if (!saved && options.receptionPrior)
    seedHoles(reception.holes, options.receptionPrior, name => COLLECTIONS.indexOf(name as Collection))
  return { reception, anchorages: createAnchorages(config.anchorages, options, saved?.anchorages) }
}

const nothing = (): void => undefined

/**
 * @param learner what learns by itself, and is told what it is to learn
 * @param listens somebody asks who is heard where
 */
export function createLearning(learner: Learner, words: Words, listens: boolean, part?: Part): Learning {
  if (part?.learn) return writesDown(learner, words, part.learn)
  return part?.lessons ? given(part.lessons, learner, words, listens) : { ...learner, end: nothing }
}

/** Writes down what it is told, a line each, and takes in none of it. @param blank that know nothing */
function writesDown(blank: Learner, words: Words, write: (line: string) => void): Learning {
  const { reception, anchorages } = blank
  const { state } = reception
  /** By feed, then by receiver, 0 for all of the feed. */
  const ears = new Map<number, Map<number, Hearing>>()
  const slot = (): number => state.slotEnd / SLOT_MS - 1
  const nameOf = (receiver: number): string => words.receivers.get(receiver) ?? ''

  function hear(t: number, feed: number, receiver: number, mmsi: number): void {
    let byReceiver = ears.get(feed)
    if (!byReceiver) ears.set(feed, (byReceiver = new Map()))
    let heard = byReceiver.get(receiver)
    if (!heard)
      byReceiver.set(receiver, (heard = createHearing(receiver === 0 ? FEED_WORDS : RECEIVER_WORDS)))
    hearIn(heard, mmsi, t)
  }

  function end(): void {
    for (const [feed, byReceiver] of ears)
      for (const [receiver, heard] of byReceiver) write(earLine(slot(), feed, nameOf(receiver), heard))
    ears.clear()
  }

  return {
    reception: {
      ...reception,
      advance(t) {
        if (t < state.slotEnd) return
        end()
        reception.advance(t)
      },
      report(t, feed, receiver, mmsi) {
        hear(t, feed, 0, mmsi)
        if (receiver !== 0) hear(t, feed, receiver, mmsi)
      },
      heard: heard => write(heardLine(slot(), heard, words)),
      copy(receiver, mmsi, lat, lon) {
        if (receiver !== 0 && isSampled(mmsi, slot()))
          write(repeatLine(slot(), nameOf(receiver), mmsi, lat, lon))
      },
      lapsed: (silence, t) => write(lapsedLine(slot(), silence, t)),
    },
    anchorages: { ...anchorages, take: stay => write(stayLine(slot(), stay)) },
    end,
  }
}

/** Takes in the lines of a slot when the next one begins, and nothing else. */
function given(
  lessons: Lessons,
  { reception, anchorages }: Learner,
  words: Words,
  listens: boolean,
): Learning {
  const { state } = reception
  /** The first slot whose lines are still to be taken in. */
  let next = NaN

  function advance(t: number): void {
    // before anybody was heard nobody listened, whoever sees the first row
    if (t < state.slotEnd || t < lessons.from * SLOT_MS) return
    if (!(next >= 0)) next = state.slotEnd === -Infinity ? lessons.from : state.slotEnd / SLOT_MS - 1
    for (const until = slotOf(t); next < until; next++) {
      const start = next * SLOT_MS
      // who was given as far as this slot has it begun
      anchorages.advance(start)
      reception.advance(start)
      for (const line of lessons.of(next))
        if (listens || isOfPlaces(line)) teach(line, reception, anchorages, words)
    }
    anchorages.advance(t)
    reception.advance(t)
  }

  return {
    reception: {
      ...reception,
      advance,
      report: nothing,
      reports: nothing,
      heard: nothing,
      copy: nothing,
      lapsed: nothing,
    },
    anchorages: { ...anchorages, advance: nothing, take: nothing },
    end: nothing,
  }
}
