// Spark's events are those of one machine: a master and two workers, each a JVM of its own, and an executor that is killed while
// vessels are judged. Of the rows 30 % are sent under one MMSI, and names hold what parts fields.

import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { build, darkwake, emptyFolder, write, type Outcome } from './darkwake.js'
import { freePort } from '../helpers/port.js'

const SPARK_HOME = process.env['SPARK_HOME'] ?? ''
const missing = !process.env['DARKWAKE_SLOW']
  ? 'set DARKWAKE_SLOW=1 to run'
  : !existsSync(join(SPARK_HOME, 'bin', 'spark-sql'))
    ? 'skipped: SPARK_HOME is no Spark'
    : spawnSync('java', ['-version']).status !== 0
      ? 'skipped: no java'
      : ''

const SCRIPT = resolve('spark', 'detect.sh')
// JVMs of seconds: no effort at compiling, one core
const QUICK = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'
const ENV = { SPARK_HOME, SPARK_LOCAL_IP: '127.0.0.1', SPARK_DAEMON_MEMORY: '256m', JAVA_TOOL_OPTIONS: QUICK }
const SMALL = ['--driver-memory', '512m', '--conf', 'spark.executor.memory=512m']
const LOCAL = ['--master', 'local[1]', '--driver-memory', '512m']
const CLONE = '123456789'

let folder: string
let day: string
let command: string

describe.skipIf(missing)(missing ? `spark (${missing})` : 'spark', () => {
  beforeAll(async () => {
    command = `${process.execPath} ${join(build(), 'dist', 'bin', 'darkwake.js')}`
    folder = emptyFolder()
    const traffic = join(folder, 'traffic.csv')
    const made = await darkwake(['simulate', 'north-sea', '-o', traffic, '--vessels', '60', '--quiet'])
    expect(made).toMatchObject({ code: 0, stderr: '' })
    day = write(folder, 'day.csv', awkward(readFileSync(traffic, 'utf8')))
  })

  test('tells what two passes on one machine tell, over the death of an executor', async () => {
    const events = join(folder, 'events.ndjson')
    const one = await darkwake(['detect', day, '--passes', '2', '-o', events, '--quiet'])
    expect(one).toMatchObject({ code: 0, stderr: '' })

    // files of a pattern: several ranges; lines end as somebody's do
    const [header, ...rows] = readFileSync(day, 'utf8').trimEnd().split('\n')
    for (const k of [0, 1])
      write(
        folder,
        `some-${k}.csv`,
        [header, ...rows.filter((_, i) => i % 2 === k), ''].join(k === 0 ? '\n' : '\r\n'),
      )
    const cluster = await startCluster()
    try {
      const out = join(folder, 'out')
      const job = detect(join(folder, 'some-*.csv'), out, { PARTS: '2' }, ['--master', cluster.url, ...SMALL])
      const killed = await cluster.killOneWith('vessel --lessons', job.child)
      const { code, stderr } = await job.ended
      expect([code, killed], stderr).toEqual([0, true])
      expect(stderr).toMatch(/Lost executor/)
      expect(lines(textOf(join(out, 'events')))).toEqual(lines(readFileSync(events, 'utf8')))
      expect(lines(textOf(join(out, 'events'))).length).toBeGreaterThan(50)
    } finally {
      cluster.stop()
    }
  }, 600_000)

  test('goes on from the half of a day to the other, and says which state does not fit', async () => {
    const noon = `${/\d{4}-\d\d-\d\d/.exec(readFileSync(day, 'utf8'))![0]} 12:00`
    const one = await darkwake(['detect', day, '--passes', '2', '--quiet'])
    const [a, b] = [join(folder, 'half-a'), join(folder, 'half-b')]
    expect(await detect(day, a, { PARTS: '2', UNTIL: noon }, LOCAL).ended).toMatchObject({ code: 0 })
    expect(await detect(day, b, { PARTS: '2', STATE: a }, LOCAL).ended).toMatchObject({ code: 0 })
    const told = [a, b].flatMap(out => lines(textOf(join(out, 'events'))))
    const last = new Map<string, { line: string; revision: number; phase: string }>()
    for (const line of told) {
      const { id, revision, phase } = JSON.parse(line) as { id: string; revision: number; phase: string }
      if (!((last.get(id)?.revision ?? 0) >= revision)) last.set(id, { line, revision, phase })
    }
    expect(told.length).toBeGreaterThan(last.size)
    const stand = [...last.values()].filter(({ phase }) => phase !== 'retracted').map(({ line }) => line)
    expect(stand.sort()).toEqual(lines(one.stdout))

    const other = await detect(day, join(folder, 'half-c'), { PARTS: '3', STATE: a }, LOCAL).ended
    expect(other.code).not.toBe(0)
    expect(other.stderr).toMatch(/STATE is not whole, or not one of 3 parts/)
    const minute = await detect(day, join(folder, 'half-d'), { UNTIL: '2026-03-21 12:05' }, LOCAL).ended
    expect(minute.code).not.toBe(0)
    expect(minute.stderr).toMatch(/until: expected a whole ten minutes/)
  })

  test('tells what the lessons alone tell: that a feed fell silent', async () => {
    const row = (k: number, time: string): string => `${219_000_000 + k},2026-03-21T${time}:00,55,4`
    const quiet = write(
      folder,
      'quiet.csv',
      [
        'MMSI,BaseDateTime,LAT,LON',
        ...Array.from({ length: 400 }, (_, k) => row(k, `00:${10 + (k % 40)}`)),
        ...[row(400, '23:59'), row(401, '23:59'), ''],
      ].join('\n'),
    )
    const one = await darkwake(['detect', quiet, '--passes', '2', '--quiet'])
    expect(one.stdout).toMatch(/^{[^\n]*"type":"feed_outage"[^\n]*}\n$/)
    const out = join(folder, 'quiet')
    expect(await detect(quiet, out, { PARTS: '1' }, LOCAL).ended).toMatchObject({ code: 0 })
    expect(textOf(join(out, 'events'))).toBe(one.stdout)
  })

  test('says which darkwake is another, and that lessons are missing', async () => {
    const other = write(
      folder,
      'other',
      `#!/bin/sh\n[ "$1" = --version ] && echo 9.9.9 || exec ${command} "$@"\n`,
    )
    chmodSync(other, 0o755)
    const few = write(folder, 'few.csv', readFileSync(day, 'utf8').slice(0, 50_000))
    const detectFew = (out: string, env: Record<string, string>): Promise<Pick<Outcome, 'code' | 'stderr'>> =>
      detect(few, join(folder, out), { PARTS: '1', ...env }, LOCAL).ended
    const versions = await detectFew('versions', { DARKWAKE: other })
    expect(versions.code).not.toBe(0)
    expect(versions.stderr).toMatch(/this is darkwake \d\S*, and 9\.9\.9 is asked for/)
    const lessons = await detectFew('lessons', { LESSONS: join(folder, 'absent') })
    expect(lessons.code).not.toBe(0)
    expect(lessons.stderr).toMatch(/lessons: \S+absent\/part-\*: .*no such file/)
  })
})

/** Three rows of ten under one MMSI, and names with commas and quotes. */
function awkward(csv: string): string {
  const [header, ...rows] = csv.trimEnd().split('\n')
  return `${[
    header,
    ...rows.map((row, k) => {
      const [mmsi, ...fields] = row.split(',')
      if (fields[6]) fields[6] = `"${fields[6]}, ""${fields[6].slice(0, 2)}"""`
      return [k % 10 < 3 ? CLONE : mmsi, ...fields].join(',')
    }),
  ].join('\n')}\n`
}

const lines = (text: string): string[] => text.trimEnd().split('\n').sort()

const textOf = (dir: string): string =>
  readdirSync(dir)
    .filter(name => name.startsWith('part-'))
    .map(name => readFileSync(join(dir, name), 'utf8'))
    .join('')

function detect(
  input: string,
  out: string,
  env: Record<string, string>,
  flags: string[],
): { child: ChildProcess; ended: Promise<Pick<Outcome, 'code' | 'stderr'>> } {
  const child = spawn(SCRIPT, [input, out, ...flags], {
    env: { ...process.env, ...ENV, DARKWAKE: command, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return { child, ended: new Promise(done => child.on('close', code => done({ code, stderr }))) }
}

interface Cluster {
  url: string
  /** Kills the first executor that runs such a command. False: the job ended before there was one. */
  killOneWith(text: string, job: ChildProcess): Promise<boolean>
  stop(): void
}

interface State {
  url: string
  aliveworkers: number
}

async function startCluster(): Promise<Cluster> {
  const [port, web] = [await freePort(), await freePort()]
  const url = `spark://127.0.0.1:${port}`
  const start = (kind: string, ...flags: string[]): ChildProcess =>
    spawn(
      join(SPARK_HOME, 'bin', 'spark-class'),
      [`org.apache.spark.deploy.${kind}`, '--host', '127.0.0.1', ...flags],
      { env: { ...process.env, ...ENV }, stdio: 'ignore' },
    )
  const master = start('master.Master', '--port', `${port}`, '--webui-port', `${web}`)
  const workers = ['a', 'b'].map(name =>
    start('worker.Worker', '--cores', '1', '--memory', '1g', '--work-dir', join(folder, name), url),
  )
  // where somebody else has taken the port meanwhile the page is at one after it
  const pages = Array.from({ length: 8 }, (_, k) => `http://127.0.0.1:${web + k}/json/`)
  await until(async () => {
    const states = await Promise.all(
      pages.map(page =>
        fetch(page).then(
          answer => answer.json() as Promise<State>,
          () => null,
        ),
      ),
    )
    return states.some(state => state?.url === url && state.aliveworkers === 2)
  })
  return {
    url,
    async killOneWith(text, job) {
      let killed = false
      await until(() => {
        const running = processes()
        const under = (pid: number): boolean =>
          running.some(({ ppid, pid: own, args }) => ppid === pid && (args.includes(text) || under(own)))
        const executor = running.find(
          ({ pid, ppid }) => workers.some(worker => worker.pid === ppid) && under(pid),
        )
        if (executor) killed = process.kill(executor.pid, 'SIGKILL')
        return killed || job.exitCode !== null
      })
      return killed
    },
    stop: () => [...workers, master].forEach(each => each.kill()),
  }
}

const processes = (): { pid: number; ppid: number; args: string }[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\n')
    .map(line => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap(found => (found ? [{ pid: Number(found[1]), ppid: Number(found[2]), args: found[3]! }] : []))

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (;;) {
    try {
      if (await holds()) return
    } catch {
      // not up yet
    }
    await new Promise(wake => setTimeout(wake, 100))
  }
}
