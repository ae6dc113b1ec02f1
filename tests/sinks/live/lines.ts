// Events as an outlet gets them.

import type { Phase, VesselEvent } from '../../../src/model/event.js'
import { eventLine } from '../../../src/sinks/ndjson.js'
import type { Told } from '../../../src/sinks/live/outlet.js'
import { gapEvent } from '../events.js'

/** Event number `seq`: of a ship with a hostile name, if asked for. */
export function told(seq: number, phase: Phase = 'opened', rest: Partial<VesselEvent> = {}): Told {
  const event = { ...gapEvent(), id: `gap-${seq}`, phase, revision: 1, ...rest }
  return { seq, event, line: eventLine(event) }
}
