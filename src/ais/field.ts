// A message of ITU-R M.1371-5 as data: its fields in the order they are sent, each with its width, what its integer
// means and how it says "not available". Decoder, encoder, types, columns and documentation all walk these tables,
// so that none of them can disagree with another.

export type FieldKind = 'uint' | 'int' | 'bool' | 'text' | 'data'

/** What a raw field holds: text as a string, a run of bits as `<number of bits>:<hex>`, all else as the integer sent. */
export type RawValue<K extends FieldKind = FieldKind> = K extends 'text' | 'data' ? string : number

export interface FieldOptions {
  /** Canonical value = integer / scale + offset. @default 1 */
  scale?: number
  /** @default 0 */
  offset?: number
  /** Integers that mean "not available". */
  none?: number | readonly number[]
  /** Unit of the canonical value. */
  unit?: string
  /** What the integer means, by its value. */
  texts?: readonly string[]
  /** A text of this name is printed by gpsd beside the number. */
  note?: string
  /** Decimals that gpsd prints; −6 means six, in quotes. Absent: gpsd prints the integer, scaled or not. */
  gpsd?: number
  /** gpsd prints the text in place of the number when it scales. */
  gpsdText?: boolean
  /** gpsd does not print it. */
  own?: boolean
  /** Cut by the end of the message it is the number that is left; other fields are filled up with zeros. */
  rest?: boolean
}

export interface Field<
  N extends string = string,
  K extends FieldKind = FieldKind,
  O extends boolean = boolean,
> extends FieldOptions {
  name: N
  kind: K
  /** Bits; 0 for a text or data field that takes whatever is left. */
  width: number
  /** May be missing when the message ends before it. */
  optional: O
}

const make =
  <K extends FieldKind>(kind: K) =>
  <const N extends string>(name: N, width: number, options: FieldOptions = {}): Field<N, K, false> => ({
    name,
    kind,
    width,
    optional: false,
    ...options,
  })

/** Unsigned integer of `width` ≤ 30 bits. */
export const uint = make('uint')
/** Two's complement. */
export const int = make('int')

/** One bit. */
export const bool = <const N extends string>(name: N, options: FieldOptions = {}): Field<N, 'bool', false> =>
  make('bool')(name, 1, options)

/** Six-bit text of `chars` characters; 0: as many as are left. */
export const text = <const N extends string>(
  name: N,
  chars: number,
  options: FieldOptions = {},
): Field<N, 'text', false> => make('text')(name, chars * 6, options)

/** Whatever bits are left. */
export const data = <const N extends string>(name: N): Field<N, 'data', false> => make('data')(name, 0)

/** The same field, which a shorter message may lack. */
export const optional = <N extends string, K extends FieldKind>(field: Field<N, K>): Field<N, K, true> => ({
  ...field,
  optional: true,
})

/** All of them optional: short forms of the message occur. */
export const optionals = <const F extends readonly Field[]>(
  ...fields: F
): { [I in keyof F]: F[I] extends Field<infer N, infer K> ? Field<N, K, true> : never } =>
  fields.map(field => optional(field)) as never

/** Spare bits: kept, as they are not always spare to everybody. */
export const spare = <const N extends string>(name: N, width: number): Field<N, 'uint', true> => ({
  name,
  kind: 'uint',
  width,
  optional: true,
  own: true,
})

/** A date as gpsd writes it, out of the fields that hold its parts. */
export interface GpsdTime {
  name: string
  /** Fields by name: year or '', month or '', day, hour, minute, second or ''. */
  parts: readonly string[]
}

export interface Layout<F extends readonly Field[] = readonly Field[]> {
  /** What stands after type, repeat and mmsi, bit 38 on. */
  fields: F
  /** In words, for the documentation, where a type has several layouts. */
  title?: string
  /**
   * Whether a message has this layout, by its own fields, its MMSI and its length in bits (NaN when it is being made).
   * Absent: always.
   */
  when?: (get: (name: string) => number | undefined, mmsi: number, bits: number) => boolean
  /** Bits that a message may have at most: a longer one is two of them glued together. @default any number */
  most?: number
  /** Messages 6 and 8: the areas and the function that the condition asks for, to rule out most at once. */
  application?: { dacs: readonly number[]; fid: number }
  /** Fields that repeat to the end of the message. */
  group?: { name: string; fields: readonly Field[] }
  gpsdTimes?: readonly GpsdTime[]
}

type Simplify<T> = { [K in keyof T]: T[K] }
type Wanted<F extends readonly Field[]> = {
  [X in F[number] as X['optional'] extends false ? X['name'] : never]: RawValue<X['kind']>
}
type Perhaps<F extends readonly Field[]> = {
  [X in F[number] as X['optional'] extends false ? never : X['name']]?: RawValue<X['kind']>
}
/** The raw object of a layout's fields. */
export type RawFields<L> = L extends Layout<infer F> ? Simplify<Wanted<F> & Perhaps<F>> : never
