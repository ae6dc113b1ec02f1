import { describe, expect, test } from 'vitest'
import { flagOf, midOf, mmsiKind } from '../../src/ais/mmsi.js'

describe('mmsi', () => {
  test.each([
    [219000001, 'ship', 'DNK'],
    [201000000, 'ship', 'ALB'],
    [775999999, 'ship', 'VEN'],
    [799999999, 'ship', null],
    [21900001, 'group', 'DNK'],
    [2190047, 'coast', 'DNK'],
    [111232500, 'sar-aircraft', 'GBR'],
    [111000000, 'sar-aircraft', null],
    [823512345, 'handheld', 'GBR'],
    [992191234, 'aton', 'DNK'],
    [983381234, 'craft', 'USA'],
    [970012345, 'sart', null],
    [972012345, 'mob', null],
    [974012345, 'epirb', null],
    [971012345, 'unknown', null],
    [112000000, 'unknown', null],
    [199999999, 'unknown', null],
    [900000000, 'unknown', null],
    [1, 'coast', null],
    [0, 'unknown', null],
    [1_000_000_000, 'unknown', null],
    [NaN, 'unknown', null],
  ] as const)('%d is %s of %s', (mmsi, kind, flag) => {
    expect(mmsiKind(mmsi)).toBe(kind)
    expect(flagOf(mmsi)).toBe(flag)
  })

  test('every flag is three capitals, and no digits are given twice or outside 201…775', () => {
    let given = 0
    for (let mid = 0; mid < 1000; mid++) {
      const flag = mid >= 200 && mid < 800 ? flagOf(mid * 1_000_000 + 1) : null
      if (flag === null) continue
      given++
      expect(flag).toMatch(/^[A-Z]{3}$/)
      expect(mid).toBeGreaterThanOrEqual(201)
      expect(mid).toBeLessThanOrEqual(775)
      expect(midOf(mid * 1_000_000 + 1)).toBe(mid)
    }
    expect(given).toBeGreaterThan(285)
  })

  test.each([
    [636, 'LBR'],
    [538, 'MHL'],
    [351, 'PAN'],
    [357, 'PAN'],
    [374, 'PAN'],
    [229, 'MLT'],
    [416, 'TWN'],
    [412, 'CHN'],
    [613, 'CMR'],
    [511, 'PLW'],
    [518, 'COK'],
    [667, 'SLE'],
    [671, 'TGO'],
    [677, 'TZA'],
    [550, 'TLS'],
    [638, 'SSD'],
    [472, 'TJK'],
    [379, 'VIR'],
    [566, 'SGP'],
    [255, 'PRT'],
  ])('%i is %s', (mid, flag) => {
    expect(flagOf(mid * 1_000_000 + 1)).toBe(flag)
  })
})
