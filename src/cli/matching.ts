// A run of match as the command line sees it: reads the detections first, says what of them could not be used, and tells at
// the end what each picture shows.

import { createPictures, match, readFixedMask } from '../index.js'
import type { DetectionReject, FixedMask, RunStats } from '../index.js'
import type { MatchFlags } from './commands/match.js'
import { booksLine, runDetect, type Job } from './detecting.js'
import { InputError } from '../model/errors.js'
import type { DarkEvent, FeedEvent } from '../model/event.js'
import { safeText } from '../model/text.js'
import { oneLine } from './exit.js'
import { inMinutes, inNumber } from './numbers.js'
import { rejectedTable } from './summary.js'
import { table } from './tables.js'
import type { Talk } from './talk.js'

/** Pictures and ships that are listed. */
const TOP_SCENES = 20
const TOP_SHIPS = 15

const WHY: Record<DetectionReject, string> = {
  'no-time': 'no time, neither of their own nor of their scene: name the column with --detection-map t=…',
  'time-invalid': 'a time that cannot be read',
  'time-local': 'a local time: UTC is needed (VIIRS passes at half past one at night, by the sun)',
  'position-invalid': 'no position',
  'position-out-of-range': 'a position out of range',
  'position-swapped': 'latitude and longitude swapped',
  'outside-footprint': 'outside the footprint of their scene',
  duplicate: 'told before',
  'no-vessel': 'no vessel, says their detector',
}

/** @returns the exit code */
export async function runMatch(files: string[], flags: MatchFlags): Promise<number> {
  const pictures = createPictures()
  const mask: FixedMask = { points: [], areas: [] }
  const seen = createSeen(flags.all !== true)
  let failed = 0

  async function prepare(talk: Talk): Promise<void> {
    for (const path of flags.mask ?? []) {
      const { points, areas } = await readFixedMask(path)
      mask.points.push(...points)
      mask.areas.push(...areas)
    }
    for (const path of flags.detections) {
      const name = safeText(path, 200)
      try {
        let [scenes, outlined] = [0, 0]
        const read = await pictures.read(path, flags.detectionMap, ({ footprint }) => {
          scenes++
          if (footprint !== null) outlined++
        })
        const outline =
          outlined === scenes
            ? 'footprint given'
            : `${outlined === 0 ? 'no' : `only ${outlined} with a`} footprint: none is assumed, missed vessels cannot be told`
        talk.say(
          scenes === 0
            ? `${name}: no detection that can be used`
            : `${name}: ${inNumber(read.accepted, 'detection')} in ${inNumber(scenes, 'scene')}, ${outline}`,
        )
        for (const [reason, count] of Object.entries(read.rejected))
          talk.warn(
            `darkwake: detections: ${name}: ${inNumber(count, 'row')} not used: ${WHY[reason as DetectionReject]}` +
              ` (${reason}, first in row ${read.firstRejected[reason as DetectionReject]})`,
          )
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        failed++
        talk.warn(`darkwake: detections: ${oneLine(error)}`)
      }
    }
    if (pictures.size > 0) return
    const isUnread = failed === flags.detections.length
    throw new InputError(
      'failed',
      `detections: ${isUnread ? 'no file could be read' : 'none that can be used'}`,
    )
  }

  const job: Job = {
    name: 'match',
    start: (inputs, options) => match(inputs, { ...options, scenes: pictures, mask }),
    prepare,
    kept: { kind: 'match', besides: flags.detections },
    summary: stats => summary(stats, seen),
    failed: () => failed > 0,
  }
  try {
    return (await runDetect(files, flags, seen.add, job)).exitCode
  } finally {
    pictures.dispose()
  }
}

interface SceneDetails {
  scene: string
  sensor: string
  notJudged: string | null
  footprint: string
  counts: Record<'found' | 'matched' | 'dark' | 'missed' | 'false' | 'fixed' | 'notJudged', number>
  expected: number | null
  darkShips: { estimate: number; low: number; high: number }
  missed: { mmsi: number; name: string | null; lengthM: number | null; pSeen: number }[]
  /** How many there are, of which the first are listed. */
  missing: number
}

interface DarkDetails {
  scene: string
  lengthM: number | null
  silencesInReach: number
  silences: { mmsi: number; vessel: { name: string | null }; p: number; silentH: number; fromNm: number }[]
}

/** A picture, and a ship that no track explains, as the summary tells of them. */
type Picture = Pick<FeedEvent, 'id' | 'start'> & { of: SceneDetails }
interface Ship {
  id: string
  score: number
  cells: (string | number | null)[]
}

interface Seen {
  add(event: DarkEvent): void
  /** In order of time. */
  pictures(): Picture[]
  /** The surest first, as many as are listed at least … */
  ships(): Ship[]
  /** … of so many. */
  readonly shipsAll: number
}

/** Ships that are kept before all but the surest are dropped. */
const MANY_SHIPS = 1000

const surestFirst = (a: Ship, b: Ship): number => b.score - a.score || (a.id < b.id ? -1 : 1)

/**
 * What is needed of the events of a year of pictures, which are many times longer.
 * @param isFinal whether each event comes once: then no ship is taken back
 */
function createSeen(isFinal: boolean): Seen {
  const pictures = new Map<string, Picture>()
  const ships = new Map<string, Ship>()
  let dropped = 0
  return {
    get shipsAll() {
      return ships.size + dropped
    },
    add(event) {
      const { id, type, phase } = event
      if (type === 'scene' && phase !== 'retracted') {
        const { details, start } = event as FeedEvent
        const { scene, sensor, notJudged, footprint, counts, expected, darkShips, missed } =
          details as unknown as SceneDetails
        const of = { scene, sensor, notJudged, footprint, counts, expected, darkShips }
        pictures.set(id, {
          id,
          start,
          of: { ...of, missed: missed.slice(0, TOP_SHIPS), missing: missed.length },
        })
      }
      if (type !== 'unmatched_detection') return
      if (phase === 'retracted') ships.delete(id)
      else ships.set(id, { id, score: event.score, cells: cellsOf(event as FeedEvent) })
      if (!isFinal || ships.size < MANY_SHIPS) return
      for (const ship of [...ships.values()].sort(surestFirst).slice(TOP_SHIPS)) ships.delete(ship.id)
      dropped += MANY_SHIPS - ships.size
    },
    pictures: () => [...pictures.values()].sort((a, b) => a.start.t - b.start.t || (a.id < b.id ? -1 : 1)),
    ships: () => [...ships.values()].sort(surestFirst),
  }
}

function cellsOf({ score, start, zones, details }: FeedEvent): Ship['cells'] {
  const { lengthM, silences, silencesInReach } = details as unknown as DarkDetails
  const [first] = silences
  const who = first
    ? `MMSI ${first.mmsi}${first.vessel.name ? ` ${first.vessel.name}` : ''}: ${Math.round(100 * first.p)} %, ` +
      `${first.silentH.toFixed(1)} h silent, from ${first.fromNm.toFixed(0)} nm away` +
      (silencesInReach > 1 ? `; ${silencesInReach - 1} more` : '')
    : 'nobody known'
  return [
    ...[score.toFixed(2), inMinutes(start.t), start.lat!.toFixed(4), start.lon!.toFixed(4)],
    lengthM === null ? '' : `${Math.round(lengthM)} m`,
    zones.start.map(({ name }) => name.replace(/ \(approximate EEZ\)$/, '')).join(', '),
    who,
  ]
}

function summary(stats: RunStats, { pictures, ships, shipsAll }: Seen): string {
  const lines = ['', booksLine(stats), '']
  const byTime = pictures()
  const skipped = new Map<string, number>()
  let left = 0
  for (const { of } of byTime) {
    const { notJudged, counts } = of
    if (notJudged !== null) skipped.set(notJudged, (skipped.get(notJudged) ?? 0) + counts.found)
    else left += counts.notJudged
  }
  if (left > 0)
    skipped.set('no AIS within 12 h and 200 nm', (skipped.get('no AIS within 12 h and 200 nm') ?? 0) + left)
  for (const [why, count] of skipped) lines.push(`${why}: ${inNumber(count, 'detection')} not judged`)
  if (skipped.size > 0) lines.push('')
  const judged = byTime.filter(({ of }) => of.notJudged === null)
  lines.push(
    table(
      judged.length > TOP_SCENES ? `scenes, the first ${TOP_SCENES} of ${judged.length}` : 'scenes',
      [
        'time',
        'sensor',
        'found',
        'expected',
        'matched',
        'dark',
        'false',
        'fixed',
        'missed',
        'dark ships there',
        'scene',
      ],
      judged.slice(0, TOP_SCENES).map(({ start, of }) => {
        const { counts, expected, darkShips, scene, sensor, footprint } = of
        const { estimate, low, high } = darkShips
        return [
          ...[inMinutes(start.t), sensor, counts.found],
          footprint === 'none' ? 'no footprint' : (expected ?? 0).toFixed(1),
          ...[counts.matched, counts.dark, counts.false, counts.fixed],
          footprint === 'none' ? '' : counts.missed,
          `${estimate.toFixed(1)} (${low} to ${high})`,
          safeText(scene, 60),
        ]
      }),
      { none: 'none judged' },
    ),
    '',
  )
  const best = ships()
  lines.push(
    table(
      shipsAll > TOP_SHIPS
        ? `ships that no AIS track explains, the surest ${TOP_SHIPS} of ${shipsAll}`
        : 'ships that no AIS track explains',
      ['P(dark)', 'time', 'lat', 'lon', 'length', 'waters', 'silent then, and can have been there'],
      best.slice(0, TOP_SHIPS).map(({ cells }) => cells),
    ),
    '',
  )
  const missing = judged.reduce((sum, { of }) => sum + of.missing, 0)
  const missed = judged.flatMap(({ start, of }) => of.missed.map(vessel => ({ ...vessel, t: start.t })))
  if (missed.length > 0)
    lines.push(
      table(
        missing > TOP_SHIPS
          ? `heard there and not seen, ${TOP_SHIPS} of ${missing}`
          : 'heard there and not seen',
        ['MMSI', 'name', 'time', 'length', 'had been seen'],
        missed
          .slice(0, TOP_SHIPS)
          .map(({ mmsi, name, t, lengthM, pSeen }) => [
            ...[
              String(mmsi),
              name,
              inMinutes(t),
              lengthM === null ? '' : `${lengthM} m`,
              `${Math.round(100 * pSeen)} %`,
            ],
          ]),
      ),
      '',
    )
  lines.push(rejectedTable(stats.rejected, stats.read))
  return lines.join('\n')
}
