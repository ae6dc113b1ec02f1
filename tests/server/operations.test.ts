// Who may ask, and what a machine learns.

import { afterEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/model/errors.js'
import { createOperations } from '../../src/server/operations.js'
import { feedOf, handSource, heard, start, type Running } from '../run/watch/helpers.js'
import { freePort } from '../helpers/port.js'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function serve(
  running: Running,
  token?: string,
): Promise<(path: string, headers?: object) => Promise<Response>> {
  const port = await freePort()
  const operations = createOperations({ host: '127.0.0.1', port }, token)
  open.push(await operations.start(running.watch, () => undefined))
  operations.onStep(3)
  return (path, headers = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: headers as Record<string, string> })
}

describe('operations', () => {
  test('ready while one source is heard; what else is wrong is said', async () => {
    const [a, b] = [handSource(), handSource({ connects: false })]
    const running = await start({ feeds: [feedOf(a, { name: 'a' }), feedOf(b, { name: 'b' })] })
    const get = await serve(running)
    expect((await get('/readyz')).status).toBe(503)
    a.send(heard(1, 0))
    expect(await (await get('/readyz')).json()).toEqual({ ready: true, why: ['source b: waiting'] })
    a.sink.lost('broken', 1000)
    const down = await get('/readyz')
    expect(down.status).toBe(503)
    expect(await down.json()).toEqual({ ready: false, why: ['source a: down', 'source b: waiting'] })
    // alive all the same
    expect((await get('/healthz')).status).toBe(200)
  })

  test('metrics count what was read, refused and told, and asking twice counts nothing twice', async () => {
    const source = handSource()
    const running = await start({ feeds: [feedOf(source, { name: 'a"\n{}' })] })
    const get = await serve(running)
    source.send('!AIVDM,nonsense\n!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*00\n')
    for (let m = 0; m < 80; m++) source.send(heard(1, m) + (m < 20 ? heard(2, m) : ''))
    for (let k = 0; k < 2; k++) {
      const text = await (await get('/metrics')).text()
      // AIS and names stay inside their quotes
      expect(text).toMatch(/darkwake_rows_total\{source="a\\"\{\}"\} 102/)
      expect(text).toMatch(/darkwake_rejected_total\{source="a\\"\{\}",reason="checksum"\} 2/)
      expect(text).toMatch(/darkwake_events_total\{type="gap",phase="opened"\} 1/)
      expect(text).toMatch(/darkwake_output_delivered_total\{output="keeping"\} 1/)
      expect(text).toMatch(/darkwake_step_seconds_count 1/)
    }
  })

  test('with a token nobody gets anything without it', async () => {
    const running = await start({ feeds: [feedOf(handSource())] })
    const get = await serve(running, 'secret')
    for (const path of ['/healthz', '/readyz', '/metrics', '/nowhere'])
      for (const authorization of ['', 'Bearer', 'Bearer secre', 'Bearer secrets', 'secret'])
        expect((await get(path, { authorization })).status).toBe(401)
    expect((await get('/healthz', { authorization: 'Bearer secret' })).status).toBe(200)
  })

  test('beyond loopback it does not start without a token', () => {
    for (const host of ['0.0.0.0', '::', '10.0.0.1'])
      expect(() => createOperations({ host, port: 9464 })).toThrow(UsageError)
    expect(() => createOperations({ host: '0.0.0.0', port: 9464 }, 'secret')).not.toThrow()
  })
})
