// What a satellite should look at, as GeoJSON for those who order pictures: for each silence its whole area and time, then the
// areas and windows of single passes. WGS-84, longitude first, cut at ±180 (RFC 7946).

import { browserLink, taskingOf } from '../assess/tasking.js'
import { splitRing } from '../geo/antimeridian.js'
import { isVesselEvent, type DarkEvent, type VesselEvent } from '../model/event.js'
import { cellText } from './flat.js'
import { envelopeGeometryOf, type EnvelopeGeometry } from './geojson.js'
import { toJson } from './ndjson.js'
import { isoTime, rounded } from './values.js'

/** @param now newest event time that is known */
export function taskingGeojson(events: readonly DarkEvent[], now: number): string {
  const features = events.flatMap(event => (isVesselEvent(event) ? featuresOf(event, now) : []))
  return `{"type":"FeatureCollection","features":[${features.map(each => `\n${toJson(each)}`).join(',')}\n]}\n`
}

function featuresOf(event: VesselEvent, now: number): Record<string, unknown>[] {
  const tasking = taskingOf(event, now)
  if (!tasking) return []
  const { id, mmsi, vessel, score, class: kind } = event
  const who = {
    ...{
      event: cellText(id),
      mmsi,
      name: cellText(vessel.name),
      class: cellText(kind),
      score: rounded('score', score),
    },
    vMaxKn: rounded('vMaxKn', tasking.vMaxKn),
  }
  const whole = {
    type: 'Feature',
    id: `${cellText(id)}-area`,
    geometry: envelopeGeometryOf(event),
    properties: { part: 'area', ...who, from: isoTime(tasking.from), to: isoTime(tasking.to) },
  }
  const looks = tasking.looks.map((look, k) => ({
    type: 'Feature',
    id: `${cellText(id)}-look-${k + 1}`,
    geometry: polygonsOf(look.ring),
    properties: {
      ...{ part: 'look', ...who, sensor: look.sensor, pass: look.pass },
      ...{ from: isoTime(Math.round(look.from)), to: isoTime(Math.round(look.to)), upcoming: look.upcoming },
      ...{
        areaKm2: rounded('areaKm', look.areaKm2),
        lat: rounded('lat', look.place.lat),
        lon: rounded('lon', look.place.lon),
      },
      link: browserLink(look),
    },
  }))
  return [whole, ...looks]
}

function polygonsOf(ring: readonly (readonly [lon: number, lat: number])[]): EnvelopeGeometry {
  const polygons = splitRing(ring.flat()).map(piece => {
    const positions: [number, number][] = []
    for (let i = 0; i < piece.length; i += 2)
      positions.push([rounded('lon', piece[i]!)!, rounded('lat', piece[i + 1]!)!])
    return [positions]
  })
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0]! }
    : { type: 'MultiPolygon', coordinates: polygons }
}
