// npm run eval:loitering: ships that are slow for a reason, and how it is told of them.
//
//   npm run eval:loitering                    the tuning seeds; writes its part of docs/evaluation.md
//   npm run eval:loitering -- --held          the same on seeds that nothing was fitted to
//   npm run eval:loitering -- --seeds 3,4     a look, nothing is written; what was missed, false or of another class is told

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadCoast } from '../../src/zones/coast.js'
import { intoPage } from '../page.js'
import { HELD_SEEDS, holdsHeld, TUNING_SEEDS } from '../seeds.js'
import { slowFleet } from './fleet.js'
import { ours, theirs } from './judge.js'
import { pageOf } from './page.js'

const PAGE = 'docs/evaluation.md'
/** Half of each set: thirty ships each. */
const SEEDS = 3

const { values } = parseArgs({
  options: { seeds: { type: 'string' }, held: { type: 'boolean', default: false } },
})
const seeds =
  values.seeds?.split(',').map(Number) ?? (values.held ? HELD_SEEDS : TUNING_SEEDS).slice(0, SEEDS)
const world = { coast: loadCoast() }
const verdicts = seeds.map(seed => {
  const fleet = slowFleet(seed)
  return { seed, ours: ours(fleet, world), theirs: theirs(fleet, world) }
})
// of held seeds only the figures: nothing is to be fitted to them
if (values.seeds !== undefined && !holdsHeld(seeds)) {
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  for (const { seed, ours: of } of verdicts) {
    const found = new Set(of.right.map(({ truth }) => truth))
    for (const truth of of.truths) if (!found.has(truth)) say(`seed ${seed}: missed ${JSON.stringify(truth)}`)
    for (const { kind, event } of of.wrong) say(`seed ${seed}: false, ${kind}: ${JSON.stringify(event)}`)
    for (const { truth, event } of of.right)
      if (event.class !== truth.class)
        say(`seed ${seed}: ${truth.class} told as ${event.class}: ${JSON.stringify(event)}`)
  }
}
const text = pageOf(
  verdicts.map(each => each.ours),
  verdicts.map(each => each.theirs),
)
process.stdout.write(`${text}\n`)
if (values.seeds === undefined) {
  const set = values.held ? 'held' : 'tuning'
  const head = `\`npm run eval:loitering${values.held ? ' -- --held' : ''}\`, seeds ${seeds.join(', ')}.`
  writeFileSync(PAGE, intoPage(readFileSync(PAGE, 'utf8'), `loitering ${set}`, `${head}\n\n${text}`))
  process.stderr.write(`written: ${PAGE}\n`)
}
