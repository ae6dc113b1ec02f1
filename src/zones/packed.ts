// How shipped lines are stored: gzip of a JSON header and then points as differences in variable-length integers, in
// the grid of their source, so that nothing is lost twice. Numbers are few bytes because neighbours are near.
//
//   u32 LE length of header · header (JSON, UTF-8) · per line: varint point count, then zigzag varint Δx Δy per point

import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'

/** Longitude = x · scale[0] + translate[0], latitude = y · scale[1] + translate[1]. */
export interface Lattice {
  scale: [number, number]
  translate: [number, number]
}

export interface PackedLines<Header> {
  header: Header & Lattice
  /** Flat [lon, lat, …], degrees. */
  lines: Float64Array[]
}

/** @param lines flat [x, y, …] in whole lattice steps */
export function packLines<Header extends Lattice>(
  header: Header,
  lines: readonly (readonly number[])[],
): Uint8Array {
  const head = Buffer.from(JSON.stringify({ ...header, lineCount: lines.length }))
  const body: number[] = []
  for (const line of lines) {
    writeVarint(body, line.length / 2)
    let x = 0
    let y = 0
    for (let i = 0; i < line.length; i += 2) {
      writeVarint(body, zigzag(line[i]! - x))
      writeVarint(body, zigzag(line[i + 1]! - y))
      x = line[i]!
      y = line[i + 1]!
    }
  }
  const size = Buffer.alloc(4)
  size.writeUInt32LE(head.length)
  return gzipSync(Buffer.concat([size, head, Uint8Array.from(body)]), { level: 9 })
}

/** @throws Error when the bytes are not what packLines wrote */
export function unpackLines<Header>(packed: Uint8Array): PackedLines<Header> {
  const bytes = gunzipSync(packed)
  const headLength = bytes.readUInt32LE(0)
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + headLength)) as Header &
    Lattice & { lineCount: number }
  const [sx, sy] = header.scale
  const [tx, ty] = header.translate
  let at = 4 + headLength
  const varint = (): number => {
    let value = 0
    let shift = 0
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('packed lines: cut short')
      value |= (byte & 127) << shift
      if (byte < 128) return value >>> 0
      shift += 7
    }
  }
  const lines: Float64Array[] = []
  // one array for all: a number takes a byte at least
  const numbers = new Float64Array(bytes.length - at)
  let used = 0
  for (let k = 0; k < header.lineCount; k++) {
    const line = numbers.subarray(used, (used += varint() * 2))
    let x = 0
    let y = 0
    for (let i = 0; i < line.length; i += 2) {
      x += unzigzag(varint())
      y += unzigzag(varint())
      line[i] = x * sx + tx
      line[i + 1] = y * sy + ty
    }
    lines.push(line)
  }
  return { header, lines }
}

/** Reads a file of the package's data folder, which lies two levels above this module in src/ and in dist/ alike. */
export function readShipped<Header>(name: string): PackedLines<Header> {
  return unpackLines<Header>(readFileSync(new URL(`../../data/${name}`, import.meta.url)))
}

function zigzag(n: number): number {
  return ((n << 1) ^ (n >> 31)) >>> 0
}

function unzigzag(n: number): number {
  return (n >>> 1) ^ -(n & 1)
}

function writeVarint(out: number[], value: number): void {
  while (value > 127) {
    out.push((value & 127) | 128)
    value >>>= 7
  }
  out.push(value)
}
