// A report as one HTML file: no script, no request, nothing beside it. Its content policy allows its own style sheet and nothing
// else, so that whatever a ship calls itself, nothing runs.

import { LOOKS } from '../looks.js'
import { markup, type Markup } from '../markup.js'
import type { DarkEvent, EventType } from '../../model/event.js'
import { isVesselEvent } from '../../model/event.js'
import { cardOf } from './card.js'
import { isOfSilence, mainEvent, placeIn, type Findings } from './findings.js'
import { createMapMaker, mark, type MapMaker, type Pin } from './map.js'
import { qualityOf, summaryOf } from './summary.js'
import { policyFor, styleSheet } from './style.js'
import { DISCLAIMER, LIMITS, METHOD } from './texts.js'
import { timeline } from './timeline.js'
import {
  clockOf,
  counted,
  inDegrees,
  inMinutes,
  inThousands,
  kindOf,
  lastedOf,
  nameOf,
  watersOf,
  zoneName,
} from './words.js'

/** Lines of the ranking; whoever comes after is in the list of all events. */
const RANKED = 200
/** Pins of the overview map; the rest would only cover them. */
const PINS = 1500

/** @param maps for several reports of the same sea: land is read once for all of them */
export function htmlReport(findings: Findings, maps: MapMaker = createMapMaker(findings.boundaries)): string {
  const style = styleSheet()
  const { text } = markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${findings.madeBy}">
<title>${findings.title}</title>
`
  const body = markup`</head>
<body>
${head(findings)}
<main>
${summary(findings)}
${overview(findings, maps)}
<h2 id="when">When</h2><figure class="wide">${timeline(findings)}</figure>
${ranking(findings)}
${findings.told.length > 0 && markup`<h2 id="cards">Cards</h2>${findings.told.map(candidate => cardOf(findings, candidate, maps))}`}
${zoneTable(findings)}
${quality(findings)}
<h2 id="method">Method</h2><ul>${METHOD.map(line => markup`<li>${line}</li>`)}</ul>
<h2 id="limits">Limits</h2><ul>${LIMITS.map(line => markup`<li>${line}</li>`)}</ul>
<p class="note"><b>Disclaimer.</b> ${DISCLAIMER}</p>
${allEvents(findings)}
</main>
</body>
</html>
`
  return `<!doctype html>\n${text}<style>${style}</style>\n${body.text}`
}

function head({ title, span, sources, madeBy }: Findings): Markup {
  const when = span ? `${inMinutes(span.from)} to ${inMinutes(span.to)}` : 'no events'
  const from = sources.slice(0, 12).join(', ')
  const more = sources.length > 12 ? ` and ${sources.length - 12} more` : ''
  return markup`<header><h1>${title}</h1><p class="soft">${when}. From ${from}${more}, by ${madeBy}. All times UTC.</p></header>`
}

function summary(findings: Findings): Markup {
  const { events, candidates, types } = findings
  const vessels = new Set(events.flatMap(({ mmsi }) => mmsi ?? [])).size
  const open = events.filter(({ end, mmsi }) => end === null && mmsi !== undefined).length
  const figures: [number, string][] = [
    [candidates.length, 'candidates'],
    [events.filter(({ type }) => type === 'gap').length, 'gaps'],
    [open, 'events that go on'],
    [events.length, 'events'],
    [vessels, 'vessels with events'],
  ]
  return markup`<h2 id="summary">Summary</h2>
<ul class="facts">${figures.map(([value, what]) => markup`<li><b>${inThousands(value)}</b>${what}</li>`)}</ul>
${summaryOf(findings).map(line => markup`<p>${line}</p>`)}
<p class="note">${DISCLAIMER}</p>
<div class="wide"><table><thead><tr><th>what</th><th class="n">events</th><th class="n">go on</th><th class="n">vessels</th></tr></thead><tbody>${types.map(
    ({ type, kind, events: count, open: lasts, vessels: of }) =>
      markup`<tr><td>${kindOf({ type, class: kind })}</td><td class="n">${inThousands(count)}</td><td class="n">${inThousands(lasts)}</td><td class="n">${inThousands(of)}</td></tr>`,
  )}</tbody></table></div>`
}

/** Borders crossed in sight are no news on a map, and what a silence says of zones is drawn with the silence. */
const isOnMap = ({ type }: DarkEvent): boolean => type !== 'zone' && type !== 'sequence'

function overview(findings: Findings, maps: MapMaker): Markup {
  const { events, candidates, boundaries, told } = findings
  const placeOf = new Map(
    candidates.flatMap(({ events: own }, k) => own.map(({ id }) => [id, k + 1] as const)),
  )
  const strongest = new Map(told.map(({ events: own }) => [own.find(isOnMap)?.id, true]))
  const cards = new Set(told.map(candidate => placeIn(findings, candidate)))
  const shown = events.filter(isOnMap).slice(-PINS)
  const pins = shown.map((event): Pin => {
    const place = placeOf.get(event.id)
    const who = isVesselEvent(event) ? nameOf(event.vessel) : (event.receiver ?? event.source ?? '')
    return {
      event,
      title: `${who}: ${kindOf(event)}, ${inMinutes(event.start.t)}, ${lastedOf(event)}`,
      ...(place !== undefined && strongest.has(event.id) && { label: String(place) }),
      ...(place !== undefined && cards.has(place) && { href: `#c${place}` }),
    }
  })
  const seen = [...new Set(shown.map(({ type }) => type))]
  const lines = boundaries.some(({ ref }) => ref.method === 'approximate')
    ? 'boundaries are approximate EEZs, and no legal limit'
    : 'boundaries as in the zone files'
  return markup`<h2 id="where">Where</h2><figure>${maps.overview({ pins, title: `Map of ${counted(shown.length, 'event')}` })}<figcaption><ul class="legend">${seen.map(legend)}</ul>Numbers are places in the ranking; a dashed line leads from OFF to ON, or from place to place; ${lines}.${events.filter(isOnMap).length > PINS && ` The latest ${inThousands(PINS)} are drawn.`}</figcaption></figure>`
}

const legend = (type: EventType): Markup =>
  markup`<li><svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">${mark(type, 0, 0)}</svg>${LOOKS[type].words}</li>`

function ranking({ candidates, told }: Findings): Markup {
  if (candidates.length === 0)
    return markup`<h2 id="ranking">Candidates</h2><p>None: no event speaks against a vessel.</p>`
  const rows = candidates.slice(0, RANKED).map((candidate, k) => {
    const { mmsi, vessel, score, events } = candidate
    const name = markup`<bdi>${nameOf(vessel)}</bdi>`
    const worst = mainEvent(candidate)
    const waters = [...new Set(events.flatMap(watersOf))]
    const also = [...new Set(events.filter(event => !isOfSilence(event)).map(kindOf))].filter(
      kind => kind !== kindOf(worst),
    )
    return markup`<tr><td class="n">${k + 1}</td><td class="n">${score.toFixed(2)}</td><td class="who">${told.some(({ mmsi: own }) => own === mmsi) ? markup`<a href="#c${k + 1}">${name}</a>` : name}</td><td>${mmsi}</td><td>${vessel.flag}</td><td class="k">${kindOf(worst)}${also.length > 0 && markup`<span class="soft">; also ${also.slice(0, 4).join('; ')}</span>`}</td><td class="t">${inMinutes(worst.start.t)}</td><td class="t">${lastedOf(worst)}</td><td>${waters.slice(0, 4).join(', ')}${waters.length > 4 && ' …'}</td></tr>`
  })
  const more = candidates.length - rows.length
  return markup`<h2 id="ranking">Candidates</h2><p class="soft small">Most suspicious first: a rank, not a probability. What reception explains, or a border crossed in sight, is held against nobody.</p><div class="wide"><table><thead><tr><th class="n"></th><th class="n">score</th><th>name</th><th>MMSI</th><th>flag</th><th>what</th><th>from</th><th>lasted</th><th>waters</th></tr></thead><tbody>${rows}</tbody></table></div>${more > 0 && markup`<p class="small">and ${counted(more, 'candidate')} more; darkwake rank lists them all</p>`}`
}

function zoneTable({ zones }: Findings): Markup {
  if (zones.length === 0) return markup`<h2 id="zones">Zones</h2><p>No event touched a zone.</p>`
  return markup`<h2 id="zones">Zones</h2><div class="wide"><table><thead><tr><th>zone</th><th class="n">events</th><th class="n">silences</th><th class="n">vessels</th><th>candidates, by place</th><th></th></tr></thead><tbody>${zones.map(
    ({ name, approximate, events, silences, vessels, candidates }) =>
      markup`<tr><td class="who">${zoneName(name)}</td><td class="n">${inThousands(events)}</td><td class="n">${inThousands(silences)}</td><td class="n">${inThousands(vessels)}</td><td>${candidates.slice(0, 20).join(', ')}${candidates.length > 20 && ' …'}</td><td class="soft">${approximate && 'approximate'}</td></tr>`,
  )}</tbody></table></div>`
}

function quality(findings: Findings): Markup {
  const { lines, rejected } = qualityOf(findings)
  const { listeners } = findings
  const failed = listeners.map(
    event =>
      markup`<tr><td>${kindOf(event)}</td><td>${event.receiver ?? event.source ?? 'all'}</td><td class="t">${inMinutes(event.start.t)}</td><td class="t">${lastedOf(event)}</td><td class="w">${event.evidence.map(({ text }) => text).join('; ')}</td></tr>`,
  )
  return markup`<h2 id="quality">Data quality</h2>${lines.map(line => markup`<p>${line}</p>`)}
${rejected.length > 0 && markup`<div class="wide"><table><thead><tr><th>rejected</th><th class="n">rows</th><th class="n">share</th></tr></thead><tbody>${rejected.map(([reason, count, share]) => markup`<tr><td>${reason}</td><td class="n">${inThousands(count)}</td><td class="n">${share}</td></tr>`)}</tbody></table></div>`}
${
  failed.length > 0
    ? markup`<h4>Feeds and receivers that failed, and interference</h4><p class="small soft">Silence meanwhile is not held against a ship, nor is a false place in an area that is jammed.</p><div class="wide"><table><thead><tr><th>what</th><th>who</th><th>from</th><th>lasted</th><th>why</th></tr></thead><tbody>${failed}</tbody></table></div>`
    : markup`<p>No feed or receiver is known to have failed, and no interference was found.</p>`
}`
}

function allEvents({ events }: Findings): Markup {
  const rows = events.map(event => {
    const who = isVesselEvent(event)
      ? markup`<bdi>${event.vessel.name}</bdi> ${event.mmsi}`
      : markup`${event.receiver ?? event.source ?? 'all'}`
    return markup`<tr><td class="t">${inMinutes(event.start.t)}</td><td>${kindOf(event)}</td><td class="who">${who}</td><td class="t">${lastedOf(event)}${event.end && ` to ${clockOf(event.end.t)}`}</td><td>${inDegrees(event.start)}</td><td>${watersOf(event).join(', ')}</td><td class="n">${event.score.toFixed(2)}</td><td class="soft small">${event.id}</td></tr>\n`
  })
  return markup`<section><h2 id="events">All events</h2><details><summary>${counted(events.length, 'event')}, in order of time</summary><div class="wide"><table><thead><tr><th>from</th><th>what</th><th>who</th><th>lasted</th><th>where</th><th>waters</th><th class="n">score</th><th>id</th></tr></thead><tbody>${rows}</tbody></table></div></details></section>`
}
