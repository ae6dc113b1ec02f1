// The card of a candidate, as HTML: who, a map with the track before and after, what it did in order, then each event with its
// facts, reach, reasons and the satellite passes worth looking at.

import { storyOf } from '../../assess/story.js'
import type { Candidate } from '../../assess/rank.js'
import type { Evidence, VesselEvent } from '../../model/event.js'
import type { Markup } from '../markup.js'
import { markup } from '../markup.js'
import {
  factsOf,
  heardInWords,
  heardNear,
  looksOf,
  lookInWords,
  reachRows,
  TASKING_NOTE,
  TRACK_MS,
} from './facts.js'
import { isOfSilence, isSameBeginning, placeIn, type Findings, type TrackPoint } from './findings.js'
import { mark, type MapMaker, type Pin } from './map.js'
import {
  counted,
  evidenceOf,
  figureOf,
  identityOf,
  inDegrees,
  inMinutes,
  inNm,
  kindOf,
  lastedOf,
  nameOf,
  signed,
  zoneName,
} from './words.js'

/** Events told in full; of a vessel with more of them the others get a line. */
const FULL = 8
const LINES = 40

export function cardOf(findings: Findings, candidate: Candidate, maps: MapMaker): Markup {
  const { mmsi, mmsis, vessel, score, lists } = candidate
  const place = placeIn(findings, candidate)
  const { steps, patterns } = storyOf(candidate)
  const main = candidate.events.filter(event => !isOfSilence(event) || !hasSilence(candidate, event))
  const full = main.slice(0, FULL)
  const rest = main.slice(FULL)
  return markup`<article class="card" id="c${place > 0 ? place : `m${mmsi}`}"><header><h3>${place > 0 && markup`<span class="rank">${place}</span>`}<bdi>${nameOf(vessel)}</bdi></h3><span class="score">score ${score.toFixed(2)}</span></header>
<p>${mmsis.length > 1 ? `MMSI ${mmsis.join(', ')} in turn, last ${mmsi}` : `MMSI ${mmsi}`}, ${identityOf(vessel).join(', ')}</p>
${lists.map(({ text }) => markup`<p class="note">${text}</p>`)}
${figure(findings, candidate, main, maps)}
<h5>What it did, in order</h5><ol class="story">${steps.map(
    step =>
      markup`<li>${inMinutes(step.t)} ${step.zones.length > 0 && `(${step.zones.map(zoneName).join(', ')}) `}${step.text.replaceAll(' (approximate EEZ)', '')}</li>`,
  )}</ol>
${patterns.map(({ text }) => markup`<p class="small">Belongs together, told and not weighed: ${text}</p>`)}
${full.map(event => eventSection(findings, candidate, event))}
${rest.length > 0 && restOf(rest)}</article>`
}

const restOf = (rest: VesselEvent[]): Markup =>
  markup`<section class="event"><h4>${counted(rest.length, 'more event')}</h4><ul class="small">${rest.slice(0, LINES).map(event => markup`<li>${inMinutes(event.start.t)} ${kindOf(event)}, ${lastedOf(event)}, score ${event.score.toFixed(2)}</li>`)}</ul>${rest.length > LINES && markup`<p class="small">and ${rest.length - LINES} in the list of all events</p>`}</section>`

const hasSilence = ({ events }: Candidate, event: VesselEvent): boolean =>
  events.some(
    other => (other.type === 'gap' || other.type === 'port_silence') && isSameBeginning(other, event),
  )

function figure(
  findings: Findings,
  { vessel, mmsi }: Candidate,
  events: VesselEvent[],
  maps: MapMaker,
): Markup | null {
  const shown = events.filter(({ type }) => type !== 'sequence').slice(0, 30)
  if (!shown.some(({ start, end }) => start.lat !== null || (end && end.lat !== null))) return null
  const tracks = tracksOf(findings, shown)
  const best = shown
    .flatMap(event => looksOf(findings, event)?.looks ?? [])
    .sort((a, b) => a.areaKm2 - b.areaKm2)
    .slice(0, 1)
  const pins = shown.map((event): Pin => ({ event, title: `${kindOf(event)}, ${inMinutes(event.start.t)}` }))
  const title = `Map of ${vessel.name ?? `MMSI ${mmsi}`}: ${counted(shown.length, 'event')}`
  const map = maps.card({ pins, tracks, reach: true, ends: true, looks: best.map(({ ring }) => ring), title })
  const silent = shown.some(({ type }) => type === 'gap')
  const words = [
    ...(tracks.length > 0 ? ['black: heard by AIS'] : ['no track: events alone were given']),
    ...(silent
      ? ['dashed red: silent, from OFF to ON, the straight way', 'tinted: where it can have been meanwhile']
      : []),
    ...(best.length > 0 ? [`dashed blue: where it can be at the pass of ${lookInWords(best[0]!)}`] : []),
  ]
  return markup`<figure>${map}<figcaption>${words.join('; ')}</figcaption></figure>`
}

/** Of each vessel what was heard of it some hours before and after its events. */
function tracksOf({ around }: Findings, events: VesselEvent[]): TrackPoint[][] {
  const tracks: TrackPoint[][] = []
  for (const mmsi of new Set(events.flatMap(({ mmsi: own, details }) => [own, ...othersOf(details)]))) {
    const windows = events.map(
      ({ start, end }) => [start.t - TRACK_MS, (end?.t ?? Infinity) + TRACK_MS] as const,
    )
    const points = around?.tracks
      .get(mmsi)
      ?.filter(({ t }) => windows.some(([from, to]) => t >= from && t <= to))
    if (points && points.length > 1) tracks.push(points)
  }
  return tracks
}

const othersOf = (details: Record<string, unknown>): number[] =>
  Array.isArray(details['others']) ? details['others'].filter(other => typeof other === 'number') : []

function eventSection(findings: Findings, candidate: Candidate, event: VesselEvent): Markup {
  const { id, type, score } = event
  const icon = markup`<svg width="14" height="14" viewBox="-8 -8 16 16" aria-hidden="true">${mark(type, 0, 0)}</svg>`
  const facts = factsOf(event).map(([label, value]) => markup`<dt>${label}</dt><dd>${value}</dd>`)
  const of = candidate.events.filter(
    other => isOfSilence(other) && other !== event && isSameBeginning(other, event),
  )
  const silence = type === 'gap' || type === 'port_silence'
  return markup`<section class="event"><h4>${icon}${kindOf(event)}, ${lastedOf(event)}, score ${score.toFixed(2)}</h4>
<dl>${facts}</dl>${reasons(evidenceOf(event))}${silence && of.length > 0 && zoneSaid(of)}${reachTable(event)}${heardList(findings, event)}${looksList(findings, event)}<p class="soft small">Event ${id}, ${event.phase}, as known at ${inMinutes(event.asOf)}</p></section>`
}

function reasons(evidence: Evidence[]): Markup | null {
  if (evidence.length === 0) return null
  return markup`<h5>Why (log-odds: red speaks against the vessel, green for it)</h5><div class="wide"><table class="reasons"><thead><tr><th class="n">weight</th><th></th><th>reason</th><th>figure</th></tr></thead><tbody>${evidence.map(
    reason =>
      markup`<tr><td class="n">${signed(reason.weight)}</td><td>${weightBar(reason.weight)}</td><td class="w">${reason.text}</td><td class="soft small">${figureOf(reason)}</td></tr>`,
  )}</tbody></table></div>`
}

/** The weight as a bar from the middle. */
function weightBar(weight: number): Markup {
  const px = Math.round(Math.min(28, Math.abs(weight) * 10) * 10) / 10
  return markup`<svg class="scale-bar" width="60" height="10" viewBox="-30 0 60 10" aria-hidden="true"><path d="M0 0V10"/><rect class="${weight > 0 ? 'against' : 'for'}" x="${weight > 0 ? 0 : -px}" y="2" width="${px}" height="6"/></svg>`
}

const zoneSaid = (events: VesselEvent[]): Markup =>
  markup`<h5>What the silence says of zones</h5><ul class="small">${events.map(
    event =>
      markup`<li>${kindOf(event)}: ${evidenceOf(event)
        .map(({ text }) => text.replaceAll(' (approximate EEZ)', ''))
        .join('; ')} (score ${event.score.toFixed(2)})</li>`,
  )}</ul>`

function reachTable(event: VesselEvent): Markup | null {
  const { rows, more } = reachRows(event)
  if (rows.length === 0) return null
  return markup`<h5>Waters it can have been in</h5><div class="wide"><table><thead><tr><th>zone</th><th class="n">least speed needed</th><th class="n">there at most</th><th class="n">from OFF</th></tr></thead><tbody>${rows.map(
    ({ zone, minSpeedKn, maxDwellH, offDistanceM }) =>
      markup`<tr><td>${zone}</td><td class="n">${minSpeedKn.toFixed(1)} kn</td><td class="n">${maxDwellH.toFixed(1)} h</td><td class="n">${offDistanceM === 0 ? 'inside' : inNm(offDistanceM)}</td></tr>`,
  )}</tbody></table></div>${more > 0 && markup`<p class="small soft">and ${counted(more, 'zone')} more</p>`}`
}

function heardList(findings: Findings, event: VesselEvent): Markup | null {
  const heard = heardNear(findings, event)
  if (!heard) return null
  return markup`<h5>What else was heard there</h5><p class="small">${heard.said}</p>${heard.nearest.length > 0 && markup`<ul class="small">${heard.nearest.map(each => markup`<li>${heardInWords(each)}</li>`)}</ul>`}`
}

function looksList(findings: Findings, event: VesselEvent): Markup | null {
  const found = looksOf(findings, event)
  if (!found) return null
  const list = found.looks.map(
    look =>
      markup`<li><a href="${look.link}" rel="noopener noreferrer">${lookInWords(look)}</a>, around ${inDegrees(look.place)}</li>`,
  )
  return markup`<h5>Satellite passes worth looking at</h5>${
    list.length > 0
      ? markup`<ul class="small">${list}</ul><p class="small soft">${TASKING_NOTE}</p>`
      : markup`<p class="small soft">None: at every pass the vessel can be in too wide an area, or none falls into the silence.</p>`
  }`
}
