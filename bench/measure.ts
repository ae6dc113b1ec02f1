// Pieces of work, timed in turn after a warm-up, each said as a rate: median and best run by the clock, and by CPU time,
// since machines are shared and CPU time drifts less.

import { Bench } from 'tinybench'
import { digits, median, say } from './figures.js'

export interface Work {
  name: string
  /** What one run handles, and how many. */
  unit: string
  count: number
  run: () => void | Promise<void>
}

/** Runs each piece `rounds` times after one warm-up and says a figure for it. */
export async function measure(title: string, works: Work[], rounds = 5): Promise<void> {
  console.log(`\n${title}`)
  const bench = new Bench({ iterations: rounds, time: 0, warmupIterations: 1, warmupTime: 0, throws: true })
  const cpu = new Map<string, number[]>()
  for (const { name, run } of works) {
    const spent: number[] = []
    cpu.set(name, spent)
    bench.add(name, async () => {
      const before = process.cpuUsage()
      await run()
      const { user, system } = process.cpuUsage(before)
      spent.push((user + system) / 1000)
    })
  }
  await bench.run()
  for (const { name, unit, count } of works) {
    const result = bench.tasks.find(task => task.name === name)!.result
    if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`)
    const { p50, min } = result.latency
    const [, ...spent] = cpu.get(name)!
    const rate = (ms: number) => count / ms / 1000
    say(
      name,
      rate(p50),
      `M ${unit}/s`,
      `best ${digits(rate(min))}, by CPU time ${digits(rate(median(spent)))}`,
    )
  }
}
