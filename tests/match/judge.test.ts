// Laws of a verdict: probabilities make 1, and nobody is two detections at once; order means nothing; what many simulated pictures
// show is held in docs/evaluation.md.

import { describe, expect, test } from 'vitest'
import { KINDS, seaOf } from '../../eval/scenes/sea.js'
import { createFixed } from '../../src/match/fixed.js'
import { judgeScene } from '../../src/match/judge.js'

const seas = KINDS.map(kind => seaOf(4, { kind, vessels: 200, cadenceMin: 60, noiseM: 100 }))

describe('judgeScene', () => {
  test('shares all of each detection out, and no vessel twice', () => {
    for (const { scene, candidates } of seas) {
      const { detections } = judgeScene(scene, candidates)
      const seen = new Map<number, number>()
      for (const { pDark, pFalse, pFixed, pMatch, who } of detections) {
        expect(pDark + pFalse + pFixed + pMatch).toBeCloseTo(1, 6)
        for (const { vessel, p } of who) seen.set(vessel.mmsi, (seen.get(vessel.mmsi) ?? 0) + p)
      }
      expect(Math.max(...seen.values())).toBeLessThan(1 + 1e-4)
    }
  })

  test('vessels and detections in another order change nothing', () => {
    for (const { scene, candidates } of seas) {
      const one = judgeScene(scene, candidates)
      const turned = { ...scene, detections: [...scene.detections].reverse() }
      const other = judgeScene(turned, [...candidates].reverse())
      other.detections.reverse().forEach(({ pDark, pMatch, best }, d) => {
        // belief propagation stops a millionth before its end
        expect(pDark).toBeCloseTo(one.detections[d]!.pDark, 4)
        expect(pMatch).toBeCloseTo(one.detections[d]!.pMatch, 4)
        expect(best?.mmsi).toBe(one.detections[d]!.best?.mmsi)
      })
      expect(other.missed.map(({ vessel }) => vessel.mmsi)).toEqual(
        one.missed.map(({ vessel }) => vessel.mmsi),
      )
    }
  })

  test('vessels that are far from the picture change nothing', () => {
    const [{ scene, candidates }] = seas as [(typeof seas)[0]]
    const far = candidates
      .filter(({ gap, before }) => gap === null && before)
      .map(each => ({
        ...each,
        mmsi: each.mmsi + 500_000_000,
        before: { ...each.before!, lat: each.before!.lat - 30 },
        after: each.after && { ...each.after, lat: each.after.lat - 30 },
      }))
    const one = judgeScene(scene, candidates)
    const other = judgeScene(scene, [...candidates, ...far])
    expect(other.detections.map(({ pDark }) => pDark)).toEqual(one.detections.map(({ pDark }) => pDark))
    expect(other.missed).toEqual(one.missed)
  })

  test('listened to is what has a listener within 200 nm', () => {
    const [{ scene, candidates }] = seas as [(typeof seas)[0]]
    const [first] = scene.detections
    const away = { ...first!, id: 'away', lat: 60, lon: -20 }
    const { detections } = judgeScene({ ...scene, detections: [first!, away] }, candidates)
    expect(detections.map(({ judged }) => judged)).toEqual([true, false])
  })

  test('ships that are told of as silent are not counted again among those that nobody knows', () => {
    // an anchorage with many silent ships: what is dark is told in number
    let [sum, dark] = [0, 0]
    for (const seed of [1, 2, 3]) {
      const { scene, candidates, makers, platforms } = seaOf(seed, {
        ...{ kind: 'anchorage', vessels: 100, cadenceMin: 60, noiseM: 20 },
      })
      const fixed = createFixed({
        points: platforms.map(at => ({ ...at, radiusM: 200, name: null })),
        areas: [],
      })
      sum += judgeScene(scene, candidates, fixed.density).sums.dark
      dark += makers.filter(({ kind }) => kind === 'dark' || kind === 'silent').length
    }
    expect(sum / dark).toBeGreaterThan(0.95)
    expect(sum / dark).toBeLessThan(1.05)
  })
})
