// How values are written: times, figures and what the inside of `details` becomes. The unit in a field's name says how
// many digits mean anything: a millisecond, a millimetre, a thousandth of a knot, 0.1 m of latitude.

/** Epoch ms to `2018-12-25T11:40:42.000Z`; null for no time or one that no calendar holds. */
export function isoTime(t: number | null): string | null {
  return t !== null && Math.abs(t) <= 8.64e15 ? new Date(t).toISOString() : null
}

const ROUND: Record<string, number> = { score: 4, weight: 3 }
const WITH_UNIT = /(?:Kn|M|Nm|Km|S|H|Hours|Minutes|Deg|_kn|_m|_nm|_km|_s|_h|_hours|_minutes|_deg)$/

/** A figure of the given field name: 6 decimals, 3 where its name ends in a unit; null for what is not finite. */
export function rounded(name: string, value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null
  if (Number.isInteger(value)) return value + 0 // −0 is 0
  const decimals = ROUND[name] ?? (WITH_UNIT.test(name) ? 3 : 6)
  // a probability of 0.0000001 is not 0
  if (Math.abs(value) < 1e-3 && !ROUND[name] && !/lat|lon/i.test(name)) return Number(value.toPrecision(4))
  return Number(value.toFixed(decimals)) + 0
}

/** Any value as it goes into JSON: numbers by their field's name, `t` and `…At` as ISO times. */
export function plain(name: string, value: unknown): unknown {
  if (typeof value === 'number')
    return name === 't' || /At$/.test(name) ? isoTime(value) : rounded(name, value)
  if (Array.isArray(value)) return value.map(item => plain(name, item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(key, item)]))
}
