// Everyday traffic: what most ships do on most days. Each group of a scenario becomes ships with plans of their own,
// drawn from the seed.

import { destination } from '../geo/distance.js'
import { M_PER_NM } from '../model/units.js'
import { createRandom, seedOf, type Random } from './random.js'
import type { Phase, Point, Scenario, Traffic, Vessel } from './scenario.js'

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
  const { kind, pattern } = group
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
      return { kind, from, startH, plan }
    }
    case 'arrivals': {
      const from = random.pick(group.from ?? ports)
      add({ do: 'sail', to: random.pick(ports), knots })
      return { kind, from, startH: random.between(-16, Math.max(0, hours - 4)), plan }
    }
    case 'shuttle': {
      const [from, to] = random.pick(group.pairs ?? [])
      for (let there = true; length < need; there = !there) {
        add({ do: 'sail', to: there ? to : from, knots })
        add({ do: 'moor', hours: random.between(0.7, 2) })
      }
      return { kind, from, startH: -random.between(0, 6), plan }
    }
    case 'moored':
      return { kind, from: random.pick(ports), plan: [{ do: 'moor', hours: need }] }
    case 'anchored':
      return {
        kind,
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
      return { kind, from, plan }
    }
    case 'leisure': {
      // on the air for the trip, and off an hour after making fast: a quiet berth is no dark ship
      const from = random.pick(ports)
      const out = random.pick(scenario.waters.lanes.filter(lane => lane.includes(from)))
      const startH = random.between(5, Math.max(6, hours - 8))
      add({ do: 'moor', hours: 0.3 })
      add({ do: 'sail', to: out[0] === from ? out[1] : out[0], knots })
      add({ do: 'sail', to: from, knots })
      return { kind, from, startH, plan, offAfterPlanH: 1 }
    }
    case 'service': {
      // a port and its wind farm stand at the same index
      const site = i % (group.at ?? []).length
      const from = ports[site % ports.length]!
      add({ do: 'moor', hours: random.between(3, 6) })
      add({ do: 'sail', to: near(group.at![site]!, 1, random), knots })
      add({ do: 'work', hours: random.between(6, 9), radiusNm: 1.5, shoreNm: 10 })
      add({ do: 'sail', to: from, knots })
      return { kind, from, plan }
    }
  }
}
