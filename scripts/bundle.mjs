// The command as a handful of files in place of four hundred: Node spends more on finding and reading a module than on
// most commands. `node scripts/bundle.mjs [DIST]` after tsc: DIST/cli/main.js, the threads it may start, and what they import become DIST/bin/, as deep
// in the package as before, so that data/ is found. zod comes along, without its forty languages; other packages stay
// where they are installed.

import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const BUNDLED = 'zod'
const dist = process.argv[2] ?? 'dist'
const bin = join(dist, 'bin')

rmSync(bin, { recursive: true, force: true })
const bundle = await rolldown({
  input: {
    darkwake: join(dist, 'cli', 'main.js'),
    helper: join(dist, 'run', 'helper.js'),
    'read-helper': join(dist, 'run', 'read-helper.js'),
  },
  platform: 'node',
  external: id => !/^[./]/.test(id) && id !== BUNDLED && !/^[A-Z]:/.test(id),
  logLevel: 'warn',
})
await bundle.write({ dir: bin, format: 'esm', chunkFileNames: '[name]-[hash].js' })
copyFileSync(join('node_modules', BUNDLED, 'LICENSE'), join(bin, `${BUNDLED}.LICENSE.txt`))
