// What every detector is: pure functions over a state that travels. A factory checks its options once and returns
// them; state is typed arrays by slot, or small plain records, so that a snapshot is a copy.

import type { ReportBatch } from '../model/batch.js'
import type { DetectorEvent } from '../model/event.js'
import type { Copy } from '../model/receivers.js'
import type { Parting } from '../tracks/associate.js'
import type { Tracks } from '../tracks/table.js'

export type Emit = (event: DetectorEvent) => void

/** What an input may lack. A detector that needs it says nothing there, and the summary of the run says so. */
export type Need =
  | 'native rate' // reports as often as they are sent: at most 30 s apart under way
  | 'receivers' // who heard each message
  | 'static data'
  | 'course'
  | 'heading'
  | 'nav status'
  | 'UTC second'
  | 'integrity bits' // accuracy, RAIM, communication state: the raw messages
  | 'second source' // two kinds of collection, or two feeds

export interface Detector<State = unknown> {
  readonly name: string
  readonly needs?: readonly Need[]
  /**
   * It hears distress beacons too. They have a slot, so that they have a track, and are no vessels: nobody else is asked of
   * them. `due` and `tick` of such a detector are for them alone.
   */
  readonly beacons?: boolean
  init(slots: number): State
  /** A new report: row `i` of `batch`. `tracks` still holds the one before. */
  step?(state: State, slot: number, tracks: Tracks, batch: ReportBatch, i: number, emit: Emit): void
  /**
   * Of a detector whose `step` does nothing for an ordinary report (engine/ordinary) of a track that it does not watch: true
   * while it does. It is asked after each of its steps, and stepped only at a track's first report of a ten-minute slot
   * (reception/slots), at one out of the ordinary, and while one of its kind watches.
   */
  watches?(state: State, slot: number): boolean
  /**
   * Any report of the MMSI whose first slot this is, copies, late ones and static data too, before it is known which of its
   * ships sent it. Called only once several feeds were heard (tracks/feeds, which still holds the feed's report before).
   */
  received?(state: State, slot: number, tracks: Tracks, batch: ReportBatch, i: number, emit: Emit): void
  /** A tick is never due sooner than this after a report, ms. Only with `due` and `tick`. */
  readonly minDelayMs?: number
  /** Event time at which `tick` is due if the track stays silent; Infinity when never. */
  due?(state: State, slot: number, tracks: Tracks): number
  /** Event time reached whole minute `t` ≥ due, this track silent. */
  tick?(state: State, slot: number, tracks: Tracks, t: number, emit: Emit): void
  /** One more receiver has heard a message of this vessel: what was told of who heard it is told anew. */
  copied?(state: State, slot: number, tracks: Tracks, copy: Copy, emit: Emit): void
  /**
   * A report older than the track's last, within the correction horizon: not fed to step, but it may disprove what was
   * said. `asOf` is when it came to be known, epoch ms.
   */
  late?(state: State, slot: number, batch: ReportBatch, i: number, asOf: number, emit: Emit): void
  /**
   * The track goes on at row `i`, where its last fix could not have come from; `step` follows for the same row.
   * `isJump` is false when that says nothing of the ship: its MMSI is shared, or the fix it leaves stood alone.
   */
  moved?(
    state: State,
    slot: number,
    tracks: Tracks,
    batch: ReportBatch,
    i: number,
    isJump: boolean,
    emit: Emit,
  ): void
  /** The track's last fix, at time `t`, was not its own, as is known at `asOf`; `tracks` no longer holds it. Take back what it led to. */
  mistaken?(state: State, slot: number, t: number, asOf: number, emit: Emit): void
  /** Two tracks of one MMSI go on in turn, at event time `t`: what looked like one ship was two. */
  parted?(state: State, parting: Parting, tracks: Tracks, t: number, emit: Emit): void
  /** Of the tracks of an MMSI at most one is still heard; `slot` is the one that fell silent last. */
  alone?(state: State, slot: number, tracks: Tracks, t: number, emit: Emit): void
  /** What must outlive the eviction of this slot, as one number; unpark puts it back. */
  park?(state: State, slot: number): number
  unpark?(state: State, slot: number, parked: number): void
  /** Visits every id in words.statics that the state holds: the others may be forgotten, and given out anew. */
  statics?(state: State, visit: (id: number) => void): void
  /** The slot is about to change owner: hand over what is open, leave it as good as new. */
  clear(state: State, slot: number, tracks: Tracks, emit: Emit): void
}
