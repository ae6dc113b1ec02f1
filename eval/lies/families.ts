// The lies on trial, by class. A new one is a file and a line here.

import type { Family } from './family.js'
import { distress } from './distress.js'
import { drift } from './drift.js'
import { jump } from './jump.js'
import { kinematic } from './kinematic.js'
import { navStatus } from './nav-status.js'
import { sharedMmsi } from './shared-mmsi.js'
import { suddenStop } from './sudden-stop.js'

export const FAMILIES: readonly Family[] = [
  jump,
  sharedMmsi,
  kinematic,
  navStatus,
  drift,
  suddenStop,
  distress,
]
