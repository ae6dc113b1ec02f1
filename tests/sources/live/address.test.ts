import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/model/errors.js'
import {
  checkUrl,
  isLoopback,
  parseAddress,
  showAddress,
  showUrl,
} from '../../../src/sources/live/address.js'
import { createBackoff, spokenError } from '../../../src/sources/live/reconnect.js'

describe('addresses', () => {
  test('what is shown is what was given', () => {
    for (const text of ['127.0.0.1:1', 'host.example:65535', '[::1]:5000', '[fe80::1%eth0]:80'])
      expect(showAddress(parseAddress(text, '--tcp'))).toBe(text)
  })

  test('a port alone takes the host that is meant, where one is', () => {
    expect(parseAddress('5000', '--udp', '127.0.0.1')).toEqual({ host: '127.0.0.1', port: 5000 })
    expect(() => parseAddress('5000', '--tcp')).toThrow(UsageError)
  })

  test('no port, no host, port 0 or above 65535 are refused', () => {
    for (const text of [
      '',
      'host',
      'host:',
      ':80',
      'host:0',
      'host:65536',
      'a b:80',
      'http://host:80',
      '::1:80',
      'u@h:80',
    ])
      expect(() => parseAddress(text, '--tcp', undefined), text).toThrow(/--tcp: expected HOST:PORT/)
  })

  test('a URL is shown without key, user or password', () => {
    expect(showUrl('wss://user:secret@host:443/v0/stream?key=secret#secret')).toBe('wss://host/v0/stream')
    expect(() => checkUrl('http://u:secret@host/?k=secret', '--ws', ['ws', 'wss'])).toThrow(
      /got "http:\/\/host"/,
    )
    expect(() => checkUrl('nonsense', '--ws', ['ws'])).toThrow(UsageError)
  })

  test('loopback is this machine alone', () => {
    expect(['localhost', '127.0.0.1', '127.9.9.9', '::1'].map(isLoopback)).toEqual([true, true, true, true])
    expect(['0.0.0.0', '::', '128.0.0.1', '127.0.0.1.example.org', '10.0.0.1'].some(isLoopback)).toBe(false)
  })
})

describe('waits', () => {
  test('double from a second to a minute, give or take a fifth, and start again', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), dice => {
        const backoff = createBackoff(1000, 60_000, () => dice)
        for (const base of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
          const wait = backoff.next()
          expect(wait).toBeGreaterThanOrEqual(0.8 * base)
          expect(wait).toBeLessThanOrEqual(1.2 * base)
        }
        backoff.reset()
        expect(backoff.next()).toBeLessThanOrEqual(1200)
      }),
    )
  })
})

test('errors of connections are told in words', () => {
  const error = (code: string, message = 'x') => Object.assign(new Error(message), { code })
  expect(spokenError(error('ECONNREFUSED'))).toBe('nobody listens there')
  expect(spokenError(error('CERT_HAS_EXPIRED'))).toBe('TLS: the certificate has expired')
  expect(spokenError(new Error('outer', { cause: error('ENOTFOUND') }))).toBe('no host of that name')
  expect(spokenError(Object.assign(new Error(''), { errors: [error('ECONNREFUSED')] }))).toBe(
    'nobody listens there',
  )
  expect(spokenError(error('EWHAT', 'odd\u001b[31m'))).toBe('EWHAT odd[31m')
})
