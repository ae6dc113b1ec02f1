// Who is a ship: whose silence and place mean something.

import { isBeacon, mmsiKind } from '../ais/mmsi.js'
import type { ReportBatch } from '../model/batch.js'
import { TX_CLASSES } from '../model/report.js'

/** Classes whose silence or place means nothing here: shore stations, buoys, aircraft, distress beacons. */
const NOT_A_VESSEL = Uint8Array.from(TX_CLASSES, name =>
  ['base', 'aton', 'sar', 'sart'].includes(name) ? 1 : 0,
)
const NOT_A_SHIP = new Set(['coast', 'sar-aircraft', 'aton', 'sart', 'mob', 'epirb'])
/** Ids of anonymised data are small numbers, which by the book are coast stations: 00MIDxxxx has at least seven digits. */
const SMALLEST_COAST_STATION = 2_000_000

/** @param txClass index in TX_CLASSES */
export const isOtherClass = (txClass: number): boolean => NOT_A_VESSEL[txClass] === 1

export function isShip(mmsi: number): boolean {
  return mmsi < SMALLEST_COAST_STATION || !NOT_A_SHIP.has(mmsiKind(mmsi))
}

/** Row `i` is of a ship, whose reception counts. */
export const isShipReport = (batch: ReportBatch, i: number): boolean =>
  !isBeacon(batch.mmsi[i]!) && !isOtherClass(batch.txClass[i]!) && isShip(batch.mmsi[i]!)
