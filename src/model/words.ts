// Words that repeat: receivers, sources and static data are kept once and travel as small integers, so that a batch
// is numbers only. Id 0 always means "none".

import type { StaticData } from './report.js'

export interface Interner<T> {
  /** Number of words, the empty one included. */
  readonly size: number
  /** No room for new words. */
  readonly full: boolean
  /** Id of the word with this key; `make` is called only when the key is new. Returns 0 when full. */
  id(key: string, make: () => T): number
  get(id: number): T | undefined
}

/**
 * @param capacity most words kept, the empty one included; later ones get id 0 and are counted in `overflow`.
 */
export function createInterner<T>(capacity: number): Interner<T> & { overflow: number; keys(): string[] } {
  const ids = new Map<string, number>()
  const values: (T | undefined)[] = [undefined]
  const keys: string[] = ['']
  return {
    overflow: 0,
    get size() {
      return values.length
    },
    get full() {
      return values.length >= capacity
    },
    id(key, make) {
      const known = ids.get(key)
      if (known !== undefined) return known
      if (values.length >= capacity) {
        this.overflow++
        return 0
      }
      const id = values.length
      ids.set(key, id)
      keys.push(key)
      values.push(make())
      return id
    },
    get: id => values[id],
    keys: () => keys,
  }
}

/** The words that the ids of a batch point into. A source and the engine it feeds share one. */
export interface Words {
  /** Station ids: column `receiver`. */
  receivers: Interner<string> & { keys(): string[] }
  /** Feed or file names: column `source`. */
  sources: Interner<string> & { keys(): string[] }
  /** Static data by content: column `statics`. */
  statics: Interner<StaticData> & { keys(): string[] }
}

export function createWords(): Words {
  return {
    receivers: createInterner<string>(1 << 20),
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
