// Which ship of an MMSI sent which report: what the engine finds on its way to events, for whoever wants just that. The
// same checks, the same recognition of copies, the same association; one vessel after the other, with a table for one.

import { createDedupe } from '../clean/dedupe.js'
import { createOrderer } from '../clean/order.js'
import { validateRow } from '../clean/validate.js'
import { appendReport, copyRow, createBatch, isStaticOnly, type ReportBatch } from '../model/batch.js'
import { resolveConfig, type ConfigInput } from '../model/config.js'
import { presetConfig } from '../model/presets.js'
import type { PositionReport, StaticData } from '../model/report.js'
import { createWords, staticKey } from '../model/words.js'
import { createAssociation } from '../tracks/associate.js'
import { MAX_TRACKS } from '../tracks/silences.js'
import { blankTrack, createVesselTable, updateTrack } from '../tracks/table.js'

export interface SegmentOptions {
  /** Thresholds, of which `clean`, `tracks` and `spoofing` matter here. */
  config?: ConfigInput
  /** A name from model/presets. */
  preset?: string
}

/** What became of one report. */
export interface Segment {
  /**
   * `track`: it belongs to one. `copy`: a repeat of one that was heard before, and of its track. `outlier`: a displaced fix
   * that nothing confirmed. `invalid`: no report, by its values.
   */
  fate: 'track' | 'copy' | 'outlier' | 'invalid'
  /** Tracks of the MMSI are counted from 1, in the order in which they came to be; 0 is none. */
  track: number
  /** Pieces of the track between leaps that no ship can make, from 1; 0 is none. */
  piece: number
}

/** A report as an object, with what it says of the ship. */
export type SegmentReport = PositionReport & StaticData

const STATIC_MESSAGE = 5
const none = (fate: Segment['fate']): Segment => ({ fate, track: 0, piece: 0 })

/**
 * Tells the ships of each MMSI apart, and a ship's own track at the leaps.
 * @param reports of any MMSIs, in any order; a batch stays as it is
 * @returns for each report, in the order given, its track
 * @throws UsageError for a wrong configuration or preset
 */
export function segment(
  reports: readonly SegmentReport[] | ReportBatch,
  options: SegmentOptions = {},
): Segment[] {
  const config = resolveConfig(options.preset ? presetConfig(options.preset) : undefined, options.config)
  const batch = 'words' in reports ? reports : batchOf(reports)
  const found: Segment[] = []
  for (const rows of rowsByMmsi(batch)) segmentVessel(batch, rows, config, found)
  return found
}

function batchOf(reports: readonly SegmentReport[]): ReportBatch {
  const words = createWords()
  const batch = createBatch(words, Math.max(1, reports.length))
  reports.forEach((report, i) => {
    appendReport(batch, report)
    const { imo, name, callsign, shipType, length, width, draught, destination, eta } = report
    const data = { imo, name, callsign, shipType, length, width, draught, destination, eta } as StaticData
    if (!Object.values(data).some(value => value !== undefined)) return
    batch.statics[i] = words.statics.id(staticKey(data), () => data)
    if (report.lat == null && !report.msgType) batch.msgType[i] = STATIC_MESSAGE
  })
  return batch
}

/** Row numbers of each MMSI in canonical order. */
function rowsByMmsi(batch: ReportBatch): Iterable<number[]> {
  const byMmsi = new Map<number, number[]>()
  const order = createOrderer()(batch)
  for (let k = 0; k < batch.length; k++) {
    const i = order ? order[k]! : k
    const rows = byMmsi.get(batch.mmsi[i]!)
    if (rows) rows.push(i)
    else byMmsi.set(batch.mmsi[i]!, [i])
  }
  return byMmsi.values()
}

/** What lies between two leaps of a track, at a place of the MMSI as tracks/associate numbers them; of none, an outlier. */
interface Piece {
  track: number
  place: number
}

function segmentVessel(
  batch: ReportBatch,
  rows: readonly number[],
  config: ReturnType<typeof resolveConfig>,
  found: Segment[],
): void {
  const { perMmsi } = config.tracks
  const table = createVesselTable(MAX_TRACKS)
  const { tracks } = table
  const pieces: Piece[] = []
  /** By slot: its track's number, the piece that goes on, and the row of its last fix. */
  const number: number[] = []
  const current: Piece[] = []
  const lastFix: number[] = []
  const pieceOf = new Map<number, Piece>()
  const copies: [row: number, of: number][] = []
  let count = 0
  // rows go by their number in column `receiver`, which nothing here looks at: those that wait keep it
  const row = createBatch(batch.words, 1)
  const repeat = (of: number, at: number) => {
    copies.push([at - 1, of - 1])
    return of
  }

  function begin(track: number, place: number): Piece {
    const piece = { track, place }
    pieces.push(piece)
    return piece
  }

  /** A new track in this slot: at a place that another had left, what it did there was this one's. */
  function start(slot: number, place: number): void {
    number[slot] = ++count
    const own = pieces.filter(piece => piece.place === place && place >= 0)
    for (const piece of own) piece.track = count
    current[slot] = own.at(-1) ?? begin(count, place)
  }

  const association = createAssociation(config, tracks, batch.words, {
    deliver,
    moved(slot, _batch, _i, _isJump, from, to) {
      current[slot]!.place = from
      current[slot] = begin(number[slot]!, to)
    },
    mistaken(slot, _t, place) {
      pieceOf.set(lastFix[slot]!, begin(0, place))
    },
    open(slots, t, place) {
      if (slots.length >= perMmsi) return -1
      const slot = table.add(tracks.mmsi[slots[0]!]!, t, () => {})
      start(slot, place)
      return slot
    },
    retire(slot, place) {
      blankTrack(tracks, slot, tracks.mmsi[slot]!)
      start(slot, place)
    },
    recall: () => [],
    parted: () => {},
    alone: () => {},
    dropped(held) {
      for (const { receiver } of held) found[receiver - 1] = none('outlier')
    },
  })
  const dedupe = createDedupe(1, config.clean.duplicateWindowS, { with: repeat }, () => {})

  function deliver(slot: number, from: ReportBatch, i: number): void {
    const at = from.receiver[i]! - 1
    pieceOf.set(at, current[slot]!)
    if (from.lat[i]! === from.lat[i]!) lastFix[slot] = at
    updateTrack(tracks, slot, from, i)
  }

  for (const at of rows) {
    copyRow(batch, at, row, 0)
    row.receiver[0] = at + 1
    found[at] = none('invalid')
    if (validateRow(row, 0) !== null) continue
    if (table.used() === 0)
      start(
        table.add(row.mmsi[0]!, row.t[0]!, () => {}),
        -1,
      )
    const isStatic = isStaticOnly(row.msgType[0]!)
    if (!isStatic && dedupe.seen(0, row, 0)) continue
    const isPlaced = !isStatic && row.lat[0]! === row.lat[0]!
    const isApart = tracks.apart[0] !== 0
    if (isPlaced && config.clean.outlierGuard && !association.admit(0, row, 0)) continue
    const slot = isApart && !isPlaced ? association.hear(0, row, 0) : 0
    if (row.statics[0]! !== 0 && !isApart) tracks.statics[slot] = row.statics[0]!
    deliver(slot, row, 0)
  }
  association.end()
  tell(rows, pieceOf, found)
  for (const [at, of] of copies) found[at] = { ...found[of]!, fate: 'copy' }
}

/** Numbers tracks and pieces as they come, without holes. */
function tell(rows: readonly number[], pieceOf: Map<number, Piece>, found: Segment[]): void {
  const tracks = new Map<number, { track: number; pieces: Map<Piece, number> }>()
  for (const at of rows) {
    const piece = pieceOf.get(at)
    if (!piece) continue
    if (piece.track === 0) {
      found[at] = none('outlier')
      continue
    }
    let of = tracks.get(piece.track)
    if (!of) tracks.set(piece.track, (of = { track: tracks.size + 1, pieces: new Map() }))
    if (!of.pieces.has(piece)) of.pieces.set(piece, of.pieces.size + 1)
    found[at] = { fate: 'track', track: of.track, piece: of.pieces.get(piece)! }
  }
}
