// Two ships under one number, both at sea: a clone. Beside them one ship heard by two feeds of which one is late, and a
// number that is handed on when the first ship has gone.

import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import type { Family, Heard, Ship } from './family.js'
import { isUnderWay, sail, spanOf } from './ships.js'

const withMmsi = (messages: readonly Heard[], mmsi: number): Heard[] =>
  messages.map(message => ({ ...message, report: { ...message.report, mmsi } }) as Heard)

export const sharedMmsi: Family = {
  type: 'spoofing',
  class: 'shared_mmsi',
  lie(ship, random, fleet) {
    const span = spanOf(ship)
    if (span.to - span.from < MS_PER_HOUR / 2 || !isUnderWay(ship)) return null
    const others = fleet.filter(other => {
      const { from, to } = spanOf(other)
      const shared = Math.min(to, span.to) - Math.max(from, span.from)
      return other.mmsi !== ship.mmsi && shared > MS_PER_HOUR / 2 && isUnderWay(other) && isFar(ship, other)
    })
    if (others.length === 0) return null
    const other = random.pick(others)
    const theirs = spanOf(other)
    // of the other ship only its way is used: it sails under its own number too
    const way = other.messages.filter(({ kind }) => kind === 'position')
    const messages = [...ship.messages, ...withMmsi(way, ship.mmsi)]
    messages.sort((a, b) => a.receivedAt - b.receivedAt)
    return { messages, from: Math.max(span.from, theirs.from), to: Math.min(span.to, theirs.to) }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let mmsi = 219_900_001
    for (let k = 0; k < 5; k++) {
      // a second provider passes on everything, half an hour late, with its own time
      const at = random.pick(water.at)
      const plain = sail({ mmsi: mmsi++, kind: 'a late second feed', at, water, random, knots: [8, 16] })
      const late = random.between(10, 45) * MS_PER_MIN
      const again = plain.messages.flatMap((message): Heard[] => {
        if (message.kind === 'static' || !random.chance(0.1)) return []
        const t = message.report.t + late
        const report = { ...message.report, t, receivedAt: t, receiver: 'reseller', source: 'reseller' }
        return [{ ...message, receivedAt: t, receiver: 'reseller', report }]
      })
      ships.push({
        ...plain,
        messages: [...plain.messages, ...again].sort((a, b) => a.receivedAt - b.receivedAt),
      })
    }
    for (let k = 0; k < 5; k++) {
      // the number of a ship that has gone is another's hours later
      const number = mmsi++
      const middle = (water.start + water.end) / 2
      const [a, b] = [random.pick(water.at), random.pick(water.at)]
      const options = { mmsi: number, kind: 'a number handed on', water, random, knots: [8, 14] as const }
      const first = sail({ ...options, at: a, to: middle - 2 * MS_PER_HOUR })
      const second = sail({ ...options, at: b, from: middle + 6 * MS_PER_HOUR })
      ships.push({ ...first, messages: [...first.messages, ...second.messages] })
    }
    return ships
  },
}

/** Never within some miles of each other: who sails side by side looks like one ship. */
function isFar(a: Ship, b: Ship): boolean {
  const box = ({ messages }: Ship): [number, number, number, number] => {
    const fixes = messages.flatMap(({ kind, report }) =>
      kind === 'position' && report.lat !== undefined ? [report] : [],
    )
    const lats = fixes.map(({ lat }) => lat!)
    const lons = fixes.map(({ lon }) => lon!)
    const range = (of: number[]): [number, number] =>
      of.reduce(([lo, hi], x) => [Math.min(lo, x), Math.max(hi, x)], [Infinity, -Infinity])
    return [...range(lats), ...range(lons)]
  }
  const [south, north, west, east] = box(a)
  const [south2, north2, west2, east2] = box(b)
  const apart = 0.2
  return south > north2 + apart || south2 > north + apart || west > east2 + apart || west2 > east + apart
}
