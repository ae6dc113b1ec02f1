// Slow by clock hours, as pipe-loitering of Global Fishing Watch has it: the way between consecutive messages and the time
// that it took, summed by UTC hour; an hour below the bound is slow; a run of slow hours of one day, with the last message
// before it, is a group; groups that end where the next begins are one loitering. Pure sums and rules, as they are there.

import { M_PER_NM } from '../../model/units.js'

/** One message as the sums see it: since and from the one before; null: not known. */
export interface HourlyMessage {
  hours: number | null
  metres: number | null
  shoreM: number | null
}

/** Of some messages. What is null or 0 hours adds no time, but its metres count all the same. */
export interface HourlySums {
  /** 0: none gave any. */
  hours: number
  metres: number
  /** Messages that gave metres. */
  moved: number
  /** Metres from shore times hours, and the hours of these; plain metres, and the messages of these. */
  shoreMetreHours: number
  shoreHours: number
  shoreMetres: number
  ashore: number
}

export const noSums = (): HourlySums => ({
  hours: 0,
  metres: 0,
  moved: 0,
  shoreMetreHours: 0,
  shoreHours: 0,
  shoreMetres: 0,
  ashore: 0,
})

export function addMessage(sums: HourlySums, { hours, metres, shoreM }: HourlyMessage): void {
  if (hours !== null) sums.hours += hours
  if (metres !== null) {
    sums.metres += metres
    sums.moved++
  }
  if (shoreM === null) return
  sums.shoreMetres += shoreM
  sums.ashore++
  if (hours === null) return
  sums.shoreMetreHours += shoreM * hours
  sums.shoreHours += hours
}

export function addSums(sums: HourlySums, more: HourlySums): void {
  for (const name of Object.keys(sums) as (keyof HourlySums)[]) sums[name] += more[name]
}

/** Hours in all; null where no message gave any. */
export const totalHours = ({ hours }: HourlySums): number | null => (hours > 0 ? hours : null)
export const totalMetres = ({ metres, moved }: HourlySums): number | null => (moved > 0 ? metres : null)

/** Knots; null without time or way. */
export function averageKn(sums: HourlySums): number | null {
  const [hours, metres] = [totalHours(sums), totalMetres(sums)]
  return hours === null || metres === null ? null : metres / hours / M_PER_NM
}

/** Weighted by hours where any are given; null where no distance is. */
export function averageShoreNm({
  shoreMetreHours,
  shoreHours,
  shoreMetres,
  ashore,
}: HourlySums): number | null {
  if (ashore === 0) return null
  return (shoreHours > 0 ? shoreMetreHours / shoreHours : shoreMetres / ashore) / M_PER_NM
}

/** Strictly; an hour of which nothing is known is not slow. */
export const isSlowHour = (averageSpeedKn: number | null, maxSpeedKn: number): boolean =>
  averageSpeedKn !== null && averageSpeedKn < maxSpeedKn

/** What the next hour with messages makes of the groups of a track. */
export interface Turn {
  /** The running group ends before it. */
  ends: boolean
  /** A group begins with it: after the last message of the hour before, or alone, as nothing is known of the day before. */
  begins: 'no' | 'after last' | 'alone'
}

/**
 * @param isRunning a group runs
 * @param isSlow the next hour is slow
 * @param days from the UTC day of the hour before to that of this one; Infinity where there is none before
 */
export function turnOf(isRunning: boolean, isSlow: boolean, days: number): Turn {
  const ends = isRunning && (!isSlow || days > 0)
  const begins = isSlow && (ends || !isRunning)
  return { ends, begins: begins ? (days <= 1 ? 'after last' : 'alone') : 'no' }
}
