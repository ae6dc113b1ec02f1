// A made-up fleet for benches: fast to make, the same for the same seed, and shaped like real traffic where it matters
// to the code under test (interleaved vessels, time order, a mix of moored, cruising and silent ones, some duplicates, all
// of them at sea).
// For plausible ships on real seas use src/simulate.

import { flagOf } from '../src/ais/mmsi.js'
import { encodePosition, encodeStatic5 } from '../src/ais/encode.js'
import { tagBlock } from '../src/ais/sentences.js'
import { BIT_CHANNEL_KNOWN, blankRow, createBatch, type ReportBatch } from '../src/model/batch.js'
import { TX_CLASSES } from '../src/model/report.js'
import { createWords, staticKey, type Words } from '../src/model/words.js'
import { imoNumber } from '../src/simulate/identity.js'
import { createRandom, type Random } from '../src/simulate/random.js'
import { loadCoast } from '../src/zones/coast.js'

/** Start of the synthetic day, epoch ms. */
export const FLEET_START = Date.UTC(2026, 0, 1)

const CLASS_A = TX_CLASSES.indexOf('A')
const CLASS_B = TX_CLASSES.indexOf('B')
const STEP_MS = 10_000
const coast = loadCoast()

/** Steps between two reports under way, and at rest: as class A and B send them by M.1371, or one a minute of them, as archives have it. */
const CADENCES = {
  native: { A: 1, B: 3, moored: 18 },
  minute: { A: 6, B: 6, moored: 18 },
}
export type Cadence = keyof typeof CADENCES

interface Fleet {
  count: number
  mmsi: Uint32Array
  lat: Float64Array
  lon: Float64Array
  sog: Float32Array
  cog: Float32Array
  /** Steps from one report of each vessel to the next, and until the next. */
  every: Uint8Array
  wait: Uint16Array
  random: Random
}

const MIDS = Array.from({ length: 600 }, (_, k) => 200 + k).filter(mid => flagOf(mid * 1_000_000) !== null)

/** Distinct for the first million or so, of all countries: a fleet of wrong numbers would be an event each. */
const numberOf = (v: number): number =>
  MIDS[v % MIDS.length]! * 1_000_000 + 1000 + Math.floor(v / MIDS.length) * 101
const imoOf = (v: number): number => imoNumber(100_000 + v)

const isClassB = (v: number): boolean => v % 5 === 0

function createFleet(count: number, seed: number, cadence: Cadence = 'minute'): Fleet {
  const random = createRandom(seed)
  const fleet: Fleet = {
    count,
    mmsi: new Uint32Array(count),
    lat: new Float64Array(count),
    lon: new Float64Array(count),
    sog: new Float32Array(count),
    cog: new Float32Array(count),
    every: new Uint8Array(count),
    wait: new Uint16Array(count),
    random,
  }
  for (let v = 0; v < count; v++) {
    fleet.mmsi[v] = numberOf(v)
    do {
      fleet.lat[v] = random.between(-60, 70)
      fleet.lon[v] = random.between(-180, 180)
    } while (coast.onLand(fleet.lat[v]!, fleet.lon[v]!))
    // a third lies moored, as in any real day
    fleet.sog[v] = random.chance(0.33) ? 0 : random.between(3, 20)
    fleet.cog[v] = random.between(0, 360)
    fleet.every[v] = CADENCES[cadence][fleet.sog[v] === 0 ? 'moored' : isClassB(v) ? 'B' : 'A']
    fleet.wait[v] = random.below(6)
  }
  return fleet
}

/** Reports in order of time: calls `write` with vessel, time and position until `reports` are made; rests at each step. */
function* sail(
  fleet: Fleet,
  reports: number,
  write: (v: number, t: number, lat: number, lon: number) => void,
): Generator<void> {
  const { count, lat, lon, sog, cog, every, wait, random } = fleet
  const turns = createRandom(count)
  const order = Uint32Array.from({ length: count }, (_, v) => v)
  let made = 0
  for (let t = FLEET_START; made < reports; t += STEP_MS) {
    // in any order, as ships are heard: in that of their slots memory would be read from its beginning to its end, which is fast
    for (let k = count - 1; k > 0; k--) {
      const other = turns.below(k + 1)
      const v = order[k]!
      order[k] = order[other]!
      order[other] = v
    }
    for (let k = 0; k < count && made < reports; k++) {
      const v = order[k]!
      if (wait[v]! > 0) {
        wait[v]!--
        continue
      }
      const steps = every[v]!
      // one in 20,000 falls silent for half a day
      wait[v] = random.next() < 5e-5 ? 4320 : steps - 1
      const nm = (sog[v]! * steps * STEP_MS) / 3_600_000
      const course = (cog[v]! * Math.PI) / 180
      let nextLat = lat[v]! + (nm * Math.cos(course)) / 60
      let nextLon = lon[v]! + (nm * Math.sin(course)) / (60 * Math.cos((nextLat * Math.PI) / 180))
      if (nextLon > 180) nextLon -= 360
      else if (nextLon < -180) nextLon += 360
      if (Math.abs(nextLat) > 75 || coast.onLand(nextLat, nextLon)) {
        cog[v] = (cog[v]! + 180) % 360
        nextLat = lat[v]!
        nextLon = lon[v]!
      }
      lat[v] = nextLat
      lon[v] = nextLon
      write(v, t + Math.floor((10 * k) / count) * 1000, nextLat, nextLon)
      made++
    }
    yield
  }
}

/**
 * Columns, ready for an engine, all at once.
 * @param vessels > 0
 * @param reports rows altogether; a row in 50 is a repeat of the one before, heard by another station
 */
export const fleetBatches = (
  vessels: number,
  reports: number,
  seed = 1,
  cadence: Cadence = 'minute',
): ReportBatch[] => [...fleetFlow(vessels, reports, seed, cadence)]

/** The same, a batch at a time. */
export function* fleetFlow(
  vessels: number,
  reports: number,
  seed: number,
  cadence: Cadence,
  words: Words = createWords(),
  capacity = 16_384,
): Generator<ReportBatch> {
  const fleet = createFleet(vessels, seed, cadence)
  const stations = ['north', 'south', 'east', 'west'].map(name => words.receivers.id(name, () => name))
  const source = words.sources.id('fleet', () => 'fleet')
  const statics = Array.from(fleet.mmsi, (mmsi, v) => {
    const data = { name: `BENCH ${v}`, callsign: `B${mmsi % 100_000}`, shipType: 70, length: 120, width: 18 }
    return words.statics.id(staticKey(data), () => data)
  })
  const full: ReportBatch[] = []
  let batch = createBatch(words, capacity)
  const hand = () => {
    batch.validated = true
    full.push(batch)
    batch = createBatch(words, capacity)
  }
  const row = (v: number, t: number, lat: number, lon: number, station: number) => {
    if (batch.length === capacity) hand()
    const i = batch.length++
    blankRow(batch, i)
    batch.t[i] = t
    batch.mmsi[i] = fleet.mmsi[v]!
    batch.lat[i] = lat
    batch.lon[i] = lon
    batch.sog[i] = fleet.sog[v]!
    batch.cog[i] = fleet.cog[v]!
    batch.heading[i] = Math.floor(fleet.cog[v]!)
    batch.navStatus[i] = fleet.sog[v]! > 0 ? 0 : 5
    batch.msgType[i] = isClassB(v) ? 18 : 1
    batch.txClass[i] = isClassB(v) ? CLASS_B : CLASS_A
    batch.utcSecond[i] = (t / 1000) % 60
    batch.bits[i] = BIT_CHANNEL_KNOWN
    batch.receivedAt[i] = t + 500
    batch.receiver[i] = stations[station]!
    batch.source[i] = source
    batch.statics[i] = statics[v]!
  }
  let made = 0
  const steps = sail(fleet, reports - Math.floor(reports / 50), (v, t, lat, lon) => {
    row(v, t, lat, lon, v % 4)
    // 49 of 50 are first copies
    if (++made % 49 === 0 && made / 49 <= Math.floor(reports / 50)) row(v, t, lat, lon, (v + 1) % 4)
  })
  while (!steps.next().done) yield* full.splice(0)
  hand()
  yield* full
}

/** All of it at once. */
function run(steps: Generator<void>): void {
  while (!steps.next().done);
}

/** Text of many lines as bytes, without one string of all of it. */
function collect(reports: number, bytesPerReport: number) {
  let bytes = new Uint8Array(reports * bytesPerReport + 1024)
  let length = 0
  const encoder = new TextEncoder()
  let piece = ''
  const flush = () => {
    if (bytes.length - length < piece.length) {
      const grown = new Uint8Array(bytes.length * 2 + piece.length)
      grown.set(bytes.subarray(0, length))
      bytes = grown
    }
    length += encoder.encodeInto(piece, bytes.subarray(length)).written
    piece = ''
  }
  return {
    add(line: string) {
      piece += line
      if (piece.length > 65_536) flush()
    },
    done(): Uint8Array {
      flush()
      return bytes.subarray(0, length)
    },
  }
}

/** MarineCadastre CSV, 17 columns, header included. */
export function fleetCsv(vessels: number, reports: number, seed = 1): Uint8Array {
  const fleet = createFleet(vessels, seed)
  const out = collect(reports, 110)
  out.add(
    'MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n',
  )
  let second = NaN
  let time = ''
  const steps = sail(fleet, reports, (v, t, lat, lon) => {
    if (t !== second) time = new Date((second = t)).toISOString().slice(0, 19)
    const sog = fleet.sog[v]!
    out.add(
      `${fleet.mmsi[v]!},${time},${lat.toFixed(5)},${lon.toFixed(5)},${sog.toFixed(1)},${fleet.cog[v]!.toFixed(1)},` +
        `${Math.floor(fleet.cog[v]!)},BENCH ${v},IMO${imoOf(v)},B${v % 100_000},70,${sog > 0 ? 0 : 5},120,18,6.5,70,${isClassB(v) ? 'B' : 'A'}\n`,
    )
  })
  run(steps)
  return out.done()
}

/** NMEA with TAG blocks; one message in ten is a type 5 in two sentences. @returns the bytes and how many sentences */
export function fleetNmea(
  vessels: number,
  reports: number,
  seed = 1,
): { bytes: Uint8Array; sentences: number } {
  const fleet = createFleet(vessels, seed)
  const out = collect(reports, 110)
  let sentences = 0
  const line = (tag: string, sentence: string) => {
    out.add(`${tag}${sentence}\n`)
    sentences++
  }
  let made = 0
  const steps = sail(fleet, reports, (v, t, lat, lon) => {
    const tag = tagBlock({ station: 'bench', t })
    const mmsi = fleet.mmsi[v]!
    const channel = made % 2 === 0 ? 'A' : 'B'
    if (++made % 10 === 0) {
      const data = {
        mmsi,
        imo: imoOf(v),
        name: `BENCH ${v}`,
        callsign: `B${v % 100_000}`,
        shipType: 70,
        length: 120,
        width: 18,
      }
      for (const sentence of encodeStatic5(data, made % 10, { channel })) line(tag, sentence)
      return
    }
    const sog = fleet.sog[v]!
    const cog = fleet.cog[v]!
    const txClass = v % 5 === 0 ? 'B' : 'A'
    const report = {
      mmsi,
      t,
      lat,
      lon,
      sog,
      cog,
      heading: Math.floor(cog),
      navStatus: sog > 0 ? 0 : 5,
      txClass,
      utcSecond: (t / 1000) % 60,
    } as const
    line(tag, encodePosition(report, { channel }))
  })
  run(steps)
  return { bytes: out.done(), sentences }
}
