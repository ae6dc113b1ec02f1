// A ship that takes another name, another IMO number, or another MMSI, in sight or in a silence of some hours. Beside it those whose
// names only look changed: garbled on the way, written in another hand, told in halves, sent by two sets of one hull.

import { isImo } from '../../src/detectors/identity/checks.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import type { StaticReport } from '../../src/model/report.js'
import type { Random } from '../../src/simulate/random.js'
import type { Family, Heard, Lie, Ship, Water } from './family.js'
import { sail, spanOf } from './ships.js'

/** Static messages that a ship must be heard with before and after, to be believed either way: over an hour, that is ten of them. */
const ENOUGH = 8
const ENOUGH_MS = 1.2 * MS_PER_HOUR

/** The same for every copy of a static message; null: it was not sent. */
export function changeStatics(
  messages: readonly Heard[],
  change: (report: StaticReport) => StaticReport | null,
): Heard[] {
  return messages.flatMap((message): Heard[] => {
    if (message.kind === 'position') return [message]
    const report = change(message.report)
    return report ? [{ ...message, report }] : []
  })
}

const staticsOf = (messages: readonly Heard[]): StaticReport[] =>
  messages.flatMap(message => (message.kind === 'static' ? [message.report] : []))

/** A moment in which a ship can change: it told its names for long before, and is heard for long after. */
export function turningPoint(ship: Ship, random: Random): number | null {
  const span = spanOf(ship)
  const at = span.from + random.between(0.3, 0.6) * (span.to - span.from)
  const told = staticsOf(ship.messages)
  const distinct = (from: number, to: number): number[] => [
    ...new Set(told.flatMap(({ t, name, callsign }) => (name && callsign && t >= from && t < to ? [t] : []))),
  ]
  const [before, after] = [distinct(-Infinity, at), distinct(at + 3 * MS_PER_HOUR, Infinity)]
  const isLong = (times: number[]) =>
    times.length >= ENOUGH && Math.max(...times) - Math.min(...times) >= ENOUGH_MS
  return isLong(before) && isLong(after) ? at : null
}

/** Half of them change in sight, the others while they say nothing for one to three hours. */
export function silentFrom(
  messages: readonly Heard[],
  at: number,
  random: Random,
): { messages: Heard[]; from: number } {
  const silence = random.chance(0.5) ? 0 : random.between(1, 3) * MS_PER_HOUR
  const kept = messages.filter(({ report }) => report.t < at || report.t >= at + silence)
  const last = kept.findLast(({ report }) => report.t < at)
  return { messages: kept, from: last?.report.t ?? at }
}

function changed(ship: Ship, random: Random, change: (report: StaticReport) => StaticReport): Lie | null {
  const at = turningPoint(ship, random)
  if (at === null) return null
  const { messages, from } = silentFrom(ship.messages, at, random)
  return {
    messages: changeStatics(messages, report => (report.t < at ? report : change(report))),
    ...{ from, to: spanOf(ship).to },
  }
}

const NAMES = ['SILVER HORIZON', 'LUCKY STAR', 'OCEAN PIONEER', 'NEW HOPE', 'BLUE MARLIN', 'GOLDEN EAGLE']

export const nameChanged: Family = {
  type: 'identity',
  class: 'name_changed',
  lie(ship, random) {
    const name = `${random.pick(NAMES)} ${10 + random.below(90)}`
    const callsign = random.chance(0.5) ? `3E${1000 + random.below(9000)}` : undefined
    return changed(ship, random, report => ({ ...report, name, ...(callsign && { callsign }) }))
  },
  lookalikes: innocents,
}

export const imoChanged: Family = {
  type: 'identity',
  class: 'imo_changed',
  lie(ship, random) {
    if (!staticsOf(ship.messages).some(({ imo }) => imo !== undefined && isImo(imo))) return null
    let imo = 8_000_000 + random.below(1_900_000)
    while (!isImo(imo)) imo++
    return changed(ship, random, report => ({ ...report, imo }))
  },
  lookalikes: innocents,
}

export const identitySwap: Family = {
  type: 'identity',
  class: 'identity_swap',
  lie(ship, random) {
    const at = turningPoint(ship, random)
    if (at === null || !staticsOf(ship.messages).some(({ imo }) => imo !== undefined && isImo(imo)))
      return null
    const mmsi = 667_000_000 + random.below(999_000)
    const { messages, from } = silentFrom(ship.messages, at, random)
    const isAfter = ({ report }: Heard) => report.t >= at
    const after = messages
      .filter(isAfter)
      .map(message => ({ ...message, report: { ...message.report, mmsi } }) as Heard)
    return {
      messages: messages.filter(message => !isAfter(message)),
      ...{ from, to: spanOf(ship).to },
      others: [{ mmsi, kind: 'the same hull', messages: after }],
    }
  },
  lookalikes: innocents,
}

const garbled = (text: string, random: Random, letters: number): string => {
  const out = [...text]
  for (let k = 0; k < letters; k++) out[random.below(out.length)] = String.fromCharCode(65 + random.below(26))
  return out.join('')
}

function innocents(random: Random, water: Water): Ship[] {
  const ships: Ship[] = []
  let mmsi = 230_900_001
  const made = (
    kind: string,
    change: (report: StaticReport, messages: number) => StaticReport | null,
  ): void => {
    const plain = sail({ mmsi: mmsi++, kind, at: random.pick(water.at), water, random, knots: [6, 14] })
    let n = 0
    ships.push({ ...plain, messages: changeStatics(plain.messages, report => change(report, n++)) })
  }
  for (let k = 0; k < 4; k++) {
    const imo = 9074729
    // a letter or two wrong now and then, and once in a while all of them
    made('garbled text', report => {
      const wrong = random.chance(0.2) ? 1 + random.below(2) : random.chance(0.03) ? 12 : 0
      return { ...report, imo: imo + 10_000_000 * (k + 1), name: garbled(report.name ?? 'X', random, wrong) }
    })
  }
  for (let k = 0; k < 4; k++) {
    // a provider that writes names in small letters, cut short, or with points and blanks of its own
    const hand = [
      (name: string) => name.toLowerCase(),
      (name: string) => name.slice(0, 12),
      (name: string) => name.replaceAll(' ', '.'),
      (name: string) => `${name}  `,
    ][k]!
    const from = water.start + random.between(0.2, 0.6) * (water.end - water.start)
    made('another hand', report => (report.t < from ? report : { ...report, name: hand(report.name ?? 'X') }))
  }
  for (let k = 0; k < 3; k++)
    // the halves of message 24 on their own
    made('halves', ({ mmsi: number, t, name, callsign, shipType }, n) =>
      n % 2 === 0
        ? { mmsi: number, t, ...(name && { name }) }
        : { mmsi: number, t, callsign: callsign!, shipType: shipType! },
    )
  for (let k = 0; k < 3; k++)
    // an inland number in the field of the IMO number, that comes and goes
    made('an inland number', report => (random.chance(0.5) ? { ...report, imo: 2_300_000 + k } : report))
  for (let k = 0; k < 3; k++) {
    // two sets on one hull, of which each sends in its turn: one IMO number, one place
    const number = mmsi++
    const plain = sail({
      mmsi: mmsi++,
      kind: 'two sets',
      at: random.pick(water.at),
      water,
      random,
      knots: [6, 14],
    })
    const told = changeStatics(plain.messages, report => ({
      ...report,
      imo: [9319466, 9176187, 8814275][k]!,
    }))
    const other = told.map(message => {
      const t = message.report.t + 4000
      return {
        ...message,
        receivedAt: message.receivedAt + 4000,
        report: { ...message.report, t, mmsi: number },
      } as Heard
    })
    ships.push({ ...plain, messages: told }, { ...plain, mmsi: number, messages: other })
  }
  for (let k = 0; k < 3; k++) {
    // somebody tries another name for a quarter of an hour, and thinks better of it
    const at = water.start + random.between(0.2, 0.8) * (water.end - water.start)
    made('a slip of the hand', report =>
      Math.abs(report.t - at) < 7 * MS_PER_MIN ? { ...report, name: 'TEST', callsign: 'TEST' } : report,
    )
  }
  return ships
}
