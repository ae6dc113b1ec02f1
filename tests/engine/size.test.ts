// What a vessel costs: the bytes of all columns of the engine's state, by slot. Held by docs/performance.md.

import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { unpack } from '../../src/engine/snapshot.js'
import { buildZoneIndex } from '../../src/zones/index.js'
import { square } from '../helpers/zones.js'

/** Bytes of every typed array in a state, by path. */
function bytesOf(value: unknown, path: string, sizes: Map<string, number>): Map<string, number> {
  if (ArrayBuffer.isView(value)) sizes.set(path, value.byteLength)
  else if (typeof value === 'object' && value && !(value instanceof Map || value instanceof Set))
    for (const [key, item] of Object.entries(value)) bytesOf(item, `${path}.${key}`, sizes)
  return sizes
}

function columns(capacity: number): Map<string, number> {
  const zones = buildZoneIndex([square('a', 0, 0, 1)])
  const engine = createEngine({ zones, config: { engine: { capacity } }, onEvent: () => undefined })
  return bytesOf(unpack(engine.snapshot()), '', new Map())
}

test('a slot takes 2.75 KiB at most, the look-up tables and the log of fixes included', () => {
  const [few, many] = [4096, 8192]
  const [small, large] = [columns(few), columns(many)]
  const perSlot = [...large].map(([path, n]) => [path, (n - small.get(path)!) / (many - few)] as const)
  const sum = (which: (path: string) => boolean) =>
    perSlot.reduce((bytes, [path, n]) => bytes + (which(path) ? n : 0), 0)
  // not in a snapshot, all made anew: MMSIs (twice to four times as many places as slots), cells of reception, the way back in the wheel
  const lookUps = 32 + 16 + 4
  const all = sum(() => true) + lookUps
  const isFixLog = (path: string) => path.includes('.thinned.')
  expect(sum(isFixLog)).toBe(495)
  expect(all).toBeGreaterThan(1000) // or the state is no longer where this looks
  // 1,260 for silences and tracks without what slow hours need, and no more than 1.5 KiB for all that tells of false places and names
  expect(all).toBeLessThanOrEqual(1260 + 1536)
  // docs/performance.md says 2,783
  expect(Math.abs(all - 2783)).toBeLessThan(5)
})
