// The feed log: what came in since the last checkpoint, written before it is looked at. After a crash the checkpoint and
// this log give back exactly the state in which the process died, also of feeds that send nothing twice (UDP).
//
// A file is a row of frames: u32 length of the body, u32 CRC-32 of it, body. Body: u8 kind, u16 feed, f64 arrival
// (epoch ms), f64 position in a followed file (or NaN), bytes. Little endian. A frame cut off at the end was never acted
// upon; one that is broken in the middle ends the log there.

import fs from 'node:fs'
import { crc32 } from 'node:zlib'

const HEAD = 8
const BODY = 19
/** Whole lines of one feed as they came. */
export const DATA = 0
/** JSON: what else moved the engine (a feed that went silent) or names the feeds. */
export const CONTROL = 1

export interface Frame {
  kind: number
  feed: number
  arrival: number
  position: number
  bytes: Uint8Array
}

export interface Wal {
  readonly path: string
  /** Bytes written. */
  readonly size: number
  /** @throws what the system says, when the disk is full: nothing of this frame counts then */
  append(frame: Frame): void
  sync(): Promise<void>
  close(): void
}

export function createWal(path: string): Wal {
  const fd = fs.openSync(path, 'w')
  let buffer = Buffer.alloc(1 << 17)
  let size = 0
  let open = true
  return {
    path,
    get size() {
      return size
    },
    append({ kind, feed, arrival, position, bytes }) {
      const length = HEAD + BODY + bytes.length
      if (buffer.length < length) buffer = Buffer.alloc(2 * length)
      buffer.writeUInt32LE(BODY + bytes.length, 0)
      buffer[HEAD] = kind
      buffer.writeUInt16LE(feed, HEAD + 1)
      buffer.writeDoubleLE(arrival, HEAD + 3)
      buffer.writeDoubleLE(position, HEAD + 11)
      buffer.set(bytes, HEAD + BODY)
      buffer.writeUInt32LE(crc32(buffer.subarray(HEAD, length)), 4)
      try {
        for (let done = 0; done < length;) done += fs.writeSync(fd, buffer, done, length - done, size + done)
      } catch (error) {
        try {
          fs.ftruncateSync(fd, size) // half a frame would hide those after it
        } catch {
          // the write has failed, which is told
        }
        throw error
      }
      size += length
    },
    sync: () =>
      new Promise((done, failed) => {
        if (open) fs.fsync(fd, error => (error && open ? failed(error) : done()))
        else done()
      }),
    close() {
      open = false
      fs.closeSync(fd)
    },
  }
}

/** The whole frames of a log, in order; ends without a word where a frame is cut off or broken. */
export function* readWal(path: string): Generator<Frame, void, undefined> {
  const fd = fs.openSync(path, 'r')
  try {
    let buffer = Buffer.alloc(1 << 20)
    let length = 0
    let p = 0
    /** Makes `count` bytes from `p` on be there. */
    const fill = (count: number): boolean => {
      if (length - p >= count) return true
      buffer.copyWithin(0, p, length)
      length -= p
      p = 0
      if (buffer.length < count) {
        const larger = Buffer.alloc(2 * count)
        buffer.copy(larger, 0, 0, length)
        buffer = larger
      }
      while (length < count) {
        const read = fs.readSync(fd, buffer, length, buffer.length - length, null)
        if (read === 0) return false
        length += read
      }
      return true
    }
    while (fill(HEAD)) {
      const size = buffer.readUInt32LE(p)
      const sum = buffer.readUInt32LE(p + 4)
      if (size < BODY || size > 1 << 28 || !fill(HEAD + size)) return
      const body = buffer.subarray(p + HEAD, p + HEAD + size)
      if (crc32(body) !== sum) return
      yield {
        kind: body[0]!,
        feed: body.readUInt16LE(1),
        arrival: body.readDoubleLE(3),
        position: body.readDoubleLE(11),
        bytes: body.subarray(BODY),
      }
      p += HEAD + size
    }
  } finally {
    fs.closeSync(fd)
  }
}
