// The sources as JavaScript that Node reads as it is. Read by vitest, every call from one module to another goes by way of an
// object with getters: the laws of the presets took a third more CPU, and starting, with four hundred files to read, seven times as long.

import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { transformWithOxc, type Plugin } from 'vite'

const SOURCES = resolve('src')
const CACHE = resolve('node_modules', '.cache', 'darkwake-tests')

/** Those of the present state of src/, made once. @returns the folder that they are in */
async function compile(): Promise<string> {
  const hash = createHash('sha256').update(readFileSync('package.json'))
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.(ts|json)$/.test(path))
    .sort()
  const texts = files.map(path => readFileSync(join(SOURCES, path), 'utf8'))
  for (const [k, path] of files.entries()) hash.update(path).update(texts[k]!)
  const home = join(CACHE, hash.digest('hex').slice(0, 16))
  if (existsSync(home)) return join(home, 'dist')

  const fresh = `${home}.${process.pid}`
  for (const [k, path] of files.entries()) {
    const to = join(fresh, 'dist', path.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(to), { recursive: true })
    if (path.endsWith('.json')) {
      copyFileSync(join(SOURCES, path), to)
      continue
    }
    const { code, map } = await transformWithOxc(texts[k]!, join(SOURCES, path), { target: 'es2022' })
    const text = Buffer.from(JSON.stringify(map)).toString('base64')
    writeFileSync(to, `${code}\n//# sourceMappingURL=data:application/json;base64,${text}\n`)
  }
  // as deep in a package as in the one that is shipped: they look for data/ and their version there
  copyFileSync('package.json', join(fresh, 'package.json'))
  symlinkSync(resolve('data'), join(fresh, 'data'))
  for (const old of readdirSync(CACHE)) {
    if (old !== basename(home) && !old.includes('.'))
      rmSync(join(CACHE, old), { recursive: true, force: true })
  }
  try {
    renameSync(fresh, home)
  } catch {
    rmSync(fresh, { recursive: true, force: true }) // another run was faster
  }
  return join(home, 'dist')
}

/** Whoever imports a file of src/ gets the compiled one. */
export function compiledSources(): Plugin {
  const folder = compile()
  return {
    name: 'compiled-sources',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!importer || !/^\.{1,2}\//.test(source) || !source.endsWith('.js')) return null
      const path = relative(SOURCES, resolve(dirname(importer), source))
      if (path.startsWith('..')) return null
      return { id: join(await folder, path), external: true }
    },
  }
}
