import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { InputError } from '../../src/model/errors.js'
import { loadWatchlist } from '../../src/sources/watchlist.js'

const folder = mkdtempSync(path.join(tmpdir(), 'darkwake-lists-'))
afterAll(() => rmSync(folder, { recursive: true }))

function load(content: string | Buffer, name = 'iuu-2026.csv') {
  const at = path.join(folder, name)
  writeFileSync(at, content)
  return loadWatchlist(at)
}

describe('a file of lists', () => {
  test('gives its rows, with its own name for a list and `watch` for an action', async () => {
    expect(
      await load('mmsi,imo,callsign,name,reason\n"257000001",IMO 9074729, LKAB ,,"caught, twice"\n'),
    ).toEqual({
      entries: [
        {
          ...{ mmsi: 257000001, imo: 9074729, callsign: 'LKAB' },
          ...{ list: 'iuu-2026', reason: 'caught, twice', action: 'watch' },
        },
      ],
      replaced: 0,
    })
  })

  test('may use semicolons, tabs, CRLF, a byte order mark, gzip, and leave cells and lines empty', async () => {
    const entry = { mmsi: 1, list: 'iuu-2026', action: 'watch' }
    for (const content of [
      '\ufeffMMSI;Name\r\n\r\n1;\r\n\r\n',
      'mmsi\tname\n1\n',
      'name,mmsi\n,1,\n',
      'mmsi,name\n , \n001,',
    ])
      expect((await load(content)).entries).toEqual([entry])
    expect((await load(gzipSync('mmsi\n1\n'), 'list.csv.gz')).entries).toEqual([{ ...entry, list: 'list' }])
  })

  test('may be empty but for its header: nobody is on it now', async () => {
    expect(await load('mmsi,name\n')).toEqual({ entries: [], replaced: 0 })
  })

  test('tells until when, the day included, what is exempt, and of whom a register is', async () => {
    const text = [
      'mmsi,action,types,expires,flag,shiptype,list',
      '1,exempt,gap loitering;JUMP,2026-12-31,,,',
      '2,Only,,,nor,fishing,licensed',
      ',only,,,219,30,licensed',
    ].join('\n')
    expect((await load(text.replace('gap loitering;JUMP', '"gap, loitering;JUMP"'))).entries).toEqual([
      {
        ...{ mmsi: 1, list: 'iuu-2026', action: 'exempt', types: ['gap', 'loitering', 'jump'] },
        expires: Date.UTC(2027, 0, 1),
      },
      { mmsi: 2, list: 'licensed', action: 'only', flag: 'NOR', shipType: 30 },
      { list: 'licensed', action: 'only', flag: 'DNK', shipType: 30 },
    ])
  })

  test('of two rows of one list about one vessel, to one end, the later holds', async () => {
    const text = 'mmsi,callsign,action,reason\n1,AB-C,,old\n1,abc,,new\n1,ABC,exempt,\n1,,,other\n'
    const { entries, replaced } = await load(text)
    expect(entries.map(({ reason, action }) => [reason, action])).toEqual([
      ['new', 'watch'],
      [undefined, 'exempt'],
      ['other', 'watch'],
    ])
    expect(replaced).toBe(1)
  })
})

describe('what is wrong is one line: the file, the line, what is allowed', () => {
  test.each<[string, RegExp]>([
    ['mmsi,colour\n1,red\n', /: no column is named "colour": expected mmsi, imo, callsign, name, list, /],
    ['mmsi,MMSI\n', /two columns are named mmsi/],
    ['reason,expires\n', /no column that names a vessel: expected one of mmsi, imo, callsign, name/],
    ['mmsi\n1\n2x\n', /line 3: mmsi: expected a whole number from 1 to 999999999, got "2x"/],
    ['mmsi\n\n\n0\n', /line 4: mmsi: expected a whole number/],
    ['mmsi\n1234567890\n', /line 2: mmsi/],
    ['mmsi,imo\n1,IMO-7\n', /line 2: imo: .* got "IMO-7"/],
    ['mmsi,name,reason\n1,"a\nb",\n,,who?\n', /line 4: no vessel: expected one of mmsi/],
    ['mmsi,name\n,@@@\n', /line 2: no vessel/],
    ['mmsi,expires\n1,31.12.2026\n', /line 2: expires: expected a date such as 2026-12-31, got "31.12.2026"/],
    ['mmsi,expires\n1,2026-02-30\n', /line 2: expires/],
    ['mmsi,action\n1,ignore\n', /line 2: action: expected watch, exempt, only, got "ignore"/],
    [
      'mmsi,action,types\n1,exempt,gaps\n',
      /line 2: types: expected some of gap, port_silence, .*jump.* got "gaps"/,
    ],
    ['mmsi,types\n1,gap\n', /line 2: types: goes with action exempt, not watch/],
    ['mmsi,flag\n1,NOR\n', /line 2: flag, shiptype: go with action only, not watch/],
    ['mmsi,action,flag\n1,only,\n', /line 2: action only: expected a flag or a shiptype/],
    ['mmsi,action,flag\n1,only,Norway\n', /line 2: flag: expected ISO 3166-1 alpha-3.* got "Norway"/],
    ['mmsi,action,flag\n1,only,299\n', /line 2: flag/],
    ['mmsi,action,shiptype\n1,only,boat\n', /line 2: shiptype: expected an M\.1371 type/],
    ['mmsi,name\n1,A,B\n', /line 2: 3 cells, but the header names 2/],
    ['mmsi,name\n1,"A\n', /line 2: no CSV/],
    ['', /empty/],
  ])('%j', async (content, words) => {
    const error: unknown = await load(content).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InputError)
    expect((error as Error).message).toMatch(words)
    expect((error as Error).message).toMatch(/iuu-2026\.csv: /)
    expect((error as Error).message).not.toContain('\n')
  })
})
