// Loitering as Global Fishing Watch tells it (preset gfw-loitering): runs of slow clock hours. The rule is in hourly.ts; here
// it meets a stream. An hour is judged once it is over; the days' pieces of one loitering are joined as they come.

import { geodesicM } from '../../geo/distance.js'
import { fix } from '../../geo/fix.js'
import type { ReportBatch } from '../../model/batch.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Evidence, Fix, Phase } from '../../model/event.js'
import { M_PER_NM, MS_PER_DAY, MS_PER_HOUR, MS_PER_MIN, round } from '../../model/units.js'
import type { Coast } from '../../zones/coast.js'
import type { Detector, Emit } from '../detector.js'
import { rankScore } from '../score.js'
import {
  addMessage,
  addSums,
  averageKn,
  averageShoreNm,
  isSlowHour,
  noSums,
  totalHours,
  turnOf,
  type HourlyMessage,
  type HourlySums,
} from './hourly.js'

/** An hour is looked at this long after it was over, where the vessel says nothing more. */
const SETTLE_MS = 10 * MS_PER_MIN

/** A group of one day; the first message gives its start alone. */
interface Piece {
  start: Fix
  end: Fix
  /** Without the first message … */
  sums: HourlySums
  /** … which counts for the distance from shore. */
  shore: HourlySums
  messages: number
}

/** Pieces of days that follow one another without a break. */
interface Whole {
  start: Fix
  end: Fix
  hours: number
  metres: number
  shoreNmHours: number
  messages: number
}

interface Hourly {
  /** Begin of the hour that is being filled, epoch ms; its messages, and those but the first. */
  hourT: number
  isOver: boolean
  first: { at: Fix; message: HourlyMessage }
  last: { at: Fix; message: HourlyMessage }
  all: HourlySums
  rest: HourlySums
  messages: number
  /** The last message of the hour before, and its hour. */
  before: { at: Fix; message: HourlyMessage; hourT: number } | null
  piece: Piece | null
  whole: Whole | null
  told: DetectorEvent | null
}

export interface ClockHoursState {
  /** By slot. */
  hourly: Map<number, Hourly>
}

export function clockHoursDetector(options: Config['loitering'], coast?: Coast): Detector<ClockHoursState> {
  const minMs = options.minHours * MS_PER_HOUR
  const { maxSpeedKn, minShoreNm } = options

  const step: Detector<ClockHoursState>['step'] = (state, slot, _tracks, batch, i, emit) => {
    if (batch.lat[i]! !== batch.lat[i]!) return
    const hourly = state.hourly.get(slot)
    const at = fix(batch.t[i]!, batch.lat[i]!, batch.lon[i]!)
    const message = messageOf(hourly?.last.at, batch, i)
    const hourT = Math.floor(at.t / MS_PER_HOUR) * MS_PER_HOUR
    if (!hourly) state.hourly.set(slot, begin(at, message, hourT))
    else if (hourT === hourly.hourT) add(hourly, at, message)
    else {
      judge(hourly, at.t, emit)
      const { last, piece, whole, told } = hourly
      const before = { ...last, hourT: hourly.hourT }
      state.hourly.set(slot, { ...begin(at, message, hourT), before, piece, whole, told })
    }
  }

  function messageOf(before: Fix | undefined, batch: ReportBatch, i: number): HourlyMessage {
    const lat = batch.lat[i]!
    const lon = batch.lon[i]!
    return {
      hours: before ? (batch.t[i]! - before.t) / MS_PER_HOUR : null,
      metres: before ? geodesicM(before.lat!, before.lon!, lat, lon) : null,
      shoreM: coast ? (coast.onLand(lat, lon) ? 0 : coast.shoreDistanceM(lat, lon)) : null,
    }
  }

  function begin(at: Fix, message: HourlyMessage, hourT: number): Hourly {
    const own = { at, message }
    const all = noSums()
    addMessage(all, message)
    return {
      hourT,
      isOver: false,
      first: own,
      last: own,
      all,
      rest: noSums(),
      messages: 1,
      before: null,
      piece: null,
      whole: null,
      told: null,
    }
  }

  function add(hourly: Hourly, at: Fix, message: HourlyMessage): void {
    // an hour that was looked at already, and goes on: what comes is of no hour any more
    if (hourly.isOver) {
      hourly.last = { at, message }
      return
    }
    hourly.last = { at, message }
    hourly.messages++
    addMessage(hourly.all, message)
    addMessage(hourly.rest, message)
  }

  /** The hour is over, as is known at `asOf`. */
  function judge(hourly: Hourly, asOf: number, emit: Emit): void {
    if (hourly.isOver) return
    hourly.isOver = true
    const { before, hourT } = hourly
    const days = before ? dayOf(hourT) - dayOf(before.hourT) : Infinity
    const isSlow = isSlowHour(averageKn(hourly.all), maxSpeedKn)
    const { ends, begins } = turnOf(hourly.piece !== null, isSlow, days)
    if (ends) {
      hourly.whole = joined(hourly.whole, hourly.piece!)
      hourly.piece = null
      if (begins !== 'after last') close(hourly, asOf, emit)
    }
    if (begins !== 'no') hourly.piece = beginPiece(begins === 'after last' ? before : null, hourly)
    else if (isSlow) extend(hourly.piece!, hourly, hourly.all)
    if (hourly.piece) open(hourly, asOf, emit)
  }

  function beginPiece(before: Hourly['before'], hourly: Hourly): Piece {
    const first = before ?? hourly.first
    const shore = noSums()
    if (before) addMessage(shore, before.message)
    else addMessage(shore, hourly.first.message)
    const piece: Piece = { start: first.at, end: first.at, sums: noSums(), shore, messages: 1 }
    const isAlone = before === null
    extend(piece, hourly, isAlone ? hourly.rest : hourly.all)
    if (isAlone) piece.messages--
    return piece
  }

  function extend(piece: Piece, hourly: Hourly, sums: HourlySums): void {
    addSums(piece.sums, sums)
    addSums(piece.shore, sums)
    piece.messages += hourly.messages
    piece.end = hourly.last.at
  }

  /** A piece of one message is none. */
  function joined(whole: Whole | null, { start, end, sums, shore, messages }: Piece): Whole | null {
    if (messages < 2) return whole
    const hours = totalHours(sums) ?? 0
    return {
      start: whole?.start ?? start,
      end,
      hours: (whole?.hours ?? 0) + hours,
      metres: (whole?.metres ?? 0) + sums.metres,
      shoreNmHours: (whole?.shoreNmHours ?? 0) + hours * (averageShoreNm(shore) ?? Infinity),
      messages: (whole ? whole.messages - 1 : 0) + messages,
    }
  }

  const shoreNmOf = ({ shoreNmHours, hours }: Whole): number => (hours > 0 ? shoreNmHours / hours : Infinity)

  const counts = (whole: Whole): boolean =>
    whole.end.t - whole.start.t >= minMs && (minShoreNm === 0 || shoreNmOf(whole) >= minShoreNm)

  function open(hourly: Hourly, asOf: number, emit: Emit): void {
    const whole = joined(hourly.whole, hourly.piece!)
    if (hourly.told || !whole || !counts(whole)) return
    emit((hourly.told = describe(whole, 'opened', 1, asOf)))
  }

  function close(hourly: Hourly, asOf: number, emit: Emit): void {
    const { whole, told } = hourly
    hourly.whole = hourly.told = null
    if (!whole) return
    const revision = told ? told.revision + 1 : 1
    if (counts(whole)) emit(describe(whole, 'closed', revision, asOf))
    else if (told) emit({ ...told, phase: 'retracted', revision, asOf })
  }

  function describe(whole: Whole, phase: Phase, revision: number, asOf: number): DetectorEvent {
    const { start, end, hours, metres, messages } = whole
    const knots = metres / hours / M_PER_NM
    const shoreNm = shoreNmOf(whole)
    const evidence: Evidence[] = [
      {
        ...{
          family: 'behaviour',
          name: 'slow_h',
          value: round(hours, 2),
          expected: `< ${options.minHours} h`,
        },
        weight: 0,
        text: `slower than ${maxSpeedKn} kn hour by hour for ${hours.toFixed(1)} h, ${knots.toFixed(1)} kn on average`,
      },
    ]
    if (Number.isFinite(shoreNm)) {
      const text = `${shoreNm.toFixed(0)} nm from shore on average`
      evidence.push({ family: 'place', name: 'shore_nm', value: round(shoreNm, 1), weight: 0, text })
    }
    return {
      ...({ type: 'loitering', phase, revision, asOf, start } as const),
      ...{ end: phase === 'closed' ? end : null, score: rankScore(-2, evidence), evidence },
      details: {
        averageSpeedKn: knots,
        hours,
        pathM: metres,
        messages,
        meanDistanceFromShoreNm: Number.isFinite(shoreNm) ? shoreNm : null,
      },
    }
  }

  /** The track is broken: its last hour counts as far as it went. */
  function end(state: ClockHoursState, slot: number, asOf: number, emit: Emit): void {
    const hourly = state.hourly.get(slot)
    if (!hourly) return
    judge(hourly, asOf, emit)
    if (hourly.piece) {
      hourly.whole = joined(hourly.whole, hourly.piece)
      hourly.piece = null
    }
    close(hourly, asOf, emit)
    state.hourly.delete(slot)
  }

  return {
    name: 'loitering',
    init: () => ({ hourly: new Map() }),
    step,
    minDelayMs: SETTLE_MS,
    due(state, slot) {
      const hourly = state.hourly.get(slot)
      return hourly && !hourly.isOver ? hourly.hourT + MS_PER_HOUR + SETTLE_MS : Infinity
    },
    tick(state, slot, _tracks, t, emit) {
      const hourly = state.hourly.get(slot)
      if (hourly) judge(hourly, t, emit)
    },
    moved: (state, slot, _tracks, batch, i, _isJump, emit) => end(state, slot, batch.t[i]!, emit),
    clear: (state, slot, tracks, emit) => end(state, slot, tracks.heard[slot]!, emit),
  }
}

const dayOf = (t: number): number => Math.floor(t / MS_PER_DAY)
