// The sea as a stream: every ship of a scenario sends in her turn, receivers hear or miss her, and what they heard
// comes out in order of arrival. Nothing is kept but one next transmission per ship and the messages of a second or two.

import { UsageError } from '../model/errors.js'
import type { Collection, PositionReport, StaticReport } from '../model/report.js'
import { MS_PER_HOUR, MS_PER_S } from '../model/units.js'
import { createHeap } from './heap.js'
import { createRegistry, type Identity } from './identity.js'
import { createRandom, seedOf, type Random } from './random.js'
import { createReception } from './reception.js'
import type { Scenario, Vessel } from './scenario.js'
import { createTraffic } from './traffic.js'
import { createTransponder, silencesOf, type Transponder } from './transponder.js'
import { deriveTruth, type TruthEvent } from './truth.js'
import { createVoyage, type Voyage } from './voyage.js'

interface Heard {
  /** Epoch ms. */
  receivedAt: number
  receiver: string
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
  /** What really happened, in order of time. */
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
    hulls.push({ identity, vessel, voyage: createVoyage(scenario.waters, vessel, start, end, random) })
    if (!vessel.twin) return
    const other = registry.create(random, vessel.kind)
    const voyage = createVoyage(scenario.waters, vessel.twin, start, end, random)
    hulls.push({ identity: { ...other, mmsi: identity.mmsi }, vessel, voyage, twinOf: hulls.length - 1 })
  }
  scenario.vessels.forEach((vessel, i) => add(vessel, 'story', i))
  for (const { vessel, key } of createTraffic(scenario, seed, hours, vessels - scenario.vessels.length))
    add(vessel, ...key)
  return hulls
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
  return {
    ...when,
    ships: hulls.map(hull => hull.identity),
    truth: deriveTruth(hulls, createReception(scenario.receivers), start, end),
    messages: { [Symbol.iterator]: () => listen(when, hulls, true) },
    firstMessages: { [Symbol.iterator]: () => listen(when, hulls, false) },
  }
}

/** Time from antenna to log, ms: radio, then a network. */
const DELAY_MS = [40, 1800] as const

interface Ship {
  radio: Transponder
  random: Random
  order: number
  next: number
}

/** @param copies false: only the first copy of each transmission */
function* listen(
  { scenario, seed, start, end }: Pick<Simulation, 'scenario' | 'seed' | 'start' | 'end'>,
  hulls: readonly Hull[],
  copies: boolean,
): Generator<SimMessage> {
  const reception = createReception(scenario.receivers)
  const ships = createHeap<Ship>((a, b) => a.next < b.next || (a.next === b.next && a.order < b.order))
  hulls.forEach(({ identity, vessel, voyage, twinOf }, order) => {
    const random = createRandom(seedOf(seed, 'radio', order))
    // what the story says holds for the first hull; its twin is always on
    const acts = twinOf === undefined ? (vessel.acts ?? []) : []
    const silences = twinOf === undefined ? silencesOf(vessel, voyage, start) : []
    const thinMs = scenario.thinS * MS_PER_S
    const radio = createTransponder(identity, voyage, acts, silences, start, thinMs, random)
    ships.push({ radio, random, order, next: radio.next() })
  })

  const arriving = createHeap<Arrival>(
    (a, b) => a.receivedAt < b.receivedAt || (a.receivedAt === b.receivedAt && a.serial < b.serial),
  )
  let serial = 0
  const hearers: number[] = []
  const delays: number[] = []
  for (;;) {
    const ship = ships.peek()
    const now = ship && ship.next < end ? ship.next : Infinity
    // nothing that is still to be sent can arrive before this
    while (arriving.size > 0 && arriving.peek()!.receivedAt <= now) yield arriving.pop()!.message
    if (!ship || now === Infinity) return
    const { radio, random } = ship
    const report = radio.send()
    ship.next = radio.next()
    ships.settle()

    const { identity, state } = radio
    const t = Math.floor(now)
    const heard = reception.hear(t, state.lat, state.lon, identity.txClass, random, hearers)
    if (report && heard > 0) radio.heard(report)
    let firstAt = 0
    for (let k = 0; k < heard; k++) {
      delays[k] = Math.round(random.between(...DELAY_MS))
      if (delays[k]! < delays[firstAt]!) firstAt = k
    }
    for (let k = 0; k < heard; k++) {
      const first = k === firstAt
      if (!first && !copies) continue
      const receivedAt = t + delays[k]!
      const receiver = reception.station(hearers[k]!)
      const message: SimMessage = report
        ? {
            kind: 'position',
            receivedAt,
            receiver,
            first,
            ship: identity,
            report: received(
              (first && radio.corrupted(report)) || report,
              receivedAt,
              receiver,
              reception.isSatellite(hearers[k]!) ? 'satellite' : 'terrestrial',
            ),
          }
        : { kind: 'static', receivedAt, receiver, first, ship: identity, report: staticReport(identity, t) }
      arriving.push({ receivedAt, serial: serial++, message })
    }
  }
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
