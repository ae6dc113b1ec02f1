// Who counts as a partner, by what it says of itself: fishing gear with a transmitter drifts beside its ship all day, and
// a pilot, a tug or a rescue boat goes alongside for a living.

import { mmsiKind } from './mmsi.js'
import type { StaticData } from '../model/report.js'

/**
 * Beacons on nets and lines carry the number of the net, the charge of the battery or its voltage in the name ("NET 12",
 * "HY-04-85%", "FS 2 11.8V"), or say what they are. After the lists of Skylight (atlantes) and of studies of longlines.
 */
const GEAR_NAMES = [
  /\d\s*%/,
  /\d[.,]\d+\s*V(?![A-Z])/i,
  /(^|[^\p{L}])(fishing\s*)?nets?([^\p{L}]*\d|[\s_-]*(mark|buoy|beacon)|[^\p{L}]*$)/iu,
  /(^|[^\p{L}])b(uo|ou)ys?([^\p{L}]|$)|radiobuoy|netmark|gear\s*(mark|buoy)/iu,
]

export const isGearName = (name: string): boolean => GEAR_NAMES.some(pattern => pattern.test(name))

const SHIPS = new Set(['ship', 'unknown'])

/** Ids of anonymised data are small numbers, which are ships here; aids, daughter craft, beacons and aircraft are none. */
export const isShipLike = (mmsi: number): boolean => mmsi < 100_000_000 || SHIPS.has(mmsiKind(mmsi))

/** Towing (31, 32), dredging and diving (33, 34), pilot, rescue, tug, tender, pollution control, police, medical. */
const SERVICE_TYPES = new Set([31, 32, 33, 34, 50, 51, 52, 53, 54, 55, 58])
const SERVICE_NAMES = /(^|[^\p{L}])(pilot|bunker(s|ing)?|loods|lotse)([^\p{L}]|$)/iu

export function isService(vessel: StaticData | undefined): boolean {
  if (vessel?.shipType !== undefined && SERVICE_TYPES.has(vessel.shipType)) return true
  return vessel?.name !== undefined && SERVICE_NAMES.test(vessel.name)
}

/** Cargo goes from those that catch or carry it to those that take it away. */
const TRANSFERS = new Set([
  'fishing cargo',
  'cargo fishing',
  'tanker tanker',
  'fishing tanker',
  'tanker fishing',
])

/** Whether ships of two kinds have something to hand over to each other. */
export const mayTransfer = (a: Kind, b: Kind): boolean => TRANSFERS.has(`${a} ${b}`)

const PILOT_NAMES = /(^|[^\p{L}])(pilot|loods|lotse)([^\p{L}]|$)/iu

/** Fishing vessels, carriers, tankers, bunker boats and ships of unknown type; no ferries, tugs, pilots and pleasure craft. */
export function handsOver(vessel: StaticData | undefined): boolean {
  const type = vessel?.shipType ?? 0
  if (vessel?.name !== undefined && PILOT_NAMES.test(vessel.name)) return false
  return type === 0 || type === 30 || type >= 70
}

export type Kind = 'fishing' | 'tanker' | 'cargo' | 'passenger' | 'other'

export function kindOf(vessel: StaticData | undefined): Kind {
  const type = vessel?.shipType ?? 0
  if (type === 30) return 'fishing'
  if (type >= 80 && type < 90) return 'tanker'
  if (type >= 70 && type < 80) return 'cargo'
  return type >= 60 && type < 70 ? 'passenger' : 'other'
}
