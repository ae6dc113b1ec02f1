// Who was with whom, the slow way: every pair, every half minute, straight from the ways that the ships made.

import type { Ship, Spot } from './sea.js'
import { sail } from './sea.js'

export interface Bounds {
  /** Distances and speeds are multiplied by this, and so many minutes are added: to see whether a case hangs on a hair. */
  by: number
  more: number
  /** Minutes before the end that say nothing of whether a ship lies at anchor. */
  lag: number
  /** Minutes over which a speed is taken. */
  over: number
}

export interface Found {
  kind: string
  a: number
  b: number
  from: number
  to: number | null
}

const STEP = 0.5
const KN = (metres: number, minutes: number) => metres / 1852 / (minutes / 60)
const apart = ([x, y]: Spot, [u, v]: Spot) => Math.hypot(x - u, y - v)

function median(values: number[]): number {
  const sorted = [...values].sort((x, y) => x - y)
  return sorted[Math.floor(sorted.length / 2)]!
}

/** Every meeting of two ships. @param until minute of the last report of all */
export function everyPair(ships: Ship[], until: number, bounds: Bounds): Found[] {
  const found: Found[] = []
  const ways = ships.map(ship => ({ mmsi: ship.mmsi, at: heard(ship) })).sort((x, y) => x.mmsi - y.mmsi)
  ways.forEach((a, k) => {
    for (const b of ways.slice(k + 1)) found.push(...ofPair(a, b, until, bounds))
  })
  return found.sort((x, y) => x.a - y.a || x.b - y.b || x.from - y.from)
}

/** Where it was as far as anybody heard: straight on through a silence, and nowhere in one of an hour or more. */
function heard(ship: Ship): (minute: number) => Spot | undefined {
  const where = sail(ship)
  return minute => {
    const hole = (ship.silent ?? []).find(([from, to]) => minute > from && minute < to)
    if (!hole) return where(minute) ?? undefined
    const [p, q] = [where(hole[0]), where(hole[1])]
    if (!p || !q || hole[1] - hole[0] >= 60) return undefined
    const share = (minute - hole[0]) / (hole[1] - hole[0])
    return [p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])]
  }
}

interface Way {
  mmsi: number
  at: (minute: number) => Spot | undefined
}

/** Both at one minute of a run. */
interface Both {
  minute: number
  d: number
  kn: number
  p: Spot
  q: Spot
}

function ofPair(a: Way, b: Way, until: number, { by, more, lag, over }: Bounds): Found[] {
  const found: Found[] = []
  let came = false
  let run: Both[] = []
  let away = Infinity
  let close = 0
  let kind = ''
  let near = NaN
  let start = NaN
  let left = NaN

  function end(to: number | null): void {
    if (kind !== '') found.push({ kind, a: a.mmsi, b: b.mmsi, from: start, to })
    run = []
    away = Infinity
    left = NaN
    close = 0
    kind = ''
  }

  /** Neither went far once they had settled, the last minutes apart, in which one may be leaving. */
  function anchored(): boolean {
    const last = run.at(-1)!.minute
    const kept = run.filter(({ minute }) => minute - start >= 30 && last - minute >= lag)
    return kept.every(({ p, q }) => apart(p, kept[0]!.p) <= 555.6 * by && apart(q, kept[0]!.q) <= 555.6 * by)
  }

  function isEncounter(): boolean {
    if (run.at(-1)!.minute - start < 120 + more || !(median(run.map(({ kn }) => kn)) < 2 * by)) return false
    return !anchored() || median(run.map(({ d }) => d)) <= 250 * by
  }

  for (let k = 12; k * STEP <= until; k++) {
    const minute = k * STEP
    const [p, q] = [a.at(minute), b.at(minute)]
    const [p0, q0] = [a.at(minute - over), b.at(minute - over)]
    if (!p || !q) {
      if (run.length > 0) end(left >= 0 ? left : away < Infinity ? away : run.at(-1)!.minute)
      came = false
      near = NaN
      continue
    }
    const d = apart(p, q)
    const knA = p0 ? KN(apart(p, p0), over) : 0
    const knB = q0 ? KN(apart(q, q0), over) : 0
    const fastest = Math.max(knA, knB)
    if (d > 800 * by) came = true
    if (d > 800 * by) near = NaN
    else if (d <= 500 * by && Number.isNaN(near)) near = minute
    if (run.length === 0 && !(came && d <= 500 * by && fastest < 2 * by)) continue
    if (run.length === 0) start = minute - near <= 20 ? near : minute
    if (d > 400 * by) close = 0
    if (d > 800 * by || fastest > 3 * by) {
      if (away === Infinity) away = minute
      if (d <= 800 * by) left = NaN
      else if (Number.isNaN(left)) left = minute
      if (minute - away >= 20) end(left >= 0 ? left : away)
      continue
    }
    away = Infinity
    left = NaN
    run.push({ minute, d, kn: (knA + knB) / 2, p, q })
    if (d <= 250 * by) close += STEP
    if (kind === '' && close >= 15 + more) kind = 'brief_meeting'
    if (kind !== 'encounter' && k % 4 === 0 && isEncounter()) kind = 'encounter'
  }
  if (run.length > 0) end(null)
  return found
}
