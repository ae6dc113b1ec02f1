// fast-check with fewer cases for each property, in place of the whole one where DARKWAKE_RUNS says so (vitest.config.ts):
// for a second run of what has passed, on another Node.

import { createRequire } from 'node:module'
import type * as FastCheck from 'fast-check'
import { share } from './share.js'

const all = createRequire(import.meta.url)('fast-check') as typeof FastCheck
const RUNS = 100 // fast-check's own, where a test does not say

function assert<Ts>(
  property: FastCheck.IRawProperty<Ts>,
  params: FastCheck.Parameters<Ts> = {},
): Promise<void> | void {
  return all.assert(property, { ...params, numRuns: Math.ceil((params.numRuns ?? RUNS) * share) })
}

export default { ...all, assert }
