import { gzipSync, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packLines, unpackLines } from '../../src/zones/packed.js'

const lattice = {
  scale: [1 / 1024, 1 / 1024] as [number, number],
  translate: [-180, -90] as [number, number],
}

test('what is packed comes back', () => {
  const step = fc.integer({ min: -(2 ** 24), max: 2 ** 24 })
  const line = fc.array(fc.tuple(step, step), { maxLength: 30 }).map(points => points.flat())
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), lines => {
      const { header, lines: back } = unpackLines<{ name: string }>(
        packLines({ ...lattice, name: 'é' }, lines),
      )
      expect(header.name).toBe('é')
      expect(back.map(l => [...l])).toEqual(
        lines.map(l => l.map((v, i) => v / 1024 - (i % 2 === 0 ? 180 : 90))),
      )
    }),
  )
})

test('a file that was cut says so', () => {
  const whole = gunzipSync(packLines(lattice, [[1, 2, 300, 400]]))
  expect(() => unpackLines(gzipSync(whole.subarray(0, whole.length - 1)))).toThrow('packed lines: cut short')
})
