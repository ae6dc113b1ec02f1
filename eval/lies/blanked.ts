// A ship that told its names and sends them empty from then on. Beside it those whose names are only missing: told in
// halves, dropped by a provider, lost by a feed for all at once, empty while a set starts, never heard.

import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import type { StaticReport } from '../../src/model/report.js'
import type { Family, Heard, Ship } from './family.js'
import { changeStatics, silentFrom, turningPoint } from './identity.js'
import { sail, spanOf } from './ships.js'

const blank = ({ mmsi, t }: StaticReport): StaticReport => ({ mmsi, t, blank: true })

export const blanked: Family = {
  type: 'identity',
  class: 'blanked',
  lie(ship, random) {
    const at = turningPoint(ship, random)
    if (at === null) return null
    const { messages, from } = silentFrom(ship.messages, at, random)
    return {
      messages: changeStatics(messages, report => (report.t < at ? report : blank(report))),
      ...{ from, to: spanOf(ship).to },
    }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let mmsi = 265_900_001
    const plain = (kind: string): Ship =>
      sail({ mmsi: mmsi++, kind, at: random.pick(water.at), water, random, knots: [6, 14] })
    const middle = () => water.start + random.between(0.2, 0.7) * (water.end - water.start)
    const made = (ship: Ship, change: (report: StaticReport, n: number) => StaticReport | null): void => {
      let n = 0
      ships.push({ ...ship, messages: changeStatics(ship.messages, report => change(report, n++)) })
    }
    for (let k = 0; k < 4; k++)
      made(plain('halves'), ({ mmsi: number, t, name, callsign, shipType }, n) =>
        n % 2 === 0
          ? { mmsi: number, t, ...(name && { name }) }
          : { mmsi: number, t, callsign: callsign!, shipType: shipType! },
      )
    for (let k = 0; k < 4; k++) {
      // from some time on only a provider is heard that leaves out names
      const from = middle()
      made(plain('a provider without names'), report =>
        report.t < from ? report : { mmsi: report.mmsi, t: report.t, shipType: report.shipType! },
      )
    }
    for (let k = 0; k < 4; k++) {
      // a second provider sends messages anew, names empty; the ship's own are heard now and then
      const ship = plain('a provider that blanks')
      const again = ship.messages.flatMap((message): Heard[] => {
        if (message.kind === 'position') return []
        const t = message.report.t + 2000
        return [{ ...message, receivedAt: t, receiver: 'reseller', report: { ...blank(message.report), t } }]
      })
      const own = changeStatics(ship.messages, report => (random.chance(0.5) ? report : null))
      ships.push({ ...ship, messages: [...own, ...again].sort((a, b) => a.receivedAt - b.receivedAt) })
    }
    for (let k = 0; k < 3; k++) {
      // a set that starts: a few empty messages, then its names again
      const from = middle()
      made(plain('a set that starts'), report =>
        report.t >= from && report.t < from + random.between(6, 20) * MS_PER_MIN ? blank(report) : report,
      )
    }
    for (let k = 0; k < 3; k++) made(plain('nameless'), report => blank(report))
    // a feed loses the names of all that it hears
    const from = middle()
    for (let k = 0; k < 6; k++) {
      const lag = random.between(0, 0.1) * MS_PER_HOUR
      made(plain('a feed that lost its names'), report => (report.t < from + lag ? report : blank(report)))
    }
    return ships
  },
}
