// The lies on trial, by class. A new one is a file and a line here.

import { blanked } from './blanked.js'
import type { Family } from './family.js'
import { identitySwap, imoChanged, nameChanged } from './identity.js'
import { jump } from './jump.js'
import { sharedMmsi } from './shared-mmsi.js'

export const FAMILIES: readonly Family[] = [jump, sharedMmsi, nameChanged, imoChanged, identitySwap, blanked]
