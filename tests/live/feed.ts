// A feed to be watched: sentences of a fleet with TAG times, in order, with ships that fall silent, jump and speak twice.
// Seeded, so that two runs see the same.

import { closeSync, openSync, writeSync } from 'node:fs'
import { encodePosition, encodeStatic5 } from '../../src/ais/encode.js'
import { tagBlock } from '../../src/ais/sentences.js'
import { MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'

export const FEED_T0 = Date.UTC(2024, 0, 15)

export interface FeedOptions {
  vessels: number
  /** Sentences, about. */
  lines: number
  /** Event time from the first to the last. */
  minutes: number
  seed?: number
}

/** @returns sentences written */
export function writeFeed(path: string, { vessels, lines, minutes, seed = 1 }: FeedOptions): number {
  const random = lehmer(seed)
  const span = minutes * MS_PER_MIN
  const fleet = Array.from({ length: vessels }, (_, k) => {
    const silent = k % 12 === 5
    const from = silent ? span * (0.1 + 0.3 * random()) : Infinity
    return {
      mmsi: 201_000_000 + k * 37,
      lat: -60 + 120 * random(),
      lon: -175 + 350 * random(),
      dLat: (random() - 0.5) * 1e-4,
      dLon: (random() - 0.5) * 1e-4,
      from,
      to: from + span * (0.3 + 0.2 * random()),
      jumps: k % 40 === 7,
      /** A second hull uses the number. */
      shared: k % 40 === 9,
    }
  })
  const fd = openSync(path, 'w')
  const every = span / (lines / vessels) // ms between two reports of one ship
  const rounds = Math.floor(span / every)
  let text = ''
  let count = 0
  for (let round = 0; round < rounds; round++) {
    for (const [k, ship] of fleet.entries()) {
      const t = FEED_T0 + Math.floor((round + k / vessels) * every)
      if (t - FEED_T0 >= ship.from && t - FEED_T0 < ship.to) continue
      const away = ship.jumps && round % 50 > 25 ? 30 : 0
      const report = {
        mmsi: ship.mmsi,
        t,
        lat: Math.max(-80, Math.min(80, ship.lat + ship.dLat * round + away)),
        lon: ship.lon + ship.dLon * round,
        sog: 8 + (k % 7),
        cog: (k * 7) % 360,
        utcSecond: Math.floor(t / MS_PER_S) % 60,
      }
      const heard = Math.floor(t / MS_PER_S) * MS_PER_S
      const tag = tagBlock({ t: heard, station: `station${k % 5}` })
      text += `${tag}${encodePosition(report)}\n`
      count++
      if (round % 40 === k % 40) {
        const data = { mmsi: ship.mmsi, name: `SHIP ${k}`, callsign: `C${k}`, shipType: 70 }
        for (const sentence of encodeStatic5(data, k % 10)) text += `${tag}${sentence}\n`
      }
      if (ship.shared) {
        const other = { ...report, lat: -report.lat, sog: 3 }
        text += `${tagBlock({ t: heard, station: 'station8' })}${encodePosition(other)}\n`
      }
      // heard by another station as well
      if (k % 9 === 0) text += `${tagBlock({ t: heard, station: 'station9' })}${encodePosition(report)}\n`
    }
    if (text.length > 1 << 20) {
      writeSync(fd, text)
      text = ''
    }
  }
  writeSync(fd, text)
  closeSync(fd)
  return count
}

function lehmer(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
