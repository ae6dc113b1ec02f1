import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    env: { TZ: 'Pacific/Auckland' }, // far from UTC, so that a local-time slip shows
    setupFiles: ['tests/setup.ts'],
    testTimeout: 60_000,
    maxWorkers: '100%', // of two cores the default would use one
    isolate: false, // no test leans on what another left behind, and reading the program anew for each file costs a third
  },
})
