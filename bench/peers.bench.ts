// The same NMEA bytes through this project and through other decoders, each in a process of its own, in turns: CPU time, user
// and system, of the whole process, start-up included. Peers that are not installed are left out. Real sentences, reshuffled,
// where ../shared is there; else those of a made-up fleet.
// node <compiled>/bench/peers.bench.js [MB of the common file] [MB of the long one]

import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { createColumnDecoder } from '../src/ais/columns.js'
import { decodeWords } from '../src/ais/decode.js'
import { createSourceCounts } from '../src/model/stats.js'
import { createWords } from '../src/model/words.js'
import { createNmeaReader } from '../src/sources/nmea.js'
import type { ReaderContext } from '../src/sources/reader.js'
import { digits, median, say } from './figures.js'
import { fleetNmea } from './fleet.js'

interface Outcome {
  /** Messages decoded. */
  messages: number
  /** User and system, ms. */
  cpuMs: number
  rssMiB: number
}

const ROUNDS = 3
const PIECE_BYTES = 1 << 20
const require = createRequire(import.meta.url)

// ── this project ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function ours(file: string, onMessage: NonNullable<ReaderContext['onMessage']>): void {
  const reader = createNmeaReader({
    words: createWords(),
    name: file,
    counts: createSourceCounts(),
    timeStart: 0,
    onBatch: () => undefined,
    onMessage,
  })
  const piece = new Uint8Array(PIECE_BYTES)
  const fd = openSync(file, 'r')
  for (let n = 1; n > 0;) {
    n = readSync(fd, piece, 0, piece.length, null)
    if (n > 0) reader.push(piece.subarray(0, n))
  }
  closeSync(fd)
  reader.end()
}

function ourColumns(file: string): number {
  let messages = 0
  const columns = createColumnDecoder({ onFull: table => (messages += table.length) })
  ours(file, ({ payload, chars, fill }) => columns.decode(payload, chars, fill))
  columns.flush()
  return messages
}

function ourObjects(file: string): number {
  let messages = 0
  ours(file, ({ payload, chars, fill }) => {
    const raw = decodeWords(payload, chars, fill)
    if (typeof raw === 'string') return raw
    messages++
    return null
  })
  return messages
}

// ── npm ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** ggencoder and ais-decoder, which is made from it. */
function gg(name: string, file: string): number {
  const { AisDecode } = require(name) as {
    AisDecode: new (line: string, session: object) => { valid: boolean }
  }
  const session = {}
  let messages = 0
  for (const line of readFileSync(file, 'latin1').split('\n'))
    if (new AisDecode(line, session).valid) messages++
  return messages
}

function streamDecoder(file: string): number {
  const loaded = require('ais-stream-decoder') as { default: new (options: object) => NodeJS.ReadWriteStream }
  const decoder = new loaded.default({ silent: true })
  let messages = 0
  decoder.on('data', () => messages++)
  decoder.on('error', () => undefined)
  for (const line of readFileSync(file, 'latin1').split('\n')) decoder.write(line)
  return messages
}

// ── C and C++ ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function gpsdecode(file: string): Outcome {
  const script = `TIMEFORMAT='%U %S'; time gpsdecode -j < "$1" 2>/dev/null | wc -l`
  const out = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`, 'bash', file], { encoding: 'utf8' })
  const [lines = '0', times = '0 0'] = out.trim().split('\n')
  const [user = 0, system = 0] = times.split(' ').map(Number)
  return { messages: Number(lines), cpuMs: (user + system) * 1000, rssMiB: NaN }
}

const LIBAIS = `
import ais, resource, sys
n = 0
parts = {}
for line in open(sys.argv[1], encoding='latin1'):
    f = line.split(',')
    if len(f) < 7: continue
    payload = f[5]
    if f[1] != '1':
        key = (f[0], f[1], f[3], f[4])
        if f[2] == '1': parts[key] = payload; continue
        payload = parts.get(key, '') + payload
        if f[2] != f[1]: parts[key] = payload; continue
    try:
        ais.decode(payload, int(f[6][0]))
        n += 1
    except Exception: pass
u = resource.getrusage(resource.RUSAGE_SELF)
print(n, (u.ru_utime + u.ru_stime) * 1000, u.ru_maxrss / 1024)
`
function libais(python: string, file: string): Outcome {
  const out = execFileSync(python, ['-c', LIBAIS, file], { encoding: 'utf8' })
  const [messages = 0, cpuMs = 0, rssMiB = 0] = out.trim().split(' ').map(Number)
  return { messages, cpuMs, rssMiB }
}

// ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Messages as whole sentences, the parts of one together; times and TAG blocks left out, as most peers do not read them. */
function messagesToShuffle(): string[] {
  const folder = resolve('..', 'shared', 'data', 'nmea')
  const texts = existsSync(folder)
    ? readdirSync(folder)
        // one source would be most of it
        .filter(name => /\.(gz|raw|nmea|txt)$/.test(name) && !name.startsWith('amsa_ais_2h'))
        .map(name => {
          const bytes = readFileSync(join(folder, name))
          return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')
        })
    : [Buffer.from(fleetNmea(2000, 20_000, 1).bytes).toString('latin1')]
  const whole: string[] = []
  for (const text of texts) {
    const open = new Map<string, string[]>()
    for (const [sentence, total, number, id] of text.matchAll(
      /![A-Z]{2}VDM,(\d),(\d),(\d?,[AB]?),[^,\s]*,\d\*[0-9A-F]{2}/g,
    )) {
      if (total === '1') whole.push(`${sentence}\n`)
      else if (number === '1') open.set(id!, [sentence])
      else {
        const parts = open.get(id!)
        if (parts?.length !== Number(number) - 1) continue
        parts.push(sentence)
        if (number === total) whole.push(`${parts.join('\n')}\n`)
      }
    }
  }
  return whole
}

function writeShuffled(path: string, whole: string[], bytes: number): { bytes: number; sentences: number } {
  let seed = 1
  let written = 0
  let sentences = 0
  const fd = openSync(path, 'w')
  while (written < bytes) {
    let piece = ''
    for (let i = 0; i < 20_000; i++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0
      piece += whole[(seed >>> 4) % whole.length]!
    }
    for (let p = piece.indexOf('\n'); p >= 0; p = piece.indexOf('\n', p + 1)) sentences++
    written += writeSync(fd, piece, null, 'latin1')
  }
  closeSync(fd)
  return { bytes: written, sentences }
}

// ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const IN_NODE: Record<string, (file: string) => number> = {
  'darkwake, columns': ourColumns,
  'darkwake, objects': ourObjects,
  ggencoder: file => gg('ggencoder', file),
  'ais-decoder': file => gg('ais-decoder', file),
  'ais-stream-decoder': streamDecoder,
}

function inNode(name: string, file: string): Outcome {
  const self = fileURLToPath(import.meta.url)
  const out = execFileSync(process.execPath, [self, '--run', name, file], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return JSON.parse(out.slice(out.lastIndexOf('\n', out.length - 2) + 1)) as Outcome
}

const has = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Thousand messages decoded per CPU second. */
const rateOf = (runs: Outcome[]): number => runs[0]!.messages / median(runs.map(run => run.cpuMs))

function compare(): void {
  const folder = mkdtempSync(join(tmpdir(), 'darkwake-peers-'))
  try {
    const whole = messagesToShuffle()
    const common = join(folder, 'common.nmea')
    const { sentences } = writeShuffled(common, whole, Number(process.argv[2] ?? 50) * 1e6)
    const runs: Record<string, () => Outcome> = Object.fromEntries(
      Object.keys(IN_NODE).map(name => [name, () => inNode(name, common)]),
    )
    if (has('gpsdecode', '-V')) runs['gpsdecode'] = () => gpsdecode(common)
    const python = ['python3', '/usr/bin/python3'].find(command => has(command, '-c', 'import ais'))
    if (python) runs['libais (Python)'] = () => libais(python, common)

    const results = new Map<string, Outcome[]>(Object.keys(runs).map(name => [name, []]))
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, run] of Object.entries(runs)) results.get(name)!.push(run())

    console.log(`\npeers: ${sentences} sentences, ${ROUNDS} rounds in turn, medians`)
    for (const [name, all] of results) {
      const cpu = digits(median(all.map(run => run.cpuMs)) / 1000)
      const rss = median(all.map(run => run.rssMiB)).toFixed(0)
      say(
        `peers, ${name}`,
        rateOf(all),
        'k messages/CPU s',
        `${cpu} s, ${all[0]!.messages} messages, ${rss} MiB`,
      )
    }

    const long = join(folder, 'long.nmea')
    const size = writeShuffled(long, whole, Number(process.argv[3] ?? 508) * 1e6)
    const ourRuns = Array.from({ length: ROUNDS }, () => inNode('darkwake, columns', long))
    const cpuMs = median(ourRuns.map(run => run.cpuMs))
    const rates = ourRuns.map(run => size.sentences / run.cpuMs / 1000)
    say(
      `peers, darkwake, columns, ${(size.bytes / 1e6).toFixed(0)} MB`,
      size.sentences / cpuMs / 1000,
      'M sentences/CPU s',
      `${rates.map(digits).join(', ')}, peak ${median(ourRuns.map(run => run.rssMiB)).toFixed(0)} MiB`,
    )
    // not all peers take all messages: what counts is what they decode
    const ours = rateOf(ourRuns)
    for (const [name, all] of results)
      if (!name.startsWith('darkwake'))
        say(`peers, darkwake to ${name}`, ours / rateOf(all), 'times the messages/CPU s')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[2] === '--run') {
  const messages = IN_NODE[process.argv[3]!]!(process.argv[4]!)
  const { user, system } = process.cpuUsage()
  const rssMiB = process.resourceUsage().maxRSS / 1024
  console.log(JSON.stringify({ messages, cpuMs: (user + system) / 1000, rssMiB } satisfies Outcome))
} else compare()
