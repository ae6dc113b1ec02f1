import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { DarkEvent } from '../../src/model/event.js'
import { eventLine } from '../../src/sinks/ndjson.js'
import { readEvents } from '../../src/sources/events.js'
import { at, hour, replay } from '../helpers/replay.js'
import { outage } from '../sinks/events.js'

const folder = mkdtempSync(path.join(tmpdir(), 'darkwake-events-'))
afterAll(() => rmSync(folder, { recursive: true }))

const EVENTS = [...replay([at(0), at(1), at(2), 12, at(20), at(21), at(22), 40]), outage()]
const LINES = EVENTS.map(event => `${eventLine(event)}\n`)

async function read(content: string | Buffer, pieces?: number[]) {
  const events: DarkEvent[] = []
  if (pieces === undefined) {
    const file = path.join(folder, 'events.ndjson')
    writeFileSync(file, content)
    return { ...(await readEvents({ name: file, path: file }, event => events.push(event))), list: events }
  }
  const bytes = Buffer.from(content)
  const cuts = [0, ...pieces.map(piece => piece % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  const chunks = cuts.slice(1).map((end, k) => bytes.subarray(cuts[k], end))
  const stream = Readable.from(chunks.filter(({ length }) => length > 0))
  return { ...(await readEvents({ name: 'stdin', stream }, event => events.push(event))), list: events }
}

describe('events', () => {
  test('come back as they were written, times as epoch ms', async () => {
    const { list, events, refused } = await read(LINES.join(''))
    expect([events, refused]).toEqual([EVENTS.length, 0])
    expect(list.map(eventLine)).toEqual(LINES.map(line => line.trim()))
    const gap = list.find(({ type, end }) => type === 'gap' && end !== null)!
    expect(gap).toMatchObject({
      start: { t: hour(2) },
      details: { off: { t: hour(2) }, on: { t: hour(20) } },
    })
  })

  test('… however the bytes are cut, packed or not, without a last line end', async () => {
    const text = LINES.join('').trim()
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 6 }), async pieces => {
        const { list } = await read(text, pieces)
        expect(list.map(eventLine)).toEqual(LINES.map(line => line.trim()))
      }),
      { numRuns: 30 },
    )
    expect((await read(gzipSync(text))).events).toBe(EVENTS.length)
  })

  test('a run that found nothing has none', async () => {
    expect(await read('')).toMatchObject({ events: 0, refused: 0 })
    expect(await read('\n')).toMatchObject({ events: 0, refused: 0 })
  })

  test('what is no event is left out and counted, and the first of it is told', async () => {
    const score = LINES[0]!.replace(/"score":[\d.]+/, '"score":7')
    const text = [LINES[0]!, '{"type":"gap"}\n', 'half a li\n', score, LINES[1]!].join('')
    expect(await read(text)).toMatchObject({ events: 2, refused: 3, firstRefused: { line: 2 } })
    expect(await read(LINES[0]! + score)).toMatchObject({
      firstRefused: { line: 2, why: expect.stringMatching(/^score: /) as string },
    })
  })

  test('a file of something else is no file of events', async () => {
    await expect(read('mmsi,t\n1,2\n')).rejects.toThrow(
      /events\.ndjson: no events of darkwake: line 1: no JSON/,
    )
    await expect(readEvents({ name: 'x', path: path.join(folder, 'x') }, () => {})).rejects.toThrow(
      'x: no such file',
    )
    await expect(readEvents({ name: folder, path: folder }, () => {})).rejects.toThrow('is a directory')
  })
})
