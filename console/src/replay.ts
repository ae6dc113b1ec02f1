// Replay: where every ship was at a moment, between the fixes that were kept. A ship that is silent is not drawn where
// nobody knows it to be: it vanishes when it goes dark.

import { columns, type Columns } from './api.js'
import type { ShipColumns } from './map.js'

/** Between two fixes farther apart than this a ship is silent. */
const SILENT_MS = 35 * 60_000
/** Fixes at a time; where an hour holds more it is asked for in shorter pieces. */
const LIMIT = 300_000
const CHUNK_MS = 3 * 3_600_000
const FRAME_MS = 66

export interface Replay {
  readonly moment: number | null
  readonly playing: boolean
  speed: number
  play(): void
  pause(): void
  /** Stops, and shows the moment. */
  goTo(t: number): void
  /** Back to where all were heard last. */
  end(): void
  setSpan(from: number, to: number): void
}

export function createReplay(on: {
  ships(ships: ShipColumns): void
  moment(t: number | null): void
  changed(): void
  error(error: unknown): void
}): Replay {
  let [from, to] = [0, 0]
  let moment: number | null = null
  let playing = false
  let speed = 600
  let chunkMs = CHUNK_MS
  let chunk: { from: number; to: number; fixes: Columns } | null = null
  let loading: Promise<void> | null = null
  let frame = 0
  let last = 0
  let drawn = 0

  async function load(t: number): Promise<void> {
    for (;;) {
      const start = Math.floor(t / chunkMs) * chunkMs
      const query = (ms: number): string => new Date(ms).toISOString()
      const fixes = await columns(
        `tracks/columns?from=${query(start - SILENT_MS)}&to=${query(start + chunkMs + SILENT_MS)}&limit=${LIMIT}`,
      )
      if (fixes.count < LIMIT || chunkMs <= 5 * 60_000) {
        chunk = { from: start, to: start + chunkMs, fixes }
        return
      }
      chunkMs /= 2
    }
  }

  function show(t: number): void {
    moment = t
    on.moment(t)
    if (chunk && t >= chunk.from && t < chunk.to) on.ships(shipsAt(chunk.fixes, t))
    else if (!loading)
      loading = load(t)
        .then(() => {
          loading = null
          if (moment !== null) show(moment)
        })
        .catch((error: unknown) => {
          loading = null
          playing = false
          on.changed()
          on.error(error)
        })
  }

  function step(now: number): void {
    if (!playing) return
    frame = requestAnimationFrame(step)
    // what is not there yet is waited for
    if (loading || now - drawn < FRAME_MS) {
      if (loading) last = now
      return
    }
    const next = (moment ?? from) + (now - last) * speed
    last = drawn = now
    if (next >= to) {
      playing = false
      cancelAnimationFrame(frame)
      show(to - 1)
      on.changed()
    } else show(next)
  }

  return {
    get moment() {
      return moment
    },
    get playing() {
      return playing
    },
    get speed() {
      return speed
    },
    set speed(next) {
      speed = next
    },
    play() {
      if (playing) return
      if (moment === null || moment >= to - 1 || moment < from) moment = from
      playing = true
      last = performance.now()
      frame = requestAnimationFrame(step)
      on.changed()
    },
    pause() {
      playing = false
      cancelAnimationFrame(frame)
      on.changed()
    },
    goTo(t) {
      show(Math.max(from, Math.min(to - 1, t)))
      on.changed()
    },
    end() {
      playing = false
      cancelAnimationFrame(frame)
      moment = null
      on.moment(null)
      on.changed()
    },
    setSpan(a, b) {
      ;[from, to] = [a, b]
    },
  }
}

/** One place a ship, in the order of the fixes: by ship, then by time. */
export function shipsAt(fixes: Columns, moment: number): ShipColumns {
  const { t, mmsi, lat, lon } = fixes as unknown as Record<string, ArrayLike<number>>
  const found: ShipColumns & Record<'mmsi' | 'lat' | 'lon' | 'cog' | 'sog', number[]> = {
    ...{ count: 0, mmsi: [], lat: [], lon: [], cog: [], sog: [] },
  }
  for (let k = 0; k + 1 < fixes.count; k++) {
    if (mmsi![k] !== mmsi![k + 1] || !(t![k]! <= moment && t![k + 1]! > moment)) continue
    const lasted = t![k + 1]! - t![k]!
    if (lasted > SILENT_MS) continue
    const f = (moment - t![k]!) / lasted
    const north = lat![k + 1]! - lat![k]!
    let east = lon![k + 1]! - lon![k]!
    if (east > 180) east -= 360
    else if (east < -180) east += 360
    const wide = east * Math.cos((lat![k]! * Math.PI) / 180)
    found.mmsi.push(mmsi![k]!)
    found.lat.push(lat![k]! + f * north)
    found.lon.push(lon![k]! + f * east)
    found.cog.push(((Math.atan2(wide, north) * 180) / Math.PI + 360) % 360)
    found.sog.push((Math.hypot(wide, north) * 60) / (lasted / 3_600_000))
    found.count++
  }
  return found
}
