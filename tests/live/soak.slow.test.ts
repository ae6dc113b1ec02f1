// The short form of npm run soak: the whole machinery for some seconds. What it measures is for people to read.

import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

test.runIf(process.env['DARKWAKE_SLOW'])(
  'a watch of some thousand vessels runs, alerts and leaves in order',
  () => {
    const said = execFileSync('npm', ['run', '--silent', 'soak', '--', '20', '6000'], { encoding: 'utf8' })
    console.log(said)
    expect(said).toMatch(/alert after the report that makes it due: p50 \d+ ms/)
  },
  600_000,
)
