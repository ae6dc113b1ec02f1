// What the engine looks like from outside: used by run/ and by programs that embed it.

import type { Need } from '../detectors/detector.js'
import type { Watchlist } from '../assess/watchlist.js'
import type { ReportBatch } from '../model/batch.js'
import type { ConfigInput } from '../model/config.js'
import type { ScenesOptions } from '../match/scenes.js'
import type { Scene } from '../model/detection.js'
import type { DarkEvent, ZoneRef } from '../model/event.js'
import type { PositionReport, Reject, StaticReport } from '../model/report.js'
import type { EngineCounts } from '../model/stats.js'
import type { Words } from '../model/words.js'
import type { GridRow } from '../reception/grid.js'
import type { Anchorage } from '../zones/anchorages.js'
import type { Coast } from '../zones/coast.js'
import type { ZoneIndex } from '../zones/index.js'
import type { Capture } from './snapshot.js'
import type { PortIndex } from '../zones/ports.js'

export interface EngineOptions {
  /** Thresholds; what is left out takes the preset's value, then the default. */
  config?: ConfigInput
  /** A name from model/presets. */
  preset?: string
  /** Whose waters: a zone index. Without one, events carry no zones and no zone event is found. */
  zones?: ZoneIndex | undefined
  /** Ports and anchorages, for the port rule. */
  ports?: PortIndex | undefined
  /** Land and shore distance, for loitering far from shore. */
  coast?: Coast | undefined
  /** Who is watched, exempt, or should stand in a register. Restored engines take the one they are given. */
  watchlist?: Watchlist | undefined
  /**
   * What is known of reception before the first report: it counts and ages like what is learned. Rows of feeds that are none
   * of COLLECTIONS are left out. A restored engine has it already.
   */
  receptionPrior?: readonly GridRow[] | undefined
  /**
   * Satellite pictures are to be expected, by pushScene or from a source that has them in order: with what is fixed at sea, and
   * whether they come hours late, so that positions are kept for them (some 20 MB).
   */
  scenes?: Pick<ScenesOptions, 'mask' | 'late' | 'pictures'> | undefined
  /** Shared with the sources that make the batches; a new one by default. */
  words?: Words
  onEvent: (event: DarkEvent) => void
  onReject?: (reject: Reject) => void
  /** Bytes from snapshot(): goes on where that engine stood. */
  restore?: Uint8Array
  /** Restores although thresholds or zones are others than the snapshot's; they hold from then on. @default false */
  adopt?: boolean
  /**
   * What makes silence last: the reports themselves, which is right where all come in order of time; or advance() alone,
   * which is right for live feeds, where one source may be hours behind another. @default 'reports'
   */
  timers?: 'reports' | 'watermark'
}

/** What happened in each zone: reports heard, vessels seen, hours they spent there. */
export interface ZoneActivity {
  zone: ZoneRef
  reports: number
  vessels: number
  vesselHours: number
}

export interface Engine {
  readonly words: Words
  readonly counts: EngineCounts
  /** Takes one report, in any order within the reorder window. */
  push(report: PositionReport): void
  pushStatic(report: StaticReport): void
  /**
   * The same for a batch of columns, made with this engine's `words`. The batch is the caller's again when it returns;
   * unless it was `validated`, values that are out of range have become NaN in it.
   * @param order rows to take, in this order; all by default
   */
  pushBatch(batch: ReportBatch, order?: Uint32Array | null): void
  /**
   * Takes a satellite picture, at any time: best before event time reaches it. Later only with `scenes.late`, from the
   * positions that are kept. @returns false for one that was taken before
   */
  pushScene(scene: Scene): boolean
  /** Event time reached `watermark` (epoch ms): acts as if called for every whole minute up to it. */
  advance(watermark: number): void
  /**
   * Forgets static data that no vessel, silence or waiting report uses, when there are more than `engine.staticsKept`;
   * their ids in `words` are given out again. For feeds that do not end: call it now and then, while no row is on its way
   * to the engine, neither in a batch nor in a reader.
   */
  tidy(): void
  /** End of data: hands over everything still held, at the newest accepted event time, never later. */
  flush(): void
  /** The whole state, to be restored by another engine. */
  snapshot(): Uint8Array
  /** The same for who must not wait for all of it: the state as it is now, in pieces that are made when asked for. */
  capture(): Capture
  zoneActivity(): ZoneActivity[]
  /** What could not be judged because no report brought what it takes: detectors by name, and what they need. */
  notJudged(): Record<string, Need[]>
  /** Anchorages that were learned, in order of when their first ship lay there. */
  anchorages(): Anchorage[]
  /** What was learned of reception, the prior included: cells that rest on `minHoles` holes or more. @default 1 */
  receptionGrid(minHoles?: number): GridRow[]
  /**
   * More than one place is known of the MMSI, or its last fix after a silence stands alone: what was closed of it may yet be
   * revised or retracted.
   */
  isInDoubt(mmsi: number): boolean
  /** Distinct vessels (MMSIs) seen. */
  readonly vessels: number
  /** First and last accepted event time, epoch ms; NaN before the first. */
  readonly span: { from: number; to: number }
}
