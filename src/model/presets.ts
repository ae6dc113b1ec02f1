// Presets: named configurations. Those named after a system reproduce its definition exactly, so users can compare.

import { DETECTORS, type ConfigInput } from './config.js'
import { UsageError } from './errors.js'

/** Positions of one MMSI in order of time, as they are: none of our guards, which none of these systems has. */
const perMmsi = {
  clean: { outlierGuard: false, futureGuard: false },
  reception: { health: false },
  sequences: [],
  without: DETECTORS.filter(
    name => !['gap', 'jump', 'shared_mmsi', 'identity', 'loitering', 'zone'].includes(name),
  ),
} satisfies ConfigInput
const anySilence = { portRule: false, minReports: 1, positionsOnly: true } satisfies ConfigInput['gap']

export const presets: Record<string, { description: string; config: ConfigInput }> = {
  'gfw-core': {
    description: 'pipe-gaps core: silence > 12 h between consecutive positions of one MMSI',
    config: { ...perMmsi, gap: { ...anySilence, minGapHours: 12, exactCounts: true } },
  },
  'gfw-pipe': {
    description: 'pipe-gaps pipeline: silence > 6 h per MMSI, open gaps judged at UTC midnight',
    config: {
      ...perMmsi,
      gap: { ...anySilence, minGapHours: 6, exactCounts: true, openAt: 'utc-midnight' },
    },
  },
  welch2022: {
    description:
      'Welch et al. 2022: silence ≥ 12 h, > 50 nm from shore, ≥ 14 satellite positions in 12 h before, > 10 a day usual there',
    config: {
      ...perMmsi,
      gap: { ...anySilence, minGapHours: 12, inclusive: true, exactCounts: true, countHours: 12 },
      disabling: { judgedBy: 'rule', minShoreNm: 50, minSatelliteReports: 14, minPositionsPerDay: 10 },
    },
  },
  'gfw-loitering': {
    description:
      'pipe-loitering: clock hours slower than 2 kn on average, an hour or longer, 20 nm or more from shore on average',
    config: {
      ...perMmsi,
      without: DETECTORS.filter(name => name !== 'loitering'),
      loitering: { judgedBy: 'clock-hours', maxSpeedKn: 2, minHours: 1, minShoreNm: 20 },
    },
  },
  skylight: {
    description: 'Skylight potential dark activity: silence > 6 h per MMSI, withdrawn when late data fill it',
    config: { ...perMmsi, gap: { ...anySilence, minGapHours: 6 } },
  },
  marinetraffic: {
    description: 'MarineTraffic: OUT_OF_RANGE after > 1 h without a position, IN_RANGE when back after > 2 h',
    config: { ...perMmsi, gap: { ...anySilence, minGapHours: 1, returnHours: 2 } },
  },
  monitorfish: {
    description:
      'MonitorFish: silence > 4 h at sea, > 60 h in port, while > 70 % of the vessels of the feed are heard every hour',
    config: {
      ...perMmsi,
      gap: {
        ...anySilence,
        ...{ minGapHours: 4, portRule: true, portSilenceHours: 60, mooredRule: false },
        ...{ minFeedShare: 0.7, feedHours: 24 },
      },
    },
  },
  'gfw-encounters': {
    description:
      'pipe-encounters: two vessels within 500 m on a grid of 10 min, 2 h or more, slower than 2 kn, > 10 km from port',
    config: {
      ...perMmsi,
      without: DETECTORS.filter(name => name !== 'encounter'),
      encounter: { judgedBy: 'grid' },
    },
  },
  patrol: {
    description: 'coast guard: minutes, not hours. Silence > 30 min, loitering > 1 h anywhere',
    config: { gap: { minGapHours: 0.5 }, loitering: { minHours: 1, minShoreNm: 0 } },
  },
}

/** @throws UsageError when there is no preset of that name */
export function presetConfig(name: string): ConfigInput {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined
  if (!preset)
    throw new UsageError(`preset: unknown name "${name}", expected one of ${Object.keys(presets).join(', ')}`)
  return preset.config
}
