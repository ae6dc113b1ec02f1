// What every detector is: pure functions over a state that travels. A factory checks its options once and returns
// them; state is typed arrays by slot, or small plain records, so that a snapshot is a copy.

import type { ReportBatch } from '../model/batch.js'
import type { DetectorEvent } from '../model/event.js'
import type { Tracks } from '../tracks/table.js'

export type Emit = (event: DetectorEvent) => void

export interface Detector<State = unknown> {
  readonly name: string
  /** Steps only for slots whose MMSI was heard at two places (tracks.apart): most never are, and are spared the call. */
  readonly onlyApart?: true
  init(slots: number): State
  /** A new report: row `i` of `batch`. `tracks` still holds the one before. */
  step(state: State, slot: number, tracks: Tracks, batch: ReportBatch, i: number, emit: Emit): void
  /** A tick is never due sooner than this after a report, ms. Only with `due` and `tick`. */
  readonly minDelayMs?: number
  /** Event time at which `tick` is due if the track stays silent; Infinity when never. */
  due?(state: State, slot: number, tracks: Tracks): number
  /** Event time reached whole minute `t` ≥ due, this track silent. */
  tick?(state: State, slot: number, tracks: Tracks, t: number, emit: Emit): void
  /**
   * A report older than the track's last, within the correction horizon: not fed to step, but it may disprove what was
   * said. `asOf` is when it came to be known, epoch ms.
   */
  late?(state: State, slot: number, batch: ReportBatch, i: number, asOf: number, emit: Emit): void
  /** What must outlive the eviction of this slot, as one number; unpark puts it back. */
  park?(state: State, slot: number): number
  unpark?(state: State, slot: number, parked: number): void
  /** The slot is about to change owner: hand over what is open, leave it as good as new. */
  clear(state: State, slot: number, tracks: Tracks, emit: Emit): void
}
