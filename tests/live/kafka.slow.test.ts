// Kafka as a source and as an output, with a real broker: jars of Apache Kafka in the folder KAFKA_JARS, and java. Skipped without.

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kafkaSource } from '../../src/sources/live/kafka.js'
import { build, emptyFolder, stackLines } from '../e2e/darkwake.js'
import { heard, minute } from '../run/watch/helpers.js'
import { hasNats, startNats } from '../scale/nats.js'
import { hear } from '../sources/live/hear.js'
import { hasKafka, startBroker, type Broker } from './broker.js'

const isSlow = process.env['DARKWAKE_SLOW'] !== undefined
if (isSlow && !hasKafka)
  console.log('SKIPPED: KAFKA_JARS is not set, or java is missing: Kafka is not tested')

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Until it is so; a minute and a half is long enough for a checkpoint. */
async function until(isSo: () => boolean, what = String(isSo)): Promise<void> {
  for (let k = 0; !isSo(); k++) {
    if (k === 900) throw new Error(`it never was so: ${what}`)
    await sleep(100)
  }
}

/** Seven ships; number 3 is silent from minute 60 to 150. */
function story(from: number, to: number): { value: string; timestamp: bigint }[] {
  const out: { value: string; timestamp: bigint }[] = []
  for (let m = from; m < to; m++)
    for (let k = 0; k < 7; k++)
      if (k !== 3 || m <= 60 || m >= 150)
        out.push({ value: heard(k, m + k / 10).trimEnd(), timestamp: BigInt(minute(m)) })
  return out
}

describe.skipIf(!isSlow || !hasKafka)('Kafka', () => {
  let broker: Broker
  const children: ChildProcess[] = []

  beforeAll(async () => {
    build()
    broker = await startBroker(emptyFolder())
  })

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await broker?.kill()
  })

  const serverOf = () => ({ host: '127.0.0.1', port: Number(broker.address.split(':')[1]) })
  const source = (topic: string, group: string) =>
    kafkaSource({ servers: [serverOf()], topics: [topic], group })

  function start(args: string[]) {
    const child = spawn(process.execPath, [join(build(), 'dist', 'bin', 'darkwake.js'), ...args])
    children.push(child)
    const started = { child, stderr: '', exit: new Promise<number | null>(done => child.on('close', done)) }
    child.stderr.setEncoding('utf8').on('data', (text: string) => (started.stderr += text))
    child.stdout.resume()
    return started
  }

  test('all partitions are read from the oldest message, then from where the group stands, or where it was left', async () => {
    await broker.createTopic('parts', 2)
    await broker.send('parts', [
      { partition: 0, value: '{"mmsi":1,\n"t":2}' },
      { partition: 1, value: '!AIVDM,1' },
      { partition: 1, value: '\\c:1*52\\!AIVDM,2\n!AIVDM,3' },
    ])
    const first = hear(await source('parts', 'readers'))
    await until(() => first.text.split('\n').length > 4)
    const lines = first.text.trimEnd().split('\n')
    expect(lines).toContain('{"mmsi":1, "t":2}')
    expect(lines).toContain('\\c:1*52\\!AIVDM,2')
    // heard when the message was made
    expect(lines.filter(line => /^\\c:\d{13}\*[0-9A-F]{2}\\!AIVDM,[13]$/.test(line))).toHaveLength(2)
    const position = { offsets: { 'parts/0': 1, 'parts/1': 2 } }
    expect(first.position).toEqual(position)
    expect(await broker.committed('readers', 'parts')).toEqual([-1, -1])
    first.handle.saved!({ offsets: { 'parts/0': 1, 'parts/1': 1 } })
    await until(() => first.said.length > 0)
    await sleep(1000)
    expect(await broker.committed('readers', 'parts')).toEqual([1, 1])
    await first.handle.close()

    const second = hear(await source('parts', 'readers'))
    await until(() => second.text.includes('AIVDM,3'))
    expect(second.text).not.toMatch(/mmsi|AIVDM,1/)
    await second.handle.close()

    await broker.send('parts', [{ partition: 0, value: '!AIVDM,4' }])
    const third = hear(await source('parts', 'readers'), position)
    await until(() => third.text.includes('AIVDM,4'))
    expect(third.text.trimEnd().split('\n')).toHaveLength(1)
    await third.handle.close()
  })

  test('what is gone before it was read is told; a pause is kept; a broker that dies is tried again', async () => {
    await broker.createTopic('kept', 1)
    await broker.send(
      'kept',
      Array.from({ length: 10 }, (_, k) => ({ value: `!AIVDM,${k}` })),
    )
    await broker.forget('kept', 0, 4)
    const late = hear(await source('kept', 'late'), { offsets: { 'kept/0': 2 } })
    await until(() => late.text.includes('AIVDM,9'))
    expect(late.said.join('\n')).toContain('kept/0: offset 2 is gone, going on with 4')
    expect(late.text).not.toContain('AIVDM,3')
    late.handle.pause!(true)
    await sleep(1500)
    await broker.send('kept', [{ value: '!AIVDM,10' }])
    await sleep(1500)
    expect(late.text).not.toContain('AIVDM,10')
    late.handle.pause!(false)
    await until(() => late.text.includes('AIVDM,10'))
    await broker.kill()
    await until(() => late.said.filter(line => line.startsWith('lost')).length > 1)
    await broker.start()
    await broker.send('kept', [{ value: '!AIVDM,11' }])
    await until(() => late.text.includes('AIVDM,11'))
    expect(late.text.match(/AIVDM,10\n/g)).toHaveLength(1)
    await late.handle.close()
  })

  test('a watch that is killed goes on where its state stands; offsets are committed behind it; events are keyed', async () => {
    const folder = emptyFolder()
    const args = (name: string): string[] => [
      ...['watch', '--no-zones', '--preset', 'patrol', '--state', join(folder, name)],
      ...['--kafka', `feed=${broker.address}`, '--kafka-topic', 'ais', '--kafka-group', name],
      ...['-o', join(folder, `${name}.ndjson`), '--kafka-out', `${broker.address}/${name}-events`],
    ]
    const log = (name: string): string => {
      const path = join(folder, `${name}.ndjson`)
      return existsSync(path) ? readFileSync(path, 'utf8') : ''
    }
    await broker.createTopic('ais', 1)
    await broker.createTopic('killed-events', 3)
    await broker.send('ais', story(0, 110))
    const first = start(args('killed'))
    await until(() => log('killed').includes('"phase":"opened"'))
    first.child.kill('SIGKILL')
    await first.exit
    // there was no checkpoint after the first report
    expect(await broker.committed('killed', 'ais')).toEqual([-1])
    await broker.send('ais', story(110, 140))
    const second = start(args('killed'))
    await until(() => second.stderr.includes('pieces of the feed log'))
    // a checkpoint a minute
    let at = [-1]
    for (let k = 0; at[0] === -1 && k < 100; k++) {
      await sleep(1000)
      at = await broker.committed('killed', 'ais')
    }
    expect(at, second.stderr).toEqual([story(0, 140).length])
    await broker.send('ais', story(140, 240))
    await until(() => log('killed').includes('"phase":"closed"'))
    await sleep(1000)
    second.child.kill('SIGTERM')
    expect(await second.exit).toBe(0)

    const whole = start(args('whole'))
    await until(() => log('whole').includes('"phase":"closed"')).catch((error: unknown) => {
      throw new Error(`${whole.stderr}\n${log('whole')}`, { cause: error })
    })
    await sleep(1000)
    whole.child.kill('SIGTERM')
    expect(await whole.exit).toBe(0)
    expect(log('killed')).toBe(log('whole'))
    for (const { stderr } of [first, second, whole]) expect(stackLines(stderr)).toEqual([])

    const told = await broker.messages('killed-events')
    const lines = log('killed').trimEnd().split('\n')
    expect([...new Set(told.map(({ value }) => value))].sort()).toEqual(lines.sort())
    for (const { key, value } of told) expect((JSON.parse(value!) as { id: string }).id).toBe(key)
    const places = new Map(told.map(({ key, partition }) => [key, partition]))
    for (const { key, partition } of told) expect(places.get(key)).toBe(partition)
  })

  test.skipIf(!hasNats)(
    'into JetStream',
    async () => {
      const nats = await startNats(join(emptyFolder(), 'js'))
      try {
        await broker.createTopic('sea', 2)
        await broker.send('sea', story(0, 100))
        const args = ['--nats', nats.address, '--kafka', broker.address, '--kafka-topic', 'sea']
        const live = start(['ingest', ...args, '--state', join(emptyFolder(), 'state')])
        await until(() => live.stderr.includes('connected'))
        await sleep(3000)
        live.child.kill('SIGTERM')
        expect(await live.exit).toBe(0)
        const put = Number(/([\d,]+) rows put in/.exec(live.stderr)![1]!.replace(',', ''))
        // what the watermark has not passed waits in the state
        expect(put).toBe(story(0, 89).length)
      } finally {
        await nats.kill()
      }
    },
    60_000,
  )
})
