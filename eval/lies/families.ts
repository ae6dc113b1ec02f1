// The lies on trial, by class. A new one is a file and a line here.

import { clock } from './clock.js'
import type { Family } from './family.js'
import { footprint } from './footprint.js'
import { jump } from './jump.js'
import { offset } from './offset.js'
import { partialSilence } from './partial-silence.js'
import { sharedMmsi } from './shared-mmsi.js'

export const FAMILIES: readonly Family[] = [jump, sharedMmsi, clock, footprint, offset, partialSilence]
