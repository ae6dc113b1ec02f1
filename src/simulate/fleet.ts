// The sea as a stream: every ship of a scenario sends in her turn, receivers hear or miss her, and what they heard
// comes out in order of arrival. Nothing is kept but one next transmission per ship and the messages of a second or two.

import { UsageError } from '../model/errors.js'
import type { Collection, PositionReport, StaticReport } from '../model/report.js'
import { MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../model/units.js'
import { createHeap } from './heap.js'
import { createRegistry, type Identity } from './identity.js'
import { createRandom, seedOf, type Random } from './random.js'
import { createReception, type Reception } from './reception.js'
import type { Scenario, Vessel } from './scenario.js'
import { createTraffic } from './traffic.js'
import { createTransponder, silencesOf, type Transponder } from './transponder.js'
import { deriveTruth, type TruthEvent } from './truth.js'
import { createVoyage, type Voyage } from './voyage.js'

interface Heard {
  /** Epoch ms. */
  receivedAt: number
  receiver: string
  collection: Collection
  /** False for every copy of one transmission but the first to arrive. */
  first: boolean
  /** The ship that sent it: hulls that share an MMSI are told apart here, and only here. */
  ship: Identity
}
export type SimMessage =
  (Heard & { kind: 'position'; report: PositionReport }) | (Heard & { kind: 'static'; report: StaticReport })

/** One hull of the fleet, with what only the simulator knows. */
export interface Hull {
  identity: Identity
  vessel: Vessel
  voyage: Voyage
  /** Of its set, 1 sound: how far, as a share, it is heard. */
  strength: number
  /** Number of the hull whose MMSI it carries, for a clone. */
  twinOf?: number
}

export interface Simulation {
  readonly scenario: Scenario
  readonly seed: number
  /** Epoch ms UTC, start ≤ t < end. */
  readonly start: number
  readonly end: number
  readonly ships: readonly Identity[]
  /** The hulls behind them, for whoever asks what nobody heard. */
  readonly hulls: readonly Hull[]
  /** What really happened, in order of time; worked out when first asked for. */
  readonly truth: readonly TruthEvent[]
  /** What was heard, in order of arrival; the same each time it is iterated. */
  readonly messages: Iterable<SimMessage>
  /** The same without the copies that other receivers heard of a transmission. */
  readonly firstMessages: Iterable<SimMessage>
}

export interface SimulateOptions {
  /** @default the scenario's */
  seed?: number
  /** @default the scenario's */
  hours?: number
  /** Ships altogether; those with a story stay, the rest is everyday traffic. @default the scenario's */
  vessels?: number
}

/** Plans are worked out for all of the time beforehand. */
const MAX_HOURS = 24 * 31
/** A country's digits leave room for a million ships, and a name for each is drawn. */
const MAX_VESSELS = 100_000

/** Ships at sea in a scenario, clones not counted. */
export const vesselCount = (scenario: Scenario): number =>
  scenario.vessels.length + scenario.traffic.reduce((sum, group) => sum + group.count, 0)

/** Every hull of the scenario, worked out. */
export function createFleet(scenario: Scenario, seed: number, hours: number, vessels: number): Hull[] {
  const start = Date.parse(scenario.start)
  const end = start + hours * MS_PER_HOUR
  const registry = createRegistry(scenario)
  const hulls: Hull[] = []
  const add = (vessel: Vessel, ...key: (string | number)[]) => {
    const random = createRandom(seedOf(seed, ...key))
    const identity = registry.create(random, vessel.kind, vessel.name, vessel.txClass)
    const strength = strengthOf(scenario, createRandom(seedOf(seed, 'set', ...key)))
    const voyage = createVoyage(scenario.waters, vessel, start, end, random)
    hulls.push({ identity, vessel, voyage, strength })
    if (!vessel.twin) return
    const other = { ...registry.create(random, vessel.kind), mmsi: identity.mmsi }
    const elsewhere = createVoyage(scenario.waters, vessel.twin, start, end, random)
    hulls.push({ identity: other, vessel, voyage: elsewhere, strength, twinOf: hulls.length - 1 })
  }
  scenario.vessels.forEach((vessel, i) => add(vessel, 'story', i))
  for (const { vessel, key } of createTraffic(scenario, seed, hours, vessels - scenario.vessels.length))
    add(vessel, ...key)
  return hulls
}

/** A poor set: an old antenna, a bad cable, a mast in the way. */
function strengthOf({ poorSets = 0 }: Scenario, random: Random): number {
  return random.chance(poorSets) ? random.between(0.33, 0.67) : 1
}

/**
 * Works out a scenario. The same scenario, seed and options give the same messages and the same truth.
 * @throws UsageError when the scenario names a place, a lane or a kind of ship that does not exist
 */
export function simulate(scenario: Scenario, options: SimulateOptions = {}): Simulation {
  const { seed = scenario.seed, hours = scenario.hours, vessels = vesselCount(scenario) } = options
  const start = Date.parse(scenario.start)
  if (!Number.isFinite(start))
    throw new UsageError(`simulate: expected an ISO-8601 start, got "${scenario.start}"`)
  if (!(hours > 0 && hours <= MAX_HOURS))
    throw new UsageError(`simulate: expected hours 0 < h ≤ ${MAX_HOURS}, got ${hours}`)
  if (!Number.isInteger(vessels) || vessels < 1 || vessels > MAX_VESSELS) {
    throw new UsageError(`simulate: expected vessels 1…${MAX_VESSELS}, got ${vessels}`)
  }
  if (!Number.isFinite(seed)) throw new UsageError(`simulate: expected a number as seed, got ${seed}`)
  const end = start + hours * MS_PER_HOUR
  const hulls = createFleet(scenario, seed, hours, vessels)
  const when = { scenario, seed, start, end }
  let truth: TruthEvent[] | undefined
  return {
    ...when,
    hulls,
    ships: hulls.map(hull => hull.identity),
    get truth() {
      return (truth ??= deriveTruth(hulls, createReception(scenario, start), start, end))
    },
    messages: { [Symbol.iterator]: () => listen(when, hulls, true) },
    firstMessages: { [Symbol.iterator]: () => listen(when, hulls, false) },
  }
}

/** Time from antenna to log, ms: radio, then a network. */
const DELAY_MS = [40, 1800] as const
/** Until the same report comes a second time, ms: another way through the network. */
const REPEAT_MS = [2000, 600_000] as const

interface Ship {
  radio: Transponder
  random: Random
  strength: number
  order: number
  next: number
}

/** @param copies false: only the first copy of each transmission */
function* listen(
  { scenario, seed, start, end }: Pick<Simulation, 'scenario' | 'seed' | 'start' | 'end'>,
  hulls: readonly Hull[],
  copies: boolean,
): Generator<SimMessage> {
  const reception = createReception(scenario, start)
  const delivery = createDelivery(scenario, reception, seed)
  const { repeats = 0 } = scenario
  const ships = createHeap<Ship>((a, b) => a.next < b.next || (a.next === b.next && a.order < b.order))
  hulls.forEach((hull, order) => {
    const { identity, vessel, voyage, strength, twinOf } = hull
    const random = createRandom(seedOf(seed, 'radio', order))
    const acts = twinOf === undefined ? (vessel.acts ?? []) : []
    const silences = silencesOf(hull, start)
    const thinMs = scenario.thinS * MS_PER_S
    const radio = createTransponder(identity, voyage, acts, silences, start, thinMs, random)
    ships.push({ radio, random, strength, order, next: radio.next() })
  })

  const arriving = createHeap<Arrival>(
    (a, b) => a.receivedAt < b.receivedAt || (a.receivedAt === b.receivedAt && a.serial < b.serial),
  )
  let serial = 0
  const hearers: number[] = []
  const arrivals: number[] = []
  const again: number[] = []
  for (;;) {
    const ship = ships.peek()
    const now = ship && ship.next < end ? ship.next : Infinity
    // nothing that is still to be sent can arrive before this
    while (arriving.size > 0 && arriving.peek()!.receivedAt <= now) yield arriving.pop()!.message
    if (!ship || now === Infinity) return
    const { radio, random, strength } = ship
    const report = radio.send()
    ship.next = radio.next()
    ships.settle()

    const { identity, state } = radio
    const t = Math.floor(now)
    const heard = reception.hear(t, state.lat, state.lon, identity.txClass, random, hearers, strength)
    if (report && heard > 0) radio.heard(report)
    let firstAt = 0
    for (let k = 0; k < heard; k++) {
      arrivals[k] = delivery(hearers[k]!, t) + Math.round(random.between(...DELAY_MS))
      if (arrivals[k]! < arrivals[firstAt]!) firstAt = k
      again[k] = repeats > 0 && random.chance(repeats) ? Math.round(random.between(...REPEAT_MS)) : 0
    }
    for (let k = 0; k < heard; k++) {
      const first = k === firstAt
      if (!first && !copies) continue
      const receivedAt = arrivals[k]!
      const receiver = reception.station(hearers[k]!)
      const collection = reception.isSatellite(hearers[k]!) ? 'satellite' : 'terrestrial'
      const heardBy = { receivedAt, receiver, collection, first, ship: identity } as const
      const message: SimMessage = report
        ? {
            kind: 'position',
            ...heardBy,
            report: received((first && radio.corrupted(report)) || report, receivedAt, receiver, collection),
          }
        : { kind: 'static', ...heardBy, report: staticReport(identity, t) }
      arriving.push({ receivedAt, serial: serial++, message })
      if (!copies || again[k] === 0) continue
      const repeatedAt = receivedAt + again[k]!
      arriving.push({ receivedAt: repeatedAt, serial: serial++, message: repeated(message, repeatedAt) })
    }
  }
}

/** When what a receiver hears at a time reaches the network, epoch ms: lines fail, and satellites wait for a ground station. */
function createDelivery(
  { receivers, late }: Scenario,
  reception: Reception,
  seed: number,
): (receiver: number, t: number) => number {
  if (!late) return (receiver, t) => reception.delivered(receiver, t)
  // a pass of a satellite, or an hour of a station, is late as a whole
  const blockMs = receivers.map(of => ('at' in of ? MS_PER_HOUR : of.passEveryMin * MS_PER_MIN))
  const last = receivers.map(() => ({ block: NaN, lateMs: 0 }))
  return (receiver, t) => {
    const block = Math.floor(t / blockMs[receiver]!)
    const now = last[receiver]!
    if (now.block !== block) {
      const random = createRandom(seedOf(seed, 'late', reception.station(receiver), block))
      now.block = block
      now.lateMs = random.chance(late.share) ? random.between(...late.hours) * MS_PER_HOUR : 0
    }
    return Math.round(reception.delivered(receiver, t) + now.lateMs)
  }
}

/** The same message once more. */
function repeated(message: SimMessage, receivedAt: number): SimMessage {
  return message.kind === 'position'
    ? { ...message, receivedAt, first: false, report: { ...message.report, receivedAt } }
    : { ...message, receivedAt, first: false }
}

interface Arrival {
  receivedAt: number
  serial: number
  message: SimMessage
}

/** A copy with what the receiver adds. Written out: a spread costs more than all the rest of a report. */
function received(
  sent: PositionReport,
  receivedAt: number,
  receiver: string,
  collection: Collection,
): PositionReport {
  const { mmsi, t, lat, lon, sog, cog, heading, rot, navStatus, msgType, txClass, utcSecond } =
    sent as Required<PositionReport>
  return txClass === 'B'
    ? { mmsi, t, lat, lon, sog, cog, msgType, txClass, utcSecond, receivedAt, receiver, collection }
    : {
        mmsi,
        t,
        lat,
        lon,
        sog,
        cog,
        heading,
        rot,
        navStatus,
        msgType,
        txClass,
        utcSecond,
        receivedAt,
        receiver,
        collection,
      }
}

function staticReport(ship: Identity, t: number): StaticReport {
  const { mmsi, name, callsign, imo, shipType, length, width, draught } = ship
  const report: StaticReport = { mmsi, t, name, callsign, shipType, length, width }
  if (ship.txClass === 'A') {
    report.draught = draught
    if (imo !== undefined) report.imo = imo
  }
  return report
}
