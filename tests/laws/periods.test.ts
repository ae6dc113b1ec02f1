// Cut in time as well as by vessel: operators that end a period between any two slots, whose states go as lines from each period to
// the next, tell together what two passes over everything tell.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lessonsOf, spanOf, stretchesOf } from '../../src/engine/lessons.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport } from '../../src/model/report.js'
import { SLOT_MS } from '../../src/reception/slots.js'
import { detect } from '../../src/run/detect.js'
import type { LessonsFile } from '../../src/run/lessons-file.js'
import { judgeSea, judgeVessels, learnFrom, tellFound, type OperatorRun } from '../../src/run/operators.js'
import { createPeriod, type Period } from '../../src/run/periods.js'
import type { Input } from '../../src/sources/open.js'
import { buildZoneIndex } from '../../src/zones/index.js'
import { fleetOf, heardTraffic, traffic } from '../helpers/traffic.js'
import { square } from '../helpers/zones.js'
import { share } from '../helpers/share.js'

const zones = buildZoneIndex([square('north', 4.9, 59.9, 0.6), square('wide', 60, -20, 10.05)])
const rules = { zones, config: { engine: { capacity: 256 } } }

const COLUMNS = 'mmsi,t,lat,lon,sog,cls,receiver,utcSecond\n'
const rowOf = ({ mmsi, t, lat, lon, sog, receiver, utcSecond }: PositionReport): string =>
  [mmsi, new Date(t).toISOString(), lat, lon, sog, 'A', receiver, utcSecond].join(',')

const partOf = (mmsi: number, parts: number): number => (Math.imul(mmsi, 2654435761) >>> 8) % parts

function inputOf(lines: readonly string[], period?: Period): Input {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(lines.map(line => `${line}\n`).join('')))
  }
  return { name: 'rows', stream: period ? period.without(bytes()) : bytes() }
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line)
}

function fileOf(lines: readonly string[]): LessonsFile {
  const sorted = lines.filter(line => /^\d/.test(line)).sort()
  const stretches = stretchesOf(sorted)
  return {
    stretches: () => stretches,
    lines: () => sorted,
    open: () => lessonsOf(sorted),
    close: () => undefined,
  }
}

async function linesOf(run: (write: (line: string) => void) => OperatorRun): Promise<string[]> {
  const lines: string[] = []
  const events = run(line => lines.push(line))
  for await (const event of events) expect.unreachable(event.id)
  return lines
}

const isState = (line: string): boolean => line.startsWith('state\t')

/** What operators tell from period to period: parts of the fleet, then the sea, then who tells. */
async function inPeriods(
  reports: readonly PositionReport[],
  parts: number,
  ends: readonly number[],
  shuffled: (lines: string[]) => string[],
): Promise<{ events: DarkEvent[]; learned: string[] }> {
  const header = COLUMNS.trimEnd()
  let states: string[] = []
  const events: DarkEvent[] = []
  const all: string[] = []
  let from = -Infinity
  for (const until of [...ends, undefined]) {
    const inTime = reports.filter(({ t }) => t >= from && t < (until ?? Infinity))
    const ofPart = Array.from({ length: parts }, (_, part) =>
      shuffled([
        ...inTime.filter(({ mmsi }) => partOf(mmsi, parts) === part).map(rowOf),
        ...[`part\t${part}`, ...states.filter(line => line.startsWith(`state\t${part};`))],
      ]),
    )
    const period = (): Period => createPeriod({ until, version: '1', rules: '2' })
    const learned: string[] = []
    for (const lines of ofPart) {
      const of = period()
      learned.push(
        ...(await linesOf(write =>
          learnFrom([inputOf([header, ...lines], of)], { ...rules, period: of }, write),
        )),
      )
    }
    const lessons = fileOf(learned)
    all.push(...lessons.lines())
    const judged: string[] = []
    for (const lines of ofPart) {
      const of = period()
      const input = inputOf([header, ...lines], of)
      judged.push(
        ...(await linesOf(write => judgeVessels([input], { ...rules, period: of }, lessons, write))),
      )
    }
    const sea: string[] = []
    await judgeSea(each(shuffled([...states, ...judged])), { ...rules, period: period() }, lessons, line =>
      sea.push(line),
    )
    const told: string[] = []
    await tellFound(
      each(shuffled([...states, ...judged, ...sea])),
      { ...rules, period: period(), onEvent: event => events.push(event) },
      lessons,
      true,
      line => told.push(line),
    )
    states = [...learned, ...judged, ...sea, ...told].filter(isState)
    from = until ?? NaN
  }
  return { events, learned: all }
}

/** Of each event the highest revision, unless it is a retraction. */
function union(events: readonly DarkEvent[]): DarkEvent[] {
  const last = new Map<string, DarkEvent>()
  for (const event of events)
    if (!((last.get(event.id)?.revision ?? 0) >= event.revision)) last.set(event.id, event)
  return [...last.values()]
    .filter(({ phase }) => phase !== 'retracted')
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

test('the events of all periods are those of one run', async () => {
  const types = new Set<string>()
  let corrected = 0
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(traffic, heardTraffic),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 1 << 30 })),
      async (reports, ships, parts, cuts, order) => {
        const fleet = fleetOf(reports, ships)
        let lessons = ''
        const run = detect([inputOf([COLUMNS.trimEnd(), ...fleet.map(rowOf)])], {
          ...{ ...rules, passes: 2 },
          onLessons: text => (lessons = [...text].join('')),
        })
        const whole: DarkEvent[] = []
        for await (const event of run) whole.push(event)
        expect(run.stats().read).toBe(fleet.length)
        for (const { type } of whole) types.add(type)

        // who ends a period says that time goes on to its end
        const lines = lessons.trimEnd().split('\n').slice(1)
        const { from, to } = spanOf(stretchesOf(lines))
        const slots = Math.floor(to / SLOT_MS) - from
        const ends = [...new Set(cuts.map(cut => (from + Math.round((cut * slots) / 100)) * SLOT_MS))].sort(
          (a, b) => a - b,
        )
        const shuffled = (lines: string[]): string[] =>
          lines
            .map(line => ({ line, at: order.next().value }))
            .sort((a, b) => a.at - b.at)
            .map(({ line }) => line)
        const { events: told, learned } = await inPeriods(fleet, parts, ends, shuffled)
        const united = union(told)
        const [table, tables] = [lessonsOf(lines), lessonsOf(learned)]
        for (let slot = from; slot * SLOT_MS <= to; slot++) expect(tables.of(slot)).toEqual(table.of(slot))
        corrected += told.length - united.length
        expect(united).toEqual(union(whole))
      },
    ),
    { numRuns: 8, endOnFailure: true },
  )
  expect(types.size).toBeGreaterThan(5 * share)
  if (share === 1) expect(corrected).toBeGreaterThan(0)
})
