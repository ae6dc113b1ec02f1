// What is told of a vessel whose clock is its own.

import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { round } from '../../model/units.js'
import { rankScore } from '../score.js'

export const MINUTE_S = 60
/** GPS time is ahead of UTC by this since 2017: sets that have just been switched on may send it. */
const GPS_LEAD_S = 18

/** A vessel whose second was off, always by the same. */
export interface OffClock {
  /** Second of receipt minus the second sent, 0…59. */
  offsetS: number
  start: Fix
  /** Messages off by that, and others. */
  same: number
  others: number
  /** Least vessels that a receiver heard right meanwhile. */
  witnesses: number
  /** What the slot numbers in its messages say: sent when received, or when it says itself; UTC minutes that are not ours. */
  slotOfReceipt: number
  slotOfOwn: number
  wrongMinute: number
  /** Reports that came sooner than the class may send. */
  fast: number
}

export const clockDetails = (candidate: OffClock, receivers: string[]) => ({
  offsetS: signed(candidate.offsetS),
  messages: candidate.same,
  otherMessages: candidate.others,
  receivers,
  witnesses: candidate.witnesses,
  slotAgrees: { withReceipt: candidate.slotOfReceipt, withItself: candidate.slotOfOwn },
})

/** @param receivers names of those that heard it, sorted */
export function clockEvent(
  candidate: OffClock,
  receivers: string[],
  minOffsetS: number,
  asOf: number,
): DetectorEvent {
  const { same, others, witnesses, wrongMinute, fast, slotOfReceipt, slotOfOwn } = candidate
  const offsetS = signed(candidate.offsetS)
  const share = same / (same + others)
  const evidence: Evidence[] = [
    {
      family: 'behaviour',
      name: 'second_off_s',
      value: offsetS,
      expected: `−${minOffsetS} to ${minOffsetS}`,
      weight: round(1 + share / 2, 3),
      text:
        `the seconds it sends are ${Math.abs(offsetS)} s ${offsetS > 0 ? 'behind' : 'ahead of'} the time of receipt, ` +
        `modulo a minute, in ${same} of ${same + others} messages`,
    },
    {
      family: 'reception',
      name: 'others_right',
      value: witnesses,
      expected: `0: the receiver is off`,
      weight: round(Math.min(1, witnesses / 20) + (receivers.length > 1 ? 0.5 : 0), 3),
      text:
        `${receivers.length > 1 ? `${receivers.length} receivers` : 'the receiver'} heard it so, ` +
        `and ${witnesses} others or more right each time`,
    },
  ]
  if (apartS(candidate.offsetS, MINUTE_S - GPS_LEAD_S) <= 1) {
    const text = 'just what a set is off that counts in GPS time'
    evidence.push({ family: 'behaviour', name: 'gps_time', value: offsetS, weight: -0.7, text })
  }
  if (wrongMinute > 0) {
    const text = `${wrongMinute} messages told another minute of the day: as if played back`
    evidence.push({
      family: 'behaviour',
      name: 'other_minute',
      value: wrongMinute,
      expected: '0',
      weight: 1,
      text,
    })
  }
  if (slotOfOwn > slotOfReceipt) {
    const text = `its time slots agree with its own second ${slotOfOwn} times, with the time of receipt ${slotOfReceipt} times`
    evidence.push({
      family: 'behaviour',
      name: 'slots_of_own',
      value: slotOfOwn,
      expected: '0',
      weight: 0.5,
      text,
    })
  } else if (slotOfReceipt > 0) {
    const text = `it was sent in the right slots ${slotOfReceipt} times: only the second that it tells is off`
    evidence.push({
      family: 'behaviour',
      name: 'slots_of_receipt',
      value: slotOfReceipt,
      weight: 0.2,
      text,
    })
  }
  if (fast * 4 > same) {
    const text = `${fast} reports sooner than its class may send`
    evidence.push({ family: 'behaviour', name: 'too_fast', value: fast, expected: '0', weight: 0.7, text })
  }
  return {
    ...({ type: 'spoofing', class: 'clock', key: 'clock' } as const),
    ...({ phase: 'opened', revision: 1, asOf, start: candidate.start, end: null } as const),
    score: rankScore(-2, evidence),
    evidence,
    details: clockDetails(candidate, receivers),
  }
}

/** Distance of two seconds on the dial. */
export function apartS(a: number, b: number): number {
  const apart = Math.abs(a - b) % MINUTE_S
  return Math.min(apart, MINUTE_S - apart)
}

const signed = (offsetS: number): number => (offsetS > MINUTE_S / 2 ? offsetS - MINUTE_S : offsetS)
