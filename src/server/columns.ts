// Many rows in one answer: typed arrays one after another, behind a line of JSON that says where each is. A browser reads
// them where they lie.
//
//   bytes 0–3   length of the JSON, little-endian
//   JSON        { count, columns: [{ name, type, offset, length }], ... }, padded with spaces to a multiple of 8
//   columns     each padded to a multiple of 8; offsets from the end of the JSON

const ARRAYS = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const
export type ColumnType = keyof typeof ARRAYS

export interface OutColumn {
  name: string
  type: ColumnType
  values: ArrayLike<unknown>
  /** What a value becomes; a missing one is NaN, or 0 in whole numbers. */
  of?: (value: unknown) => number
}

export const COLUMNS_TYPE = 'application/vnd.darkwake.columns'

export function encodeColumns(
  count: number,
  columns: readonly OutColumn[],
  more: Record<string, unknown> = {},
): Buffer {
  let offset = 0
  const placed = columns.map(({ name, type, values, of }) => {
    const array = new ARRAYS[type](count)
    if (!of && ArrayBuffer.isView(values)) array.set(values as unknown as ArrayLike<number>)
    else
      for (let i = 0; i < count; i++) {
        const value = values[i]
        array[i] = of ? of(value) : value === null || value === undefined ? NaN : Number(value)
      }
    const bytes = Buffer.from(array.buffer)
    const head = { name, type, offset, length: count }
    offset += padded(bytes.length)
    return { head, bytes }
  })
  const json = JSON.stringify({ count, columns: placed.map(({ head }) => head), ...more })
  const text = Buffer.from(json)
  const start = padded(4 + text.length)
  const out = Buffer.alloc(start + offset)
  out.writeUInt32LE(start - 4)
  out.fill(0x20, 4, start)
  text.copy(out, 4)
  for (const { head, bytes } of placed) bytes.copy(out, start + head.offset)
  return out
}

const padded = (n: number): number => Math.ceil(n / 8) * 8
