// A ship that sends recorded positions: its own of some hours ago, or those of another ship, where they were or moved by one
// vector; both the record and what is sent again have holes. Beside it feeds that deliver again under a new date, clocks
// that are hours off, ferries that keep to one line and one timetable, one hull with two sets, and a set that is stuck.

import { destination, interpolate } from '../../src/geo/distance.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import { toSteps } from '../../src/simulate/transponder.js'
import { changeReports, type Family, type Heard, type Lie, type Ship, type Water } from './family.js'
import { isUnderWay, sail, spanOf, transmit } from './ships.js'

const MIN_FIXES = 150
const MOVING_KN = 4

const inTime = (messages: readonly Heard[], from: number, to: number): Heard[] =>
  messages.filter(({ report }) => report.t >= from && report.t < to)

/** The positions again, each transmission as much later, as another ship, elsewhere; some of them lost. */
function again(
  messages: readonly Heard[],
  change: { mmsi: number; lagMs: number; lat?: number; lon?: number; lost: number },
  random: Random,
): Heard[] {
  const { mmsi, lagMs, lat = 0, lon = 0, lost } = change
  const positions = messages.filter(({ kind }) => kind === 'position')
  const sent = changeReports(positions, report => {
    if (random.chance(lost)) return null
    const t = report.t + lagMs + Math.round(random.between(0, 1) * MS_PER_S)
    return {
      ...{ ...report, mmsi, t },
      ...(report.utcSecond !== undefined && { utcSecond: Math.floor(t / MS_PER_S) % 60 }),
      ...(report.lat !== undefined && { lat: report.lat + lat, lon: report.lon! + lon }),
    }
  })
  return sent.map((message): Heard => {
    const receivedAt = message.report.t + 500
    return { ...message, receivedAt, report: { ...message.report, receivedAt } } as Heard
  })
}

const lose = (messages: readonly Heard[], share: number, random: Random): Heard[] =>
  changeReports(messages, report => (random.chance(share) ? null : report))

/** A stretch of a ship's way worth to be sent again. */
function stretchOf(ship: Ship, from: number, to: number, hours: number, random: Random): Heard[] | null {
  const start = random.between(from, Math.max(from, to - hours * MS_PER_HOUR))
  const messages = inTime(ship.messages, start, start + hours * MS_PER_HOUR)
  const times = new Set(
    messages.flatMap(({ kind, report }) =>
      kind === 'position' && report.sog! >= MOVING_KN ? [report.t] : [],
    ),
  )
  return times.size >= MIN_FIXES ? messages : null
}

function laid(sent: Heard[], kept: readonly Heard[]): Lie {
  const from = sent[0]!.report.t
  const to = sent[sent.length - 1]!.report.t
  const others = kept.filter(({ kind, report }) => kind === 'static' || report.t < from || report.t > to)
  const messages = [...others, ...sent].sort((a, b) => a.report.t - b.report.t)
  return { messages, from, to }
}

export const replay: Family = {
  type: 'spoofing',
  class: 'replay',
  lie(ship, random, fleet) {
    const span = spanOf(ship)
    const hours = (span.to - span.from) / MS_PER_HOUR
    if (hours < 0.9 || !isUnderWay(ship)) return null
    const lost = () => random.between(0.1, 0.4)
    if (hours > 12 && random.chance(0.5)) {
      const lagMs = random.between(7, hours - 4) * MS_PER_HOUR
      const recorded = stretchOf(ship, span.from, span.to - lagMs, random.between(1.5, 4), random)
      if (!recorded) return null
      const sent = again(recorded, { mmsi: ship.mmsi, lagMs, lost: lost() }, random)
      return laid(sent, lose(ship.messages, lost(), random))
    }
    // of another ship, that has its own way at the time
    const lagMs = random.between(0.3, Math.max(0.42 * hours, 0.31)) * MS_PER_HOUR
    const long = Math.min(random.between(1.5, 4), 0.55 * hours)
    for (let tries = 0; tries < 20; tries++) {
      const other = random.pick(fleet)
      const theirs = spanOf(other)
      const from = Math.max(span.from - lagMs, theirs.from)
      const recorded =
        other.mmsi !== ship.mmsi && stretchOf(other, from, Math.min(theirs.to, span.to - lagMs), long, random)
      if (!recorded) continue
      const isShifted = random.chance(0.5) && recorded.some(({ report }) => 'cog' in report)
      const shift = isShifted
        ? { lat: toSteps(random.between(-2, 2)), lon: toSteps(random.between(-3, 3)) }
        : {}
      const sent = again(recorded, { mmsi: ship.mmsi, lagMs, lost: lost(), ...shift }, random)
      return laid(sent, ship.messages)
    }
    return null
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let mmsi = 245_900_001
    const at = () => random.pick(water.at)
    const plain = (kind: string) => sail({ mmsi: mmsi++, kind, at: at(), water, random, knots: [7, 16] })
    const lag = () => random.between(6.2, 14) * MS_PER_HOUR

    // a provider delivers hours of everything again, dated by its own clock; the second in the message stays as it was
    const late = lag()
    for (let k = 0; k < 4; k++) ships.push(redated(plain('delivered again'), late, { seconds: true }))
    // … and without that second
    const later = lag()
    for (let k = 0; k < 3; k++) ships.push(redated(plain('delivered again, no second'), later, {}))
    // one ship alone, still heard where it is
    ships.push(redated(plain('one ship delivered again'), lag(), {}))
    // … and one that is out of reach by then
    for (let k = 0; k < 2; k++) {
      const ship = redated(plain('delivered again, out of reach'), 7.3 * MS_PER_HOUR, { seconds: true })
      const from = ship.messages.find(({ receiver }) => receiver === 'reseller')?.report.t ?? Infinity
      ships.push({
        ...ship,
        messages: ship.messages.filter(m => m.report.t < from || m.receiver === 'reseller'),
      })
    }
    // all of a pass comes at once
    for (let k = 0; k < 3; k++) {
      const ship = plain('delivered again in one go')
      const arrival = water.start + random.between(14, 20) * MS_PER_HOUR
      const block = inTime(ship.messages, water.start + 2 * MS_PER_HOUR, water.start + 4 * MS_PER_HOUR)
      const burst = block.flatMap((message, n): Heard[] => {
        const t = Math.round(arrival + n * 40)
        return message.kind === 'position'
          ? [
              {
                ...message,
                receivedAt: t,
                receiver: 'pass',
                report: { ...message.report, t, receiver: 'pass' },
              },
            ]
          : []
      })
      ships.push(merged(ship, burst))
    }
    // a station in another time zone
    for (let k = 0; k < 4; k++) {
      const ship = plain('a clock hours off')
      const heard = ship.messages.filter(() => random.chance(0.3))
      ships.push(merged(ship, again(heard, { mmsi: ship.mmsi, lagMs: 8 * MS_PER_HOUR, lost: 0 }, random)))
    }
    // one hull, two sets on one antenna; and a feed that gives ships numbers of its own, minutes late
    for (let k = 0; k < 3; k++) {
      const ship = plain('two sets')
      const lagMs = k < 2 ? 2000 : 6 * MS_PER_MIN
      ships.push(ship)
      const number = mmsi++
      ships.push({
        ...ship,
        mmsi: number,
        messages: again(ship.messages, { mmsi: number, lagMs, lost: 0.2 }, random),
      })
    }
    for (let k = 0; k < 4; k++) ships.push(ferry(mmsi++, 'a ferry', random, water, x => x))
    for (const decimals of [5, 4, 4, 3]) {
      const round = (x: number) => Math.round(x * 10 ** decimals) / 10 ** decimals
      ships.push(ferry(mmsi++, `a ferry, ${decimals} decimals`, random, water, round))
    }
    ships.push(ferry(mmsi++, 'a ferry, message 27', random, water, x => Math.round(x * 600) / 600, 27))
    // GNSS has stopped, the log has not
    for (let k = 0; k < 2; k++) {
      const ship = plain('stuck')
      let held: { lat: number; lon: number } | undefined
      ships.push({
        ...ship,
        messages: changeReports(ship.messages, report => {
          if (report.t < water.start + 5 * MS_PER_HOUR) return report
          held ??= { lat: report.lat!, lon: report.lon! }
          return { ...report, ...held }
        }),
      })
    }
    return ships
  },
}

/** Three hours of it come once more, as late as that, under the time of arrival. */
function redated(ship: Ship, lagMs: number, { seconds = false }): Ship {
  const { from } = spanOf(ship)
  const block = inTime(ship.messages, from + MS_PER_HOUR, from + 4 * MS_PER_HOUR)
  const late = changeReports(block, report => {
    const t = Math.round(report.t + lagMs)
    return { ...(seconds ? report : timeless(report)), t, receivedAt: t, source: 'reseller' }
  }).flatMap((message): Heard[] => {
    if (message.kind === 'static') return []
    const { t } = message.report
    return [
      {
        ...message,
        receivedAt: t,
        receiver: 'reseller',
        report: { ...message.report, receiver: 'reseller' },
      },
    ]
  })
  return merged(seconds ? ship : { ...ship, messages: changeReports(ship.messages, timeless) }, late)
}

function timeless(report: PositionReport): PositionReport {
  const { ...rest } = report
  delete rest.utcSecond
  return rest
}

const merged = (ship: Ship, late: readonly Heard[]): Ship => ({
  ...ship,
  messages: [...ship.messages, ...late].sort((a, b) => a.report.t - b.report.t),
})

/** To and fro on one line, every hour at the minute. */
function ferry(
  mmsi: number,
  kind: string,
  random: Random,
  water: Water,
  round: (deg: number) => number,
  msgType?: number,
): Ship {
  const [lat, lon] = random.pick(water.at)
  const nm = random.between(2, 5)
  const far = destination(lat, lon, random.between(0, 360), nm * M_PER_NM)
  const crossing = 24 * MS_PER_MIN
  const half = MS_PER_HOUR / 2
  const ship = transmit({
    ...{ mmsi, kind, water, random, shipType: 60 },
    motion(t) {
      const since = (t - water.start) % MS_PER_HOUR
      const share = Math.min(1, (since % half) / crossing)
      const back = since >= half
      const place = interpolate(lat, lon, far.lat, far.lon, back ? 1 - share : share)
      const cog = bearing(lat, lon, far.lat, far.lon) + (back ? 180 : 0)
      const sogKn = share < 1 ? nm / (crossing / MS_PER_HOUR) : 0
      return { ...place, sogKn, cog: cog % 360, navStatus: share < 1 ? 0 : 5 }
    },
  })
  const change = (report: PositionReport): PositionReport => ({
    ...report,
    ...{ lat: round(report.lat!), lon: round(report.lon!) },
    ...(msgType !== undefined && { msgType }),
  })
  return { ...ship, messages: changeReports(ship.messages, change) }
}

const bearing = (lat: number, lon: number, toLat: number, toLon: number): number =>
  ((Math.atan2((toLon - lon) * Math.cos((lat * Math.PI) / 180), toLat - lat) * 180) / Math.PI + 360) % 360
