// What must hold whatever the tuning: an outage of a day accuses nobody, flipped bits make no event, and neither the
// clock nor the map has a seam. ../shared/design/detection.md section 14.

import { createBatch, copyRow, isStaticOnly, type ReportBatch } from '../src/model/batch.js'
import type { VesselEvent } from '../src/model/event.js'
import { MS_PER_HOUR } from '../src/model/units.js'
import { createRandom } from '../src/simulate/random.js'
import { simulate } from '../src/simulate/fleet.js'
import type { Scenario } from '../src/simulate/scenario.js'
import { flipBit } from '../src/simulate/transponder.js'
import { wrapLon } from '../src/geo/antimeridian.js'
import type { Sea } from './scenarios/index.js'
import { detectOn, listenTo, type World } from './week.js'

export interface Bar {
  name: string
  holds: boolean
  /** What was seen, in a line. */
  seen: string
}

/** @param hours length of the scenarios; the outage begins in their middle */
export function outageDay(seas: readonly Sea[], seed: number, world: World, hours = 120): Bar {
  const out = { at: hours / 2, hours: 24 }
  let gaps = 0
  let touched = 0
  let accused = 0
  let elsewhere = 0
  for (const sea of seas) {
    const scenario: Scenario = { ...sea.draw(seed, false), hours, outages: [out] }
    const { words, batches, silences } = listenTo(simulate(scenario))
    const from = Date.parse(scenario.start) + out.at * MS_PER_HOUR
    const to = from + out.hours * MS_PER_HOUR
    const { events, newest } = detectOn(batches, words, world)
    touched += silences.filter(silence => silence.from < to && (silence.to ?? newest) > from).length
    for (const { type, class: kind, start, end } of events) {
      if (type !== 'gap') continue
      gaps++
      if (kind !== 'likely_disabled') continue
      if (start.t < to && (end?.t ?? newest) > from) accused++
      else elsewhere++
    }
  }
  return {
    name: 'an outage of a day, nobody switched off: no silence that it touches is likely_disabled',
    holds: accused === 0 && touched > 0,
    seen: `${accused} likely_disabled of ${touched} silences that it touches; ${elsewhere} on other days, of ${gaps} gaps in all (${namesOf(seas)})`,
  }
}

/** @param share of the positions that lose a bit */
export function bitErrors(seas: readonly Sea[], seed: number, world: World, share = 0.005): Bar {
  let flips = 0
  let spoofing = 0
  const different: string[] = []
  for (const sea of seas) {
    const { words, batches } = listenTo(simulate(sea.draw(seed, false)))
    const random = createRandom(seed)
    const broken = changed(batches, (batch, i) => {
      if (isStaticOnly(batch.msgType[i]!) || !random.chance(share)) return
      const [column, limit] = random.chance(0.5) ? ([batch.lat, 90] as const) : ([batch.lon, 180] as const)
      const flipped = flipBit(column[i]!, random.below(25))
      if (!(Math.abs(flipped) <= limit)) return
      column[i] = flipped
      flips++
    })
    const before = detectOn(batches, words, world).events
    const after = detectOn(broken, words, world).events
    const added = after.filter(event => !before.some(other => isSame(event, other)))
    spoofing += added.filter(({ type }) => type === 'spoofing').length
    different.push(...added.filter(({ type }) => type !== 'zone').map(({ id }) => id))
  }
  return {
    name: 'bits flipped in positions: no event that was not there before',
    holds: flips > 0 && different.length === 0,
    seen: `${flips} bits; ${spoofing} spoofing, ${different.length} events in all that were not there (${namesOf(seas)})`,
  }
}

/**
 * The same event, though the message that began it is lost: of one track and type, with its id, or with more than half of
 * the longer in common.
 */
export function isSame(a: VesselEvent, b: VesselEvent): boolean {
  if (a.id === b.id) return true
  if (a.type !== b.type || a.mmsi !== b.mmsi || a.track !== b.track) return false
  if (!a.end || !b.end) return false
  const shared = Math.min(a.end.t, b.end.t) - Math.max(a.start.t, b.start.t)
  return shared > Math.max(a.end.t - a.start.t, b.end.t - b.start.t) / 2
}

export function midnightSweep(sea: Sea, seed: number, world: World, hours: readonly number[]): Bar {
  const { words, batches } = listenTo(simulate(sea.draw(seed)))
  const runs = hours.map(h => {
    const shiftMs = h * MS_PER_HOUR
    const moved = changed(batches, (batch, i) => {
      batch.t[i]! += shiftMs
      batch.receivedAt[i]! += shiftMs
    })
    return factsOf(detectOn(moved, words, world).events, shiftMs)
  })
  const first = runs[0]!
  const off = hours.filter((_, k) => !areSame(first, runs[k]!))
  return {
    name: 'all times shifted by whole hours: the same events',
    holds: first.length > 0 && off.length === 0,
    seen: `${first.length} events at each of ${hours.length} offsets${off.length ? `; others at +${off.join(', +')} h` : ''} (${sea.name})`,
  }
}

/** Reception is learned in cells of up to ten degrees: a turn by whole ones takes every cell onto a cell. */
const WHOLE_TURN_DEG = 10

/** Turned so that the sea lies across 180 degrees. Zones and coast stay behind, so neither takes part. */
export function antimeridianMirror(sea: Sea, seed: number): Bar {
  const scenario = sea.draw(seed)
  const { words, batches } = listenTo(simulate(scenario))
  const places = Object.values(scenario.waters.places)
  const middle = places.reduce((total, [, lon]) => total + lon, 0) / places.length
  const turnDeg = WHOLE_TURN_DEG * Math.round((180 - middle) / WHOLE_TURN_DEG)
  const turned = changed(batches, (batch, i) => {
    batch.lon[i] = wrapLon(batch.lon[i]! + turnDeg)
  })
  const here = factsOf(detectOn(batches, words, {}).events)
  const there = factsOf(detectOn(turned, words, {}).events)
  const same = areSame(here, there)
  return {
    name: 'turned across the antimeridian: the same events',
    holds: here.length > 0 && same,
    seen: `${here.length} events, turned ${there.length} (${sea.name})`,
  }
}

const namesOf = (seas: readonly Sea[]): string => seas.map(({ name }) => name).join(', ')

interface Facts {
  fact: string
  score: number
}

/** What of events must not depend on where and when, in an order of its own. */
function factsOf(events: readonly VesselEvent[], shiftMs = 0): Facts[] {
  return events
    .map(({ type, class: kind, mmsi, track, start, end, durationS, score, zones }) => {
      const touched = zones.touched.map(({ id }) => id)
      const times = [start.t - shiftMs, end && end.t - shiftMs, durationS]
      return { fact: JSON.stringify([type, kind, mmsi, track, ...times, touched]), score }
    })
    .sort((a, b) => (a.fact < b.fact ? -1 : a.fact > b.fact ? 1 : a.score - b.score))
}

/** Places in degrees are rounded otherwise elsewhere, and a score with them. */
const SAME_SCORE = 0.01
const areSame = (a: readonly Facts[], b: readonly Facts[]): boolean =>
  a.length === b.length &&
  a.every(({ fact, score }, n) => fact === b[n]!.fact && Math.abs(score - b[n]!.score) < SAME_SCORE)

/** A copy of batches with each row changed. */
function changed(
  batches: readonly ReportBatch[],
  change: (batch: ReportBatch, i: number) => void,
): ReportBatch[] {
  return batches.map(batch => {
    const copy = createBatch(batch.words, batch.length)
    for (let i = 0; i < batch.length; i++) {
      copyRow(batch, i, copy, i)
      change(copy, i)
    }
    copy.length = batch.length
    copy.validated = true
    return copy
  })
}
