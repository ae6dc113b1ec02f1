// Against a real broker, both ways: what is subscribed to, and what is published.

import mqtt from 'mqtt'
import { afterEach, describe, expect, test } from 'vitest'
import { createDelivery } from '../../../src/sinks/live/delivery.js'
import { mqttCarrier, topicOf } from '../../../src/sinks/live/mqtt.js'
import { createQueue } from '../../../src/sinks/live/queue.js'
import { messageLine, mqttSource } from '../../../src/sources/live/mqtt.js'
import { hear, until } from '../../sources/live/hear.js'
import { told } from './lines.js'
import { freePort } from '../../helpers/port.js'
import { hasMosquitto, startMosquitto, type TestServer } from './servers.js'

describe.skipIf(!hasMosquitto)('MQTT (needs Debian’s mosquitto)', () => {
  const servers: TestServer[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.stop()
  })
  const broker = async () => {
    const server = await startMosquitto()
    servers.push(server)
    return server
  }

  test('Digitraffic’s messages become lines with their topic, and a lost broker is found again', async () => {
    const server = await broker()
    const heard = hear(await mqttSource({ url: server.url, topics: ['vessels-v2/#'] }))
    await until(() => heard.said.length === 1)
    const other = await mqtt.connectAsync(server.url)
    await other.publishAsync('vessels-v2/230123456/location', '{"time":1668075025,\n"lat":60}')
    await other.publishAsync('somewhere/else', 'x')
    await until(() => heard.text.endsWith('\n'))
    expect(heard.text).toBe('vessels-v2/230123456/location {"time":1668075025, "lat":60}\n')
    server.stop()
    await until(() => heard.said.some(line => line.startsWith('lost')))
    expect(heard.said.at(-1)).toMatch(/^lost: .+; again$/)
    await heard.handle.close()
    await other.endAsync(true)
  })

  test('where there is no broker, that is said', async () => {
    const heard = hear(await mqttSource({ url: `mqtt://127.0.0.1:${await freePort()}`, topics: ['a'] }))
    await until(() => heard.said.length > 0)
    expect(heard.said[0]).toBe('lost: nobody listens there; again')
    await heard.handle.close()
  })

  test('events are published under their type and vessel, and wait while the broker is away', async () => {
    const server = await broker()
    const got: string[] = []
    const listen = async () => {
      const client = await mqtt.connectAsync(server.url)
      client.on('error', () => undefined)
      client.on(
        'message',
        (topic, payload) =>
          void got.push(`${topic} ${(JSON.parse(payload.toString()) as { id: string }).id}`),
      )
      await client.subscribeAsync('darkwake/#', { qos: 1 })
      return client
    }
    let client = await listen()
    const outlet = createDelivery({
      ...{ name: 'mqtt', carrier: await mqttCarrier({ url: server.url }), queue: createQueue(undefined) },
      ...{ log: () => undefined, dice: () => 0 },
    })
    outlet.offer(told(1))
    await until(() => got.length === 1)
    expect(got).toEqual(['darkwake/gap/416000301 gap-1'])
    await client.endAsync(true)
    server.stop()
    outlet.offer(told(2))
    await until(() => outlet.status().failures > 0)
    await server.restart()
    client = await mqtt.connectAsync(server.url)
    await until(() => outlet.status().queued === 0)
    await outlet.close(1000)
    await client.endAsync(true)
  })
})

test('a payload that is JSON goes behind its topic, any other stands alone', () => {
  const line = (topic: string, payload: string) =>
    Buffer.from(messageLine(topic, Buffer.from(payload))).toString()
  expect(line('a/b c', '{}')).toBe('a/b_c {}\n')
  expect(line('a', '!AIVDM,1')).toBe('!AIVDM,1\n')
})

test('a topic holds nothing but type and number', () => {
  expect(topicOf('p', '{"type":"gap","mmsi":1}')).toBe('p/gap/1')
  expect(topicOf('p', '{"type":"feed_outage","source":"a/#/+b"}')).toBe('p/feed_outage/a____b')
})
