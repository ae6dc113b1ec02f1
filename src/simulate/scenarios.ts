// The built-in scenarios, by name.

import { UsageError } from '../model/errors.js'
import type { Scenario } from './scenario.js'
import { dateline } from './scenarios/dateline.js'
import { northSea } from './scenarios/north-sea.js'
import { openOcean } from './scenarios/open-ocean.js'

export const scenarios: readonly Scenario[] = [northSea, openOcean, dateline]

/** @throws UsageError when there is no scenario of that name */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find(scenario => scenario.name === name)
  if (found) return found
  const names = scenarios.map(scenario => scenario.name).join(', ')
  throw new UsageError(`scenario: unknown name "${name}", expected one of ${names}`)
}
