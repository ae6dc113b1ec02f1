// What needs no broker; the rest is tests/live/kafka.slow.test.ts.

import net from 'node:net'
import { expect, test } from 'vitest'
import { kafkaSource, messageLines } from '../../../src/sources/live/kafka.js'
import { hear, until } from './hear.js'

test('a sentence without a time gets that of its message; what has one keeps it', () => {
  expect(messageLines('!AIVDM,1', 1_705_312_800_000)).toBe('\\c:1705312800*52\\!AIVDM,1\n')
  expect(messageLines('\\c:1*52\\!AIVDM,1\r\n!AIVDM,2\n', 1_705_312_800_000)).toBe(
    '\\c:1*52\\!AIVDM,1\n\\c:1705312800*52\\!AIVDM,2\n',
  )
})

test('an object of JSON is one line', () => {
  expect(messageLines(' {"mmsi": 1,\r\n "t": 2}', 0)).toBe(' {"mmsi": 1,   "t": 2}\n')
})

test('where nobody listens, that is said, and tried again', async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  const { port } = server.address() as net.AddressInfo
  await new Promise(done => server.close(done))
  const heard = hear(
    await kafkaSource({ servers: [{ host: '127.0.0.1', port }], topics: ['ais'], group: 'g' }),
  )
  await until(() => heard.said.length > 0)
  expect(heard.said).toEqual(['lost: nobody listens there; again'])
  await heard.handle.close()
})
