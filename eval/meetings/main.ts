// npm run eval:meetings: seas in which ships meet, or only seem to, by several sources; what is told of them held against
// who truly was with whom.
//
//   npm run eval:meetings                   the tuning seeds; writes its part of docs/evaluation.md
//   npm run eval:meetings -- --held         the same on seeds that nothing was fitted to
//   npm run eval:meetings -- --seeds 3      a look, nothing is written; every miss and false event is told

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadCoast } from '../../src/zones/coast.js'
import { intoPage } from '../page.js'
import { HELD_SEEDS, holdsHeld, TUNING_SEEDS } from '../seeds.js'
import type { World } from '../week.js'
import { judgeDark } from './dark.js'
import { judge, type Verdict } from './judge.js'
import { pageOf, pairsOf, rankedOf } from './page.js'
import { drawSea } from './sea.js'
import { judgeSilent } from './silent.js'
import { SOURCES } from './sources.js'

const PAGE = 'docs/evaluation.md'
/** Three seas of each set are enough to tell: a sea has a hundred meetings by three sources. */
const SEAS = 3

const say = (line: string): void => void process.stderr.write(`${line}\n`)

const { values } = parseArgs({
  options: { seeds: { type: 'string' }, held: { type: 'boolean', default: false } },
})
const seeds = values.seeds?.split(',').map(Number) ?? (values.held ? HELD_SEEDS : TUNING_SEEDS).slice(0, SEAS)
const world: World = { coast: loadCoast() }
const verdicts: Verdict[] = []
for (const seed of seeds) {
  const sea = drawSea(seed)
  for (const source of SOURCES) {
    verdicts.push(judge(sea, source, seed, world))
    const { truths, found, falseEvents } = verdicts.at(-1)!
    say(`seed ${seed}, ${source.name}: ${found.length} of ${truths.length}, ${falseEvents.length} false`)
  }
}
// of held seeds only the figures: nothing is to be fitted to them
if (!holdsHeld(seeds)) {
  const at = (t: number | null | undefined) => (t == null ? '…' : new Date(t).toISOString().slice(8, 16))
  for (const { source, seed, missed, falseEvents, found } of verdicts) {
    const where = `seed ${seed}, ${source}`
    for (const { a, b, kind, from, to, what } of missed)
      say(`missed, ${where}: ${kind} ${a} ${b} ${at(from)} to ${at(to)}, ${what}`)
    for (const { event, what } of falseEvents)
      say(
        `false, ${where}: ${event.class} ${event.mmsi} ${String(event.details['others'])} ${at(event.start.t)} to ${at(event.end?.t)}, ${what}`,
      )
    for (const { truth, edges } of found)
      for (const { offMin, wasHeard, isInHole } of edges)
        if (Math.abs(offMin) > 5 && (wasHeard || !isInHole))
          say(
            `late, ${where}: ${truth.kind} ${truth.a} ${truth.b} ${at(truth.from)} to ${at(truth.to)} by ${offMin.toFixed(1)} min, ${truth.what}`,
          )
  }
}
const stops = seeds.map(seed => judgeSilent(seed, world))
const dark = seeds.map(seed => judgeDark(seed, world))
const text = [
  pageOf(verdicts),
  ...['### In the dark', rankedOf(stops.flatMap(({ ranked }) => ranked))],
  ...['### Both in the dark', pairsOf(dark, stops)],
].join('\n\n')
process.stdout.write(`${text}\n`)
if (values.seeds === undefined) {
  const set = values.held ? 'held' : 'tuning'
  const head = `\`npm run eval:meetings${values.held ? ' -- --held' : ''}\`, seeds ${seeds.join(', ')}.`
  writeFileSync(PAGE, intoPage(readFileSync(PAGE, 'utf8'), `meetings ${set}`, `${head}\n\n${text}`))
  say(`written: ${PAGE}`)
}
