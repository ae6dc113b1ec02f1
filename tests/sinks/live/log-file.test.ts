import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLogFile, type LogPosition } from '../../../src/sinks/live/log-file.js'
import { until } from '../../sources/live/hear.js'
import { told } from './lines.js'

const folder = (): string => mkdtempSync(join(tmpdir(), 'darkwake-log-'))
const log = () => undefined
const line = (seq: number): string => `${told(seq).line}\n`
const all = (path: string): string =>
  [8, 7, 6, 5, 4, 3, 2, 1]
    .map(n => `${path}.${n}`)
    .filter(existsSync)
    .concat(path)
    .map(name => readFileSync(name, 'utf8'))
    .join('')

describe('the event log', () => {
  test('continued after any crash, rotated or not, is what it would have been', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 400 }),
        fc.boolean(),
        (before, after, half, rotates) => {
          const path = join(folder(), 'events.ndjson')
          const rotateBytes = rotates ? 7 * line(1).length : undefined
          const first = createLogFile({ path, rotateBytes, log })
          for (let seq = 1; seq <= before; seq++) first.offer(told(seq))
          const position = first.position!() as LogPosition
          for (let seq = before + 1; seq <= before + after; seq++) first.offer(told(seq))
          // it dies in the middle of a line
          appendFileSync(path, line(99).slice(0, half))
          const second = createLogFile({ path, rotateBytes, position, log })
          expect(second.lastSeq).toBe(before + after)
          for (let seq = before + 1; seq <= before + after + 5; seq++) second.offer(told(seq))
          const want = Array.from({ length: before + after + 5 }, (_, k) => line(k + 1)).join('')
          expect(all(path)).toBe(want)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('taken away by somebody, what follows the checkpoint is told anew', () => {
    const path = join(folder(), 'events.ndjson')
    const first = createLogFile({ path, log })
    first.offer(told(1))
    const position = first.position!() as LogPosition
    first.offer(told(2))
    rmSync(path)
    writeFileSync(`${path}.other`, '')
    const second = createLogFile({ path, position, log })
    for (const seq of [1, 2]) second.offer(told(seq))
    expect(readFileSync(path, 'utf8')).toBe(line(2))
  })

  test('what stood there before is kept', () => {
    const path = join(folder(), 'events.ndjson')
    writeFileSync(path, '{"old":true}\n')
    createLogFile({ path, log }).offer(told(1))
    expect(readFileSync(path, 'utf8')).toBe(`{"old":true}\n${line(1)}`)
  })

  // a file system of 64 KiB, where the tests may make one
  const isRoot = process.getuid?.() === 0
  test.skipIf(!isRoot)('on a full disk events wait, and none is lost when there is room again', async () => {
    const dir = folder()
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir], { stdio: 'ignore' })
    } catch {
      return // this machine lets nobody mount
    }
    try {
      const path = join(dir, 'events.ndjson')
      writeFileSync(join(dir, 'ballast'), Buffer.alloc(48 * 1024))
      const said: string[] = []
      const file = createLogFile({ path, log: (_, message) => void said.push(message) })
      for (let seq = 1; seq <= 40; seq++) file.offer(told(seq))
      expect(file.status()).toMatchObject({ ok: false, error: 'no space left on the device' })
      expect(said).toHaveLength(1)
      const position = file.position!() as LogPosition
      expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(position.seq + 1)
      rmSync(join(dir, 'ballast'))
      await until(() => file.status().ok)
      expect(readFileSync(path, 'utf8')).toBe(Array.from({ length: 40 }, (_, k) => line(k + 1)).join(''))
      await file.close(0)
    } finally {
      execFileSync('umount', [dir])
    }
  })
})
