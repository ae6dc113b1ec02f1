import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfigInput } from '../../../src/model/config.js'
import type { PositionReport } from '../../../src/model/report.js'
import { coastNm } from '../../helpers/coast.js'
import { at, finals, hour, replay } from '../../helpers/replay.js'

const loiters = (script: PositionReport[], loitering: ConfigInput['loitering'] = {}) =>
  finals(replay(script, { config: { loitering } })).filter(({ type }) => type === 'loitering')

/** A track along the equator: speeds in knots over stretches of hours, a report every so many minutes. */
function sail(stretches: [hours: number, kn: number][], everyMin = 5, jitterM = 0): PositionReport[] {
  const reports: PositionReport[] = []
  let minute = 0
  let lon = 30
  for (const [hours, kn] of stretches) {
    for (const until = minute + hours * 60; minute < until; minute += everyMin) {
      const noise = jitterM * ((((minute * 7919) % 13) - 6) / 6) // a fixed wobble, of full swing
      reports.push(at(minute / 60, { lat: noise / 111_000, lon, sog: kn, heading: 0 }))
      lon += (kn * everyMin) / 60 / 60
    }
  }
  return reports
}

describe('loitering', () => {
  test('begins and ends at the fixes where the vessel slowed and left, not at clock hours', () => {
    const [loiter, ...rest] = loiters(
      sail([
        [3, 12],
        [6, 0.8],
        [3, 12],
      ]),
    )
    expect(rest).toEqual([])
    expect(loiter).toMatchObject({ phase: 'closed', class: 'drifting' })
    expect(Math.abs(loiter!.start.t - hour(3))).toBeLessThanOrEqual(5 * 60_000)
    expect(Math.abs(loiter!.end!.t - hour(9))).toBeLessThanOrEqual(5 * 60_000)
  })

  test('says nothing below the minimum duration', () => {
    expect(
      loiters(
        sail([
          [3, 12],
          [3.8, 0.8],
          [3, 12],
        ]),
      ),
    ).toEqual([])
    expect(
      loiters(
        sail([
          [3, 12],
          [4.2, 0.8],
          [3, 12],
        ]),
      ),
    ).toHaveLength(1)
  })

  test('says nothing above the slow speed', () => {
    expect(
      loiters(
        sail([
          [3, 12],
          [8, 2.1],
          [3, 12],
        ]),
      ),
    ).toEqual([])
    expect(
      loiters(
        sail([
          [3, 12],
          [8, 1.9],
          [3, 12],
        ]),
      ),
    ).toHaveLength(1)
  })

  test('30 m of noise every 10 s, knots on paper, is a ship at anchor', () => {
    const [loiter] = loiters(
      sail(
        [
          [1, 10],
          [6, 0],
          [1, 10],
        ],
        1 / 6,
        30,
      ),
    )
    expect(loiter).toMatchObject({ class: 'anchored' })
    expect(loiter!.details['radiusM']).toBeLessThan(100)
  })

  test('a short dash does not end it, a departure does', () => {
    const dash = loiters(
      sail([
        [1, 12],
        [5, 0.5],
        [0.25, 6],
        [5, 0.5],
        [1, 12],
      ]),
    )
    expect(dash).toHaveLength(1)
    const left = loiters(
      sail([
        [1, 12],
        [5, 0.5],
        [1, 6],
        [5, 0.5],
        [1, 12],
      ]),
    )
    expect(left).toHaveLength(2)
  })

  test('ends at the last fix before a long hole', () => {
    const before = sail([[6, 0.5]])
    const after = sail([[6, 0.5]]).map(report => ({ ...report, t: report.t + 11 * 3_600_000 }))
    const events = loiters([...before, ...after])
    expect(events.map(({ start, end }) => [start.t, end?.t])).toEqual([
      [hour(0), before.at(-1)!.t],
      [hour(11), undefined],
    ])
  })

  test('near the shore it is none of our business', () => {
    const track = sail([
      [1, 12],
      [6, 0.5],
      [1, 12],
    ])
    const seen = (nm: number) =>
      finals(replay(track, { coast: coastNm(nm) })).filter(({ type }) => type === 'loitering').length
    expect([seen(19.9), seen(20)]).toEqual([0, 1])
  })

  test('denser reports of the same motion give the same event', () => {
    fc.assert(
      fc.property(fc.constantFrom(1 / 6, 0.5, 1, 2.5), everyMin => {
        const story: [number, number][] = [
          [2, 11],
          [5.5, 0.9],
          [2, 11],
        ]
        const [dense] = loiters(sail(story, everyMin))
        const [sparse] = loiters(sail(story, 5))
        expect(Math.abs(dense!.start.t - sparse!.start.t)).toBeLessThanOrEqual(5 * 60_000)
        expect(Math.abs(dense!.end!.t - sparse!.end!.t)).toBeLessThanOrEqual(5 * 60_000)
      }),
      { numRuns: 8 },
    )
  })
})
