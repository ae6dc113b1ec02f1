// A silence as it began: everything that is known at OFF, kept apart from the track, which goes on. From it and the ON
// report comes the event, at once or again when late data split the silence.

import { distanceBetweenM, impliedSpeedKn } from '../../geo/fix.js'
import type { Config } from '../../model/config.js'
import type { DetectorEvent, Fix, Phase } from '../../model/event.js'
import { MS_PER_HOUR, MS_PER_S, round } from '../../model/units.js'
import type { Silence as SilentVessel, Judgement } from '../../reception/model.js'
import { judge, type Verdict } from './intent.js'
import type { TopSpeed } from './reach.js'

/** Plain data, so that a snapshot is a copy. */
export interface Silence {
  /** Last sign of life, epoch ms. */
  heard: number
  /** Where that was. */
  off: Fix
  /** Where OFF has no place, the last fix before that has one; null when there never was one, or no need. */
  placed: Fix | null
  /** Moored, in a port of the list or in an anchorage that was learned when last heard, or none of these. */
  rest: 'moored' | 'in_port' | 'in_anchorage' | null
  /** Since when the vessel lay still; NaN when it did not. */
  stillSince: number
  /** Speed at OFF, knots; NaN unknown. */
  sog: number
  /** Course at OFF, degrees; NaN unknown. */
  cog: number
  classB: boolean
  /** Changes between this ship and another that uses its MMSI. */
  alternations: number
  /** Reports in the hours before; null when that was not kept: the silence came to light by late data. */
  before: { total: number; terrestrial: number; satellite: number; dynamic: number } | null
  /** How fast it may have gone meanwhile. */
  top: TopSpeed
  /** What the reception model has to know of it. */
  silent: SilentVessel
}

/**
 * The event of a silence.
 * @param on the report that ended it; null while it lasts
 * @param byRule what a rule says of it, in place of the reasons
 */
export function silenceEvent(
  silence: Silence,
  on: Fix | null,
  asOf: number,
  phase: Phase,
  revision: number,
  around: Judgement,
  options: Config['gap'],
  byRule?: Verdict,
): DetectorEvent {
  const { off, rest, before, heard } = silence
  const distanceM = on && distanceBetweenM(off, on)
  const { healthyMs, survival, atMost, rests, along, witnesses, againExpected } = around
  const lastedMs = (on ? on.t : asOf) - heard
  const verdict = byRule ?? judge(silence, lastedMs, distanceM, !on, around, options)
  const { returnHours } = options
  return {
    type: rest ? 'port_silence' : 'gap',
    phase,
    revision,
    asOf,
    start: off,
    end: on,
    ...verdict,
    details: {
      off,
      on,
      distanceM,
      impliedSpeedKn: on && impliedSpeedKn(off, on, distanceM),
      state: rest === 'in_anchorage' ? 'in_port' : (rest ?? 'under_way'),
      ...(rest === 'in_anchorage' && { learned: true }),
      offSogKn: numberOr(silence.sog, 1),
      offCogDeg: numberOr(silence.cog, 1),
      reportsBefore12h: before,
      healthySilentS: healthyMs / MS_PER_S,
      survival: { survival, atMost, rests, along },
      witnesses: witnesses && { ...witnesses, againExpected },
      ...(returnHours > 0 && { returned: on && lastedMs > returnHours * MS_PER_HOUR }),
    },
  }
}

/** As it is told: NaN is null. */
const numberOr = (value: number, decimals: number): number | null =>
  value === value ? round(value, decimals) : null
