import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { compiledSources } from './tests/helpers/compiled.js'

// DARKWAKE_RUNS=0.25: a quarter of the cases of each property test
const fewerRuns = fileURLToPath(new URL('tests/helpers/fewer-runs.ts', import.meta.url))
// who watches wants what just changed, which Node would not read again
const isOneRun = process.argv.includes('run')

export default defineConfig({
  plugins: isOneRun ? [compiledSources()] : [],
  ...(process.env['DARKWAKE_RUNS'] && { resolve: { alias: { 'fast-check': fewerRuns } } }),
  test: {
    include: ['tests/**/*.test.ts'],
    env: { TZ: 'Pacific/Auckland' }, // far from UTC, so that a local-time slip shows
    setupFiles: ['tests/setup.ts'],
    // for what hangs: no test is judged by its time, and a machine may be shared by many
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // of two cores the default would use one; one more, as those that start processes and wait for them leave theirs idle
    maxWorkers: availableParallelism() + 1,
    isolate: false, // no test leans on what another left behind, and reading the program anew for each file costs a third
  },
})
