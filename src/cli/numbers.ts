// Figures as a person reads them in a table or a line: one form wherever the machine stands.

import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../model/units.js'

/** 1234567 as `1,234,567`. */
export const inThousands = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')

/** `1 report`, `1,234 reports`. */
export const inNumber = (value: number, what: string): string =>
  `${inThousands(value)} ${what}${value === 1 ? '' : 's'}`

/** 1503 as `1.5 kB`; powers of ten. */
export function inBytes(value: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const) {
    if (value >= size) return `${(value / size).toFixed(1)} ${unit}`
  }
  return `${value} B`
}

/** A length of time: `4.5 days`, `2.5 h`, `12 min`, `0.8 s`. */
export function inTime(ms: number): string {
  if (ms >= 3 * MS_PER_DAY) return `${(ms / MS_PER_DAY).toFixed(1)} days`
  if (ms >= MS_PER_HOUR) return `${(ms / MS_PER_HOUR).toFixed(1)} h`
  if (ms >= 2 * MS_PER_MIN) return `${Math.round(ms / MS_PER_MIN)} min`
  return `${(ms / MS_PER_S).toFixed(1)} s`
}

/** Epoch ms as `2024-01-31 12:00Z`; empty for none. */
export const inMinutes = (t: number): string =>
  Number.isFinite(t) ? `${new Date(t).toISOString().slice(0, 16).replace('T', ' ')}Z` : ''

/** Epoch ms as `2024-01-31 12:00:05Z`; empty for none. */
export const inSeconds = (t: number): string =>
  Number.isFinite(t) ? `${new Date(t).toISOString().slice(0, 19).replace('T', ' ')}Z` : ''

/** A part of a whole: `12.3 %`. */
export function inPercent(part: number, whole: number): string {
  if (!(whole > 0)) return ''
  return part === 0 ? '0 %' : `${((100 * part) / whole).toFixed(part < whole / 100 ? 2 : 1)} %`
}
