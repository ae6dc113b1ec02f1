// The event log: every revision, one line each, in a file that grows and is put aside when it is large (FILE.1 is the
// newest of the old ones). After a crash it is continued where it ends: what stands in it already is not written again,
// so it is byte for byte what a run without the crash would have written. While the disk is full events wait in memory.

import fs from 'node:fs'
import { OutputError } from '../../model/errors.js'
import type { Outlet, OutletLog, OutletStatus } from './outlet.js'
import { createQueue } from './queue.js'

const LF = 10
const RETRY_MS = 1000
const PIECE = 1 << 20

/** Where the log stood at a checkpoint. */
export interface LogPosition {
  inode: number
  bytes: number
  seq: number
}

export interface LogFileOptions {
  path: string
  /** A file larger than this is put aside. @default 256 MiB */
  rotateBytes?: number | undefined
  /** Old files kept. @default 8 */
  keep?: number | undefined
  /** Of the checkpoint that is resumed. */
  position?: LogPosition | undefined
  log: OutletLog
}

/** @throws OutputError when it cannot be opened */
export function createLogFile(options: LogFileOptions): Outlet {
  const { path, rotateBytes = 256 * 2 ** 20, keep = 8, position, log } = options
  const old = (n: number): string => `${path}.${n}`
  const waiting = createQueue(undefined, 64 * 2 ** 20)
  let fd: number
  let size: number
  let inode: number
  let lastSeq = 0
  let failures = 0
  let error: string | null = null
  let timer: NodeJS.Timeout | undefined
  let delivered = 0

  try {
    ;[fd, size, inode] = open()
    if (size > 0) {
      size = cutPartialLine(fd, size)
    }
    if (position) lastSeq = position.seq + linesSince(position)
  } catch (cause) {
    throw new OutputError(
      `output: ${path}: ${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message}`,
      {
        cause,
      },
    )
  }

  function open(): [number, number, number] {
    const opened = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_CREAT)
    const stat = fs.fstatSync(opened)
    return [opened, stat.isFile() ? stat.size : 0, stat.ino]
  }

  /** Whole lines written after a checkpoint, through the files that were put aside since. */
  function linesSince({ inode: from, bytes }: LogPosition): number {
    if (from === inode) return countLines(path, bytes)
    let lines = countLines(path, 0)
    for (let n = 1; n <= keep; n++) {
      const stat = fs.statSync(old(n), { throwIfNoEntry: false })
      if (!stat) break
      if (stat.ino === from) return lines + countLines(old(n), bytes)
      lines += countLines(old(n), 0)
    }
    // the log of that checkpoint was taken away: what follows it is told anew
    return 0
  }

  function rotate(): void {
    fs.fsyncSync(fd)
    fs.rmSync(old(keep), { force: true })
    for (let n = keep - 1; n >= 1; n--) if (fs.existsSync(old(n))) fs.renameSync(old(n), old(n + 1))
    fs.renameSync(path, old(1))
    fs.closeSync(fd)
    ;[fd, size, inode] = open()
  }

  function write(line: string): void {
    const bytes = Buffer.from(`${line}\n`)
    if (size > 0 && size + bytes.length > rotateBytes) rotate()
    try {
      for (let done = 0; done < bytes.length;)
        done += fs.writeSync(fd, bytes, done, bytes.length - done, size + done)
    } catch (failure) {
      try {
        fs.ftruncateSync(fd, size) // no half a line
      } catch {
        // the write has failed, which is told
      }
      throw failure
    }
    size += bytes.length
  }

  /** Writes what waits, in order. */
  function flush(): void {
    timer = undefined
    try {
      for (let next = waiting.peek(1)[0]; next; next = waiting.peek(1)[0]) {
        write(next.line)
        delivered++
        waiting.ack(next.seq)
      }
      if (error !== null) log('info', `output ${path}: can be written again`)
      error = null
    } catch (failure) {
      failures++
      const why =
        (failure as NodeJS.ErrnoException).code === 'ENOSPC'
          ? 'no space left on the device'
          : (failure as Error).message
      if (error !== why)
        log('warn', `output ${path}: ${why}; events wait in memory, trying again every second`)
      error = why
      timer = setTimeout(flush, RETRY_MS)
      timer.unref()
    }
  }

  return {
    name: path,
    get lastSeq() {
      return lastSeq
    },
    offer(told) {
      if (told.seq <= lastSeq) return
      lastSeq = told.seq
      waiting.push(told)
      if (!timer) flush()
    },
    // what waits in memory is not in the file yet
    position: (): LogPosition => ({ inode, bytes: size, seq: (waiting.peek(1)[0]?.seq ?? lastSeq + 1) - 1 }),
    status: (): OutletStatus => ({
      ...{ name: path, ok: error === null, queued: waiting.length, queuedBytes: waiting.bytes },
      ...{ delivered, dropped: waiting.dropped, refused: 0, failures, error },
    }),
    sync: () =>
      new Promise(done => {
        // a pipe or a terminal has no disk
        fs.fsync(fd, () => done())
      }),
    close() {
      clearTimeout(timer)
      flush()
      clearTimeout(timer)
      fs.closeSync(fd)
      return Promise.resolve()
    },
  }
}

/** A line that a crash cut off is written anew. @returns the length up to the last whole line */
function cutPartialLine(fd: number, size: number): number {
  const buffer = Buffer.alloc(PIECE)
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - PIECE)
    fs.readSync(fd, buffer, 0, end - start, start)
    const lf = buffer.subarray(0, end - start).lastIndexOf(LF)
    if (lf >= 0) {
      fs.ftruncateSync(fd, start + lf + 1)
      return start + lf + 1
    }
    end = start
  }
  fs.ftruncateSync(fd, 0)
  return 0
}

function countLines(path: string, from: number): number {
  const fd = fs.openSync(path, 'r')
  const buffer = Buffer.alloc(PIECE)
  let lines = 0
  try {
    for (let at = from; ;) {
      const read = fs.readSync(fd, buffer, 0, PIECE, at)
      if (read === 0) return lines
      for (let p = buffer.indexOf(LF); p >= 0 && p < read; p = buffer.indexOf(LF, p + 1)) lines++
      at += read
    }
  } finally {
    fs.closeSync(fd)
  }
}
