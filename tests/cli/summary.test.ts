import { describe, expect, test } from 'vitest'
import { createTally, rejectedTable } from '../../src/cli/summary.js'
import type { Evidence, VesselEvent, ZoneRef } from '../../src/model/event.js'
import { outage } from '../sinks/events.js'

const zone: ZoneRef = {
  ...{
    id: 'a',
    name: 'Atlantis',
    kind: 'eez',
    mrgid: null,
    sovereigns: [],
    method: 'approximate',
    weight: 1,
  },
}

function event(over: Partial<VesselEvent>): VesselEvent {
  const start = { t: 0, lat: 1, lon: 2 }
  return {
    ...{
      schema: 'darkwake/event/1',
      type: 'gap',
      id: 'gap-1-0',
      phase: 'closed',
      revision: 1,
      asOf: 0,
      mmsi: 1,
      track: 1,
    },
    ...{ vessel: { name: 'A', imo: null, callsign: null, flag: null, shipType: null, txClass: 'A' } },
    ...{ start, end: start, durationS: 0, zones: { start: [zone], end: [zone], touched: [] } },
    ...{ score: 0.5, evidence: [], details: {} },
    ...over,
  }
}

/** Cells of the row that begins with a word. */
const row = (table: string, word: string) =>
  table
    .split('\n')
    .find(line => line.includes(word))
    ?.trim()
    .split(/\s{2,}/)

describe('createTally', () => {
  test('counts an event once, in its last state', () => {
    const tally = createTally()
    tally.add(event({ phase: 'opened' }))
    expect(row(tally.byType(), 'gap')).toEqual(['gap', '1', '1', '1'])
    tally.add(event({ phase: 'closed', revision: 2 }))
    expect(row(tally.byType(), 'gap')).toEqual(['gap', '1', '0', '1'])
    tally.add(event({ id: 'gap-1-9' }))
    expect(row(tally.byType(), 'gap')).toEqual(['gap', '2', '0', '1'])
  })

  test('forgets what was withdrawn', () => {
    const tally = createTally()
    tally.add(event({}))
    tally.add(event({ phase: 'retracted', revision: 2 }))
    expect(tally.byType()).toBe('events by type: none')
    expect(tally.topZones()).toContain('none')
    expect(tally.topVessels()).toContain('none')
  })

  test('an event is in a zone once, and approximate zones say so', () => {
    const tally = createTally()
    tally.add(event({}))
    expect(row(tally.topZones(), 'Atlantis')).toEqual(['Atlantis', '1', '1', 'approximate'])
  })

  test('a border crossed makes no vessel suspicious', () => {
    const tally = createTally()
    tally.add(event({ type: 'zone', class: 'entered', id: 'zone-2-0', mmsi: 222, score: 0.9 }))
    tally.add(event({ type: 'gap', class: 'likely_reception', id: 'gap-222-0', mmsi: 222, score: 0.9 }))
    tally.add(event({}))
    expect(tally.topVessels()).not.toContain('222')
    expect(row(tally.topVessels(), 'A')).toBeDefined()
  })

  test('each vessel has its worst event, where and when, its strongest reasons, and what else it did', () => {
    const tally = createTally()
    const reason = (weight: number) => ({ family: 'silence' as const, name: 'x', value: 1, weight })
    const evidence = [
      ...[
        { ...reason(-1), text: 'speaks for it' },
        { ...reason(0.2), text: 'the fourth reason' },
      ],
      ...[
        { ...reason(2), text: 'the first reason' },
        { ...reason(1), text: 'the second' },
      ],
      { ...reason(0.5), text: 'the third' },
    ]
    const start = { t: Date.UTC(2024, 0, 15), lat: 1, lon: 2 }
    tally.add(event({ evidence, start, end: null, durationS: null, class: 'likely_disabled' }))
    for (const k of [1, 2])
      tally.add(event({ type: 'loitering', class: 'drifting', id: `l-${k}`, score: 0.1 }))
    expect(row(tally.topVessels(), '0.55')).toEqual([
      ...['0.55', '1', 'A', 'gap likely_disabled', '2024-01-15 00:00Z', 'goes on', 'Atlantis'],
      'the first reason; the second; the third; also loitering drifting ×2',
    ])
    expect(row(tally.byType(), 'drifting')).toEqual(['loitering drifting', '2', '0', '1'])
  })

  describe('a silence', () => {
    const start = { t: 1000, lat: 1, lon: 2 }
    const reason = (family: Evidence['family'], name: string, weight: number, text: string) => ({
      ...{ family, name, value: 1, weight, text },
    })
    const silence = event({
      ...{ id: 'gap-1-1000', start, class: 'undetermined', score: 0.1 },
      evidence: [
        reason('silence', 'reports_before', 1, '90 reports before'),
        reason('silence', 'duration_h', -1, 'silent for 7 h'),
        reason('witnesses', 'still_heard', -2, '0 of 5 ships nearby were still heard'),
        reason('reception', 'place_survival', 0.5, '1 % of the silences there last this long'),
      ],
    })
    const inZone = (kind: string, score: number) =>
      event({
        ...{ type: 'zone', class: kind, id: 'zone-1-1000-a', start, score },
        evidence: [reason('kinematics', 'min_speed_kn', 0.5, 'can have been in Atlantis (approximate EEZ)')],
      })

    test('tells what says that it was the receivers, and what says that it was not', () => {
      const tally = createTally()
      tally.add(silence)
      expect(row(tally.topVessels(), '0.10')!.at(-1)).toBe(
        '90 reports before; 1 % of the silences there last this long; but 0 of 5 ships nearby were still heard',
      )
    })

    test('stands for what could have been done in it', () => {
      const tally = createTally()
      tally.add(silence)
      tally.add(inZone('incursion_possible', 0.2))
      const cells = row(tally.topVessels(), '0.20')!
      expect(cells[3]).toBe('gap')
      expect(cells.at(-1)).toBe(
        'can have been in Atlantis; 90 reports before; 1 % of the silences there last this long; ' +
          'but 0 of 5 ships nearby were still heard',
      )
    })

    test('says why it may be none beside what a boundary crossed in it says', () => {
      const tally = createTally()
      tally.add({ ...silence, class: 'likely_reception' })
      tally.add(inZone('entered_dark', 0.4))
      const cells = row(tally.topVessels(), '0.40')!
      expect(cells[3]).toBe('zone entered_dark')
      expect(cells.at(-1)).toContain('but 0 of 5 ships nearby were still heard')
    })
  })

  test('outages are told apart from what vessels did', () => {
    const tally = createTally()
    tally.add(event({}))
    expect(tally.faults()).toBe('')
    tally.add(outage({ source: 'north\u001b[2J' }))
    tally.add(outage({ id: 'feed_outage-x-9', phase: 'opened', end: null, durationS: null }))
    expect(row(tally.byType(), 'feed_outage')).toEqual(['feed_outage silent', '2', '1', '0'])
    expect(row(tally.faults(), 'north')).toEqual([
      ...['feed_outage silent', 'north[2J', '2024-01-15 00:00Z', '3.0 h'],
    ])
    expect(tally.faults()).toContain('goes on')
    expect(tally.faults()).not.toContain('\u001b')
    expect(row(tally.topVessels(), 'A')).toBeDefined()
    expect(row(tally.topZones(), 'Atlantis')).toEqual(['Atlantis', '1', '1', 'approximate'])
  })

  test('interference stands by itself: where, and how many', () => {
    const tally = createTally()
    expect(tally.interferences()).toBe('')
    tally.add(outage({ id: 'a' }))
    const evidence = { family: 'witnesses', name: 'vessels_drawn', value: 9, weight: 1 } as const
    const area = { lat: 51.5, lon: 2.25, radiusM: 9000 }
    const drawn = { type: 'interference', class: 'drawn', area, source: null } as const
    tally.add(outage({ ...drawn, id: 'b', evidence: [{ ...evidence, text: '9 vessels said so' }] }))
    expect(tally.faults()).not.toContain('interference')
    expect(row(tally.interferences(), '51.50')).toEqual([
      ...['2024-01-15 00:00Z', '3.0 h', '51.50, 2.25', '9 vessels said so'],
    ])
  })

  test('a hostile name reaches no terminal raw', () => {
    const tally = createTally()
    const { vessel } = event({})
    tally.add(event({ vessel: { ...vessel, name: '\u001b[2J\u202eEVIL\u0007' } }))
    expect(tally.topVessels()).toContain('EVIL')
    expect(tally.topVessels()).not.toMatch(/[\u001b\u0007\u202e]/)
  })
})

test('rejected rows are listed by reason, most first, without the empty ones', () => {
  const text = rejectedTable({ checksum: 5, malformed: 0, 'no-time': 1234 }, 10_000)
  expect(text.indexOf('no-time')).toBeLessThan(text.indexOf('checksum'))
  expect(row(text, 'no-time')).toEqual(['no-time', '1,234', '12.34 %'])
  expect(text).not.toContain('malformed')
})
