// darkwake zones at LAT LON: whose waters a point lies in, how far the boundary and the shore are, and how sure that
// is. For checking a zone file, and for the question itself.

import { Command } from 'commander'
import { UsageError } from '../../model/errors.js'
import type { ZoneRef } from '../../model/event.js'
import { M_PER_NM } from '../../model/units.js'
import { repeated } from '../options.js'

interface AtOptions {
  zones?: string[]
  json?: boolean
}

export function zonesCommand(): Command {
  return new Command('zones')
    .description('Ask the zone index.')
    .addCommand(
      new Command('at')
        .description('Whose waters a point lies in. Degrees as 54.5 or -54.5, or as 54°30′N.')
        .argument('<lat>', 'latitude')
        .argument('<lon>', 'longitude')
        .option(
          '--zones <file>',
          'GeoJSON, TopoJSON or shapefile; repeat for several (default: the approximate EEZs)',
          repeated,
        )
        .option('--json', 'print JSON')
        .action(at),
    )
}

async function at(latText: string, lonText: string, options: AtOptions): Promise<void> {
  const lat = await degrees(latText, 'latitude', 90, /[NS]$/i)
  const lon = await degrees(lonText, 'longitude', 180, /[EOW]$/i)
  const { buildZoneIndex, loadApproximateEez, loadCoast, loadZones } = await import('../../index.js')
  const polygons = options.zones
    ? (await Promise.all(options.zones.map(loadZones))).flat()
    : loadApproximateEez()
  const coast = loadCoast()
  const index = buildZoneIndex(polygons)
  const members = index.members(index.setAt(lat, lon))
  const boundary = (zone: number) => index.boundaryDistanceM(zone, lat, lon)

  // outside of every zone the nearest one is worth knowing
  let nearest = -1
  let nearestM = Infinity
  for (let zone = 0; members.length === 0 && zone < index.zones.length; zone++) {
    const m = boundary(zone)
    if (m < nearestM) [nearest, nearestM] = [zone, m]
  }
  const answer = {
    lat,
    lon,
    zones: members.map(zone => ({ ...index.zones[zone]!, boundaryDistanceM: boundary(zone) })),
    nearest: nearest < 0 ? null : { ...index.zones[nearest]!, boundaryDistanceM: nearestM },
    onLand: coast.onLand(lat, lon),
    shoreDistanceM: coast.shoreDistanceM(lat, lon),
  }
  if (options.json) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
  else process.stdout.write(`${await asText(answer)}\n`)
}

interface Answer {
  lat: number
  lon: number
  zones: (ZoneRef & { boundaryDistanceM: number })[]
  nearest: (ZoneRef & { boundaryDistanceM: number }) | null
  onLand: boolean
  shoreDistanceM: number
}

async function asText({ lat, lon, zones, nearest, onLand, shoreDistanceM }: Answer): Promise<string> {
  const { pairs, table } = await import('../tables.js')
  const nm = (metres: number) =>
    Number.isFinite(metres) ? `${(metres / M_PER_NM).toFixed(1)} nm` : 'unknown'
  const rows = zones.map(zone => [
    zone.name,
    zone.kind,
    zone.sovereigns.join(', '),
    zone.method,
    nm(zone.boundaryDistanceM),
    zone.mrgid == null ? '' : String(zone.mrgid),
  ])
  const none = nearest
    ? `none; the nearest is ${nearest.name}, ${nm(nearest.boundaryDistanceM)} away`
    : 'none'
  return [
    table('zones', ['zone', 'kind', 'sovereign', 'method', 'to its boundary', 'MRGID'], rows, { none }),
    '',
    pairs('place', [
      ['latitude, longitude', `${lat}, ${lon}`],
      [onLand ? 'on land, from shore' : 'at sea, from shore', nm(shoreDistanceM)],
    ]),
    ...(zones.some(zone => zone.method === 'approximate')
      ? ['', 'approximate: computed from coastlines, never a legal limit']
      : []),
  ].join('\n')
}

/** Decimal degrees, or degrees, minutes and seconds with a hemisphere. */
async function degrees(text: string, name: string, limit: number, hemisphere: RegExp): Promise<number> {
  const plain = text.trim() === '' ? NaN : Number(text)
  const { toDecimal } = await import('geolib')
  const value = Number.isNaN(plain) && hemisphere.test(text.trim()) ? Number(toDecimal(text.trim())) : plain
  if (Math.abs(value) <= limit) return value
  throw new UsageError(
    `zones at: ${name} "${text}": expected degrees from -${limit} to ${limit}, as -16.2 or 16°12′S or 16°12′0″S`,
  )
}
