import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SPOOFING_CLASSES } from '../../src/model/event.js'

test('the classes of spoofing are those that its detectors tell', () => {
  const folder = 'src/detectors/spoofing'
  const told = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .flatMap(path => [...readFileSync(`${folder}/${path}`, 'utf8').matchAll(/\bclass: '([a-z_]+)'/g)])
    .map(([, name]) => name!)
  expect([...new Set(told)].sort()).toEqual([...SPOOFING_CLASSES].sort())
})
