// What an evaluation of false positions and false names is made of: one family per kind of lie. A family lays its lie
// into the messages of an honest ship, simulated or recorded, and brings innocent ships that look like it.

import type { EventType } from '../../src/model/event.js'
import type { PositionReport, StaticReport } from '../../src/model/report.js'
import type { Random } from '../../src/simulate/random.js'

/** One message as one receiver heard it. */
export type Heard =
  | { kind: 'position'; receivedAt: number; receiver?: string; report: PositionReport }
  | { kind: 'static'; receivedAt: number; receiver?: string; report: StaticReport }

/** All that was heard of one MMSI, in order of time; copies of one transmission stand side by side with equal reports. */
export interface Ship {
  mmsi: number
  /** What kind of ship, or what an innocent one is doing: a line of the table. */
  kind: string
  messages: Heard[]
  /** What is rightly said of it, by type and class: it is no liar, but two ships, say. */
  rightly?: readonly string[]
}

export interface Lie {
  /** The ship's messages with the lie in them. */
  messages: Heard[]
  /** When it lies, epoch ms. */
  from: number
  to: number
  /** Ships that the lie brings into being: clones, inventions. Events on them are right too. */
  others?: Ship[]
}

/** A stretch of sea and time that innocent ships are made for. */
export interface Water {
  /** Epoch ms. */
  start: number
  end: number
  /** Open water, some miles across, no land in it. */
  at: readonly (readonly [lat: number, lon: number])[]
  /** Stations that hear there; every message of a ship made up carries one or more of them. */
  receivers: readonly { station: string; at: readonly [lat: number, lon: number]; rangeNm: number }[]
}

export interface Family {
  /** What must be found on the ship that lies: an event of one of these types … */
  type: EventType | readonly EventType[]
  /** … and of one of these classes; any when absent. */
  class?: string | readonly string[]
  /** @returns null when the lie does not suit this ship: it never moves, it is not heard for long enough */
  lie(ship: Ship, random: Random, fleet: readonly Ship[]): Lie | null
  /** Innocent ships that look like it, made up. */
  lookalikes(random: Random, water: Water): Ship[]
}

/** The same for every copy of a transmission: `change` gets each report once, and says what was sent instead; null: nothing. */
export function changeReports(
  messages: readonly Heard[],
  change: (report: PositionReport) => PositionReport | null,
): Heard[] {
  let before: PositionReport | undefined
  let instead: PositionReport | null = null
  return messages.flatMap((message): Heard[] => {
    if (message.kind === 'static') return [message]
    const { report } = message
    if (!before || !isCopy(report, before)) {
      before = report
      instead = change(report)
    }
    return instead === null
      ? []
      : [{ ...message, report: { ...instead, ...(report.receiver && { receiver: report.receiver }) } }]
  })
}

const isCopy = (a: PositionReport, b: PositionReport): boolean =>
  a.t === b.t && a.lat === b.lat && a.lon === b.lon && a.sog === b.sog
