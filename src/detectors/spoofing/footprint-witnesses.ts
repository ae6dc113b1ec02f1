// Who bears witness against a vessel that is heard from too far: stations that should hear it where it says it is, others
// that are heard around that place, and those on the way there, whom a duct would carry too.

import { bearingDeg, destination } from '../../geo/distance.js'
import type { ReceiverSets } from '../../model/receivers.js'
import { M_PER_NM } from '../../model/units.js'
import type { Reception } from '../../reception/model.js'
import { RADIO_CLASSES } from '../../reception/slots.js'

/** A station hears as ever while it hears so many vessels in half an hour. */
const HEALTHY = 3
const CLASS_A = RADIO_CLASSES.indexOf('A')
/** The way begins beyond what a station hears on a good day, in ranges of its own. */
const BEYOND_RANGE = 1.5
/** Others are known within 15 nm of a place (reception/nearby): places this far apart count nobody twice. */
const STEP_M = 30 * M_PER_NM

interface Place {
  lat: number
  lon: number
}

interface Vessel {
  mmsi: number
  /** Index in RADIO_CLASSES and in COLLECTIONS. */
  radio: number
  collection: number
}

export interface FootprintWitnesses {
  /** Stations that hear as ever, of whose range the place is within this share: names, sorted. */
  shouldHear(place: Place, within: number): string[]
  /** Others of its class heard around the place in the last hour. */
  around(vessel: Vessel, place: Place): number
  /** Others, as strong as it or stronger, heard in the last hour between the range of a station, by row, and the place. */
  onTheWay(vessel: Vessel, place: Place, station: { row: number; distanceM: number }): number
}

export function createFootprintWitnesses(
  { ears, heardAround }: Reception,
  receivers: ReceiverSets,
): FootprintWitnesses {
  const { footprints } = ears
  const around = ({ mmsi, radio, collection }: Vessel, { lat, lon }: Place): number =>
    heardAround(mmsi, radio, collection, lat, lon)

  return {
    around,
    shouldHear({ lat, lon }, within) {
      const names: string[] = []
      ears.receivers().forEach((receiver, row) => {
        if (!footprints.isKnown(row) || !footprints.isNear(row, lat, lon)) return
        if (footprints.share(row, lat, lon) > within) return
        if (footprints.homeOfLate(row) >= HEALTHY) names.push(receivers.names(receiver)![0]!)
      })
      return names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    },
    onTheWay(vessel, place, { row, distanceM }) {
      const from = footprints.middle(row)
      const bearing = bearingDeg(from.lat, from.lon, place.lat, place.lon)
      // where 2 W are carried, 12.5 W are
      const radios = vessel.radio === CLASS_A ? [CLASS_A] : [CLASS_A, vessel.radio]
      let passed = 0
      const begin = BEYOND_RANGE * footprints.rangeM(row, place.lat, place.lon) + STEP_M / 2
      for (let d = begin; d <= distanceM; d += STEP_M) {
        const at = destination(from.lat, from.lon, bearing, d)
        for (const radio of radios) passed += around({ ...vessel, radio }, at)
      }
      return passed
    },
  }
}
