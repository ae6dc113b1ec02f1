// The folder of `--state`: checkpoints (two generations) and the feed log since each. A checkpoint appears under its name
// only when it is whole and on the disk; the one before it stays, and its log too, so that a broken file costs nothing.
//
//   checkpoint-N.dwstate   state at the moment N
//   feeds-N.log            what came in after it
//
// File: "DWSTATE1", u32 version, u32 length of the books, f64 length of the engine's snapshot, books (packed plain data),
// snapshot, u32 CRC-32 of all before it.

import fs from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { unpack } from '../../engine/snapshot.js'
import { UsageError } from '../../model/errors.js'
import { createWal, readWal, type Frame, type Wal } from './wal.js'

const MAGIC = 'DWSTATE1'
const VERSION = 1
const HEAD = 24
/** Bytes that are summed and written at a time, so that a feed never waits for long. */
const PIECE = 1 << 20
const GENERATIONS = 2

export interface Saved<Books> {
  books: Books
  engine: Uint8Array
}

/** The same to be written: packed books, and the engine's snapshot in pieces, made one at a time between other work. */
export interface Saving {
  books: Uint8Array
  engine: Iterable<Uint8Array>
}

export interface StateDir<Books> {
  readonly dir: string
  /** The newest whole checkpoint; null in a folder that has none. */
  readonly saved: Saved<Books> | null
  /** What is worth telling: a generation that was broken. */
  readonly warnings: string[]
  /** What came in after it, oldest first. */
  frames(): Generator<Frame, void, undefined>
  /** Begins the log that follows a checkpoint to be saved: from now on frames go there. */
  begin(): { wal: Wal; save(saving: Saving): Promise<{ bytes: number }> }
  release(): void
}

const checkpointPath = (dir: string, n: number): string => join(dir, `checkpoint-${n}.dwstate`)
const walPath = (dir: string, n: number): string => join(dir, `feeds-${n}.log`)

/**
 * Opens or makes the folder, and takes it for this process.
 * @throws UsageError, with the way out, when another process has it, or nothing in it can be used
 */
export function openStateDir<Books>(dir: string): StateDir<Books> {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    fs.accessSync(dir, fs.constants.W_OK)
  } catch (error) {
    throw new UsageError(
      `state: ${dir}: ${(error as NodeJS.ErrnoException).code}: cannot be used as a folder`,
    )
  }
  const unlock = lock(dir)
  try {
    return opened<Books>(dir, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

function opened<Books>(dir: string, unlock: () => void): StateDir<Books> {
  const numbers = (pattern: RegExp): number[] =>
    fs
      .readdirSync(dir)
      .flatMap(name => pattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b)
  for (const name of fs.readdirSync(dir)) if (name.endsWith('.tmp')) fs.rmSync(join(dir, name))
  const checkpoints = numbers(/^checkpoint-(\d+)\.dwstate$/)
  const logs = numbers(/^feeds-(\d+)\.log$/)

  let saved: Saved<Books> | null = null
  let from = -1
  const warnings: string[] = []
  for (const n of checkpoints.toReversed()) {
    try {
      saved = readCheckpoint<Books>(checkpointPath(dir, n))
      from = n
      break
    } catch (error) {
      if (error instanceof NewerError) throw error
      warnings.push(
        `state: ${checkpointPath(dir, n)}: ${(error as Error).message}: the one before it is used`,
      )
    }
  }
  if (!saved && (checkpoints.length > 0 || (logs.length > 0 && logs[0] !== 0))) {
    throw new UsageError(
      `state: ${dir}: no checkpoint in it is whole: restore one from a copy, or move the folder away to start anew`,
    )
  }
  if (!saved) from = 0
  let newest = Math.max(-1, ...checkpoints, ...logs)
  const replayed = logs.filter(n => n >= from)

  return {
    dir,
    saved,
    warnings,
    *frames() {
      for (const n of replayed) yield* readWal(walPath(dir, n))
    },
    begin() {
      const n = ++newest
      const wal = createWal(walPath(dir, n))
      return {
        wal,
        async save(saving) {
          await wal.sync()
          const bytes = await writeCheckpoint(checkpointPath(dir, n), saving)
          const kept = numbers(/^checkpoint-(\d+)\.dwstate$/).slice(-GENERATIONS)
          for (const old of numbers(/^checkpoint-(\d+)\.dwstate$/))
            if (old < kept[0]!) fs.rmSync(checkpointPath(dir, old), { force: true })
          for (const old of numbers(/^feeds-(\d+)\.log$/))
            if (old < kept[0]!) fs.rmSync(walPath(dir, old), { force: true })
          return { bytes }
        },
      }
    },
    release: unlock,
  }
}

/** One process at a time. The lock of one that died is no lock, even if its number now belongs to another process. */
function lock(dir: string): () => void {
  const path = join(dir, 'lock')
  let owner: { pid?: unknown; mark?: unknown } = {}
  try {
    owner = JSON.parse(fs.readFileSync(path, 'utf8')) as typeof owner
  } catch {
    // there is none, or half of one
  }
  const { pid, mark } = owner
  if (typeof pid === 'number' && pid !== process.pid && isAlive(pid) && mark === markOf(pid)) {
    throw new UsageError(`state: ${dir}: in use by another darkwake (process ${pid})`)
  }
  fs.writeFileSync(path, JSON.stringify({ pid: process.pid, mark: markOf(process.pid) }))
  return () => fs.rmSync(path, { force: true })
}

/** What tells a process from a later one of its number: the boot, and its start since then. null where nobody can tell. */
export function markOf(pid: number): string | null {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // behind the name, which may hold anything, the 20th word is the start (proc(5))
    const words = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')
    return `${boot} ${words[19]}`
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

class NewerError extends UsageError {}

function readCheckpoint<Books>(path: string): Saved<Books> {
  const bytes = fs.readFileSync(path)
  if (bytes.length < HEAD + 4 || bytes.toString('latin1', 0, 8) !== MAGIC) throw new Error('no checkpoint')
  const version = bytes.readUInt32LE(8)
  if (version > VERSION) {
    throw new NewerError(
      `state: ${path}: written by a newer darkwake (version ${version}, this one reads ${VERSION}): use that one, or move the folder away to start anew`,
    )
  }
  const books = bytes.readUInt32LE(12)
  const engine = bytes.readDoubleLE(16)
  if (bytes.length !== HEAD + books + engine + 4) throw new Error('cut short')
  const end = bytes.length - 4
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end))
    throw new Error('damaged (its checksum is wrong)')
  return {
    books: unpack(bytes.subarray(HEAD, HEAD + books)) as Books,
    engine: bytes.subarray(HEAD + books, end),
  }
}

async function writeCheckpoint(path: string, { books, engine }: Saving): Promise<number> {
  const pieces: Uint8Array[] = []
  let length = 0
  for (const piece of engine) {
    pieces.push(piece)
    length += piece.length
    await turn()
  }
  const head = Buffer.alloc(HEAD)
  head.write(MAGIC, 'latin1')
  head.writeUInt32LE(VERSION, 8)
  head.writeUInt32LE(books.length, 12)
  head.writeDoubleLE(length, 16)
  const tmp = `${path}.tmp`
  const file = await fs.promises.open(tmp, 'w', 0o600)
  let sum = 0
  try {
    for (const group of inGroups([head, books, ...pieces])) {
      for (const piece of group) sum = crc32(piece, sum)
      await writeAll(file, group)
    }
    const tail = Buffer.alloc(4)
    tail.writeUInt32LE(sum)
    await writeAll(file, [tail])
    await file.sync()
  } catch (error) {
    await file.close()
    await fs.promises.rm(tmp, { force: true })
    throw error
  }
  await file.close()
  await fs.promises.rename(tmp, path)
  await syncFolder(path)
  return HEAD + books.length + length + 4
}

/** Lets others have their turn. */
const turn = (): Promise<void> => new Promise(done => setImmediate(done))

/** The same bytes, PIECE of them at a time at most. */
function* inGroups(pieces: Uint8Array[]): Generator<Uint8Array[], void, undefined> {
  let group: Uint8Array[] = []
  let room = PIECE
  for (const piece of pieces) {
    for (let from = 0; from < piece.length;) {
      const part = piece.subarray(from, from + room)
      group.push(part)
      from += part.length
      room -= part.length
      if (room > 0) continue
      yield group
      group = []
      room = PIECE
    }
  }
  yield group
}

async function writeAll(file: fs.promises.FileHandle, pieces: Uint8Array[]): Promise<void> {
  let left = pieces
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left)
    // a disk that is nearly full takes a part; the next attempt says why
    left = left.flatMap(piece => {
      const rest = piece.subarray(bytesWritten)
      bytesWritten = Math.max(0, bytesWritten - piece.length)
      return rest.length > 0 ? [rest] : []
    })
  }
}

/** A rename is on the disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await fs.promises.open(join(path, '..'), 'r')
    await folder.sync().finally(() => folder.close())
  } catch {
    // some systems cannot; the file itself is safe
  }
}
