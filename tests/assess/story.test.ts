import { describe, expect, test } from 'vitest'
import { storyOf } from '../../src/assess/story.js'
import type { Evidence, VesselEvent, ZoneRef } from '../../src/model/event.js'
import { hour } from '../helpers/replay.js'
import { vesselEvent as event } from './events.js'

const reason = (text: string, family: Evidence['family'] = 'kinematics'): Evidence => ({
  ...{ family, name: 'x', value: 1, weight: 1, text },
})
const zone = (name: string): ZoneRef => ({
  ...{ id: name, name, kind: 'user', mrgid: null, sovereigns: [], method: 'authoritative', weight: 1 },
})

const gap = event('gap', [10, 1], [20, 2])
const story = (...events: VesselEvent[]) => storyOf({ events })
const patternsOf = (...events: VesselEvent[]) => story(...events).patterns.map(({ pattern }) => pattern)

describe('the steps of a story', () => {
  test('are in order of time, whatever the order of the events', () => {
    const events = [gap, event('loitering', [2, 1], [8, 1]), event('loitering', [22, 2], [30, 2])]
    expect(story(...events).steps.map(({ text }) => text)).toEqual([
      'got nowhere for 6 h',
      'silent for 10 h, back 60 nm away',
      'got nowhere for 8 h',
    ])
    expect(story(...events.reverse())).toEqual(story(...events))
  })

  test('what a silence says of zones stands with it', () => {
    const of = (kind: string, name: string) =>
      event('zone', [10, 1], [20, 2], {
        ...{ id: `zone-${name}`, class: kind, zones: { start: [], end: [], touched: [zone(name)] } },
      })
    const { steps } = story(
      gap,
      of('incursion_possible', 'A'),
      of('incursion_possible', 'B'),
      of('entered_dark', 'C'),
    )
    expect(steps).toMatchObject([
      {
        text: 'silent for 10 h, back 60 nm away, can have been in A and B, went unseen into C',
        events: ['gap-10', 'zone-A', 'zone-B', 'zone-C'],
      },
    ])
    const crossing = event('zone', [10, 1], [10, 1], {
      ...{ class: 'entered', zones: { start: [], end: [], touched: [zone('D')] } },
    })
    expect(story(gap, crossing).steps.map(({ text }) => text)).toContain('went into D')
  })

  test('tell what goes on as going on, and what has no place without one', () => {
    const open = event('gap', [10, 1], [], {
      class: 'likely_disabled',
      start: { t: hour(10), lat: null, lon: null },
    })
    expect(story(open).steps).toMatchObject([
      { text: 'silent since then (likely disabled)', end: null, lat: null, zones: [] },
    ])
  })

  test('use the first reason of a false position or name, and none that a list gave', () => {
    const evidence = [{ ...reason('watched', 'identity'), name: 'watchlist' }, reason('70 nm at 3840 kn')]
    const jump = event('spoofing', [1, 1], [1, 2], { class: 'jump', evidence })
    expect(story(jump).steps[0]!.text).toBe('false position (jump): 70 nm at 3840 kn')
    const renamed = event('identity', [1, 1], [1, 1], { evidence: [reason('name was A, is B', 'identity')] })
    expect(story(renamed).steps[0]!.text).toBe('name was A, is B')
  })
})

describe('patterns', () => {
  test('loitering, silence, loitering elsewhere', () => {
    const before = event('loitering', [2, 1], [8, 1])
    expect(story(before, gap, event('loitering', [22, 2], [30, 2])).patterns).toEqual([
      {
        pattern: 'loitering_gap_loitering',
        text: 'got nowhere for 6 h, 2 h later silent for 10 h, back 60 nm away, 2 h later got nowhere for 8 h',
        events: ['loitering-2', 'gap-10', 'loitering-22'],
      },
    ])
    expect(patternsOf(before, gap, event('loitering', [68, 2], [70, 2]))).toHaveLength(1)
    // more than two days later, at the same place, or while the silence lasts
    expect(patternsOf(before, gap, event('loitering', [68.1, 2], [70, 2]))).toEqual([])
    expect(patternsOf(before, gap, event('loitering', [22, 1.083], [30, 1]))).toEqual([])
    expect(patternsOf(before, gap, event('loitering', [22, 1.084], [30, 1]))).toHaveLength(1)
    expect(patternsOf(before, event('gap', [10, 1], []), event('loitering', [22, 2], [30, 2]))).toEqual([])
    expect(patternsOf(event('loitering', [2, 1], []), gap, event('loitering', [22, 2], [30, 2]))).toEqual([])
  })

  test('an identity that changes in a silence', () => {
    const changed = (from: number, to: number, kind = 'name_changed') =>
      event('identity', [from, 1], [to, 2], {
        class: kind,
        evidence: [reason('name was A, is B', 'identity')],
      })
    expect(story(gap, changed(10, 20)).patterns).toEqual([
      {
        pattern: 'identity_change_in_gap',
        text: 'silent for 10 h, back 60 nm away, meanwhile name was A, is B',
        events: ['gap-10', 'identity-10'],
      },
    ])
    expect(patternsOf(event('gap', [10, 1], []), changed(10, 14, 'identity_swap'))).toHaveLength(1)
    expect(patternsOf(gap, changed(9, 9.5))).toEqual([])
    expect(patternsOf(gap, changed(20, 20.1))).toEqual([])
    expect(patternsOf(gap, changed(10, 20, 'imo_invalid'))).toEqual([])
  })

  test('a meeting beside a silence', () => {
    const met = (from: number, to: number) =>
      patternsOf(gap, event('encounter', [from, 1], [to, 1], { class: 'encounter' }))
    expect(met(5, 9)).toEqual(['meeting_before_gap'])
    expect(met(5, 15)).toEqual(['meeting_before_gap'])
    expect(met(21, 25)).toEqual(['meeting_after_gap'])
    expect(met(44.1, 50)).toEqual([])
    expect(met(-20, -14.1)).toEqual([])
  })

  test('a false position before a silence', () => {
    const jump = (at: number) =>
      event('spoofing', [at, 1], [at, 2], { class: 'jump', evidence: [reason('70 nm at 3840 kn')] })
    expect(story(jump(8), gap).patterns).toEqual([
      {
        pattern: 'spoofing_before_gap',
        text: 'false position (jump): 70 nm at 3840 kn, 2 h later silent for 10 h, back 60 nm away',
        events: ['spoofing-8', 'gap-10'],
      },
    ])
    expect(patternsOf(jump(-14), gap)).toHaveLength(1)
    expect(patternsOf(jump(-14.1), gap)).toEqual([])
    expect(patternsOf(jump(11), gap)).toEqual([])
  })
})
