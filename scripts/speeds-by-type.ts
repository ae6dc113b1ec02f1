// How fast ships of each type go: the figures behind the floors of configuration `reach`, in docs/detection.md.
//   node scripts/compiled.mjs scripts/speeds-by-type FILE…
// Of every ship the 95th percentile of its speeds of 2 kn and more, five of them at least; of every type the 50th, 95th, 99th
// percentile and the largest of these.

import { createSourceCounts } from '../src/model/stats.js'
import { createWords } from '../src/model/words.js'
import { openFiles, recognise } from '../src/sources/open.js'

const GROUPS: Record<string, number[]> = {
  fishing: [30],
  'towing, dredging, diving, tugs': [31, 32, 33, 34, 52],
  sailing: [36],
  'cargo 70–79': range(70, 79),
  'tankers 80–89': range(80, 89),
  'passenger 60–69': range(60, 69),
  'pleasure craft': [37],
  'pilots, rescue, police, naval': [35, 50, 51, ...range(53, 59)],
  'high-speed, wing-in-ground': [...range(20, 29), ...range(40, 49)],
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, k) => from + k)
}

/** The smallest value that a share of all do not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

const words = createWords()
const speeds = new Map<number, number[]>()
const types = new Map<number, number>()
for (const input of openFiles(process.argv.slice(2))) {
  const recognised = await recognise(input)
  await recognised.read({
    ...{ words, name: input.name, counts: createSourceCounts() },
    onBatch({ length, mmsi, sog, statics }) {
      for (let i = 0; i < length; i++) {
        const type = words.statics.get(statics[i]!)?.shipType
        if (type !== undefined) types.set(mmsi[i]!, type)
        if (!(sog[i]! >= 2 && sog[i]! < 102)) continue
        const own = speeds.get(mmsi[i]!)
        if (own) own.push(sog[i]!)
        else speeds.set(mmsi[i]!, [sog[i]!])
      }
    },
  })
}

const groupOf = (type: number | undefined) =>
  Object.keys(GROUPS).find(name => type !== undefined && GROUPS[name]!.includes(type)) ?? 'other or none'
const tops = new Map<string, number[]>()
for (const [mmsi, own] of speeds) {
  if (own.length < 5) continue
  const group = groupOf(types.get(mmsi))
  const top = quantile(
    own.sort((a, b) => a - b),
    0.95,
  )
  tops.set(group, [...(tops.get(group) ?? []), top])
}
for (const [group, list] of [...tops].sort()) {
  list.sort((a, b) => a - b)
  const figures = [0.5, 0.95, 0.99, 1].map(share => quantile(list, share).toFixed(1).padStart(6))
  console.log(`${group.padEnd(32)} ${String(list.length).padStart(5)} ships ${figures.join(' ')} kn`)
}
