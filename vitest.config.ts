import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    env: { TZ: 'Pacific/Auckland' }, // far from UTC, so that a local-time slip shows
    setupFiles: ['tests/setup.ts'],
    testTimeout: 60_000,
    // of two cores the default would use one; one more, as those that start processes and wait for them leave theirs idle
    maxWorkers: availableParallelism() + 1,
    isolate: false, // no test leans on what another left behind, and reading the program anew for each file costs a third
  },
})
