// Which column of a list of detections says what: names as they are written by Global Fishing Watch (SAR), xView3, the
// VIIRS boat detections of the Earth Observation Group, Skylight and EarthRanger. Case and punctuation mean nothing.

import type { Sensor } from '../../model/detection.js'

export const DETECTION_FIELDS = [
  ...([
    'id',
    't',
    'localTime',
    'lat',
    'lon',
    'sigmaM',
    'pixelM',
    'lengthM',
    'headingDeg',
    'confidence',
  ] as const),
  ...(['quality', 'fishing', 'scene', 'sensor', 'footprint'] as const),
  ...(['flightDeg', 'look', 'incidenceDeg', 'rangeM', 'speedMps', 'rangeOverSpeedS'] as const),
] as const
export type DetectionField = (typeof DETECTION_FIELDS)[number]

/** In order of preference. */
const NAMES: Record<DetectionField, string[]> = {
  id: ['detectionid', 'detectid', 'idkey', 'id', 'eventid', 'uuid', 'structureid'],
  t: [
    ...['t', 'timestamp', 'time', 'timeutc', 'datetimeutc', 'datemscan', 'detecttimestamp', 'detectiontime'],
    ...['acquisitiontime', 'imagetime', 'starttime', 'eventtime', 'datetime', 'utc', 'date'],
  ],
  localTime: ['dateltz', 'timeltz', 'localtime', 'timelocal', 'datelocal', 'datetimelocal'],
  lat: ['lat', 'latitude', 'detectlat', 'latdnb', 'latitudedeg', 'centerlat'],
  lon: ['lon', 'lng', 'long', 'longitude', 'detectlon', 'londnb', 'longitudedeg', 'centerlon'],
  sigmaM: [
    'sigmam',
    'positionsigmam',
    'positionerrorm',
    'errorm',
    'accuracym',
    'horizontalaccuracym',
    'positionaccuracym',
  ],
  pixelM: ['metersperpixel', 'pixelsizem', 'resolutionm'],
  lengthM: [
    'lengthm',
    'vessellengthm',
    'estimatedlength',
    'estimatedlengthm',
    'estimatedvessellength',
    'length',
  ],
  headingDeg: ['headingdeg', 'heading', 'vesselheading', 'estimatedheading'],
  confidence: ['presencescore', 'confidence', 'detectionscore', 'score', 'probability', 'prob'],
  quality: ['qfdetect'],
  fishing: [
    ...[
      'fishing',
      'fishingscore',
      'fishingprobability',
      'isfishing',
      'vesseltype',
      'vesselclass',
      'vesselcategory',
    ],
    ...['estimatedvesseltype', 'estimatedvesselcategory', 'shiptype'],
  ],
  scene: ['sceneid', 'scene', 'imageid', 'granule', 'granuleid', 'productid', 'filename', 'sourcefile'],
  sensor: ['sensor', 'sensortype', 'detectiontype', 'eventtype', 'source', 'satellite'],
  footprint: ['footprint', 'footprintwkt', 'scenefootprint'],
  flightDeg: ['flightdeg', 'platformheading', 'platformheadingdeg', 'satelliteheading'],
  look: ['look', 'lookdirection', 'antennapointing'],
  incidenceDeg: ['incidencedeg', 'incidenceangle', 'incidence', 'incidenceanglemidswath'],
  rangeM: ['slantrangem', 'slantrange'],
  speedMps: ['platformspeedmps', 'satellitespeedmps', 'platformvelocity'],
  rangeOverSpeedS: ['rangeoverspeeds', 'rangeovervelocity'],
}

const squeezed = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** The field that a name means and how well; undefined for one that says nothing here. */
const BY_NAME = new Map(
  (Object.entries(NAMES) as [DetectionField, string[]][]).flatMap(([field, names]) =>
    names.map((name, rank) => [name, { field, rank }] as const),
  ),
)

/**
 * By field, the name that says it. What the map says comes first.
 * @param map column by field, as the user has it
 */
export function fieldsOf(
  names: readonly string[],
  map: Readonly<Record<string, string>> = {},
): Partial<Record<DetectionField, string>> {
  const found: Partial<Record<DetectionField, { name: string; rank: number }>> = {}
  for (const name of names) {
    const known = BY_NAME.get(squeezed(name))
    if (!known) continue
    const before = found[known.field]
    if (!before || known.rank < before.rank) found[known.field] = { name, rank: known.rank }
  }
  const out: Partial<Record<DetectionField, string>> = {}
  for (const [field, { name }] of Object.entries(found)) out[field as DetectionField] = name
  for (const field of DETECTION_FIELDS) {
    const name = map[field] && names.find(each => squeezed(each) === squeezed(map[field]!))
    if (name) out[field] = name
  }
  return out
}

/** What kind of sensor a word, or the names of the columns, speak of. */
export function sensorOf(text: string): Sensor {
  const word = text.toLowerCase()
  if (/viirs|dnb|vbd|night|nanowatt|radiance|\bvnp|\bvj1|latdnb/.test(word)) return 'viirs'
  if (/sentinel-?_?2|optical|\beo_|eo_sentinel|landsat|planet|\bs2[ab]_/.test(word)) return 'optical'
  if (/sar|sentinel-?_?1|radarsat|iceye|cosmo|terrasar|capella|\bs1[abc]_|presencescore|detectlat/.test(word))
    return 'sar'
  if (/\brf\b|radio|hawkeye|unseen|geolocation/.test(word)) return 'rf'
  return 'unknown'
}
