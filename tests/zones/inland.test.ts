import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { COAST_ACCURACY_M, loadCoast } from '../../src/zones/coast.js'
import { AT_SEA, INLAND, inlandOf, NEAR_COAST } from '../../src/zones/inland.js'

const coast = loadCoast()
const inland = inlandOf(coast, 2000)

describe('inlandOf', () => {
  test('is never wrong against the coast it is made from, near it or far', () => {
    const anywhere = fc.tuple(
      fc.double({ min: -89, max: 89, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    )
    const coasts = fc.tuple(
      fc.double({ min: 48, max: 60, noNaN: true }),
      fc.double({ min: -6, max: 14, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.oneof(anywhere, coasts), ([lat, lon]) => {
        const kind = inland.at(lat, lon)
        const isLand = coast.onLand(lat, lon)
        const shoreM = coast.shoreDistanceM(lat, lon)
        if (kind === INLAND) expect(isLand && shoreM > COAST_ACCURACY_M + 2000 - 10).toBe(true)
        if (kind === AT_SEA) expect(!isLand && shoreM > COAST_ACCURACY_M - 10).toBe(true)
        // no cell is so large that a place well inland is missed
        if (isLand && shoreM > COAST_ACCURACY_M + 2000 + 2 * 2800) expect(kind).toBe(INLAND)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['Madrid', 40.4, -3.7, INLAND],
    ['the middle of the North Sea', 56, 3, AT_SEA],
    ['Dover', 51.12, 1.32, NEAR_COAST],
    ['Lake Superior, which is land here', 47.7, -88, INLAND],
    ['the North Pole', 90, 0, AT_SEA],
    ['on ±180', 0, 180, AT_SEA],
  ])('%s', (_, lat, lon, kind) => expect(inland.at(lat, lon)).toBe(kind))

  test('is made once for a coast', () => {
    expect(inlandOf(coast, 2000)).toBe(inland)
    expect(inlandOf(coast, 3000)).not.toBe(inland)
  })
})
