import { expect, test } from 'vitest'
import { createRetold } from '../../src/engine/retold.js'
import type { DarkEvent } from '../../src/model/event.js'

const told = (phase: string, revision: number, asOf: number, id = 'gap-1-0') =>
  ({ id, phase, revision, asOf }) as unknown as DarkEvent
const take = (...tellings: DarkEvent[]) => {
  const retold = createRetold()
  return tellings.map(each => retold.take(each)).map(({ revision, asOf }) => [revision, asOf])
}

test('what is told again after it was taken back goes on counting, whether its detector does or counts anew', () => {
  const before = [told('opened', 1, 10), told('retracted', 2, 20)]
  expect(take(...before, told('opened', 1, 15), told('closed', 2, 30)).slice(2)).toEqual([
    [3, 20], // no sooner than it was taken back
    [4, 30],
  ])
  expect(take(...before, told('opened', 3, 25), told('closed', 4, 30)).slice(2)).toEqual([
    [3, 25],
    [4, 30],
  ])
})

test('… as often as it is taken back, and no other event with it', () => {
  const twice = [told('closed', 1, 1), told('retracted', 2, 2), told('closed', 1, 3), told('retracted', 2, 4)]
  expect(take(...twice, told('closed', 1, 5)).at(-1)).toEqual([5, 5])
  expect(take(...twice, told('closed', 1, 5, 'gap-2-0')).at(-1)).toEqual([1, 5])
})
