// A set that lives in a time of its own: the second it tells is off by the same, always. Beside it the many who only seem
// so: those heard by a station whose clock is wrong, or was set in the middle, or whose line stalls; by satellites; through
// repeaters; by a provider that keeps whole minutes; and sets that have no time to tell.

import type { PositionReport } from '../../src/model/report.js'
import { MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import { changeReports, type Family, type Heard, type Ship, type Water } from './family.js'
import { sail, spanOf } from './ships.js'

export const clock: Family = {
  type: 'spoofing',
  class: 'clock',
  lie(ship, random) {
    const span = spanOf(ship)
    const hours = (span.to - span.from) / MS_PER_HOUR
    const told = ship.messages.filter(({ kind, report }) => kind === 'position' && isTold(report))
    if (hours < 3 || told.length < 100 || told.some(({ receiver }) => receiver === undefined)) return null
    // from the start, or from some hour on
    const from = random.chance(0.5) ? span.from : span.from + random.between(0.1, 0.5) * (span.to - span.from)
    const offS = 11 + random.below(38)
    const messages = changeReports(ship.messages, report =>
      report.t < from || !isTold(report) ? report : { ...report, utcSecond: (report.utcSecond! + offS) % 60 },
    )
    return { messages, from, to: span.to }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let mmsi = 215_700_001
    const add = (kind: string, count: number, change: (messages: readonly Heard[]) => Heard[], b = false) => {
      const at = random.pick(water.at)
      for (let k = 0; k < count; k++) {
        const plain = sail({
          ...{ mmsi: mmsi++, kind, at, water, random, knots: [4, 14] },
          txClass: b ? 'B' : 'A',
        })
        const messages = change(plain.messages).sort((x, y) => x.receivedAt - y.receivedAt)
        ships.push({ ...plain, messages })
      }
    }
    const [slow, set, stalls, hops] = ['slow', 'set', 'stalls', 'hops']
    // two stations hear them, of which one is 25 s slow
    add('a slow clock', 8, copies => heardToo(copies, slow, 0.5, () => 25 * MS_PER_S, random))
    // a station whose clock is set twice: for some hours it is 40 s ahead
    const [from, to] = [water.start + 7.13 * MS_PER_HOUR, water.start + 13.87 * MS_PER_HOUR]
    add('a clock that was set', 8, copies =>
      heardToo(copies, set, 1, t => (t >= from && t < to ? -40 * MS_PER_S : 0), random),
    )
    // a line that holds back what it has for half a minute at a time, some minutes of each hour
    add('a line that stalls', 8, copies =>
      heardToo(copies, stalls, 1, t => (isStalled(t, water) ? 30_000 - (t % 30_000) : 0), random),
    )
    // one boat alone is heard through repeaters, seconds later each time
    add('several repeaters', 1, copies => heardToo(copies, hops, 1, () => 12 * MS_PER_S, random, 2))
    add('repeaters unmarked', 3, copies =>
      heardToo(copies, 'unmarked', 1, () => random.between(7, 12) * MS_PER_S, random),
    )
    add('satellites', 4, copies =>
      onlyBy(copies, 'sat-9', t => -1 * 20 * MS_PER_S + (t % 8000)).map(message => ({
        ...message,
        report: { ...message.report, collection: 'satellite' } as never,
      })),
    )
    // a provider that keeps whole minutes
    add('whole minutes', 6, copies => onlyBy(copies, 'provider', t => -(t % MS_PER_MIN)))
    const silent = (state: number) => (copies: readonly Heard[]) =>
      changeReports(copies, report => ({ ...report, utcSecond: state }))
    for (const state of [60, 61, 62, 63]) add('no time of its own', 1, silent(state), true)
    // Class B sends fixes that are seconds old
    add(
      'old fixes',
      4,
      copies =>
        changeReports(copies, report => ({
          ...report,
          utcSecond: (report.utcSecond! + 60 - random.below(7)) % 60,
        })),
      true,
    )
    return ships
  },
}

const isTold = ({ utcSecond }: PositionReport): boolean => utcSecond !== undefined && utcSecond < 60

/** Some minutes of each hour. */
const isStalled = (t: number, { start }: Water): boolean => (t - start) % MS_PER_HOUR < 4 * MS_PER_MIN

/** What a station that is `offMs(t)` late, or early, makes of messages, instead of those who heard them. */
function onlyBy(messages: readonly Heard[], receiver: string, offMs: (t: number) => number): Heard[] {
  return messages
    .filter((message, k) => k === 0 || message.report.t !== messages[k - 1]!.report.t)
    .map(message => stamped(message, receiver, offMs(message.report.t)))
}

/** A station hears a share of it: instead of the others, with its own time. */
function heardToo(
  messages: readonly Heard[],
  receiver: string,
  share: number,
  offMs: (t: number) => number,
  random: Random,
  repeat = 0,
): Heard[] {
  return messages.map(message => {
    if (!random.chance(share)) return message
    const late = stamped(message, receiver, offMs(message.report.t))
    return repeat === 0 || late.kind === 'static' ? late : { ...late, report: { ...late.report, repeat } }
  })
}

function stamped(message: Heard, receiver: string, offMs: number): Heard {
  const t = Math.round(message.report.t + offMs)
  if (message.kind === 'static')
    return { ...message, receivedAt: t, receiver, report: { ...message.report, t } }
  return { ...message, receivedAt: t, receiver, report: { ...message.report, t, receivedAt: t, receiver } }
}
