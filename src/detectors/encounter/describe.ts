// What is said of two vessels that were together: one event for both, told of the one with the smaller number.

import { flagOf } from '../../ais/mmsi.js'
import { fix } from '../../geo/fix.js'
import type { DetectorEvent, Evidence, Phase } from '../../model/event.js'
import { TX_CLASSES, type StaticData } from '../../model/report.js'
import { M_PER_NM, MS_PER_HOUR, MS_PER_MIN, round } from '../../model/units.js'
import type { Tracks } from '../../tracks/table.js'
import { rankScore } from '../score.js'
import { kindOf, mayTransfer, type Kind } from '../../ais/kinds.js'
import { DISTANCE_BIN_M, endOf, medianOf, SPEED_BIN_KN, type Edge, type Together } from './together.js'

export type EncounterClass = 'encounter' | 'brief_meeting' | 'tandem' | 'service'

/** What there is to say, beside the being together itself. */
export interface Subject {
  /** Slots: the one that the event is told of, and its partner. */
  own: number
  other: number
  /** Whether the one that it is told of is the pair's `a`. */
  isA: boolean
  vessel: StaticData | undefined
  partner: StaticData | undefined
  /** Null without a coast. */
  shoreM: number | null
}

/** A priori, in log-odds: what is no business of two ships that meet ranks low whatever it is. */
const PRIOR: Record<EncounterClass, number> = {
  encounter: -1.5,
  brief_meeting: -2.5,
  tandem: -4,
  service: -4,
}

const NIGHT_FROM_H = 19
const NIGHT_TO_H = 5

/** Their being together in figures. */
export interface Figures {
  start: Edge
  /** Event time that it is known to. */
  until: number
  distanceM: number
  kn: number
  closestM: number
  /** Longest time that they were close, ms; absent where nobody asked. */
  closeMs?: number
  came?: boolean
  /** Times at which both are known, and those of each that lie between fixes far apart. */
  moments: number
  guessedA: number
  guessedB: number
}

const figuresOf = (run: Together): Figures => ({
  ...{ start: run.start, until: endOf(run).t, closestM: run.closestM, closeMs: run.closeMs, came: run.came },
  ...{ moments: run.moments, guessedA: run.guessedA, guessedB: run.guessedB },
  distanceM: medianOf(run.byDistance, DISTANCE_BIN_M),
  kn: medianOf(run.bySpeed, SPEED_BIN_KN),
})

export const describe = (
  subject: Subject,
  tracks: Tracks,
  run: Together,
  kind: EncounterClass,
  asOf: number,
): DetectorEvent => describeFigures(subject, tracks, figuresOf(run), kind, asOf)

export function describeFigures(
  { own, other, isA, vessel, partner, shoreM }: Subject,
  tracks: Tracks,
  run: Figures,
  kind: EncounterClass,
  asOf: number,
): DetectorEvent {
  const ownMmsi = tracks.mmsi[own]!
  const mmsi = tracks.mmsi[other]!
  const track = tracks.track[other]!
  const { distanceM, kn } = run
  const hours = (run.until - run.start.t) / MS_PER_HOUR
  const share = (guessed: number) => round(guessed / run.moments, 3)
  const start = placeOf(run.start, isA)
  const flags = [flagOf(ownMmsi), flagOf(mmsi)]
  const evidence: Evidence[] = [
    {
      ...{ family: 'behaviour', name: 'together_h', value: round(hours, 2) },
      weight: round(Math.min(1, hours / 8), 3),
      text: `${inWords(hours)} together with MMSI ${mmsi}, half of the time within ${distanceM.toFixed(0)} m, at ${kn.toFixed(1)} kn`,
    },
  ]
  if (shoreM !== null) {
    const nm = shoreM / M_PER_NM
    const text = `${nm.toFixed(0)} nm from shore`
    evidence.push({
      ...{ family: 'place', name: 'shore_nm', value: round(nm, 1) },
      ...{ weight: round(Math.min(1, nm / 50), 3), text },
    })
  }
  const kinds: [Kind, Kind] = [kindOf(vessel), kindOf(partner)]
  if (mayTransfer(...kinds)) {
    const text = `a ${kinds[0]} ship and a ${kinds[1]} ship`
    evidence.push({ family: 'behaviour', name: 'ship_types', value: kinds.join(', '), weight: 0.75, text })
  } else if (kinds[0] === 'fishing' && kinds[1] === 'fishing') {
    const text = 'two fishing vessels, which work the same grounds'
    evidence.push({ family: 'behaviour', name: 'ship_types', value: kinds.join(', '), weight: -0.5, text })
  }
  if (flags[0] !== null && flags[1] !== null && flags[0] !== flags[1]) {
    const text = `under two flags, ${flags[0]} and ${flags[1]}`
    evidence.push({ family: 'identity', name: 'flags', value: flags.join(', '), weight: 0.25, text })
  }
  const hour = solarHour(start.t, start.lon!)
  if (hour >= NIGHT_FROM_H || hour < NIGHT_TO_H) {
    const text = 'begun at night'
    evidence.push({ family: 'behaviour', name: 'solar_hour', value: round(hour, 1), weight: 0.25, text })
  }
  const guessed = Math.max(run.guessedA, run.guessedB) / run.moments
  if (guessed > 0.5) {
    const text = `${Math.round(100 * guessed)} % of the places lie between fixes that are far apart`
    evidence.push({ family: 'reception', name: 'interpolated', value: round(guessed, 2), weight: -0.5, text })
  }
  return {
    ...({ type: 'encounter', class: kind, phase: 'opened', revision: 1, asOf, slot: own } as const),
    key: track === 1 ? String(mmsi) : `${mmsi}.${track}`,
    ...{ start, end: null, score: rankScore(PRIOR[kind], evidence), evidence },
    details: {
      others: [mmsi],
      partner: {
        ...{ mmsi, track, name: partner?.name ?? null, imo: partner?.imo ?? null },
        ...{ callsign: partner?.callsign ?? null, flag: flags[1], shipType: partner?.shipType ?? null },
        txClass: TX_CLASSES[tracks.txClass[other]!]!,
      },
      partnerStart: placeOf(run.start, !isA),
      medianDistanceM: distanceM,
      closestM: run.closestM,
      ...(run.closeMs === undefined ? {} : { closeMin: run.closeMs / MS_PER_MIN }),
      medianSpeedKn: kn,
      ...(run.came === undefined ? {} : { cameTogether: run.came }),
      interpolatedShare: share(isA ? run.guessedA : run.guessedB),
      partnerInterpolatedShare: share(isA ? run.guessedB : run.guessedA),
      distanceFromShoreM: shoreM,
    },
  }
}

/** The same as it is known now. */
export const retold = (told: DetectorEvent, now: DetectorEvent, phase: Phase): DetectorEvent => ({
  ...now,
  phase,
  revision: told.revision + 1,
})

export const placeOf = ({ t, a, b }: Edge, isA: boolean) => {
  const { lat, lon } = isA ? a : b
  // a place between two fixes is no more exact than they are
  return fix(t, round(lat, 6), round(lon, 6))
}

const inWords = (hours: number): string =>
  hours < 1 ? `${Math.round(hours * 60)} min` : `${hours.toFixed(1)} h`

/** Hour of the sun at a longitude, to a quarter of an hour. */
const solarHour = (t: number, lon: number): number => (((t / MS_PER_HOUR + lon / 15) % 24) + 24) % 24
