// A scenario small enough to read: ships of the test's own on an open sea, everything heard.

import type { PositionReport } from '../../src/model/report.js'
import type { Simulation } from '../../src/simulate/fleet.js'
import type { Scenario, Vessel } from '../../src/simulate/scenario.js'

export function openSea(vessels: Vessel[], overrides: Partial<Scenario> = {}): Scenario {
  return {
    name: 'open-sea',
    title: 'ships of a test',
    seed: 1,
    start: '2026-01-01T00:00:00Z',
    hours: 24,
    thinS: 60,
    waters: { places: { port: [55, 3, 0], away: [56, 3, 1] }, lanes: [['port', 'away']], ports: ['port'] },
    receivers: [{ station: 'all', at: [55, 3], rangeNm: 2000 }],
    traffic: [],
    vessels,
    ...overrides,
  }
}

export const positionsOf = (sim: Simulation): PositionReport[] =>
  [...sim.firstMessages].flatMap(message => (message.kind === 'position' ? [message.report] : []))
