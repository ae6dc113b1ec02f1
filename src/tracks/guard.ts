// The outlier guard: is this fix the same ship? A fix that the vessel could not have reached is held back until later
// ones agree with it. One displaced fix is an outlier (bit error, receiver merge, clock): never an event, never the end
// of a gap. Several that agree are a second place of the same MMSI; when the first place falls quiet the track moves
// there (a relocation), and when both go on in turn two stations share the MMSI. detection.md 5.1 and 5.2.

import { haversineM } from '../geo/distance.js'
import { copyOut, type ReportBatch, type Row } from '../model/batch.js'
import type { Config } from '../model/config.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import type { Tracks } from './table.js'

/** Second places remembered per MMSI; the least supported gives way. */
const MAX_PLACES = 4
/** A place not heard from for this long no longer counts as the other half of anything … */
const PLACE_EXPIRY_MS = MS_PER_DAY
/** … and one that was heard once, probably noise, is forgotten sooner, lest two errors look like a second ship. */
const SINGLE_EXPIRY_MS = 6 * MS_PER_HOUR

/** Another place where this MMSI was heard. */
interface Place {
  /** Fixes there, and separate runs of them. */
  fixes: number
  visits: number
  t: number
  lat: number
  lon: number
  /** The track's last fix before this place was first heard. */
  forkT: number
  forkLat: number
  forkLon: number
  /** Fixes of the running visit, not yet handed on; empty when the last fix was elsewhere. */
  held: Row[]
}

/** The other places of one MMSI, and how many separate visits its track made to its own. */
interface Places {
  home: number
  list: Place[]
}

export interface GuardState {
  /** By slot; only MMSIs that were heard in two places have an entry. */
  places: Map<number, Places>
}

export interface Guard {
  readonly state: GuardState
  /**
   * Judges row `i`, which has a position, of a slot that may have fixes.
   * @returns true: it belongs to the track. false: it is held; when that confirms a relocation, `relocate` is called
   *   with all held rows, which then are the track's.
   */
  admit(slot: number, tracks: Tracks, batch: ReportBatch, i: number): boolean
  /** The slot changes owner. @returns single displaced fixes that were never confirmed */
  clear(slot: number): number
  /** The data end: nothing will confirm the single displaced fixes that still wait. */
  end(): void
}

export function createGuard(
  options: Config['clean'],
  handlers: {
    relocate: (slot: number, rows: Row[]) => void
    /** Single displaced fixes that nothing confirmed. */
    outliers: (count: number) => void
  },
  state: GuardState = { places: new Map() },
): Guard {
  const { confirmFixes } = options
  const confirmMs = options.confirmMinutes * MS_PER_MIN
  const slackM = options.minJumpNm * M_PER_NM
  const slackDeg = options.minJumpNm / 60
  const speed = (options.maxSpeedKn * M_PER_NM) / MS_PER_HOUR // m per ms

  /** How far a fix lies beyond what the vessel could reach, metres; ≤ 0 is within reach. */
  const beyondReach = (t0: number, lat0: number, lon0: number, t: number, lat: number, lon: number) =>
    haversineM(lat0, lon0, lat, lon) - slackM - speed * Math.abs(t - t0)

  function admit(slot: number, tracks: Tracks, batch: ReportBatch, i: number): boolean {
    const lat0 = tracks.lat[slot]!
    const lon0 = tracks.lon[slot]!
    if (lat0 !== lat0) return true
    const lat = batch.lat[i]!
    const lon = batch.lon[i]!
    const hasPlaces = tracks.apart[slot] === 1
    // a minute of arc is a nautical mile and a degree of longitude never longer: nearby without any trigonometry
    const near = Math.abs(lat - lat0) + Math.abs(lon - lon0) < slackDeg
    if (near && !hasPlaces) return true
    const t = batch.t[i]!
    const own = beyondReach(tracks.t[slot]!, lat0, lon0, t, lat, lon)
    if (own <= 0 && !hasPlaces) return true

    const places = state.places.get(slot) ?? { home: 1, list: [] }
    expire(places, t)
    let best: Place | undefined
    let bestM = own <= 0 ? haversineM(lat0, lon0, lat, lon) : Infinity
    for (const place of places.list) {
      if (beyondReach(place.t, place.lat, place.lon, t, lat, lon) > 0) continue
      const m = haversineM(place.lat, place.lon, lat, lon)
      if (m >= bestM) continue
      best = place
      bestM = m
    }
    if (!best && own <= 0) {
      if (endVisits(places, undefined)) places.home++
      keep(slot, tracks, places)
      return true
    }

    if (!best) {
      if (places.list.length === MAX_PLACES) dropLeastSupported(places)
      best = {
        ...{ fixes: 0, visits: 0, t: 0, lat: 0, lon: 0, held: [] },
        ...{ forkT: tracks.t[slot]!, forkLat: lat0, forkLon: lon0 },
      }
      places.list.push(best)
    }
    endVisits(places, best)
    if (best.held.length === 0) best.visits++
    best.fixes++
    best.t = t
    best.lat = lat
    best.lon = lon
    best.held.push(copyOut(batch, i))
    const rows = best.held
    const confirmed = rows.length >= confirmFixes || (rows.length >= 2 && t - rows[0]!.t >= confirmMs)
    if (confirmed) swap(slot, tracks, places, best)
    keep(slot, tracks, places)
    if (confirmed) handlers.relocate(slot, rows)
    return false
  }

  /** The running visit to any place but `except` is over. */
  function endVisits(places: Places, except: Place | undefined): boolean {
    let ended = false
    for (const place of places.list) {
      if (place === except || place.held.length === 0) continue
      place.held = []
      ended = true
    }
    return ended
  }

  function expire(places: Places, t: number): void {
    places.list = places.list.filter(place => {
      if (t - place.t <= (place.fixes > 1 ? PLACE_EXPIRY_MS : SINGLE_EXPIRY_MS)) return true
      if (place.fixes === 1) handlers.outliers(1)
      return false
    })
  }

  function dropLeastSupported(places: Places): void {
    const worst = places.list.reduce((a, b) =>
      b.fixes < a.fixes || (b.fixes === a.fixes && b.t < a.t) ? b : a,
    )
    places.list.splice(places.list.indexOf(worst), 1)
    if (worst.fixes === 1) handlers.outliers(1)
  }

  /** The track moves to `to`; where it was becomes one of the other places. */
  function swap(slot: number, tracks: Tracks, places: Places, to: Place): void {
    places.list[places.list.indexOf(to)] = {
      ...to,
      fixes: Math.max(2, tracks.count[slot]!),
      visits: places.home,
      t: tracks.t[slot]!,
      lat: tracks.lat[slot]!,
      lon: tracks.lon[slot]!,
      held: [],
    }
    places.home = to.visits
  }

  /** Stores the places and tells the detectors of the best-supported one; one with too few fixes does not count. */
  function keep(slot: number, tracks: Tracks, places: Places): void {
    if (places.list.length === 0) {
      state.places.delete(slot)
      if (tracks.apart[slot] === 1) tracks.apart[slot] = 2
      tracks.otherT[slot] = tracks.otherLat[slot] = tracks.otherLon[slot] = 0
      tracks.forkT[slot] = tracks.forkLat[slot] = tracks.forkLon[slot] = 0
      tracks.alternations[slot] = 0
      return
    }
    state.places.set(slot, places)
    tracks.apart[slot] = 1
    const { home, list } = places
    const other = list.reduce((a, b) => (b.visits > a.visits || (b.visits === a.visits && b.t > a.t) ? b : a))
    const pairs = Math.min(home, other.visits)
    tracks.otherT[slot] = other.t
    tracks.otherLat[slot] = other.lat
    tracks.otherLon[slot] = other.lon
    tracks.forkT[slot] = other.forkT
    tracks.forkLat[slot] = other.forkLat
    tracks.forkLon[slot] = other.forkLon
    tracks.alternations[slot] =
      other.fixes < confirmFixes ? 0 : Math.min(65_535, home === other.visits ? 2 * pairs - 1 : 2 * pairs)
  }

  return {
    state,
    admit,
    end() {
      for (const { list } of state.places.values()) {
        for (const place of list) if (place.fixes === 1) handlers.outliers(1)
      }
      state.places.clear()
    },
    clear(slot) {
      const places = state.places.get(slot)
      if (!places) return 0
      state.places.delete(slot)
      return places.list.filter(place => place.fixes === 1).length
    },
  }
}
