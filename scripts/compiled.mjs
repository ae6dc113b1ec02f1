// Scripts and benches are TypeScript like the rest: compiled into a cache, then run with plain Node.
//   node scripts/compiled.mjs scripts/fuzz [ARG…]

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** Compiles everything. @returns the folder that mirrors the project */
export function compile() {
  const out = 'node_modules/.cache/darkwake/compiled'
  const args = ['--no-install', 'tsc', '--noEmit', 'false', '--outDir', out, '--rootDir', '.']
  execFileSync('npx', args, { stdio: 'inherit' })
  if (!existsSync(`${out}/data`)) symlinkSync(`${process.cwd()}/data`, `${out}/data`)
  writeFileSync(`${out}/package.json`, '{"type":"module"}')
  return out
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [script, ...args] = process.argv.slice(2)
  const { status } = spawnSync(process.execPath, ['--expose-gc', `${compile()}/${script}.js`, ...args], {
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
}
