import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.js'
import { joined, type Capture } from '../../src/engine/snapshot.js'
import { traffic } from '../helpers/traffic.js'

describe('a capture', () => {
  test('is the state at its moment, whatever the engine does before its bytes are asked for', () => {
    const moments = fc.uniqueArray(fc.nat({ max: 300 }), { minLength: 1, maxLength: 4 })
    const delay = fc.nat({ max: 100 })
    fc.assert(
      fc.property(
        traffic,
        moments,
        delay,
        fc.constantFrom(0, 120, 7200),
        (reports, at, later, reorderWindowS) => {
          const engine = createEngine({
            config: { engine: { capacity: 16, silenceCapacity: 16, staticsKept: 1, reorderWindowS } },
            onEvent: () => undefined,
          })
          const open: { capture: Capture; expected: Uint8Array; until: number }[] = []
          const settle = (n: number): void => {
            for (const one of open.splice(0)) {
              if (one.until > n) open.push(one)
              else expect(Buffer.compare(joined(one.capture), one.expected)).toBe(0)
            }
          }
          reports.forEach((report, n) => {
            if (at.includes(n)) {
              const expected = engine.snapshot()
              open.push({ capture: engine.capture(), expected, until: n + later })
            }
            engine.pushStatic({ mmsi: report.mmsi, t: report.t, name: `SHIP ${n}` })
            engine.push(report)
            engine.tidy()
            settle(n)
          })
          engine.flush()
          settle(Infinity)
        },
      ),
      { numRuns: 60 },
    )
  })
})
