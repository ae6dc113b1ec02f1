// The lies on trial, by class. A new one is a file and a line here.

import { blanked } from './blanked.js'
import { circle } from './circle.js'
import { clock } from './clock.js'
import type { Family } from './family.js'
import { footprint } from './footprint.js'
import { identitySwap, imoChanged, nameChanged } from './identity.js'
import { fabricatedGroup } from './fabricated-group.js'
import { distress } from './distress.js'
import { drift } from './drift.js'
import { jump } from './jump.js'
import { onLand } from './on-land.js'
import { replay } from './replay.js'
import { kinematic } from './kinematic.js'
import { navStatus } from './nav-status.js'
import { offset } from './offset.js'
import { partialSilence } from './partial-silence.js'
import { sharedMmsi } from './shared-mmsi.js'
import { synthetic } from './synthetic.js'
import { suddenStop } from './sudden-stop.js'

export const FAMILIES: readonly Family[] = [
  ...[jump, sharedMmsi, circle, onLand, replay, synthetic, fabricatedGroup, kinematic, navStatus],
  ...[clock, footprint, offset, partialSilence],
  ...[nameChanged, imoChanged, identitySwap, blanked],
  ...[drift, suddenStop, distress],
]
