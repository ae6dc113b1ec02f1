// The package as a program sees it: the built files through the names in package.json's exports.

import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { build, emptyFolder, write } from './darkwake.js'
import { csv, DARK } from './traffic.js'

const run = promisify(execFile)
let folder: string

beforeAll(async () => {
  folder = emptyFolder()
  const { mkdir } = await import('node:fs/promises')
  await mkdir(join(folder, 'node_modules'))
  // what the package depends on lies beside it, as npm lays it
  for (const name of readdirSync('node_modules')) {
    if (!name.startsWith('.')) symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name))
  }
  symlinkSync(build(), join(folder, 'node_modules', 'darkwake'))
})

/** Runs a program that has only the package, and gives what it printed. */
async function program(source: string): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    ['--preserve-symlinks', write(folder, 'program.mjs', source)],
    { cwd: folder },
  )
  return stdout.trim()
}

const exported = Object.keys(
  (JSON.parse(readFileSync('package.json', 'utf8')) as { exports: object }).exports,
)

test.each(exported.filter(name => !name.endsWith('.json')))(
  '%s can be imported and does nothing at import',
  async name => {
    const path = name.replace(/^\./, 'darkwake')
    const printed = await program(
      `const part = await import('${path}'); console.log(Object.keys(part).length > 0)`,
    )
    expect(printed).toBe('true')
  },
)

test('five lines detect over a file', async () => {
  const path = write(folder, 'day.csv', csv())
  const printed = await program(`
    import { detect, openFiles } from 'darkwake'
    for await (const event of detect(openFiles([${JSON.stringify(path)}]), { preset: 'gfw-pipe' })) console.log(event.type, event.mmsi)`)
  expect(printed).toBe(`gap ${DARK}`)
})

test('five lines push reports and hear of the silence while it lasts', async () => {
  const printed = await program(`
    import { createEngine } from 'darkwake'
    const engine = createEngine({ onEvent: event => console.log(event.type, event.phase, event.durationS) })
    const at = hours => ({ mmsi: ${DARK}, t: Date.UTC(2024, 0, 1) + hours * 3.6e6, lat: 62, lon: 3 + hours / 10, sog: 10 })
    for (const hours of [0, 1, 2]) engine.push(at(hours))
    engine.advance(at(9).t)
    for (const hours of [12, 13]) engine.push(at(hours))
    engine.flush()`)
  expect(printed.split('\n')).toEqual(['gap opened null', `gap closed ${10 * 3600}`])
})
