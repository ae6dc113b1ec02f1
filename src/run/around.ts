// What the reports tell around events that are already known: the tracks of their vessels before and after, and who else was
// heard where a silent vessel can have passed. One more pass over the inputs, for a report that somebody reads; its memory is
// bounded by what was asked for.

import { haversineM } from '../geo/distance.js'
import { InputError } from '../model/errors.js'
import { isStaticOnly, type ReportBatch } from '../model/batch.js'
import { isVesselEvent, type DarkEvent, type VesselEvent } from '../model/event.js'
import { createSourceCounts } from '../model/stats.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import { createWords } from '../model/words.js'
import type { Around, Heard, TrackPoint } from '../sinks/report/findings.js'
import { recognise, type Input, type RecogniseOptions } from '../sources/open.js'

export interface AroundOptions extends RecogniseOptions {
  timeStart?: number | undefined
  signal?: AbortSignal | undefined
  onInputError?: ((error: InputError) => void) | undefined
}

/** Track told before and after an event. */
const MARGIN_MS = 12 * MS_PER_HOUR
/** A vessel at a place that takes a silent one no more than this out of its way was where it can have passed. */
const ASIDE_M = 20 * M_PER_NM
/** Points kept of a track, and vessels listed of those heard. */
const MAX_POINTS = 1500
const MAX_HEARD = 12
const MAX_VESSELS = 20_000

/** @throws InputError when no input can be read, and nobody asked to be told */
export async function lookAround(
  inputs: Iterable<Input>,
  events: readonly DarkEvent[],
  options: AroundOptions = {},
): Promise<Around> {
  const { timeStart, signal, onInputError, map, ...how } = options
  const wanted = createWanted(events)
  const words = createWords()
  for (const input of inputs) {
    if (signal?.aborted) break
    try {
      const recognised = await recognise(input, { ...how, map })
      await recognised.read(
        {
          ...{ words, name: recognised.name, counts: createSourceCounts(), onBatch: wanted.add },
          ...(timeStart !== undefined && { timeStart }),
          ...(map && { map }),
        },
        () => {
          if (signal?.aborted) throw STOPPED
        },
      )
    } catch (error) {
      if (error === STOPPED) break
      if (!(error instanceof InputError)) throw error
      if (!onInputError) throw error
      onInputError(error)
    }
  }
  return wanted.found()
}

const STOPPED = new Error('stopped')

function createWanted(events: readonly DarkEvent[]) {
  const trails = new Map<number, Trail>()
  const silences: Silence[] = []
  for (const event of events) {
    if (!isVesselEvent(event)) continue
    const { mmsi, start, end } = event
    const trail = trails.get(mmsi) ?? createTrail()
    trails.set(mmsi, trail)
    trail.windows.push([start.t - MARGIN_MS, (end?.t ?? Infinity) + MARGIN_MS])
    const silence = silenceOf(event)
    if (silence) silences.push(silence)
  }
  const names = new Map<number, string>()

  function add(batch: ReportBatch): void {
    const { t, mmsi, lat, lon, msgType, statics, words } = batch
    for (let i = 0; i < batch.length; i++) {
      const name = statics[i]! === 0 ? undefined : words.statics.get(statics[i]!)?.name
      if (name && (names.size < MAX_VESSELS || names.has(mmsi[i]!))) names.set(mmsi[i]!, name)
      if (isStaticOnly(msgType[i]!) || !(Math.abs(lat[i]!) <= 90)) continue
      trails.get(mmsi[i]!)?.add(t[i]!, lat[i]!, lon[i]!)
      for (const silence of silences) {
        if (t[i]! > silence.from && t[i]! < silence.to && mmsi[i]! !== silence.mmsi)
          silence.add(mmsi[i]!, t[i]!, lat[i]!, lon[i]!)
      }
    }
  }

  return {
    add,
    found: (): Around => ({
      tracks: new Map([...trails].map(([mmsi, trail]) => [mmsi, trail.points()])),
      heard: new Map(silences.map(silence => [silence.id, silence.found(names)])),
    }),
  }
}

type Trail = ReturnType<typeof createTrail>

/** Points at least so far apart in time that they are not too many. Whatever the order they come in, the same are kept. */
function createTrail() {
  const windows: [number, number][] = []
  let stepMs = MS_PER_MIN
  let kept = new Map<number, TrackPoint>()

  function keep(point: TrackPoint): void {
    const key = Math.floor(point.t / stepMs)
    const before = kept.get(key)
    if (!before || point.t < before.t || (point.t === before.t && point.lat < before.lat))
      kept.set(key, point)
  }
  return {
    windows,
    add(t: number, lat: number, lon: number): void {
      if (!windows.some(([from, to]) => t >= from && t <= to)) return
      keep({ t, lat, lon })
      while (kept.size > MAX_POINTS) {
        stepMs *= 2
        const points = [...kept.values()]
        kept = new Map()
        points.forEach(keep)
      }
    },
    points: (): TrackPoint[] => [...kept.values()].sort((a, b) => a.t - b.t),
  }
}

interface Silence {
  id: string
  mmsi: number
  from: number
  to: number
  add(mmsi: number, t: number, lat: number, lon: number): void
  found(names: Map<number, string>): { count: number; nearest: Heard[] }
}

function silenceOf({ id, type, mmsi, start, end }: VesselEvent): Silence | null {
  const { lat: lat1, lon: lon1 } = start
  if ((type !== 'gap' && type !== 'partial_silence') || lat1 === null || lon1 === null) return null
  const [lat2, lon2] = end && end.lat !== null && end.lon !== null ? [end.lat, end.lon] : [lat1, lon1]
  const straightM = haversineM(lat1, lon1, lat2, lon2)
  // most reports are nowhere near: latitude alone tells
  const marginDeg = (straightM + ASIDE_M) / 2 / 111_000
  const [south, north] = [Math.min(lat1, lat2) - marginDeg, Math.max(lat1, lat2) + marginDeg]
  const vessels = new Map<number, Omit<Heard, 'mmsi' | 'name'>>()
  return {
    ...{ id, mmsi, from: start.t, to: end?.t ?? Infinity },
    add(other, t, lat, lon) {
      if (lat < south || lat > north) return
      const asideM = haversineM(lat1, lon1, lat, lon) + haversineM(lat, lon, lat2, lon2) - straightM
      if (!(asideM <= ASIDE_M)) return
      const known = vessels.get(other)
      if (known) {
        known.reports++
        known.first = Math.min(known.first, t)
        known.last = Math.max(known.last, t)
        known.asideM = Math.min(known.asideM, Math.max(0, asideM))
      } else if (vessels.size < MAX_VESSELS)
        vessels.set(other, { reports: 1, first: t, last: t, asideM: Math.max(0, asideM) })
    },
    found: names => ({
      count: vessels.size,
      nearest: [...vessels]
        .sort(([x, a], [y, b]) => a.asideM - b.asideM || x - y)
        .slice(0, MAX_HEARD)
        .map(([other, heard]) => ({ mmsi: other, name: names.get(other) ?? null, ...heard })),
    }),
  }
}
