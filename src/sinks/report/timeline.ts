// When: all events by time above, then a line for each candidate with its events as bars, as inline SVG. Feeds that failed are
// grey bands across, since silence meanwhile is nobody's fault.

import type { DarkEvent } from '../../model/event.js'
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN } from '../../model/units.js'
import { Markup, markup, shownText } from '../markup.js'
import { placeIn, type Findings } from './findings.js'
import { counted, inMinutes, kindOf, lastedOf } from './words.js'

const WIDTH = 960
const LEFT = 190
const RIGHT = 12
const BARS_PX = 46
const ROW_PX = 20
const BINS = 96
/** A bar narrower than this is not seen. */
const MIN_PX = 3

/** Empty without events. */
export function timeline(findings: Findings): Markup {
  const { span, events, told, listeners } = findings
  if (!span) return new Markup('')
  const from = span.from
  const ms = Math.max(span.to - span.from, MS_PER_MIN)
  const x = (t: number): number =>
    tenth(LEFT + ((Math.min(Math.max(t, from), from + ms) - from) / ms) * (WIDTH - LEFT - RIGHT))
  const top = BARS_PX + 26
  const height = top + ROW_PX * told.length + 24
  const label = `Timeline: ${counted(events.length, 'event')} from ${inMinutes(span.from)} to ${inMinutes(span.to)}`

  const bar = (event: DarkEvent, y: number, title: string): Markup => {
    const left = x(event.start.t)
    const right = event.end ? x(event.end.t) : x(span.to)
    const width = tenth(Math.max(MIN_PX, right - left))
    return markup`<rect class="bar k-${event.type}${event.end === null && ' open'}" x="${Math.min(left, WIDTH - RIGHT - MIN_PX)}" y="${y}" width="${width}" height="10" rx="2"><title>${title}</title></rect>`
  }

  const rows = told.map((candidate, k) => {
    const { events: own, vessel, mmsi } = candidate
    const y = top + ROW_PX * k
    const place = placeIn(findings, candidate)
    const bars = own
      .filter(({ type }) => type !== 'zone' && type !== 'sequence')
      .map(event => bar(event, y + 5, `${kindOf(event)}, ${inMinutes(event.start.t)}, ${lastedOf(event)}`))
    return markup`<a href="#c${place > 0 ? place : `m${mmsi}`}"><text x="4" y="${y + 14}">${place > 0 && `${place}. `}${shownText(vessel.name ?? String(mmsi), 22)}</text></a><path class="rule" d="M${LEFT} ${y + ROW_PX - 2}H${WIDTH - RIGHT}"/>${bars}`
  })
  const bands = listeners
    .filter(({ type }) => type !== 'interference')
    .map(event => {
      const left = x(event.start.t)
      const width = tenth(Math.max(MIN_PX, (event.end ? x(event.end.t) : x(span.to)) - left))
      const title = `${kindOf(event)}: ${event.receiver ?? event.source ?? 'all'}, ${inMinutes(event.start.t)}, ${lastedOf(event)}`
      return markup`<rect class="band" x="${left}" y="${BARS_PX}" width="${width}" height="${height - BARS_PX - 22}"><title>${title}</title></rect>`
    })
  return markup`<svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}"><title>${label}</title>${bands}${ticks(from, ms, x, height)}<text x="4" y="${BARS_PX - 4}">begun, by time</text>${histogram(events, from, ms)}${rows}</svg>`
}

const tenth = (value: number): number => Math.round(value * 10) / 10

/** How many begin when; borders crossed in sight are not among them, since there are so many. */
function histogram(events: readonly DarkEvent[], from: number, ms: number): Markup[] {
  const counts = new Array<number>(BINS).fill(0)
  for (const { type, class: kind, start } of events) {
    if (type === 'zone' && (kind === 'entered' || kind === 'exited')) continue
    counts[Math.min(BINS - 1, Math.max(0, Math.floor(((start.t - from) / ms) * BINS)))]!++
  }
  const most = Math.max(1, ...counts)
  const width = (WIDTH - LEFT - RIGHT) / BINS
  return counts.flatMap((count, k) => {
    if (count === 0) return []
    const height = tenth(Math.max(2, (count / most) * (BARS_PX - 8)))
    const at = inMinutes(from + (k * ms) / BINS)
    return [
      markup`<rect class="count" x="${tenth(LEFT + k * width)}" y="${tenth(BARS_PX - height)}" width="${tenth(width - 1)}" height="${height}"><title>${counted(count, 'event')} from ${at}</title></rect>`,
    ]
  })
}

const STEPS_MS = [
  ...[1, 5, 15, 30].map(n => n * MS_PER_MIN),
  ...[1, 2, 3, 6, 12].map(n => n * MS_PER_HOUR),
  ...[1, 2, 7, 14, 30, 91, 365, 3650].map(n => n * MS_PER_DAY),
]

function ticks(from: number, ms: number, x: (t: number) => number, height: number): Markup {
  const step = STEPS_MS.find(each => ms / each <= 9) ?? 36_500 * MS_PER_DAY
  const marks: Markup[] = []
  for (let t = Math.ceil(from / step) * step; t <= from + ms; t += step) {
    const text =
      step < MS_PER_DAY && t % MS_PER_DAY !== 0 ? inMinutes(t).slice(11) : inMinutes(t).slice(0, 10)
    const near = x(t) > WIDTH - RIGHT - 40
    marks.push(
      markup`<path d="M${x(t)} 4V${height - 20}"/><text x="${x(t)}" y="${height - 6}" text-anchor="${near ? 'end' : 'middle'}">${text}</text>`,
    )
  }
  return markup`<g class="ticks">${marks}</g>`
}
