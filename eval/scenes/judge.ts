// What is said of a simulated picture, by us and by two rules that everybody has, held against who made it.

import { blurOf, DARK_AT, silentOf, judgeScene } from '../../src/match/judge.js'
import { covers, linksOf } from '../../src/match/links.js'
import { createFixed } from '../../src/match/fixed.js'
import { interpolate, haversineM } from '../../src/geo/distance.js'
import type { Sea } from './sea.js'

export interface Outcome {
  /** By detection: what is thought the probability of being a dark ship, and whether it is one. */
  p: number[]
  dark: boolean[]
  /** Called dark: by us, by the nearest interpolated place within 1,500 m, by the greedy pairing of the same. */
  ours: boolean[]
  nearest: boolean[]
  greedy: boolean[]
  /** Rank of the right silence for each silent ship that was seen and called dark; 0: not listed. */
  ranks: number[]
  darkShips: { truth: number; low: number; high: number; estimate: number }
  /** Detections of vessels that are heard: given to the right one, given to another. */
  pairs: { right: number; wrong: number; of: number }
}

const NEAR_M = 1500
const SURE = 0.5

export function judgeSea(sea: Sea): Outcome {
  const { scene, candidates, silent, makers, platforms } = sea
  const fixed = createFixed({ points: platforms.map(at => ({ ...at, radiusM: 200, name: null })), areas: [] })
  const verdict = judgeScene(scene, candidates, fixed.density)
  const { detections, darkShips } = verdict
  const dark = makers.map(({ kind }) => kind === 'dark' || kind === 'silent')
  const blur = blurOf(scene)
  const ranks: number[] = []
  const pairs = { right: 0, wrong: 0, of: 0 }
  detections.forEach((judged, d) => {
    const { detection, pDark, best } = judged
    const maker = makers[d]!
    if (maker.kind === 'heard') {
      pairs.of++
      if (best?.mmsi === maker.mmsi) pairs.right++
      else if (best && best.gap === null) pairs.wrong++
    }
    if (maker.kind !== 'silent' || pDark < DARK_AT) return
    const { p, elsewhere } = silentOf(verdict, judged)
    const covering = silent.filter(ship => covers(ship, detection))
    const links = linksOf(detection, covering, blur, {
      ...{ p, elsewhere },
      alike: ({ vessel: { shipType }, lengthM }) => verdict.agreement(judged, { shipType, lengthM }),
    })
    ranks.push(links.find(({ mmsi }) => mmsi === maker.mmsi)?.rank ?? 0)
  })
  const believed = scene.detections.map(
    ({ confidence, lat, lon, sigmaM }) => (confidence ?? 1) >= SURE && fixed.density(lat, lon, sigmaM) < 1e-9,
  )
  const matched = baselines(sea)
  return {
    p: detections.map(({ pDark }) => pDark),
    dark,
    ours: detections.map(({ pDark }) => pDark >= DARK_AT),
    nearest: believed.map((is, d) => is && !matched.nearest[d]!),
    greedy: believed.map((is, d) => is && !matched.greedy[d]!),
    ...{ ranks, pairs, darkShips: { truth: sea.darkShips, ...darkShips } },
  }
}

/** Interpolated where there is a fix on both sides, else led on by speed and course. */
function baselines({ scene, candidates }: Sea): { nearest: boolean[]; greedy: boolean[] } {
  const places = candidates.flatMap(({ before, after, gap }) => {
    if (gap !== null || !before) return []
    if (after) {
      const f = (scene.t - before.t) / (after.t - before.t)
      return [interpolate(before.lat, before.lon, after.lat, after.lon, f)]
    }
    const m = ((scene.t - before.t) / 1000) * before.sog * 0.514444
    const rad = Math.PI / 180
    const lat = before.lat + (m * Math.cos(before.cog * rad)) / 111_195
    return [{ lat, lon: before.lon + (m * Math.sin(before.cog * rad)) / 111_195 / Math.cos(lat * rad) }]
  })
  const close: { d: number; v: number; m: number }[] = []
  scene.detections.forEach(({ lat, lon }, d) => {
    places.forEach((at, v) => {
      if (Math.abs(at.lat - lat) > 0.02) return
      const m = haversineM(lat, lon, at.lat, at.lon)
      if (m <= NEAR_M) close.push({ d, v, m })
    })
  })
  const nearest = scene.detections.map(() => false)
  for (const { d } of close) nearest[d] = true
  const greedy = scene.detections.map(() => false)
  const taken = new Set<number>()
  for (const { d, v } of close.sort((a, b) => a.m - b.m)) {
    if (greedy[d] || taken.has(v)) continue
    greedy[d] = true
    taken.add(v)
  }
  return { nearest, greedy }
}
