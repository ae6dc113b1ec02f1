// What kind of ship: some detectors say whether a detection is a fishing vessel, and AIS says it of most vessels. How well the two
// agree nobody tells beforehand, so the scene tells: how often a fishing vessel and another one is called fishing is estimated with
// the assignment, in turns, and held against how often any detection is. Before anything is learned, and where either says nothing,
// the kind weighs nothing.

import type { Detection } from '../model/detection.js'
import type { Assigned } from './assign.js'
import type { Pairs } from './pairs.js'

/** Ships of a kind that are worth as much as what is known of all: the first dozen weighs little. */
const PRIOR_SHIPS = 10
/** Type of a fishing vessel in AIS (ITU-R M.1371, table 53); 0 is none told. */
const FISHING_TYPE = 30

const FISHING = 0
const OTHER = 1
const UNKNOWN = -1

export function kindOf(shipType: number | null | undefined): typeof FISHING | typeof OTHER | typeof UNKNOWN {
  if (shipType === null || shipType === undefined || !(shipType > 0)) return UNKNOWN
  return shipType === FISHING_TYPE ? FISHING : OTHER
}

export interface Kinds {
  /** How much likelier what is said of a detection is of a vessel of that type than of anything seen. */
  agreement(detection: number, shipType: number | null | undefined): number
  /** @returns by which share of it an agreement changed, at most */
  learn(pairs: Pairs, { pair }: Assigned): number
}

export function createKinds(
  detections: readonly Detection[],
  vessels: readonly { shipType?: number | null | undefined }[],
): Kinds {
  const called = detections.map(({ fishing }) =>
    fishing === null || fishing === undefined ? UNKNOWN : Number(fishing >= 0.5),
  )
  const said = called.filter(each => each !== UNKNOWN)
  // both are thinkable, however all of few are called
  const usual = (said.reduce((sum, each) => sum + each, 0) + 1) / (said.length + 2)
  const kinds = vessels.map(({ shipType }) => kindOf(shipType))
  /** Share of a kind that is called fishing. */
  const shares = [usual, usual]
  const ratio = (kind: number, isCalled: number): number =>
    isCalled === 1 ? shares[kind]! / usual : (1 - shares[kind]!) / (1 - usual)
  return {
    agreement(detection, shipType) {
      const kind = kindOf(shipType)
      return kind === UNKNOWN || called[detection] === UNKNOWN ? 1 : ratio(kind, called[detection]!)
    },
    learn({ count, detection, vessel }, { pair }) {
      if (said.length === 0) return 0
      const before = [FISHING, OTHER].flatMap(kind => [ratio(kind, 0), ratio(kind, 1)])
      const all = [0, 0]
      const fishing = [0, 0]
      for (let p = 0; p < count; p++) {
        const kind = kinds[vessel[p]!]!
        const isCalled = called[detection[p]!]!
        if (kind === UNKNOWN || isCalled === UNKNOWN) continue
        all[kind]! += pair[p]!
        fishing[kind]! += pair[p]! * isCalled
      }
      for (const kind of [FISHING, OTHER])
        shares[kind] = (fishing[kind]! + PRIOR_SHIPS * usual) / (all[kind]! + PRIOR_SHIPS)
      const now = [FISHING, OTHER].flatMap(kind => [ratio(kind, 0), ratio(kind, 1)])
      return now.reduce((most, each, k) => Math.max(most, Math.abs(each / before[k]! - 1)), 0)
    },
  }
}
