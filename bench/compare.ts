// npm run bench:compare A B: what changed between two runs that bench/results/ keeps. A run is named by its file, or by
// any part of the file's name that no other has, such as the commit.

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { digits, type Figure } from './figures.js'

/** One run of `npm run bench`, as its file holds it. */
export interface Run {
  /** `date, commit, Node, machine, load`. */
  about: string
  /** The same without date, commit and load: what must be alike for a comparison. */
  machine: string
  figures: Map<string, Figure>
}

/**
 * @param text a line of JSON with `about` and `machine` for each run, then one for each figure; of those said twice the last holds
 * @throws Error when it is no such file
 */
export function readRun(text: string): Run {
  let head: Pick<Run, 'about' | 'machine'> | undefined
  const figures = new Map<string, Figure>()
  for (const line of text.trim().split('\n')) {
    const said = JSON.parse(line) as Figure | Pick<Run, 'about' | 'machine'>
    if ('about' in said) head = said
    else figures.set(said.name, said)
  }
  if (!head) throw new Error('no results of a bench')
  return { ...head, figures }
}

/** How many times as good B is: 2 for twice the rate or half the time. */
export const gain = (a: Figure, b: Figure): number =>
  a.unit.endsWith('/s') || a.unit.endsWith('/CPU s') ? b.value / a.value : a.value / b.value

/** The comparison as lines, those that changed most first; figures that one of the two lacks at the end. */
export function compare(a: Run, b: Run): string[] {
  const both = [...a.figures.values()].filter(({ name, unit }) => b.figures.get(name)?.unit === unit)
  const rows = both.map(was => ({
    was,
    is: b.figures.get(was.name)!,
    times: gain(was, b.figures.get(was.name)!),
  }))
  rows.sort((x, y) => Math.abs(Math.log(y.times)) - Math.abs(Math.log(x.times)))
  const width = Math.max(...both.map(({ name }) => name.length), 0)
  const onlyIn = (run: Run, other: Run, which: string) =>
    [...run.figures.values()]
      .filter(({ name, unit }) => other.figures.get(name)?.unit !== unit)
      .map(({ name, value, unit }) => `only in ${which}: ${name}  ${digits(value)} ${unit}`)
  return [
    `A: ${a.about}`,
    `B: ${b.about}`,
    ...(a.machine === b.machine ? [] : ['Another machine or Node: the ratios say nothing of the code.']),
    '',
    ...rows.map(
      ({ was, is, times }) =>
        `${was.name.padEnd(width)} ${digits(was.value).padStart(9)} → ${digits(is.value).padStart(9)} ${was.unit}  ` +
        `${times.toFixed(2)} times as good`,
    ),
    ...onlyIn(a, b, 'A'),
    ...onlyIn(b, a, 'B'),
  ]
}

/** @throws Error when none or several fit */
export function fileOf(name: string, files: readonly string[]): string {
  const fitting = files.filter(file => file === basename(name) || file.includes(name))
  if (fitting.length === 1) return fitting[0]!
  if (fitting.length === 0)
    throw new Error(`${name}: no such results; there are ${files.join(', ') || 'none'}`)
  throw new Error(`${name}: which of ${fitting.join(', ')}?`)
}

function main([a, b, ...more]: string[]): void {
  const folder = join('bench', 'results')
  const files = readdirSync(folder).filter(file => file.endsWith('.jsonl'))
  if (a === undefined || b === undefined || more.length > 0) {
    console.error(`usage: npm run bench:compare A B, two of ${files.join(', ') || 'none yet'}`)
    process.exitCode = 2
    return
  }
  try {
    const [was, is] = [a, b].map(name => readRun(readFileSync(join(folder, fileOf(name, files)), 'utf8')))
    console.log(compare(was!, is!).join('\n'))
  } catch (error) {
    console.error(`bench:compare: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
