// Every distinct message of the recorded logs through gpsdecode and libais as well, where they are installed: field by field.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeMessage } from '../../src/ais/decode.js'
import { checksum } from '../../src/ais/sentences.js'
import { toGpsd } from '../../src/ais/gpsd.js'
import type { RawMessage } from '../../src/ais/tables.js'
import { sharedPath } from '../helpers/shared.js'

const LOGS = 'data/nmea'
const hasLogs = existsSync(sharedPath(LOGS))
const runs = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0
const hasGpsd = runs('gpsdecode', '-V')
const python = ['python3', '/usr/bin/python3'].find(command => runs(command, '-c', 'import ais'))
const TIMEOUT_MS = 120_000

/** Distinct payloads of all logs, parts joined, that are messages to us. */
function recorded(): { payload: string; fill: number; raw: RawMessage }[] {
  const found = new Set<string>()
  for (const entry of readdirSync(sharedPath(LOGS), { recursive: true, encoding: 'utf8' })) {
    const path = sharedPath(`${LOGS}/${entry}`)
    if (!/\.(gz|raw|nmea|txt)$/.test(entry)) continue
    const bytes = readFileSync(path)
    const text = (entry.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')
    const open = new Map<string, string[]>()
    const sentence = /[!$]..VD[MO],(\d),(\d),(\d?,[^,]?),([^,\s]+),(\d)\*[0-9A-F]{2}/g
    for (const [, total, number, id, payload, fill] of text.matchAll(sentence)) {
      if (number === '1') open.set(id!, [])
      const parts = open.get(id!)
      if (parts?.length !== Number(number) - 1) continue
      parts.push(payload!)
      if (number === total) found.add(`${parts.join('')},${fill}`)
    }
  }
  return [...found].flatMap(key => {
    const [payload = '', fill = ''] = key.split(',')
    const raw = decodeMessage(payload, Number(fill))
    return typeof raw === 'string' ? [] : [{ payload, fill: Number(fill), raw }]
  })
}

/** gpsd refuses what is longer than its type can be, and prints no part B of a ship twice: those have no counterpart. */
test.skipIf(!hasLogs || !hasGpsd)(
  `gpsdecode says the same of every recorded message${hasGpsd && hasLogs ? '' : ' (skipped: gpsdecode or ../shared is absent)'}`,
  () => {
    const messages = recorded()
    const input = messages
      .map(({ payload, fill }) => {
        const body = `AIVDM,1,1,,A,${payload},${fill}`
        return `!${body}*${checksum(body)}\n`
      })
      .join('')
    const out = execFileSync('gpsdecode', ['-j', '-u', '-s'], {
      input,
      encoding: 'latin1',
      maxBuffer: 1 << 30,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const theirs = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
      .filter(message => message['type'] !== 24 || message['part'] !== undefined)
    const without = (message: Record<string, unknown>): string =>
      JSON.stringify(
        Object.entries(message)
          .filter(([name]) => !name.endsWith('_text'))
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      )
    let next = 0
    const alone: string[] = []
    for (const { raw } of messages) {
      const ours = without(toGpsd(raw, { scaled: false }))
      if (next < theirs.length && without(theirs[next]!) === ours) next++
      else alone.push(`${raw.type} ${ours}`)
    }
    expect(theirs.length).toBeGreaterThan(30_000)
    expect(next).toBe(theirs.length) // all of theirs, in order
    expect(alone.length).toBeLessThan(messages.length * 0.005)
    for (const message of alone) expect(message).toMatch(/^(7|13|15|16|20|21|24|25|27) /)
  },
  TIMEOUT_MS,
)

const LIBAIS = `
import ais, json, sys
for line in sys.stdin:
    payload, fill = line.rstrip('\\n').split(',')
    try: print(json.dumps(ais.decode(payload, int(fill))))
    except Exception: print('null')
`

/** Names of libais where they differ, by ours; in its units. */
const libaisFields = (raw: RawMessage): [string, number][] => {
  if (raw.type > 3 && raw.type !== 18) return []
  const { lon, lat, course, heading, second } = raw as RawMessage<1>
  return [
    ['x', lon / 600_000],
    ['y', lat / 600_000],
    ['cog', course / 10],
    ['true_heading', heading],
    ['timestamp', second],
  ]
}

test.skipIf(!hasLogs || !python)(
  `libais says the same of every recorded message${python && hasLogs ? '' : ' (skipped: libais or ../shared is absent)'}`,
  () => {
    const messages = recorded()
    const out = execFileSync(python!, ['-c', LIBAIS], {
      input: messages.map(({ payload, fill }) => `${payload},${fill}\n`).join(''),
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    })
    const theirs = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown> | null)
    let agreed = 0
    messages.forEach(({ raw }, i) => {
      const message = theirs[i]
      if (!message) return // libais knows fewer lengths and types
      expect([message['id'], message['mmsi'], message['repeat_indicator']]).toEqual([
        raw.type,
        raw.mmsi,
        raw.repeat,
      ])
      for (const [name, value] of libaisFields(raw)) {
        if (Math.abs((message[name] as number) - value) > 1e-4)
          throw new Error(`${name}: ${String(message[name])}, ours ${value}: ${JSON.stringify(raw)}`)
      }
      agreed++
    })
    expect(agreed).toBeGreaterThan(messages.length * 0.98)
  },
  TIMEOUT_MS,
)
