// Events made up for the tests of what is made of them.

import type { VesselEvent, VesselEventType } from '../../src/model/event.js'
import { hour, MMSI } from '../helpers/replay.js'

/** From one hour and longitude on the equator to another; no end is open. */
export function vesselEvent(
  type: string,
  [from, lon]: number[],
  [to, lonTo]: number[] = [],
  over: Partial<VesselEvent> = {},
): VesselEvent {
  const end = to === undefined ? null : { t: hour(to), lat: 0, lon: lonTo! }
  return {
    schema: 'darkwake/event/1',
    ...{
      type: type as VesselEventType,
      id: `${type}-${from}`,
      phase: end ? 'closed' : 'opened',
      revision: 1,
    },
    ...{ asOf: hour(from!), mmsi: MMSI, track: 1, start: { t: hour(from!), lat: 0, lon: lon! }, end },
    vessel: { name: null, imo: null, callsign: null, flag: null, shipType: null, txClass: 'A' },
    ...{ durationS: end && (to! - from!) * 3600, zones: { start: [], end: [], touched: [] } },
    ...{ score: 0.5, evidence: [], details: {} },
    ...over,
  }
}
