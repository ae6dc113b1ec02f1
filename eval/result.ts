// What a set of weeks shows, as plain numbers: the same shape for one sea and for all of them.

import { SILENCE_CAUSES } from '../src/simulate/causes.js'
import {
  bootstrap,
  calibration,
  rate,
  sum,
  tally,
  thresholdOf,
  type Calibration,
  type Forecast,
  type Rate,
  type Tally,
  type Timed,
} from './metrics.js'
import type { Week } from './week.js'

/** With fewer reports missing than this nobody could know. */
const MIN_MISSED = 3

/** Every cause a silence can have, and `none` for an event that speaks of no silence there was. */
export const CAUSES = [...SILENCE_CAUSES, 'none'] as const

export interface Result {
  weeks: number
  reports: number
  shipDays: number
  /** Silences longer than the threshold, by true cause. */
  silences: Record<string, number>
  /** Of the switched-off ones, those in which fewer than three reports are missing: nobody could know. */
  faint: number
  /** Recall of the others: those of which anybody could know. */
  decidable: Rate
  /** Of the false accusations, those of a ship whose set was off for a part of the silence, though not the most of it. */
  partly: number
  /** Switched-off silences told as a gap, by ships nearby that could bear witness; those accused. */
  witnessed: Record<'none' | 'one or two' | 'three or more', { gaps: number; accused: number }>
  /** What the switched-off ships were up to: silences, those told as a gap, those accused. */
  stories: Record<string, { silences: number; gaps: number; accused: number }>
  /** Accusations: gaps of class likely_disabled. */
  ours: Tally
  /** As if every gap event were an accusation. */
  anyGap: Tally
  calibration: Calibration
  /** Every gap of gfw-pipe; and the same with its threshold raised until it finds no more than we do. */
  plain: Tally
  raised: Tally & { hours: number }
  welch: Tally
  /** False accusations of the raised threshold for each of ours, and its 90 % bootstrap interval over weeks. */
  fewer: { times: number; low: number; high: number }
  /** What was said of silences, by true cause and by what was said; silences without an event under `nothing`. */
  said: Record<string, Record<string, number>>
}

const tallies = (weeks: readonly Week[], of: (week: Week) => Week['welch']): Tally =>
  sum(weeks.map(week => tally(of(week), week.disabled.length)))

export const forecasts = (weeks: readonly Week[]): Forecast[] =>
  weeks.flatMap(({ gaps }) => gaps.map(({ event, right }) => ({ score: event.score, disabled: right })))

export function resultOf(weeks: readonly Week[]): Result {
  const total = (of: (week: Week) => number): number => weeks.reduce((n, week) => n + of(week), 0)
  const silences: Record<string, number> = {}
  for (const cause of SILENCE_CAUSES) {
    silences[cause] = total(week => week.silences.filter(silence => silence.cause === cause).length)
  }
  const raised = raisedTo(weeks)
  const times = (sample: readonly Week[]): number =>
    raisedTo(sample).falseAccusations / tallies(sample, week => week.accused).falseAccusations
  const [low, high] = bootstrap(weeks, times)
  return {
    weeks: weeks.length,
    reports: total(week => week.reports),
    shipDays: total(week => week.shipDays),
    silences,
    faint: total(week => week.disabled.filter(({ missed }) => missed < MIN_MISSED).length),
    partly: total(week => week.accused.filter(({ right, truth }) => !right && (truth?.off ?? 0) > 0).length),
    witnessed: witnessedOf(weeks),
    decidable: decidableOf(weeks),
    stories: storiesOf(weeks),
    ours: tallies(weeks, week => week.accused),
    anyGap: tallies(weeks, week => week.gaps),
    calibration: calibration(forecasts(weeks)),
    plain: tallies(weeks, week => week.plain),
    raised,
    welch: tallies(weeks, week => week.welch),
    fewer: { times: times(weeks), low, high },
    said: saidOf(weeks),
  }
}

/** One threshold for all of the weeks. */
function raisedTo(weeks: readonly Week[]): Result['raised'] {
  const { recall } = tallies(weeks, week => week.accused)
  const all: Timed[] = weeks.flatMap(({ plain }) => plain)
  const hours = thresholdOf(all, recall.n)
  return { ...tallies(weeks, ({ plain }) => plain.filter(accusation => accusation.hours > hours)), hours }
}

function decidableOf(weeks: readonly Week[]): Rate {
  const decidable = weeks.flatMap(({ disabled }) => disabled.filter(({ missed }) => missed >= MIN_MISSED))
  const blamed = new Set(weeks.flatMap(({ accused }) => accused.map(({ truth }) => truth)))
  return rate(decidable.filter(silence => blamed.has(silence)).length, decidable.length)
}

function witnessedOf(weeks: readonly Week[]): Result['witnessed'] {
  const none = () => ({ gaps: 0, accused: 0 })
  const by: Result['witnessed'] = { none: none(), 'one or two': none(), 'three or more': none() }
  for (const { gaps, accused } of weeks) {
    const blamed = new Set(accused)
    for (const gap of gaps) {
      if (!gap.right) continue
      const near = (gap.event.details['witnesses'] as { near: number } | null)?.near ?? 0
      const of = by[near === 0 ? 'none' : near < 3 ? 'one or two' : 'three or more']
      of.gaps++
      if (blamed.has(gap)) of.accused++
    }
  }
  return by
}

function storiesOf(weeks: readonly Week[]): Result['stories'] {
  const stories: Result['stories'] = {}
  for (const { disabled, gaps, accused } of weeks) {
    const told = new Set(gaps.map(({ truth }) => truth))
    const blamed = new Set(accused.map(({ truth }) => truth))
    for (const silence of disabled) {
      const of = (stories[silence.story ?? 'no story'] ??= { silences: 0, gaps: 0, accused: 0 })
      of.silences++
      if (told.has(silence)) of.gaps++
      if (blamed.has(silence)) of.accused++
    }
  }
  return stories
}

function saidOf(weeks: readonly Week[]): Result['said'] {
  const said: Result['said'] = {}
  for (const cause of CAUSES) said[cause] = {}
  const count = (cause: string, what: string) => {
    said[cause]![what] = (said[cause]![what] ?? 0) + 1
  }
  for (const { silences, events } of weeks) {
    const spokenOf = new Set(events.map(({ truth }) => truth))
    for (const silence of silences) if (!spokenOf.has(silence)) count(silence.cause, 'nothing')
    for (const { event, truth } of events)
      count(truth?.cause ?? 'none', event.type === 'gap' ? (event.class ?? 'gap') : event.type)
  }
  return said
}
