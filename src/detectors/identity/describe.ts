// From what was found about a vessel's names to the event that says it.

import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence, Fix } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../../model/units.js'
import { rankScore } from '../score.js'
import type { Identity } from './identity.js'

export interface Change {
  from: Identity
  to: Identity
  fields: readonly ('imo' | 'name' | 'callsign')[]
  /** The last message before it was first told, and that one. Both where the vessel was last. */
  before: Fix
  after: Fix
  /** Of a long silence between them. */
  silentMs: number
  /** The vessel lay still then. */
  atRest: boolean
  asOf: number
}

export interface Pair {
  imo: number
  /** Who used it first, and who does now. */
  mmsis: [number, number]
  slots: [number, number]
  /** The last fix of the one, and the other when it first told the number. */
  from: Fix
  to: Fix
  distanceM: number
  /** From the last message of the one to the first of the other, ms; below 0 when they overlap. */
  silentMs: number
  asOf: number
}

/** A hull keeps its IMO number for life; names and call signs change when ships are sold, which is done in port. */
const WEIGHTS = { imo: 1.5, callsign: 0.6, name: 0.8 } as const
/** A set that is switched on anew, or given away, may have none; who hides his names leaves no other trace. */
const BLANKED = 1
const LABELS = { imo: 'IMO number', callsign: 'call sign', name: 'name' } as const

export function changeEvent(change: Change, { silenceHours }: Config['identity']): DetectorEvent {
  const { from, to, fields, before, after, silentMs, atRest, asOf } = change
  const evidence: Evidence[] = fields.map(field => ({
    family: 'identity',
    name: `${field}_changed`,
    value: to[field]!,
    expected: String(from[field]),
    weight: WEIGHTS[field],
    text: `${LABELS[field]} was ${from[field]}, is ${to[field]}`,
  }))
  const silentH = silentMs / MS_PER_HOUR
  evidence.push(circumstance(silentH, atRest, silenceHours))
  return {
    type: 'identity',
    class: fields.includes('imo') ? 'imo_changed' : 'name_changed',
    ...{ phase: 'closed', revision: 1, asOf, start: before, end: after },
    score: rankScore(-1.5, evidence),
    evidence,
    details: { changed: fields, before: from, after: to, silenceH: round(silentH, 3), atRest },
  }
}

/** Names that a vessel told, and tells no more. */
export interface Blanking {
  was: Identity
  before: Fix
  after: Fix
  silentMs: number
  atRest: boolean
  /** Blank messages so far. */
  count: number
  asOf: number
}

export function blankedEvent(
  { was, before, after, silentMs, atRest, count, asOf }: Blanking,
  { silenceHours }: Config['identity'],
): DetectorEvent {
  const fields = (['imo', 'name', 'callsign'] as const).filter(field => was[field] !== undefined)
  const silentH = silentMs / MS_PER_HOUR
  const names = fields.map(field => `${LABELS[field]} ${was[field]}`).join(', ')
  const evidence: Evidence[] = [
    {
      ...{ family: 'identity', name: 'static_data_blanked', value: count, expected: '0', weight: BLANKED },
      text: `told ${names}, and tells none of it in ${count} messages since`,
    },
    circumstance(silentH, atRest, silenceHours),
  ]
  return {
    type: 'identity',
    class: 'blanked',
    key: 'blanked',
    ...{ phase: 'closed', revision: 1, asOf, start: before, end: after },
    score: rankScore(-1.5, evidence),
    evidence,
    details: {
      changed: fields,
      before: was,
      after: {},
      silenceH: round(silentH, 3),
      atRest,
      messages: count,
    },
  }
}

/** What a change came with: a long silence, or in sight, at rest or under way. */
function circumstance(silentH: number, atRest: boolean, silenceHours: number): Evidence {
  if (silentH >= silenceHours)
    return {
      ...{ family: 'silence', name: 'silence_before_h', value: round(silentH, 1) },
      ...{ expected: `< ${silenceHours} h`, weight: 1.2 },
      text: `first told after ${silentH.toFixed(1)} h of silence`,
    }
  return {
    ...{ family: 'behaviour', name: 'at_rest', value: atRest ? 1 : 0, expected: '1' },
    weight: atRest ? -0.8 : 0.4,
    text: atRest ? 'lay still when it changed' : 'changed under way and in sight',
  }
}

/** A number that no ship can have. */
export function faultEvent(
  kind: 'imo_invalid' | 'mmsi_invalid',
  why: string,
  value: number,
  at: Fix,
  asOf: number,
): DetectorEvent {
  const texts = {
    'check digit': `IMO number ${value} has a wrong check digit`,
    placeholder: `MMSI ${value} is a placeholder that nobody was given`,
    kind: `MMSI ${value} is of no kind that a ship can have`,
    country: `the country digits of MMSI ${value} are given to nobody`,
  } as Record<string, string>
  const evidence: Evidence[] = [
    { family: 'identity', name: kind, value, expected: 'valid', weight: 0.5, text: texts[why]! },
  ]
  return {
    type: 'identity',
    class: kind,
    key: kind,
    ...{ phase: 'closed', revision: 1, asOf, start: at, end: at },
    score: rankScore(-2.2, evidence),
    evidence,
    details: { why, value },
  }
}

/** One IMO number on two MMSIs. */
export function pairEvent(kind: 'shared_identity' | 'identity_swap', pair: Pair): DetectorEvent {
  const { imo, mmsis, slots, from, to, distanceM, silentMs, asOf } = pair
  const first = mmsis[0] < mmsis[1] ? 0 : 1
  const other = mmsis[1 - first]!
  const nm = distanceM / M_PER_NM
  const hours = silentMs / MS_PER_HOUR
  const swap = kind === 'identity_swap'
  const evidence: Evidence[] = [
    {
      ...{ family: 'identity', name: 'imo_of_two', value: imo, expected: 'one MMSI' },
      ...{ weight: 1, text: `IMO number ${imo} is told by MMSI ${mmsis[0]} and by ${mmsis[1]}` },
    },
    swap
      ? {
          ...{ family: 'silence', name: 'handover_h', value: round(hours, 1), weight: hours > 1 ? 1 : 0.5 },
          text: `MMSI ${mmsis[1]} was first heard ${nm.toFixed(0)} nm away, ${hours.toFixed(1)} h after the last of ${mmsis[0]}`,
        }
      : {
          ...{ family: 'place', name: 'apart_nm', value: round(nm, 1), expected: '0 nm' },
          ...{ weight: round(Math.min(1.5, 0.5 + Math.log10(Math.max(1, nm)) / 2), 3) },
          text: `both are on the air, ${nm.toFixed(0)} nm apart`,
        },
  ]
  return {
    type: 'identity',
    class: kind,
    key: `${other}`,
    slot: slots[first]!,
    ...{ phase: 'closed', revision: 1, asOf, start: from, end: to },
    score: rankScore(-1.2, evidence),
    evidence,
    details: {
      ...{ imo, others: [other], from: { mmsi: mmsis[0], fix: from }, to: { mmsi: mmsis[1], fix: to } },
      ...{ distanceM, silenceH: round(hours, 3) },
    },
  }
}
