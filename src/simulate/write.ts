// A simulated sea on paper: what was heard as NMEA sentences with TAG blocks or as CSV in the 17 columns of
// MarineCadastre (2015–2023), and the truth as JSON lines. Text goes out in pieces of some tens of kilobytes; nothing is kept.

import { encodePosition, encodeStatic24, encodeStatic5 } from '../ais/encode.js'
import { tagBlock } from '../ais/sentences.js'
import type { Simulation } from './fleet.js'
import type { Identity } from './identity.js'
import type { TruthEvent, TruthPlace } from './truth.js'

export type Write = (text: string) => void

const PIECE_CHARS = 65_536

/** Lines put together into pieces. */
function* inPieces(lines: Iterable<string>): Generator<string, void, undefined> {
  let piece = ''
  for (const line of lines) {
    piece += line
    if (piece.length < PIECE_CHARS) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

/** A whole text through a writer that never says "enough". */
function writeAll(pieces: Iterable<string>, write: Write): void {
  for (const piece of pieces) write(piece)
}

/**
 * Every copy that every receiver heard, in order of arrival; station and time of arrival (whole seconds) in the TAG
 * block of each sentence, channels A and B in turn. In pieces, worked out as they are asked for.
 */
export const nmeaText = (sim: Simulation): Iterable<string> => inPieces(nmeaLines(sim))
export const writeNmea = (sim: Simulation, write: Write): void => writeAll(nmeaText(sim), write)

function* nmeaLines(sim: Simulation): Generator<string, void, undefined> {
  let sent = 0
  let sequence = 0
  for (const message of sim.messages) {
    const tag = tagBlock({ station: message.receiver, t: Math.floor(message.receivedAt / 1000) * 1000 })
    const channel = sent++ % 2 === 0 ? 'A' : 'B'
    if (message.kind === 'position') {
      yield `${tag}${encodePosition(message.report, { channel })}\n`
      continue
    }
    const sentences =
      message.ship.txClass === 'A'
        ? encodeStatic5(message.report, sequence++ % 10, { channel })
        : encodeStatic24(message.report, { channel })
    for (const sentence of sentences) yield `${tag}${sentence}\n`
  }
}

const CSV_HEADER =
  'MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass'

/** Positions in order of arrival, each transmission once, with the static data of its ship. Times in whole seconds. */
export const csvText = (sim: Simulation): Iterable<string> => inPieces(csvLines(sim))
export const writeCsv = (sim: Simulation, write: Write): void => writeAll(csvText(sim), write)

function* csvLines(sim: Simulation): Generator<string, void, undefined> {
  yield `${CSV_HEADER}\n`
  const cells = new Map<Identity, [string, string]>()
  let second = NaN
  let time = ''
  for (const message of sim.firstMessages) {
    if (message.kind !== 'position') continue
    const { ship, report } = message
    let fixed = cells.get(ship)
    if (!fixed) {
      fixed = [
        `${ship.name},${ship.imo === undefined ? '' : `IMO${ship.imo}`},${ship.callsign},${ship.shipType},`,
        `,${ship.length},${ship.width},${ship.txClass === 'A' ? ship.draught : ''},${ship.shipType},${ship.txClass}\n`,
      ]
      cells.set(ship, fixed)
    }
    const now = Math.floor(report.t / 1000)
    if (now !== second) {
      second = now
      time = new Date(now * 1000).toISOString().slice(0, 19)
    }
    yield (
      `${report.mmsi},${time},${report.lat!.toFixed(5)},${report.lon!.toFixed(5)},${report.sog!.toFixed(1)},` +
      `${report.cog!.toFixed(1)},${report.heading ?? 511},${fixed[0]}${report.navStatus ?? ''}${fixed[1]}`
    )
  }
}

const timed = (place: TruthPlace) => ({
  t: new Date(place.t).toISOString(),
  lat: Math.round(place.lat * 1e5) / 1e5,
  lon: Math.round(place.lon * 1e5) / 1e5,
})

/** One line of JSON for each thing that really happened. */
export const truthText = (truth: readonly TruthEvent[]): Iterable<string> => inPieces(truthLines(truth))
export const writeTruth = (truth: readonly TruthEvent[], write: Write): void =>
  writeAll(truthText(truth), write)

function* truthLines(truth: readonly TruthEvent[]): Generator<string, void, undefined> {
  for (const event of truth) {
    const line = { ...event, start: timed(event.start), end: event.end && timed(event.end) }
    yield `${JSON.stringify(line)}\n`
  }
}
