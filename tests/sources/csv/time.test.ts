import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTimeText } from '../../../src/sources/csv/time.js'

const instant = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2099, 11, 31) })
const offset = fc.integer({ min: -14 * 60, max: 14 * 60 })
const two = (n: number): string => String(n).padStart(2, '0')

const zone = (minutes: number, colon: string): string => {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`
}

describe('parseTime', () => {
  test('agrees with Date.parse on every ISO time, with any separator, fraction and zone', () => {
    fc.assert(
      fc.property(
        instant,
        offset,
        fc.constantFrom('T', ' '),
        fc.integer({ min: 0, max: 9 }),
        (t, minutes, separator, digits) => {
          const iso = new Date(t).toISOString()
          const stem = iso.slice(0, 19).replace('T', separator)
          const fraction = digits === 0 ? '' : `.${iso.slice(20, 23).padEnd(9, '4').slice(0, digits)}`
          for (const end of ['', 'Z', ' UTC', zone(minutes, ':'), zone(minutes, '')]) {
            const plain = end === '' || end === ' UTC' ? 'Z' : end.replace(/^(...)(\d\d)$/, '$1:$2')
            const ms = fraction === '' ? '' : fraction.slice(0, 4)
            expect(parseTimeText(stem + fraction + end)).toBe(Date.parse(`${iso.slice(0, 19)}${ms}${plain}`))
          }
        },
      ),
    )
  })

  test('a time without a zone is UTC, whatever the zone of the machine', () => {
    expect(parseTimeText('2022-01-03T00:00:00')).toBe(Date.UTC(2022, 0, 3))
    expect(new Date().getTimezoneOffset()).not.toBe(0) // the tests run far from UTC
  })

  test('reads day-first dates, compact stamps and epochs of every unit', () => {
    fc.assert(
      fc.property(instant, t => {
        const whole = Math.floor(t / 1000) * 1000
        const iso = new Date(whole).toISOString()
        const [y, m, d, clock] = [iso.slice(0, 4), iso.slice(5, 7), iso.slice(8, 10), iso.slice(11, 19)]
        expect(parseTimeText(`${d}/${m}/${y} ${clock}`)).toBe(whole)
        expect(parseTimeText(`${y}/${m}/${d} ${clock}`)).toBe(whole)
        expect(parseTimeText(`${y}${m}${d}_${clock.replaceAll(':', '')}`)).toBe(whole)
        expect(parseTimeText(`${y}${m}${d}T${clock.replaceAll(':', '')}Z`)).toBe(whole)
        expect(parseTimeText(`${y}${m}${d}${clock.replaceAll(':', '')}`)).toBe(whole)
        expect(parseTimeText(`${whole / 1000}`)).toBe(whole)
        expect(parseTimeText(`${whole / 1000}.0`)).toBe(whole)
        expect(parseTimeText(`${t / 1000}`)).toBe(t)
        if (t >= 1e11) {
          expect(parseTimeText(`${t}`)).toBe(t)
          expect(parseTimeText(`${t}123`)).toBe(t)
          expect(parseTimeText(`${t}123456`)).toBe(t)
        }
      }),
    )
  })

  test.each([
    ['2022-01-03', '2022-01-03T00:00:00Z'],
    ['2022-01-03 04:05', '2022-01-03T04:05:00Z'],
    ['2011-04-12 10:40:27 GMT', '2011-04-12T10:40:27Z'],
    ['2023-07-25 20:33:29.264157289 +0000 UTC', '2023-07-25T20:33:29.264Z'],
    ['2020-02-29T12:00:00+02', '2020-02-29T10:00:00Z'],
    ['31/12/2015 23:59:59', '2015-12-31T23:59:59Z'],
    [' 2022-01-03 00:00:00 ', '2022-01-03T00:00:00Z'],
  ])('%s', (text, iso) => expect(parseTimeText(text)).toBe(Date.parse(iso)))

  test.each([
    ...[
      '',
      'yesterday',
      '2022-13-01T00:00:00',
      '2022-02-30T00:00:00',
      '2021-02-29 00:00:00',
      '1900-02-29 00:00:00',
    ],
    ...[
      '2022-01-03T24:00:00',
      '2022-01-03T00:60:00',
      '2022-01-03T00:00:60',
      '2022-01-03T00:00:0',
      '2022-01-03x00:00:00',
    ],
    ...[
      '12/31/2015 23:59:59',
      '2022-01-03T00:00:00X',
      '2022-01-03T00:00:00+25:00',
      '2022-01-03T00:00:00.',
      '2022-01-0a',
    ],
    ...['2022-01-03T00:00:00+02:6', '20210101_0000', '1e', '2022-1-3 00:00:00'],
  ])('refuses "%s"', text => expect(parseTimeText(text)).toBeNaN())
})
