// Presets: named configurations. Those named after a system reproduce its definition exactly, so users can compare.

import type { ConfigInput } from './config.js'
import { UsageError } from './errors.js'

/** What pipe-gaps sees: position messages of one MMSI, as they are. */
const perMmsi = {
  clean: { outlierGuard: false, futureGuard: false },
  reception: { health: false },
} satisfies ConfigInput

export const presets: Record<string, { description: string; config: ConfigInput }> = {
  'gfw-core': {
    description: 'pipe-gaps core: silence > 12 h between consecutive positions of one MMSI',
    config: {
      ...perMmsi,
      gap: { minGapHours: 12, portRule: false, minReports: 1, positionsOnly: true, exactCounts: true },
    },
  },
  'gfw-pipe': {
    description: 'pipe-gaps pipeline: silence > 6 h per MMSI, open gaps judged at UTC midnight',
    config: {
      ...perMmsi,
      gap: {
        minGapHours: 6,
        portRule: false,
        minReports: 1,
        positionsOnly: true,
        exactCounts: true,
        openAt: 'utc-midnight',
      },
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
