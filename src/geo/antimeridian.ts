// Longitude is a circle, rings are drawn on a flat sheet: a ring that crosses ±180 is cut there, once, when it is
// loaded, so that nothing later needs to know. Both habits are read: longitudes that go on beyond 180, and longitudes
// that jump from 179 to −179 (RFC 7946 section 3.1.9 asks writers to cut; many do not).

/** Files that were cut at ±180 and went through other software carry longitudes such as 180.00000000000006. */
const ROUNDING_DEG = 1e-9

/** Longitude brought to −180 ≤ lon < 180. */
export function wrapLon(lon: number): number {
  if (lon >= -180 && lon < 180) return lon
  return ((((lon + 180) % 360) + 360) % 360) - 180
}

/** How many degrees of longitude from 1 to 2 the short way round, −180…180. */
export function lonDelta(lon1: number, lon2: number): number {
  let d = lon2 - lon1
  // the remainder of a division is slow, and hardly ever needed
  if (d >= -180 && d <= 180) return d
  d %= 360
  if (d > 180) d -= 360
  else if (d < -180) d += 360
  return d
}

/**
 * A ring as pieces that lie within −180…180.
 * @param ring flat [lon, lat, lon, lat, …], degrees, closed or not; a ring around a pole is closed over the pole
 * @returns closed flat rings; even-odd over all of them is even-odd over the ring. One that needs nothing is the ring itself
 */
export function splitRing(ring: ArrayLike<number>): Float64Array[] {
  if (ring instanceof Float64Array && isPlain(ring)) return [ring]
  const flat = unwrap(ring)
  if (flat.length < 8) return []
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < flat.length; i += 2) {
    if (flat[i]! < min) min = flat[i]!
    if (flat[i]! > max) max = flat[i]!
  }
  if (min >= -180 && max <= 180) return [flat]
  if (min > -180 - ROUNDING_DEG && max < 180 + ROUNDING_DEG) {
    return [flat.map((v, i) => (i % 2 === 0 ? Math.min(180, Math.max(-180, v)) : v))]
  }
  const pieces: Float64Array[] = []
  for (let window = Math.floor((min + 180) / 360); window * 360 - 180 < max; window++) {
    const from = window * 360 - 180
    const piece = clipLon(clipLon(flat, from, 1), from + 360, -1)
    for (let i = 0; i < piece.length; i += 2)
      piece[i] = Math.min(180, Math.max(-180, piece[i]! - window * 360))
    if (piece.length >= 8) pieces.push(piece)
  }
  return pieces
}

/** Closed, within ±180 and without a jump, as nearly all are: there is nothing to split. */
function isPlain(ring: Float64Array): boolean {
  const n = ring.length
  if (n < 8 || n % 2 !== 0 || ring[0] !== ring[n - 2] || ring[1] !== ring[n - 1]) return false
  for (let i = 0; i < n; i += 2) {
    if (!(Math.abs(ring[i]!) <= 180) || (i > 0 && Math.abs(ring[i]! - ring[i - 2]!) > 180)) return false
  }
  return true
}

/** The ring without jumps: each longitude is the one nearest to the one before it. Closed on return. */
function unwrap(ring: ArrayLike<number>): Float64Array {
  const given = closed(ring)
  const n = given.length
  const out = Float64Array.from(given)
  let onlyFullTurns = true
  let min = Infinity
  let max = -Infinity
  let latSum = 0
  for (let i = 0; i < n; i += 2) {
    if (i > 0) {
      const step = given[i]! - given[i - 2]!
      if (Math.abs(step) > 180) {
        if (Math.abs(step) !== 360) onlyFullTurns = false
        out[i] = out[i - 2]! + lonDelta(given[i - 2]!, given[i]!)
      } else {
        // the given number where nothing jumped before, so that it stays bit for bit what it was
        const shift = out[i - 2]! - given[i - 2]!
        out[i] = shift === 0 ? given[i]! : given[i]! + shift
      }
    }
    if (out[i]! < min) min = out[i]!
    if (out[i]! > max) max = out[i]!
    latSum += out[i + 1]!
  }
  const turns = Math.round((out[n - 2]! - out[0]!) / 360)
  // a band around the earth jumps from −180 to 180 and means it: taken as a crossing it would vanish or swallow a pole
  if ((turns !== 0 || max - min < 1e-9) && onlyFullTurns && spans(given)) return given
  if (turns === 0) return out
  const pole = latSum < 0 ? -90 : 90
  const withPole = new Float64Array(n + 6)
  withPole.set(out)
  withPole.set([out[n - 2]!, pole, out[0]!, pole, out[0]!, out[1]!], n)
  return withPole
}

function spans(ring: Float64Array): boolean {
  for (let i = 2; i < ring.length; i += 2) if (Math.abs(ring[i]! - ring[i - 2]!) > 180) return true
  return false
}

function closed(ring: ArrayLike<number>): Float64Array {
  const n = ring.length - (ring.length % 2)
  if (n >= 2 && ring[0] === ring[n - 2] && ring[1] === ring[n - 1])
    return Float64Array.from(ring).subarray(0, n)
  const out = new Float64Array(n + 2)
  for (let i = 0; i < n; i++) out[i] = ring[i]!
  if (n >= 2) {
    out[n] = ring[0]!
    out[n + 1] = ring[1]!
  }
  return out
}

/** Sutherland–Hodgman against one meridian: keeps lon ≥ at (side 1) or lon ≤ at (side −1). */
function clipLon(ring: Float64Array, at: number, side: 1 | -1): Float64Array {
  const out: number[] = []
  for (let i = 2; i < ring.length; i += 2) {
    const x1 = ring[i - 2]!
    const y1 = ring[i - 1]!
    const x2 = ring[i]!
    const y2 = ring[i + 1]!
    const in1 = (x1 - at) * side >= 0
    const in2 = (x2 - at) * side >= 0
    if (in1 !== in2) {
      // from the western end always, so that both sides of the cut get the same latitude
      const f = x1 < x2 ? (at - x1) / (x2 - x1) : (at - x2) / (x1 - x2)
      out.push(at, x1 < x2 ? y1 + f * (y2 - y1) : y2 + f * (y1 - y2))
    }
    if (in2) out.push(x2, y2)
  }
  if (out.length > 0) out.push(out[0]!, out[1]!)
  return Float64Array.from(out)
}
