// darkwake/geo: distances and bearings on the earth, and longitudes across ±180. Also runs in a browser.

export { lonDelta, wrapLon } from '../geo/antimeridian.js'
export { bearingDeg, destination, geodesicM, haversineM, interpolate } from '../geo/distance.js'
export { envelope } from '../geo/envelope.js'
export type { Envelope, Place } from '../geo/envelope.js'
