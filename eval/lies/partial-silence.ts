// A ship that one feed stops to hear while another one goes on. Beside her those who are out of the first feed's hearing for
// a reason of their own: beyond its range, in a shadow at the quay, with a weak set, under a station that failed, between two
// passes of a satellite, or heard by chance all along.

import { haversineM } from '../../src/geo/distance.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import type { Random } from '../../src/simulate/random.js'
import type { Family, Heard, Ship } from './family.js'
import { isUnderWay, sail, spanOf } from './ships.js'
import { secondFeed, withSecond, type Second } from './two-feeds.js'

/** Others that the first feed must hear around her for most of the time: elsewhere it is no wonder that it hears nobody. */
const NEIGHBOURS = 3
const AROUND_NM = 8
const UNDER_WAY_KN = 2
/** Times of ten minutes in which the first feed heard her before, the last one among them: a feed that has not does not stop to hear
 * her, and two hours make a rhythm that can be broken (detection.md). */
const HEARD_SLOTS = 12
const SLOT_MS = 10 * MS_PER_MIN

export const partialSilence: Family = {
  type: 'partial_silence',
  lie(ship, random, fleet) {
    const span = spanOf(ship)
    const hours = (span.to - span.from) / MS_PER_HOUR
    if (hours < 9 || ship.messages.length < 500 || !isUnderWay(ship)) return null
    const from = span.from + random.between(0.3, 0.45) * (span.to - span.from)
    const to = Math.min(span.to, from + random.between(0.3, 0.5) * hours * MS_PER_HOUR)
    if (!isHeardBefore(ship, from) || !isInCompany(ship, fleet, from, to)) return null
    const second: Second = { ...secondFeed(random), share: random.between(0.3, 0.6) }
    const messages = withSecond(ship.messages, second, random, report => report, 0.3).filter(
      message =>
        message.report.t < from ||
        message.report.t >= to ||
        (message.kind === 'position' && message.report.source === second.name),
    )
    return { messages, from, to }
  },
  lookalikes(random, water) {
    const ships: Ship[] = []
    let mmsi = 218_700_001
    const shore: Second = {
      ...{ name: 'second', collection: 'terrestrial', receiver: 'second-1', share: 0.4 },
      ...{ passMs: 1, everyMs: 1, phaseMs: 0 },
    }
    const sky = (): Second => ({
      ...{ name: 'satellite', collection: 'satellite', receiver: 'sat-7', share: 0.4 },
      ...{ passMs: 11 * MS_PER_MIN, everyMs: random.between(25, 60) * MS_PER_MIN, phaseMs: 0 },
    })
    const at = water.at[0]!
    const add = (
      kind: string,
      count: number,
      change: (messages: readonly Heard[]) => Heard[],
      options: { txClass?: 'B'; knots?: readonly [number, number] } = {},
    ) => {
      const { txClass = 'A', knots = [4, 10] } = options
      for (let k = 0; k < count; k++) {
        const plain = sail({ mmsi: mmsi++, kind, at, water, random, knots, txClass, withinNm: 8 })
        ships.push({ ...plain, messages: change(plain.messages) })
      }
    }
    const middle = (water.start + water.end) / 2
    const isFirst = (message: Heard): boolean =>
      message.kind === 'static' || message.report.source === undefined
    /** The first feed loses what `lost` says; the second one hears all the same. */
    const losing =
      (second: Second, lost: (message: Heard, k: number) => boolean) => (messages: readonly Heard[]) =>
        withSecond(messages, second, random, report => report, 0.3).filter(
          (message, k) => !(isFirst(message) && lost(message, k)),
        )
    // company, heard by both
    add('in company', 8, messages => withSecond(messages, shore, random, report => report, 0.3))
    add('in company', 4, messages => withSecond(messages, sky(), random, report => report, 0.3))
    // less than an hour
    add(
      'a short silence',
      4,
      losing(shore, ({ report: { t } }) => t >= middle && t < middle + 50 * MS_PER_MIN),
    )
    // a station fails: those that it alone hears are not heard by the first feed
    const down = ({ report: { t } }: Heard) => t >= middle && t < middle + 4 * MS_PER_HOUR
    for (let k = 0; k < 6; k++) {
      const plain = sail({
        mmsi: mmsi++,
        kind: 'a station that failed',
        at,
        water,
        random,
        knots: [4, 9],
        withinNm: 6,
      })
      const alone = plain.messages.map(message => heardBy(message, 'fails'))
      ships.push({ ...plain, messages: losing(shore, down)(alone) })
    }
    // heard by chance: one message in many
    add(
      'by chance',
      4,
      losing(shore, (_, k) => !isLucky(k, random)),
    )
    add(
      'a weak set',
      3,
      losing(shore, () => random.chance(0.97)),
      { txClass: 'B' },
    )
    // a weak set that sails out of its own range, while strong ones are still heard there
    for (let k = 0; k < 5; k++) {
      const plain = sail({
        mmsi: mmsi++,
        kind: 'out of its range',
        at,
        water,
        random,
        knots: [5, 9],
        withinNm: 14,
      })
      const messages = losing(
        sky(),
        ({ report }) => 'lat' in report && awayNm(report, at) > 7,
      )(plain.messages)
      ships.push({ ...plain, messages })
    }
    // at the quay, behind a shed
    add(
      'in a shadow',
      4,
      losing(shore, ({ report: { t } }) => t >= middle),
      { knots: [0, 0.2] },
    )
    // a second provider that was switched on late, and one that ends
    add(
      'a new feed',
      3,
      losing(shore, ({ report: { t } }) => t < middle),
    )
    return ships
  },
}

function isHeardBefore({ messages }: Ship, from: number): boolean {
  const before = messages.filter(({ kind, report }) => kind === 'position' && report.t < from)
  const slots = new Set(before.map(({ report }) => Math.floor((from - report.t) / SLOT_MS)))
  return slots.has(0) && slots.size >= HEARD_SLOTS
}

/** Under way with others around it, heard by the first feed, at most of the times looked at: of one at a quay nothing is told. */
function isInCompany(ship: Ship, fleet: readonly Ship[], from: number, to: number): boolean {
  let good = 0
  const looks = 8
  for (let k = 0; k < looks; k++) {
    const t = from + ((k + 0.5) / looks) * (to - from)
    const here = fixAround(ship, t)
    if (!here || here.sog < UNDER_WAY_KN) continue
    const near = fleet.filter(other => {
      const there = other === ship ? null : fixAround(other, t)
      return there !== null && haversineM(here.lat, here.lon, there.lat, there.lon) < AROUND_NM * M_PER_NM
    })
    if (near.length >= NEIGHBOURS) good++
  }
  return good >= 0.75 * looks
}

/** Where it was heard within five minutes of a time, and how fast it was. */
function fixAround({ messages }: Ship, t: number): { lat: number; lon: number; sog: number } | null {
  let [low, high] = [0, messages.length]
  while (low < high) {
    const mid = (low + high) >> 1
    if (messages[mid]!.report.t < t) low = mid + 1
    else high = mid
  }
  for (let k = low; k < messages.length && messages[k]!.report.t < t + 5 * MS_PER_MIN; k++) {
    const { kind, report } = messages[k]!
    if (kind !== 'position' || report.lat === undefined) continue
    return { lat: report.lat, lon: report.lon!, sog: report.sog ?? 0 }
  }
  return null
}

const heardBy = (message: Heard, receiver: string): Heard =>
  message.kind === 'static'
    ? { ...message, receiver }
    : { ...message, receiver, report: { ...message.report, receiver } }

/** Every hour or two some messages in a row. */
const isLucky = (k: number, random: Random): boolean => k % 500 < 3 && random.chance(0.8)

const awayNm = (report: { lat?: number; lon?: number }, at: readonly [number, number]): number =>
  report.lat === undefined ? 0 : haversineM(...at, report.lat, report.lon!) / M_PER_NM
