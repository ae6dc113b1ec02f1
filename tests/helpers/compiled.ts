// The sources as JavaScript that Node reads as it is. Read by vitest, every call from one module to another goes by way of an
// object with getters: the laws of the presets took a third more CPU, and starting, with four hundred files to read, seven times as long.

import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { transformWithOxc, type Plugin } from 'vite'
import { freshBeside, homeOf, putInPlace, sourceFiles, SOURCES } from './made-once.js'

/** @returns the folder that they are in */
async function compile(): Promise<string> {
  const home = homeOf('darkwake-tests', ['package.json'])
  const fresh = freshBeside(home)
  if (!fresh) return join(home, 'dist')
  for (const path of sourceFiles()) {
    const from = join(SOURCES, path)
    const to = join(fresh, 'dist', path.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(to), { recursive: true })
    if (path.endsWith('.json')) {
      copyFileSync(from, to)
      continue
    }
    const { code, map } = await transformWithOxc(readFileSync(from, 'utf8'), from, { target: 'es2022' })
    const text = Buffer.from(JSON.stringify(map)).toString('base64')
    writeFileSync(to, `${code}\n//# sourceMappingURL=data:application/json;base64,${text}\n`)
  }
  // as deep in a package as in the one that is shipped: they look for data/ and their version there
  copyFileSync('package.json', join(fresh, 'package.json'))
  symlinkSync(resolve('data'), join(fresh, 'data'))
  putInPlace(fresh, home)
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
