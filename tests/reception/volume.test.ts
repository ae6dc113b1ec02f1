import { describe, expect, test } from 'vitest'
import { createFeedVolume } from '../../src/reception/volume.js'
import type { PositionReport } from '../../src/model/report.js'
import { at, finals, hour, replay, T0 } from '../helpers/replay.js'

describe('feed volume', () => {
  const loud = (minutes: number[]) => {
    const volume = createFeedVolume()
    for (const minute of minutes) volume.add(T0 + minute * 60_000)
    return volume
  }
  const everyMinute = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k)

  test('as loud as before is 1, nothing is 0', () => {
    const volume = loud(everyMinute(0, 480))
    expect(volume.share(hour(1), hour(8), 0)).toBe(1)
    expect(loud(everyMinute(0, 60)).share(hour(1) - 1, hour(8), 0)).toBe(0)
  })

  test('says nothing without an hour of silence, or without anything before', () => {
    const volume = loud(everyMinute(0, 480))
    expect(volume.share(hour(1), hour(1.5), 0)).toBeNaN()
    expect(createFeedVolume().share(hour(1), hour(8), 0)).toBeNaN()
  })

  test('the silent vessel is no witness for itself', () => {
    expect(loud(everyMinute(0, 60)).share(hour(1) - 1, hour(8), 30)).toBe(0)
    expect(loud(everyMinute(0, 60)).share(hour(1) - 1, hour(8), 31)).toBeNaN()
  })

  test('the slot that still runs is not read', () => {
    const minutes = everyMinute(0, 120)
    const before = loud(minutes).share(hour(0.5), hour(2), 0)
    expect(loud([...minutes, 120, 121, 122]).share(hour(0.5), hour(2) + 180_000, 0)).toBe(before)
  })
})

describe('a silence of everybody', () => {
  const fleet = (h: number): PositionReport[] =>
    Array.from({ length: 10 }, (_, k) => at(h + k / 600, { mmsi: 257000001 + k, lat: 50 + k, sog: 9 }))
  const hours = (from: number, to: number) =>
    Array.from({ length: (to - from) * 10 }, (_, k) => fleet(from + k / 10)).flat()
  const classes = (script: PositionReport[]) =>
    new Set(
      finals(replay(script))
        .filter(({ type }) => type === 'gap')
        .map(event => event.class),
    )

  test('is the receivers’, and ranks below one ship’s own', () => {
    expect(classes([...hours(0, 3), ...hours(12, 14)])).toEqual(new Set(['likely_reception']))
    const own = [...hours(0, 14)].filter(({ mmsi, t }) => mmsi !== 257000005 || t < hour(3) || t > hour(12))
    expect(classes(own)).toEqual(new Set(['undetermined']))
  })
})
