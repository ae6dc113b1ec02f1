import dgram from 'node:dgram'
import net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { tcpClient, tcpServer } from '../../../src/sources/live/tcp.js'
import { isMulticast, udpSource } from '../../../src/sources/live/udp.js'
import { webSocketSource } from '../../../src/sources/live/websocket.js'
import { hear, until, type Heard } from './hear.js'
import { freePort } from '../../helpers/port.js'

const HOST = '127.0.0.1'
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
const kept = (heard: Heard): Heard => {
  open.push(heard.handle)
  return heard
}

/** A port that nobody has. */
describe('TCP', () => {
  test('a client takes what a server sends, and comes back when it is dropped', async () => {
    let connections = 0
    const server = net.createServer(socket => {
      connections++
      socket.write(`hello ${connections}\n`)
      socket.on('error', () => undefined)
      if (connections === 1) socket.end()
    })
    open.push(server)
    await new Promise<void>(done => server.listen(0, HOST, done))
    const { port } = server.address() as net.AddressInfo
    const heard = kept(hear(tcpClient({ host: HOST, port })))
    await until(() => heard.text === 'hello 1\nhello 2\n')
    expect(heard.said).toEqual([
      `connected ${HOST}:${port}`,
      'lost: the other side closed the connection; again',
      `connected ${HOST}:${port}`,
    ])
    // the watchdog of whoever runs it drops a connection that only looks alive
    heard.handle.reconnect('nothing heard')
    await until(() => heard.text.endsWith('hello 3\n'))
    await heard.handle.close()
  })

  test('where nobody listens, that is said, and that it will be tried again', async () => {
    const port = await freePort()
    const heard = kept(hear(tcpClient({ host: HOST, port })))
    await until(() => heard.said.length > 0)
    expect(heard.said[0]).toBe('lost: nobody listens there; again')
  })

  test('a server takes lines of several clients', async () => {
    const port = await freePort()
    const heard = kept(hear(tcpServer({ host: HOST, port })))
    for (const name of ['a', 'b']) {
      let client: net.Socket
      do {
        client = net.connect(port, HOST)
        await new Promise(done => client.once('connect', done).once('error', done))
      } while (client.connecting || client.destroyed)
      client.write(`from ${name}\n`)
      await until(() => heard.text.includes(`from ${name}\n`))
      client.destroy()
    }
    expect(heard.said.filter(line => line.startsWith('connected'))).toHaveLength(2)
  })

  test('a port that is taken is said', async () => {
    const server = net.createServer()
    open.push(server)
    await new Promise<void>(done => server.listen(0, HOST, done))
    const { port } = server.address() as net.AddressInfo
    const heard = kept(hear(tcpServer({ host: HOST, port })))
    await until(() => heard.said.length > 0)
    expect(heard.said[0]).toBe('lost: the port is taken; again')
  })
})

describe('UDP', () => {
  test('each datagram is whole lines, with or without a line end', async () => {
    const port = await freePort()
    const heard = kept(hear(udpSource({ host: HOST, port })))
    await until(() => heard.said.length > 0)
    const sender = dgram.createSocket('udp4')
    open.push(sender)
    for (const text of ['one', 'two\n', '', 'three\nfour']) {
      await new Promise(done => sender.send(text, port, HOST, done))
    }
    await until(() => heard.text.includes('four'))
    expect(heard.text).toBe('one\ntwo\nthree\nfour\n')
  })

  test('multicast addresses are known by their first byte', () => {
    expect(['224.0.0.1', '239.255.0.1', 'ff02::1'].map(isMulticast)).toEqual([true, true, true])
    expect(['223.255.0.1', '240.0.0.1', '127.0.0.1', '::1'].map(isMulticast)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})

describe('WebSocket', () => {
  async function server(onClient: (socket: WebSocket, n: number) => void): Promise<string> {
    let n = 0
    const wss = new WebSocketServer({ port: 0, host: HOST })
    wss.on('connection', socket => onClient(socket, ++n))
    open.push({
      close: () => {
        for (const client of wss.clients) client.terminate()
        wss.close()
      },
    })
    await new Promise(done => wss.once('listening', done))
    return `ws://${HOST}:${(wss.address() as net.AddressInfo).port}/v0/stream`
  }

  test('the subscription goes first, with key and boxes; each message becomes a line', async () => {
    let asked = ''
    const url = await server(socket =>
      socket.once('message', (data: Buffer) => {
        asked = data.toString()
        socket.send('{"MessageType":\n"PositionReport"}')
        socket.send(Buffer.from('{"MessageType":"ShipStaticData"}'))
      }),
    )
    const source = await webSocketSource({
      url,
      apiKey: 'secret',
      boxes: [
        [
          [53, 4],
          [58, 10],
        ],
      ],
    })
    const heard = kept(hear(source))
    await until(() => heard.text.includes('Static'))
    expect(JSON.parse(asked)).toEqual({
      APIKey: 'secret',
      BoundingBoxes: [
        [
          [53, 4],
          [58, 10],
        ],
      ],
    })
    expect(heard.text).toBe('{"MessageType": "PositionReport"}\n{"MessageType":"ShipStaticData"}\n')
    expect(`${source.address} ${heard.said.join()}`).not.toContain('secret')
  })

  test('a refused key is said, and tried again in a while', async () => {
    const url = await server(socket => socket.send('{"error":"Api Key Is Not Valid"}'))
    const heard = kept(hear(await webSocketSource({ url, apiKey: 'wrong' })))
    await until(() => heard.said.length > 1)
    expect(heard.said.at(-1)).toBe('lost: refused: Api Key Is Not Valid; again')
    expect(heard.text).toBe('')
  })

  test('a server that closes is said with its reason, and connected anew', async () => {
    const url = await server((socket, n) =>
      n === 1 ? socket.close(1013, 'try later') : socket.send('{"n":2}'),
    )
    const heard = kept(hear(await webSocketSource({ url })))
    await until(() => heard.text === '{"n":2}\n')
    expect(heard.said).toContain('lost: closed by the server (1013 try later); again')
  })
})
