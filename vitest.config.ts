import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    env: { TZ: 'Pacific/Auckland' }, // far from UTC, so that a local-time slip shows
    testTimeout: 60_000,
  },
})
