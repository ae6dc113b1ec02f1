// From revisions to final events: of each event the last state, once. An event that is still open may change until the
// data end; one that is closed is settled, unless its MMSI is in doubt (the fix that closed it may turn out to be another
// ship's), or it is a false position or name, or a silence that one ended: the discovery that two ships share the number withdraws
// these within a day; or a stop at sea, of which silences that come to light later may tell more. Only those are held back, so memory follows what is open, not what was found.

import { isVesselEvent, type DarkEvent } from '../model/event.js'
import { MS_PER_DAY, MS_PER_HOUR } from '../model/units.js'

export interface FinalEvents {
  /** Takes the next revision. */
  add(event: DarkEvent): void
  /**
   * What is settled by event time `t` (epoch ms), each once; call after each piece of data.
   * @param isInDoubt whether what was said of an MMSI may yet be taken back
   */
  settled(t: number, isInDoubt: (mmsi: number) => boolean): DarkEvent[]
  /** The data ended: all that is left, open ones as they stand, in order of their first revision. */
  rest(): DarkEvent[]
}

/** For how long what a jump made may be withdrawn (detectors/spoofing/jump, detectors/gap). */
const WITHDRAWABLE_MS = MS_PER_DAY
/** One more receiver of the message that closed an event revises it: beyond any sensible clean.duplicateWindowS. */
const COPIED_MS = MS_PER_HOUR
/** A picture is judged for a day (match/scenes), and what it says of a gap with it. */
const SEEN_MS = 26 * MS_PER_HOUR
/** Silences that begin or end later say whom a ship can have met, for a week after that (assess/rendezvous). */
const RANKED_MS = 8 * MS_PER_DAY

/**
 * @param scenes satellite pictures of up to a day before may tell of a gap that ended
 * @param goesOn other events were told before these: where one of them is retracted, the retraction is its last state
 */
export function createFinalEvents(scenes = false, goesOn = false): FinalEvents {
  const held = new Map<string, DarkEvent>()
  const begun = new Set<string>()
  return {
    add(event) {
      const { id, phase, revision } = event
      if (goesOn && revision === 1) begun.add(id)
      if (phase === 'retracted' && (!goesOn || begun.has(id))) held.delete(id)
      else held.set(id, event)
    },
    settled(t, isInDoubt) {
      const out: DarkEvent[] = []
      for (const [id, event] of held) {
        if (event.phase !== 'closed' || (isVesselEvent(event) && isInDoubt(event.mmsi))) continue
        if (!(t - event.asOf > revisedFor(event, scenes))) continue
        held.delete(id)
        out.push(event)
      }
      return out
    },
    rest() {
      const out = [...held.values()]
      held.clear()
      return out
    },
  }
}

function revisedFor(event: DarkEvent, scenes: boolean): number {
  if (scenes && event.type === 'gap') return SEEN_MS
  if (event.type === 'dark_rendezvous') return RANKED_MS
  return isOfJump(event) ? WITHDRAWABLE_MS : COPIED_MS
}

/** A false position or name, another draught, or a silence of which no one ship could serve both ends (or that is not known to be none). */
const isOfJump = ({ type, details }: DarkEvent): boolean =>
  type === 'spoofing' || type === 'identity' || type === 'draught' || details['reach'] === null
