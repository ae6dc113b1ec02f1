// The lies on trial, by class. A new one is a file and a line here.

import type { Family } from './family.js'
import { fabricatedGroup } from './fabricated-group.js'
import { jump } from './jump.js'
import { replay } from './replay.js'
import { sharedMmsi } from './shared-mmsi.js'
import { synthetic } from './synthetic.js'

export const FAMILIES: readonly Family[] = [jump, sharedMmsi, replay, synthetic, fabricatedGroup]
