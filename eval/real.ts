// Real traffic with a truth of our own: silences cut out of tracks that have none, messages, receivers and whole hours
// taken away. What the files hold of silences by nature is unlabelled (most are the receivers' or the excerpt's doing),
// so of those only the number of accusations is told.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { isStaticOnly, copyRow, createBatch, type ReportBatch } from '../src/model/batch.js'
import { createSourceCounts } from '../src/model/stats.js'
import { MS_PER_HOUR } from '../src/model/units.js'
import { createWords, type Words } from '../src/model/words.js'
import { createSorter } from '../src/run/spill.js'
import type { TrueSilence } from '../src/simulate/causes.js'
import { createRandom, seedOf, type Random } from '../src/simulate/random.js'
import { recognise } from '../src/sources/open.js'
import { createMatcher } from './match.js'
import { rate, type Rate } from './metrics.js'
import { detectOn, type World } from './week.js'

/** A file, and the silences that fit into it. */
export interface RealFile {
  name: string
  title: string
  /** Threshold for this file: an excerpt of an hour holds no silence of six. */
  minGapHours: number
  cutHours: readonly [min: number, max: number]
  cuts: number
  /** A track is cut where it has no hole longer than this, from so many hours before the cut to as many after. */
  maxHoleHours: number
  leadHours: number
  outageHours: number
}

export const REAL_FILES: readonly RealFile[] = [
  {
    name: 'dataset1_truth.csv.gz',
    title: 'NOAA, a day of the US coasts, a report per half hour',
    minGapHours: 6,
    cutHours: [7, 12],
    cuts: 60,
    maxHoleHours: 1.5,
    leadHours: 3,
    outageHours: 8,
  },
  {
    name: 'gfw_pelagos_4vessels_2012.csv.gz',
    title: 'four fishing vessels, a year, early satellites',
    minGapHours: 6,
    cutHours: [14, 40],
    cuts: 12,
    maxHoleHours: 8,
    leadHours: 24,
    outageHours: 24,
  },
  {
    name: 'aisanalyze_northsea_1h_2022-11-01.csv.gz',
    title: 'DMA, an hour of the North Sea at full rate',
    minGapHours: 0.25,
    cutHours: [0.3, 0.4],
    cuts: 20,
    maxHoleHours: 0.1,
    leadHours: 0.15,
    outageHours: 0.35,
  },
  {
    name: 'stonesoup_SolentAIS_20160112.csv.gz',
    title: 'the Solent, 84 minutes at full rate',
    minGapHours: 0.25,
    cutHours: [0.3, 0.5],
    cuts: 12,
    maxHoleHours: 0.1,
    leadHours: 0.2,
    outageHours: 0.4,
  },
]

/** Files of the same folder that hold no silence to cut, and why. */
export const TOO_SHORT: Readonly<Record<string, string>> = {
  'marinecadastre_2022-01-03_first99999.csv.gz': '25 minutes of all the US coasts: too short for any silence',
  'noaa_1000rows_20230111.csv': 'a row per vessel: nothing to cut',
}

export interface RealResult {
  file: string
  /** What was taken away; `nothing` is the file as it is. */
  injected: 'nothing' | 'silences' | 'messages' | 'receiver' | 'hours'
  gaps: number
  /** Of the silences cut out: told as a gap, and accused. */
  found: Rate
  accused: Rate
  /** Accusations of anything else. */
  otherAccusations: number
  /** Mean score of the gaps that were cut out, and of all others. */
  scoreInjected: number
  scoreOthers: number
}

/** @returns null when the file is not there */
export async function realFile(
  folder: string,
  file: RealFile,
  seeds: readonly number[],
  world: World,
): Promise<RealResult[] | null> {
  const path = resolve(folder, file.name)
  if (!existsSync(path)) return null
  const { words, batches } = await readSorted(path)
  const tracks = tracksOf(batches)
  const out: RealResult[] = []
  const run = (injected: RealResult['injected'], removals: Removal[]): void => {
    if (removals.length === 0) return
    const parts = removals.map(removal => {
      const { events, newest } = detectOn(without(batches, removal.gone), words, {
        ...world,
        config: { gap: { minGapHours: file.minGapHours }, engine: { capacity: 16_384 } },
      })
      const matcher = createMatcher(removal.silences)
      const gaps = events.filter(({ type }) => type === 'gap')
      return { removal, gaps: gaps.map(event => ({ event, truth: matcher.silenceOf(event, newest) })) }
    })
    const gaps = parts.flatMap(part => part.gaps)
    const truths = removals.reduce((n, { silences }) => n + silences.length, 0)
    const hits = gaps.filter(({ truth }) => truth)
    const others = gaps.filter(({ truth }) => !truth)
    const isAccused = ({ event }: (typeof gaps)[number]): boolean => event.class === 'likely_disabled'
    const distinct = (of: typeof gaps): number => new Set(of.map(({ truth }) => truth)).size
    const meanScore = (of: typeof gaps): number => of.reduce((n, { event }) => n + event.score, 0) / of.length
    out.push({
      file: file.name,
      injected,
      gaps: gaps.length,
      found: rate(distinct(hits), truths),
      accused: rate(distinct(hits.filter(isAccused)), truths),
      otherAccusations: others.filter(isAccused).length,
      scoreInjected: meanScore(hits),
      scoreOthers: meanScore(others),
    })
  }
  run('nothing', [{ gone: () => false, silences: [] }])
  run(
    'silences',
    seeds.map(seed => cutSilences(tracks, file, createRandom(seedOf(seed, 'cut', file.name)))),
  )
  run(
    'messages',
    seeds.map(seed => singleMessages(createRandom(seedOf(seed, 'messages', file.name)))),
  )
  run('receiver', aReceiver(batches))
  run(
    'hours',
    seeds.map(seed => wholeHours(tracks, file, createRandom(seedOf(seed, 'hours', file.name)))),
  )
  return out
}

/** Rows that are taken away, and the silences that this makes. */
interface Removal {
  gone: (batch: ReportBatch, i: number) => boolean
  silences: TrueSilence[]
}

export async function readSorted(path: string): Promise<{ words: Words; batches: ReportBatch[] }> {
  const words = createWords()
  const sorter = createSorter({ words })
  try {
    const input = await recognise({ name: path, path })
    await input.read({ words, name: path, counts: createSourceCounts(), onBatch: batch => sorter.add(batch) })
    const batches = Array.from(sorter.sorted(), ({ batch, order }) => {
      const n = order?.length ?? batch.length
      const kept = createBatch(words, n)
      for (let k = 0; k < n; k++) copyRow(batch, order ? order[k]! : k, kept, kept.length++)
      kept.validated = batch.validated
      return kept
    })
    return { words, batches }
  } finally {
    sorter.dispose()
  }
}

interface Position {
  t: number
  underWay: boolean
}

/** Positions of each ship, in order. */
function tracksOf(batches: readonly ReportBatch[]): Map<number, Position[]> {
  const tracks = new Map<number, Position[]>()
  for (const batch of batches) {
    for (let i = 0; i < batch.length; i++) {
      if (isStaticOnly(batch.msgType[i]!)) continue
      const position = { t: batch.t[i]!, underWay: batch.sog[i]! > 1 }
      const track = tracks.get(batch.mmsi[i]!)
      if (track) track.push(position)
      else tracks.set(batch.mmsi[i]!, [position])
    }
  }
  return tracks
}

/** Ships under way that are heard all along: their sets are switched off for a while. */
function cutSilences(tracks: ReadonlyMap<number, Position[]>, file: RealFile, random: Random): Removal {
  const leadMs = file.leadHours * MS_PER_HOUR
  const silences: TrueSilence[] = []
  const cutOf = new Map<number, { from: number; to: number }[]>()
  const ships = [...tracks.keys()]
  for (let tries = 0; tries < 40 * file.cuts && silences.length < file.cuts; tries++) {
    const mmsi = random.pick(ships)
    const track = tracks.get(mmsi)!
    const cutMs = random.between(...file.cutHours) * MS_PER_HOUR
    const first = track[0]!.t + leadMs
    const last = track[track.length - 1]!.t - leadMs - cutMs
    if (!(last > first)) continue
    const begin = random.between(first, last)
    const near = track.filter(({ t }) => t >= begin - leadMs && t <= begin + cutMs + leadMs)
    if (near.length < 6 || !near.every(({ underWay }) => underWay)) continue
    const around = near.map(({ t }) => t)
    const holes = around.map((t, i) => t - (around[i - 1] ?? begin - leadMs))
    if (Math.max(...holes) > file.maxHoleHours * MS_PER_HOUR) continue
    const from = around.findLast(t => t <= begin)
    const to = around.find(t => t >= begin + cutMs)
    if (from === undefined || to === undefined || to - from <= file.minGapHours * MS_PER_HOUR) continue
    const cuts = cutOf.get(mmsi) ?? []
    if (cuts.some(cut => from < cut.to + leadMs && to > cut.from - leadMs)) continue
    cutOf.set(mmsi, [...cuts, { from, to }])
    const missed = around.filter(t => t > from && t < to).length
    silences.push({ mmsi, from, to, durationMs: to - from, cause: 'disabled', off: 1, missed, story: null })
  }
  return {
    silences,
    gone: (batch, i) =>
      cutOf.get(batch.mmsi[i]!)?.some(({ from, to }) => batch.t[i]! > from && batch.t[i]! < to) ?? false,
  }
}

/** Every second message is lost. */
const singleMessages = (random: Random): Removal => ({ silences: [], gone: () => random.chance(0.5) })

/** Where the file has several: the one that heard most falls silent. */
function aReceiver(batches: readonly ReportBatch[]): Removal[] {
  const heard = new Map<number, number>()
  for (const batch of batches) {
    for (let i = 0; i < batch.length; i++) {
      const receiver = batch.receiver[i]!
      if (receiver !== 0) heard.set(receiver, (heard.get(receiver) ?? 0) + 1)
    }
  }
  if (heard.size < 2) return []
  const [loudest] = [...heard].reduce((a, b) => (b[1] > a[1] ? b : a))
  return [{ silences: [], gone: (batch, i) => batch.receiver[i] === loudest }]
}

/** Nothing is heard of anybody for some hours. */
function wholeHours(tracks: ReadonlyMap<number, Position[]>, file: RealFile, random: Random): Removal {
  let first = Infinity
  let last = -Infinity
  for (const track of tracks.values()) {
    first = Math.min(first, track[0]!.t)
    last = Math.max(last, track[track.length - 1]!.t)
  }
  const longMs = file.outageHours * MS_PER_HOUR
  const from = random.between(first + (last - first) * 0.3, last - (last - first) * 0.1 - longMs)
  return { silences: [], gone: (batch, i) => batch.t[i]! >= from && batch.t[i]! < from + longMs }
}

function without(batches: readonly ReportBatch[], gone: Removal['gone']): ReportBatch[] {
  return batches.map(batch => {
    const kept = createBatch(batch.words, Math.max(1, batch.length))
    for (let i = 0; i < batch.length; i++) if (!gone(batch, i)) copyRow(batch, i, kept, kept.length++)
    kept.validated = batch.validated
    return kept
  })
}
