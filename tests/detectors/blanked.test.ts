import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodePosition, encodeStatic24, encodeStatic5 } from '../../src/ais/encode.js'
import { createEngine } from '../../src/engine/engine.js'
import type { Engine } from '../../src/engine/api.js'
import { isBlank, type ReportBatch } from '../../src/model/batch.js'
import type { DarkEvent } from '../../src/model/event.js'
import type { PositionReport, StaticData } from '../../src/model/report.js'
import { createSourceCounts } from '../../src/model/stats.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { createWords } from '../../src/model/words.js'
import { createNmeaReader } from '../../src/sources/nmea.js'
import { content, finals, T0 } from '../helpers/replay.js'
import { share } from '../helpers/share.js'

const A = 257123450
const SHIP: StaticData = { name: 'PROUD FALCON', callsign: 'LKAB', imo: 9074729, shipType: 70, length: 120 }
const config = { engine: { capacity: 64, silenceCapacity: 64 } }

type Says = StaticData | 'blank' | null
interface Step {
  h: number
  mmsi: number
  says: Says
  receiver?: string
}

function push(engine: Engine, { h, mmsi, says }: Step): void {
  const t = T0 + Math.round(h * MS_PER_HOUR)
  if (says === 'blank') engine.pushStatic({ mmsi, t, blank: true })
  else if (says) engine.pushStatic({ mmsi, t, ...says })
  else {
    const report: PositionReport = {
      mmsi,
      t,
      lat: mmsi % 50,
      lon: 10 + h / 8,
      sog: 8,
      msgType: 1,
      txClass: 'A',
    }
    engine.push(report)
  }
}

/** Under way, a position in ten minutes and what it says in six. */
function sails(from: number, to: number, says: Says, mmsi = A, everyMin = 6): Step[] {
  const steps: Step[] = []
  for (let m = from * 60; m < to * 60; m += 10) steps.push({ h: m / 60, mmsi, says: null })
  if (says) for (let m = from * 60 + 1; m < to * 60; m += everyMin) steps.push({ h: m / 60, mmsi, says })
  return steps
}
const inOrder = (steps: Step[]) => steps.sort((a, b) => a.h - b.h || a.mmsi - b.mmsi)

function run(steps: Step[]): DarkEvent[] {
  const events: DarkEvent[] = []
  const engine = createEngine({ config, onEvent: event => events.push(event) })
  for (const step of inOrder(steps)) push(engine, step)
  engine.flush()
  return events
}
const blanked = (steps: Step[]) => finals(run(steps)).filter(event => event.class === 'blanked')

describe('a vessel that told its names, and tells none any more', () => {
  test('is told, with what it told, since when, and where', () => {
    const [event, ...others] = blanked([...sails(0, 3, SHIP), ...sails(3, 6, 'blank')])
    expect(others).toEqual([])
    expect(event).toMatchObject({
      ...{ type: 'identity', phase: 'closed', start: { t: T0 + 3 * MS_PER_HOUR } },
      end: { t: T0 + 3 * MS_PER_HOUR + MS_PER_MIN },
      details: { changed: ['imo', 'name', 'callsign'], before: SHIP, after: {}, silenceH: 0, atRest: false },
      vessel: { name: 'PROUD FALCON' },
    })
    expect(event!.evidence[0]!.text).toBe(
      'told IMO number 9074729, name PROUD FALCON, call sign LKAB, and tells none of it in 6 messages since',
    )
  })

  test('weighs more when it comes out of a long silence so', () => {
    const [seen] = blanked([...sails(0, 3, SHIP), ...sails(3, 6, 'blank')])
    const [unseen] = blanked([...sails(0, 3, SHIP), ...sails(8, 11, 'blank')])
    expect(unseen!.score).toBeGreaterThan(seen!.score)
    expect(unseen).toMatchObject({ details: { silenceH: 5.083 } })
    expect(unseen!.evidence[1]!.name).toBe('silence_before_h')
  })

  test('after half an hour, and not before; three messages, and not two', () => {
    expect(blanked([...sails(0, 3, SHIP), ...sails(3, 3.51, 'blank', A, 15)])).toEqual([])
    expect(blanked([...sails(0, 3, SHIP), ...sails(3, 3.52, 'blank', A, 15)])).toHaveLength(1)
    expect(blanked([...sails(0, 3, SHIP), ...sails(3, 5, 'blank', A, 80)])).toEqual([])
  })

  test('once, however long it lasts, and again when it told its names in between', () => {
    const first = [...sails(0, 3, SHIP), ...sails(3, 9, 'blank')]
    expect(blanked(first)).toHaveLength(1)
    expect(blanked([...first, ...sails(9, 10, SHIP), ...sails(10, 12, 'blank')])).toHaveLength(2)
  })

  test('and comes back under another name: both are told', () => {
    const other = { ...SHIP, name: 'GREY HERON', callsign: 'PBCD' }
    const steps = [...sails(0, 3, SHIP), ...sails(3, 6, 'blank'), ...sails(6, 9, other)]
    expect(finals(run(steps)).flatMap(event => (event.type === 'identity' ? [event.class] : []))).toEqual([
      'blanked',
      'name_changed',
    ])
  })
})

describe('what only looks so', () => {
  test('names that come back while it is in doubt, from whatever source', () => {
    const mixed = sails(3, 9, 'blank').concat(sails(3.05, 9, SHIP, A, 24))
    expect(blanked([...sails(0, 3, SHIP), ...mixed])).toEqual([])
  })

  test('blank messages and names by turns: nothing is told for a day after', () => {
    const turns = [...sails(0, 3, SHIP), ...sails(3, 3.3, 'blank'), ...sails(3.3, 3.6, SHIP)]
    expect(blanked([...turns, ...sails(3.6, 27, 'blank')])).toEqual([])
    expect(blanked([...turns, ...sails(3.6, 28, 'blank')])).toHaveLength(1)
  })

  test('a vessel that told a name only, or none, or that nobody heard tell one', () => {
    expect(blanked([...sails(0, 3, { name: 'GULL' }), ...sails(3, 6, 'blank')])).toEqual([])
    expect(blanked([...sails(0, 3, null), ...sails(3, 6, 'blank')])).toEqual([])
    expect(blanked([...sails(0, 0.1, SHIP), ...sails(3, 6, 'blank')])).toEqual([])
  })

  test('messages that leave out what they told before: that is not known, not blank', () => {
    for (const says of [{ shipType: 70 }, { length: 120 }, {}])
      expect(blanked([...sails(0, 3, SHIP), ...sails(3, 9, says)])).toEqual([])
  })

  test('a feed that loses the names of all: it is the ships only where it tells those of others', () => {
    const named = (mmsi: number) => ({ name: `SHIP ${mmsi}`, callsign: `C${mmsi}` })
    const fleet = (n: number) =>
      Array.from({ length: n }, (_, k) => A + k).flatMap(mmsi => [
        ...sails(0, 3, named(mmsi), mmsi),
        ...sails(3 + (mmsi - A) / 100, 6, 'blank', mmsi),
      ])
    for (const n of [2, 5]) {
      expect(blanked(fleet(n))).toEqual([])
      expect(blanked([...fleet(n), ...sails(0, 6, named(A + 9), A + 9)])).toHaveLength(n)
      expect(blanked([...fleet(n), ...sails(0, 3, named(A + 9), A + 9)])).toEqual([])
    }
  })
})

test('shuffled within the window, or resumed from a snapshot, it is the same', () => {
  const parts = fc.array(
    fc.tuple(
      fc.constantFrom<Says>(SHIP, 'blank', 'blank', { ...SHIP, name: 'GREY HERON' }),
      fc.integer({ min: 1, max: 3 }),
    ),
    { minLength: 2, maxLength: 5 },
  )
  let found = 0
  fc.assert(
    fc.property(
      parts,
      parts,
      fc.nat(),
      fc.infiniteStream(fc.integer({ min: 0, max: 110 })),
      (a, b, cut, delays) => {
        const steps = inOrder(
          [a, b].flatMap((story, k) => {
            let h = k / 7
            return story.flatMap(([says, hours]) => {
              h += hours
              return sails(h - hours, h, says, A + k, 13)
            })
          }),
        )
        const plain = run(steps)
        found += plain.filter(event => event.class === 'blanked').length

        const late: DarkEvent[] = []
        const live = createEngine({ config, onEvent: event => late.push(event) })
        const arrival = steps.map(step => ({ step, at: step.h * 3600 + delays.next().value }))
        for (const { step, at } of arrival.sort((x, y) => x.at - y.at)) {
          push(live, step)
          live.advance(T0 + (at - 120) * 1000)
        }
        live.flush()
        expect(content(late)).toEqual(content(plain))

        const events: DarkEvent[] = []
        const onEvent = (event: DarkEvent) => events.push(event)
        const first = createEngine({ config, onEvent })
        const n = cut % (steps.length + 1)
        for (const step of steps.slice(0, n)) push(first, step)
        const second = createEngine({ config, onEvent, restore: first.snapshot() })
        for (const step of steps.slice(n)) push(second, step)
        second.flush()
        expect(events).toEqual(plain)
      },
    ),
    { numRuns: 40, seed: 11 },
  )
  expect(found).toBeGreaterThan(10 * share)
})

describe('in NMEA', () => {
  const blanks = (...lines: string[]): boolean[] => {
    const out: boolean[] = []
    const words = createWords()
    const reader = createNmeaReader({
      ...{ words, name: 'test', counts: createSourceCounts() },
      onBatch(batch: ReportBatch) {
        for (let i = 0; i < batch.length; i++) out.push(isBlank(batch, i))
      },
    })
    reader.push(
      Buffer.from(
        lines
          .map((line, k) =>
            `\\c:${1700000000 + k}*00\\${line}\n`.replace(/\\c:(\d+)\*00/, (_, t: string) => tag(t)),
          )
          .join(''),
      ),
    )
    reader.end()
    return out
  }
  const tag = (t: string) => {
    const body = `c:${t}`
    let sum = 0
    for (const c of Buffer.from(body)) sum ^= c
    return `\\${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`
  }
  const five = (data: StaticData) => encodeStatic5({ mmsi: A, ...data }, 1)
  const [nameA] = encodeStatic24({ mmsi: A, name: 'GULL' })
  const [blankA, blankB] = encodeStatic24({ mmsi: A })
  const [, fullB] = encodeStatic24({ mmsi: A, callsign: 'LKAB', shipType: 30 })

  test('message 5 is blank when it tells neither name, call sign, IMO number nor type, whatever else it tells', () => {
    expect(blanks(...five({}))).toEqual([true])
    expect(blanks(...five({ length: 80, draught: 3, destination: 'OSLO' }))).toEqual([true])
    for (const data of [{ name: 'A' }, { callsign: 'A' }, { imo: 1 }, { shipType: 1 }])
      expect(blanks(...five(data))).toEqual([false])
  })

  test('message 24 is blank when both halves were heard and are', () => {
    expect(blanks(blankA)).toEqual([false])
    expect(blanks(blankB)).toEqual([false])
    expect(blanks(blankA, blankB, blankA)).toEqual([false, true, true])
    expect(blanks(nameA, blankB)).toEqual([false, false])
    expect(blanks(blankA, fullB)).toEqual([false, false])
    expect(blanks(nameA, fullB, blankA, blankB)).toEqual([false, false, false, true])
  })

  test('a position is never blank, however exact', () => {
    expect(blanks(encodePosition({ mmsi: A, t: T0, lat: 1, lon: 2, msgType: 1, accuracy: true }))).toEqual([
      false,
    ])
  })
})
