// Where text goes: a file or stdout. A file grows as FILE.partial and takes its name only when it is whole, so that a
// half-written result is never taken for a result; a closed stdout (`| head`) is an end, not an error.

import fs from 'node:fs'
import { dirname } from 'node:path'
import { OutputError } from '../model/errors.js'

export interface Output {
  /** Takes text, or bytes, which are its own from then on; most is written later. @throws OutputError in one line, naming the file */
  write(data: string | Uint8Array): void
  /** All was written: the file takes its name. @throws OutputError */
  close(): void
  /** The run failed or was interrupted: what there is stays as FILE.partial. Never throws. */
  abort(): void
  /** True once the reader of stdout has gone: what is written now is dropped, and the run may end with exit code 0. */
  readonly gone: boolean
  /** Resolves when a slow reader has caught up: await it now and then, or memory fills. @throws OutputError */
  drained(): Promise<void>
}

/** What the system's codes mean to whoever named the file. */
const WHY: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'read-only file system',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOENT: 'no such directory',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'file too large for the file system',
  ENAMETOOLONG: 'name too long',
  EMFILE: 'too many open files',
  EIO: 'input/output error',
}

function failed(path: string, cause: unknown, tail = ''): OutputError {
  const { code, message } = cause as NodeJS.ErrnoException
  return new OutputError(`output: ${path}: ${(code && WHY[code]) ?? message}${tail}`, { cause })
}

/** Text is handed to the system in pieces of at least this many characters. */
const PIECE = 65_536

export interface FileOutputOptions {
  /** Replace an existing file. @default false */
  force?: boolean | undefined
}

/**
 * Opens a file to write. Nothing appears under `path` before close(); devices and named pipes are written directly.
 * @throws OutputError when it exists already, is a directory, or cannot be made there
 */
export function openFile(path: string, { force = false }: FileOutputOptions = {}): Output {
  const found = stat(path)
  if (found?.isDirectory()) throw new OutputError(`output: ${path}: is a directory`)
  if (found?.isFile() && !force) throw exists(path)
  const direct = found !== undefined && !found.isFile()
  if (!direct && !stat(dirname(path)))
    throw new OutputError(`output: ${path}: no such directory: ${dirname(path)}`)

  const partial = direct ? path : `${path}.partial`
  let fd: number
  try {
    fd = fs.openSync(partial, 'w')
  } catch (error) {
    throw failed(path, error)
  }

  let waiting = ''
  let open = true
  const kept = direct ? '' : ` (what was found so far is in ${partial})`
  const attempt = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      throw failed(path, error, kept)
    }
  }
  function writeAll(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done)
  }
  function flush(): void {
    const bytes = Buffer.from(waiting, 'utf8')
    waiting = ''
    writeAll(bytes)
  }

  return {
    gone: false,
    drained: () => Promise.resolve(),
    write(data) {
      if (typeof data === 'string') {
        waiting += data
        if (waiting.length >= PIECE) attempt(flush)
      } else {
        attempt(flush)
        attempt(() => writeAll(data))
      }
    },
    close() {
      if (!open) return
      attempt(flush)
      if (!direct) attempt(() => fs.fsyncSync(fd))
      open = false
      attempt(() => fs.closeSync(fd))
      if (direct) return
      const now = stat(path)
      if (now && !force) throw exists(path, kept)
      // a link to a result stays a link
      attempt(() => fs.renameSync(partial, now ? fs.realpathSync(path) : path))
    },
    abort() {
      if (!open) return
      open = false
      try {
        flush()
      } catch {
        // the reason for stopping has been told already
      }
      try {
        fs.closeSync(fd)
      } catch {
        // as above
      }
    },
  }
}

const exists = (path: string, tail = ''): OutputError =>
  new OutputError(`output: ${path}: exists already (--force overwrites it)${tail}`)

function stat(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw failed(path, error)
  }
}

/** Writes to stdout, which is left open at the end. */
export function openStdout(stream: NodeJS.WritableStream = process.stdout): Output {
  let gone = false
  let failure: OutputError | undefined
  let waiting = ''
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') gone = true
    else failure ??= failed('stdout', error)
  })
  const check = (): void => {
    if (failure) throw failure
  }
  function flush(): void {
    if (!gone && waiting) stream.write(waiting)
    waiting = ''
  }
  return {
    get gone() {
      return gone
    },
    write(data) {
      check()
      if (typeof data === 'string') {
        waiting += data
        if (waiting.length >= PIECE) flush()
      } else {
        flush()
        if (!gone) stream.write(data)
      }
    },
    close() {
      check()
      flush()
    },
    abort: flush,
    async drained() {
      flush()
      // a broken pipe is told on a later turn of the event loop
      await new Promise(resolve => setImmediate(resolve))
      if ((stream as NodeJS.WriteStream).writableNeedDrain && !gone && !failure) {
        await new Promise<void>(resolve => {
          const done = () => {
            for (const name of ['drain', 'close', 'error']) stream.off(name, done)
            resolve()
          }
          for (const name of ['drain', 'close', 'error']) stream.on(name, done)
        })
      }
      check()
    },
  }
}

/** `-` is stdout, anything else a file. */
export const openOutput = (target: string, options?: FileOutputOptions): Output =>
  target === '-' ? openStdout() : openFile(target, options)
