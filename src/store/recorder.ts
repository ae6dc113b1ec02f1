// What a store keeps of the reports themselves: thinned tracks, where each vessel was last, and how its static data
// changed. Takes batches as the engine gets them and holds plain columns until they are written.

import { flagOf } from '../ais/mmsi.js'
import { isStaticOnly, type ReportBatch } from '../model/batch.js'
import { TX_CLASSES, type StaticData } from '../model/report.js'
import { createThinner } from './thin.js'

/** Classes of no ship: shore stations, buoys, beacons. */
const NOT_A_VESSEL = TX_CLASSES.map(name => ['base', 'aton', 'sart'].includes(name))
/** Static data of one vessel that come back again and again (two ships under one number) are told once. */
const REMEMBERED = 4
/** Vessels held in memory; beyond, those written are forgotten and read back by SQL's own minimum and maximum. */
const CAPACITY = 1 << 18

export interface VesselState {
  mmsi: number
  flag: string | null
  txClass: number
  firstT: number
  lastT: number
  /** NaN before the first place. */
  lat: number
  lon: number
  sog: number
  cog: number
  /** Since the vessel was written last. */
  reports: number
  statics: StaticData | undefined
  /** Keys of the last few, the newest last. */
  known: string[]
  /** Id in the words of the batches, and their epoch: what `statics` was when they said so last. */
  staticsId: number
  staticsEpoch: number
  dirty: boolean
}

export interface StaticsRow {
  mmsi: number
  t: number
  data: StaticData
}

/** Columns of fixes that wait. */
export interface FixColumns {
  mmsi: number[]
  t: number[]
  lat: number[]
  lon: number[]
  sog: number[]
  cog: number[]
}

const noFixes = (): FixColumns => ({ mmsi: [], t: [], lat: [], lon: [], sog: [], cog: [] })

export interface Taken {
  fixes: FixColumns
  vessels: VesselState[]
  statics: StaticsRow[]
}

export interface Recorder {
  /** @param order rows to take, in this order; all by default */
  take(batch: ReportBatch, order?: Uint32Array | null): void
  /** Fixes and static data that wait to be written. */
  readonly waiting: number
  /** Hands over what waits. */
  drain(): Taken
}

export function createRecorder(): Recorder {
  let fixes = noFixes()
  let statics: StaticsRow[] = []
  const vessels = new Map<number, VesselState>()
  let changed: VesselState[] = []
  const thinner = createThinner((mmsi, t, lat, lon, sog, cog) => {
    fixes.mmsi.push(mmsi)
    fixes.t.push(t)
    fixes.lat.push(lat)
    fixes.lon.push(lon)
    fixes.sog.push(sog)
    fixes.cog.push(cog)
  })

  function vesselOf(mmsi: number, t: number): VesselState {
    const known = vessels.get(mmsi)
    if (known) return known
    if (vessels.size >= CAPACITY) vessels.clear()
    const vessel: VesselState = {
      ...{ mmsi, flag: flagOf(mmsi), txClass: 0, firstT: t, lastT: -Infinity },
      ...{ lat: NaN, lon: NaN, sog: NaN, cog: NaN, reports: 0 },
      ...{ statics: undefined, known: [], staticsId: 0, staticsEpoch: 0, dirty: false },
    }
    vessels.set(mmsi, vessel)
    return vessel
  }

  function tellStatics(vessel: VesselState, t: number, data: StaticData): void {
    const key = JSON.stringify(data)
    vessel.statics = data
    if (vessel.known.includes(key)) return
    vessel.known = [...vessel.known.slice(1 - REMEMBERED), key]
    statics.push({ mmsi: vessel.mmsi, t, data })
  }

  function takeRow(batch: ReportBatch, i: number): void {
    if (NOT_A_VESSEL[batch.txClass[i]!]) return
    const mmsi = batch.mmsi[i]!
    const t = batch.t[i]!
    if (!(t > -8.64e15 && t < 8.64e15)) return
    const vessel = vesselOf(mmsi, t)
    if (!vessel.dirty) {
      vessel.dirty = true
      changed.push(vessel)
    }
    const id = batch.statics[i]!
    const { statics: words } = batch.words
    if (id !== 0 && (id !== vessel.staticsId || words.epoch !== vessel.staticsEpoch)) {
      vessel.staticsId = id
      vessel.staticsEpoch = words.epoch
      const data = words.get(id)
      if (data) tellStatics(vessel, t, data)
    }
    if (t < vessel.firstT) vessel.firstT = t
    if (isStaticOnly(batch.msgType[i]!)) {
      if (t > vessel.lastT) vessel.lastT = t
      return
    }
    vessel.reports++
    const lat = batch.lat[i]!
    const lon = batch.lon[i]!
    const sog = batch.sog[i]!
    const cog = batch.cog[i]!
    if (batch.txClass[i]! !== 0) vessel.txClass = batch.txClass[i]!
    const placed = lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180
    if (t >= vessel.lastT) {
      vessel.lastT = t
      if (placed) {
        vessel.lat = lat
        vessel.lon = lon
        vessel.sog = sog
        vessel.cog = cog
      }
    }
    if (placed) thinner.see(mmsi, t, lat, lon, sog, cog)
  }

  return {
    take(batch, order) {
      const n = order?.length ?? batch.length
      for (let k = 0; k < n; k++) takeRow(batch, order ? order[k]! : k)
    },
    get waiting() {
      return fixes.t.length + statics.length
    },
    drain() {
      const taken = { fixes, statics, vessels: changed.map(vessel => ({ ...vessel })) }
      for (const vessel of changed) {
        vessel.dirty = false
        vessel.reports = 0
      }
      fixes = noFixes()
      statics = []
      changed = []
      return taken
    },
  }
}
