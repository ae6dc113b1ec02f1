import { expect, test } from 'vitest'
import { judgeByRule } from '../../src/detectors/gap/rule.js'
import { countPosition, initLayer } from '../../src/detectors/gap/satellite-layer.js'
import type { Silence } from '../../src/detectors/gap/silence.js'
import { resolveConfig, type ConfigInput } from '../../src/model/config.js'
import { presetConfig } from '../../src/model/presets.js'
import { MS_PER_HOUR } from '../../src/model/units.js'
import { coastNm } from '../helpers/coast.js'

const T = Date.UTC(2018, 3, 3)
/** Two satellite positions a day at the place of the silence. */
const layer = initLayer(1)
for (let day = 0; day < 10; day++) countPosition(layer, 0, T + day * 12 * MS_PER_HOUR, -10, 60, 8, false)
const coast = coastNm(51)
const silence = {
  ...{ heard: T, off: { t: T, lat: -10, lon: 60 }, rest: null, stillSince: NaN, sog: 8, classB: false },
  ...{ alternations: 0, before: { total: 14, terrestrial: 0, satellite: 14, dynamic: 0 } },
} as unknown as Silence

function judge(
  disabling: ConfigInput['disabling'] = {},
  over: Partial<Silence> = {},
  shore: typeof coast | null = coast,
) {
  const config = resolveConfig(presetConfig('welch2022'), {
    disabling: { minPositionsPerDay: 1.9, ...disabling },
  })
  return judgeByRule(
    { ...silence, ...over },
    13 * MS_PER_HOUR,
    layer,
    shore ?? undefined,
    config.disabling,
    config.gap,
  )
}

test('all of it holds: disabled, and the sentences say why', () => {
  const { class: kind, score, evidence } = judge()
  expect([kind, score]).toEqual(['likely_disabled', 1])
  expect(evidence.map(({ text }) => text)).toEqual([
    'silent for 13.0 h, ≥ 12 h',
    'last heard 51 nm from shore',
    '14 satellite positions in the 12 h before',
    'ships give 2 satellite positions a day there',
  ])
  expect(evidence.every(({ weight }) => weight === 1)).toBe(true)
})

test('strictly more positions a day, strictly farther out; as many positions before or more', () => {
  expect(judge({ minPositionsPerDay: 2 }).class).toBe('undetermined')
  expect(judge({ minShoreNm: 51 }).class).toBe('undetermined')
  expect(judge({ minSatelliteReports: 14 }).class).toBe('likely_disabled')
  expect(judge({ minSatelliteReports: 15 }).class).toBe('undetermined')
})

test('what is not known speaks for the vessel, and says so; what is not asked does not matter', () => {
  const nowhere = { off: { t: T, lat: null, lon: null } }
  const unknown = judge({}, nowhere)
  expect([unknown.class, unknown.score]).toEqual(['undetermined', 0])
  expect(unknown.evidence[1]).toMatchObject({
    value: null,
    weight: -1,
    text: 'distance from shore not known',
  })
  expect(judge({}, {}, null).class).toBe('undetermined')
  expect(judge({}, { before: null }).class).toBe('undetermined')
  const nothing = { minShoreNm: 0, minSatelliteReports: 0, minPositionsPerDay: 0 }
  expect(judge(nothing, { ...nowhere, before: null }, null).class).toBe('likely_disabled')
})

test('who lies still is not accused', () => {
  expect(judge({}, { rest: 'moored' })).toMatchObject({ class: 'undetermined', score: 0 })
})
