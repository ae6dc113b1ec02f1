// npm run eval:scenes: pictures from above, and what is said of them.
//
//   npm run eval:scenes                    the tuning seeds; writes its part of docs/evaluation.md
//   npm run eval:scenes -- --held          the same on seeds that nothing was fitted to
//   npm run eval:scenes -- --seeds 3,4     a look, nothing is written
//   npm run eval:scenes -- --motion        the density of places against real tracks that were thinned (../shared)
//   npm run eval:scenes -- --fit           fits the ways of moving to half of the vessels of these, and prints them

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { intoPage } from '../page.js'
import { HELD_SEEDS, TUNING_SEEDS } from '../seeds.js'
import { judgeSea, type Outcome } from './judge.js'
import { fitModes, motionPage } from './motion.js'
import { pageOf } from './page.js'
import { KINDS, seaOf, type Setting } from './sea.js'

const PAGE = 'docs/evaluation.md'
const SEEDS = 3

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    held: { type: 'boolean', default: false },
    motion: { type: 'boolean', default: false },
    fit: { type: 'boolean', default: false },
  },
})

/** Each kind of sea with each number of ships, cadence and error, but those that make no sea: 2,000 at full noise and so on. */
function settings(): Setting[] {
  const all: Setting[] = []
  for (const kind of KINDS)
    for (const cadenceMin of [2, 10, 30, 60, 120])
      for (const [vessels, noiseM] of [
        [10, 50],
        [100, 20],
        [100, 150],
        [400, 50],
        [400, 500],
        [2000, 100],
      ] as const)
        all.push({ kind, cadenceMin, vessels, noiseM })
  return all
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

if (values.fit) say(await fitModes())
else if (values.motion) {
  const text = await motionPage()
  say(text)
  if (!values.seeds) writeFileSync(PAGE, intoPage(readFileSync(PAGE, 'utf8'), 'scenes motion', text))
} else {
  const seeds =
    values.seeds?.split(',').map(Number) ?? (values.held ? HELD_SEEDS : TUNING_SEEDS).slice(0, SEEDS)
  const outcomes = settings().flatMap(setting =>
    // few ships make few detections: more pictures of these
    seeds.flatMap(seed =>
      Array.from(
        { length: Math.max(1, Math.round(400 / setting.vessels)) },
        (_, k): { setting: Setting; outcome: Outcome } => ({
          setting,
          outcome: judgeSea(seaOf(1000 * k + seed, setting)),
        }),
      ),
    ),
  )
  const text = pageOf(outcomes)
  say(text)
  if (values.seeds === undefined) {
    const set = values.held ? 'held' : 'tuning'
    const head = `\`npm run eval:scenes${values.held ? ' -- --held' : ''}\`, seeds ${seeds.join(', ')}.`
    writeFileSync(PAGE, intoPage(readFileSync(PAGE, 'utf8'), `scenes ${set}`, `${head}\n\n${text}`))
  }
}
