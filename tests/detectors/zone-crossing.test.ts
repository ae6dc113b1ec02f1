import { describe, expect, test } from 'vitest'
import type { PositionReport } from '../../src/model/report.js'
import { buildZoneIndex } from '../../src/zones/index.js'
import { at, hour, MMSI, replay } from '../helpers/replay.js'
import { square } from '../helpers/zones.js'

const zones = buildZoneIndex([square('east', 10, -5, 10)])
/** A vessel at a longitude on the equator, at a minute of the script. */
const on = (minute: number, lon: number, lat = 0): PositionReport => at(minute / 60, { lon, lat, sog: 10 })
const crossings = (script: PositionReport[]) =>
  replay(script, { zones, config: { clean: { outlierGuard: false } } }).filter(({ type }) => type === 'zone')

describe('zone crossing', () => {
  test('entered at the point and time where the path cuts the boundary', () => {
    const [entered, ...rest] = crossings([on(0, 9.7), on(10, 9.9), on(20, 10.1), on(30, 10.3), on(40, 10.5)])
    expect(rest).toEqual([])
    expect(entered).toMatchObject({ type: 'zone', class: 'entered', phase: 'closed', durationS: 0 })
    expect(entered!.start.lon).toBeCloseTo(10, 9)
    expect(entered!.start.t).toBe(hour(15 / 60))
    expect(entered!.end).toEqual(entered!.start)
    expect(entered!.zones.touched.map(({ id }) => id)).toEqual(['east'])
  })

  test('exited likewise', () => {
    const events = crossings([on(0, 10.3), on(10, 10.1), on(20, 9.9), on(30, 9.7)])
    expect(events.map(e => [e.class, e.start.t])).toEqual([['exited', hour(0.25)]])
  })

  test('two fixes just inside are not enough', () => {
    expect(crossings([on(0, 9.999), on(1, 10.001), on(2, 10.002), on(3, 9.999), on(4, 9.99)])).toEqual([])
  })

  test('half a mile is enough, and so are ten minutes', () => {
    expect(crossings([on(0, 9.999), on(1, 10.001), on(2, 10.01), on(3, 9.999)])).toHaveLength(1)
    expect(crossings([on(0, 9.999), on(1, 10.001), on(10.9, 10.002), on(12, 9.999)])).toHaveLength(0)
    expect(crossings([on(0, 9.999), on(1, 10.001), on(11, 10.002), on(12, 9.999)])).toHaveLength(1)
  })

  test('jitter along a boundary never yields pairs', () => {
    const jitter = Array.from({ length: 500 }, (_, k) => on(k / 6, 10 + (k % 2 ? 1 : -1) * 1e-4, k * 5e-4))
    expect(crossings(jitter)).toEqual([])
  })

  test('in hours without a position nobody knows where: the event spans them', () => {
    const script = [on(0, 9.5), on(10, 9.6)]
    // heard every hour, so it was not silent
    for (let minute = 60; minute < 500; minute += 60) script.push({ mmsi: MMSI, t: hour(minute / 60) })
    const events = crossings([...script, on(500, 10.6), on(510, 10.7)])
    expect(events.map(e => [e.class, e.start.t, e.end?.t, e.details['interpolated']])).toEqual([
      ['entered', hour(10 / 60), hour(500 / 60), false],
    ])
  })

  test('what changed in a silence is told once, and what was not yet believed before it is believed', () => {
    const script = [on(0, 9.9), on(10, 9.95), on(20, 9.999), on(21, 10.0005), on(500, 12), on(510, 12.1)]
    expect(crossings(script).map(e => [e.class, e.start.t])).toEqual([
      ['dark_inside', hour(21 / 60)],
      ['entered', expect.closeTo(hour(20.67 / 60), -4) as number],
    ])
    const away = crossings([...script.slice(0, 4), on(500, 8), on(510, 7.9)])
    expect(away.map(e => [e.class, e.start.t])).toEqual([
      ['exited_dark', hour(21 / 60)],
      ['entered', expect.closeTo(hour(20.67 / 60), -4) as number],
    ])
  })

  test('through a narrow zone into another, each boundary at its own time', () => {
    const strips = buildZoneIndex([square('a', 10, -1, 2), square('b', 12, -1, 2)])
    const track = [on(0, 9), on(240, 11), on(480, 13), on(600, 13.5)]
    const events = replay(track, { zones: strips }).filter(({ type }) => type === 'zone')
    expect(events.map(e => [e.class, e.zones.touched[0]!.id, e.start.lon?.toFixed(6)])).toEqual([
      ['entered', 'a', '10.000000'],
      ['exited', 'a', '12.000000'],
      ['entered', 'b', '12.000000'],
    ])
  })

  test('the first fix of a vessel enters nothing', () => {
    expect(crossings([on(0, 12), on(30, 12.1), on(60, 12.2)])).toEqual([])
  })
})
