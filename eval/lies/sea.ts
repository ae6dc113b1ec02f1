// Half a day of the coastal sea at the rate that sets really send, with nobody lying: what lies are laid into.

import { simulate } from '../../src/simulate/fleet.js'
import type { Scenario } from '../../src/simulate/scenario.js'
import { SEAS } from '../scenarios/index.js'
import type { Heard, Ship, Water } from './family.js'

const HOURS = 24
/** No ship is heard more often than this, seconds: half of the shortest interval of M.1371 but one. */
const THIN_S = 5

/** Honest ships and the water that they sail, of a seed. */
export function honestFleet(seed: number): { ships: Ship[]; water: Water } {
  const sea = SEAS.find(({ name }) => name === 'coastal')!
  const scenario: Scenario = { ...sea.draw(seed, false), hours: HOURS, thinS: THIN_S, fading: 0, poorSets: 0 }
  const simulation = simulate(scenario)
  const ships = new Map<number, Ship>()
  for (const message of simulation.messages) {
    const { mmsi } = message.report
    let ship = ships.get(mmsi)
    if (!ship) ships.set(mmsi, (ship = { mmsi, kind: 'honest', messages: [] }))
    const { receivedAt, receiver } = message
    // copies of one transmission stand side by side: they arrive within a second or two
    ship.messages.push({ kind: message.kind, receivedAt, receiver, report: message.report } as Heard)
  }
  for (const ship of ships.values()) ship.messages.sort((a, b) => a.report.t - b.report.t)
  return {
    ships: [...ships.values()].sort((a, b) => a.mmsi - b.mmsi),
    water: {
      start: simulation.start,
      end: simulation.end,
      at: scenario.traffic.find(({ pattern }) => pattern === 'fishing')!.at!,
      receivers: scenario.receivers.flatMap(each => ('at' in each ? [each] : [])),
    },
  }
}
