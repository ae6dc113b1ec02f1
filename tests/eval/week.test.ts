// The evaluation in short: one week of one sea, whole. The numbers must add up, truth and events must be the same
// silences, and what is published must be what was measured.

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { antimeridianMirror, bitErrors, isSame, midnightSweep, outageDay } from '../../eval/bars.js'
import { dumpOf, fitText } from '../../eval/fit.js'
import { intoPage, markdownOf, type Run } from '../../eval/page.js'
import { REAL_FILES, realFile } from '../../eval/real.js'
import { resultOf, type Result } from '../../eval/result.js'
import { SEAS, type Sea } from '../../eval/scenarios/index.js'
import { HELD_SEEDS, TUNING_SEEDS } from '../../eval/seeds.js'
import { judgeWeek, MIN_SILENCE_MS } from '../../eval/week.js'
import { SILENCE_CAUSES } from '../../src/simulate/causes.js'
import { loadCoast } from '../../src/zones/coast.js'
import { sharedPath, testWith } from '../helpers/shared.js'

const world = { coast: loadCoast() }
const named = (name: string): Sea => SEAS.find(sea => sea.name === name)!
const week = judgeWeek(named('late').draw(2), world)
const result = resultOf([week])
const total = (of: Record<string, number>): number => Object.values(of).reduce((a, b) => a + b, 0)

describe('a week', () => {
  it('has silences of more than one cause, each longer than the threshold', () => {
    expect(week.disabled.length).toBeGreaterThan(5)
    expect(new Set(week.silences.map(({ cause }) => cause)).size).toBeGreaterThan(1)
    expect(week.silences.every(({ durationMs }) => durationMs > MIN_SILENCE_MS)).toBe(true)
    expect(week.disabled.every(({ cause }) => cause === 'disabled')).toBe(true)
  })

  it('each gap is the silence that its id names: same ship, same off, same on, late data or not', () => {
    expect(week.gaps.length).toBeGreaterThan(20)
    for (const { event, truth, right } of week.gaps) {
      expect(truth, event.id).not.toBe(null)
      expect(event.id.startsWith(`gap-${truth!.mmsi}-${truth!.from}`), event.id).toBe(true)
      expect(event.end?.t ?? null).toBe(truth!.to)
      expect(right).toBe(truth!.cause === 'disabled')
    }
    expect(new Set(week.gaps.map(({ event }) => event.id)).size).toBe(week.gaps.length)
  })

  it('hardly a ship that switched off at sea goes untold', () => {
    const told = new Set(week.events.map(({ truth }) => truth))
    const share = week.disabled.filter(silence => told.has(silence)).length / week.disabled.length
    expect(share).toBeGreaterThan(0.8)
  })

  it('repeats itself', () => {
    const again = judgeWeek(named('late').draw(2), world)
    expect(again.silences).toEqual(week.silences)
    expect(again.events.map(({ event }) => event)).toEqual(week.events.map(({ event }) => event))
    expect(resultOf([again])).toEqual(result)
  })
})

describe('its result adds up', () => {
  it('every silence has a cause, and something or nothing was said of it', () => {
    expect(total(result.silences)).toBe(week.silences.length)
    for (const cause of SILENCE_CAUSES) {
      const spoken = new Set(week.events.map(({ truth }) => truth).filter(truth => truth?.cause === cause))
        .size
      expect(spoken + (result.said[cause]!['nothing'] ?? 0)).toBe(result.silences[cause])
    }
    const said = Object.values(result.said).reduce((n, of) => n + total(of), 0)
    expect(said).toBe(
      week.events.length +
        total(Object.fromEntries(SILENCE_CAUSES.map(c => [c, result.said[c]!['nothing'] ?? 0]))),
    )
  })

  it('right and false are all accusations, of us and of the baselines', () => {
    const { ours, anyGap, plain, welch, raised } = result
    expect(anyGap.precision.of).toBe(week.gaps.length)
    expect(ours.precision.of).toBe(week.accused.length)
    expect(plain.precision.of).toBe(week.plain.length)
    expect(welch.precision.of).toBe(week.welch.length)
    for (const { precision, falseAccusations, recall } of [ours, anyGap, plain, welch, raised]) {
      expect(precision.n + falseAccusations).toBe(precision.of)
      expect(recall.of).toBe(week.disabled.length)
      expect(recall.n).toBeLessThanOrEqual(recall.of)
    }
  })

  it('accuses no one who is not accused by every gap, and the raised threshold fewer than the plain one', () => {
    expect(result.ours.falseAccusations).toBeLessThanOrEqual(result.anyGap.falseAccusations)
    expect(result.raised.falseAccusations).toBeLessThanOrEqual(result.plain.falseAccusations)
    expect(result.welch.falseAccusations).toBeLessThanOrEqual(result.plain.falseAccusations)
    expect(result.raised.recall.n).toBeGreaterThanOrEqual(
      Math.min(result.ours.recall.n, result.plain.recall.n),
    )
  })

  it('each gap is in one bin, and each switched-off silence in one story', () => {
    expect(result.calibration.n).toBe(week.gaps.length)
    expect(result.calibration.bins.reduce((n, bin) => n + bin.n, 0)).toBe(week.gaps.length)
    const stories = Object.values(result.stories)
    expect(stories.reduce((n, { silences }) => n + silences, 0)).toBe(week.disabled.length)
    expect(stories.every(({ silences, gaps, accused }) => accused <= gaps && gaps <= silences)).toBe(true)
  })

  it('two weeks together are the sum of both', () => {
    const both = resultOf([week, judgeWeek(named('midnight').draw(2), world)])
    expect(both.weeks).toBe(2)
    expect(both.ours.recall.of).toBeGreaterThan(result.ours.recall.of)
    expect(both.calibration.n).toBeGreaterThan(result.calibration.n)
  })
})

describe('the dump', () => {
  const lines = dumpOf(week)

  it('has a line for each gap, with evidence and truth, and one for each switched-off silence without a gap', () => {
    const gaps = lines.filter(({ id }) => id !== null)
    expect(gaps.map(({ id }) => id)).toEqual(week.gaps.map(({ event }) => event.id))
    expect(gaps.every(({ evidence, score }) => evidence.length > 0 && score !== null)).toBe(true)
    expect(
      new Set(lines.filter(({ disabled }) => disabled).map(({ mmsi, hours }) => `${mmsi} ${hours}`)).size,
    ).toBe(week.disabled.length)
  })

  it('is what the fit is made from', () => {
    const gaps = lines.filter(({ id }) => id !== null)
    const off = gaps.filter(({ disabled }) => disabled).length
    expect(fitText([week])).toContain(`${gaps.length} gaps, ${off} of them switched off`)
    expect(fitText([week])).toMatch(/a = -?\d+\.\d{4}, b = -?\d+\.\d{4}/)
  })
})

describe('what must hold whatever the tuning', () => {
  test('an outage of a day accuses nobody', () => {
    const bar = outageDay([named('ocean')], 2, world, 96)
    expect(bar.holds, bar.seen).toBe(true)
  })

  test('there is no midnight', () => {
    const bar = midnightSweep(named('late'), 3, world, [0, 5, 12])
    expect(bar.holds, bar.seen).toBe(true)
  })

  test('there is no antimeridian', () => {
    // one whose middle is no multiple of ten degrees: cells have to fall onto cells
    for (const sea of ['late', 'coastal']) {
      const bar = antimeridianMirror(named(sea), 3)
      expect(bar.holds, bar.seen).toBe(true)
    }
  })

  test('flipped bits make no event', () => {
    const bar = bitErrors([named('ocean')], 3, world)
    expect(bar.holds, bar.seen).toBe(true)
  })

  test('an event that begins a message later is the same one; one elsewhere is not', () => {
    const { event } = week.gaps.find(({ event: { end } }) => end !== null)!
    const start = { ...event.start, t: event.start.t + 120_000 }
    const late = { ...event, id: 'another', start }
    expect(isSame(late, event)).toBe(true)
    expect(isSame({ ...late, mmsi: event.mmsi + 1 }, event)).toBe(false)
    expect(isSame({ ...late, start: { ...start, t: event.end!.t - 1 } }, event)).toBe(false)
    expect(isSame({ ...late, end: null }, event)).toBe(false)
  })
})

describe('real files', () => {
  const file = REAL_FILES.find(({ name }) => name.startsWith('aisanalyze'))!
  const folder = 'data/positions'

  testWith(`${folder}/${file.name}`, 'silences cut out of real tracks are found', async () => {
    const results = (await realFile(sharedPath(folder), file, [1], world))!
    const { found } = results.find(({ injected }) => injected === 'silences')!
    expect(found.of).toBe(file.cuts)
    expect(found.value).toBeGreaterThan(0.9)
    const [nothing] = results
    expect(nothing).toMatchObject({ injected: 'nothing', found: { of: 0 } })
  })

  test('one that is absent is said to be', async () => {
    expect(await realFile('/nowhere', file, [1], world)).toBe(null)
  })
})

describe('the page', () => {
  const run: Run = {
    ...{ set: 'tuning', command: 'npm run eval', commit: 'abc', seeds: [2] },
    ...{ seas: [{ name: 'late', title: '', result }], total: result, bars: [] },
    real: { results: [], skipped: [] },
  }
  const page = readFileSync('docs/evaluation.md', 'utf8')

  it('takes the results of either set between its marks, again and again, and leaves the rest', () => {
    for (const set of ['tuning', 'held'] as const) {
      const once = intoPage(page, set, 'ONE')
      expect(once).toContain('ONE')
      expect(intoPage(once, set, 'TWO')).toBe(intoPage(page, set, 'TWO'))
      expect(once.slice(0, 200)).toBe(page.slice(0, 200))
    }
    expect(() => intoPage('no marks', 'held', 'x')).toThrow('no marks')
  })

  it('shows every sea and what was asked for', () => {
    const text = markdownOf(run)
    expect(text).toContain('| late |')
    expect(text).toContain('| **all** |')
    expect(text).toContain('precision ≥ 0.9')
    expect(text).not.toMatch(/undefined|NaN/)
  })

  it('and the book beside it are of one run, with every sea and seed of its set', () => {
    if (!existsSync('docs/evaluation.json')) return
    const book = JSON.parse(readFileSync('docs/evaluation.json', 'utf8')) as Record<string, Run>
    for (const [set, seeds] of [
      ['tuning', TUNING_SEEDS],
      ['held', HELD_SEEDS],
    ] as const) {
      const kept = book[set]
      if (!kept) continue
      expect(kept.seeds).toEqual(seeds)
      expect(kept.seas.map(({ name }) => name)).toEqual(SEAS.map(({ name }) => name))
      expect(page).toContain(`commit ${kept.commit}, seeds ${seeds.join(', ')}`)
      const sums = kept.seas.reduce((n, { result: of }: { result: Result }) => n + of.ours.recall.of, 0)
      expect(sums).toBe(kept.total.ours.recall.of)
    }
  })
})
