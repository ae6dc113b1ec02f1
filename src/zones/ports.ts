// Ports and anchorages: places where a silent or slow ship is no news. The user brings the list.

export interface Port {
  name: string
  lat: number
  lon: number
  radiusM: number
  /** ISO 3166-1 alpha-3, or as the file has it. */
  country: string | null
}

export interface PortIndex {
  readonly ports: readonly Port[]
  /** The nearest port whose radius covers the point. */
  at(lat: number, lon: number): Port | undefined
}
