// Every distinct message of the recorded logs through gpsdecode and libais as well, where they are installed: field by field.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeMessage } from '../../src/ais/decode.js'
import { checksum } from '../../src/ais/sentences.js'
import { toGpsd } from '../../src/ais/gpsd.js'
import { planFor } from '../../src/ais/plan.js'
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

/** libais's names for our fields. */
const PLACE = { x: 'lon', y: 'lat', position_accuracy: 'accuracy' }
const MOTION = { sog: 'speed', cog: 'course', timestamp: 'second' }
const SIZE = { dim_a: 'to_bow', dim_b: 'to_stern', dim_c: 'to_port', dim_d: 'to_starboard' }
const A = { ...PLACE, ...MOTION, nav_status: 'status', true_heading: 'heading', raim: 'raim' }
const DATE = { year: 'year', month: 'month', day: 'day', hour: 'hour', minute: 'minute', second: 'second' }
const BASE = { ...PLACE, ...DATE, fix_type: 'epfd', raim: 'raim' }
const LIBAIS_NAMES: Record<number, Record<string, string>> = {
  ...{ 1: A, 2: A, 3: A, 4: BASE, 11: BASE },
  5: {
    ...{ imo_num: 'imo', callsign: 'callsign', name: 'shipname', type_and_cargo: 'shiptype', ...SIZE },
    ...{ fix_type: 'epfd', eta_month: 'month', eta_day: 'day', eta_hour: 'hour', eta_minute: 'minute' },
    ...{ draught: 'draught', destination: 'destination', dte: 'dte' },
  },
  9: { ...PLACE, ...MOTION, alt: 'alt', dte: 'dte', raim: 'raim' },
  12: { seq_num: 'seqno', dest_mmsi: 'dest_mmsi', text: 'text' },
  14: { text: 'text' },
  17: { x: 'lon', y: 'lat' },
  18: { ...PLACE, ...MOTION, true_heading: 'heading', raim: 'raim', unit_flag: 'cs', dsc_flag: 'dsc' },
  19: { ...PLACE, ...MOTION, name: 'shipname', type_and_cargo: 'shiptype', ...SIZE },
  21: {
    ...PLACE,
    ...SIZE,
    aton_type: 'aid_type',
    fix_type: 'epfd',
    timestamp: 'second',
    off_pos: 'off_position',
  },
  24: { part_num: 'partno', name: 'shipname', type_and_cargo: 'shiptype', callsign: 'callsign', ...SIZE },
  27: { x: 'lon', y: 'lat', sog: 'speed', cog: 'course', nav_status: 'status' },
}

/** What libais must say of a message's fields, in its units; not those that one of the two leaves out. */
function libaisValues(raw: RawMessage): [string, number | string][] {
  const { fields } = planFor(raw)
  const values = raw as unknown as Record<string, number | string>
  return Object.entries(LIBAIS_NAMES[raw.type] ?? {}).flatMap(([theirs, name]) => {
    const { scale = 1 } = fields.find(field => field.name === name) ?? {}
    const value = values[name]
    if (value === undefined) return []
    return [[theirs, typeof value === 'number' ? value / scale : value] as [string, number | string]]
  })
}

/** Up to its first @, without the blanks at its end. */
const plainText = (text: unknown): string => String(text).replace(/@.*/s, '').trimEnd()
/** libais has two other characters in its alphabet than table 47 of M.1371. */
const ofLibais = (text: string): string => text.replaceAll('_', '-').replaceAll("'", '`')

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
    let compared = 0
    messages.forEach(({ raw }, i) => {
      const message = theirs[i]
      if (!message) return // libais knows fewer lengths and types
      expect([message['id'], message['mmsi'], message['repeat_indicator']]).toEqual([
        raw.type,
        raw.mmsi,
        raw.repeat,
      ])
      for (const [name, value] of libaisValues(raw)) {
        const said = message[name]
        if (said === undefined) continue
        compared++
        const agrees =
          typeof value === 'string'
            ? plainText(said) === ofLibais(value)
            : Math.abs(Number(said) - value) <= 1e-4
        if (!agrees) throw new Error(`${name}: ${String(said)}, ours ${value}: ${JSON.stringify(raw)}`)
      }
      agreed++
    })
    expect(agreed).toBeGreaterThan(messages.length * 0.98)
    expect(compared).toBeGreaterThan(8 * agreed)
  },
  TIMEOUT_MS,
)
