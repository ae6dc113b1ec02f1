// What an inspection counts, row by row: vessels, hours, stations, types, cadence. Every table has a limit, and what is
// beyond it is said to be, so that no file, however large or hostile, fills the memory.

import { isStaticOnly, type ReportBatch } from '../../model/batch.js'
import { TX_CLASSES } from '../../model/report.js'
import { MS_PER_HOUR } from '../../model/units.js'
import type { Words } from '../../model/words.js'
import { createCadence } from './cadence.js'
import { createClocks, type ClockOffset, type Clocks } from './clocks.js'
import { createPairs } from './pairs.js'
import { createSeen } from './seen.js'

/** Vessels told apart; there are about 100,000 at sea with AIS at any time. */
const MAX_VESSELS = 1 << 20
/** Twelve years. */
const MAX_HOURS = 105_192
/** Stations with figures of their own; the rest are one. */
const MAX_STATIONS = 4096
/** Vessels in hours, and by station: 64 MB at most. */
const MAX_PAIRS = 1 << 22
/** Hours since 1970 stay below this until the year 2209: group numbers from here on are stations. */
const STATION_GROUPS = 1 << 21

export interface HourCount {
  /** Start of the hour, epoch ms. */
  t: number
  reports: number
  vessels: number
}

export interface StationCount {
  /** null for reports that name none. */
  name: string | null
  reports: number
  /** Distinct MMSIs; null when there were too many to count by station. */
  vessels: number | null
  from: number
  to: number
  /** Hours with a report. */
  hours: number
  /** Reports that another station had given before. */
  repeats: number
  clock: ClockOffset | null
}

interface Station {
  id: number
  reports: number
  vessels: number
  from: number
  to: number
  hours: number
  lastHour: number
  repeats: number
  clocks: Clocks
}

export type Tally = ReturnType<typeof createTally>

export function createTally(words: Words) {
  const seen = createSeen()
  const cadence = createCadence()
  const pairs = createPairs(MAX_PAIRS)
  const vessels = new Map<number, number>()
  let lastT = new Float64Array(1024).fill(NaN)
  let lastHour = new Int32Array(1024).fill(-1)
  let lastMotion = new Uint8Array(1024)
  const hours = new Map<number, HourCount>()
  const stations = new Map<number, Station>()
  let last = -Infinity

  const tally = {
    reports: 0,
    withoutPosition: 0,
    duplicates: 0,
    duplicatesElsewhere: 0,
    from: Infinity,
    to: -Infinity,
    sorted: true,
    messageTypes: new Float64Array(64),
    txClasses: new Float64Array(TX_CLASSES.length),
    get vessels(): number {
      return vessels.size
    },
    /** Is a figure too low because a table was full? */
    limited: false,
    add,
    cadence: cadence.rows,
    hours: (): HourCount[] => [...hours.values()].sort((a, b) => a.t - b.t),
    stations: (): StationCount[] =>
      [...stations.values()]
        .sort((a, b) => b.reports - a.reports || a.id - b.id)
        .map(({ id, reports, from, to, hours, repeats, clocks, vessels }) => ({
          name: id === 0 ? null : (words.receivers.get(id) ?? null),
          ...{ reports, vessels: pairs.full ? null : vessels, from, to, hours, repeats },
          clock: clocks.offset(),
        })),
  }
  return tally

  function add(batch: ReportBatch): void {
    for (let i = 0; i < batch.length; i++) {
      const type = batch.msgType[i]!
      tally.messageTypes[type & 63]! += 1
      if (!isStaticOnly(type)) addReport(batch, i)
    }
  }

  function addReport(batch: ReportBatch, i: number): void {
    const t = batch.t[i]!
    const mmsi = batch.mmsi[i]!
    tally.reports++
    tally.txClasses[batch.txClass[i]!]! += 1
    if (!(batch.lat[i]! >= -90)) tally.withoutPosition++
    if (t < last) tally.sorted = false
    last = t
    if (t < tally.from) tally.from = t
    if (t > tally.to) tally.to = t

    const hour = Math.floor(t / MS_PER_HOUR)
    const slot = vesselOf(mmsi)
    const isNew = pairs.add(hour, mmsi) ?? lastHour[slot] !== hour
    lastHour[slot] = hour
    addHour(hour, isNew)

    const repeated = seen.seen(batch, i)
    if (repeated) {
      tally.duplicates++
      if (seen.elsewhere) tally.duplicatesElsewhere++
    } else if (slot > 0) {
      const motion = cadence.motionOf(batch, i)
      const before = lastT[slot]!
      if (t > before) cadence.add(batch.txClass[i]!, lastMotion[slot]!, motion, t - before)
      if (!(t < before)) {
        lastT[slot] = t
        lastMotion[slot] = motion
      }
    }
    addStation(batch, i, hour, repeated && seen.elsewhere)
  }

  /** Slot of a vessel from 1; 0 for all that came when the table was full. */
  function vesselOf(mmsi: number): number {
    const known = vessels.get(mmsi)
    if (known !== undefined) return known
    if (vessels.size >= MAX_VESSELS) {
      tally.limited = true
      return 0
    }
    const slot = vessels.size + 1
    vessels.set(mmsi, slot)
    if (slot === lastT.length) {
      const from = slot
      lastT = enlarged(lastT, new Float64Array(slot * 2)).fill(NaN, from)
      lastHour = enlarged(lastHour, new Int32Array(slot * 2)).fill(-1, from)
      lastMotion = enlarged(lastMotion, new Uint8Array(slot * 2))
    }
    return slot
  }

  function addHour(hour: number, isNew: boolean): void {
    let count = hours.get(hour)
    if (!count) {
      if (hours.size >= MAX_HOURS) {
        tally.limited = true
        return
      }
      hours.set(hour, (count = { t: hour * MS_PER_HOUR, reports: 0, vessels: 0 }))
    }
    count.reports++
    if (isNew) count.vessels++
  }

  function addStation(batch: ReportBatch, i: number, hour: number, isRepeat: boolean): void {
    const id = batch.receiver[i]!
    let station = stations.get(id)
    if (!station) {
      if (stations.size >= MAX_STATIONS) {
        tally.limited = true
        return
      }
      station = {
        ...{ id, reports: 0, vessels: 0, from: Infinity, to: -Infinity, hours: 0, lastHour: -1, repeats: 0 },
        clocks: createClocks(),
      }
      stations.set(id, station)
    }
    const t = batch.t[i]!
    station.reports++
    if (t < station.from) station.from = t
    if (t > station.to) station.to = t
    if (isRepeat) station.repeats++
    if (pairs.add(STATION_GROUPS + id, batch.mmsi[i]!)) station.vessels++
    if (hour !== station.lastHour) {
      station.lastHour = hour
      if (pairs.add(STATION_GROUPS + id, 0x40000000 + hour)) station.hours++
    }
    const second = batch.utcSecond[i]!
    if (second < 60) {
      const received = batch.receivedAt[i]!
      station.clocks.add(received === received ? received : t, second)
    }
  }
}

function enlarged<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from as never)
  return to
}
