declare module 'topojson-server' {
  import type { GeoJSON } from 'geojson'
  import type { Topology } from 'topojson-specification'
  /** Arcs shared between the objects; coordinates stay as they are without `quantization`. */
  export function topology(objects: Record<string, GeoJSON>, quantization?: number): Topology
}
