// Tells what the parts of a fleet that is cut up by vessel found: as the engine does at the end of its work (engine/telling), with
// nothing but what all vessels teach to know where they were.

import { resolveConfig } from '../model/config.js'
import type { EngineCounts } from '../model/stats.js'
import { MS_PER_MIN } from '../model/units.js'
import { presetConfig } from '../model/presets.js'
import { createWords } from '../model/words.js'
import type { Heard } from '../reception/model.js'
import { feedName } from '../reception/model.js'
import { SLOT_MS } from '../reception/slots.js'
import { createVesselTable } from '../tracks/table.js'
import type { EngineOptions } from './api.js'
import { createLearner, createLearning } from './learning.js'
import type { Lessons } from './lessons.js'
import { PHASES, type Found } from './parts.js'
import { createTelling } from './telling.js'

export interface Teller {
  /** Events told, by type, and what was exempted. */
  readonly counts: Pick<EngineCounts, 'events' | 'exempted'>
  /** What was found next, in order (compareTurns). */
  take(found: Found): void
  /** Event time reached `t`: nothing more comes that was found before. */
  advance(t: number): void
}

export function createTeller(options: EngineOptions, lessons: Lessons): Teller {
  const config = resolveConfig(options.preset ? presetConfig(options.preset) : undefined, options.config)
  const words = createWords()
  const table = createVesselTable(config.engine.capacity)
  const { tracks } = table
  const learner = createLearner(config, options)
  const { reception, anchorages } = createLearning(
    { ...learner, reception: { ...learner.reception, heard: place } },
    words,
    { runs: new Set(), lessons },
  )
  const counts: EngineCounts = {
    ...{ accepted: 0, duplicates: 0, late: 0, future: 0, rejected: {}, outliers: 0 },
    ...{ evicted: { vessels: 0, silences: 0 }, events: {}, exempted: {} },
  }
  const telling = createTelling(config, options, {
    table,
    words,
    zones: options.zones,
    ports: anchorages.ports,
    counts,
  })
  const names = {
    feed: (code: number) => feedName(code),
    receiver: (id: number) => words.receivers.get(id)!,
  }
  let next = (lessons.from * SLOT_MS) / MS_PER_MIN

  function place(heard: Heard): void {
    learner.reception.heard(heard)
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

  let begun = -Infinity

  /** Every minute before `t` is over, and that of `t` has begun. */
  function reach(t: number, isOver: boolean): void {
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
  }
}
