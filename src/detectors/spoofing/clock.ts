// A clock of one's own: the UTC second that a vessel sends with her fixes differs, always by the same, from the second in
// which she is heard, while the others that the same receivers hear in the same ten minutes are right. So it is neither the
// receiver's clock, nor its line, nor a provider's. What is replayed, made up, or sent by a set without a time of its own
// looks like that. What her messages say of the slot they were sent in, and how often she sends, are reasons beside it.
// detection.md 5.9.
//
// The ordinary report is looked at once in ten minutes, and costs a subtraction.

import { fix } from '../../geo/fix.js'
import { BIT_REPEAT_SHIFT, type ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Fix } from '../../model/event.js'
import type { ReceiverSets } from '../../model/receivers.js'
import { COLLECTIONS, TX_CLASSES } from '../../model/report.js'
import { MS_PER_MIN, MS_PER_S } from '../../model/units.js'
import type { Reception } from '../../reception/model.js'
import { SLOT_MS, slotOf } from '../../reception/slots.js'
import type { Tracks } from '../../tracks/table.js'
import type { Detector, Emit } from '../detector.js'
import { apartS, clockDetails, clockEvent, MINUTE_S, type OffClock } from './clock-event.js'

const SATELLITE = COLLECTIONS.indexOf('satellite')
const CLASS_A = TX_CLASSES.indexOf('A')
/** Messages that are off by the same, to within this, s: seconds are whole, and the way takes one or two. */
const SAME_S = 2
/** The share of a vessel's messages that must be. */
const STEADY = 0.9
/** Others that its receivers heard right in the same ten minutes: with fewer than two nothing is known, more than five are as good. */
const FEW = 2
const OTHERS = 5
/** … the share of them that is right, and how many may be off by the same, she among them: with more it is their way that is. */
const RIGHT_SHARE = 0.8
const MAX_SAME = 1
/** Such witnesses over the slots in which she was off, counted anew in each: two slots with five, or five with two. */
const WITNESSED = 10
/** Right again for so many messages: it is over. */
const RIGHT_AGAIN = 10
/** Slots and stations that wait to be looked at. */
const MAX_WAITING = 32
/** SOTDMA: 2250 slots a minute. The slot that a message tells is the one that it was sent in. */
const SLOTS_PER_S = 2250 / MINUTE_S
/** The shortest interval between two reports, ms: M.1371-5 table 1, and Class B SO. */
const FASTEST_MS = { a: 2 * MS_PER_S, b: 5 * MS_PER_S }

/** A vessel that was off once. */
interface Candidate extends OffClock {
  /** Messages that were right since the last that was off. */
  right: number
  last: Fix
  /** Slots and receivers that are not looked at yet, witnesses found in the others, and slots in which more were off alike. */
  waiting: [slot: number, receiver: number][]
  witnessed: number
  alike: number
  receivers: number[]
  event: DetectorEvent | null
}

export interface ClockState {
  /** 1 where there is a candidate: by slot. */
  watched: Uint8Array
  candidates: Map<number, Candidate>
}

/** Candidates at a time: when a whole feed's time is off, nobody learns from the rest. */
const MAX_CANDIDATES = 4096

export function clockDetector(
  options: Config['spoofing']['clock'],
  { reception, receivers }: { reception: Reception; receivers: ReceiverSets },
): Detector<ClockState> {
  const { minOffsetS } = options
  const minMs = options.minMinutes * MS_PER_MIN
  const { ears } = reception

  const step: Detector<ClockState>['step'] = (state, slot, tracks, batch, i, emit) => {
    const second = batch.utcSecond[i]!
    if (second >= MINUTE_S || batch.receiver[i] === 0) return
    // an ordinary vessel is looked at once a slot: at the first report of it
    const isFirst = !(tracks.heard[slot]! >= reception.state.slotEnd - SLOT_MS)
    if (!isFirst && state.watched[slot] === 0) return
    const received = batch.receivedAt[i]!
    const t = received === received ? received : batch.t[i]!
    const minute = t - MS_PER_MIN * Math.floor(t / MS_PER_MIN)
    let offsetS = Math.floor(minute / MS_PER_S) - second
    if (offsetS < 0) offsetS += MINUTE_S
    const isOff = offsetS >= minOffsetS && offsetS <= MINUTE_S - minOffsetS
    if (state.watched[slot] === 0 && !isOff) return
    // repeaters and satellites pass on what they heard when they can
    if (batch.collection[i] === SATELLITE || ((batch.bits[i]! >> BIT_REPEAT_SHIFT) & 3) !== 0) return
    if (isOff) wrong(state, slot, tracks, batch, i, t, offsetS, emit)
    else right(state, slot, batch.t[i]!, emit)
  }

  function wrong(
    state: ClockState,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    t: number,
    offsetS: number,
    emit: Emit,
  ): void {
    const place = fix(batch.t[i]!, batch.lat[i]!, batch.lon[i]!)
    const own = state.candidates.get(slot)
    let candidate = own ?? begin(state, slot, offsetS, place, batch, i)
    if (!candidate) return
    if (apartS(candidate.offsetS, offsetS) > SAME_S) {
      candidate.others++
      if (isSteady(candidate)) return
      end(state, slot, batch.t[i]!, emit)
      const next = begin(state, slot, offsetS, place, batch, i)
      if (!next) return
      candidate = next
    }
    candidate.same++
    candidate.right = 0
    candidate.last = place
    const receiver = batch.receiver[i]!
    const now = slotOf(batch.t[i]!)
    const { waiting } = candidate
    if (waiting.length < MAX_WAITING && !waiting.some(([of, by]) => of === now && by === receiver))
      waiting.push([now, receiver])
    count(candidate, tracks, slot, batch, i, t)
    if (waiting[0]![0] > now - 2) return
    if (!look(candidate, now)) drop(state, slot, batch.t[i]!, emit)
    else if (!candidate.event && isSure(candidate)) {
      candidate.event = clockEvent(candidate, namesOf(candidate), minOffsetS, batch.t[i]!)
      emit(candidate.event)
    }
  }

  function begin(
    state: ClockState,
    slot: number,
    offsetS: number,
    place: Fix,
    batch: ReportBatch,
    i: number,
  ): Candidate | null {
    if (state.candidates.size >= MAX_CANDIDATES) return null
    // of a receiver whose clock is not known to be right nothing follows
    if (!isRight(batch.receiver[i]!, slotOf(place.t) - 2, offsetS)) return null
    const candidate: Candidate = {
      offsetS,
      start: place,
      last: place,
      same: 0,
      others: 0,
      right: 0,
      waiting: [],
      witnessed: 0,
      alike: 0,
      receivers: [],
      witnesses: 0,
      slotOfReceipt: 0,
      slotOfOwn: 0,
      wrongMinute: 0,
      fast: 0,
      event: null,
    }
    state.candidates.set(slot, candidate)
    state.watched[slot] = 1
    return candidate
  }

  const isSteady = ({ same, others }: Candidate) => others <= Math.max(1, (1 - STEADY) * (same + others))

  /** How many others a receiver heard right in a slot, none when too many were wrong; −1 when others were off as she is. */
  function rightOthers(receiver: number, slot: number, offsetS: number): number {
    const row = ears.rowOf(receiver)
    const clock = row < 0 ? null : ears.clocks.at(row, slot, offsetS)
    if (!clock) return 0
    if (clock.same > MAX_SAME) return -1
    // others who are off, each in its own way, say nothing of her
    return clock.right < RIGHT_SHARE * (clock.vessels - clock.same) ? 0 : clock.right
  }

  const isRight = (receiver: number, slot: number, offsetS: number) =>
    rightOthers(receiver, slot, offsetS) >= FEW

  /**
   * Looks at the slots that are closed by now; false when they clear the vessel: those with others who are off as she is weigh
   * as much as the best of those that witness against her. One such slot does not undo a day under other stations.
   */
  function look(candidate: Candidate, now: number): boolean {
    const { waiting, offsetS } = candidate
    while (waiting.length > 0 && waiting[0]![0] <= now - 2) {
      const [slot] = waiting[0]!
      const heard: number[] = []
      for (; waiting.length > 0 && waiting[0]![0] === slot; waiting.shift()) heard.push(waiting[0]![1])
      const others = heard.map(receiver => rightOthers(receiver, slot, offsetS))
      if (others.some(n => n < 0)) {
        if (OTHERS * ++candidate.alike >= candidate.witnessed) return false
        continue
      }
      const right = others.reduce((sum, n) => sum + n, 0)
      if (right < FEW) continue
      candidate.witnessed += Math.min(OTHERS, right)
      candidate.witnesses = candidate.witnesses === 0 ? right : Math.min(candidate.witnesses, right)
      for (const receiver of heard)
        if (!candidate.receivers.includes(receiver) && candidate.receivers.length < MAX_WAITING)
          candidate.receivers.push(receiver)
    }
    return true
  }

  function isSure(candidate: Candidate): boolean {
    const { same, witnessed, start, last } = candidate
    return (
      same >= options.minMessages &&
      isSteady(candidate) &&
      witnessed >= WITNESSED &&
      last.t - start.t >= minMs
    )
  }

  /** What the message says of when it was sent, and how soon after the last it came. */
  function count(
    candidate: Candidate,
    tracks: Tracks,
    slot: number,
    batch: ReportBatch,
    i: number,
    received: number,
  ): void {
    const sinceMs = batch.t[i]! - tracks.heard[slot]!
    const fastest = tracks.txClass[slot] === CLASS_A ? FASTEST_MS.a : FASTEST_MS.b
    if (sinceMs > 0 && sinceMs < fastest / 2) candidate.fast++
    const state = batch.commState[i]!
    const type = batch.msgType[i]!
    if (state === 0 || (type !== 1 && type !== 2)) return
    const timeout = (state >> 14) & 7
    const told = state & 0x3fff
    if (timeout === 1) {
      // hour and minute of the day
      const minutes = (told >> 9) * 60 + ((told >> 2) & 127)
      const ours = Math.floor(received / MS_PER_MIN) % 1440
      const apart = Math.abs(minutes - ours)
      if (Math.min(apart, 1440 - apart) > 1) candidate.wrongMinute++
    } else if (timeout === 2 || timeout === 4 || timeout === 6) {
      const sentS = told / SLOTS_PER_S
      if (apartS(sentS, (received / MS_PER_S) % MINUTE_S) <= SAME_S) candidate.slotOfReceipt++
      else if (apartS(sentS, batch.utcSecond[i]!) <= SAME_S) candidate.slotOfOwn++
    }
  }

  function right(state: ClockState, slot: number, t: number, emit: Emit): void {
    const candidate = state.candidates.get(slot)!
    candidate.others++
    candidate.right++
    if (candidate.event ? candidate.right >= RIGHT_AGAIN : !isSteady(candidate)) end(state, slot, t, emit)
  }

  /** Others turn out to be off as she is, or the receiver was not right after all. */
  function drop(state: ClockState, slot: number, asOf: number, emit: Emit): void {
    const event = state.candidates.get(slot)?.event
    forget(state, slot)
    if (event) emit({ ...event, phase: 'retracted', revision: event.revision + 1, asOf })
  }

  function end(state: ClockState, slot: number, asOf: number, emit: Emit): void {
    const candidate = state.candidates.get(slot)
    forget(state, slot)
    if (!candidate?.event) return
    const { event, last } = candidate
    const details = clockDetails(candidate, namesOf(candidate))
    emit({ ...event, phase: 'closed', revision: event.revision + 1, asOf, end: last, details })
  }

  const namesOf = ({ receivers: ids }: Candidate): string[] =>
    ids.flatMap(id => receivers.names(id) ?? []).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

  function forget(state: ClockState, slot: number): void {
    state.candidates.delete(slot)
    state.watched[slot] = 0
  }

  return {
    name: 'clock',
    needs: ['receivers', 'UTC second'],
    init: slots => ({ watched: new Uint8Array(slots), candidates: new Map() }),
    step,
    watches: (state, slot) => state.watched[slot] === 1,
    mistaken(state, slot, t, asOf, emit) {
      if (state.candidates.get(slot)?.start.t === t) drop(state, slot, asOf, emit)
    },
    clear(state, slot, tracks, emit) {
      if (state.watched[slot] === 1) end(state, slot, tracks.heard[slot]!, emit)
    },
  }
}
