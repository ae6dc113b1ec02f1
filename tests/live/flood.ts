// A flood of invented ships among real ones: is every real silence still found, and does memory stay within bounds?

import { encodePosition } from '../../src/ais/encode.js'
import { tagBlock } from '../../src/ais/sentences.js'
import { MS_PER_MIN } from '../../src/model/units.js'
import { feedOf, handSource, start, T0, type Running } from '../run/watch/helpers.js'

export interface FloodOptions {
  real: number
  fake: number
  capacity: number
}

export interface FloodOutcome {
  /** MMSIs of real ships that fell silent, and of those whose gap was told. */
  silent: number[]
  found: number[]
  running: Running
}

const REAL = 201_000_000
const FAKE = 601_000_000
const MINUTES = 150
const FLOOD_AT = 60

export async function flood({ real, fake, capacity }: FloodOptions): Promise<FloodOutcome> {
  const source = handSource()
  const running = await start({
    feeds: [feedOf(source)],
    rules: { config: { gap: { minGapHours: 0.5 }, engine: { capacity, silenceCapacity: 65_536 } } },
  })
  const silent = (k: number): boolean => k % 20 === 3
  for (let m = 0; m < MINUTES; m += 3) {
    let text = ''
    for (let k = 0; k < real; k++) {
      if (silent(k) && m > 30 + (k % 40)) continue
      const t = T0 + m * MS_PER_MIN + Math.floor((k / real) * 3 * MS_PER_MIN)
      const lat = -50 + (k % 100)
      text += `${tagBlock({ t })}${encodePosition({ mmsi: REAL + k, t, lat, lon: (k % 340) - 170 + m / 500, sog: 9, cog: 90 })}\n`
    }
    source.send(text)
    if (m !== FLOOD_AT) continue
    for (let n = 0; n < fake; n += 2000) {
      let lines = ''
      for (let k = n; k < Math.min(fake, n + 2000); k++) {
        const t = T0 + (m + 2 + k / fake) * MS_PER_MIN
        lines += `${tagBlock({ t })}${encodePosition({ mmsi: FAKE + k, t, lat: (k % 160) - 80, lon: (k % 350) - 175, sog: 5, cog: 0 })}\n`
      }
      source.send(lines)
    }
  }
  const gaps = running.outlet.told.filter(({ event }) => event.type === 'gap' && event.phase === 'opened')
  return {
    silent: Array.from({ length: real }, (_, k) => k)
      .filter(silent)
      .map(k => REAL + k),
    found: gaps.map(({ event }) => event.mmsi!).sort((a, b) => a - b),
    running,
  }
}
