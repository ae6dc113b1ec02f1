// What the tarball holds: the build, the shipped data and the papers; no sources, tests or leftovers.
// Takes the output of `npm pack --json`.
/* global console, process */
import { readFileSync } from 'node:fs'

const [{ files, size, unpackedSize }] = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const paths = files.map(file => file.path)
const pkg = JSON.parse(readFileSync('package.json', 'utf8'))

const promised = Object.values(pkg.exports)
  .flatMap(entry => (typeof entry === 'string' ? [entry] : Object.values(entry)))
  .concat(Object.values(pkg.bin), 'LICENSE', 'README.md', 'CHANGELOG.md')
  .map(path => path.replace(/^\.\//, ''))
const missing = promised.filter(path => !paths.includes(path))
const stray = paths.filter(
  path =>
    !/^(dist\/.+\.(js|d\.ts)|dist\/bin\/zod\.LICENSE\.txt|dist\/console\/.+|data\/.+|spark\/[a-z]+\.(sh|sql)|LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(
      path,
    ),
)
const data = paths.some(path => path.startsWith('data/'))

console.log(
  `package: ${paths.length} files, ${(size / 1e6).toFixed(2)} MB packed, ${(unpackedSize / 1e6).toFixed(2)} MB unpacked`,
)
if (missing.length) console.error(`missing: ${missing.join(', ')}`)
if (stray.length) console.error(`does not belong: ${stray.join(', ')}`)
if (!data) console.error('missing: data/ (coast and approximate zones)')
process.exitCode = missing.length || stray.length || !data ? 1 : 0
