// A simulated sea on paper: what was heard as NMEA sentences with TAG blocks or as CSV in the 17 columns of
// MarineCadastre (2015–2023), and the truth as JSON lines. Text goes out in pieces of some tens of kilobytes; nothing is kept.

import { encodePosition, encodeStatic24, encodeStatic5, tagBlock } from '../ais/encode.js'
import type { Simulation } from './fleet.js'
import type { Identity } from './identity.js'
import type { TruthEvent, TruthPlace } from './truth.js'

export type Write = (text: string) => void

const PIECE_CHARS = 65_536

/** Collects lines into pieces. */
export function createLines(write: Write) {
  let piece = ''
  const flush = () => {
    if (piece !== '') write(piece)
    piece = ''
  }
  return {
    add(text: string) {
      piece += text
      if (piece.length >= PIECE_CHARS) flush()
    },
    flush,
  }
}

/**
 * Every copy that every receiver heard, in order of arrival; station and time of arrival (whole seconds) in the TAG
 * block of each sentence, channels A and B in turn.
 */
export function writeNmea(sim: Simulation, write: Write): void {
  const lines = createLines(write)
  let sent = 0
  let sequence = 0
  for (const message of sim.messages) {
    const tag = tagBlock({ station: message.receiver, t: Math.floor(message.receivedAt / 1000) * 1000 })
    const channel = sent++ % 2 === 0 ? 'A' : 'B'
    if (message.kind === 'position') {
      lines.add(`${tag}${encodePosition(message.report, { channel })}\n`)
      continue
    }
    const sentences =
      message.ship.txClass === 'A'
        ? encodeStatic5(message.report, sequence++ % 10, { channel })
        : encodeStatic24(message.report, { channel })
    for (const sentence of sentences) lines.add(`${tag}${sentence}\n`)
  }
  lines.flush()
}

const CSV_HEADER =
  'MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass'

/** Positions in order of arrival, each transmission once, with the static data of its ship. Times in whole seconds. */
export function writeCsv(sim: Simulation, write: Write): void {
  const lines = createLines(write)
  lines.add(`${CSV_HEADER}\n`)
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
    lines.add(
      `${report.mmsi},${time},${report.lat!.toFixed(5)},${report.lon!.toFixed(5)},${report.sog!.toFixed(1)},` +
        `${report.cog!.toFixed(1)},${report.heading ?? 511},${fixed[0]}${report.navStatus ?? ''}${fixed[1]}`,
    )
  }
  lines.flush()
}

const timed = (place: TruthPlace) => ({
  t: new Date(place.t).toISOString(),
  lat: Math.round(place.lat * 1e5) / 1e5,
  lon: Math.round(place.lon * 1e5) / 1e5,
})

/** One line of JSON for each thing that really happened. */
export function writeTruth(truth: readonly TruthEvent[], write: Write): void {
  const lines = createLines(write)
  for (const event of truth) {
    const line = { ...event, start: timed(event.start), end: event.end && timed(event.end) }
    lines.add(`${JSON.stringify(line)}\n`)
  }
  lines.flush()
}
