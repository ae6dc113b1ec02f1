// The reception grid as a file: CSV for spreadsheets and to be read again, GeoJSON for maps.

import { gridFeature, gridFields, GRID_LENGTHS, type GridRow } from '../reception/grid.js'
import { csvLine } from './csv.js'
import { cellText } from './flat.js'
import { toJson } from './ndjson.js'
import type { Output } from './output.js'

export const GRID_FORMATS = ['csv', 'geojson'] as const
export type GridFormat = (typeof GRID_FORMATS)[number]

const COLUMNS = [
  ...['lat', 'lon', 'deg', 'class', 'feed', 'holes', 'visits', 'heardShare'],
  ...GRID_LENGTHS.map(({ name }) => `over${name}`),
]

/** Writes a grid and closes the output. @throws OutputError */
export function writeReceptionGrid(rows: readonly GridRow[], format: GridFormat, output: Output): void {
  if (format === 'csv') {
    const line = csvLine()
    output.write(line(COLUMNS))
    for (const row of rows) {
      const fields = gridFields({ ...row, feed: cellText(row.feed)! })
      output.write(line(COLUMNS.map(name => fields[name]!)))
    }
  } else {
    output.write('{"type":"FeatureCollection","features":[')
    rows.forEach((row, k) => {
      output.write(`${k === 0 ? '\n' : ',\n'}${toJson(gridFeature({ ...row, feed: cellText(row.feed)! }))}`)
    })
    output.write('\n]}\n')
  }
  output.close()
}
