// Two feeds hear the same ship, and one of them has her elsewhere, always by the same. Beside her those of whom two feeds
// differ without a lie: one is late, rounds to tenths of a minute or whole minutes, draws lines between what it has, or is
// wrong of all ships; antennas and map datums; and two ships under one number.

import { destination, interpolate } from '../../src/geo/distance.js'
import type { PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { type Family, type Heard, type Ship } from './family.js'
import { sail, spanOf } from './ships.js'
import { secondFeed, withSecond, type Second } from './two-feeds.js'

const shore = (name: string): Second => ({
  ...{ name, collection: 'terrestrial', receiver: `${name}-1`, share: 0.3 },
  ...{ passMs: 1, everyMs: 1, phaseMs: 0 },
})

export const offset: Family = {
  type: 'spoofing',
  class: 'offset',
  lie(ship, random) {
    const span = spanOf(ship)
    const hours = (span.to - span.from) / MS_PER_HOUR
    const moving = ship.messages.filter(({ kind, report }) => kind === 'position' && (report.sog ?? 0) > 5)
    if (hours < 6 || moving.length < 1000) return null
    const from = span.from + random.between(0.15, 0.4) * (span.to - span.from)
    // the way after it must be long enough for the lie to show
    const way = moving.filter(({ report }) => report.t > from)
    if (way.length < moving.length / 2) return null
    const nm = random.between(1.5, 20)
    const bearing = random.between(0, 360)
    const away = (report: PositionReport): PositionReport =>
      report.t < from || report.lat === undefined
        ? report
        : { ...report, ...destination(report.lat, report.lon!, bearing, nm * M_PER_NM) }
    // the second feed has it elsewhere, or the first one does
    const second = secondFeed(random)
    const isSecond = random.chance(0.5)
    const heard = withSecond(ship.messages, second, random, isSecond ? away : report => report)
    const messages = isSecond ? heard : heard.map(message => displaced(message, second, away))
    return { messages, from, to: span.to }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let mmsi = 219_700_001
    const add = (
      kind: string,
      count: number,
      change: (messages: readonly Heard[], number: number) => Heard[],
      knots: readonly [number, number] = [6, 16],
    ) => {
      for (let k = 0; k < count; k++) {
        const number = mmsi++
        const plain = sail({ mmsi: number, kind, at: random.pick(water.at), water, random, knots })
        ships.push({ ...plain, messages: change(plain.messages, number) })
      }
    }
    const both =
      (second: Second, change?: (report: PositionReport) => PositionReport | null, alone?: number) =>
      (messages: readonly Heard[]) =>
        withSecond(messages, second, random, change, alone)
    const sky = (): Second => ({ ...secondFeed(random), name: 'satellite', collection: 'satellite' })
    add('two feeds', 10, both(shore('second')))
    add('satellite and shore', 6, both(sky()))
    add('the same transmissions', 4, both(shore('second'), undefined, 0))
    // late by minutes or an hour, with a time of its own
    const delayed = (minutes: number) => (messages: readonly Heard[]) =>
      withSecond(messages, shore('late'), random, undefined, 0.8)
        .map(message => (message.receiver === 'late-1' ? later(message, minutes * MS_PER_MIN) : message))
        .sort((a, b) => a.receivedAt - b.receivedAt)
    for (const minutes of [2, 5, 15, 30, 60]) add('a late feed', 2, delayed(minutes))
    const straight = delayed(20)
    add('a late feed', 4, straight, [12, 18])
    const coarse = (deg: number): number => Math.trunc(deg * 600) / 600
    add(
      'message 27',
      5,
      both(sky(), report => ({ ...rounded(report, coarse), msgType: 27 })),
    )
    add(
      'whole minutes',
      4,
      both(shore('minutes'), report => ({ ...report, t: report.t - (report.t % MS_PER_MIN) })),
    )
    add(
      'another antenna',
      3,
      both(shore('second'), report => moved(report, 0.2)),
    )
    add(
      'another datum',
      3,
      both(shore('second'), report => moved(report, 0.4)),
    )
    // all that this one has is a mile and a half to the east
    add(
      'a feed that is wrong',
      6,
      both(shore('wrong'), report => moved(report, 1.5)),
    )
    add('lines between fixes', 4, messages => drawn(messages, random.between(20, 60) * MS_PER_MIN))
    // two ships under one number: one by the first feed, one by the second
    for (let k = 0; k < 3; k++) {
      const number = mmsi++
      const knots = k === 0 ? ([0, 0] as const) : ([5, 14] as const)
      const options = { mmsi: number, kind: 'two ships', water, random, knots }
      const [first, other] = [0, 1].map(() => sail({ ...options, at: random.pick(water.at) }))
      const theirs = other!.messages.map(message => tagged(message, shore('second')))
      const messages = [...first!.messages, ...theirs].sort((a, b) => a.receivedAt - b.receivedAt)
      ships.push({ ...first!, messages, rightly: ['spoofing shared_mmsi'] })
    }
    return ships
  },
}

function displaced(message: Heard, second: Second, away: (report: PositionReport) => PositionReport): Heard {
  if (message.kind === 'static' || message.report.source === second.name) return message
  return { ...message, report: away(message.report) }
}

function later(message: Heard, ms: number): Heard {
  const t = message.report.t + ms
  if (message.kind === 'static') return message
  return { ...message, receivedAt: t, report: { ...message.report, t, receivedAt: t } }
}

function tagged(message: Heard, { receiver, name: source, collection }: Second): Heard {
  if (message.kind === 'static') return { ...message, ...(receiver && { receiver }) }
  const report = { ...message.report, source, collection, ...(receiver && { receiver }) }
  return { ...message, ...(receiver && { receiver }), report }
}

const rounded = (report: PositionReport, round: (deg: number) => number): PositionReport =>
  report.lat === undefined ? report : { ...report, lat: round(report.lat), lon: round(report.lon!) }

const moved = (report: PositionReport, nm: number): PositionReport =>
  report.lat === undefined
    ? report
    : { ...report, ...destination(report.lat, report.lon!, 90, nm * M_PER_NM) }

/** A provider that has a fix now and then, and says every two minutes where the ship must be in between. */
function drawn(messages: readonly Heard[], everyMs: number): Heard[] {
  const out = [...messages]
  let last: PositionReport | undefined
  for (const message of messages) {
    if (message.kind === 'static' || message.report.lat === undefined) continue
    const { report } = message
    if (last && report.t - last.t < everyMs) continue
    if (last) {
      for (let t = last.t + 2 * MS_PER_MIN; t < report.t; t += 2 * MS_PER_MIN) {
        const at = interpolate(
          last.lat!,
          last.lon!,
          report.lat!,
          report.lon!,
          (t - last.t) / (report.t - last.t),
        )
        const made: PositionReport = {
          ...report,
          ...at,
          t,
          receivedAt: t,
          source: 'drawn',
          receiver: 'drawn',
        }
        out.push({ kind: 'position', receivedAt: t, receiver: 'drawn', report: made })
      }
    }
    last = report
  }
  return out.sort((a, b) => a.receivedAt - b.receivedAt)
}
