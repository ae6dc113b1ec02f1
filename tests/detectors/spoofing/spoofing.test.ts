import { describe, expect, test } from 'vitest'
import type { PositionReport } from '../../../src/model/report.js'
import { at, finals, MMSI, replay } from '../../helpers/replay.js'

const minute = (m: number, lat: number, lon: number): PositionReport => at(m / 60, { lat, lon, sog: 10 })
const home = (m: number) => minute(m, 55, 3 + m / 300)
const away = (m: number) => minute(m, 40, -30 + m / 300)
const spoofs = (script: PositionReport[]) => finals(replay(script)).filter(({ type }) => type === 'spoofing')
const classes = (script: PositionReport[]) => spoofs(script).map(event => event.class)

describe('jump', () => {
  test('a single displaced fix is an outlier, however often', () => {
    expect(classes([home(0), home(2), away(3), home(4), home(6)])).toEqual([])
    const wild = [minute(3, 10, 10), minute(33, -60, 100), minute(63, 80, -170)]
    expect(classes([home(0), home(2), wild[0]!, home(4), wild[1]!, home(34), wild[2]!, home(64)])).toEqual([])
  })

  test('a place that holds is a jump, from the last fix before to the first at it', () => {
    const [jump, ...rest] = spoofs([home(0), home(2), away(4), away(5), away(6), away(8)])
    expect(rest).toEqual([])
    expect(jump).toMatchObject({
      class: 'jump',
      phase: 'closed',
      start: { t: home(2).t },
      end: { t: away(4).t },
    })
    expect(jump!.details['impliedSpeedKn']).toBeGreaterThan(10_000)
  })

  test('two fixes hold when they are five minutes apart', () => {
    expect(classes([home(0), home(2), away(4), away(8.9)])).toEqual([])
    expect(classes([home(0), home(2), away(4), away(9)])).toEqual(['jump'])
  })

  test('three that last a minute; fewer may be a late copy of the feed', () => {
    const back = [home(6), home(7), home(8)]
    expect(classes([home(0), home(2), away(4), away(4.3), away(4.6), away(4.99), ...back])).toEqual([])
    expect(classes([home(0), home(2), away(4), away(4.5), away(5)])).toEqual(['jump'])
  })

  test('there and back are two jumps, not a shared number', () => {
    const there = [away(4), away(5), away(6)]
    expect(classes([home(0), home(2), ...there, home(8), home(9), home(10), home(11)])).toEqual([
      'jump',
      'jump',
    ])
  })

  test('what a ship could sail is no jump', () => {
    expect(classes([minute(0, 0, 1), minute(60, 0, 1.8), minute(61, 0, 1.81), minute(62, 0, 1.82)])).toEqual(
      [],
    )
    const faster = [minute(60, 0, 1.9), minute(61, 0, 1.91), minute(62, 0, 1.92)]
    expect(classes([minute(-1, 0, 0.99), minute(0, 0, 1), ...faster])).toEqual(['jump'])
  })

  test('a set that hangs for minutes, and then tells where the ship has sailed meanwhile', () => {
    const sail = (m: number) => at(m / 60, { lat: 55, lon: 3 + m / 140, sog: 15 })
    const hangs = (of: number) => (m: number) =>
      m % 40 < 20 || m % 40 > 20 + of ? sail(m) : { ...sail(m - (m % 40) + 20), t: sail(m).t, sog: 0 }
    const minutes = Array.from({ length: 6 * 240 }, (_, k) => k / 6)
    expect(classes(minutes.map(hangs(5)))).toEqual([])
    expect(classes(minutes.map(hangs(14)))).not.toEqual([])
  })

  test('a fix that stands alone is left by no jump: it was the error', () => {
    const there = [away(4), away(5), away(6), away(7)]
    expect(classes([home(0), ...there])).toEqual([])
    expect(classes([home(0), home(1), ...there])).toEqual(['jump'])
    // nor does one that broke a silence: the ship was at home before, and is there after
    const back = [home(600), home(601), home(602), home(603)]
    expect(classes([home(0), home(1), home(2), minute(599, 55, 11), ...back])).toEqual([])
  })
})

describe('shared MMSI', () => {
  test('two places in turn are two stations, and the jumps are taken back', () => {
    const script = Array.from({ length: 20 }, (_, k) => (k % 2 ? away(k * 3) : home(k * 3)))
    const [shared, ...rest] = spoofs(script)
    expect(rest).toEqual([])
    expect(shared).toMatchObject({ class: 'shared_mmsi', phase: 'opened', mmsi: MMSI })
    const runs = Array.from({ length: 40 }, (_, k) => (Math.floor(k / 5) % 2 ? away(k * 3) : home(k * 3)))
    expect(classes(runs)).toEqual(['shared_mmsi'])
    const phases = replay(runs)
      .filter(event => event.class === 'jump')
      .map(event => event.phase)
    expect(phases).toEqual(['closed', 'closed', 'retracted', 'retracted'])
  })

  test('needs the third change', () => {
    expect(classes([home(0), home(2), away(4), home(6), home(8)])).toEqual([])
    expect(classes([home(0), home(2), away(4), home(6), away(8), home(10)])).toEqual([])
    expect(classes([home(0), home(2), away(4), home(6), away(8), away(9), home(10)])).toEqual(['shared_mmsi'])
  })

  test('hours of a feed that come in a few minutes are no second station', () => {
    const inTurn = (minutes: number) =>
      Array.from({ length: minutes * 6 }, (_, k) => [home(4 + k / 6), away(4 + k / 6 + 0.05)]).flat()
    const after = [home(20), home(21), home(22)]
    expect(classes([home(0), home(2), ...inTurn(4), ...after])).toEqual([])
    expect(classes([home(0), home(2), ...inTurn(8), ...after])).toEqual(['shared_mmsi'])
  })

  test('ends when one of the places has been quiet for a day', () => {
    const both = Array.from({ length: 12 }, (_, k) => (k % 2 ? away(k * 3) : home(k * 3)))
    const later = Array.from({ length: 60 }, (_, k) => minute(60 + k * 30, 55, 3.2 + k / 100))
    const [shared] = spoofs([...both, ...later])
    expect(shared).toMatchObject({ class: 'shared_mmsi', phase: 'closed' })
  })
})
