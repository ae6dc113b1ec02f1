// A world of one lie: some ships of a fleet lie, the others do not, and look-alikes sail among them. What the engine says
// of the liars is held against the lie; whatever it says of this kind about anybody else is false.

import { appendReport, appendStatic, createBatch, type ReportBatch } from '../../src/model/batch.js'
import type { VesselEvent } from '../../src/model/event.js'
import { haversineM } from '../../src/geo/distance.js'
import { COLLECTIONS, type PositionReport } from '../../src/model/report.js'
import { M_PER_NM, MS_PER_HOUR } from '../../src/model/units.js'
import { createWords, type Words } from '../../src/model/words.js'
import type { Random } from '../../src/simulate/random.js'
import { detectOn, type World } from '../week.js'
import type { Family, Heard, Lie, Ship, Water } from './family.js'

/** An event may be told of a lie that has ended, or begin at the last true fix before it. */
const AROUND_MS = MS_PER_HOUR

/** The types of event that accuse of a lie, or tell of an accident. Silences and waiting are judged elsewhere. */
export const ON_TRIAL = new Set<string>([
  'spoofing',
  'identity',
  'interference',
  'partial_silence',
  'drift',
  'sudden_stop',
  'distress',
])

/** Of these types, classes that raise no alarm: tests of beacons, and what may be anything. */
const NO_ALARM = new Set(['test', 'undetermined', 'mistaken'])

export interface Verdict {
  /** Ships that lied, and those of them of which it was said. */
  lies: number
  found: number
  /** Hours in which an innocent ship was heard, look-alikes apart. */
  innocentHours: number
  lookalikeHours: number
  /** Everything false that was said, of any of the types on trial: by type and class. */
  falseEvents: { name: string; kind: string; event: VesselEvent }[]
  missed: { mmsi: number; from: number; to: number }[]
  /** The same by the rule that everybody has: a ship that does more than 50 kn between two fixes has jumped. */
  bySpeed: { found: number; falseShips: number }
}

/** A judged world, and where it was. */
export interface Judged {
  family: string
  /** A seed, or the title of a recording. */
  where: string
  recorded: boolean
  /** A recording of which nobody knows who lies in it. */
  unlabelled: boolean
  verdict: Verdict
}

/** Verdicts of several worlds as one. */
export function total(judged: readonly Judged[]): Verdict {
  const verdicts = judged.map(({ verdict }) => verdict)
  const sum = (of: (verdict: Verdict) => number): number => verdicts.reduce((n, each) => n + of(each), 0)
  return {
    lies: sum(({ lies }) => lies),
    found: sum(({ found }) => found),
    innocentHours: sum(({ innocentHours }) => innocentHours),
    lookalikeHours: sum(({ lookalikeHours }) => lookalikeHours),
    falseEvents: verdicts.flatMap(({ falseEvents }) => falseEvents),
    missed: verdicts.flatMap(({ missed }) => missed),
    bySpeed: {
      found: sum(({ bySpeed }) => bySpeed.found),
      falseShips: sum(({ bySpeed }) => bySpeed.falseShips),
    },
  }
}

export const nameOf = ({ type, class: kind }: Pick<VesselEvent, 'type' | 'class'>): string =>
  kind === undefined ? type : `${type} ${kind}`

const listed = (one: string | readonly string[]): readonly string[] => (typeof one === 'string' ? [one] : one)
export const isAbout = ({ type, class: kind }: Family, event: VesselEvent): boolean =>
  listed(type).includes(event.type) && (kind === undefined || listed(kind).includes(event.class ?? ''))

export const nameOfFamily = ({ type, class: kind }: Family): string =>
  [...listed(type), ...(kind === undefined ? [] : listed(kind))].join(' ')

/** Messages in order of arrival, as an engine takes them. */
export function batchesOf(ships: readonly Ship[], words: Words): ReportBatch[] {
  const all = ships.flatMap(({ messages }) => messages).sort((a, b) => a.receivedAt - b.receivedAt)
  const batches: ReportBatch[] = []
  let batch = createBatch(words, 1 << 14)
  for (const message of all) {
    if (batch.length === batch.capacity) {
      batches.push(batch)
      batch = createBatch(words, 1 << 14)
    }
    append(batch, message)
  }
  batches.push(batch)
  return batches
}

function append(batch: ReportBatch, { kind, report, receivedAt, receiver }: Heard): void {
  const { words } = batch
  const i = batch.length
  if (kind === 'position') appendReport(batch, report)
  else appendStatic(batch, report)
  batch.receivedAt[i] = receivedAt
  if (receiver !== undefined) batch.receiver[i] = words.receivers.id(receiver, () => receiver)
  const collection = (kind === 'position' && report.collection) || 'terrestrial'
  batch.collection[i] = COLLECTIONS.indexOf(collection)
  const source = (kind === 'position' && report.source) || collection
  batch.source[i] = words.sources.id(source, () => source)
}

/** Hours in which a ship was heard. */
const hoursOf = ({ messages }: Ship): number =>
  new Set(messages.map(({ report }) => Math.floor(report.t / MS_PER_HOUR))).size

/** A lie as it was laid, with the ships that it brings into being. */
type Laid = Lie & { others: Ship[] }

/**
 * @param liars how many ships are to lie, of those that the lie suits
 * @param alone whether a lie is found is asked of a world in which only that one is told: who begins together, in an hour of
 * a sea of a few dozen ships, was drawn away by a jammer or is a feed's doing, as detection.md has it
 */
export function judge(
  family: Family,
  fleet: readonly Ship[],
  water: Water | null,
  liars: number,
  random: Random,
  world: World,
  alone = false,
): Verdict {
  const order = fleet.map(ship => ({ ship, at: random.next() })).sort((a, b) => a.at - b.at)
  const lies = new Map<number, Laid>()
  for (const { ship } of order) {
    if (lies.size >= liars) break
    const lie = family.lie(ship, random, fleet)
    if (lie) lies.set(ship.mmsi, { others: [], ...lie })
  }
  const lookalikes = water ? family.lookalikes(random, water) : []
  const together = trial(family, fleet, lies, lookalikes, world)
  const each = alone
    ? [...lies].map(lie => trial(family, fleet, new Map([lie]), lookalikes, world))
    : [together]
  const found = new Set(each.flatMap(trial => trial.found))
  // what is said of an innocent is false in whichever of these worlds, and counts once
  const said = [together, ...each].flatMap(trial => trial.falseEvents)
  const falseEvents = [...new Map(said.map(one => [`${one.name} ${one.event.id}`, one])).values()]
  const missed = [...lies].filter(([mmsi]) => !found.has(mmsi))
  const honest = fleet.filter(({ mmsi }) => !lies.has(mmsi))
  const sum = (of: readonly Ship[]): number => of.reduce((hours, ship) => hours + hoursOf(ship), 0)
  return {
    lies: lies.size,
    found: found.size,
    innocentHours: sum(honest),
    lookalikeHours: sum(lookalikes),
    falseEvents,
    missed: missed.map(([mmsi, { from, to }]) => ({ mmsi, from, to })),
    bySpeed: {
      found: [...lies].filter(([, { messages, from, to }]) => speedsAway(messages, from, to + AROUND_MS))
        .length,
      falseShips: [...honest, ...lookalikes].filter(({ messages }) => speedsAway(messages)).length,
    },
  }
}

/** The world in which these lie and nobody else of the fleet: who of them is found, and what is said that is false. */
function trial(
  family: Family,
  fleet: readonly Ship[],
  lies: ReadonlyMap<number, Laid>,
  lookalikes: readonly Ship[],
  world: World,
): { found: number[]; falseEvents: Verdict['falseEvents'] } {
  const honest = fleet.filter(({ mmsi }) => !lies.has(mmsi))
  const others = [...lies.values()].flatMap(lie => lie.others)
  const theirs = [...lies].map(([mmsi, { messages }]) => ({ mmsi, kind: 'liar', messages }))
  const words = createWords()
  const ships = [...honest, ...theirs, ...others, ...lookalikes]
  const { events } = detectOn(batchesOf(ships, words), words, world)

  const invented = new Set(others.map(({ mmsi }) => mmsi))
  const rightly = new Set(
    lookalikes.flatMap(({ mmsi, rightly: of = [] }) => of.map(name => `${mmsi} ${name}`)),
  )
  const kinds = new Map([...honest, ...lookalikes].map(({ mmsi, kind }) => [mmsi, kind]))
  const found = new Set<number>()
  const falseEvents: Verdict['falseEvents'] = []
  for (const event of events) {
    if (!ON_TRIAL.has(event.type) || (event.type === 'distress' && NO_ALARM.has(event.class!))) continue
    const lie = lies.get(event.mmsi)
    const isOfLie =
      invented.has(event.mmsi) ||
      (lie !== undefined &&
        event.start.t <= lie.to + AROUND_MS &&
        (event.end?.t ?? Infinity) >= lie.from - AROUND_MS)
    if (isOfLie) {
      if (isAbout(family, event)) found.add(event.mmsi)
    } else if (!rightly.has(`${event.mmsi} ${nameOf(event)}`))
      falseEvents.push({ name: nameOf(event), kind: kinds.get(event.mmsi) ?? 'liar, before', event })
  }
  // an invention found is the lie found
  const isFound = ([mmsi, lie]: [number, Laid]): boolean =>
    found.has(mmsi) || lie.others.some(other => found.has(other.mmsi))
  return { found: [...lies].filter(isFound).map(([mmsi]) => mmsi), falseEvents }
}

const PLAIN_KN = 50
/** The plain rule: two fixes that follow each other, a mile or more apart, take more than 50 kn. */
function speedsAway(messages: readonly Heard[], from = -Infinity, to = Infinity): boolean {
  let before: PositionReport | undefined
  for (const { kind, report } of messages) {
    if (kind !== 'position' || report.lat === undefined || report.lon === undefined) continue
    const last = before
    before = report
    if (!last || report.t < from || report.t > to) continue
    const nm = haversineM(last.lat!, last.lon!, report.lat, report.lon) / M_PER_NM
    if (nm > 1 && nm > (PLAIN_KN * (report.t - last.t)) / MS_PER_HOUR) return true
  }
  return false
}
