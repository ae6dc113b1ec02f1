// npm run bench [-- NAME…]: compiles the benches, runs them one after the other, and keeps what they print, with the
// machine, the Node version and the commit, under bench/results/.

import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { compile } from './compiled.mjs'

const names = readdirSync('bench')
  .filter(file => file.endsWith('.bench.ts'))
  .map(file => file.slice(0, -'.bench.ts'.length))
const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !names.includes(name))
if (unknown.length > 0) {
  console.error(`bench: no bench named ${unknown.join(', ')}; there are ${names.join(', ')}`)
  process.exit(2)
}

const out = compile()
const git = args => execFileSync('git', args, { encoding: 'utf8' }).trim()
const commit =
  git(['rev-parse', '--short', 'HEAD']) + (git(['status', '--porcelain', '--', 'src', 'bench']) ? '+' : '')
const date = new Date().toISOString().slice(0, 10)
mkdirSync('bench/results', { recursive: true })
const file = `bench/results/${date}-${commit}.txt`
const say = text => {
  process.stdout.write(text)
  appendFileSync(file, text)
}
say(`# ${date}, commit ${commit}, Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, `)
say(`${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0].toFixed(1)}\n`)
for (const name of wanted.length > 0 ? wanted : names) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', `${out}/bench/${name}.bench.js`],
    { encoding: 'utf8' },
  )
  say(`\n## ${name}\n${stdout}`)
  if (status !== 0) {
    say(`failed with ${status}\n`)
    process.stderr.write(stderr)
    process.exitCode = 1
  }
}
console.log(`\nkept in ${file}`)
