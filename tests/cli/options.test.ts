import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { box, bytes, columnMap, integerIn, listOf, numberIn, time } from '../../src/cli/options.js'

describe('time', () => {
  test('reads back every millisecond it is given in ISO', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
        t => time(new Date(t).toISOString()) === t,
      ),
    )
  })

  test('is UTC when no zone is said, wherever the machine stands', () => {
    expect(time('2024-01-31')).toBe(Date.UTC(2024, 0, 31))
    expect(time('2024-01-31 06:30')).toBe(Date.UTC(2024, 0, 31, 6, 30))
    expect(time('2024-01-31T06:30:15+02:00')).toBe(Date.UTC(2024, 0, 31, 4, 30, 15))
  })

  test.each(['', 'yesterday', '2024-13-01', '31.01.2024', '2024-01-31T25:00'])('refuses %j', text => {
    expect(() => time(text)).toThrow('ISO-8601')
  })
})

describe('box', () => {
  test('takes west, south, east, north, also across ±180', () => {
    expect(box('4.5,53.4,10.6,58.7')).toEqual([4.5, 53.4, 10.6, 58.7])
    expect(box('170,-20,-170,-10')).toEqual([170, -20, -170, -10])
  })

  test.each(['', '1,2,3', '1,2,3,4,5', '4.5,58.7,10.6,53.4', '0,0,181,1', '0,-91,1,1', 'a,b,c,d', '1,,2,3'])(
    'refuses %j',
    text => {
      expect(() => box(text)).toThrow('lonmin,latmin,lonmax,latmax')
    },
  )
})

describe('columnMap', () => {
  test('collects pairs, over several options too', () => {
    expect(columnMap('mmsi=Ship ID, t = When', { lat: 'y' })).toEqual({
      lat: 'y',
      mmsi: 'Ship ID',
      t: 'When',
    })
    expect(columnMap('t=a=b')).toEqual({ t: 'a=b' })
  })

  test.each(['', 'mmsi', '=x', 'mmsi=', 'mmsi=a,,t=b'])('refuses %j', text => {
    expect(() => columnMap(text)).toThrow('field=column')
  })
})

describe('bytes', () => {
  test('reads sizes in powers of two', () => {
    expect(bytes('512M')).toBe(512 * 2 ** 20)
    expect(bytes('1.5g')).toBe(1.5 * 2 ** 30)
    expect(bytes('1GiB')).toBe(2 ** 30)
    expect(bytes('67108864')).toBe(64 * 2 ** 20)
  })

  test.each(['', '1', '63M', '-1G', '1T', 'much'])('refuses %j', text => {
    expect(() => bytes(text)).toThrow('64M')
  })
})

describe('numbers and lists', () => {
  test('both ends of a range are in it', () => {
    expect([numberIn(0, 1)('0'), numberIn(0, 1)('1')]).toEqual([0, 1])
    for (const text of ['-0.001', '1.001', '', ' ', 'NaN', 'x'])
      expect(() => numberIn(0, 1)(text)).toThrow('0 to 1')
  })

  test('whole numbers are whole', () => {
    expect(integerIn(0, 10)('7')).toBe(7)
    expect(() => integerIn(0, 10)('7.5')).toThrow('whole number')
  })

  test('a list takes known words only', () => {
    expect(listOf(['gap', 'zone'])('gap, zone')).toEqual(['gap', 'zone'])
    expect(() => listOf(['gap', 'zone'])('gap,dark')).toThrow('Expected gap, zone')
  })
})
