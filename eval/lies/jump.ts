// A ship that says, from some minute on, that it is somewhere else, and goes on from there; or comes back after hours.
// Beside it those that seem to leap: bits flipped on the way, clocks of receivers hours off, fast craft, coarse places.

import { destination } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { changeReports, type Family, type Ship } from './family.js'
import { flipBit } from '../../src/simulate/transponder.js'
import { isUnderWay, sail, spanOf } from './ships.js'

const HEARD_MS = 5 * MS_PER_MIN
const HEARD_BEFORE = 5

/** The next minute at which it is heard, and has been a few times just before. */
function heardFrom({ messages }: Ship, from: number): number | null {
  const times = messages.flatMap(({ kind, report }) => (kind === 'position' ? [report.t] : []))
  const at = times.findIndex((t, k) => t >= from && t - (times[k - HEARD_BEFORE] ?? -Infinity) <= HEARD_MS)
  return times[at] ?? null
}

export const jump: Family = {
  type: 'spoofing',
  class: 'jump',
  lie(ship, random) {
    const span = spanOf(ship)
    const hours = (span.to - span.from) / MS_PER_HOUR
    if (hours < 0.5 || ship.messages.length < 60 || !isUnderWay(ship)) return null
    // while it is heard: over a silence it may have sailed there
    const from = heardFrom(ship, span.from + random.between(0.2, 0.5) * (span.to - span.from))
    if (from === null) return null
    // for good, or for some time
    const to = random.chance(0.5)
      ? span.to
      : Math.min(span.to, from + random.between(0.15, 0.4) * hours * MS_PER_HOUR)
    const nm = random.between(15, 400)
    const bearing = random.between(0, 360)
    const messages = changeReports(ship.messages, report => {
      if (report.t < from || report.t >= to || report.lat === undefined) return report
      return { ...report, ...destination(report.lat, report.lon!, bearing, nm * M_PER_NM) }
    })
    return { messages, from, to }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let mmsi = 211_900_001
    const at = () => random.pick(water.at)
    for (let k = 0; k < 6; k++) {
      // one bit of a coordinate, now and then
      const plain = sail({ mmsi: mmsi++, kind: 'bit errors', at: at(), water, random, knots: [8, 14] })
      const messages = changeReports(plain.messages, report => {
        if (!random.chance(0.003)) return report
        const field = random.chance(0.5) ? 'lat' : 'lon'
        return { ...report, [field]: flipBit(report[field]!, 8 + random.below(16)) }
      })
      ships.push({ ...plain, messages })
    }
    for (let k = 0; k < 4; k++) {
      // two stations, of which one is minutes slow and stamps its own time
      const plain = sail({ mmsi: mmsi++, kind: 'a slow clock', at: at(), water, random, knots: [10, 20] })
      const slowMs = random.between(1, 9) * MS_PER_MIN
      const messages = plain.messages
        .map(message => {
          if (message.kind === 'static' || random.chance(0.6)) return message
          const { report } = message
          const t = report.t + slowMs
          return { ...message, receivedAt: t, receiver: 'slow', report: { ...report, t, receiver: 'slow' } }
        })
        .sort((a, b) => a.receivedAt - b.receivedAt)
      ships.push({ ...plain, messages })
    }
    for (let k = 0; k < 4; k++)
      ships.push(
        sail({ mmsi: mmsi++, kind: 'fast craft', at: at(), water, random, knots: [35, 48], shipType: 40 }),
      )
    for (let k = 0; k < 4; k++) {
      // a place in tenths of a minute, every three minutes
      const plain = sail({ mmsi: mmsi++, kind: 'message 27', at: at(), water, random, knots: [8, 14] })
      let last = -Infinity
      const coarse = (deg: number): number => Math.round(deg * 600) / 600
      const messages = changeReports(plain.messages, report => {
        if (report.t < last + 3 * MS_PER_MIN) return null
        last = report.t
        const { mmsi: number, t, lat, lon, sog, cog } = report
        return {
          mmsi: number,
          t,
          lat: coarse(lat!),
          lon: coarse(lon!),
          sog: Math.round(sog!),
          cog: Math.round(cog!) % 360,
          msgType: 27,
          txClass: 'A',
        }
      })
      ships.push({ ...plain, messages })
    }
    return ships
  },
}
