import { describe, expect, test } from 'vitest'
import { judge } from '../../src/detectors/gap/intent.js'
import type { Silence } from '../../src/detectors/gap/silence.js'
import { resolveConfig } from '../../src/model/config.js'
import { MS_PER_HOUR } from '../../src/model/units.js'
import type { Witnesses } from '../../src/reception/nearby.js'
import type { Judgement } from '../../src/reception/model.js'

const TERRESTRIAL = 1
const options = resolveConfig().gap
const HOURS = 12

/** A trawler that was heard in every slot of two days, and is not for twelve hours. */
const silence = (over: Partial<Silence> = {}): Silence => ({
  ...{
    heard: 0,
    off: { t: 0, lat: 54, lon: 3 },
    placed: null,
    rest: null,
    stillSince: NaN,
    ...{ sog: 4, cog: 90 },
    classB: false,
  },
  ...{ alternations: 0, before: { total: 144, terrestrial: 144, satellite: 0, dynamic: 0 } },
  top: { kn: 12, from: 'class' },
  silent: {
    ...{ mmsi: 257_000_001, radio: 1, t: 0, lat: 54, lon: 3, feed: TERRESTRIAL },
    ...{ toT: HOURS * MS_PER_HOUR, toLat: 54, toLon: 3.1, lapsedAt: NaN },
  },
  ...over,
})

/** Ten ships around it that go on being heard. */
const witnesses = (over: Partial<Witnesses> = {}): Witnesses => ({
  ...{ near: 10, stillHeard: 10, heardAgain: [], silentToo: [], heard: 700, expected: 700 },
  ...{ steps: 71, live: 71, sightings: 700 },
  own: { in3h: 18, of3h: 18, in12h: 72, of12h: 72, live12h: 72, others12h: 700, in48h: 288 },
  ...over,
})

const around = (over: Partial<Judgement> = {}): Judgement => ({
  ...{ survival: 1e-4, atMost: 0.05, rests: 50, along: { most: 1e-4, mean: 1e-4 }, slots: 71 },
  ...{ healthyMs: HOURS * MS_PER_HOUR, witnesses: witnesses(), againExpected: 10 },
  ...over,
})

const verdict = (s: Silence, a: Judgement, distanceM: number | null = 5000) =>
  judge(s, HOURS * MS_PER_HOUR, distanceM, false, a, options)

describe('a ship that was heard all day, amid ships that still are', () => {
  test('is accused, with the reasons that add up to it', () => {
    const { class: kind, score, evidence } = verdict(silence(), around())
    expect(kind).toBe('likely_disabled')
    expect(score).toBeGreaterThan(0.9)
    expect(evidence.map(({ name }) => name)).toEqual(expect.arrayContaining(['heard_before', 'missed']))
    for (const { weight, text } of evidence) {
      expect(Number.isFinite(weight)).toBe(true)
      expect(text).not.toMatch(/NaN|undefined/)
    }
  })

  test('not when they fell silent as well: the place went deaf', () => {
    const deaf = witnesses({ stillHeard: 0, heard: 0, live: 0, sightings: 0 })
    expect(verdict(silence(), around({ witnesses: deaf })).class).toBe('likely_reception')
    const wayDeaf = witnesses({ live: 2, heard: 20 })
    expect(verdict(silence(), around({ witnesses: wayDeaf })).class).toBe('likely_reception')
  })

  test('not when for more than half of its silence nobody could have heard it', () => {
    const half = HOURS * 0.5 * MS_PER_HOUR
    expect(verdict(silence(), around({ healthyMs: half })).class).toBe('likely_disabled')
    expect(verdict(silence(), around({ healthyMs: half - 1 })).class).toBe('undetermined')
  })

  test('not when the time before is not known, or it lay at rest', () => {
    expect(verdict(silence(), around({ witnesses: null })).class).not.toBe('likely_disabled')
    expect(verdict(silence({ rest: 'moored' }), around()).class).toBe('undetermined')
  })

  test('not all by itself in a place of which nothing is known', () => {
    const alone = { near: 0, stillHeard: 0, heard: 0, expected: 0, live: 0, sightings: 0 }
    const class_ = (rests: number, live: number) =>
      verdict(silence(), around({ rests, againExpected: 0, witnesses: witnesses({ ...alone, live }) })).class
    expect([class_(9, 0), class_(9, 1), class_(10, 0)]).toEqual([
      ...['undetermined', 'likely_disabled', 'likely_disabled'],
    ])
  })

  test('less so, the less it was heard itself, the more common such a silence is, the weaker its set', () => {
    const { score } = verdict(silence({ sog: 1 }), around({ witnesses: witnesses({ live: 30 }) }))
    const own = { in3h: 4, of3h: 18, in12h: 20, of12h: 72, live12h: 72, others12h: 700, in48h: 60 }
    const less = [
      verdict(silence({ sog: 1 }), around({ witnesses: witnesses({ live: 30, own }) })),
      verdict(
        silence({ sog: 1 }),
        around({ along: { most: 0.05, mean: 0.01 }, witnesses: witnesses({ live: 30 }) }),
      ),
      verdict(silence({ sog: 1, classB: true }), around({ witnesses: witnesses({ live: 30 }) })),
    ]
    for (const { score: other } of less) expect(other).toBeLessThan(score)
  })

  test('reception is blamed only where something is known of it', () => {
    const nobody = witnesses({ near: 0, stillHeard: 0, heard: 0, expected: 0, live: 0, sightings: 0 })
    const common = { survival: 0.5, along: { most: 0.5, mean: 0.5 }, againExpected: 0, witnesses: nobody }
    const fast = silence({ sog: 12 })
    expect(verdict(fast, around({ ...common, rests: 9 })).class).toBe('undetermined')
    expect(verdict(fast, around({ ...common, rests: 10 })).class).toBe('likely_reception')
  })
})
