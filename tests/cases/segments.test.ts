// Which ship of an MMSI sent what: the recorded cases of gpsdio-segment, each with its partition or the reason for ours,
// and real data that are split where they leap and nowhere else. docs/tracks.md has the table.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { segment, type Segment, type SegmentReport } from '../../src/engine/segment.js'
import { haversineM } from '../../src/geo/distance.js'
import { sharedPath, sharedText, testWith } from '../helpers/shared.js'

interface Message {
  ssvid: number
  timestamp: string
  type: string
  lat?: number | null
  lon?: number | null
  speed?: number
  course?: number
  shipname?: string
}
interface Case {
  id: string
  open_segments_at_start: { last_msg: Message }[]
  input: Message[]
  expected: { kind: string; input_indexes: number[] }[]
}

/** Cases in which ours differs, with what it gives in place of theirs: tracks of positions, and positions of none. */
const OURS: Record<string, { reason: string; tracks: number[][]; none: number[] }> = {
  test_same_point_absurd_timedelta: {
    reason:
      'a track does not end with a silence of 24 h, least of all at the same place: the gap is an event',
    tracks: [[0, 1]],
    none: [],
  },
  test_same_time_absurd_distance: {
    reason: 'a single fix somewhere else is no ship before others confirm it',
    tracks: [[0]],
    none: [1],
  },
  test_with_non_posit: {
    reason: 'after 120 days a ship may be anywhere: the same MMSI says that it is the same ship',
    tracks: [[0, 2, 3, 5]],
    none: [],
  },
  test_first_message_out_of_bounds: {
    reason: 'latitude 91 is "not available" (ITU-R M.1371): no position, and no track of its own',
    tracks: [[1, 2, 3]],
    none: [0],
  },
  test_first_message_out_of_bounds_gt_24h: {
    reason: 'a track does not end with a silence of 24 h',
    tracks: [[0, 1, 3, 4, 5]],
    none: [],
  },
  test_duplicate_msgid: {
    reason: 'AIS has no message ids: equal content tells a copy, and these differ in course or place',
    tracks: [[0, 1, 2, 3, 4]],
    none: [],
  },
  test_duplicate_ts_multiple_segs: {
    reason: 'a single fix somewhere else is no ship before others confirm it',
    tracks: [[0, 2, 3, 4]],
    none: [1],
  },
  test_two_different_ssvid: {
    reason: 'each MMSI has its own tracks; theirs reads one MMSI at a time and drops others',
    tracks: [[0], [1]],
    none: [],
  },
}

/** Many cases lie at 0, 0, which real receivers send when they have no fix: a degree further north nothing else changes. */
function reportOf({ ssvid, timestamp, type, lat, lon, speed, course, shipname }: Message): SegmentReport {
  const north = lat != null && Math.abs(lat) < 80 ? 1 : 0
  return {
    ...{ mmsi: ssvid, t: Date.parse(timestamp), msgType: Number(type.replace('AIS.', '')) || 0 },
    ...(lat != null && lon != null ? { lat: lat + north, lon } : {}),
    ...(speed === undefined ? {} : { sog: speed }),
    ...(course === undefined ? {} : { cog: course }),
    ...(shipname === undefined ? {} : { name: shipname }),
  }
}

const hasPosition = ({ lat, lon }: Message) => lat != null && lon != null

const file = 'cases/gpsdio-segment/edge-cases.json'

describe('gpsdio-segment', () => {
  testWith(file, 'every case has a test here, and every exception is one of them', () => {
    const { cases } = JSON.parse(sharedText(file)) as { cases: Case[] }
    expect(cases).toHaveLength(21)
    const ids = cases.map(({ id }) => id)
    expect(Object.keys(OURS).filter(id => !ids.includes(id))).toEqual([])
  })

  const cases = present()
    ? (JSON.parse(readFileSync(sharedPath(file), 'utf8')) as { cases: Case[] }).cases
    : []
  test.each(cases)('$id', ({ id, open_segments_at_start: open, input, expected }) => {
    const before = open.map(({ last_msg: last }) => reportOf(last))
    const found = segment([...before, ...input.map(reportOf)]).slice(before.length)
    const tracks = new Map<string, number[]>()
    const none: number[] = []
    input.forEach((message, k) => {
      const { fate, track, piece } = found[k]!
      if (!hasPosition(message)) return
      if (fate === 'outlier' || fate === 'invalid') none.push(k)
      else {
        const key = [message.ssvid, track, piece].join()
        tracks.set(key, [...(tracks.get(key) ?? []), k])
      }
    })
    const ours = OURS[id]
    if (ours) {
      expect({ tracks: [...tracks.values()], none }).toEqual({ tracks: ours.tracks, none: ours.none })
      return
    }
    // a copy that they drop, ours has with its original
    const kept = expected.flatMap(segment => segment.input_indexes)
    const partition = [...tracks.values()].map(list => list.filter(k => kept.includes(k)))
    const theirs = expected
      .filter(({ kind }) => kind === 'Segment' || kind === 'ClosedSegment')
      .map(segment => segment.input_indexes)
    expect(partition).toEqual(theirs.filter(list => list.length > 0))
    const dropped = input.flatMap((message, k) => (hasPosition(message) && !kept.includes(k) ? [k] : []))
    expect(dropped.filter(k => found[k]!.fate === 'track')).toEqual([])
  })

  test('at 0, 0 there is a receiver without a fix, not a ship', () => {
    expect(segment([{ mmsi: 1, t: Date.UTC(2024, 0), lat: 0, lon: 0 }])).toEqual([
      { fate: 'invalid', track: 0, piece: 0 },
    ])
  })
})

function present(): boolean {
  try {
    return readFileSync(sharedPath(file)).length > 0
  } catch {
    return false
  }
}

describe('real data', () => {
  function read(path: string): SegmentReport[] {
    const [head, ...lines] = sharedText(path).trim().split('\n')
    const columns = head!.split(',')
    return lines.map(line => {
      const cells = Object.fromEntries(line.split(',').map((cell, k) => [columns[k]!, cell]))
      const number = (name: string) => (cells[name] ? { [name]: Number(cells[name]) } : {})
      const {
        lat,
        lon,
        speed: sog,
        course: cog,
        type: msgType,
      } = {
        ...{ ...number('lat'), ...number('lon'), ...number('speed'), ...number('course'), ...number('type') },
      } as Record<string, number | undefined>
      const t = Date.parse(cells['timestamp']!.replace(' ', 'T').replace('+00:00', 'Z'))
      return {
        ...{ mmsi: Number(cells['mmsi'] ?? cells['ssvid']), t, lat, lon, sog, cog, msgType },
      } as SegmentReport
    })
  }

  /** By MMSI: pieces of tracks, outliers, and leaps of more than 5 nm at more than 60 kn in the data and within pieces. */
  function summary(reports: SegmentReport[]) {
    const found = segment(reports)
    const order = reports.map((_, k) => k).sort((a, b) => reports[a]!.t - reports[b]!.t)
    const out: Record<
      number,
      { tracks: number; pieces: number; outliers: number; leaps: number; left: number }
    > = {}
    const last = new Map<string, SegmentReport>()
    const leaps = (key: string, report: SegmentReport) => {
      const before = last.get(key)
      last.set(key, report)
      if (!before) return 0
      const nm = haversineM(before.lat!, before.lon!, report.lat!, report.lon!) / 1852
      return nm > 5 && nm > (60 * (report.t - before.t)) / 3_600_000 ? 1 : 0
    }
    const pieces = new Set<string>()
    for (const k of order) {
      const report = reports[k]!
      const { fate, track, piece }: Segment = found[k]!
      const of = (out[report.mmsi] ??= { tracks: 0, pieces: 0, outliers: 0, leaps: 0, left: 0 })
      if (fate === 'outlier') of.outliers++
      if (fate === 'invalid') continue
      of.leaps += leaps(`${report.mmsi}`, report)
      if (track === 0) continue
      const key = `${report.mmsi} ${track} ${piece}`
      of.left += leaps(key, report)
      of.tracks = Math.max(of.tracks, track)
      if (!pieces.has(key)) of.pieces++
      pieces.add(key)
    }
    return out
  }
  const whole = { tracks: 1, pieces: 1, outliers: 0, leaps: 0, left: 0 }

  const gpsdio = 'data/spoofing/gpsdio_segment_10mmsi_2014-2015.csv.gz'
  testWith(
    gpsdio,
    'seven clean vessels are whole; of 741 leaps of three others none is left in a track',
    () => {
      expect(summary(read(gpsdio))).toEqual({
        204814000: whole,
        205316000: whole,
        224051350: whole,
        227317360: whole,
        230942350: whole,
        538004505: whole,
        600011817: { ...whole, outliers: 1 }, // 11.6 nm aside, once
        224108190: { ...whole, outliers: 3, leaps: 6 }, // three glitches of latitude
        240000000: { tracks: 2, pieces: 3, outliers: 0, leaps: 129, left: 0 }, // a placeholder, 75 W to 84 E
        431704490: { tracks: 2, pieces: 2, outliers: 293, leaps: 606, left: 0 }, // shared, and latitudes of ±90
      })
    },
  )

  const pyseas = 'data/spoofing/pyseas_position_messages_3mmsi_2018-01.csv.gz'
  testWith(
    pyseas,
    'a vessel across the antimeridian is whole; of 157 leaps of two others none is left',
    () => {
      expect(summary(read(pyseas))).toEqual({
        413461490: whole,
        220413000: { tracks: 1, pieces: 3, outliers: 6, leaps: 12, left: 0 },
        249014000: { tracks: 2, pieces: 7, outliers: 20, leaps: 145, left: 0 },
      })
    },
  )
})
