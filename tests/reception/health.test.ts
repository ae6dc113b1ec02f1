import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finishFeedEvent } from '../../src/engine/finish.js'
import { pack, unpack } from '../../src/engine/snapshot.js'
import { eventSchema } from '../../src/model/schema.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import { faultFinding } from '../../src/reception/faults.js'
import { createHealth, type Health, type HealthChange } from '../../src/reception/health.js'
import { SLOT_MS, slotOf } from '../../src/reception/slots.js'
import { eventRecord } from '../../src/sinks/ndjson.js'
import { S0 } from './world.js'

const T0 = S0 * SLOT_MS
const minute = (n: number) => T0 + n * MS_PER_MIN
const slotMinutes = 10

interface Report {
  t: number
  mmsi: number
  feed?: number
  receiver?: number
}

/** Everybody in a range of minutes, once a minute, spread over it. */
function fleet(from: number, to: number, vessels: number, rest: Partial<Report> = {}): Report[] {
  const list: Report[] = []
  for (let m = from; m < to; m++)
    for (let v = 0; v < vessels; v++)
      list.push({ t: minute(m) + (v / vessels) * MS_PER_MIN, mmsi: 200_000_000 + 7919 * v, ...rest })
  return list
}

function listen(reports: Report[], until: number, health: Health = createHealth(8)): HealthChange[] {
  const found: HealthChange[] = []
  let slot = -1
  for (const { t, mmsi, feed = 0, receiver = 0 } of [...reports].sort((a, b) => a.t - b.t)) {
    if (slotOf(t) !== slot) {
      health.advance((slot = slotOf(t)))
      found.push(...health.changes())
    }
    health.hear(t, feed, receiver, mmsi)
  }
  health.advance(slotOf(minute(until)))
  return [...found, ...health.changes()]
}
const brief = (changes: HealthChange[]) =>
  changes.map(({ kind, phase, from, to }) => [
    kind,
    phase,
    (from - T0) / MS_PER_MIN,
    to === to ? (to - T0) / MS_PER_MIN : null,
  ])

describe('a feed', () => {
  test('that falls silent is out from its last report to its first, and no longer', () => {
    const health = createHealth(8)
    const found = listen([...fleet(0, 180, 20), ...fleet(600, 660, 20)], 670, health)
    const last = 179 + 19 / 20
    expect(brief(found)).toEqual([
      ['silent', 'opened', last, null],
      ['silent', 'closed', last, 600],
    ])
    expect(found[0]!.asOf).toBe(minute(200)) // the slot 180…190 is closed as 200…210 begins
    expect(health.healthyMs(minute(0), minute(670), 0)).toBeCloseTo((670 - 600 + last) * MS_PER_MIN, 3)
    expect(health.healthyMs(minute(200), minute(300), 0)).toBe(0)
    expect(health.healthyMs(minute(650), minute(660), 0)).toBe(10 * MS_PER_MIN)
  })

  test('is known to be out while it lasts', () => {
    const health = createHealth(8)
    listen(fleet(0, 180, 20), 199, health)
    expect(health.isOut(0)).toBe(false)
    health.advance(slotOf(minute(200)))
    expect(health.isOut(0)).toBe(true)
    expect(health.healthyMs(minute(180), minute(400), 0)).toBe(0)
  })

  test('is out below 35 % of the usual vessels, not at 35 %', () => {
    const few = (vessels: number) => listen([...fleet(0, 180, 20), ...fleet(180, 240, vessels)], 250)
    expect(few(7)).toEqual([])
    expect(few(6)).toMatchObject([{ kind: 'weak', phase: 'opened', from: minute(180), usual: 20, least: 6 }])
  })

  test('counts vessels: that they report less often is no outage', () => {
    const rare = fleet(180, 300, 20).filter(({ t }) => Math.floor((t - T0) / MS_PER_MIN) % 10 === 3)
    expect(listen([...fleet(0, 180, 20), ...rare], 310)).toEqual([])
  })

  test('is out after a hole of more than 15 min, not of 15 min', () => {
    // from 12:02 to 12:17 or so: both slots around it are heard by all
    const hole = (ms: number) => {
      const at = minute(182)
      const all = fleet(0, 300, 20).filter(({ t }) => t <= at || t >= at + ms)
      return listen([...all, { t: at + ms, mmsi: 200_000_000 }], 310)
    }
    expect(hole(15 * MS_PER_MIN)).toEqual([])
    expect(brief(hole(15 * MS_PER_MIN + 1))).toEqual([
      ['silent', 'opened', 182, null],
      ['silent', 'closed', 182, 197 + 1 / 60_000],
    ])
  })

  test('of nine vessels proves nothing, of ten it does', () => {
    const few = (vessels: number) => listen([...fleet(0, 180, vessels), ...fleet(600, 660, vessels)], 670)
    expect(few(9)).toEqual([])
    expect(few(10).map(({ asOf }) => asOf)).toEqual([minute(200), minute(620)])
  })

  test('is judged after an hour, not before', () => {
    expect(listen(fleet(0, 50, 20), 70)).toEqual([])
    expect(listen(fleet(0, 60, 20), 80).length).toBe(1)
  })

  test('hears again at 60 %, or when it is no longer out by its own measure for an hour', () => {
    const after = (vessels: number, minutes: number) =>
      listen([...fleet(0, 180, 20), ...fleet(300, 300 + minutes, vessels)], 310 + minutes)
    expect(brief(after(12, 20)).at(-1)).toEqual(['silent', 'closed', 179.95, 300])
    expect(after(11, 50).length).toBe(1)
    expect(brief(after(11, 60)).at(-1)!.slice(0, 2)).toEqual(['silent', 'closed'])
    expect(after(6, 60).length).toBe(1)
  })

  test('that has become smaller is usual after two days', () => {
    const found = listen([...fleet(0, 180, 20), ...fleet(180, 180 + 3 * 1440, 6)], 180 + 3 * 1440)
    expect(found.map(({ phase, ended }) => [phase, ended])).toEqual([
      ['opened', null],
      ['closed', 'changed'],
    ])
    expect((found[1]!.to - found[1]!.from) / MS_PER_HOUR).toBe(48)
  })

  test('that is gone is given up after ten days, and may come back', () => {
    const health = createHealth(8)
    const found = listen(fleet(0, 180, 20), 180 + 12 * 1440, health)
    expect(found.map(({ phase, ended }) => [phase, ended])).toEqual([
      ['opened', null],
      ['closed', 'gone'],
    ])
    expect((found[1]!.to - minute(180)) / MS_PER_HOUR).toBeCloseTo(240, 0)
    const later = (list: Report[]) => list.map(report => ({ ...report, t: report.t + 40 * 24 * MS_PER_HOUR }))
    const again = listen(later([...fleet(0, 180, 20), ...fleet(600, 660, 20)]), 40 * 1440 + 670, health)
    expect(again.map(({ phase }) => phase)).toEqual(['opened', 'closed'])
  })

  test('of small craft that sleep at night is not out', () => {
    const days = Array.from({ length: 3 }, (_, day) => [
      ...fleet(day * 1440, day * 1440 + 720, 40),
      // they come in within two hours, and leave within two
      ...fleet(day * 1440 + 720, day * 1440 + 780, 24),
      ...fleet(day * 1440 + 780, day * 1440 + 840, 16),
      ...fleet(day * 1440 + 840, day * 1440 + 1380, 11),
      ...fleet(day * 1440 + 1380, day * 1440 + 1440, 24),
    ]).flat()
    expect(listen(days, 3 * 1440)).toEqual([])
    // a failure by day is noticed, and its end by night too
    const failed = days.filter(({ t }) => t < minute(1440 + 600) || t > minute(1440 + 1000))
    const found = listen(failed, 3 * 1440)
    expect(brief(found).map(([, phase, from, to]) => [phase, Math.round(from as number), to])).toEqual([
      ['opened', 1440 + 600, null],
      ['closed', 1440 + 600, expect.closeTo(1440 + 1000, 0)],
    ])
  })

  test('of satellites is not out between passes, but when two of its pauses pass', () => {
    const passes = (from: number, to: number) =>
      Array.from({ length: Math.floor((to - from) / 90) }, (_, k) =>
        fleet(from + 90 * k, from + 90 * k + 12, 60),
      ).flat()
    expect(listen(passes(0, 2 * 1440), 2 * 1440)).toEqual([])
    const found = listen([...passes(0, 1440), ...passes(1440 + 270, 2 * 1440)], 2 * 1440)
    expect(found.map(({ kind, phase }) => [kind, phase])).toEqual([
      ['silent', 'opened'],
      ['silent', 'closed'],
    ])
    expect(found[1]!.to).toBe(minute(1440 + 270))
  })

  test('of one ship is not out because the ship is silent', () => {
    expect(listen([...fleet(0, 600, 1), ...fleet(1200, 1300, 1)], 1400)).toEqual([])
  })

  test('is one of several: its outage is its own, and everything together goes on', () => {
    const health = createHealth(8)
    const both = [...fleet(0, 600, 20, { feed: 1 }), ...fleet(0, 180, 30, { feed: 3 })]
    const found = listen(both, 600, health)
    expect(found).toMatchObject([{ feed: 3, phase: 'opened' }])
    expect(health.isOut(3)).toBe(true)
    expect(health.isOut(1)).toBe(false)
    expect(health.healthyMs(minute(200), minute(500), 1)).toBe(300 * MS_PER_MIN)
    const none = listen([...fleet(0, 180, 20, { feed: 1 }), ...fleet(0, 180, 30, { feed: 3 })], 300)
    expect(none.map(({ feed }) => feed).sort()).toEqual([-1, 1, 3])
  })

  test('of satellites is not judged: between two passes they are elsewhere', () => {
    expect(listen(fleet(0, 180, 30, { feed: 2 }), 600)).toEqual([])
    expect(listen(fleet(0, 180, 30, { feed: 1 }), 600)).toHaveLength(1)
  })
})

describe('a receiver', () => {
  const two = (until: number) => [
    ...fleet(0, 600, 20, { receiver: 5 }),
    ...fleet(0, until, 30, { receiver: 9 }),
  ]

  test('that is deaf while the rest is heard is at fault', () => {
    const health = createHealth(8)
    const found = listen([...two(180), ...fleet(480, 600, 30, { receiver: 9 })], 610, health)
    expect(found.map(({ kind, phase, receiver }) => [kind, phase, receiver])).toEqual([
      ['deaf', 'opened', 9],
      ['deaf', 'closed', 9],
    ])
    // a vessel that only it used to hear could not be heard; one that the other hears too could
    expect(health.healthyMs(minute(200), minute(400), 0, [9])).toBe(0)
    expect(health.healthyMs(minute(200), minute(400), 0, [9, 5])).toBe(200 * MS_PER_MIN)
    expect(health.healthyMs(minute(200), minute(400), 0, [9, 77])).toBe(200 * MS_PER_MIN)
    expect(health.healthyMs(minute(200), minute(400), 0)).toBe(200 * MS_PER_MIN)
  })

  test('is not to blame when the whole feed is out', () => {
    const out = two(180).filter(({ t }) => t < minute(180) || t > minute(400))
    const found = listen([...out, ...fleet(400, 600, 30, { receiver: 9 })], 610)
    expect(found.map(({ receiver, phase }) => [receiver, phase])).toEqual([
      [0, 'opened'],
      [0, 'closed'],
    ])
  })

  test('in changing weather is not deaf: a quarter of the vessels is still some', () => {
    expect(listen([...two(180), ...fleet(180, 600, 8, { receiver: 9 })], 610)).toEqual([])
  })

  test('beyond the number told apart is counted, and not judged', () => {
    const health = createHealth(2)
    const many = [1, 2, 3].flatMap(receiver => fleet(0, 180, 20, { receiver }))
    listen([...many, ...fleet(180, 400, 20, { receiver: 1 })], 410, health)
    expect(health.state.refused).toBe(1)
    expect(health.healthyMs(minute(200), minute(300), 0, [3])).toBe(100 * MS_PER_MIN)
    expect(health.healthyMs(minute(200), minute(300), 0, [2])).toBe(0)
  })
})

describe('a clock', () => {
  /** Vessels of one receiver, each once a slot, received so many seconds after the second they send. */
  function ticking(
    slots: number,
    vessels: number,
    offsetS: (vessel: number, slot: number) => number,
    health = createHealth(8),
  ): HealthChange[] {
    const found: HealthChange[] = []
    for (let k = 0; k < slots; k++) {
      health.advance(S0 + k)
      found.push(...health.changes())
      for (let v = 0; v < vessels; v++) {
        const t = minute(k * slotMinutes) + v * 7000
        const mmsi = 200_000_000 + 7919 * v
        const second = (((t / 1000 - offsetS(v, k)) % 60) + 60) % 60
        health.hear(t, 0, 4, mmsi)
        health.check(t, 4, mmsi, Math.floor(second), 54 + v / 100, 3)
      }
    }
    health.advance(S0 + slots + 3)
    return [...found, ...health.changes()].filter(({ kind }) => kind === 'clock')
  }

  test('is wrong by more than 10 s, not by 10 s, either way', () => {
    for (const off of [-1, 1]) {
      expect(ticking(6, 12, () => off * 10)).toEqual([])
      const found = ticking(6, 12, () => off * 11)
      expect(found).toMatchObject([{ kind: 'clock', phase: 'opened', receiver: 4, from: T0 }])
      expect(found[0]!.offset!.medianS).toBeCloseTo(off * 11, 0)
    }
  })

  test('needs ten messages of three vessels', () => {
    expect(ticking(1, 9, () => 20)).toEqual([])
    expect(ticking(1, 10, () => 20).length).toBe(1)
    expect(ticking(30, 2, () => 20)).toEqual([])
    expect(ticking(30, 3, () => 20).length).toBe(1)
  })

  test('of one vessel is that vessel’s affair, and no clock is wrong that says anything', () => {
    expect(ticking(12, 12, v => (v === 3 ? 25 : 0))).toEqual([])
    expect(ticking(12, 12, (v, k) => (17 * v + 11 * k) % 60)).toEqual([])
  })

  test('that is set right is noticed', () => {
    const found = ticking(24, 12, (_, k) => (k < 12 ? -20 : 1))
    expect(found.map(({ phase, from }) => [phase, from])).toEqual([
      ['opened', T0],
      ['closed', T0],
    ])
    expect(found[1]!.to).toBeGreaterThan(minute(120))
    expect(found[1]!.to).toBeLessThan(minute(240))
  })

  test('goes with where its receiver hears', () => {
    const { area } = ticking(6, 12, () => 20).at(-1)!
    expect(area!.lat).toBeCloseTo(54.055, 2)
    expect(area!.lon).toBeCloseTo(3, 2)
    // all of the track of 0.11 degrees lies within, and not much more
    expect(area!.radiusM).toBeGreaterThan(6_100)
    expect(area!.radiusM).toBeLessThan(12_000)
  })
})

describe('the laws', () => {
  const story = fc.record({
    quiet: fc.integer({ min: 0, max: 20 }),
    from: fc.integer({ min: 60, max: 200 }),
    lasts: fc.integer({ min: 0, max: 200 }),
  })
  const told = ({ quiet, from, lasts }: { quiet: number; from: number; lasts: number }) => [
    ...fleet(0, 480, 20, { receiver: 3 }).filter(
      ({ t, mmsi }) => t < minute(from) || t > minute(from + lasts) || (mmsi - 200_000_000) / 7919 < quiet,
    ),
    ...fleet(0, 480, 15, { feed: 1, receiver: 7 }),
  ]

  test('the order within a slot does not matter, but for what the rows are called', () => {
    fc.assert(
      fc.property(story, fc.infiniteStream(fc.nat()), (it, dice) => {
        const reports = told(it)
        const slots = new Map<number, Report[]>()
        for (const report of reports) {
          const slot = slotOf(report.t)
          slots.set(slot, [...(slots.get(slot) ?? []), report])
        }
        const health = createHealth(8)
        const found: HealthChange[] = []
        for (const [slot, list] of [...slots].sort((a, b) => a[0] - b[0])) {
          health.advance(slot)
          const keyed = list
            .map(report => ({ report, key: dice.next().value! }))
            .sort((a, b) => a.key - b.key)
          for (const { report } of keyed)
            health.hear(report.t, report.feed ?? 0, report.receiver ?? 0, report.mmsi)
        }
        health.advance(slotOf(minute(490)))
        found.push(...health.changes())
        expect(found).toEqual(listen(reports, 490))
      }),
      { numRuns: 20 },
    )
  })

  test('a snapshot changes nothing, nor do slots later', () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 1, max: 470 }), fc.nat(300), (it, cut, later) => {
        const reports = told(it)
        const whole = listen(reports, 490)
        const before = createHealth(8)
        const first = listen(
          reports.filter(({ t }) => t < minute(cut)),
          cut,
          before,
        )
        const after = createHealth(8, unpack(pack(before.state)) as typeof before.state)
        const rest = listen(
          reports.filter(({ t }) => t >= minute(cut)),
          490,
          after,
        )
        expect([...first, ...rest]).toEqual(whole)
        const shift = later * SLOT_MS
        const moved = listen(
          reports.map(report => ({ ...report, t: report.t + shift })),
          490 + later * slotMinutes,
        )
        expect(
          moved.map(change => ({
            ...change,
            ...{ from: change.from - shift, to: change.to - shift, asOf: change.asOf - shift },
          })),
        ).toEqual(whole)
      }),
      { numRuns: 20 },
    )
  })
})

describe('as events', () => {
  const names = {
    feed: (code: number) => ['unknown', 'terrestrial'][code]!,
    receiver: (id: number) => `station ${id}`,
  }
  const events = (changes: HealthChange[]) =>
    changes.map(change => finishFeedEvent(faultFinding(change, names)))

  test('an outage is opened and closed under one id', () => {
    const found = listen([...fleet(0, 180, 20, { feed: 1 }), ...fleet(600, 660, 20, { feed: 1 })], 670)
    const [opened, closed] = events(found)
    const from = minute(179) + 57_000
    expect(opened).toMatchObject({
      id: `feed_outage-terrestrial-${from}`,
      revision: 1,
      end: null,
      durationS: null,
    })
    expect(closed).toMatchObject({ id: opened!.id, revision: 2, class: 'silent', score: 1 })
    expect(closed!.durationS).toBeCloseTo(420 * 60 + 3, 6)
    expect(closed!.evidence[0]!.text).toBe(
      'no vessels heard in its quietest ten minutes of 420; 20 are usual',
    )
    for (const event of [opened!, closed!])
      expect(eventSchema.safeParse(JSON.parse(JSON.stringify(eventRecord(event)))).error).toBeUndefined()
  })

  test('a deaf receiver and a wrong clock are two things', () => {
    const base = listen([...fleet(0, 300, 20), ...fleet(0, 180, 20, { receiver: 2 })], 300)
    const deaf = base.find(({ kind }) => kind === 'deaf')!
    const offset = { reports: 64, medianS: -20, spreadS: 8 }
    const [a, b] = events([deaf, { ...deaf, kind: 'clock', offset, usual: NaN, least: NaN }])
    expect(a!.id).toBe(`receiver_fault-station%00202-${deaf.from}-deaf`)
    expect(b!.id).toBe(`receiver_fault-station%00202-${deaf.from}-clock`)
    expect(b!.evidence[0]!.text).toBe(
      'times of receipt are 20 s earlier than the seconds that vessels send, modulo a minute (median of 64 messages, half of them within 8 s)',
    )
    expect(b).toMatchObject({ source: 'unknown', receiver: 'station 2', score: 0.6667 })
  })
})
