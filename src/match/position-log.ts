// Where every vessel was over the last hours, thinned: pictures come hours after they were taken, and ask where the ships
// were then. A ring of fixes of fixed size, 21 bytes each, one per vessel and ten minutes; the oldest give way.

import { MS_PER_MIN, MS_PER_S } from '../model/units.js'
import type { MovingFix } from './density.js'

const THIN_MS = 10 * MS_PER_MIN
/** A million fixes: 9 h of 20,000 vessels, 3.6 days of 2,000. */
const ROWS = 1 << 20
const STEP_DEG = 1e-6
const NO_VALUE = 65_535

/** Plain data. */
export interface PositionLogState {
  /** Seconds since 1970. */
  t: Uint32Array
  mmsi: Uint32Array
  track: Uint8Array
  /** Millionths of a degree. */
  lat: Int32Array
  lon: Int32Array
  /** Tenths of a knot and of a degree. */
  sog: Uint16Array
  cog: Uint16Array
  /** Next row to write, and rows in use. */
  head: number
  used: number
  /** When each slot was logged last, epoch ms. */
  last: Float64Array
  /** Fixes older than this may have given way, epoch ms. */
  since: number
}

export interface PositionLog {
  readonly state: PositionLogState
  add(slot: number, mmsi: number, track: number, fix: MovingFix): void
  clear(slot: number): void
  /** Visits fixes of that time, epoch ms, in the order in which they came. */
  between(from: number, to: number, visit: (mmsi: number, track: number, fix: MovingFix) => void): void
}

export function createPositionLog(slots: number, saved?: PositionLogState | null): PositionLog {
  const state: PositionLogState = saved ?? {
    ...{ t: new Uint32Array(ROWS), mmsi: new Uint32Array(ROWS), track: new Uint8Array(ROWS) },
    ...{ lat: new Int32Array(ROWS), lon: new Int32Array(ROWS) },
    ...{ sog: new Uint16Array(ROWS), cog: new Uint16Array(ROWS) },
    ...{ head: 0, used: 0, last: new Float64Array(slots), since: -Infinity },
  }
  const tenths = (value: number): number => (value >= 0 && value < 6000 ? Math.round(10 * value) : NO_VALUE)
  const from = (value: number): number => (value === NO_VALUE ? NaN : value / 10)
  return {
    state,
    add(slot, mmsi, track, { t, lat, lon, sog, cog }) {
      if (t < state.last[slot]! + THIN_MS) return
      state.last[slot] = t
      const row = state.head
      if (state.used === ROWS) state.since = Math.max(state.since, state.t[row]! * MS_PER_S)
      else if (state.used === 0) state.since = t
      state.t[row] = Math.round(t / MS_PER_S)
      state.mmsi[row] = mmsi
      state.track[row] = track
      state.lat[row] = Math.round(lat / STEP_DEG)
      state.lon[row] = Math.round(lon / STEP_DEG)
      state.sog[row] = tenths(sog)
      state.cog[row] = tenths(cog)
      state.head = (row + 1) % ROWS
      state.used = Math.min(ROWS, state.used + 1)
    },
    clear(slot) {
      state.last[slot] = 0
    },
    between(first, last, visit) {
      for (let k = 0; k < state.used; k++) {
        const row = (state.head - state.used + k + ROWS) % ROWS
        const t = state.t[row]! * MS_PER_S
        if (t < first || t > last) continue
        visit(state.mmsi[row]!, state.track[row]!, {
          t,
          lat: state.lat[row]! * STEP_DEG,
          lon: state.lon[row]! * STEP_DEG,
          sog: from(state.sog[row]!),
          cog: from(state.cog[row]!),
        })
      }
    },
  }
}
