// Exemptions that an analyst decided in the console, as they are held against events: one rule for what its list hides, and
// for what a run does not tell. (Exemptions of a list of vessels, which know more of who is meant, are in listed.ts.)

import type { VesselEvent } from '../model/event.js'

/** One a vessel. */
export interface Exempt {
  mmsi: number
  /** Event types; null: all. */
  types: readonly string[] | null
  /** It holds for events that begin before this, epoch ms; finite, since it is logged as JSON. */
  expires: number
}

/** What of an event decides. */
export interface ExemptFacts {
  mmsi: number | null
  /** Who else it is about as much. */
  other: number | null
  type: string
  /** Epoch ms. */
  startT: number
}

/** All that an event is about are exempt from it: it does not silence who took the number of another. */
export const isExempt = (exempt: readonly Exempt[], { mmsi, other, type, startT }: ExemptFacts): boolean =>
  [mmsi, other ?? mmsi].every(of =>
    exempt.some(
      one => one.mmsi === of && startT < one.expires && (one.types === null || one.types.includes(type)),
    ),
  )

/** A name or a number is told by two; of a meeting the vessel is the one that it is told of. */
export const isAboutTwo = (type: string): boolean => type === 'identity'

export const exemptFacts = ({ mmsi, type, start, details }: VesselEvent): ExemptFacts => ({
  ...{ mmsi, type, startT: start.t, other: isAboutTwo(type) ? (othersOf(details)[0] ?? null) : null },
})

/** The other MMSIs that an event is about. */
export const othersOf = (details: VesselEvent['details']): number[] =>
  (details['others'] as number[] | undefined) ?? []
