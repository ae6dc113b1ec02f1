// npm run eval: weeks of every sea, simulated with a known truth, judged by the engine and by two baselines.
//
//   npm run eval                        the tuning seeds; writes its part of docs/evaluation.md and .json
//   npm run eval -- --held              the same on seeds that nothing was fitted to
//   npm run eval -- --seeds 3,4 --scenario ocean --scenario coastal    a look, nothing is written
//   npm run eval -- --dump gaps.ndjson  every gap with its evidence and what was true, a line each
//   npm run eval -- --fit               two numbers that would bring the scores to probabilities

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadApproximateEez } from '../src/zones/approximate-eez.js'
import { loadCoast } from '../src/zones/coast.js'
import { buildZoneIndex } from '../src/zones/index.js'
import { antimeridianMirror, bitErrors, midnightSweep, outageDay, type Bar } from './bars.js'
import { dumpOf, fitText } from './fit.js'
import { intoPage, markdownOf, type Run } from './page.js'
import { REAL_FILES, realFile, TOO_SHORT } from './real.js'
import { resultOf } from './result.js'
import { SEAS, type Sea } from './scenarios/index.js'
import { HELD_SEEDS, holdsHeld, setOf, TUNING_SEEDS } from './seeds.js'
import { judgeWeek, type Week, type World } from './week.js'

const PAGE = 'docs/evaluation.md'
const BOOK = 'docs/evaluation.json'
const REAL_FOLDER = '../shared/data/positions'
/** A start for each hour of a day that matters: on, about and far from midnight. */
const SWEEP_HOURS = [0, 1, 5, 6, 7, 11, 12, 13, 18, 23]

const say = (line: string): void => void process.stderr.write(`${line}\n`)
function refuse(why: string): never {
  say(`eval: ${why}`)
  process.exit(2)
}

function options(): {
  seeds: readonly number[]
  seas: readonly Sea[]
  dump: string | undefined
  fit: boolean
} {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      held: { type: 'boolean', default: false },
      scenario: { type: 'string', multiple: true },
      dump: { type: 'string' },
      fit: { type: 'boolean', default: false },
    },
  })
  if (values.held && values.seeds !== undefined) refuse('--held or --seeds, not both')
  const seeds = values.held ? HELD_SEEDS : (values.seeds?.split(',').map(Number) ?? TUNING_SEEDS)
  if (!seeds.every(Number.isInteger)) refuse(`--seeds: expected whole numbers, got ${values.seeds}`)
  if ((values.fit || values.dump !== undefined) && holdsHeld(seeds))
    refuse('held seeds are for judging: nothing is fitted to them or dumped from them')
  const seas = values.scenario?.map(name => {
    const sea = SEAS.find(each => each.name === name)
    if (!sea)
      refuse(`--scenario: unknown name "${name}", expected one of ${SEAS.map(s => s.name).join(', ')}`)
    return sea
  })
  return { seeds, seas: seas ?? SEAS, dump: values.dump, fit: values.fit }
}

const sixDigits = (_: string, value: unknown): unknown =>
  typeof value === 'number' && Number.isFinite(value) ? Number(value.toFixed(6)) : value

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim()

function bars(seed: number, world: World): Bar[] {
  const named = (name: string): Sea => SEAS.find(sea => sea.name === name)!
  return [
    outageDay(['coastal', 'ocean', 'handover', 'class-b'].map(named), seed, world),
    bitErrors(['coastal', 'ocean'].map(named), seed, world),
    midnightSweep(named('coastal'), seed, world, SWEEP_HOURS),
    midnightSweep(named('ocean'), seed, world, SWEEP_HOURS),
    antimeridianMirror(named('coastal'), seed),
    antimeridianMirror(named('ocean'), seed),
  ]
}

async function realFiles(seeds: readonly number[], world: World): Promise<Run['real']> {
  const results = []
  const skipped = []
  for (const file of REAL_FILES) {
    const found = await realFile(REAL_FOLDER, file, seeds, world)
    if (!found) skipped.push(`${file.name}: skipped, not in ${REAL_FOLDER}`)
    else {
      results.push(...found)
      if (!found.some(({ injected }) => injected === 'receiver'))
        skipped.push(`${file.name} (${file.title}): names no receivers, so none is taken away`)
    }
    say(`${file.name}: ${found ? 'done' : 'skipped, absent'}`)
  }
  for (const [name, why] of Object.entries(TOO_SHORT)) skipped.push(`${name}: ${why}`)
  return { results, skipped }
}

const started = process.hrtime.bigint()
const { seeds, seas, dump, fit } = options()
const world: World = { zones: buildZoneIndex(loadApproximateEez()), coast: loadCoast() }
const weeks: Week[] = []
seas.forEach((sea, s) => {
  for (const seed of seeds) weeks.push(judgeWeek(sea.draw(seed), world))
  const seconds = Number((process.hrtime.bigint() - started) / 1_000_000_000n)
  say(`${sea.name}: ${seeds.length} weeks (${s + 1} of ${seas.length} seas, ${seconds} s)`)
})

if (dump !== undefined) {
  writeFileSync(
    dump,
    weeks
      .flatMap(dumpOf)
      .map(line => `${JSON.stringify(line)}\n`)
      .join(''),
  )
  say(`written: ${dump}`)
}
if (fit) process.stdout.write(`${fitText(weeks)}\n`)
if (dump === undefined && !fit) {
  const set = setOf(seeds)
  const whole = seas === SEAS
  const commit =
    git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'src', 'eval') ? '+' : '')
  const run: Run = {
    set,
    command: ['npm run eval', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
    commit,
    seeds,
    seas: seas.map(({ name, title }) => ({
      name,
      title,
      result: resultOf(weeks.filter(week => week.sea === name)),
    })),
    total: resultOf(weeks),
    bars: whole ? bars(seeds[0]!, world) : [],
    real: whole ? await realFiles(seeds.slice(0, 4), world) : { results: [], skipped: [] },
  }
  const text = markdownOf(run)
  process.stdout.write(`${text}\n`)
  if (whole && set !== 'other') {
    writeFileSync(PAGE, intoPage(readFileSync(PAGE, 'utf8'), set, text))
    const book = existsSync(BOOK) ? (JSON.parse(readFileSync(BOOK, 'utf8')) as Record<string, Run>) : {}
    writeFileSync(BOOK, `${JSON.stringify({ ...book, [set]: run }, sixDigits, 1)}\n`)
    say(`written: ${PAGE}, ${BOOK}`)
  }
}
