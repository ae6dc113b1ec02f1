// Rows cut by vessel are the same rows, those of a vessel together, however they come.

import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutByVessel, uncut } from '../../src/run/cut.js'
import { splitRow } from '../../src/sources/csv/layout.js'

const HEADER = 'BaseDateTime;LAT;LON;MMSI;VesselName'
const MMSI = 3

async function* chunks(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  let at = 0
  for (let k = 0; at < bytes.length; k++) {
    const size = sizes.length > 0 ? sizes[k % sizes.length]! : bytes.length
    yield Buffer.from(bytes.subarray(at, at + size))
    at += size
  }
}

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(Uint8Array.from(piece))
  return Buffer.concat(all).toString()
}

/** Rows by bucket, in the order of their lines. */
async function cut(
  text: string,
  sizes: readonly number[] = [],
  header = HEADER,
): Promise<Map<string, string[]>> {
  const rows = new Map<string, string[]>()
  const lines = (await textOf(cutByVessel(chunks(text, sizes), header))).split('\n')
  expect(lines.pop()).toBe('')
  for (const line of lines) {
    const [bucket = '', piece = '', ...rest] = line.split('\t')
    // whoever moves it ends a line at either, and a field at a tab
    expect(rest).toEqual([])
    expect(piece).not.toContain('\r')
    const own = await textOf(uncut(chunks(piece, sizes)))
    rows.set(bucket, [...(rows.get(bucket) ?? []), ...own.split('\n')])
  }
  return rows
}

const mmsi = fc.integer({ min: 200_000_000, max: 200_000_020 })
/** One number, as files write it. */
const written = mmsi.chain(n =>
  fc.constantFrom(`${n}`, `"${n}"`, ` ${n} `, `${n}.0`, `${n / 1e8}E8`, `0${n}`),
)
const name = fc.constantFrom('', 'EVER, GREEN', '"A; B ""C"""', 'ÅSA', 'a\tb', '"')
const row = fc
  .tuple(fc.constantFrom('2026-01-01', '"2026; 01"'), written, name, fc.integer())
  .map(([time, ship, called, k]) => `${time};${k};4;${ship};${called}`)
const other = fc.constantFrom('', HEADER, ';;;;', 'x;y;z;none;7')

describe('cutByVessel', () => {
  test('every row of a ship is in one bucket, in order, and no other row is lost or changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 5, arbitrary: row }, other), { maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
        fc.boolean(),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom(';', '\t'),
        async (drawn, sizes, isEnded, end, delimiter) => {
          const rows = delimiter === '\t' ? drawn.map(line => line.replaceAll(';', '\t')) : drawn
          const header = HEADER.replaceAll(';', delimiter)
          const buckets = await cut(rows.join(end) + (isEnded ? end : ''), sizes, header)
          const number = (line: string): number => Number(splitRow(line, delimiter)[MMSI])
          const ofShips = rows.filter(line => /\d/.test(splitRow(line, delimiter)[MMSI] ?? ''))
          expect([...buckets.values()].flat().sort()).toEqual([...ofShips].sort())
          for (const ship of new Set(ofShips.map(number))) {
            const own = ofShips.filter(line => number(line) === ship)
            const found = [...buckets.values()].filter(lines => lines.some(line => number(line) === ship))
            expect(found.map(lines => lines.filter(line => number(line) === ship))).toEqual([own])
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  test('ships are spread over the buckets', async () => {
    const ships = Array.from({ length: 20_000 }, (_, k) => `t;1;2;${219_000_000 + 10 * k};`)
    const sizes = [...(await cut(ships.join('\n'))).values()].map(rows => rows.length)
    expect(sizes.length).toBeGreaterThan(1000)
    expect(Math.max(...sizes)).toBeLessThan(80)
  })

  test('pieces are of some 32 kB, and a longer row is a piece', async () => {
    const long = `t;1;2;219000001;${'x'.repeat(40_000)}`
    const rows = [
      ...Array.from({ length: 2000 }, (_, k) => `t;${k};2;219000001;${'y'.repeat(40)}`),
      long,
      long,
    ]
    const pieces = (await textOf(cutByVessel(chunks(rows.join('\n'), []), HEADER))).trimEnd().split('\n')
    expect(pieces.length).toBeGreaterThan(4)
    expect(pieces.filter(piece => piece.length > 32_768).length).toBe(2)
    expect([...(await cut(rows.join('\n'))).values()].flat().sort()).toEqual(rows.sort())
  })

  test('what would end a row, or a cell, within a name becomes a space', async () => {
    const [own] = [...(await cut('t;1;2;219000001;A\u001eB\u001fC\rD\n', [7])).values()]
    expect(own).toEqual(['t;1;2;219000001;A B C D'])
  })

  test('what is compressed is no piece, and stays as it is', async () => {
    const bytes = gzipSync('\u001e\u001f'.repeat(50) + Array.from({ length: 3000 }, (_, k) => k).join())
    expect([0x1e, 0x1f].every(byte => bytes.includes(byte))).toBe(true)
    const all: Uint8Array[] = []
    async function* halves() {
      yield Buffer.from(bytes.subarray(0, 1000))
      yield Buffer.from(bytes.subarray(1000))
    }
    for await (const chunk of uncut(halves())) all.push(Uint8Array.from(chunk))
    expect(Buffer.concat(all).equals(bytes)).toBe(true)
  })

  test('the column of the MMSI is found as by the reader, and a header without one is no header', async () => {
    expect([...(await cut('219000001,1,2,3\n', [], 'source_mmsi,lat,lon,t')).values()]).toEqual([
      ['219000001,1,2,3'],
    ])
    await expect(cut('1,2,3\n', [], 'lat,lon,t')).rejects.toThrow(/header: .*mmsi/i)
  })
})
