// npm run bench [-- NAME…] [--peers]: compiles the benches, runs them one after the other, and keeps what they print and
// their figures, with the machine, the Node version and the commit, under bench/results/. Others, which must be installed and take
// their time, run with --peers alone. npm run bench:compare says what changed between two runs.

import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { compile } from './compiled.mjs'

const PEERS = ['peers', 'csv-peers']
const names = readdirSync('bench')
  .filter(file => file.endsWith('.bench.ts'))
  .map(file => file.slice(0, -'.bench.ts'.length))
const wanted = process.argv.slice(2).flatMap(name => (name === '--peers' ? PEERS : name))
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
const file = `bench/results/${date}-${commit}`
const say = text => {
  process.stdout.write(text)
  appendFileSync(`${file}.txt`, text)
}
const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB`
const about = `${date}, commit ${commit}, ${machine}, load ${loadavg()[0].toFixed(1)}`
say(`# ${about}\n`)
appendFileSync(`${file}.jsonl`, `${JSON.stringify({ about, machine })}\n`)
for (const name of wanted.length > 0 ? wanted : names.filter(name => !PEERS.includes(name))) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', `${out}/bench/${name}.bench.js`],
    { encoding: 'utf8', env: { ...process.env, BENCH_FIGURES: `${file}.jsonl` } },
  )
  say(`\n## ${name}\n${stdout}`)
  if (status !== 0) {
    say(`failed with ${status}\n`)
    process.stderr.write(stderr)
    process.exitCode = 1
  }
}
console.log(`\nkept in ${file}.txt and ${file}.jsonl`)
