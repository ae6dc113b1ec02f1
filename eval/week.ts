// One week of one sea: simulated, seen by the engine and by the baselines, and held against what really happened.

import { createEngine } from '../src/engine/engine.js'
import type { EngineOptions } from '../src/engine/api.js'
import { resolveConfig } from '../src/model/config.js'
import type { ReportBatch } from '../src/model/batch.js'
import type { DarkEvent, VesselEvent } from '../src/model/event.js'
import { MS_PER_DAY, MS_PER_HOUR } from '../src/model/units.js'
import { createWords, type Words } from '../src/model/words.js'
import { toBatches } from '../src/simulate/batches.js'
import { watchSilences, type TrueSilence } from '../src/simulate/causes.js'
import { simulate, type SimMessage, type Simulation } from '../src/simulate/fleet.js'
import type { Scenario } from '../src/simulate/scenario.js'
import type { Coast } from '../src/zones/coast.js'
import type { ZoneIndex } from '../src/zones/index.js'
import { createMatcher, lastStates } from './match.js'
import type { Accusation, Timed } from './metrics.js'
import { isIntentional, receptionLayer } from './welch.js'

export interface World {
  zones?: ZoneIndex
  coast: Coast
}

/** Silences shorter than this are nobody's gap. */
export const MIN_SILENCE_MS = resolveConfig().gap.minGapHours * MS_PER_HOUR
/** The class that accuses. */
const ACCUSED = 'likely_disabled'

/** An event of ours, and the silence it speaks of. */
export interface Judged extends Accusation<TrueSilence> {
  event: VesselEvent
}

export interface Week {
  sea: string
  seed: number
  reports: number
  shipDays: number
  /** Newest event time: where open silences end. */
  newest: number
  silences: TrueSilence[]
  /** Those that were the ship's doing: what is to be found. */
  disabled: TrueSilence[]
  /** Gaps and port silences. */
  events: Judged[]
  /** Of them those of type gap … */
  gaps: Judged[]
  /** … and of these the accusations. */
  accused: Judged[]
  /** Baselines: every gap of gfw-pipe, and those of them that the rule of Welch et al. flags. */
  plain: Timed[]
  welch: Accusation[]
}

/** What was heard, in order of arrival, as batches that can be replayed. */
export interface Heard {
  words: Words
  batches: ReportBatch[]
  silences: TrueSilence[]
}

export function listenTo(simulation: Simulation): Heard {
  const words = createWords()
  const watch = watchSilences(simulation)
  function* watched(): Generator<SimMessage> {
    for (const message of simulation.messages) {
      watch.hear(message)
      yield message
    }
  }
  const batches = [...toBatches(watched(), words)]
  for (const batch of batches) batch.validated = true
  return { words, batches, silences: watch.silences(MIN_SILENCE_MS) }
}

/** Vessels of a simulated week are hundreds; a small table is made in no time. */
const CAPACITY = 2048

/** Runs batches, as they are, through an engine of their words. @returns events in their last state */
export function detectOn(
  batches: Iterable<ReportBatch>,
  words: Words,
  options: Omit<EngineOptions, 'onEvent' | 'words'>,
): { events: VesselEvent[]; newest: number; accepted: number } {
  const told: DarkEvent[] = []
  const config = { ...options.config, engine: { capacity: CAPACITY, ...options.config?.engine } }
  const engine = createEngine({ ...options, config, words, onEvent: event => told.push(event) })
  for (const batch of batches) engine.pushBatch(batch)
  engine.flush()
  return { events: lastStates(told), newest: engine.span.to, accepted: engine.counts.accepted }
}

export function judgeWeek(scenario: Scenario, { zones, coast }: World): Week {
  const simulation = simulate(scenario)
  const { words, batches, silences } = listenTo(simulation)
  const matcher = createMatcher(silences)
  const isDisabled = (silence: TrueSilence | null): boolean => silence?.cause === 'disabled'

  const ours = detectOn(batches, words, { zones, coast })
  const judged = (event: VesselEvent): Judged => {
    const truth = matcher.silenceOf(event, ours.newest)
    return { event, truth, right: isDisabled(truth) }
  }
  const events = ours.events.filter(({ type }) => type === 'gap' || type === 'port_silence').map(judged)
  const gaps = events.filter(({ event }) => event.type === 'gap')

  const theirs = detectOn(batches, words, { preset: 'gfw-pipe' })
  const layer = receptionLayer(batches)
  const plain: Timed[] = []
  const welch: Accusation[] = []
  for (const event of theirs.events) {
    if (event.type !== 'gap') continue
    const truth = matcher.silenceOf(event, theirs.newest)
    const hours = ((event.end?.t ?? theirs.newest) - event.start.t) / MS_PER_HOUR
    plain.push({ truth, right: isDisabled(truth), hours })
    if (isIntentional(event, layer, coast.shoreDistanceM)) welch.push({ truth, right: isDisabled(truth) })
  }
  return {
    sea: scenario.name,
    seed: scenario.seed,
    reports: ours.accepted,
    shipDays: (simulation.ships.length * (simulation.end - simulation.start)) / MS_PER_DAY,
    newest: ours.newest,
    silences,
    disabled: silences.filter(isDisabled),
    events,
    gaps,
    accused: gaps.filter(({ event }) => event.class === ACCUSED),
    plain,
    welch,
  }
}
