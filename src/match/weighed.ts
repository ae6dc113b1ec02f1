// The pairs of a scene with their probabilities. Every pair is weighed by where the vessel can have been (match/candidates) and how
// often such a ship is seen (match/recall) and called what it is (match/kinds); the background it is held against are ships that nobody knows, false detections
// and fixed objects (match/background). How many there are of these, and which share of the ships this scene shows, the scene
// itself tells: they are estimated with the assignment, in turns (expectation and maximisation).

import type { Scene } from '../model/detection.js'
import { assign, type Assigned } from './assign.js'
import { createBackground, type Shares } from './background.js'
import type { Candidates, SceneVessel } from './candidates.js'
import { createKinds, type Kinds } from './kinds.js'
import type { Pairs } from './pairs.js'
import { recallOf, SEEN_MOST } from './recall.js'

/** Turns at most; fewer where one more would change no weight by more than a thousandth. */
const TURNS = 6
const SETTLED = 1e-3
/** What is that much less likely than the background is left to its sum. */
const LEAST_WEIGHT = 1e-3
/** Vessels whose share that is seen is as good as known before. */
const RECALL_PRIOR = 10
/** A scene shows no smaller share of the ships than this of the usual one. */
const LEAST_RATIO = 0.2

export interface Weighed {
  /** By weight against the background; those that are left to its sum have none. */
  pairs: Pairs
  assigned: Assigned
  /** Of each detection that is none of these vessels, what it is. */
  shares: Shares[]
  /** Of ships of their length those that this scene shows, to those that its sensor shows otherwise. */
  ratio: number
  kinds: Kinds
}

/** @param fixed as of judgeScene */
export function weighed(
  scene: Scene,
  vessels: readonly SceneVessel[],
  { inside, pairs: near }: Candidates,
  fixed: (lat: number, lon: number, sigmaM: number) => number,
): Weighed {
  const { detections, sensor, footprint } = scene
  const n = detections.length
  const isHeard = vessels.map(({ gap }) => gap === null)
  const recall = vessels.map(({ lengthM }) => recallOf(sensor, lengthM))
  const expected = recall.reduce((sum, p, v) => (isHeard[v] ? sum + p * inside[v]! : sum), 0)
  const background = createBackground(scene, fixed)
  const kinds = createKinds(detections, vessels)
  let ratio = 1
  let agreed = 0
  const pairs: Pairs = { ...near, weight: new Float64Array(near.count) }
  const { count, detection, vessel, weight } = pairs
  const messages = new Float64Array(count).fill(1)
  const odds = new Float64Array(vessels.length)
  const total = new Float64Array(n)
  const diffuse = new Float64Array(n)
  const unknown = new Float64Array(n)
  const real = new Float64Array(n)
  let shares: Shares[] = []
  let assigned: Assigned = { pair: new Float64Array(count), alone: new Float64Array(n) }

  /** Takes what was learned. @returns by which share of it a weight changed, at most */
  function renew(): number {
    let moved = agreed
    for (let d = 0; d < n; d++) {
      const now = background.total(d)
      moved = Math.max(moved, Math.abs(now / total[d]! - 1))
      total[d] = now
    }
    for (let v = 0; v < vessels.length; v++) {
      const seen = Math.min(SEEN_MOST, ratio * recall[v]!)
      const now = seen / (1 - seen * inside[v]!)
      moved = Math.max(moved, Math.abs(now / odds[v]! - 1))
      odds[v] = now
    }
    return moved
  }

  /** What many far ones add up to stands in the background. */
  function weigh(): void {
    diffuse.fill(0)
    for (let p = 0; p < count; p++) {
      const d = detection[p]!
      const v = vessel[p]!
      weight[p] = odds[v]! * near.weight[p]! * kinds.agreement(d, vessels[v]!.shipType)
      if (weight[p]! >= LEAST_WEIGHT * total[d]!) continue
      if (isHeard[v]) diffuse[d]! += weight[p]!
      weight[p] = 0
    }
    for (let p = 0; p < count; p++) weight[p]! /= total[detection[p]!]! + diffuse[detection[p]!]!
  }

  function learn(): void {
    for (let d = 0; d < n; d++) {
      unknown[d] = assigned.alone[d]! * shares[d]!.dark
      real[d] = 1 - assigned.alone[d]! * (shares[d]!.false + shares[d]!.fixed)
    }
    let seen = 0
    for (let p = 0; p < count; p++) if (isHeard[vessel[p]!]) seen += assigned.pair[p]!
    background.learn(unknown, real)
    agreed = kinds.learn(pairs, assigned)
    if (footprint === null) return
    const share = (seen + RECALL_PRIOR) / (expected + RECALL_PRIOR)
    ratio = Math.min(SEEN_MOST / recallOf(sensor, null), Math.max(LEAST_RATIO, share))
  }

  for (let turn = 0; turn < TURNS; turn++) {
    if (renew() < SETTLED) break
    weigh()
    assigned = assign(pairs, n, vessels.length, messages)
    shares = detections.map((_, d) => background.shares(d, diffuse[d]!))
    learn()
  }
  return { pairs, assigned, shares, ratio, kinds }
}
