import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/model/errors.js'
import type { DarkEvent } from '../../src/model/event.js'
import { createFollower, createSelection } from '../../src/run/select.js'
import { gapEvent, openGap, outage } from '../sinks/events.js'

const at = (lon: number | null, lat: number | null) => ({ t: 0, lat, lon })
const from = (lon: number, lat: number) => openGap({ start: at(lon, lat) })

describe('createSelection', () => {
  test('takes everything when nothing is asked for', () => {
    expect(createSelection({})(gapEvent())).toBe(true)
  })

  test('takes the types and scores that are asked for', () => {
    const wanted = createSelection({ only: ['gap', 'zone'], minScore: 0.5 })
    expect(wanted(gapEvent({ score: 0.5 }))).toBe(true)
    expect(wanted(gapEvent({ score: 0.499 }))).toBe(false)
    expect(wanted(gapEvent({ score: NaN }))).toBe(false)
    expect(wanted(gapEvent({ type: 'loitering' }))).toBe(false)
  })

  test('takes events that start or end in the box, its edge included', () => {
    const wanted = createSelection({ bbox: [4, 53, 6, 55] })
    expect([from(4, 53), from(6, 55), from(5, 54)].map(wanted)).toEqual([true, true, true])
    expect([from(3.99, 54), from(6.01, 54), from(5, 52.99), from(5, 55.01)].map(wanted)).toEqual(
      Array(4).fill(false),
    )
    expect(wanted(gapEvent({ start: at(0, 0), end: at(5, 54) }))).toBe(true)
    expect(wanted(gapEvent({ start: at(null, null), end: at(null, null) }))).toBe(false)
  })

  test('takes a box across ±180', () => {
    const wanted = createSelection({ bbox: [170, -10, -170, 10] })
    expect([from(170, 0), from(180, 0), from(-180, 0), from(-170, 0)].map(wanted)).toEqual(
      Array(4).fill(true),
    )
    expect([from(169.9, 0), from(-169.9, 0), from(0, 0)].map(wanted)).toEqual(Array(3).fill(false))
  })

  test('takes an outage that may concern the box: its circle touches it, or nobody knows its reach', () => {
    const circle = (lon: number, lat: number, radiusM: number) => outage({ area: { lat, lon, radiusM } })
    const wanted = createSelection({ bbox: [4, 53, 6, 55] })
    expect(wanted(outage())).toBe(true)
    expect(wanted(circle(5, 54, 1))).toBe(true)
    // a degree of latitude is 111.195 km on the mean sphere
    expect([circle(5, 56, 111_190), circle(5, 56, 111_200)].map(wanted)).toEqual([false, true])
    expect([circle(5, 52, 111_190), circle(5, 52, 111_200)].map(wanted)).toEqual([false, true])
    expect([circle(7, 54, 65_300), circle(7, 54, 65_400)].map(wanted)).toEqual([false, true])
    const across = createSelection({ bbox: [179, -1, -179, 1] })
    expect([circle(-178, 0, 111_190), circle(-178, 0, 111_200)].map(across)).toEqual([false, true])
    expect([circle(178, 0, 111_190), circle(178, 0, 111_200)].map(across)).toEqual([false, true])
  })

  test('refuses what cannot be', () => {
    expect(() => createSelection({ only: ['gaps' as 'gap'] })).toThrow(UsageError)
    expect(() => createSelection({ only: ['gaps' as 'gap'] })).toThrow('only: expected gap, port_silence,')
    expect(() => createSelection({ minScore: 1.1 })).toThrow(
      'minScore: expected a number from 0 to 1, got 1.1',
    )
    expect(() => createSelection({ bbox: [0, 10, 1, 9] })).toThrow(
      'bbox: expected minLon,minLat,maxLon,maxLat',
    )
    expect(() => createSelection({ bbox: [0, NaN, 1, 9] })).toThrow(UsageError)
  })
})

describe('createFollower', () => {
  const strong = (event: DarkEvent) => event.score >= 0.5

  test('tells how an event goes on once it was told of it', () => {
    const follow = createFollower(strong)
    expect(follow(openGap({ score: 0.4 }))).toBeNull()
    expect(follow(openGap({ score: 0.6, phase: 'updated' }))).toBe('first')
    expect(follow(openGap({ score: 0.1, phase: 'updated' }))).toBe('later')
    expect(follow(gapEvent({ score: 0.1 }))).toBe('later')
    expect(follow(gapEvent({ score: 0.1 }))).toBeNull()
  })

  test('a withdrawal is never the first', () => {
    expect(createFollower(strong)(gapEvent({ phase: 'retracted' }))).toBe('later')
  })
})
