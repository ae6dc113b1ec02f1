// One way to say a figure: a line for people, and, where `npm run bench` asks for it, one of JSON for bench/compare.

import { appendFileSync, existsSync, readFileSync } from 'node:fs'

export interface Figure {
  /** What was measured, the same words in every run. */
  name: string
  value: number
  /** Of a rate it ends in `/s` or `/CPU s`: more is better. Of anything else less is. */
  unit: string
}

/** Where figures are kept: a path, set by scripts/bench.mjs. */
const FILE = process.env['BENCH_FIGURES']
const NAME_WIDTH = 72

/** Four digits, the last of them the doubtful one. */
export const digits = (value: number): string =>
  Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4)

/** @param note more of the same measurement, for people alone */
export function say(name: string, value: number, unit: string, note = ''): void {
  console.log(`  ${name.padEnd(NAME_WIDTH)} ${digits(value).padStart(8)} ${unit}${note && `   ${note}`}`)
  if (FILE) appendFileSync(FILE, `${JSON.stringify({ name, value, unit } satisfies Figure)}\n`)
}

/** The middle one of an odd number of values, of an even number the upper of the two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

/** User and system time of all threads that the work took, ms. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Of the main thread alone; the compiler and the collector have threads of their own. */
const SCHEDSTAT = `/proc/self/task/${process.pid}/schedstat`

/** CPU time of the main thread since it began, ns; that of all threads where the system does not tell. */
export function threadCpuNs(): number {
  if (existsSync(SCHEDSTAT)) return Number(readFileSync(SCHEDSTAT, 'utf8').split(' ')[0])
  const { user, system } = process.cpuUsage()
  return 1000 * (user + system)
}
