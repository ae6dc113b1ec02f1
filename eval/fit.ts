// For whoever sets weights: every gap with its evidence and what was true, and the two numbers that would bring the
// scores to probabilities.

import type { Evidence } from '../src/model/event.js'
import { MS_PER_HOUR } from '../src/model/units.js'
import { apply, calibration, fitLogistic } from './metrics.js'
import { forecasts } from './result.js'
import type { Week } from './week.js'

/** A line of the dump: a gap of ours, or (`id` null) a switched-off silence that no gap speaks of. */
export interface DumpLine {
  sea: string
  seed: number
  id: string | null
  mmsi: number
  /** What to predict: the set was switched off under way. */
  disabled: 0 | 1
  /** True cause, null when there was no such silence; and what the ship was up to. */
  cause: string | null
  story: string | null
  /** Reports that a set switched on would have given; 0 unless disabled. */
  missed: number
  hours: number
  open: boolean
  class: string | null
  score: number | null
  txClass: string | null
  evidence: Pick<Evidence, 'family' | 'name' | 'value' | 'weight'>[]
  details: Record<string, unknown>
}

export function dumpOf({ sea, seed, gaps, disabled, newest }: Week): DumpLine[] {
  const told = new Set(gaps.map(({ truth }) => truth))
  return [
    ...gaps.map(({ event, truth, right }): DumpLine => {
      const { id, mmsi, start, end, class: kind, score, vessel, evidence, details } = event
      return {
        ...{ sea, seed, id, mmsi, disabled: right ? 1 : 0 },
        cause: truth?.cause ?? null,
        story: truth?.story ?? null,
        missed: truth?.missed ?? 0,
        hours: ((end?.t ?? newest) - start.t) / MS_PER_HOUR,
        open: end === null,
        ...{ class: kind ?? null, score, txClass: vessel.txClass },
        evidence: evidence.map(({ family, name, value, weight }) => ({ family, name, value, weight })),
        details,
      }
    }),
    ...disabled
      .filter(silence => !told.has(silence))
      .map(({ mmsi, cause, story, missed, durationMs, to }): DumpLine => ({
        ...{ sea, seed, id: null, mmsi, disabled: 1, cause, story, missed },
        ...{ hours: durationMs / MS_PER_HOUR, open: to === null },
        ...{ class: null, score: null, txClass: null, evidence: [], details: {} },
      })),
  ]
}

export function fitText(weeks: readonly Week[]): string {
  const before = forecasts(weeks)
  const fit = fitLogistic(before)
  const after = before.map(({ score, disabled }) => ({ score: apply(fit, score), disabled }))
  const line = (what: string, { brier, ece }: ReturnType<typeof calibration>): string =>
    `  ${what.padEnd(14)} Brier ${brier.toFixed(4)}   expected calibration error ${ece.toFixed(4)}`
  const was = calibration(before)
  return [
    `${was.n} gaps, ${before.filter(({ disabled }) => disabled).length} of them switched off`,
    `p = 1 / (1 + exp(−(a + b·logit(score)))), a = ${fit.a.toFixed(4)}, b = ${fit.b.toFixed(4)}`,
    line('as said', was),
    line('fitted', calibration(after)),
    line(
      'base rate',
      calibration(before.map(f => ({ ...f, score: before.filter(g => g.disabled).length / was.n }))),
    ),
  ].join('\n')
}
