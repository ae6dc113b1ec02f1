// Ranges of files that meet give every row once, wherever they are cut.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rowsOfRanges } from '../../src/run/ranges.js'

let dir: string
beforeAll(() => void (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'darkwake-ranges-'))))
afterAll(() => fs.rmSync(dir, { recursive: true }))

async function* each(lines: string[]): AsyncGenerator<string> {
  yield* lines
}

async function read(...lines: string[]): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of rowsOfRanges(each(lines))) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

const beginOf = (rows: string[], k: number): number =>
  rows.slice(0, k).reduce((at, row) => at + Buffer.byteLength(row) + 1, 0)
const rowsIn = (text: string): string[] => text.split('\n').filter(row => row !== '')
const row = fc.oneof(
  fc.constantFrom('', 'å', 'a,b\r'),
  fc.integer().map(String),
  // longer than what is read at once
  fc.integer({ min: 1_000_000, max: 1_100_000 }).map(n => `${n}${'x'.repeat(n)}`),
)

describe('rowsOfRanges', () => {
  test('gives each row once, by the range that it begins in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 30, arbitrary: row.filter(({ length }) => length < 20) }, row), {
          maxLength: 40,
        }),
        fc.boolean(),
        // anywhere, and where a row begins
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { maxLength: 6 }),
        async (rows, isEnded, cuts) => {
          const file = path.join(dir, 'rows 1.csv')
          const text = rows.join('\n') + (isEnded ? '\n' : '')
          fs.writeFileSync(file, text)
          const size = Buffer.byteLength(text)
          const ends = [
            ...new Set([
              0,
              ...cuts.map(([f, isBegin]) =>
                isBegin ? beginOf(rows, Math.floor(f * rows.length)) : Math.floor(f * size),
              ),
              size,
            ]),
          ].sort((a, b) => a - b)
          const parts: string[][] = []
          for (let k = 1; k < ends.length; k++)
            parts.push(rowsIn(await read(`${ends[k - 1]}\t${ends[k]}\tfile:${file}`)))
          expect(parts.flat()).toEqual(rowsIn(text))
          // a row is where it begins
          let begins = 0
          for (const each of text.split('\n')) {
            const part = ends.findLastIndex(end => end <= begins)
            if (each !== '') expect(parts[Math.min(part, parts.length - 1)]).toContain(each)
            begins += Buffer.byteLength(each) + 1
          }
        },
      ),
      { numRuns: 200, endOnFailure: true },
    )
  })

  test('ends where a row and what is read at once do', async () => {
    const file = path.join(dir, 'even.csv')
    const rows = Array.from({ length: 1 << 17 }, (_, k) => String(1_000_000 + k))
    fs.writeFileSync(file, [...rows, 'z', ''].join('\n'))
    expect(rowsIn(await read(`0\t${1 << 20}\t${file}`))).toEqual(rows)
    expect(rowsIn(await read(`${1 << 20}\t${(1 << 20) + 2}\t${file}`))).toEqual(['z'])
    // none begins in the rest of one
    expect(rowsIn(await read(`3\t8\t${file}`))).toEqual([])
    expect(rowsIn(await read(`3\t9\t${file}`))).toEqual(['1000001'])
  })

  test('of several files one after the other, gzip by whoever has its first byte', async () => {
    const [plain, packed, none] = ['plain.csv', 'packed.csv', 'none.csv'].map(name => path.join(dir, name))
    fs.writeFileSync(plain!, 'a\nb')
    fs.writeFileSync(packed!, gzipSync('c\nd'))
    fs.writeFileSync(none!, '')
    const all = [
      `0\t3\t${plain}`,
      `0\t5\tfile://${packed}`,
      `5\t99\tfile:${packed}`,
      `0\t0\t${none}`,
      `2\t3\t${plain}`,
    ]
    expect(rowsIn(await read(...all))).toEqual(['a', 'b', 'c', 'd', 'b'])
  })

  test('what cannot be read is said', async () => {
    await expect(read(`0\t9\t${dir}/absent.csv`)).rejects.toThrow(/absent\.csv: ENOENT/)
    await expect(read('0\t9\ts3a://b/c.csv')).rejects.toThrow(
      'operator: no range of a file: "0\\t9\\ts3a://b/c.csv"',
    )
    fs.writeFileSync(path.join(dir, 'day.zst'), Buffer.from('28b52ffd00', 'hex'))
    await expect(read(`0\t5\t${dir}/day.zst`)).rejects.toThrow(/day\.zst: zstd is not read in ranges/)
    fs.writeFileSync(path.join(dir, 'cut.gz'), gzipSync('c\nd'.repeat(100)).subarray(0, 20))
    await expect(read(`0\t20\t${dir}/cut.gz`)).rejects.toThrow(/cut\.gz: unexpected end of file/)
  })
})
