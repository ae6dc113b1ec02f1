// Tells what the parts of a fleet that is cut up by vessel found: as the engine does at the end of its work (engine/telling), with
// nothing but what all vessels teach to know where they were.

import { resolveConfig } from '../model/config.js'
import type { EngineCounts } from '../model/stats.js'
import { MS_PER_MIN } from '../model/units.js'
import { presetConfig } from '../model/presets.js'
import { createWords } from '../model/words.js'
import type { Heard } from '../reception/model.js'
import { feedName, type ReceptionState } from '../reception/model.js'
import { SLOT_MS } from '../reception/slots.js'
import { createVesselTable, type TableState, type Tracks } from '../tracks/table.js'
import type { AnchoragesState } from '../zones/anchorages.js'
import type { EngineOptions } from './api.js'
import { createLearner, createLearning } from './learning.js'
import type { Lessons } from './lessons.js'
import { PHASES, type Found } from './parts.js'
import { pack, unpack } from './snapshot.js'
import { createTelling, type TellingState } from './telling.js'

export interface Teller {
  /** Events told, by type, and what was exempted. */
  readonly counts: Pick<EngineCounts, 'events' | 'exempted'>
  /** What was found next, in order (compareTurns). */
  take(found: Found): void
  /** Event time reached `t`: nothing more comes that was found before. */
  advance(t: number): void
  /** The whole state, between two of them. */
  snapshot(): Uint8Array
}

interface Snapshot {
  counts: EngineCounts
  table: TableState
  tracks: Tracks
  reception: ReceptionState
  anchorages: AnchoragesState
  telling: TellingState
  receivers: string[]
  next: number
  begun: number
}

const nothing = (): void => undefined

/** @param restored bytes from snapshot(): goes on where that one stood */
export function createTeller(
  options: Omit<EngineOptions, 'restore'>,
  lessons: Lessons,
  restored?: Uint8Array,
): Teller {
  const saved = restored && (unpack(restored) as Snapshot)
  const config = resolveConfig(options.preset ? presetConfig(options.preset) : undefined, options.config)
  const words = createWords()
  if (saved) words.receivers.restore(saved.receivers, name => name)
  const table = createVesselTable(config.engine.capacity)
  const { tracks } = table
  if (saved) {
    for (const name of Object.keys(tracks) as (keyof Tracks)[]) tracks[name].set(saved.tracks[name] as never)
    table.restore(saved.table)
  }
  const learner = createLearner(config, options, saved)
  const { reception, anchorages } = createLearning(
    { ...learner, reception: { ...learner.reception, heard: place, lapsed: nothing } },
    words,
    true,
    { runs: new Set(), lessons },
  )
  const counts: EngineCounts = saved?.counts ?? {
    ...{ accepted: 0, duplicates: 0, late: 0, future: 0, rejected: {}, outliers: 0 },
    ...{ evicted: { vessels: 0, silences: 0 }, events: {}, exempted: {} },
  }
  const views = { table, words, zones: options.zones, ports: anchorages.ports, counts }
  const telling = createTelling(config, options, views, saved?.telling)
  const names = {
    feed: (code: number) => feedName(code),
    receiver: (id: number) => words.receivers.get(id)!,
  }
  /** The minute that has not been told of yet, and the newest that has begun. */
  let next = saved?.next ?? NaN
  let begun = saved?.begun ?? -Infinity

  function place(heard: Heard): void {
    learner.reception.check(heard)
    const { mmsi, t, lat, lon } = heard
    if (lat !== lat) return
    const known = table.find(mmsi)
    const slot = known >= 0 ? known : table.add(mmsi, t, () => undefined)
    tracks.t[slot] = t
    tracks.lat[slot] = lat
    tracks.lon[slot] = lon
  }

  /** Feeds and receivers first, then what was found, then what has waited for that minute. */
  function begin(minute: number): void {
    reception.advance(minute * MS_PER_MIN)
    const findings = reception.findings(names)
    if (config.reception.health) for (const finding of findings) telling.tellFeed(finding)
  }

  /** Every minute before `t` is over, and that of `t` has begun. */
  function reach(t: number, isOver: boolean): void {
    // Infinity while nobody was ever heard
    if (!(next < Infinity)) next = (lessons.from * SLOT_MS) / MS_PER_MIN
    for (; next * MS_PER_MIN <= t; next++) {
      if (begun < next) begin(next)
      begun = next
      if (next * MS_PER_MIN === t && !isOver) return
      telling.advance(next * MS_PER_MIN)
    }
  }

  return {
    counts,
    take({ when, event, asOf }) {
      // what timers of a minute find belongs to it
      reach(when.t, when.phase >= PHASES.rows)
      telling.take(event, asOf)
    },
    advance: t => reach(t, true),
    snapshot: () =>
      pack({
        ...{ counts, table: table.state(), tracks, telling: telling.state(), next, begun },
        ...{ reception: learner.reception.state, anchorages: learner.anchorages.state },
        receivers: words.receivers.keys().slice(1),
      } satisfies Snapshot),
  }
}
