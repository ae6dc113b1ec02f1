import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReceiverSets, type ReceiverSetsState } from '../../src/model/receivers.js'
import { createWords } from '../../src/model/words.js'

const NAMES = ['Tromsø', 'Abel', 'north', 'b-2', '10', '9']

function make(capacity = 1000, held: Set<number> = new Set(), state?: ReceiverSetsState) {
  const words = createWords()
  const ids = NAMES.map(name => words.receivers.id(name, () => name))
  const sets = createReceiverSets(words, capacity, visit => held.forEach(visit), state)
  return { ids, sets }
}

const picks = fc.array(fc.nat({ max: NAMES.length - 1 }), { minLength: 1, maxLength: 12 })

describe('sets of receivers', () => {
  test('the same members in any order, repeats and the nameless included, are the same set', () => {
    const { ids, sets } = make()
    fc.assert(
      fc.property(picks, fc.infiniteStream(fc.boolean()), (some, coins) => {
        const list = some.flatMap(k => (coins.next().value ? [ids[k]!, 0] : [ids[k]!]))
        const sorted = [...new Set(some)].sort((a, b) => a - b).map(k => ids[k]!)
        const set = list.reduce((of, id) => sets.with(of, id), 0)
        expect(set).toBe(sorted.reduce((of, id) => sets.with(of, id), 0))
        expect(sets.members(set)).toEqual(sorted)
        expect(sets.names(set)).toEqual(sorted.map(id => NAMES[ids.indexOf(id)]).sort())
      }),
    )
  })

  test('one receiver is its own set and takes no room; none is no set', () => {
    const { ids, sets } = make()
    expect(sets.with(0, ids[2]!)).toBe(ids[2])
    expect(sets.with(ids[2]!, ids[2]!)).toBe(ids[2])
    expect(sets.with(ids[2]!, 0)).toBe(ids[2])
    expect(sets.names(0)).toBeUndefined()
    expect(sets.state.sets).toEqual([])
  })

  test('what nobody holds makes room for others; what is held keeps its number and members', () => {
    fc.assert(
      fc.property(fc.array(picks, { minLength: 20, maxLength: 60 }), lists => {
        const held = new Map<number, string>()
        const words = createWords()
        const ids = NAMES.map(name => words.receivers.id(name, () => name))
        const sets = createReceiverSets(words, 8, visit => [...held.keys()].forEach(visit))
        for (const list of lists) {
          const set = list.reduce((of, k) => sets.with(of, ids[k]!), 0)
          // the last three are held
          held.set(set, String(sets.names(set)))
          if (held.size > 3) held.delete(held.keys().next().value!)
          for (const [id, names] of held) expect(String(sets.names(id))).toBe(names)
          expect(sets.state.sets.length).toBeLessThanOrEqual(8)
        }
        expect(lists.length).toBeGreaterThan(8)
      }),
    )
  })

  test('when all is held there is no room: sets stay as they were, until something is let go', () => {
    const held = new Set<number>()
    const { ids, sets } = make(2, held)
    const [a, b, c] = ids as [number, number, number]
    held.add(sets.with(a, b)).add(sets.with(a, c))
    expect(sets.with(b, c)).toBe(b)
    held.clear()
    expect(sets.with(b, c)).toBe(b) // asked only so often
    const bc = sets.with(b, c)
    expect(sets.members(bc)).toEqual([b, c])
  })

  test('restored, sets have the numbers they had', () => {
    fc.assert(
      fc.property(picks, picks, (some, more) => {
        const { ids, sets } = make()
        const set = some.reduce((of, k) => sets.with(of, ids[k]!), 0)
        const again = make(1000, new Set(), structuredClone(sets.state)).sets
        const grow = (of: typeof sets) => more.reduce((to, k) => of.with(to, ids[k]!), set)
        expect(grow(again)).toBe(grow(sets))
        expect(again.state).toEqual(sets.state)
      }),
    )
  })
})
