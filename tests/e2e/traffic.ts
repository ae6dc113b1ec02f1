// A morning of made-up traffic for the tests that run the command: one vessel goes silent at sea for ten hours,
// another sails on. Plain CSV with names that any reader of AIS knows.

export const HEADER = 'mmsi,timestamp,latitude,longitude,sog,cog'
export const DARK = 257000001
export const STEADY = 257000002
const START = Date.UTC(2024, 0, 1)
const MINUTE = 60_000

/** One row of the vessel `mmsi`, `minutes` after midnight, sailing east at ten knots from `lat`. */
export function row(mmsi: number, minutes: number, lat: number): string {
  const lon = 2 + (minutes / 60) * (10 / 60 / Math.cos((lat * Math.PI) / 180))
  return `${mmsi},${new Date(START + minutes * MINUTE).toISOString()},${lat},${lon.toFixed(5)},10,90`
}

/** Rows in order of time: the dark vessel misses 03:00 to 13:00. */
export function rows(hours = 18, everyMinutes = 10): string[] {
  const out: string[] = []
  for (let minutes = 0; minutes < hours * 60; minutes += everyMinutes) {
    if (minutes <= 180 || minutes >= 780) out.push(row(DARK, minutes, 62))
    out.push(row(STEADY, minutes, 63))
  }
  return out
}

export const csv = (lines: string[] = rows()): string => [HEADER, ...lines, ''].join('\n')

/** Many vessels, so that a run takes long enough to be interrupted. */
export function crowd(vessels: number, hours: number): string {
  const out = [HEADER]
  for (let minutes = 0; minutes < hours * 60; minutes += 2) {
    for (let k = 0; k < vessels; k++) out.push(row(257100000 + k, minutes, 55 + (k % 100) / 10))
  }
  return out.join('\n') + '\n'
}
