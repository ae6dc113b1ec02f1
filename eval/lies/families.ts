// The lies on trial, by class. A new one is a file and a line here.

import type { Family } from './family.js'
import { jump } from './jump.js'
import { kinematic } from './kinematic.js'
import { sharedMmsi } from './shared-mmsi.js'

export const FAMILIES: readonly Family[] = [jump, sharedMmsi, kinematic]
