// darkwake/zones: whose waters. Zone files, the approximate EEZs that come with the package, coast and ports.

export type { Anchorage } from '../zones/anchorages.js'
export { loadApproximateEez } from '../zones/approximate-eez.js'
export { loadCoast, loadLand } from '../zones/coast.js'
export type { Coast } from '../zones/coast.js'
export { buildZoneIndex } from '../zones/index.js'
export type { ZoneIndex, ZonePolygon } from '../zones/index.js'
export { loadZones } from '../zones/load.js'
export { buildPortIndex, loadPorts } from '../zones/ports.js'
export type { Port, PortIndex } from '../zones/ports.js'
export { maxDwellMs, minSpeedKn, zonesInReach } from '../zones/reach.js'
export type { ZoneWay } from '../zones/reach.js'
