// The names of detectors that a configuration may leave out are those of the detectors.

import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { unpack } from '../../src/engine/snapshot.js'
import { DETECTORS, type ConfigInput } from '../../src/model/config.js'
import { loadCoast } from '../../src/zones/coast.js'
import { buildZoneIndex } from '../../src/zones/index.js'
import { square } from '../helpers/zones.js'

const zones = buildZoneIndex([square('a', 0, 0, 1)])
const coast = loadCoast()

function running(preset?: string, without?: ConfigInput['without']): string[] {
  const engine = createEngine({
    ...{ zones, coast, onEvent: () => undefined },
    ...(preset !== undefined && { preset }),
    config: { engine: { capacity: 16, silenceCapacity: 16 }, ...(without && { without }) },
  })
  const { detectors } = unpack(engine.snapshot()) as { detectors: { name: string }[] }
  return detectors.map(({ name }) => name)
}

test('every detector has its name in the list, in its order', () => {
  expect(running()).toEqual(DETECTORS)
})

test('those left out do not run; what is asked for beside a preset is what holds', () => {
  expect(running(undefined, ['replay', 'gap'])).toEqual(
    DETECTORS.filter(name => name !== 'replay' && name !== 'gap'),
  )
  expect(running('gfw-core')).toEqual(['gap', 'jump', 'shared_mmsi', 'identity', 'loitering', 'zone'])
  expect(running('gfw-core', ['zone'])).toEqual(DETECTORS.filter(name => name !== 'zone'))
})
