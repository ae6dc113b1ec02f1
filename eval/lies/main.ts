// npm run eval:lies: false positions and false names, laid into honest ships, and the innocent that look like them.
//
//   npm run eval:lies                        the tuning seeds; writes its part of docs/evaluation.md
//   npm run eval:lies -- --held              the same on seeds that nothing was fitted to
//   npm run eval:lies -- --class circle --seeds 3,4    a look, nothing is written; every miss and false event is told
//   npm run eval:lies -- --simulated --seeds 3         the same without the recordings

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadApproximateEez } from '../../src/zones/approximate-eez.js'
import { loadCoast } from '../../src/zones/coast.js'
import { buildZoneIndex } from '../../src/zones/index.js'
import { createRandom, seedOf } from '../../src/simulate/random.js'
import { intoPage } from '../page.js'
import { HELD_SEEDS, holdsHeld, setOf, TUNING_SEEDS } from '../seeds.js'
import type { World } from '../week.js'
import { FAMILIES } from './families.js'
import type { Family, Ship } from './family.js'
import { judge, nameOfFamily, total, type Judged } from './judge.js'
import { pageOf } from './page.js'
import { RECORDINGS, shipsOf } from './real.js'
import { honestFleet } from './sea.js'
import { judgeJamming } from './jammed.js'

const PAGE = 'docs/evaluation.md'
const REAL_FOLDER = '../shared/data/positions'
/** Ships of a fleet that lie. */
const LIARS = 8
/** … and of a recording, each of them alone. */
const LIARS_IN_RECORDING = 12

const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Nobody lies, nobody was made up: what is said of recorded ships. */
const NOBODY: Family = { type: [], lie: () => null, lookalikes: () => [] }

async function recordings(families: readonly Family[], seed: number, world: World): Promise<Judged[]> {
  const out: Judged[] = []
  for (const { name, title, fullRate } of RECORDINGS) {
    const ships: Ship[] | null = await shipsOf(`${REAL_FOLDER}/${name}`)
    if (!ships) {
      say(`${name}: skipped, not in ${REAL_FOLDER}`)
      continue
    }
    for (const family of fullRate ? [NOBODY, ...families] : [NOBODY]) {
      const of = nameOfFamily(family)
      const random = createRandom(seedOf(seed, 'lies', name, of))
      const verdict = judge(family, ships, null, LIARS_IN_RECORDING, random, world, true)
      out.push({ family: of, where: title, recorded: true, unlabelled: !fullRate, verdict })
    }
    say(`${name}: done`)
  }
  return out
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    held: { type: 'boolean', default: false },
    class: { type: 'string', multiple: true },
    simulated: { type: 'boolean', default: false },
  },
})
const seeds = values.held ? HELD_SEEDS : (values.seeds?.split(',').map(Number) ?? TUNING_SEEDS)
const families = FAMILIES.filter(family => values.class?.includes(nameOfFamily(family)) ?? true)
if (families.length === 0) {
  say(`eval:lies: --class: expected some of ${FAMILIES.map(nameOfFamily).join(', ')}`)
  process.exit(2)
}
const world: World = { zones: buildZoneIndex(loadApproximateEez()), coast: loadCoast() }
const judged: Judged[] = []
for (const family of families) {
  const of = nameOfFamily(family)
  for (const seed of seeds) {
    // each class has seas of its own: no ship's luck counts twice
    const { ships, water } = honestFleet(seedOf(seed, 'lies', of))
    const random = createRandom(seedOf(seed, 'liars', of))
    judged.push({
      ...{ family: of, where: `seed ${seed}`, recorded: false, unlabelled: false },
      verdict: judge(family, ships, water, LIARS, random, world),
    })
  }
  const { lies, found, falseEvents } = total(judged.filter(({ family: name }) => name === of))
  say(`${of}: ${found} of ${lies} found, ${falseEvents.length} false events`)
}
if (!values.simulated) judged.push(...(await recordings(families, seeds[0]!, world)))
// of held seeds only the figures: nothing is to be fitted to them
if ((values.class !== undefined || setOf(seeds) === 'other') && !holdsHeld(seeds)) {
  for (const { family, where, verdict } of judged) {
    for (const { mmsi, from, to } of verdict.missed)
      say(
        `missed ${family}, ${where}: ${mmsi} ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`,
      )
    for (const { name, kind, event } of verdict.falseEvents)
      say(`false ${name}, ${family}, ${where}: ${kind} ${JSON.stringify(event)}`)
  }
}
const jammed = values.class === undefined ? seeds.map(seed => judgeJamming(seed, world)) : []
const text = pageOf(families.map(nameOfFamily), judged, jammed)
process.stdout.write(`${text}\n`)
const set = setOf(seeds)
if (values.class === undefined && set !== 'other' && !values.simulated) {
  const head = `\`npm run eval:lies${values.held ? ' -- --held' : ''}\`, seeds ${seeds.join(', ')}.`
  writeFileSync(PAGE, intoPage(readFileSync(PAGE, 'utf8'), `lies ${set}`, `${head}\n\n${text}`))
  say(`written: ${PAGE}`)
}
