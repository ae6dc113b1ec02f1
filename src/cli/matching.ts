// A run of match as the command line sees it: reads the detections first, says what of them could not be used, and tells at
// the end what each picture shows.

import { match, readDetections, readFixedMask } from '../index.js'
import type { DetectionReject, FixedMask, RunStats, Scene } from '../index.js'
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
  const scenes: Scene[] = []
  const mask: FixedMask = { points: [], areas: [] }
  const pictures: FeedEvent[] = []
  const dark = new Map<string, FeedEvent>()
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
        const read = await readDetections(path, { map: flags.detectionMap })
        scenes.push(...read.scenes)
        const outlined = read.scenes.filter(({ footprint }) => footprint !== null).length
        const outline =
          outlined === read.scenes.length
            ? 'footprint given'
            : `${outlined === 0 ? 'no' : `only ${outlined} with a`} footprint: none is assumed, missed vessels cannot be told`
        talk.say(
          `${name}: ${inNumber(read.accepted, 'detection')} in ${inNumber(read.scenes.length, 'scene')}, ${outline}`,
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
    if (scenes.length > 0) return
    const isUnread = failed === flags.detections.length
    throw new InputError(
      'failed',
      `detections: ${isUnread ? 'no file could be read' : 'none that can be used'}`,
    )
  }

  const job: Job = {
    name: 'match',
    start: (inputs, options) => match(inputs, { ...options, scenes, mask }),
    prepare,
    summary: stats => summary(stats, pictures, [...dark.values()]),
    failed: () => failed > 0,
  }
  const onEvent = (event: DarkEvent): void => {
    if (event.type === 'scene' && event.phase !== 'retracted') {
      const at = pictures.findIndex(({ id }) => id === event.id)
      if (at >= 0) pictures[at] = event as FeedEvent
      else pictures.push(event as FeedEvent)
    }
    if (event.type !== 'unmatched_detection') return
    if (event.phase === 'retracted') dark.delete(event.id)
    else dark.set(event.id, event as FeedEvent)
  }
  return (await runDetect(files, flags, onEvent, job)).exitCode
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
}

interface DarkDetails {
  scene: string
  lengthM: number | null
  silencesInReach: number
  silences: { mmsi: number; vessel: { name: string | null }; p: number; silentH: number; fromNm: number }[]
}

function summary(stats: RunStats, pictures: readonly FeedEvent[], dark: readonly FeedEvent[]): string {
  const lines = ['', booksLine(stats), '']
  const of = (event: FeedEvent): SceneDetails => event.details as unknown as SceneDetails
  const byTime = [...pictures].sort((a, b) => a.start.t - b.start.t || (a.id < b.id ? -1 : 1))
  const skipped = new Map<string, number>()
  let left = 0
  for (const each of byTime) {
    const { notJudged, counts } = of(each)
    if (notJudged !== null) skipped.set(notJudged, (skipped.get(notJudged) ?? 0) + counts.found)
    else left += counts.notJudged
  }
  if (left > 0)
    skipped.set('no AIS within 12 h and 200 nm', (skipped.get('no AIS within 12 h and 200 nm') ?? 0) + left)
  for (const [why, count] of skipped) lines.push(`${why}: ${inNumber(count, 'detection')} not judged`)
  if (skipped.size > 0) lines.push('')
  const judged = byTime.filter(each => of(each).notJudged === null)
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
      judged.slice(0, TOP_SCENES).map(each => {
        const { counts, expected, darkShips, scene, sensor, footprint } = of(each)
        const { estimate, low, high } = darkShips
        return [
          ...[inMinutes(each.start.t), sensor, counts.found],
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
  const best = [...dark].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  lines.push(
    table(
      best.length > TOP_SHIPS
        ? `ships that no AIS track explains, the surest ${TOP_SHIPS} of ${best.length}`
        : 'ships that no AIS track explains',
      ['P(dark)', 'time', 'lat', 'lon', 'length', 'waters', 'silent then, and can have been there'],
      best.slice(0, TOP_SHIPS).map(({ score, start, zones, details }) => {
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
      }),
    ),
    '',
  )
  const missed = judged.flatMap(each => of(each).missed.map(vessel => ({ ...vessel, t: each.start.t })))
  if (missed.length > 0)
    lines.push(
      table(
        missed.length > TOP_SHIPS
          ? `heard there and not seen, ${TOP_SHIPS} of ${missed.length}`
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
