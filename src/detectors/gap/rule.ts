// Disabled by a rule: Welch et al. (2022) take a gap for an intentional one when it begins far from shore, where satellites
// hear ships well, and the ship was heard well before. A rule knows no probability: the score is 1 or 0. What it needs and
// does not have (a place, the coast, the reports before) speaks for the vessel.

import type { Config } from '../../model/config.js'
import type { Evidence } from '../../model/event.js'
import { M_PER_NM, MS_PER_HOUR, round } from '../../model/units.js'
import type { Coast } from '../../zones/coast.js'
import type { Verdict } from './intent.js'
import { positionsPerDay, type LayerState } from './satellite-layer.js'
import type { Silence } from './silence.js'

/** @param durationMs of the silence so far, by itself long enough */
export function judgeByRule(
  { off: { t, lat, lon }, before, rest, classB }: Silence,
  durationMs: number,
  layer: LayerState,
  coast: Coast | undefined,
  disabling: Config['disabling'],
  { minGapHours, inclusive, countHours }: Config['gap'],
): Verdict {
  const { minShoreNm, minSatelliteReports, minPositionsPerDay } = disabling
  const isPlaced = lat !== null && lon !== null
  const hours = durationMs / MS_PER_HOUR
  const shoreNm = isPlaced && coast ? coast.shoreDistanceM(lat, lon) / M_PER_NM : null
  const perDay = isPlaced ? positionsPerDay(layer, t, lat, lon, classB) : null
  const satellite = before && before.satellite

  const evidence: Evidence[] = []
  const ask = (
    [family, name]: [Evidence['family'], string],
    value: number | null,
    holds: boolean,
    [text, unknown]: [(figure: string) => string, string],
    innocent: string,
  ) => {
    const weight = holds ? 1 : -1
    const sentence =
      value === null ? `${unknown} not known` : text(value.toFixed(Number.isInteger(value) ? 0 : 1))
    evidence.push({
      family,
      name,
      value: value && round(value, 3),
      expected: innocent,
      weight,
      text: sentence,
    })
    return holds
  }
  const [over, under] = inclusive ? ['≥', '<'] : ['>', '≤']
  evidence.push({
    ...{ family: 'silence', name: 'duration_h', value: round(hours, 3), weight: 1 },
    ...{
      expected: `${under} ${minGapHours} h`,
      text: `silent for ${hours.toFixed(1)} h, ${over} ${minGapHours} h`,
    },
  })
  const answers = [
    ask(
      ['place', 'shore_nm'],
      shoreNm,
      minShoreNm === 0 || (shoreNm ?? 0) > minShoreNm,
      [nm => `last heard ${nm} nm from shore`, 'distance from shore'],
      `≤ ${minShoreNm} nm`,
    ),
    ask(
      ['reception', 'satellite_before'],
      satellite,
      (satellite ?? 0) >= minSatelliteReports,
      [n => `${n} satellite positions in the ${countHours} h before`, 'satellite positions before'],
      `< ${minSatelliteReports}`,
    ),
    ask(
      ['reception', 'positions_per_day'],
      perDay,
      minPositionsPerDay === 0 || (perDay ?? 0) > minPositionsPerDay,
      [n => `ships give ${n} satellite positions a day there`, 'satellite positions a day'],
      `≤ ${minPositionsPerDay}`,
    ),
  ]
  const isDisabled = !rest && answers.every(Boolean)
  return { class: isDisabled ? 'likely_disabled' : 'undetermined', score: isDisabled ? 1 : 0, evidence }
}
