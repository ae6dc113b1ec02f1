// What a satellite saw: ships as points in a picture, and the picture they stand in. Radar (SAR), optical, lights at night
// (VIIRS) and radio (RF) all give the same few facts; what a detector does not tell is null, never guessed.

export const SENSORS = ['sar', 'optical', 'viirs', 'rf', 'unknown'] as const
export type Sensor = (typeof SENSORS)[number]

export interface Detection {
  /** Unique within its scene. Hostile, as all text from outside. */
  id: string
  /** Epoch ms UTC. */
  t: number
  /** WGS-84 degrees. */
  lat: number
  lon: number
  /** Standard deviation of the place along each axis, metres. */
  sigmaM: number
  /** Metres; null unknown. */
  lengthM: number | null
  /** Degrees true, of the hull: it may lie the other way round; null unknown. */
  headingDeg: number | null
  /** Probability that it is a ship at all, 0…1, as its detector has it; null untold. */
  confidence: number | null
  /** Probability that it is a fishing vessel, 0…1, as its detector has it; null or absent: untold. */
  fishing?: number | null | undefined
}

/** How a radar looked: what shifts a moving ship along its track. */
export interface Looking {
  /** Direction of flight over ground, degrees true. */
  headingDeg: number
  /** The side it looks to. */
  look: 'right' | 'left'
  /** Angle of incidence at the ground, degrees. */
  incidenceDeg: number
  /** Slant range over the speed of the satellite, seconds. */
  rangeOverSpeedS: number
}

export interface Scene {
  /** Hostile, as all text from outside. */
  id: string
  sensor: Sensor
  /** Epoch ms UTC of its first and last detection, or as the scene tells. */
  t: number
  untilT: number
  /** Outline: flat closed rings [lon, lat, …] within ±180 (geo/antimeridian); null where it is not told: none is assumed. */
  footprint: number[][] | null
  /** null where it is not told: moving ships may then stand some hundred metres beside their place. */
  looking: Looking | null
  detections: Detection[]
}

/** Things at sea that are no ships: platforms, wind turbines, islands. */
export interface FixedObject {
  lat: number
  lon: number
  /** Detections within this of the point are its own, metres. */
  radiusM: number
  name: string | null
}

/** Fixed objects by place, and areas in which everything is fixed (a wind farm): flat closed rings within ±180. */
export interface FixedMask {
  points: FixedObject[]
  areas: { rings: number[][]; name: string | null }[]
}
