import dgram from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { cotCarrier, cotMessage } from '../../../src/sinks/live/cot.js'
import { HOSTILE } from '../events.js'
import { told } from './lines.js'

const vessel = { name: 'A', imo: null, callsign: null, flag: null, shipType: null, txClass: 'A' as const }

describe('Cursor-on-Target', () => {
  test('an event is a mark at its last place, by its id, stale after an hour', () => {
    const message = cotMessage(told(1, 'closed').line)!
    expect(message).toContain('uid="gap-1"')
    expect(message).toContain('type="a-u-S"')
    expect(message).toContain('<point lat="-16.184225" lon="-131.478745" hae="9999999.0"')
    expect(message).toContain('time="2018-12-26T04:25:31.000Z"')
    expect(message).toContain('stale="2018-12-26T05:25:31.000Z"')
    expect(message).toContain('callsign="LONG RUN 7"')
  })

  test('what was withdrawn is stale at once', () => {
    expect(cotMessage(told(1, 'retracted').line)).toContain('stale="2018-12-26T04:25:31.000Z"')
  })

  test('no name gets out of its attribute or its element', () => {
    for (const name of [
      ...HOSTILE,
      '"><event/>',
      "' onload='",
      ']]>',
      '&lt;',
      '<!DOCTYPE x [<!ENTITY a "b">]>',
    ]) {
      const message = cotMessage(told(1, 'opened', { vessel: { ...vessel, name } }).line)!
      // the elements of an event and no other
      const tags = message.match(/<[^>]+>/g)!.map(tag => tag.replace(/[\s>/]*[\s>].*$/, ''))
      expect(tags).toEqual([
        ...['<?xml', '<event', '<point', '<detail', '<contact', '<remarks'],
        ...['</remarks', '</detail', '</event'],
      ])
      expect([...message].every(c => c >= ' ')).toBe(true)
    }
  })

  test('an event without a place is not sent', () => {
    expect(
      cotMessage(told(1, 'opened', { start: { t: 0, lat: null, lon: null }, end: null }).line),
    ).toBeNull()
  })

  test('goes out as one datagram', async () => {
    const socket = dgram.createSocket('udp4')
    await new Promise<void>(done => socket.bind(0, '127.0.0.1', done))
    const got = new Promise<string>(done => socket.once('message', bytes => done(bytes.toString())))
    const carrier = cotCarrier({ host: '127.0.0.1', port: (socket.address() as AddressInfo).port })
    const { line } = told(1)
    await carrier.send([{ seq: 1, phase: 'opened', line }], new AbortController().signal)
    expect(await got).toBe(cotMessage(line))
    await carrier.close!()
    socket.close()
  })
})
