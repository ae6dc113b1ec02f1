import { describe, expect, test } from 'vitest'
import { pack, unpack } from '../../src/engine/snapshot.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../src/model/units.js'
import {
  createReception,
  feedCode,
  feedName,
  type Reception,
  type Silence,
} from '../../src/reception/model.js'
import { SLOT_MS } from '../../src/reception/slots.js'
import { antenna, S0, sail, type Sea } from './world.js'

const T0 = S0 * SLOT_MS
const GAP_MS = 6 * MS_PER_HOUR
const NAMES = { feed: (code: number) => feedName(code), receiver: (id: number) => `station ${id}` }
const FEED = feedCode(1)
const MMSI = 200_000_000

interface Track {
  t: number
  lat: number
  lon: number
  lapsedAt: number
}

/** The part of an engine that reception sees. Reports come two a slot, the second within five minutes of the first. */
function run(
  sea: Sea,
  options: {
    onSlot?: (slot: number, tracks: Map<number, Track>, reception: Reception) => void
    cut?: number
  } = {},
): { reception: Reception; tracks: Map<number, Track>; silence: (ship: number, toT: number) => Silence } {
  let reception = createReception({ cells: 4096, sightings: 1 << 16, receivers: 8 })
  const tracks = new Map<number, Track>()
  const silence = (ship: number, toT: number): Silence => {
    const { t, lat, lon, lapsedAt } = tracks.get(ship)!
    const mmsi = MMSI + ship * 7919
    return { mmsi, radio: 1, feed: FEED, t, lat, lon, toT, toLat: NaN, toLon: NaN, lapsedAt }
  }
  let slot = -1
  for (const it of sail(sea)) {
    const start = it.slot * SLOT_MS
    if (it.slot !== slot) {
      slot = it.slot
      if (slot - S0 === options.cut)
        reception = createReception(
          { cells: 4096, sightings: 1 << 16, receivers: 8 },
          unpack(pack(reception.state)) as typeof reception.state,
        )
      reception.advance(start)
      options.onSlot?.(slot, tracks, reception)
      for (const [ship, track] of tracks) {
        if (!(track.lapsedAt === track.lapsedAt) && start - track.t > GAP_MS) {
          if (reception.healthyMs(track.t, start, FEED) > GAP_MS) {
            reception.lapsed(silence(ship, start), start)
            track.lapsedAt = start
          }
        }
      }
    }
    if (!it.heard) continue
    const mmsi = MMSI + it.ship * 7919
    const t = start + it.ship * 1000
    const { lat, lon } = it
    const receiver = 1 + (it.ship % 2)
    reception.report(t, FEED, receiver, mmsi)
    const before = tracks.get(it.ship)
    reception.heard({
      ...{ mmsi, radio: 1, t, lat, lon, feed: FEED, receiver, receivedAt: t, utcSecond: 64 },
      before: before ? { ...before, feed: FEED } : { t: NaN, lat: NaN, lon: NaN, feed: FEED },
      lapsedAt: before?.lapsedAt ?? NaN,
    })
    reception.report(t + 4 * MS_PER_MIN, FEED, receiver, mmsi)
    tracks.set(it.ship, { t, lat, lon, lapsedAt: NaN })
  }
  return { reception, tracks, silence }
}

const DAY = 144
const at = (lat: number, lon: number) => antenna(lat, lon, 40)

describe('a sea that is well heard', () => {
  // one ship falls silent near the antenna, the others sail on
  const FROM = S0 + 5 * DAY
  const dark = new Set<number>()
  const { reception, silence } = run(
    { ships: 150, slots: 5 * DAY + 40, heard: (_, lat, lon, ship) => (dark.has(ship) ? 0 : at(lat, lon)) },
    {
      onSlot(slot, tracks) {
        if (slot !== FROM) return
        const near = [...tracks].find(
          ([, track]) => track.t >= (FROM - 1) * SLOT_MS && at(track.lat, track.lon) > 0.96,
        )
        dark.add(near![0])
      },
    },
  )
  const judged = reception.judge(silence([...dark][0]!, (FROM + 38) * SLOT_MS))

  test('leaves a silence of six hours unexplained, and says who was still heard', () => {
    expect(judged.slots).toBeGreaterThanOrEqual(37)
    expect(judged.healthyMs).toBeGreaterThan(6 * MS_PER_HOUR)
    expect(judged.survival).toBeLessThan(0.01)
    expect(judged.rests).toBeGreaterThan(30)
    expect(judged.witnesses!.near).toBeGreaterThan(2)
    expect(judged.witnesses!.stillHeard).toBeGreaterThan(0.7 * judged.againExpected)
    expect(judged.againExpected).toBeLessThanOrEqual(judged.witnesses!.near)
  })

  test('has no outage', () => {
    expect(reception.findings(NAMES)).toEqual([])
  })
})

describe('a day on which nobody listens', () => {
  const deaf = (slot: number) => slot >= S0 + 3 * DAY && slot < S0 + 4 * DAY
  const sea: Sea = { ships: 150, slots: 5 * DAY, heard: (slot, lat, lon) => (deaf(slot) ? 0 : at(lat, lon)) }
  let heldAgainst = 0
  const { reception } = run(sea, {
    onSlot(slot, tracks, known) {
      if (!deaf(slot - 3)) return
      for (const { t } of tracks.values()) {
        if (t < (S0 + 3 * DAY - 6) * SLOT_MS) continue // silent before
        heldAgainst = Math.max(heldAgainst, known.healthyMs(t, slot * SLOT_MS, FEED))
      }
    },
  })

  test('is an outage with a name, from its last report to its first', () => {
    const [opened, closed, ...rest] = reception.findings(NAMES)
    expect(rest).toEqual([])
    expect(opened).toMatchObject({ type: 'feed_outage', phase: 'opened', source: 'terrestrial' })
    expect(closed).toMatchObject({ type: 'feed_outage', phase: 'closed', class: 'silent' })
    expect(Math.abs(closed!.start.t - (T0 + 3 * DAY * SLOT_MS))).toBeLessThan(SLOT_MS)
    expect(Math.abs(closed!.end!.t - (T0 + 4 * DAY * SLOT_MS))).toBeLessThan(SLOT_MS)
  })

  test('is held against nobody: the clocks of those who were heard just before stand still', () => {
    expect(heldAgainst).toBeGreaterThan(0)
    expect(heldAgainst).toBeLessThan(1.5 * MS_PER_HOUR)
  })

  test('teaches the model nothing', () => {
    const usual = run({ ...sea, slots: 5 * DAY, heard: (_, lat, lon) => at(lat, lon) }).reception
    const survival = (of: Reception) => of.holes.survival(54.1, 3.1, 1, FEED, 36).survival
    expect(survival(reception) / survival(usual)).toBeLessThan(1.7)
  })
})

describe('state', () => {
  test('goes on from a snapshot as if nothing had happened', () => {
    const sea: Sea = {
      ships: 60,
      slots: DAY + 60,
      heard: (slot, lat, lon) => (slot % 97 > 80 ? 0 : at(lat, lon)),
    }
    const now = (S0 + DAY + 59) * SLOT_MS
    const told = (cut?: number) => {
      const { reception, tracks, silence } = run(sea, cut === undefined ? {} : { cut })
      return [reception.findings(NAMES), [...tracks.keys()].map(ship => reception.judge(silence(ship, now)))]
    }
    const whole = told()
    expect(whole[0]!.length).toBeGreaterThan(0)
    for (const cut of [1, 40, DAY]) expect(told(cut)).toEqual(whole)
  })
})

describe('what is learnt of a silence', () => {
  const place = { lat: 54.1, lon: 3.1 }
  const cell = (reception: Reception) => reception.holes.cells().find(({ level }) => level === 0)
  const tell = (reception: Reception, slot: number, before: number, lapsedAt = NaN) => {
    reception.advance(slot * SLOT_MS)
    reception.heard({
      ...{ mmsi: MMSI, radio: 1, t: slot * SLOT_MS, ...place, feed: FEED, receiver: 0 },
      ...{ receivedAt: slot * SLOT_MS, utcSecond: 64, lapsedAt },
      before: { t: before * SLOT_MS, ...place, feed: FEED },
    })
  }
  const crowd = (reception: Reception, from: number, to: number) => {
    for (let slot = from; slot < to; slot++) {
      reception.advance(slot * SLOT_MS)
      for (let v = 0; v < 20; v++) reception.report(slot * SLOT_MS + v, FEED, 0, MMSI + v)
    }
  }
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0)

  test('that an outage cut short: it went on as far as that, and ended nothing', () => {
    const reception = createReception({ cells: 64, sightings: 256, receivers: 2 })
    crowd(reception, S0, S0 + 30)
    crowd(reception, S0 + 60, S0 + 70)
    tell(reception, S0 + 70, S0 + 20) // eight slots, and one in which the outage began
    reception.advance((S0 + 72) * SLOT_MS)
    const { ended, passed } = cell(reception)!
    expect(sum(ended)).toBe(0)
    // past 0, 1, 2, 3–5 slots
    expect(passed.slice(0, 6).map(Math.round)).toEqual([1, 1, 1, 1, 0, 0])
  })

  test('that had become a gap: once as far as that, once from there on', () => {
    const reception = createReception({ cells: 64, sightings: 256, receivers: 2 })
    const silence: Silence = {
      ...{ mmsi: MMSI, radio: 1, t: S0 * SLOT_MS, ...place, feed: FEED },
      ...{ toT: (S0 + 37) * SLOT_MS, toLat: NaN, toLon: NaN, lapsedAt: (S0 + 37) * SLOT_MS },
    }
    reception.advance(S0 * SLOT_MS)
    reception.advance(silence.lapsedAt)
    reception.lapsed(silence, silence.lapsedAt)
    reception.advance((S0 + 39) * SLOT_MS)
    // it is no witness for itself: nothing is known
    const now = { ...silence, toT: (S0 + 39) * SLOT_MS }
    expect(reception.judge(now).survival).toBeCloseTo(37 ** -0.5, 3)
    expect(reception.judge({ ...now, lapsedAt: NaN }).survival).toBeGreaterThan(0.2)
    tell(reception, S0 + 61, S0, silence.lapsedAt) // sixty slots
    reception.advance((S0 + 63) * SLOT_MS)
    const { ended, passed } = cell(reception)!
    expect(ended.map(Math.round)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
    expect(passed.map(Math.round)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
  })
})

test('feeds have a code below 64 and a name', () => {
  expect(feedCode(3, 15)).toBe(63)
  expect(feedName(feedCode(1))).toBe('terrestrial')
  expect(feedName(feedCode(2, 2), ['north', 'south'])).toBe('south satellite')
})
