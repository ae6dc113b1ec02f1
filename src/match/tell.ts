// What is said of a picture, as events: one of each detection that no AIS track explains, one of the picture as a whole with
// everything that it shows, and one of each ship that lies beside a dark one. Words are made of the numbers.

import { haversineM } from '../geo/distance.js'
import { rankScore } from '../detectors/score.js'
import type { Detection, Scene } from '../model/detection.js'
import type { Evidence, FeedEvent, Fix, VesselEvent, VesselRef, ZoneRef } from '../model/event.js'
import { idPart } from '../model/text.js'
import { round } from '../model/units.js'
import { circleOf } from './around.js'
import { DARK_AT, type Judged, type Verdict } from './judge.js'
import type { Link } from './links.js'

/** An event without what counts its tellings. */
export type Untold<E> = Omit<E, 'phase' | 'revision' | 'asOf'>

export interface TellViews {
  zonesAt(fix: Fix): ZoneRef[]
  vesselOf(mmsi: number, track: number): VesselRef
}

const SENSOR_WORDS = {
  sar: 'a radar picture',
  optical: 'an optical picture',
  viirs: 'a picture of lights at night',
  rf: 'a fix of radio signals',
  unknown: 'a satellite picture',
}
/** Who else it may be, at most. */
const LISTED = 3
/** Matched so surely, a ship has a dark one beside it within that distance and the errors of both. */
const BESIDE = { pMatch: 0.8, m: 500 }
/** Missed vessels that are listed; all are counted. */
const LISTED_MISSED = 200

export const detectionEventId = ({ id: scene }: Scene, { id, t }: Detection): string =>
  `unmatched_detection-${idPart(scene)}-${t}-${idPart(id)}`

const fixOf = ({ t, lat, lon }: Detection): Fix => ({ t, lat, lon })
const percent = (p: number): string => `${Math.round(100 * p)} %`

/** @param links silences whose reach covers it, best first */
export function unmatchedEvent(
  scene: Scene,
  of: Judged,
  links: readonly Link[],
  silences: number,
  { zonesAt }: TellViews,
): Untold<FeedEvent> {
  const { detection, pDark, pFalse, pFixed, pMatch, who } = of
  const { lengthM, headingDeg, confidence, sigmaM, lat, lon } = detection
  const at = fixOf(detection)
  const heard = who.filter(({ vessel }) => vessel.gap === null)
  const [runnerUp] = heard
  const evidence: Evidence[] = [
    {
      ...{ family: 'witnesses', name: 'p_dark', value: round(pDark, 3) },
      expected: 'a vessel that AIS knows',
      weight: round(Math.log(pDark / Math.max(1e-3, 1 - pDark)), 3),
      text: `${SENSOR_WORDS[scene.sensor]} shows a ship${lengthM === null ? '' : ` of ${Math.round(lengthM)} m`} that no AIS track explains (${percent(pDark)})`,
    },
  ]
  if (runnerUp)
    evidence.push({
      ...{ family: 'witnesses', name: 'runner_up', value: runnerUp.vessel.mmsi },
      weight: round(-runnerUp.p, 3),
      text: `of vessels that are heard, MMSI ${runnerUp.vessel.mmsi} is the likeliest to be there after all (${percent(runnerUp.p)})`,
    })
  const [best] = links
  if (best)
    evidence.push({
      ...{ family: 'silence', name: 'silence_in_reach', value: best.mmsi },
      weight: round(best.p, 3),
      text:
        `MMSI ${best.mmsi}, silent for ${best.silentH.toFixed(1)} h by then and last heard ${best.fromNm.toFixed(0)} nm away, can have been there` +
        (silences > 1 ? `: the likeliest of ${silences}` : '') +
        ` (it is this one with ${percent(best.p)})`,
    })
  return {
    ...{ schema: 'darkwake/event/1', type: 'unmatched_detection', id: detectionEventId(scene, detection) },
    ...{ source: scene.sensor, receiver: null, area: { lat, lon, radiusM: round(2 * sigmaM, 0) } },
    ...{ start: at, end: at, durationS: 0, zones: { start: zonesAt(at), end: zonesAt(at), touched: [] } },
    ...{ class: best ? 'silence_in_reach' : 'unknown', score: round(pDark, 4), evidence },
    details: {
      ...{ scene: scene.id, detection: detection.id, sensor: scene.sensor },
      ...{ lengthM, headingDeg, confidence, sigmaM },
      ...{
        pDark: round(pDark, 4),
        pMatch: round(pMatch, 4),
        pFalse: round(pFalse, 4),
        pFixed: round(pFixed, 4),
      },
      runnersUp: heard
        .slice(0, LISTED)
        .map(({ vessel, p }) => ({ mmsi: vessel.mmsi, track: vessel.track, p: round(p, 4) })),
      silencesInReach: silences,
      silences: links.map(link => ({ ...link, share: round(link.share, 4), p: round(link.p, 4) })),
    },
  }
}

/** Evidence for the gap of a link. */
export function gapEvidence(scene: Scene, { detection }: Judged, link: Link, silences: number): Evidence {
  const { lengthM } = detection
  const others = silences > 1 ? `: of ${silences} silent ships that can have been there the likeliest` : ''
  return {
    ...{ family: 'witnesses', name: 'satellite_detection', value: detectionEventId(scene, detection) },
    expected: 'no ship in its reach but those that are heard',
    weight: round(1.5 * link.p, 3),
    text:
      `${SENSOR_WORDS[scene.sensor]} shows a ship${lengthM === null ? '' : ` of ${Math.round(lengthM)} m`} that no AIS track explains, ` +
      `${link.fromNm.toFixed(0)} nm from where this one fell silent ${link.silentH.toFixed(1)} h before${others} (it is this one with ${percent(link.p)})`,
  }
}

/** How each detection is called: in the event of the scene, for maps and tables. */
export type Called = 'dark' | 'matched' | 'false' | 'fixed' | 'not_judged'

export function calledOf({ judged, pDark, pMatch, pFalse, pFixed }: Judged): Called {
  if (!judged) return 'not_judged'
  if (pDark >= DARK_AT) return 'dark'
  const most = Math.max(pMatch, pFalse, pFixed)
  return most === pMatch ? 'matched' : most === pFixed ? 'fixed' : 'false'
}

/** @param why of a scene of which nothing can be said; null where it was judged */
export function sceneEvent(
  scene: Scene,
  verdict: Verdict,
  why: string | null,
  nameOf: (mmsi: number, track: number) => string | null,
): Untold<FeedEvent> {
  const { detections, sums, missed, expected, darkShips, recallRatio } = verdict
  const called = detections.map(calledOf)
  const count = (kind: Called): number => called.filter(each => each === kind).length
  const counts = {
    ...{ found: detections.length, matched: count('matched'), dark: count('dark'), missed: missed.length },
    ...{ false: count('false'), fixed: count('fixed'), notJudged: count('not_judged') },
  }
  const seen = why === null ? `${counts.matched} matched, ${counts.dark} dark` : `not judged: ${why}`
  const evidence: Evidence[] = [
    {
      ...{ family: 'witnesses', name: 'detections', value: counts.found, weight: 0 },
      text: `${counts.found} detections: ${seen}`,
    },
  ]
  if (missed.length > 0)
    evidence.push({
      ...{ family: 'place', name: 'not_seen', value: missed.length },
      expected: 'a ship where its AIS says it is',
      weight: 0,
      text: `${missed.length} vessels that are heard should have been seen and were not`,
    })
  const times = {
    start: { t: scene.t, lat: null, lon: null },
    end: { t: scene.untilT, lat: null, lon: null },
  }
  return {
    ...{ schema: 'darkwake/event/1', type: 'scene', id: `scene-${idPart(scene.id)}-${scene.t}` },
    ...{ source: scene.sensor, receiver: null, area: areaOf(scene), ...times },
    ...{ durationS: (scene.untilT - scene.t) / 1000, zones: { start: [], end: [], touched: [] } },
    ...{ class: why === null ? 'judged' : 'not_judged', score: 0, evidence },
    details: {
      ...{ scene: scene.id, sensor: scene.sensor, notJudged: why },
      footprint: scene.footprint === null ? 'none' : 'given',
      outline: scene.footprint,
      counts,
      expected: expected === null ? null : round(expected, 2),
      ...{ pSums: { ...rounded(sums) }, recallRatio: round(recallRatio, 3) },
      darkShips: { ...darkShips, estimate: round(darkShips.estimate, 2) },
      detections: detections.map((of, d) => {
        const { detection, pDark, pMatch, best, who } = of
        const heard = who.find(({ vessel }) => vessel.gap === null)
        const mmsi =
          called[d] === 'matched' ? ((best?.gap === null ? best : null) ?? heard?.vessel)?.mmsi : undefined
        return {
          ...{
            id: detection.id,
            t: detection.t,
            lat: detection.lat,
            lon: detection.lon,
            lengthM: detection.lengthM,
          },
          ...{ called: called[d]!, pDark: round(pDark, 4), pMatch: round(pMatch, 4), mmsi: mmsi ?? null },
        }
      }),
      missed: missed.slice(0, LISTED_MISSED).map(({ vessel, pSeen, lat, lon, sigmaM }) => ({
        ...{
          mmsi: vessel.mmsi,
          track: vessel.track,
          name: nameOf(vessel.mmsi, vessel.track),
          lengthM: vessel.lengthM,
        },
        ...{ pSeen: round(pSeen, 3), lat, lon, sigmaM: round(sigmaM, 0) },
      })),
    },
  }
}

const rounded = <T extends Record<string, number>>(of: T): T =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, round(value, 2)])) as T

function areaOf(scene: Scene): FeedEvent['area'] {
  const circle = circleOf(scene)
  return circle && { ...circle, radiusM: round(circle.radiusM, 0) }
}

/** Dark rendezvous of level D: a ship that is heard, with a dark one beside it. One event a pair. */
export function besideEvents(
  scene: Scene,
  verdict: Verdict,
  linksOf: (of: Judged) => readonly Link[],
  { zonesAt, vesselOf }: TellViews,
): Untold<VesselEvent>[] {
  const dark = verdict.detections.filter(of => of.judged && of.pDark >= DARK_AT)
  const known = verdict.detections.filter(
    ({ judged, pMatch, best }) => judged && pMatch >= BESIDE.pMatch && best !== null && best.gap === null,
  )
  return dark.flatMap(of => {
    const { detection } = of
    const near = known
      .map(other => ({
        other,
        m: haversineM(detection.lat, detection.lon, other.detection.lat, other.detection.lon),
      }))
      .filter(({ other, m }) => m <= BESIDE.m + 2 * Math.hypot(detection.sigmaM, other.detection.sigmaM))
      .sort((a, b) => a.m - b.m)[0]
    if (!near) return []
    const { other, m } = near
    const { mmsi, track } = other.best!
    const at = fixOf(other.detection)
    const links = linksOf(of)
    const evidence: Evidence[] = [
      {
        ...{ family: 'witnesses', name: 'dark_ship_beside', value: detectionEventId(scene, detection) },
        weight: round(2 * of.pDark * other.pMatch, 3),
        text: `${SENSOR_WORDS[scene.sensor]} shows a ship that no AIS track explains ${Math.round(m)} m from it`,
      },
    ]
    if (links[0])
      evidence.push({
        ...{ family: 'silence', name: 'partner_reach', value: links[0].mmsi },
        weight: round(links[0].p, 3),
        text: `MMSI ${links[0].mmsi}, silent then, can have been there (it is that one with ${percent(links[0].p)})`,
      })
    const zones = zonesAt(at)
    return [
      {
        ...{ schema: 'darkwake/event/1' as const, type: 'dark_rendezvous' as const },
        id: `dark_rendezvous-${mmsi}-${at.t}-${idPart(scene.id)}-${idPart(detection.id)}`,
        ...{ mmsi, track, vessel: vesselOf(mmsi, track), start: at, end: at, durationS: 0 },
        ...{ zones: { start: zones, end: zones, touched: [] }, class: 'seen_by_satellite' },
        ...{ score: rankScore(-2, evidence), evidence },
        details: {
          ...{ level: 'D', place: { lat: detection.lat, lon: detection.lon }, apartM: round(m, 0) },
          ...{
            scene: scene.id,
            detection: detection.id,
            pDark: round(of.pDark, 4),
            pMatch: round(other.pMatch, 4),
          },
          candidates: links.map(
            ({ rank, id, mmsi: silent, track: its, vessel, weight, p, fromNm, neededKn }) => ({
              ...{ rank, weight, p: round(p, 4), id, mmsi: silent, track: its, vessel, fromNm, neededKn },
            }),
          ),
        },
      },
    ]
  })
}
