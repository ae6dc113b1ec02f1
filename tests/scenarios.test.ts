// Small stories at sea, each a pair of files: what was heard, and what must be said about it. A new pair is a new test;
// a story about zones has them in a third file, one about satellites what they saw.
// The files read as `darkwake detect` reads them; how the events files come about is in fixtures/README.md.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createEngine } from '../src/engine/engine.js'
import type { DarkEvent, Evidence, Fix } from '../src/model/event.js'
import type { Scene } from '../src/model/detection.js'
import { createSourceCounts } from '../src/model/stats.js'
import { readDetections } from '../src/sources/detections/read.js'
import { createJsonReader } from '../src/sources/json.js'
import { loadCoast } from '../src/zones/coast.js'
import { buildZoneIndex, type ZoneIndex } from '../src/zones/index.js'
import { loadZones } from '../src/zones/load.js'
import { finals } from './helpers/replay.js'

const FOLDER = new URL('../fixtures/scenarios/', import.meta.url)
const REPORTS = '.reports.ndjson'
const coast = loadCoast()

/** Events of a file of reports, and how many rows went into them. */
function detect(
  bytes: Uint8Array,
  pieceBytes: number,
  zones?: ZoneIndex,
  scenes?: readonly Scene[],
): { events: DarkEvent[]; read: number; rejected: number } {
  const told: DarkEvent[] = []
  const engine = createEngine({
    onEvent: event => told.push(event),
    coast,
    zones,
    ...(scenes && { scenes: {} }),
  })
  for (const scene of scenes ?? []) engine.pushScene(scene)
  const counts = createSourceCounts()
  const reader = createJsonReader({
    words: engine.words,
    name: 'story',
    counts,
    onBatch: b => engine.pushBatch(b),
  })
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes))
  reader.end()
  engine.flush()
  const rejected = Object.values(counts.rejected).reduce((a, b) => a + b)
  return { events: finals(told), read: counts.read, rejected }
}

const place = ({ t, lat, lon }: Fix) => ({ t: new Date(t).toISOString(), lat, lon })

const isOfPicture = ({ name }: Evidence): boolean => name === 'satellite_detection'

const CLASSED = ['spoofing', 'encounter', 'draught', 'sequence', 'distress']

/**
 * What a story is about: which ship, what, from where to where. How a silence or slow hours are judged (their class, score
 * and reasons) leans on everything else that was heard, which a story of one ship does not have.
 */
const facts = ({
  type,
  class: kind,
  phase,
  mmsi,
  start,
  end,
  durationS,
  zones,
  details,
  evidence,
}: DarkEvent) => ({
  ...{ type, phase, ...(mmsi !== undefined && { mmsi }) },
  ...(CLASSED.includes(type) && { class: kind }),
  ...(type === 'interference' && { class: kind, victims: details['victims'] }),
  ...(type === 'dark_rendezvous' && {
    class: kind,
    ...(kind === 'two_silences'
      ? { others: details['others'], place: details['place'] }
      : { candidates: (details['candidates'] as { mmsi: number }[]).map(each => each.mmsi) }),
  }),
  ...(type === 'zone' && { class: kind, zone: zones.touched.map(({ id }) => id).join() }),
  ...(type === 'unmatched_detection' && {
    detection: details['detection'],
    silences: (details['silences'] as { mmsi: number }[]).map(each => each.mmsi),
  }),
  ...(type === 'scene' && { counts: details['counts'] }),
  ...(evidence.some(isOfPicture) && { seen: evidence.filter(isOfPicture).map(({ value }) => value) }),
  start: place(start),
  end: end && place(end),
  durationS,
})

describe('stories', () => {
  const names = readdirSync(FOLDER).flatMap(file =>
    file.endsWith(REPORTS) ? [file.slice(0, -REPORTS.length)] : [],
  )

  it('are there', () => expect(names.length).toBeGreaterThan(10))

  it.each(names)('%s', async name => {
    const zonesFile = fileURLToPath(new URL(`${name}.zones.geojson`, FOLDER))
    const zones = existsSync(zonesFile) ? buildZoneIndex(await loadZones(zonesFile)) : undefined
    const detectionsFile = fileURLToPath(new URL(`${name}.detections.geojson`, FOLDER))
    const scenes = existsSync(detectionsFile) ? (await readDetections(detectionsFile)).scenes : undefined
    const bytes = readFileSync(new URL(name + REPORTS, FOLDER))
    const expected: unknown = JSON.parse(readFileSync(new URL(`${name}.events.json`, FOLDER), 'utf8'))
    const whole = detect(bytes, bytes.length, zones, scenes)
    expect(whole.read).toBe(bytes.toString('utf8').trimEnd().split('\n').length)
    expect(whole.rejected).toBe(0)
    expect(whole.events.map(facts)).toEqual(expected)
    // in pieces it is the same story
    expect(detect(bytes, 997, zones, scenes).events).toEqual(whole.events)
  })
})
