// The same sentences through gpsd's decoder (its published regression test, unscaled integers) and ours.

import { describe, expect } from 'vitest'
import { BIT_ACCURACY, BIT_RAIM } from '../../src/model/batch.js'
import { sharedText, testWith } from '../helpers/shared.js'
import { read, type Row } from './read.js'

const SAMPLE = 'data/conformance/gpsd/sample.aivdm'
const DECODED = new Set([1, 2, 3, 4, 5, 9, 18, 19, 21, 24, 27])

type Gpsd = Record<string, number | string | boolean> & { type: number; mmsi: number }

const gpsd = (): Gpsd[] =>
  sharedText(`${SAMPLE}.ju.chk`)
    .split('\n')
    .filter(line => line.startsWith('{"class":"AIS"'))
    .map(line => JSON.parse(line) as Gpsd)
    .filter(message => DECODED.has(message.type))

/** Wire integers of a row; what is not available is what the wire says for it. */
function wire(row: Row): Record<string, number | boolean> {
  const long = row.msgType === 27
  const scale = long ? 600 : 600_000
  const or = (value: number, none: number, by = 1): number =>
    Number.isNaN(value) ? none : Math.round(value * by)
  const sogScale = long || row.msgType === 9 ? 1 : 10
  return {
    lon: or(row.lon, 181 * scale, scale),
    lat: or(row.lat, 91 * scale, scale),
    speed: or(row.sog, long ? 63 : 1023, sogScale),
    course: or(row.cog, long ? 511 : 3600, long ? 1 : 10),
    heading: or(row.heading, 511),
    turn: Number.isNaN(row.rot)
      ? -128
      : Math.sign(row.rot) * Math.round(4.733 * Math.sqrt(Math.abs(row.rot))),
    status: row.navStatus,
    second: row.utcSecond,
    accuracy: (row.bits & BIT_ACCURACY) > 0,
    raim: (row.bits & BIT_RAIM) > 0,
    repeat: (row.bits >> 4) & 3,
  }
}

describe('gpsd', () => {
  testWith(SAMPLE, 'every position field equals gpsd’s integer', () => {
    const { rows, rejects, missing } = read(Buffer.from(sharedText(SAMPLE)), {
      timeStart: Date.UTC(2010, 0, 1),
    })
    expect(missing).toBe(0)
    expect(rejects.map(reject => reject.reason)).toEqual(['position-out-of-range'])
    const left = rows.filter(row => row.msgType !== 5 && row.msgType !== 24)
    let compared = 0
    for (const message of gpsd()) {
      if (message.type === 5 || message.type === 24) continue
      if (Math.abs(message['lat'] as number) > 54_600_000) continue // the one that is refused
      const row = left.shift()!
      expect([row.msgType, row.mmsi]).toEqual([message.type, message.mmsi])
      const ours = wire(row)
      for (const [field, value] of Object.entries(ours)) {
        if (!(field in message)) continue
        expect([message.mmsi, field, value]).toEqual([message.mmsi, field, message[field]])
        compared++
      }
      if ('radio' in message) {
        // one sentence claims five fill bits that are none (its twin says so): gpsd cuts them off the last field
        const radio = (message['radio'] as number) & 0x7ffff
        expect([radio, radio === 1076 ? 34463 : radio]).toContain(row.commState)
      }
      if ('timestamp' in message)
        expect(row.utcSecond).toBe(Number(String(message['timestamp']).slice(17, 19)))
    }
    expect(left).toEqual([])
    expect(compared).toBeGreaterThan(150)
  })

  testWith(SAMPLE, 'static data equal gpsd’s', () => {
    const { rows } = read(Buffer.from(sharedText(SAMPLE)), { timeStart: Date.UTC(2010, 0, 1) })
    const last = new Map(rows.filter(row => row.data).map(row => [`${row.msgType} ${row.mmsi}`, row.data!]))
    let compared = 0
    for (const message of gpsd()) {
      if (![5, 19, 21, 24].includes(message.type)) continue
      const data = last.get(`${message.type} ${message.mmsi}`) ?? {}
      const number = (field: string): number => (message[field] as number | undefined) ?? 0
      const text = (field: string): string => ((message[field] as string | undefined) ?? '').trim()
      expect(data.name ?? '').toBe(text(message.type === 21 ? 'name' : 'shipname'))
      expect(data.callsign ?? '').toBe(text('callsign'))
      expect(data.destination ?? '').toBe(text('destination'))
      expect(data.shipType ?? 0).toBe(number('shiptype'))
      expect(data.imo ?? 0).toBe(number('imo'))
      expect(Math.round((data.draught ?? 0) * 10)).toBe(number('draught'))
      expect(data.length ?? 0).toBe(number('to_bow') + number('to_stern'))
      expect(data.width ?? 0).toBe(number('to_port') + number('to_starboard'))
      if (data.eta) expect(`${data.eta}Z`).toBe(message['eta'])
      compared++
    }
    expect(compared).toBeGreaterThan(6)
  })
})
