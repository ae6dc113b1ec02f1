// What happens to an event on its way out: it may be taken back with those of other ships that a jammer led astray, wait for
// who else can have been there, get what it lies over, what pictures say of it, what lists say of the vessel; and what ships do in a row
// is an event of its own.

import { createDraughts, type DraughtsState } from '../assess/draughts.js'
import { createInterference, type InterferenceState } from '../assess/interference.js'
import { createListed } from '../assess/listed.js'
import { createRendezvous, type RendezvousState } from '../assess/rendezvous.js'
import { createSequences, type SequencesState } from '../assess/sequences.js'
import { createSilentPairs, type SilentPairsState } from '../assess/silent-pairs.js'
import type { UntoldState } from '../assess/untold.js'
import { haversineM } from '../geo/distance.js'
import { createScenes, type Scenes, type ScenesState } from '../match/scenes.js'
import type { Config } from '../model/config.js'
import { isVesselEvent, type DarkEvent, type FeedFinding, type VesselEvent } from '../model/event.js'
import type { EngineCounts } from '../model/stats.js'
import type { Words } from '../model/words.js'
import type { VesselTable } from '../tracks/table.js'
import type { ZoneIndex } from '../zones/index.js'
import type { PortIndex } from '../zones/ports.js'
import type { EngineOptions } from './api.js'
import { finishFeedEvent, unknownVessel, vesselOf, zonesAt, zonesOf } from './finish.js'
import { createRetold, type RetoldState } from './retold.js'

/** Plain data. */
export interface TellingState {
  interference: InterferenceState
  exempt: UntoldState
  retold: RetoldState
  draughts: DraughtsState
  sequences: SequencesState
  rendezvous: RendezvousState
  scenes: ScenesState
  silentPairs: SilentPairsState | null
}

export interface TellingViews {
  table: VesselTable
  words: Words
  zones: ZoneIndex | undefined
  /** Of the list and learned. */
  ports: PortIndex | undefined
  /** Events and what was exempted are counted here. */
  counts: EngineCounts
}

export interface Telling {
  readonly scenes: Scenes
  state(): TellingState
  /** What a detector found, known at `asOf`, epoch ms. */
  take(event: VesselEvent, asOf: number): void
  /** What a feed or a receiver did. */
  tellFeed(finding: FeedFinding): void
  /** Event time reached a whole minute. */
  advance(t: number): void
}

export function createTelling(
  config: Config,
  options: Pick<EngineOptions, 'coast' | 'onEvent' | 'scenes' | 'watchlist'>,
  { table, words, zones, ports, counts }: TellingViews,
  saved?: TellingState,
): Telling {
  const { tracks } = table
  const listed = createListed(options.watchlist, (counts.exempted ??= {}), saved?.exempt)
  const retold = createRetold(saved?.retold)
  const draughts = createDraughts(config.draught, tellWhole, saved?.draughts)
  const sequences = createSequences(config.sequences, tell, saved?.sequences)
  const rendezvous = createRendezvous(config.darkRendezvous, tell, saved?.rendezvous)
  const silentPairs = config.without.includes('dark_rendezvous')
    ? undefined
    : createSilentPairs(
        config.darkRendezvous,
        { coast: options.coast, ports, zonesAt: (lat, lon) => zonesOf(lat, lon, zones) },
        tell,
        saved?.silentPairs ?? undefined,
      )
  const tellFeed = (finding: FeedFinding): void => tell(finishFeedEvent(finding))
  const interference = createInterference(
    config.interference,
    { tell, tellArea: tellFeed, vesselsNear },
    saved?.interference,
  )
  const scenes = createScenes(
    // a slot beyond the table is for vessels that are not in it
    { slots: config.engine.capacity + 1, expected: options.scenes !== undefined, ...options.scenes },
    {
      tell: event => tellWhole(draughts.take(event)),
      zonesAt: fix => zonesAt(fix, zones),
      vesselOf(mmsi, track) {
        const slot = slotOfTrack(mmsi, track)
        return slot < 0 ? unknownVessel(mmsi) : vesselOf(slot, tracks, words)
      },
      facts(mmsi) {
        const slot = table.find(mmsi)
        const {
          name = null,
          length = null,
          shipType = null,
        } = (slot < 0 ? undefined : words.statics.get(tracks.statics[slot]!)) ?? {}
        return { name, lengthM: length, shipType }
      },
      eachFix(visit) {
        for (let slot = 0; slot < table.used(); slot++) {
          const { [slot]: t = NaN } = tracks.t
          if (t !== t) continue
          const place = { lat: tracks.lat[slot]!, lon: tracks.lon[slot]! }
          const fix = { t, ...place, sog: tracks.sog[slot]!, cog: tracks.cog[slot]! }
          visit(slot, tracks.mmsi[slot]!, tracks.track[slot]!, fix)
        }
      },
    },
    saved?.scenes,
  )

  function vesselsNear(
    { lat, lon }: { lat: number; lon: number },
    radiusM: number,
    since: number,
    but: readonly number[],
  ): number {
    let near = 0
    for (let slot = 0; slot < table.used(); slot++) {
      if (!(tracks.t[slot]! >= since) || tracks.track[slot] !== 1) continue
      if (haversineM(lat, lon, tracks.lat[slot]!, tracks.lon[slot]!) > radiusM) continue
      if (!but.includes(tracks.mmsi[slot]!)) near++
    }
    return near
  }

  /** The slot of a track that has one, or −1. */
  function slotOfTrack(mmsi: number, track: number): number {
    const first = table.find(mmsi)
    if (first < 0 || tracks.track[first] === track || tracks.apart[first] === 0) return first
    for (let slot = 0; slot < table.used(); slot++)
      if (tracks.mmsi[slot] === mmsi && tracks.track[slot] === track) return slot
    return first
  }

  function tell(found: DarkEvent): void {
    tellWhole(draughts.take(scenes.take(found)))
  }

  function tellWhole(found: DarkEvent): void {
    const event = listed.take(found)
    if (!event) return
    const { type, phase, revision } = event
    const books = counts.events
    if (revision === 1) books[type] = (books[type] ?? 0) + 1
    else if (phase === 'retracted') books[type] = (books[type] ?? 0) - 1
    options.onEvent(retold.take(event))
    if (isVesselEvent(event)) {
      sequences.take(event)
      rendezvous.take(event)
      silentPairs?.take(event)
    }
    draughts.follow(event)
  }

  return {
    scenes,
    state: () => ({
      ...{ interference: interference.state, exempt: listed.state, retold: retold.state },
      ...{ draughts: draughts.state, sequences: sequences.state, rendezvous: rendezvous.state },
      ...{ scenes: scenes.state, silentPairs: silentPairs?.state ?? null },
    }),
    take(event, asOf) {
      // a stop is told by those that ask whom it can have met
      if (event.type === 'dark_rendezvous') rendezvous.stop(event)
      else interference.take(event, asOf)
    },
    tellFeed,
    advance(t) {
      interference.advance(t)
      scenes.advance(t)
    },
  }
}
