// A file that another program writes to: read to its end, then on as it grows. When it is put aside under another name
// (logrotate) it is read to its end first, then the new one from its start; when it is cut short it is read from its start.

import fs from 'node:fs'
import { dirname, join } from 'node:path'
import { spokenError } from './reconnect.js'
import type { FilePosition, LiveHandle, LiveSink, LiveSource } from './live.js'

const POLL_MS = 250
const PIECE = 1 << 18
const LF = 10

/** @param fromStart read what the file holds already; else only what is added from now on */
export function followFile(path: string, fromStart = true): LiveSource {
  return {
    address: path,
    resends: false,
    connects: false,
    open: (sink, position) => follow(path, fromStart, sink, position as FilePosition | undefined),
  }
}

function follow(
  path: string,
  fromStart: boolean,
  sink: LiveSink,
  left: FilePosition | undefined,
): LiveHandle {
  const buffer = Buffer.alloc(PIECE)
  let fd = -1
  let inode = 0
  /** Where the next line begins. */
  let offset = 0
  let first = true
  let told: string | null = null
  let busy = false
  let paused = false

  function open(name: string, at: number): void {
    fd = fs.openSync(name, 'r')
    inode = fs.fstatSync(fd).ino
    offset = at
    sink.moved({ inode, offset })
  }

  function start(): void {
    const now = fs.statSync(path)
    if (first && left && left.inode !== now.ino) {
      // put aside while nobody looked: what was not read of it is still there under another name
      const old = withInode(dirname(path), left.inode)
      if (old !== null) return open(old, left.offset)
    }
    if (first && left?.inode === now.ino) open(path, left.offset <= now.size ? left.offset : 0)
    else open(path, first && !left && !fromStart ? now.size : 0)
  }

  /** Whole lines from where it stands to the end. @returns false when there are none */
  function readOn(): boolean {
    const read = fs.readSync(fd, buffer, 0, PIECE, offset)
    const lf = buffer.subarray(0, read).lastIndexOf(LF)
    // a line longer than the buffer is none
    const take = lf >= 0 ? lf + 1 : read === PIECE ? PIECE : 0
    if (take === 0) return false
    offset += take
    sink.data(buffer.subarray(0, take), 0, offset)
    return true
  }

  function look(): void {
    if (busy) return
    busy = true
    try {
      if (fd < 0) {
        start()
        if (first || told !== null) sink.connected(path)
        first = false
        told = null
      }
      // some pieces at a time: the event loop has others to serve
      for (let k = 0; k < 8 && !paused; k++) {
        if (readOn()) continue
        const size = fs.fstatSync(fd).size
        if (size < offset) {
          offset = 0 // cut short
          sink.moved({ inode, offset })
          continue
        }
        const now = fs.statSync(path, { throwIfNoEntry: false })
        if (now && now.ino !== inode) {
          fs.closeSync(fd)
          open(path, 0)
          continue
        }
        timer = setTimeout(look, POLL_MS)
        return
      }
      timer = setTimeout(look, paused ? POLL_MS : 0)
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file yet' : spokenError(error)
      if (told !== why) sink.lost(why, POLL_MS)
      told = why
      if (fd >= 0) fs.closeSync(fd)
      fd = -1
      timer = setTimeout(look, POLL_MS)
    } finally {
      busy = false
    }
  }

  let timer: NodeJS.Timeout | undefined = setTimeout(look, 0)
  return {
    reconnect: () => undefined,
    pause: isPaused => void (paused = isPaused),
    close() {
      clearTimeout(timer)
      if (fd >= 0) fs.closeSync(fd)
      fd = -1
      return Promise.resolve()
    },
  }
}

function withInode(folder: string, inode: number): string | null {
  for (const name of fs.readdirSync(folder)) {
    const path = join(folder, name)
    const stat = fs.statSync(path, { throwIfNoEntry: false })
    if (stat?.isFile() && stat.ino === inode) return path
  }
  return null
}
