// What a command costs before it does anything, and the least a run of detection takes: processes of the built package,
// by the clock. `npm run build` first.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { digits, median, say } from './figures.js'

const ROUNDS = 15
const MAIN = resolve('dist/bin/darkwake.js')
if (!existsSync(MAIN)) throw new Error('startup: run `npm run build` first')

function time(args: readonly string[]): number[] {
  return Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`startup: ${stderr}`)
    return performance.now() - start
  })
}

const dir = mkdtempSync(join(tmpdir(), 'darkwake-bench-'))
try {
  const file = join(dir, 'two.csv')
  writeFileSync(file, 'mmsi,t,lat,lon\n244660000,1700000000,54,3\n244660000,1700000060,54.001,3\n')
  console.log('\nstart-up')
  for (const [name, args] of [
    ['node alone', ['-e', '']],
    ['darkwake --version', [MAIN, '--version']],
    ['darkwake --help', [MAIN, '--help']],
    ['darkwake detect --help', [MAIN, 'detect', '--help']],
    ['darkwake detect, two reports', [MAIN, 'detect', '--quiet', file]],
  ] as [string, string[]][]) {
    const times = time(args)
    say(`start-up, ${name}`, median(times), 'ms', `best ${digits(Math.min(...times))}`)
  }
} finally {
  rmSync(dir, { recursive: true })
}
