declare module 'shpjs' {
  import type { Geometry } from 'geojson'
  /** Geometries of a .shp, one per record; null for a null shape. `prj` is the text of a .prj file. */
  export function parseShp(shp: ArrayBuffer, prj?: string): (Geometry | null)[]
  /** Rows of a .dbf; `cpg` is the text of a .cpg file. */
  export function parseDbf(dbf: ArrayBuffer, cpg?: string): Record<string, unknown>[]
}
