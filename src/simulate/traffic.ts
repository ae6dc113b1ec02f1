// Everyday traffic: what most ships do on most days. Each group of a scenario becomes ships with plans of their own,
// drawn from the seed.

import { destination, haversineM } from '../geo/distance.js'
import { M_PER_NM } from '../model/units.js'
import { pointOf } from './lanes.js'
import { createRandom, seedOf, type Random } from './random.js'
import type { Phase, Point, Scenario, Traffic, Vessel, Waters } from './scenario.js'

/** A plan must outlast the scenario. */
const SPARE_H = 12

const near = ([lat, lon]: Point, radiusNm: number, random: Random): Point => {
  const p = destination(lat, lon, random.between(0, 360), Math.sqrt(random.next()) * radiusNm * M_PER_NM)
  return [p.lat, p.lon]
}

/**
 * @param count ships wanted altogether; the groups keep their shares
 * @returns each with the key that seeds it
 */
export function createTraffic(
  scenario: Scenario,
  seed: number,
  hours: number,
  count: number,
): { vessel: Vessel; key: (string | number)[] }[] {
  const total = scenario.traffic.reduce((sum, group) => sum + group.count, 0)
  const out: { vessel: Vessel; key: (string | number)[] }[] = []
  let sum = 0
  scenario.traffic.forEach((group, g) => {
    // cumulative rounding: the shares add up to exactly the count
    const before = Math.round((Math.max(0, count) * sum) / total)
    sum += group.count
    const after = Math.round((Math.max(0, count) * sum) / total)
    for (let i = 0; i < after - before; i++) {
      const key = ['traffic', g, i]
      out.push({
        key,
        vessel: everyday(scenario, group, i, hours, createRandom(seedOf(seed, 'plan', ...key))),
      })
    }
  })
  return out
}

function everyday(scenario: Scenario, group: Traffic, i: number, hours: number, random: Random): Vessel {
  const { kind, txClass, pattern } = group
  const ship = { kind, ...(txClass && { txClass }) }
  const ports = group.ports ?? scenario.waters.ports
  const knots = Math.round(random.between(...group.knots) * 10) / 10
  const plan: Phase[] = []
  let length = 0
  const add = (phase: Phase) => {
    plan.push(phase)
    // how long a passage takes shows later: without it the plan only gets longer than it must be
    if ('hours' in phase) length += phase.hours
  }
  const another = (port: string): string => {
    const others = ports.filter(p => p !== port)
    return random.pick(others)
  }
  const need = hours + SPARE_H
  switch (pattern) {
    case 'voyages': {
      const startH = -random.between(0, 20)
      const from = random.pick(ports)
      let port = from
      while (length < need - startH) {
        port = another(port)
        add({ do: 'sail', to: port, knots })
        // places out at sea are passed
        if (scenario.waters.ports.includes(port)) add({ do: 'moor', hours: random.between(5, 24) })
        else length += 5
      }
      return { ...ship, from, startH, plan }
    }
    case 'arrivals': {
      const from = random.pick(group.from ?? ports)
      add({ do: 'sail', to: random.pick(ports), knots })
      return { ...ship, from, startH: random.between(-16, Math.max(0, hours - 4)), plan }
    }
    case 'shuttle': {
      const [from, to] = random.pick(group.pairs ?? [])
      for (let there = true; length < need; there = !there) {
        add({ do: 'sail', to: there ? to : from, knots })
        add({ do: 'moor', hours: random.between(0.7, 2) })
      }
      return { ...ship, from, startH: -random.between(0, 6), plan }
    }
    case 'moored':
      return { ...ship, from: random.pick(ports), plan: [{ do: 'moor', hours: need }] }
    case 'anchored':
      return {
        ...ship,
        from: near(random.pick(group.at ?? []), 1.5, random),
        plan: [{ do: 'anchor', hours: need }],
      }
    case 'fishing': {
      const ground = random.pick(group.at ?? [])
      const from = near(ground, 8, random)
      while (length < need) {
        add({ do: 'fish', knots, hours: random.between(3, 6), radiusNm: random.between(4, 7) })
        add({ do: 'sail', to: near(ground, 8, random), knots: knots + 4 })
      }
      return { ...ship, from, plan }
    }
    case 'leisure': {
      // on the air for the trip, and off an hour after making fast: a quiet berth is no dark ship
      const from = random.pick(ports)
      const out = random.pick(scenario.waters.lanes.filter(lane => lane.includes(from)))
      const startH = random.between(5, Math.max(6, hours - 8))
      add({ do: 'moor', hours: 0.3 })
      add({ do: 'sail', to: out[0] === from ? out[1] : out[0], knots })
      add({ do: 'sail', to: from, knots })
      return { ...ship, from, startH, plan, offAfterPlanH: 1 }
    }
    case 'day-boats': {
      // out in the morning, back in the afternoon, and dead in the berth over night, some for a day or two
      const from = random.pick(ports)
      const grounds = nextTo(scenario.waters, from)
      const startH = -random.between(0, 24)
      while (length < need - startH) {
        add({ do: 'sail', to: grounds, knots })
        add({ do: 'fish', knots: Math.min(knots, 4), hours: random.between(3, 7), radiusNm: 3 })
        add({ do: 'sail', to: from, knots })
        const ashore = random.pick([14, 16, 18, 18, 40, 64])
        add({
          do: 'moor',
          hours: ashore,
          off: { afterH: random.between(0.6, 1.5), hours: ashore - random.between(1.6, 2) },
        })
      }
      return { ...ship, from, startH, plan }
    }
    case 'laid-up': {
      const berth: Phase = {
        do: 'moor',
        hours: need,
        off: { afterH: random.between(0.1, 0.6) * Math.min(hours, 72) },
      }
      return { ...ship, from: random.pick(ports), plan: [berth] }
    }
    case 'service': {
      // a port and its wind farm stand at the same index
      const site = i % (group.at ?? []).length
      const from = ports[site % ports.length]!
      add({ do: 'moor', hours: random.between(3, 6) })
      add({ do: 'sail', to: near(group.at![site]!, 1, random), knots })
      add({ do: 'work', hours: random.between(6, 9), radiusNm: 1.5, shoreNm: 10 })
      add({ do: 'sail', to: from, knots })
      return { ...ship, from, plan }
    }
  }
}

/** The nearest place that a lane leads to. */
function nextTo(waters: Waters, port: string): string {
  const distanceM = (name: string) => haversineM(...pointOf(waters, port), ...pointOf(waters, name))
  const next = waters.lanes.flatMap(([a, b]) => (a === port ? [b] : b === port ? [a] : []))
  return next.reduce((best, name) => (distanceM(name) < distanceM(best) ? name : best))
}
