// Property tests with cases that they never saw: `npm run explore -- [ROUNDS] [vitest's arguments]`. Each round draws a
// seed and says it; a failed one is run again with DARKWAKE_SEED=… npm test.

import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'

const [rounds = '10', ...rest] = process.argv.slice(2)
const failed = []
for (let round = 1; round <= Number(rounds); round++) {
  const seed = randomInt(2 ** 31)
  console.log(`round ${round} of ${rounds}: DARKWAKE_SEED=${seed}`)
  const { status } = spawnSync('npx', ['--no-install', 'vitest', 'run', '--reporter=dot', ...rest], {
    stdio: 'inherit',
    env: { ...process.env, DARKWAKE_SEED: String(seed) },
  })
  if (status !== 0) failed.push(seed)
}
console.log(failed.length === 0 ? 'all rounds passed' : `failed with DARKWAKE_SEED ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
