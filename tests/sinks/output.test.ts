import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { OutputError } from '../../src/model/errors.js'
import { openFile, openOutput, openStdout } from '../../src/sinks/output.js'
import { createSink, formatOf } from '../../src/sinks/sink.js'
import { gapEvent } from './events.js'

let dir: string
let path: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'output-test-'))
  path = join(dir, 'events.ndjson')
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(dir, { recursive: true, force: true })
})
const partial = () => `${path}.partial`
const text = (file: string) => readFileSync(file, 'utf8')

describe('a file', () => {
  test('has its name only once it is whole', () => {
    const output = openFile(path)
    output.write('one\n')
    expect(existsSync(path)).toBe(false)
    expect(existsSync(partial())).toBe(true)
    output.write('two\n')
    output.close()
    output.close()
    expect(text(path)).toBe('one\ntwo\n')
    expect(existsSync(partial())).toBe(false)
  })

  test('keeps what was found before a failure as FILE.partial', () => {
    const output = openFile(path)
    output.write('one\n')
    output.abort()
    output.abort()
    expect(text(partial())).toBe('one\n')
    expect(existsSync(path)).toBe(false)
    const again = openFile(path) // what a failed run left is in nobody's way
    again.close()
    expect(text(path)).toBe('')
  })

  test('holds long text of any characters', () => {
    const output = openFile(path)
    const line = `${'日本丸 🚢 '.repeat(1000)}\n`
    for (let i = 0; i < 50; i++) output.write(line)
    output.close()
    expect(text(path)).toBe(line.repeat(50))
  })

  test('that exists is refused, and replaced with force', () => {
    writeFileSync(path, 'old')
    expect(() => openFile(path)).toThrow(
      new OutputError(`output: ${path}: exists already (--force overwrites it)`),
    )
    expect(text(path)).toBe('old')
    const output = openFile(path, { force: true })
    output.write('new')
    expect(text(path)).toBe('old')
    output.close()
    expect(text(path)).toBe('new')
  })

  test('that somebody else made meanwhile is not overwritten', () => {
    const output = openFile(path)
    output.write('mine')
    writeFileSync(path, 'theirs')
    expect(() => output.close()).toThrow('exists already')
    expect([text(path), text(partial())]).toEqual(['theirs', 'mine'])
  })

  test('behind a link is replaced there, and the link stays', () => {
    const real = join(dir, 'real.ndjson')
    writeFileSync(real, 'old')
    symlinkSync(real, path)
    const output = openFile(path, { force: true })
    output.write('new')
    output.close()
    expect(text(real)).toBe('new')
    expect(fs.lstatSync(path).isSymbolicLink()).toBe(true)
  })

  test('is refused in one line where it cannot be', () => {
    expect(() => openFile(dir)).toThrow(`output: ${dir}: is a directory`)
    mkdirSync(partial())
    expect(() => openFile(path)).toThrow(`output: ${path}: is a directory`)
    const missing = join(dir, 'no', 'x.csv')
    expect(() => openFile(missing)).toThrow(`output: ${missing}: no such directory: ${join(dir, 'no')}`)
    const file = join(dir, 'file')
    writeFileSync(file, '')
    expect(() => openFile(join(file, 'x.csv'))).toThrow('a part of the path is not a directory')
    expect(() => openFile(join(dir, 'x'.repeat(300)))).toThrow('name too long')
  })

  test.skipIf(process.getuid?.() === 0)(
    'in a directory one may not write to is refused (skips for root)',
    () => {
      fs.chmodSync(dir, 0o500)
      expect(() => openFile(path)).toThrow(`output: ${path}: permission denied`)
    },
  )

  test('on a full disk fails in one line that says where the rest is', () => {
    const output = openFile(path)
    output.write('one\n')
    vi.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    })
    expect(() => output.close()).toThrow(
      new OutputError(
        `output: ${path}: no space left on the device (what was found so far is in ${partial()})`,
      ),
    )
    output.abort()
    expect(existsSync(path)).toBe(false)
  })

  test.skipIf(!existsSync('/dev/full'))(
    'that is a device is written to directly (skips without /dev/full)',
    () => {
      const output = openFile('/dev/full')
      output.write('x')
      expect(() => output.close()).toThrow('output: /dev/full: no space left on the device')
      const nothing = openOutput('/dev/null')
      nothing.write('x')
      nothing.close()
      expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
    },
  )
})

describe('stdout', () => {
  const broken = (code: string) =>
    new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) })

  test('gets everything by the end', async () => {
    const stream = new PassThrough({ encoding: 'utf8' })
    const output = openStdout(stream)
    output.write('one\n')
    output.write('two\n')
    output.close()
    await output.drained()
    expect(stream.read()).toBe('one\ntwo\n')
    expect(output.gone).toBe(false)
  })

  test('whose reader has gone is an end, not an error', async () => {
    const output = openStdout(broken('EPIPE'))
    output.write('one\n')
    await output.drained()
    expect(output.gone).toBe(true)
    output.write('two\n')
    output.close()
    await output.drained()
  })

  test('that fails otherwise is an error', async () => {
    const output = openStdout(broken('EIO'))
    output.write('one\n')
    await expect(output.drained()).rejects.toThrow('output: stdout: input/output error')
    expect(() => output.write('two\n')).toThrow(OutputError)
  })

  test('with a slow reader holds the writer back', async () => {
    const stream = new PassThrough({ highWaterMark: 10 })
    const output = openStdout(stream)
    output.write('x'.repeat(100))
    let caughtUp = false
    const waiting = output.drained().then(() => (caughtUp = true))
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(caughtUp).toBe(false)
    stream.resume()
    await waiting
  })
})

describe('createSink', () => {
  test('ends each format as it should be, closed or aborted', () => {
    for (const format of ['ndjson', 'csv', 'geojson'] as const) {
      const whole = createSink(format, openFile(`${path}.${format}`))
      whole.write(gapEvent())
      whole.close()
      const cut = createSink(format, openFile(path))
      cut.write(gapEvent())
      cut.abort()
      expect(text(partial())).toBe(text(`${path}.${format}`))
    }
    const document = JSON.parse(text(`${path}.geojson`)) as { features: unknown[] }
    expect(document.features.length).toBe(1)
  })

  test('knows the format by the ending', () => {
    const cases = ['a.ndjson', 'a.jsonl', 'a.JSON', 'b/a.csv', 'a.geojson', 'a.txt', 'csv', 'a.constructor']
    expect(cases.map(formatOf)).toEqual([
      'ndjson',
      'ndjson',
      'ndjson',
      'csv',
      'geojson',
      undefined,
      undefined,
      undefined,
    ])
  })
})
