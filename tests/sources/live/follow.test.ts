import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { followFile } from '../../../src/sources/live/follow.js'
import { replayFile } from '../../../src/sources/live/replay.js'
import { hear, until, type Heard } from './hear.js'

let path: string
let heard: Heard | undefined
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'darkwake-follow-')), 'ais.log')
})
afterEach(async () => {
  await heard?.handle.close()
  heard = undefined
})

describe('a file that grows', () => {
  test('is read from its start and on, whole lines only', async () => {
    writeFileSync(path, 'a\nb\nhal')
    heard = hear(followFile(path))
    await until(() => heard!.text === 'a\nb\n')
    appendFileSync(path, 'f\nc\n')
    await until(() => heard!.text === 'a\nb\nhalf\nc\n')
    expect(heard.position!.offset).toBe(11)
  })

  test('is waited for where it is not there yet', async () => {
    heard = hear(followFile(path))
    await until(() => heard!.said.length > 0)
    writeFileSync(path, 'a\n')
    await until(() => heard!.text === 'a\n')
    expect(heard.said).toEqual(['lost: no such file yet; again', `connected ${path}`])
  })

  test('put aside, it is read to its end, then the new one from its start', async () => {
    writeFileSync(path, 'a\n')
    heard = hear(followFile(path))
    await until(() => heard!.text === 'a\n')
    appendFileSync(path, 'b\n')
    renameSync(path, `${path}.1`)
    appendFileSync(`${path}.1`, 'c\n')
    writeFileSync(path, 'd\n')
    await until(() => heard!.text === 'a\nb\nc\nd\n')
  })

  test('cut short, it is read from its start', async () => {
    writeFileSync(path, 'a\nb\nc\n')
    heard = hear(followFile(path))
    await until(() => heard!.text === 'a\nb\nc\n')
    truncateSync(path, 0)
    await until(() => heard!.position!.offset === 0)
    appendFileSync(path, 'd\n')
    await until(() => heard!.text === 'a\nb\nc\nd\n')
  })

  test('a later run goes on where the first one stood, even if the file was put aside meanwhile', async () => {
    writeFileSync(path, 'a\nb\n')
    const first = hear(followFile(path))
    await until(() => first.text === 'a\nb\n')
    await first.handle.close()
    appendFileSync(path, 'c\n')
    const again = hear(followFile(path), { ...first.position! })
    await until(() => again.text === 'c\n')
    await again.handle.close()
    appendFileSync(path, 'd\n')
    renameSync(path, `${path}.1`)
    writeFileSync(path, 'e\n')
    heard = hear(followFile(path), { ...again.position! })
    await until(() => heard!.text === 'd\ne\n')
  })

  test('taken away and made anew, it is found again', async () => {
    writeFileSync(path, 'a\n')
    heard = hear(followFile(path))
    await until(() => heard!.text === 'a\n')
    rmSync(path)
    writeFileSync(path, 'b\n')
    await until(() => heard!.text === 'a\nb\n')
  })
})

describe('a recording', () => {
  const csv = (seconds: number[]): string =>
    `mmsi,t,lat,lon\n${seconds.map(s => `2010000${10 + (s % 7)},${new Date(Date.UTC(2024, 0, 1) + s * 1000).toISOString()},50,${s / 100}`).join('\n')}\n`

  test('plays to its end, faster than it was', async () => {
    writeFileSync(path, csv([0, 10, 20, 30]))
    heard = hear(replayFile({ path, speed: 100 }))
    await until(() => heard!.said.includes('ended'))
    expect(heard.rows).toBe(4)
  })

  test('waits for the times in it', async () => {
    writeFileSync(path, csv([0, 1, 3600]))
    heard = hear(replayFile({ path, speed: 100 }))
    await until(() => heard!.rows === 2)
    await new Promise(done => setTimeout(done, 100))
    expect(heard.rows).toBe(2)
  })

  test('goes on behind the rows that an earlier run has taken', async () => {
    writeFileSync(path, csv([0, 1, 2, 3, 4]))
    heard = hear(replayFile({ path, speed: Infinity }), { inode: 0, offset: 3 })
    await until(() => heard!.said.includes('ended'))
    expect(heard.rows).toBe(2)
  })

  test('that cannot be read says why, and ends', async () => {
    heard = hear(replayFile({ path: `${path}.none`, speed: 1 }))
    await until(() => heard!.said.includes('ended'))
    expect(heard.said[0]).toMatch(/no such file; for good/)
  })
})
