import { execFileSync } from 'node:child_process'
import {
  closeSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeStatic24, encodeStatic5 } from '../../../src/ais/encode.js'
import type { Exempt } from '../../../src/assess/exemptions.js'
import { buildWatchlist, type ListAction } from '../../../src/assess/watchlist.js'
import { UsageError } from '../../../src/model/errors.js'
import { tagBlock } from '../../../src/ais/sentences.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../../../src/model/units.js'
import { createWords } from '../../../src/model/words.js'
import { watch } from '../../../src/run/watch.js'
import { createFeed } from '../../../src/run/watch/feed.js'
import { markOf } from '../../../src/run/watch/state-dir.js'
import { until } from '../../sources/live/hear.js'
import {
  emptyFolder,
  feedOf,
  handClock,
  handSource,
  heard,
  logTo,
  minute,
  opened,
  RULES,
  start,
  type Running,
} from './helpers.js'

/** Seven ships for four hours; number 3 is silent from minute 60 to 150, number 5 for good from 100 on. */
function story(more = (_k: number, _m: number): string => ''): string {
  let text = ''
  for (let m = 0; m < 240; m++) {
    for (let k = 0; k < 7; k++) {
      if ((k === 3 && m > 60 && m < 150) || (k === 5 && m > 100)) continue
      text += heard(k, m + k / 10) + more(k, m)
    }
  }
  return text
}

const STORY = story()
const TOLD = ['gap 3 opened', 'gap 5 opened', 'gap 3 closed']
const bytes = Buffer.from(STORY)
const phases = ({ outlet }: Running): string[] =>
  outlet.told.map(({ event }) => `${event.type} ${event.mmsi! % 10} ${event.phase}`)
const lines = ({ outlet }: Running): string[] => outlet.told.map(({ line }) => line)

async function watched(pieces: (string | Uint8Array)[]): Promise<Running> {
  const source = handSource()
  const running = await start({ feeds: [feedOf(source)] })
  for (const piece of pieces) source.send(piece)
  return running
}

describe('one source', () => {
  test('a silence is told while it lasts, and again when it ends', async () => {
    const running = await watched([STORY])
    expect(phases(running)).toEqual(TOLD)
    const [opened] = running.outlet.told
    // half an hour after minute 60, at the next whole minute
    expect(opened!.event.asOf).toBe(minute(91))
    await running.watch.stop()
  })

  test('however the bytes are cut, the events are the same, in the same order', async () => {
    const whole = lines(await watched([STORY]))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 40 }),
        async cuts => {
          const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
          const running = await watched(at.slice(1).map((to, k) => bytes.subarray(at[k], to)))
          expect(lines(running)).toEqual(whole)
        },
      ),
      { numRuns: 15 },
    )
  })

  test('a gap waits for the lateness that the source is allowed, no shorter and no longer', async () => {
    const source = handSource()
    const running = await start({ feeds: [feedOf(source)] })
    for (let m = 0; m <= 20; m++) source.send(heard(1, m) + heard(2, m))
    // ship 2 alone goes on: 1 has been silent for 30 minutes at 50, which is certain at 60, told at the next minute
    for (let m = 21; m <= 60; m++) source.send(heard(2, m))
    expect(phases(running)).toEqual([])
    source.send(heard(2, 61))
    expect(phases(running)).toEqual(['gap 1 opened'])
  })

  test('a report that comes late but within the lateness makes no gap', async () => {
    const source = handSource()
    const running = await start({ feeds: [feedOf(source)] })
    for (let m = 0; m <= 58; m++) source.send((m <= 20 ? heard(1, m) : '') + heard(2, m))
    // one fix that far away, alone, would not be believed yet
    source.send(heard(1, 47) + heard(1, 48) + heard(1, 49))
    for (let m = 59; m <= 70; m++) source.send(heard(2, m))
    expect(phases(running)).toEqual([])
  })

  test('times from the future are refused and move nothing', async () => {
    const source = handSource()
    const running = await start({ feeds: [feedOf(source)] })
    const now = (running.wall.now() - minute(0)) / MS_PER_MIN
    for (let m = 0; m <= 10; m++) source.send(heard(1, m) + heard(2, m) + heard(3, m))
    const before = running.watch.status().watermark
    for (let k = 1; k <= 3; k++) source.send(heard(k, now + 6) + heard(k, 30 * 365 * 24 * 60))
    const status = running.watch.status()
    expect(status.watermark).toBe(before)
    expect(status.feeds[0]!.counts.rejected.future).toBe(6)
    // a clock that is five minutes fast is only fast
    source.send(heard(1, now + 4.9))
    expect(running.watch.status().feeds[0]!.counts.rejected.future).toBe(6)
    expect(phases(running)).toEqual([])
  })

  test('a sentence without a time is heard when it arrives', async () => {
    const source = handSource()
    const running = await start({ feeds: [feedOf(source)] })
    source.send(heard(1, 0).replace(/^\\[^\\]*\\/, ''))
    expect(running.watch.status().feeds[0]!.newest).toBe(running.wall.now())
  })

  test('lines that are no AIS are counted and harm nothing', async () => {
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, k) => (k * 2_654_435_761) >>> 24))
    const running = await watched([noise, '\n', STORY])
    expect(phases(running)).toEqual(TOLD)
  })

  test('one transmitter that sends more than any can is cut short, and the others are not', async () => {
    const flood = Array.from({ length: 5000 }, (_, k) => heard(9, 0, { lat: k / 1e6 })).join('')
    const running = await watched([flood, STORY])
    expect(running.watch.status().feeds[0]!.floods).toBe(4900)
    expect(phases(running)).toEqual(['gap 9 opened', ...TOLD])
  })
})

test.each([
  ['NMEA', STORY],
  [
    'JSON',
    Array.from(
      { length: 1000 },
      (_, k) => `${JSON.stringify({ mmsi: 201_000_000 + k, timestamp: minute(0), lat: 1, lon: 2 })}\n`,
    ).join(''),
  ],
])('a feed of %s reads into the same memory again and again', (_, text) => {
  const feed = createFeed(feedOf(handSource()), { words: createWords() })
  const batches = new Set<unknown>()
  let rows = 0
  for (let at = 0; at < text.length; at += 200) {
    feed.read(Buffer.from(text.slice(at, at + 200)), minute(600), batch => {
      batches.add(batch)
      rows += batch.length
    })
  }
  expect(rows).toBeGreaterThan(900)
  expect(batches.size).toBeLessThan(4)
})

describe('several sources', () => {
  test('a satellite that is hours behind makes no vessel of its own dark', async () => {
    const shore = handSource()
    const satellite = handSource()
    const running = await start({
      feeds: [
        feedOf(shore, { name: 'shore' }),
        feedOf(satellite, { name: 'satellite', latenessMs: 8 * MS_PER_HOUR, collection: 'satellite' }),
      ],
    })
    satellite.send(heard(1, 0) + heard(2, 0) + heard(1, 5) + heard(1, 10))
    for (let m = 0; m < 300; m++) shore.send(heard(6, m))
    expect(phases(running)).toEqual([])
    expect(running.watch.status().watermark).toBe(minute(10) - 8 * MS_PER_HOUR)
  })

  test('a source that falls silent is connected anew, and stops no time for the others', async () => {
    const [a, b] = [handSource(), handSource()]
    const running = await start({ feeds: [feedOf(a, { name: 'a' }), feedOf(b, { name: 'b' })] })
    a.send(heard(1, 0))
    b.send(heard(2, 0))
    for (let m = 1; m < 60; m++) b.send(heard(2, m))
    expect(running.watch.status().watermark).toBe(minute(-10))
    running.wall.move(119_000)
    b.send(heard(2, 60))
    expect(a.reconnects).toEqual([])
    running.wall.move(2000)
    expect(a.reconnects).toEqual(['nothing heard for 120 s'])
    expect(b.reconnects).toEqual([])
    expect(running.watch.status().watermark).toBe(minute(50))
    expect(running.watch.status().feeds.map(({ health }) => health)).toEqual(['silent', 'up'])
  })

  test('two sources of one name, or none, are refused', () => {
    const feeds = [feedOf(handSource()), feedOf(handSource())]
    expect(() => watch({ feeds, rules: RULES, outlets: () => [] })).toThrow(UsageError)
    expect(() => watch({ feeds: [], rules: RULES, outlets: () => [] })).toThrow(UsageError)
  })

  test('a pipe that ends gives what was still waiting, and the end is told', async () => {
    const source = handSource()
    const running = await start({ feeds: [feedOf(source)] })
    source.send(STORY)
    source.sink.ended()
    await running.watch.ended
    expect(phases(running)).toContain('gap 5 opened')
    expect(running.watch.status().engine.accepted).toBe(STORY.split('\n').length - 1)
  })
})

/** A process that dies at a moment: nothing of it is closed, nothing saved. */
interface Life {
  feed(from: number, to: number): void
  watch: Running['watch']
}

interface LifeOptions {
  resends?: boolean
  staticsKept?: number
  story?: Uint8Array
}

async function life(
  dir: string,
  log: string,
  { resends = false, staticsKept = 1000, story = bytes }: LifeOptions = {},
): Promise<Life> {
  const source = handSource({ resends })
  const running = watch({
    feeds: [feedOf(source)],
    rules: { config: { ...RULES.config, engine: { ...RULES.config.engine, staticsKept } } },
    outlets: logTo(log),
    stateDir: dir,
    wall: handClock(minute(0) + 24 * MS_PER_HOUR),
  })
  await opened(running)
  return {
    watch: running,
    feed: (from, to) => source.send(story.subarray(from, to)),
  }
}

describe('a state folder', () => {
  const uninterrupted = async (): Promise<string> => {
    const folder = emptyFolder()
    const log = join(folder, 'events.ndjson')
    const { feed, watch: running } = await life(join(folder, 'state'), log)
    feed(0, bytes.length)
    await running.stop()
    return readFileSync(log, 'utf8')
  }

  test('a feed that sends nothing twice loses nothing that had arrived, wherever the process dies', async () => {
    const whole = await uninterrupted()
    expect(whole.split('\n').length).toBe(4)
    await fc.assert(
      fc.asyncProperty(
        // deaths between lines: half a line that was not yet whole is all that a crash may cost such a feed
        fc.array(fc.integer({ min: 1, max: STORY.split('\n').length - 2 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (deaths, checkpoint) => {
          const folder = emptyFolder()
          const log = join(folder, 'events.ndjson')
          const ends = STORY.split('\n').map(
            (_, k, all) => all.slice(0, k).join('\n').length + (k > 0 ? 1 : 0),
          )
          const at = [0, ...deaths.sort((a, b) => a - b).map(line => ends[line]!), bytes.length]
          for (let k = 1; k < at.length; k++) {
            const { feed, watch: running } = await life(join(folder, 'state'), log)
            const middle = Math.floor((at[k - 1]! + at[k]!) / 2)
            feed(at[k - 1]!, middle)
            if (checkpoint) await running.checkpoint()
            feed(middle, at[k]!)
          }
          expect(readFileSync(log, 'utf8')).toBe(whole)
        },
      ),
      { numRuns: 12 },
    )
  })

  test('static data that are forgotten on the way change nothing, wherever the process dies', async () => {
    // one half of a name or the other, every minute another name; number 3 is itself again every ten minutes
    const named = story((k, m) => {
      const mmsi = 201_000_000 + k
      const halves = encodeStatic24({ mmsi, name: `BOAT ${m}`, callsign: `C${k}`, shipType: 37 })
      const whole = encodeStatic5({ mmsi, name: 'SHIP 3', shipType: 30 }, k)
      const told = k === 3 && m % 10 === 0 ? whole : [halves[m % 2]!]
      return told.map(line => `${tagBlock({ t: minute(m + k / 10) })}${line}\n`).join('')
    })
    const whole = Buffer.from(named)
    const ends = [...named.matchAll(/\n/g)].map(({ index }) => index + 1)
    const events = async (staticsKept: number, deaths: number[]): Promise<string> => {
      const folder = emptyFolder()
      const log = join(folder, 'events.ndjson')
      const at = [0, ...deaths.sort((a, b) => a - b).map(line => ends[line]!), whole.length]
      for (let k = 1; k < at.length; k++) {
        const { feed, watch: running } = await life(join(folder, 'state'), log, { staticsKept, story: whole })
        const middle = ends.find(end => end >= (at[k - 1]! + at[k]!) / 2)!
        feed(at[k - 1]!, middle)
        if (k % 2 === 1) await running.checkpoint()
        feed(middle, at[k]!)
        if (staticsKept === 1) expect(running.status().statics).toBeLessThan(100)
        if (k === at.length - 1) await running.stop()
      }
      return readFileSync(log, 'utf8')
    }
    const expected = await events(100_000, [])
    expect(expected).toMatch(/"name":"SHIP 3"/)
    expect(expected).toMatch(/"name":"BOAT 100","imo":null,"callsign":"C5"/)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: ends.length - 2 }), { maxLength: 3 }), async deaths => {
        expect(await events(1, deaths)).toBe(expected)
      }),
      { numRuns: 12 },
    )
  })

  test('a server that sends again from before the break adds nothing and loses nothing', async () => {
    const whole = await uninterrupted()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: bytes.length - 1 }),
        fc.integer({ min: 0, max: 40_000 }),
        async (death, back) => {
          const folder = emptyFolder()
          const log = join(folder, 'events.ndjson')
          const first = await life(join(folder, 'state'), log, { resends: true })
          first.feed(0, death)
          const second = await life(join(folder, 'state'), log, { resends: true })
          // from the start of a line, which may be the very one that was cut
          const from = STORY.lastIndexOf('\n', Math.max(0, death - back - 1)) + 1
          second.feed(from, bytes.length)
          expect(second.watch.status().engine.accepted).toBeGreaterThan(0)
          // fewer than four lines sent again are left to the engine
          const again = second.watch.status().feeds[0]!.counts.read - (STORY.split('\n').length - 1)
          expect([0, 1, 2, 3]).toContain(again)
          expect(readFileSync(log, 'utf8')).toBe(whole)
        },
      ),
      { numRuns: 12, examples: [[STORY.indexOf('\n', 40_000), 0]] },
    )
  })

  test('a checkpoint that is damaged gives way to the one before it', async () => {
    const whole = await uninterrupted()
    const folder = emptyFolder()
    const [dir, log] = [join(folder, 'state'), join(folder, 'events.ndjson')]
    const first = await life(dir, log)
    for (let k = 0; k < 4; k++) {
      first.feed((bytes.length / 8) * k, (bytes.length / 8) * (k + 1))
      await first.watch.checkpoint()
    }
    const half = Math.floor((bytes.length / 8) * 4)
    const cut = STORY.indexOf('\n', half) + 1
    first.feed(half, cut)
    const newest = readdirSync(dir)
      .filter(name => name.endsWith('.dwstate'))
      .sort((a, b) => numberIn(a) - numberIn(b))
    expect(newest).toHaveLength(2)
    truncateSync(join(dir, newest[1]!), 1000)
    const second = await life(dir, log)
    second.feed(cut, bytes.length)
    expect(readFileSync(log, 'utf8')).toBe(whole)
  })

  test('a folder without a whole checkpoint, or of a newer version, is refused with the way out, and left as it is', async () => {
    const folder = emptyFolder()
    const dir = join(folder, 'state')
    const first = await life(dir, join(folder, 'a.ndjson'))
    first.feed(0, 10_000)
    await first.watch.checkpoint()
    const all = readdirSync(dir).filter(name => name.endsWith('.dwstate'))
    for (const name of all) truncateSync(join(dir, name), 50)
    const again = () => life(dir, join(folder, 'a.ndjson'))
    await expect(again()).rejects.toThrow(/no checkpoint in it is whole.*move the folder away/)
    const newer = Buffer.alloc(100)
    newer.write('DWSTATE1')
    newer.writeUInt32LE(99, 8)
    writeFileSync(join(dir, 'checkpoint-999.dwstate'), newer)
    await expect(again()).rejects.toThrow(/newer darkwake \(version 99/)
    expect(readdirSync(dir)).toEqual(expect.arrayContaining([...all, 'checkpoint-999.dwstate']))
  })

  test('a folder belongs to one process; the lock of a dead one, or of an earlier boot, is none', async () => {
    const dir = emptyFolder()
    const lock = (owner: unknown) => writeFileSync(join(dir, 'lock'), JSON.stringify(owner))
    const other = process.ppid
    lock({ pid: other, mark: markOf(other) })
    const log = join(dir, 'a.ndjson')
    await expect(life(dir, log)).rejects.toThrow(`in use by another darkwake (process ${other})`)
    for (const stale of [
      { pid: other, mark: 'an earlier boot' },
      { pid: 2 ** 22 + 1, mark: null },
      'nonsense',
    ]) {
      lock(stale)
      const { watch: running } = await life(dir, log)
      await running.stop()
    }
  })

  // a file system of a few MiB, where the tests may make one
  test.skipIf(process.getuid?.() !== 0)(
    'a full disk stops nothing, and nothing is lost when there is room again',
    async () => {
      const whole = await uninterrupted()
      const folder = emptyFolder()
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder], { stdio: 'ignore' })
      } catch {
        return // this machine lets nobody mount
      }
      try {
        const [dir, log] = [join(folder, 'state'), join(folder, 'events.ndjson')]
        const { feed, watch: running } = await life(dir, log)
        const third = STORY.indexOf('\n', bytes.length / 3) + 1
        feed(0, third)
        await running.checkpoint()
        const ballast = join(folder, 'ballast')
        const fd = openSync(ballast, 'w')
        for (const piece of [65_536, 4096])
          try {
            for (;;) writeSync(fd, Buffer.alloc(piece))
          } catch {
            // full
          }
        closeSync(fd)
        feed(third, bytes.length)
        await running.checkpoint()
        expect(running.status().checkpoint).toMatchObject({ error: 'no space left on the device' })
        expect(running.status().outlets[0]).toMatchObject({ ok: false, error: 'no space left on the device' })
        rmSync(ballast)
        await until(() => running.status().outlets[0]!.ok)
        await running.stop()
        expect(running.status().checkpoint).toMatchObject({ error: null })
        expect(readFileSync(log, 'utf8')).toBe(whole)
      } finally {
        execFileSync('umount', [folder])
      }
    },
  )
})

describe('other rules while it runs', () => {
  test('a longer threshold holds from now on, and what was known is kept', async () => {
    const source = handSource()
    const running = await start({ feeds: [feedOf(source)] })
    for (let m = 0; m <= 55; m++) source.send((m <= 20 ? heard(1, m) : '') + heard(2, m))
    running.watch.reload({ config: { ...RULES.config, gap: { minGapHours: 1 } } })
    for (let m = 56; m <= 90; m++) source.send(heard(2, m))
    expect(phases(running)).toEqual([])
    source.send(heard(2, 91))
    expect(phases(running)).toEqual(['gap 1 opened'])
    expect(running.outlet.told[0]!.event.start.t).toBe(minute(20))
  })

  test('a shorter threshold holds at once, also for who has been silent for longer', async () => {
    const source = handSource()
    const running = await start({
      feeds: [feedOf(source)],
      rules: { config: { ...RULES.config, gap: { minGapHours: 5 } } },
    })
    for (let m = 0; m <= 120; m++) source.send((m <= 20 ? heard(1, m) : '') + heard(2, m))
    expect(phases(running)).toEqual([])
    running.watch.reload(RULES)
    source.send(heard(2, 121))
    expect(phases(running)).toEqual(['gap 1 opened'])
  })

  test('a list holds for what is found from now on, and zones and silences are as they were', async () => {
    const source = handSource()
    const running = await start({ feeds: [feedOf(source)] })
    const listed = (action: ListAction, mmsi: number) =>
      running.watch.reload({ ...RULES, watchlist: buildWatchlist([{ list: 'L', mmsi, action }]) })
    for (let m = 0; m <= 40; m++) source.send((m <= 20 ? heard(1, m) + heard(2, m) : '') + heard(3, m))
    listed('exempt', 201_000_001)
    for (let m = 41; m <= 90; m++) source.send(heard(3, m))
    expect(phases(running)).toEqual(['gap 2 opened'])
    expect(running.watch.status().engine.exempted).toEqual({ gap: 1 })
    // what was told goes on, what was not told does not
    listed('exempt', 201_000_002)
    for (let m = 91; m <= 95; m++) source.send(heard(1, m) + heard(2, m) + heard(3, m))
    expect(phases(running)).toEqual(['gap 2 opened', 'gap 2 closed'])
    listed('watch', 201_000_002)
    for (let m = 96; m <= 140; m++) source.send(heard(3, m))
    expect(phases(running).slice(2)).toEqual(['gap 1 opened', 'gap 2 opened'])
    expect(running.outlet.told.at(-1)!.event.evidence.at(-1)).toMatchObject({ name: 'watchlist' })
  })

  test('what is wrong is refused, and the old rules hold', async () => {
    const source = handSource()
    const running = await start({ feeds: [feedOf(source)] })
    source.send(STORY.slice(0, STORY.length / 4))
    for (const config of [
      { gap: { minGapHours: -1 } },
      { gpa: {} } as never,
      { ...RULES.config, engine: { ...RULES.config.engine, capacity: 512 } },
      { ...RULES.config, loitering: { windowMinutes: 600 } },
    ]) {
      expect(() => running.watch.reload({ config })).toThrow(UsageError)
    }
    source.send(STORY.slice(STORY.length / 4))
    expect(phases(running)).toEqual(TOLD)
  })
})

describe('what analysts exempted', () => {
  const exempt = (k: number, rest: Partial<Exempt> = {}): Exempt[] => [
    { mmsi: 201_000_000 + k, types: null, expires: minute(10_000), ...rest },
  ]

  test('is not told from then on, but to who keeps all; what was told is told to its end', async () => {
    const source = handSource()
    const running = await start({ feeds: [feedOf(source)] })
    const kept: string[] = []
    running.outlet.keep = event => void kept.push(`${event.type} ${event.phase}`)
    const hear = (from: number, to: number, ships: (m: number) => number[]) => {
      for (let m = from; m <= to; m++) source.send(ships(m).reduce((text, k) => text + heard(k, m), ''))
    }
    hear(0, 40, m => (m <= 20 ? [1, 2, 3] : [3]))
    running.watch.setExempt(exempt(1, { types: ['gap'] }))
    hear(41, 90, () => [3])
    expect(phases(running)).toEqual(['gap 2 opened'])
    expect(kept).toEqual(['gap opened'])
    expect(running.watch.status().exempted).toEqual({ gap: 1 })
    running.watch.setExempt(exempt(2))
    hear(91, 95, () => [1, 2, 3])
    expect(phases(running)).toEqual(['gap 2 opened', 'gap 2 closed'])
    expect(kept).toEqual(['gap opened', 'gap closed'])
    // the numbers of what is told have no holes: outlets count by them
    expect(running.outlet.told.map(({ seq }) => seq)).toEqual([1, 2])
    running.watch.setExempt(exempt(2, { expires: minute(95) }))
    hear(96, 140, () => [3])
    expect(phases(running).slice(2)).toEqual(['gap 1 opened', 'gap 2 opened'])
  })

  test('is the same wherever the process dies', async () => {
    const ends = [...STORY.matchAll(/\n/g)].map(({ index }) => index + 1)
    /** Ship 3 is exempt from one line to another. */
    const told = async (from: number, to: number, deaths: number[], saves: boolean): Promise<string> => {
      const folder = emptyFolder()
      const log = join(folder, 'events.ndjson')
      let current = await life(join(folder, 'state'), log)
      let line = 0
      const turns = [
        ...deaths.map(at => ({ at, turn: 'dies' })),
        { at: from, turn: 'begins' },
        { at: to, turn: 'ends' },
      ].sort((a, b) => a.at - b.at)
      for (const { at, turn } of [...turns, { at: ends.length - 1, turn: 'stops' }]) {
        current.feed(line === 0 ? 0 : ends[line]!, at === 0 ? 0 : ends[at]!)
        line = at
        if (turn === 'dies') {
          if (saves) await current.watch.checkpoint()
          current = await life(join(folder, 'state'), log)
        } else current.watch.setExempt(turn === 'begins' ? exempt(3) : [])
        if (saves && turn === 'begins') await current.watch.checkpoint()
      }
      await current.watch.stop()
      return readFileSync(log, 'utf8')
    }
    const line = fc.integer({ min: 1, max: ends.length - 2 })
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(line, line),
        fc.array(line, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (span, deaths, saves) => {
          const [from, to] = span.sort((a, b) => a - b) as [number, number]
          expect(await told(from, to, deaths, saves)).toBe(await told(from, to, [], false))
        },
      ),
      { numRuns: 25 },
    )
  })
})

const numberIn = (name: string): number => Number(/\d+/.exec(name))

test('nothing is told twice: an outlet that has seen a number does not get it again', async () => {
  const running = await watched([STORY])
  const seen = running.outlet.told.map(({ seq }) => seq)
  expect(seen).toEqual(seen.map((_, k) => k + 1))
})
