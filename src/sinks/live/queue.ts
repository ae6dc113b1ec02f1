// What waits for an output that is slow or away: in a file that survives the process, or in memory where there is no
// state folder. Bounded: when it is full the oldest update gives way, never the news that something began or ended. So
// only those can make it grow past its bound, and there are few of them.
//
// File: one record a line, `seq TAB phase TAB event`. Delivered ones are told apart by a number in a file beside it.

import fs from 'node:fs'
import type { Phase } from '../../model/event.js'
import type { Told } from './outlet.js'

const LF = 10
/** Where nothing else is said: some 30,000 events. */
export const QUEUE_BYTES = 32 * 2 ** 20
/** A file this small is not worth tidying. */
const TIDY_BYTES = 2 ** 20

export interface Queued {
  seq: number
  phase: Phase
  line: string
}

interface Entry {
  seq: number
  phase: Phase
  bytes: number
  /** Offset of its line in the file, or −1 when it could not be written there. */
  at: number
  line: string | null
}

export interface Queue {
  readonly lastSeq: number
  readonly length: number
  readonly bytes: number
  /** Updates that gave way. */
  readonly dropped: number
  push(told: Told): void
  /** The oldest ones. */
  peek(count: number): Queued[]
  /** All up to this number are done with. */
  ack(seq: number): void
  sync(): void
  close(): void
}

/** @param path absent: in memory only */
export function createQueue(path: string | undefined, maxBytes = QUEUE_BYTES): Queue {
  let entries: Entry[] = []
  /** Places of `entries` before this one are done with. */
  let head = 0
  let updates = 0
  let bytes = 0
  let dropped = 0
  let lastSeq = 0
  let acked = 0
  let fd = -1
  let ackFd = -1
  let size = 0

  if (path !== undefined) open(path)

  function open(file: string): void {
    fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600)
    ackFd = fs.openSync(`${file}.ack`, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600)
    const number = Buffer.alloc(8)
    if (fs.readSync(ackFd, number, 0, 8, 0) === 8) acked = number.readDoubleLE(0)
    lastSeq = acked
    const all = fs.readFileSync(fd)
    for (let p = 0; p < all.length;) {
      const end = all.indexOf(LF, p)
      if (end < 0) break // cut off by a crash: the event is told anew
      const [seq, phase, line] = splitRecord(all.toString('utf8', p, end))
      if (seq > acked)
        add({ seq, phase, bytes: Buffer.byteLength(line), at: end - Buffer.byteLength(line), line: null })
      lastSeq = Math.max(lastSeq, seq)
      size = p = end + 1
    }
    fs.ftruncateSync(fd, size)
    trim()
  }

  function add(entry: Entry): void {
    entries.push(entry)
    bytes += entry.bytes
    if (entry.phase === 'updated') updates++
  }

  function forget(entry: Entry): void {
    bytes -= entry.bytes
    if (entry.phase === 'updated') updates--
  }

  /** Too much: the oldest updates give way. */
  function trim(): void {
    if (bytes <= maxBytes || updates === 0) return
    const kept: Entry[] = []
    for (let k = head; k < entries.length; k++) {
      const entry = entries[k]!
      // a little more than needed, so that a full queue is not gone through for every event
      if (entry.phase === 'updated' && bytes > 0.9 * maxBytes && k < entries.length - 1) {
        forget(entry)
        dropped++
      } else kept.push(entry)
    }
    entries = kept
    head = 0
  }

  /** Writes what is still wanted into a new file, when most of the old one is not. */
  function tidy(): void {
    if (path === undefined || size < TIDY_BYTES || size < 2 * bytes) return
    const fresh = `${path}.tmp`
    try {
      const live = entries.slice(head)
      const lines = live.map(lineOf)
      const records = live.map(({ seq, phase }, k) => `${seq}\t${phase}\t${lines[k]}\n`)
      fs.writeFileSync(fresh, records.join(''), { mode: 0o600 })
      fs.renameSync(fresh, path)
      const next = fs.openSync(path, 'r+')
      fs.closeSync(fd)
      fd = next
      size = 0
      live.forEach((entry, k) => {
        const length = Buffer.byteLength(records[k]!)
        entry.at = size + length - 1 - entry.bytes
        entry.line = null
        size += length
      })
    } catch {
      // a full disk: the old file does as well
    }
  }

  function lineOf(entry: Entry): string {
    if (entry.line !== null) return entry.line
    const buffer = Buffer.alloc(entry.bytes)
    fs.readSync(fd, buffer, 0, entry.bytes, entry.at)
    return buffer.toString('utf8')
  }

  return {
    get lastSeq() {
      return lastSeq
    },
    get length() {
      return entries.length - head
    },
    get bytes() {
      return bytes
    },
    get dropped() {
      return dropped
    },
    push({ seq, event: { phase }, line }) {
      if (seq <= lastSeq) return
      lastSeq = seq
      const length = Buffer.byteLength(line)
      const entry: Entry = { seq, phase, bytes: length, at: -1, line }
      if (path !== undefined) {
        const record = Buffer.from(`${seq}\t${phase}\t${line}\n`)
        try {
          for (let done = 0; done < record.length;)
            done += fs.writeSync(fd, record, done, record.length - done, size + done)
          size += record.length
          entry.at = size - 1 - length
          entry.line = null
        } catch {
          // no room on the disk: it waits in memory
        }
      }
      add(entry)
      trim()
    },
    peek: count =>
      entries
        .slice(head, head + count)
        .map(entry => ({ seq: entry.seq, phase: entry.phase, line: lineOf(entry) })),
    ack(seq) {
      for (; head < entries.length && entries[head]!.seq <= seq; head++) forget(entries[head]!)
      if (head > 1024 && head > entries.length / 2) {
        entries = entries.slice(head)
        head = 0
      }
      acked = Math.max(acked, seq)
      if (path === undefined) return
      const number = Buffer.alloc(8)
      number.writeDoubleLE(acked)
      try {
        fs.writeSync(ackFd, number, 0, 8, 0)
        if (head === entries.length && size >= TIDY_BYTES) {
          fs.ftruncateSync(fd, 0)
          size = 0
        } else tidy()
      } catch {
        // told again after a crash, at worst
      }
    },
    sync() {
      if (path === undefined) return
      fs.fsyncSync(fd)
      fs.fsyncSync(ackFd)
    },
    close() {
      if (path === undefined) return
      fs.closeSync(fd)
      fs.closeSync(ackFd)
      fd = ackFd = -1
    },
  }
}

function splitRecord(record: string): [seq: number, phase: Phase, line: string] {
  const first = record.indexOf('\t')
  const second = record.indexOf('\t', first + 1)
  return [Number(record.slice(0, first)), record.slice(first + 1, second) as Phase, record.slice(second + 1)]
}
