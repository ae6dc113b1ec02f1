// Large Maps and Sets of numbers in a snapshot: rows of doubles. As JSON, an entry for every vessel would take a third of
// a second to write, in which no feed is read.

/** What a value is made of: 0 a number, 1 a boolean, a list of these, or a record of these. */
export type Shape = 0 | 1 | Shape[] | { [key: string]: Shape }

/** Smaller ones are as well written as they are. */
const LEAST = 64

export interface Table {
  /** Of the values of a Map; null for a Set. */
  shape: Shape | null
  /** Keys, each with the numbers of its value behind it. */
  rows: Float64Array<ArrayBuffer>
}

/** @returns undefined when it is small, or holds anything but numbers of one shape under numbers */
export function tableOf(of: Map<unknown, unknown> | Set<unknown>): Table | undefined {
  if (of.size < LEAST) return undefined
  if (of instanceof Set) {
    for (const key of of) if (typeof key !== 'number') return undefined
    return { shape: null, rows: Float64Array.from(of as Set<number>) }
  }
  const [first] = of.values()
  const shape = shapeOf(first)
  if (shape === undefined) return undefined
  const rows = new Float64Array(of.size * (1 + widthOf(shape)))
  let at = 0

  function put(v: unknown, like: Shape): boolean {
    if (like === 0 || like === 1) {
      if (typeof v !== (like === 0 ? 'number' : 'boolean')) return false
      rows[at++] = Number(v)
      return true
    }
    if (shapeKind(v) !== shapeKind(like)) return false
    if (Array.isArray(like)) {
      const list = v as unknown[]
      if (list.length !== like.length) return false
      for (let k = 0; k < like.length; k++) if (!put(list[k], like[k]!)) return false
      return true
    }
    // in the order of the first, so that what comes back has it too
    const record = v as Record<string, unknown>
    const keys = keysOf(like)
    let k = 0
    for (const key in record) if (key !== keys[k++] || !put(record[key], like[key]!)) return false
    return k === keys.length
  }

  const known = new Map<object, string[]>()
  function keysOf(like: Record<string, Shape>): string[] {
    let keys = known.get(like)
    if (!keys) known.set(like, (keys = Object.keys(like)))
    return keys
  }

  for (const [key, value] of of) if (!put(key, 0) || !put(value, shape)) return undefined
  return { shape, rows }
}

/** The Map or Set again. */
export function fromTable(shape: Shape | null, rows: Float64Array): Map<number, unknown> | Set<number> {
  if (shape === null) return new Set(rows)
  const map = new Map<number, unknown>()
  let at = 0
  const take = (like: Shape): unknown =>
    like === 0
      ? rows[at++]!
      : like === 1
        ? rows[at++] !== 0
        : Array.isArray(like)
          ? like.map(take)
          : Object.fromEntries(Object.entries(like).map(([key, of]) => [key, take(of)]))
  while (at < rows.length) map.set(rows[at++]!, take(shape))
  return map
}

const shapeKind = (v: unknown): 'list' | 'record' | undefined =>
  Array.isArray(v)
    ? 'list'
    : typeof v === 'object' && v !== null && !ArrayBuffer.isView(v) && !(v instanceof Map || v instanceof Set)
      ? 'record'
      : undefined

function shapeOf(v: unknown): Shape | undefined {
  if (typeof v === 'number') return 0
  if (typeof v === 'boolean') return 1
  const kind = shapeKind(v)
  if (kind === undefined) return undefined
  if (kind === 'list') {
    const shapes = (v as unknown[]).map(shapeOf)
    return shapes.includes(undefined) ? undefined : (shapes as Shape[])
  }
  const entries = Object.entries(v as object).map(([key, of]) => [key, shapeOf(of)] as const)
  if (entries.some(([, shape]) => shape === undefined)) return undefined
  return Object.fromEntries(entries) as Record<string, Shape>
}

const widthOf = (shape: Shape): number =>
  shape === 0 || shape === 1 ? 1 : Object.values(shape).reduce<number>((sum, of) => sum + widthOf(of), 0)
