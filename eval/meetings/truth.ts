// Who was with whom, straight from the true ways, every pair, every half minute: the definition in docs/detection.md, told
// as plainly as it can be. What hangs on a hair (a bound, more or less a tenth) is neither asked for nor false.

import { lonDelta } from '../../src/geo/antimeridian.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, MS_PER_S } from '../../src/model/units.js'
import { isService } from '../../src/ais/kinds.js'
import type { Ship } from '../lies/family.js'
import type { Sea, Seafarer } from './sea.js'

export type Kind = 'encounter' | 'brief_meeting' | 'tandem' | 'service'

export interface Meeting {
  a: number
  b: number
  kind: Kind
  from: number
  to: number | null
  /** What the two were doing. */
  what: string
}

const STEP_MS = 30 * MS_PER_S
const HOLE_MS = MS_PER_HOUR
const NEAR_M = 500
const LEAVE_M = 800
const AWAY = (20 * MS_PER_MIN) / STEP_MS
const CLOSE_M = 250
/** Speeds are taken over so many steps on either side. */
const OVER = 5
const FAR_DEG = 0.1

interface Path {
  ship: Seafarer
  name: string | undefined
  lat: Float64Array
  lon: Float64Array
  kn: Float64Array
  /** Whether the source knows where it is: no hole of an hour. */
  known: Uint8Array
}

/** @param heard what a source heard of each, in the order of the ships */
export function truthOf(sea: Sea, heard: readonly Ship[], by: number): Meeting[] {
  const steps = Math.floor((sea.end - sea.start) / STEP_MS)
  const paths = sea.ships.map((ship, k) => pathOf(ship, heard[k]!, sea.start, steps))
  return paths.flatMap((a, k) => paths.slice(k + 1).flatMap(b => ofPair(a, b, sea, steps, by)))
}

function pathOf(ship: Seafarer, { messages }: Ship, start: number, steps: number): Path {
  const lat = new Float64Array(steps).fill(NaN)
  const lon = new Float64Array(steps).fill(NaN)
  for (let k = 0; k < steps; k++) {
    const at = ship.at(start + k * STEP_MS)
    if (!at) continue
    lat[k] = at.lat
    lon[k] = at.lon
  }
  const kn = lat.map((_, k) => {
    const [p, q] = [Math.max(0, k - OVER), Math.min(steps - 1, k + OVER)]
    const m = apartM(lat[p]!, lon[p]!, lat[q]!, lon[q]!)
    return (m / M_PER_NM / ((q - p) * STEP_MS)) * MS_PER_HOUR
  })
  const known = new Uint8Array(steps)
  let before = NaN
  for (const { kind, report } of messages) {
    if (kind === 'static') continue
    const from = report.t - before < HOLE_MS ? before : report.t
    known.fill(1, Math.ceil((from - start) / STEP_MS), Math.floor((report.t - start) / STEP_MS) + 1)
    before = report.t
  }
  const name = messages.map(({ report }) => ('name' in report ? report.name : undefined)).find(Boolean)
  return { ship, name, lat, lon, kn, known }
}

function apartM(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const north = lat2 - lat1
  const east = lonDelta(lon1, lon2) * Math.cos((lat1 * Math.PI) / 180)
  return 60 * M_PER_NM * Math.hypot(north, east)
}

interface Run {
  from: number
  to: number
  away: number
  /** When they passed the distance at which they are apart; −1: not yet. */
  left: number
  distances: number[]
  speeds: number[]
}

function ofPair(a: Path, b: Path, sea: Sea, steps: number, by: number): Meeting[] {
  const found: Meeting[] = []
  const isStrict = by < 1
  const nearM = NEAR_M * by
  let came = false
  let near = -1
  const runs: Record<'slow' | 'fast', Run | null> = { slow: null, fast: null }
  const end = (pace: 'slow' | 'fast', isOver: boolean) => {
    const run = runs[pace]
    runs[pace] = null
    const meeting = run && meetingOf(run, pace, a, b, sea, by, isOver)
    if (meeting) found.push(meeting)
  }
  for (let k = 0; k < steps; k++) {
    if (!(a.known[k]! && b.known[k]! && a.lat[k] === a.lat[k] && b.lat[k] === b.lat[k])) {
      end('slow', true)
      end('fast', true)
      came = false
      near = -1
      continue
    }
    if (Math.abs(a.lat[k]! - b.lat[k]!) > FAR_DEG || Math.abs(lonDelta(a.lon[k]!, b.lon[k]!)) > 3 * FAR_DEG) {
      end('slow', true)
      end('fast', true)
      came = true
      near = -1
      k += 9 // nobody goes six miles in five minutes
      continue
    }
    const m = apartM(a.lat[k]!, a.lon[k]!, b.lat[k]!, b.lon[k]!)
    const [x, y] = [a.kn[k]!, b.kn[k]!]
    if (m > LEAVE_M) near = -1
    else if (m <= nearM && near < 0) near = k
    for (const pace of ['slow', 'fast'] as const) {
      const run = runs[pace]
      const isPace = pace === 'slow' ? x <= 3 && y <= 3 : x >= 2 && y >= 2
      const begins = pace === 'slow' ? x < 2 && y < 2 && came : x > 3 && y > 3
      if (!run) {
        if (near >= 0 && m <= nearM && begins)
          runs[pace] = {
            from: k - near <= AWAY ? near : k,
            to: k,
            away: 0,
            left: -1,
            distances: [m],
            speeds: [(x + y) / 2],
          }
      } else if (m <= LEAVE_M && isPace) {
        run.to = k
        run.away = 0
        run.left = -1
        run.distances.push(m)
        run.speeds.push((x + y) / 2)
      } else {
        // who is about to leave makes way first: it is with the other until it is apart
        if (m > LEAVE_M && run.left < 0) run.left = k
        if (++run.away >= AWAY) end(pace, true)
      }
    }
    // to be seen apart takes more than a hair
    if (m > LEAVE_M * (isStrict ? 1.5 : 1)) came = true
  }
  end('slow', false)
  end('fast', false)
  return found
}

function meetingOf(
  { from, to, left, distances, speeds }: Run,
  pace: 'slow' | 'fast',
  a: Path,
  b: Path,
  sea: Sea,
  by: number,
  isOver: boolean,
): Meeting | null {
  if (sea.ports.at(a.lat[from]!, a.lon[from]!)) return null
  const kind = kindOf()
  if (!kind) return null
  const t = (k: number) => sea.start + k * STEP_MS
  const [first, second] = a.ship.mmsi < b.ship.mmsi ? [a, b] : [b, a]
  return {
    ...{
      a: first.ship.mmsi,
      b: second.ship.mmsi,
      kind,
      from: t(from),
      to: isOver ? t(Math.max(left, to)) : null,
    },
    what: [...new Set([a.ship.kind, b.ship.kind])].join(', '),
  }

  function kindOf(): Kind | null {
    const lasts = (steps: number, ms: number) => steps * STEP_MS >= ms / by
    const isLong = lasts(to - from, 2 * MS_PER_HOUR)
    if (pace === 'fast') return isLong && median(speeds) > 3 / by ? 'tandem' : null
    const areAnchored = a.ship.isAnchored && b.ship.isAnchored
    const isEncounter =
      isLong && median(speeds) < 2 * by && !(areAnchored && median(distances) > CLOSE_M * by)
    if (!isEncounter && !lasts(longest(distances, CLOSE_M * by), 15 * MS_PER_MIN)) return null
    if ([a, b].some(({ ship, name }) => isService({ shipType: ship.shipType, ...(name && { name }) })))
      return 'service'
    return isEncounter ? 'encounter' : 'brief_meeting'
  }
}

/** The longest row of steps within a distance. */
function longest(distances: readonly number[], m: number): number {
  let most = 0
  let row = 0
  for (const each of distances) {
    row = each <= m ? row + 1 : 0
    most = Math.max(most, row)
  }
  return most
}

function median(values: readonly number[]): number {
  return [...values].sort((x, y) => x - y)[values.length >> 1]!
}
