// Units and their conversions. Time is epoch milliseconds UTC, angles are degrees, speed is knots, length is metres.

export const MS_PER_S = 1000
export const MS_PER_MIN = 60_000
export const MS_PER_HOUR = 3_600_000
export const MS_PER_DAY = 86_400_000
/** International nautical mile. */
export const M_PER_NM = 1852
/** Metres per second in one knot. */
export const MPS_PER_KN = M_PER_NM / 3600
/** Mean earth radius (IUGG), metres: for haversine prefilters; reported distances are WGS-84 geodesics. */
export const EARTH_RADIUS_M = 6_371_008.8

/** Rounds to so many decimals, for figures that are shown. */
export function round(x: number, decimals: number): number {
  return Number(x.toFixed(decimals))
}
