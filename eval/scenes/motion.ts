// Where a real ship was, against where match/density has it: tracks of ../shared/data/positions are thinned, the fixes in
// between are held out. Vessels with an even MMSI are for fitting, the others for judging.

import { existsSync } from 'node:fs'
import { densityAt, densityOf, offsetM, PARTS, type MovingFix } from '../../src/match/density.js'
import { MODES, type Mode } from '../../src/match/modes.js'
import { createBatch } from '../../src/model/batch.js'
import { createSourceCounts } from '../../src/model/stats.js'
import { createWords } from '../../src/model/words.js'
import { openFiles, recognise } from '../../src/sources/open.js'
import { createRandom, type Random } from '../../src/simulate/random.js'
import { number, table } from '../page.js'

const FILES = [
  'marinecadastre_2022-01-03_first99999.csv.gz',
  'dataset1_truth.csv.gz',
  'aisanalyze_northsea_1h_2022-11-01.csv.gz',
  'stonesoup_SolentAIS_20160112.csv.gz',
  'gfw_pelagos_4vessels_2012.csv.gz',
]
const DIR = ['../shared/data/positions', '../../shared/data/positions'].find(existsSync)
/** Minutes between the fixes that are left. */
export const THINNED = [2, 10, 30, 60, 120, 360]
const PER_VESSEL = 12
const FASTEST_MPS = 30

export interface Held {
  before: MovingFix
  after: MovingFix | null
  at: MovingFix
  thinnedMin: number
  even: boolean
}

async function tracks(): Promise<Map<string, MovingFix[]>> {
  const out = new Map<string, MovingFix[]>()
  if (!DIR) return out
  for (const file of FILES) {
    const words = createWords()
    const [input] = openFiles([`${DIR}/${file}`])
    const recognised = await recognise(input!, {})
    await recognised.read(
      {
        ...{ words, name: file, counts: createSourceCounts() },
        freshBatch: () => createBatch(words, 4096),
        onBatch(batch) {
          for (let i = 0; i < batch.length; i++) {
            const [lat, lon] = [batch.lat[i]!, batch.lon[i]!]
            if (lat !== lat) continue
            const key = `${file}:${batch.mmsi[i]!}`
            const list = out.get(key) ?? []
            out.set(key, list)
            list.push({ t: batch.t[i]!, lat, lon, sog: batch.sog[i]!, cog: batch.cog[i]! })
          }
        },
      },
      () => undefined,
    )
  }
  return out
}

export async function heldOut(): Promise<Held[]> {
  const random = createRandom(7)
  const out: Held[] = []
  for (const [key, track] of await tracks()) {
    track.sort((a, b) => a.t - b.t)
    const even = Number(key.split(':').at(-1)) % 2 === 0
    for (const thinnedMin of THINNED)
      for (let k = 0; k < PER_VESSEL; k++) {
        const held = pick(track, thinnedMin * 60_000, random)
        if (held) out.push({ ...held, thinnedMin, even, after: random.chance(0.25) ? null : held.after })
      }
  }
  return out
}

/** Two fixes so far apart, give or take, and one in between; none where a step is none of a ship (another hull, a glitch). */
function pick(
  track: readonly MovingFix[],
  apart: number,
  random: Random,
): { before: MovingFix; at: MovingFix; after: MovingFix } | null {
  if (track.length < 3) return null
  const i = random.below(track.length - 2)
  const before = track[i]!
  let j = i + 2
  while (j < track.length && track[j]!.t - before.t < 0.8 * apart) j++
  const after = track[j]
  if (!after || after.t - before.t > 1.4 * apart) return null
  const at = track[i + 1 + random.below(j - i - 1)]!
  if (!(at.t > before.t && at.t < after.t)) return null
  const sane = (a: MovingFix, b: MovingFix): boolean =>
    Math.hypot(...offsetM(a.lat, a.lon, b.lat, b.lon)) < FASTEST_MPS * ((b.t - a.t) / 1000) + 200
  return sane(before, at) && sane(at, after) ? { before, at, after } : null
}

const NO_BLUR = { sigmaM: 20, flight: [0, 1], toRadar: [1, 0], shiftS: 0, unknownShiftS: 0 } as const

function logDensity({ before, after, at }: Held, modes: readonly Mode[]): number {
  const density = densityAt(before, after, at.t, modes)
  const [x, y] = offsetM(density.lat, density.lon, at.lat, at.lon)
  return Math.log(Math.max(1e-16, densityOf(density, x, y, NO_BLUR)))
}

/** Share of the mixture west (or south) of the place: uniform over all where the density is right. */
function belowOf({ before, after, at }: Held): [number, number] {
  const density = densityAt(before, after, at.t)
  const [x, y] = offsetM(density.lat, density.lon, at.lat, at.lon)
  let [px, py] = [0, 0]
  for (let k = 0; k < density.count; k++) {
    const p = PARTS * k
    const sigma = Math.sqrt(density.parts[p + 3]! + NO_BLUR.sigmaM ** 2)
    px += density.parts[p]! * normal((x - density.parts[p + 1]!) / sigma)
    py += density.parts[p]! * normal((y - density.parts[p + 2]!) / sigma)
  }
  return [px, py]
}

/** Distribution function of the normal (Abramowitz & Stegun 26.2.17, error below 7.5e-8). */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x >= 0 ? 1 - tail : tail
}

const PER_CELL = 400

/** Coordinate ascent on the mean log density: equal weight to every thinning, speed, and to one side and both. */
export async function fitModes(): Promise<string> {
  const random = createRandom(3)
  const cells = new Map<string, Held[]>()
  for (const held of await heldOut()) {
    if (!held.even) continue
    const cell = `${held.thinnedMin} ${bandOf(held)} ${held.after === null}`
    const of = cells.get(cell)
    if (of) of.push(held)
    else cells.set(cell, [held])
  }
  const sample = [...cells.values()].flatMap(of => Array.from({ length: PER_CELL }, () => random.pick(of)))
  const scoreOf = (modes: readonly Mode[]): number =>
    sample.reduce((sum, held) => sum + logDensity(held, modes), 0) / sample.length
  let modes = MODES.map(mode => ({ ...mode }))
  let best = scoreOf(modes)
  const lines = [`start ${best.toFixed(4)} over ${sample.length}`]
  for (const step of [2, 1.4, 1.2, 1.1]) {
    for (let round = 0; round < 3; round++) {
      const before = best
      for (let k = 0; k < modes.length; k++)
        for (const field of ['share', 'steadyMps', 'wanderMps', 'swingM', 'lastsS'] as const)
          for (const factor of [step, 1 / step]) {
            const tried = modes.map((mode, m) =>
              m === k ? { ...mode, [field]: mode[field] * factor } : mode,
            )
            const total = tried.reduce((sum, { share }) => sum + share, 0)
            const normed = tried.map(mode => ({ ...mode, share: mode.share / total }))
            const score = scoreOf(normed)
            if (score > best) {
              best = score
              modes = normed
            }
          }
      if (best - before < 1e-4) break
    }
    lines.push(`step ${step}: ${best.toFixed(4)}`)
  }
  return [...lines, ...modes.map(mode => JSON.stringify(mode))].join('\n')
}

const BANDS = ['still', '0.5–5 kn', '5 kn and more'] as const
const bandOf = ({ before: { sog } }: Held): string =>
  !(sog >= 0.5) ? BANDS[0] : sog < 5 ? BANDS[1] : BANDS[2]

export async function motionPage(): Promise<string> {
  const all = (await heldOut()).filter(({ even }) => !even)
  if (all.length === 0) return 'No real tracks at hand: ../shared is absent.'
  const row = (name: string, of: readonly Held[]): string[] => {
    const below = of.flatMap(belowOf)
    const inside = (share: number): string =>
      number(below.filter(p => Math.abs(p - 0.5) <= share / 2).length / below.length)
    const errors = of
      .map(({ before, after, at }) => {
        const m = offsetM(before.lat, before.lon, at.lat, at.lon)
        if (!after) return Math.hypot(...m)
        const f = (at.t - before.t) / (after.t - before.t)
        const whole = offsetM(before.lat, before.lon, after.lat, after.lon)
        return Math.hypot(m[0] - f * whole[0], m[1] - f * whole[1])
      })
      .sort((a, b) => a - b)
    return [
      name,
      String(of.length),
      inside(0.5),
      inside(0.9),
      inside(0.99),
      number(errors[Math.floor(errors.length / 2)] ?? NaN, 0),
    ]
  }
  const head = ['', 'fixes held out', 'in the middle 50 %', '90 %', '99 %', 'straight line off by, median, m']
  const rows = [row('all', all)]
  for (const min of THINNED)
    rows.push(
      row(
        `${min} min`,
        all.filter(({ thinnedMin }) => thinnedMin === min),
      ),
    )
  for (const band of BANDS)
    rows.push(
      row(
        band,
        all.filter(held => bandOf(held) === band),
      ),
    )
  rows.push(
    row(
      `${BANDS[1]}, both sides, 30 min or more`,
      all.filter(held => bandOf(held) === BANDS[1] && held.after !== null && held.thinnedMin >= 30),
    ),
  )
  rows.push(
    row(
      'one side only',
      all.filter(({ after }) => after === null),
    ),
  )
  return table(head, rows)
}
