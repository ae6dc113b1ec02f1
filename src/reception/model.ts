// What the engine knows of reception, in one place: it tells every report and, once a slot, every vessel that is heard;
// it asks of a silence how likely it is, who was still heard, and whether anybody listened. The parts: reception/holes,
// reception/nearby, reception/health.

import { lonDelta } from '../geo/antimeridian.js'
import { interpolate } from '../geo/distance.js'
import type { FeedFinding } from '../model/event.js'
import { COLLECTIONS } from '../model/report.js'
import { cellAt } from './cells.js'
import { faultFinding, type ListenerNames } from './faults.js'
import { createHealth, type Health, type HealthState } from './health.js'
import { createHoles, type Holes, type HolesState, type Survival } from './holes.js'
import type { Hearing } from './listeners.js'
import { createNearby, type NearbyState, type Witnesses } from './nearby.js'
import { SLOT_MS, slotOf, SLOTS_PER_HOUR } from './slots.js'

/** Places of a way that are asked about, the first aside; and what is too rare to be told apart. */
const WAY_STEPS = 12
const RAREST = 1e-9

export interface ReceptionOptions {
  /** Cells of the model kept, about 140 bytes each. @default 65,536 */
  cells?: number
  /** Sightings kept for witnesses, 8 bytes each. @default 2 M */
  sightings?: number
  /** Receivers told apart, about 5 kB each. @default 512 */
  receivers?: number
}

/** Plain data. */
export interface ReceptionState {
  /** Where the present slot ends, epoch ms. */
  slotEnd: number
  holes: HolesState
  nearby: NearbyState
  health: HealthState
}

/** A vessel's first report in a slot, and its last one before. */
export interface Heard {
  mmsi: number
  /** Index in RADIO_CLASSES (radioClass()). */
  radio: number
  t: number
  /** NaN where the report has no place. */
  lat: number
  lon: number
  /** 0…63 (feedCode()), and station id, 0 none. */
  feed: number
  receiver: number
  /** When it was received: that time, or the report's own. */
  receivedAt: number
  utcSecond: number
  /** The last report before: when, its feed, and the vessel's last place then. `t` is NaN for a vessel first heard. */
  before: { t: number; lat: number; lon: number; feed: number }
  /** When lapsed() was called for this silence, epoch ms; NaN when it was not. */
  lapsedAt: number
}

/** A silence that is judged. */
export interface Silence {
  mmsi: number
  radio: number
  /** The last report before it: when and where, its feed, and the receivers that used to hear the vessel, if known. */
  t: number
  lat: number
  lon: number
  feed: number
  receivers?: readonly number[]
  /** Where it was heard again; while it lasts, the present and NaN. */
  toT: number
  toLat: number
  toLon: number
  /** When lapsed() was called for it, epoch ms; NaN when it was not. */
  lapsedAt: number
}

export interface Judgement extends Survival {
  /** How long it was silent while it could have been heard, ms. */
  healthyMs: number
  /** The same in whole slots: what `survival` is for. */
  slots: number
  /**
   * The same as `survival` for a vessel last heard anywhere on its way from OFF to ON, at most and as a geometric mean: a
   * ship that sails out of hearing begins and ends its silence where silences are common.
   */
  along: { most: number; mean: number }
  /** null where the hour before is not known. */
  witnesses: Witnesses | null
  /** How many of the witnesses nearby would be heard again as a rule. */
  againExpected: number
}

export interface Reception {
  readonly state: ReceptionState
  readonly holes: Holes
  /** Single receivers: their clocks, and how far they hear. */
  readonly ears: Pick<Health, 'clocks' | 'footprints' | 'rowOf' | 'receivers' | 'collectionOf'>
  /** Event time reached `t`, epoch ms: before anything else is told or asked at that time, timers too. */
  advance(t: number): void
  /** Any report, before repeats are dropped. */
  report(t: number, feed: number, receiver: number, mmsi: number): void
  /** All reports of the present slot that a feed, or one receiver of it, heard: instead of report(). @param receiver 0: the feed */
  reports(feed: number, receiver: number, heard: Hearing): void
  heard(report: Heard): void
  /** What it tells of its receiver alone: instead of heard(), for who judges no silence. */
  check(report: Pick<Heard, 'mmsi' | 'lat' | 'lon' | 'receiver' | 'receivedAt' | 'utcSecond'>): void
  /** A copy of a report, by one more receiver. */
  copy(receiver: number, mmsi: number, lat: number, lon: number): void
  /** A silence becomes a gap at `t`: what comes after is nobody's proof that the place is deaf. */
  lapsed(silence: Silence, t: number): void
  judge(silence: Silence): Judgement
  healthyMs(from: number, to: number, feed: number, receivers?: readonly number[]): number
  /** Others of a vessel's class that were heard around a place in the last hour that is known. */
  heardAround(mmsi: number, radio: number, collection: number, lat: number, lon: number): number
  /** Outages and faults since it was asked last. */
  findings(names: ListenerNames): FeedFinding[]
}

/** Code of a feed: how it was collected, and which of up to 15 named sources it came from; 0 none. */
export const feedCode = (collection: number, source = 0): number => source * COLLECTIONS.length + collection

/** The name of a feed by its code; `sources` by number, from 1. */
export function feedName(code: number, sources: readonly string[] = []): string {
  const source = sources[Math.floor(code / COLLECTIONS.length) - 1]
  const collection = COLLECTIONS[code % COLLECTIONS.length]!
  return source === undefined ? collection : `${source} ${collection}`
}

export function createReception(options: ReceptionOptions = {}, restored?: ReceptionState): Reception {
  const holes = createHoles({ capacity: options.cells ?? 65_536 }, restored?.holes)
  const nearby = createNearby(options.sightings, restored?.nearby)
  const health = createHealth(options.receivers, restored?.health)
  const state: ReceptionState = restored ?? {
    slotEnd: -Infinity,
    holes: holes.state,
    nearby: nearby.state,
    health: health.state,
  }

  /** Whole slots between two reports. */
  const between = (from: number, to: number) => Math.max(0, slotOf(to) - slotOf(from) - 1)

  /** When the first outage within a silence began; NaN when there was none. */
  const cutAt = (from: number, to: number, feed: number) =>
    health.outSince(from) ? (health.outages(from, to, feed)[0]?.[0] ?? NaN) : NaN

  function alongWay(silence: Silence, slots: number, here: number): Judgement['along'] {
    const { lat, lon, radio, feed, toLat, toLon } = silence
    if (!(lat === lat && toLat === toLat)) return { most: here, mean: here }
    const cell = cellAt(lat, lon)
    let most = here
    let logs = Math.log(Math.max(RAREST, here))
    for (let k = 1; k <= WAY_STEPS; k++) {
      const at = interpolate(lat, lon, toLat, lon + lonDelta(lon, toLon), k / WAY_STEPS)
      // the silence is no witness for itself where it began
      const there =
        cellAt(at.lat, at.lon) === cell ? here : holes.survival(at.lat, at.lon, radio, feed, slots).survival
      most = Math.max(most, there)
      logs += Math.log(Math.max(RAREST, there))
    }
    return { most, mean: Math.exp(logs / (WAY_STEPS + 1)) }
  }

  function lapsed({ t: from, lat, lon, radio, feed }: Silence, t: number): void {
    const cut = cutAt(from, t, feed)
    holes.lapsed(lat, lon, radio, feed, between(from, cut === cut ? cut : t))
  }

  function check({
    mmsi,
    lat,
    lon,
    receiver,
    receivedAt,
    utcSecond,
  }: Parameters<Reception['check']>[0]): void {
    if (receiver !== 0) health.check(receivedAt, receiver, mmsi, utcSecond, lat, lon)
  }

  return {
    state,
    holes,
    ears: health,
    lapsed,
    report: health.hear,
    reports: health.take,
    copy: health.copy,
    healthyMs: health.healthyMs,
    advance(t) {
      if (t < state.slotEnd) return
      const slot = slotOf(t)
      state.slotEnd = (slot + 1) * SLOT_MS
      holes.advance(slot)
      nearby.advance(slot)
      health.advance(slot)
    },
    check,
    heard(report) {
      const { mmsi, radio, t, lat, lon, feed, before, lapsedAt } = report
      nearby.heard(mmsi, radio, feed % COLLECTIONS.length, lat, lon)
      check(report)
      if (!(before.t < t)) return
      const isLapsed = lapsedAt === lapsedAt
      const cut = cutAt(before.t, t, before.feed)
      const slots = between(before.t, cut === cut ? cut : t)
      if (!(cut === cut)) {
        const known = isLapsed ? between(before.t, lapsedAt) : 0
        holes.heard(before.lat, before.lon, lat, lon, radio, before.feed, slots, known)
        // where the vessel came to hearing after an outage nobody knows: it is known as far as that
      } else if (!isLapsed) holes.lapsed(before.lat, before.lon, radio, before.feed, slots)
    },
    judge(silence) {
      const { mmsi, radio, t, lat, lon, feed, receivers, toT, toLat, toLon, lapsedAt } = silence
      const healthyMs = health.healthyMs(t, toT, feed, receivers)
      const lost = toT - t - healthyMs
      const slots = Math.max(0, between(t, toT) - Math.ceil(lost / SLOT_MS))
      const isTold = lapsedAt === lapsedAt && holes.state.slot >= slotOf(lapsedAt) + 2
      const collection = feed % COLLECTIONS.length
      const witnesses = nearby.witnesses({
        mmsi,
        radio,
        collection,
        slot: slotOf(t),
        lat,
        lon,
        toSlot: slotOf(toT),
        toLat,
        toLon,
      })
      const told = isTold ? between(t, lapsedAt) : 0
      const here = holes.survival(lat, lon, radio, feed, slots, told)
      const again = holes.survival(lat, lon, radio, feed, SLOTS_PER_HOUR).survival
      return {
        ...here,
        along: alongWay(silence, slots, here.survival),
        healthyMs,
        slots,
        witnesses,
        againExpected: (witnesses?.near ?? 0) * (1 - again),
      }
    },
    heardAround: nearby.around,
    findings: names => health.changes().map(change => faultFinding(change, names)),
  }
}
