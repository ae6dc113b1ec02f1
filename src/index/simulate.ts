// darkwake/simulate: a seeded fleet at sea with known dark ships, and the truth to hold events against.

export { simulate, vesselCount } from '../simulate/fleet.js'
export type { SimMessage, SimulateOptions, Simulation } from '../simulate/fleet.js'
export type { Scenario } from '../simulate/scenario.js'
export { scenarioNamed, scenarios } from '../simulate/scenarios.js'
export { scoreAgainstTruth } from '../simulate/score.js'
export type { ScoredEvent, TruthScore } from '../simulate/score.js'
export type { TruthEvent, TruthPlace } from '../simulate/truth.js'
export { csvText, nmeaText, truthText, writeCsv, writeNmea, writeTruth } from '../simulate/write.js'
