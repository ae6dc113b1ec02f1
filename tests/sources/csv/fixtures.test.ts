import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readCsvLayout } from '../../../src/sources/csv/layout.js'
import { balance, readCsv } from '../helpers.js'

// layout, rows read, reports
test.each([
  ['marinecadastre', 'marinecadastre', 4, 3],
  ['marinecadastre-2', 'marinecadastre-2', 2, 2],
  ['dma', 'dma', 3, 3],
  ['hais', 'hais', 2, 2],
])('fixtures/csv/%s.csv', (name, layout, read, reports) => {
  const bytes = readFileSync(`fixtures/csv/${name}.csv`)
  expect(readCsvLayout(bytes, name).name).toBe(layout)
  const result = readCsv(bytes)
  expect(result.counts.read).toBe(read)
  expect(result.rows).toHaveLength(reports)
  expect(balance(result).accounted).toBe(read)
})

test('the two layouts of MarineCadastre say the same', () => {
  const [old, fresh] = ['marinecadastre', 'marinecadastre-2'].map(name =>
    readCsv(readFileSync(`fixtures/csv/${name}.csv`)).rows.slice(0, 2),
  )
  expect(fresh!.map(row => ({ ...row, t: 0 }))).toEqual(old!.map(row => ({ ...row, t: 0 })))
})
