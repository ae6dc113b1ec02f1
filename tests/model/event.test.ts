import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SPOOFING_CLASSES } from '../../src/model/event.js'

test('every class that a detector of spoofing tells can be named in a list of exemptions', () => {
  const folder = 'src/detectors/spoofing'
  const told = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .flatMap(path => [...readFileSync(`${folder}/${path}`, 'utf8').matchAll(/\bclass: '([a-z_]+)'/g)])
    .map(([, name]) => name!)
  expect(told.length).toBeGreaterThan(5)
  expect(told.filter(name => !(SPOOFING_CLASSES as readonly string[]).includes(name))).toEqual([])
})
