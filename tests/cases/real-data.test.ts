// What must be found, and what must not, in real recordings and reported cases.

import { describe, expect } from 'vitest'
import type { DarkEvent } from '../../src/model/event.js'
import { detect, type DetectOptions } from '../../src/run/detect.js'
import { openFiles } from '../../src/sources/open.js'
import { finals, replay } from '../helpers/replay.js'
import { sharedPath, sharedText, testWith } from '../helpers/shared.js'

async function eventsIn(path: string, options: DetectOptions = {}): Promise<DarkEvent[]> {
  const events: DarkEvent[] = []
  for await (const event of detect(openFiles([sharedPath(path)]), options)) events.push(event)
  return events
}

describe('real data', () => {
  const labelled = 'data/gaps/pyseas_gap_positions_gfw.csv.gz'
  testWith(labelled, 'the labelled gap: exactly one, where and when two providers say', async () => {
    const { expected } = JSON.parse(sharedText('cases/welch2022/labelled-gap.json')) as {
      expected: Record<string, number> & { off: string; on: string }
    }
    const gaps = (await eventsIn(labelled, { preset: 'gfw-pipe' })).filter(({ type }) => type === 'gap')
    expect(gaps).toHaveLength(1)
    const [gap] = gaps
    expect(gap).toMatchObject({
      mmsi: expected['mmsi'],
      phase: 'closed',
      start: { t: Date.parse(expected.off), lat: expected['off_lat'], lon: expected['off_lon'] },
      end: { t: Date.parse(expected.on), lat: expected['on_lat'], lon: expected['on_lon'] },
    })
    expect(gap!.durationS! / 3600).toBeCloseTo(expected['duration_h']!, 9)
    expect(gap!.details['distanceM']).toBeCloseTo(expected['distance_m_wgs84']!, 0)
    expect(gap!.details['impliedSpeedKn']).toBeCloseTo(expected['implied_speed_kn_wgs84']!, 4)
    const before = gap!.details['reportsBefore12h'] as Record<string, number>
    expect(before['satellite']).toBe(expected['satellite_positions_in_12h_before'])
  })

  const spoofing = 'data/spoofing/gpsdio_segment_10mmsi_2014-2015.csv.gz'
  testWith(spoofing, 'false positions where there are some, none for the seven clean vessels', async () => {
    const found = (await eventsIn(spoofing)).filter(({ type }) => type === 'spoofing')
    const accused = new Set(found.map(({ mmsi }) => mmsi))
    expect([...accused].sort()).toEqual([240000000, 431704490])
  })

  const teleport = 'cases/issues/single-fix-teleport.json'
  testWith(teleport, 'one displaced fix with immediate return is no event and no end of a gap', () => {
    const { mmsi, messages } = JSON.parse(sharedText(teleport)) as {
      mmsi: number
      messages: { t: string; lat: number; lon: number; sog: number; cog: number }[]
    }
    const [home, away] = [messages[0]!, messages[1]!]
    const t0 = Date.parse(home.t)
    const report = (minutes: number, { lat, lon }: { lat: number; lon: number }) => ({
      ...{ mmsi, t: t0 + minutes * 60_000, lat, lon, sog: 8.5 },
    })
    const there = Array.from({ length: 10 }, (_, k) => report(k - 9, home))
    const back = Array.from({ length: 10 }, (_, k) => report(2 + k, home))
    expect(finals(replay([...there, report(1, away), ...back]))).toEqual([])

    // alone in a silence of ten hours: it neither ends nor splits the gap
    const late = back.map(r => ({ ...r, t: r.t + 10 * 3_600_000 }))
    const gaps = finals(replay([...there, report(300, away), ...late])).filter(
      ({ type }) => type !== 'loitering',
    )
    expect(gaps.map(({ type, start, end }) => [type, start.t, end?.t])).toEqual([['gap', t0, late[0]!.t]])
  })
})
