// Words that repeat: receivers, sources and static data are kept once and travel as small integers, so that a batch
// is numbers only. Id 0 always means "none".

import type { StaticData } from './report.js'

export interface Interner<T> {
  /** Ids in use, that of the empty word included. */
  readonly size: number
  /** No room for new words. */
  readonly full: boolean
  /** Goes up when ids were forgotten: who remembers ids outside of batches drops them then. */
  readonly epoch: number
  /** Id of the word with this key; `make` is called only when the key is new. Returns 0 when full. */
  id(key: string, make: () => T): number
  get(id: number): T | undefined
  /** Keys by id; an id that was forgotten has an empty one. */
  keys(): string[]
  /** Words by id; undefined where an id was forgotten. */
  values(): readonly (T | undefined)[]
  /**
   * Forgets the words that nobody uses; their ids are given out again. The others keep theirs.
   * @param inUse visits every id that somebody holds
   */
  sweep(inUse: (visit: (id: number) => void) => void): void
  /** Puts words back at the ids that they had, into an interner that has none. @param words by id, from 1 on */
  restore(words: readonly (T | undefined)[], keyOf: (word: T) => string): void
}

/**
 * @param capacity most words kept at a time, the empty one included; others get id 0 and are counted in `overflow`.
 */
export function createInterner<T>(capacity: number): Interner<T> & { overflow: number; epoch: number } {
  const ids = new Map<string, number>()
  const values: (T | undefined)[] = [undefined]
  const keys: string[] = ['']
  const free: number[] = []
  return {
    overflow: 0,
    epoch: 0,
    get size() {
      return values.length - free.length
    },
    get full() {
      return free.length === 0 && values.length >= capacity
    },
    id(key, make) {
      const known = ids.get(key)
      if (known !== undefined) return known
      if (this.full) {
        this.overflow++
        return 0
      }
      const id = free.pop() ?? values.length
      ids.set(key, id)
      keys[id] = key
      values[id] = make()
      return id
    },
    get: id => values[id],
    keys: () => keys,
    values: () => values,
    sweep(inUse) {
      const used = new Uint8Array(values.length)
      inUse(id => {
        used[id] = 1
      })
      for (let id = values.length - 1; id > 0; id--) {
        if (used[id] === 1 || values[id] === undefined) continue
        ids.delete(keys[id]!)
        keys[id] = ''
        values[id] = undefined
        free.push(id)
      }
      this.epoch++
    },
    restore(words, keyOf) {
      for (const word of words) {
        const key = word === undefined ? '' : keyOf(word)
        if (word !== undefined) ids.set(key, values.length)
        keys.push(key)
        values.push(word)
      }
      for (let id = words.length; id > 0; id--) if (values[id] === undefined) free.push(id)
    },
  }
}

/** The words that the ids of a batch point into. A source and the engine it feeds share one. */
export interface Words {
  /** Station ids: column `receiver`. The world has some thousands; names that somebody makes up end at the capacity. */
  receivers: Interner<string>
  /** Feed or file names, as many as are read: column `source`. */
  sources: Interner<string>
  /** Static data by content: column `statics`. */
  statics: Interner<StaticData>
}

export function createWords(): Words {
  return {
    receivers: createInterner<string>(1 << 16),
    sources: createInterner<string>(1 << 16),
    statics: createInterner<StaticData>(1 << 20),
  }
}

const STATIC_FIELDS = [
  'imo',
  'name',
  'callsign',
  'shipType',
  'length',
  'width',
  'draught',
  'destination',
  'eta',
] as const

/** Key of static data by content: equal data, equal key, whatever source it came from. */
export function staticKey(data: StaticData): string {
  return STATIC_FIELDS.map(field => data[field] ?? '').join('\u001f')
}
