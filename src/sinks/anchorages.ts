// Anchorages that were learned as a file: CSV as --ports reads it.

import type { Anchorage } from '../zones/anchorages.js'
import { csvLine } from './csv.js'
import type { Output } from './output.js'
import { isoTime, rounded } from './values.js'

const COLUMNS = ['name', 'latitude', 'longitude', 'radius_m', 'vessels', 'stops', 'since']

/** Writes them and closes the output. @throws OutputError */
export function writeAnchorages(anchorages: readonly Anchorage[], output: Output): void {
  const line = csvLine()
  output.write(line(COLUMNS))
  for (const { name, lat, lon, radiusM, vessels, stops, since } of anchorages)
    output.write(
      line([name, rounded('lat', lat), rounded('lon', lon), radiusM, vessels, stops, isoTime(since)]),
    )
  output.close()
}
