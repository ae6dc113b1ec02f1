// Lines of what vessels teach one another (engine/lessons), on disk: they are written in order of slot as a first pass goes, and
// read from the first to the last as often as somebody needs them.

import fs from 'node:fs'
import {
  isLesson,
  KIND_AT,
  LESSONS_HEADER,
  slotOfLine,
  spanOf,
  stretchesOf,
  united,
  type Kind,
  type Lessons,
  type Stretch,
} from '../engine/lessons.js'
import { InputError, OutputError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { openTempFile } from '../sources/temp-file.js'
import { isStateLine } from './periods.js'

const READ_BYTES = 1 << 18
const NEWLINE = 10
const WRITE_CHARS = 1 << 18

/** A file of lines in order, to be read any number of times; from now on it must not change. */
export interface LessonsFile {
  /**
   * A reader of its own for each that learns: its slots are asked for in rising order.
   * @param only what it wants to know: lines of this kind; of all by default
   */
  open(only?: Kind): Lessons
  /** All lines, as one table. */
  lines(): Iterable<string>
  /** When anybody was heard. */
  stretches(): readonly Stretch[]
  close(): void
}

export interface LessonsWriter {
  /** A line of the slot of the one before, or of a later one. @throws OutputError disk full */
  write(line: string): void
  /** Nothing more comes. */
  done(): LessonsFile
  close(): void
}

/** @param tempDir where the file is, until it is closed */
export function createLessonsWriter(tempDir?: string): LessonsWriter {
  const file = openTempFile('lessons', tempDir)
  let slot = -1
  let held: string[] = []
  let text = ''

  function put(): void {
    try {
      fs.writeSync(file.fd, text)
    } catch (error) {
      throw new OutputError(`lessons: ${(error as Error).message}`, { cause: error })
    }
    text = ''
  }

  function release(): void {
    for (const line of united(held.sort())) text += `${line}\n`
    held = []
    if (text.length >= WRITE_CHARS) put()
  }

  return {
    write(line) {
      const of = slotOfLine(line)
      if (of !== slot) release()
      slot = of
      held.push(line)
    },
    done() {
      release()
      put()
      return lessonsFile([{ name: 'lessons', fd: file.fd }], () => file.close())
    },
    close: () => file.close(),
  }
}

/**
 * Tables that were kept, together: each in order of slot, as lessonsText() writes them; the header may be missing, and the
 * lines of states that `operator learn` writes among its lessons are left out.
 * @throws InputError for a file that cannot be read, or is none
 */
export function openLessonsFiles(paths: readonly string[]): LessonsFile {
  const files: { name: string; fd: number }[] = []
  const close = (): void => files.forEach(({ fd }) => fs.closeSync(fd))
  try {
    for (const name of paths) {
      try {
        files.push({ name, fd: fs.openSync(name, 'r') })
      } catch (error) {
        throw new InputError('failed', `lessons: ${name}: ${(error as Error).message}`, { cause: error })
      }
    }
    for (const { name, fd } of files) {
      const { value } = linesOf(fd).next()
      if (value !== undefined && value !== LESSONS_HEADER && !isLesson(value))
        throw new InputError('unrecognised', `lessons: ${name}: not lines of ${LESSONS_HEADER}`)
    }
  } catch (error) {
    close()
    throw error
  }
  return lessonsFile(files, close)
}

/** A table as text, to be kept: a header, then its lines. */
export function* lessonsText(file: LessonsFile): Generator<string, void, undefined> {
  yield `${LESSONS_HEADER}\n`
  for (const line of file.lines()) yield `${line}\n`
}

function lessonsFile(files: readonly { name: string; fd: number }[], close: () => void): LessonsFile {
  let heard: Stretch[] | undefined

  function* bySlot(only?: Kind): Generator<{ slot: number; lines: string[] }, void, undefined> {
    const readers = files.map(({ name, fd }) => ({ name, lines: linesOf(fd, only), slot: -1, line: '' }))
    const step = (reader: (typeof readers)[number]): void => {
      do reader.line = reader.lines.next().value ?? ''
      while (reader.line === LESSONS_HEADER || isStateLine(reader.line))
      const slot = reader.line === '' ? Infinity : slotOfLine(reader.line)
      if (!(slot >= reader.slot))
        throw new InputError(
          'failed',
          `lessons: ${reader.name}: not in order, or no such line: ${safeText(reader.line.slice(0, 60))}`,
        )
      reader.slot = slot
    }
    readers.forEach(step)
    for (;;) {
      const slot = Math.min(...readers.map(reader => reader.slot))
      if (slot === Infinity) return
      const lines: string[] = []
      for (const reader of readers) for (; reader.slot === slot; step(reader)) lines.push(reader.line)
      yield { slot, lines: [...united(lines.sort())] }
    }
  }

  function* lines(only?: Kind): Generator<string, void, undefined> {
    for (const { lines: of } of bySlot(only)) yield* of
  }

  const stretches = (): Stretch[] => (heard ??= stretchesOf(lines('ear')))

  return {
    ...{ stretches, close },
    lines: () => lines(),
    open(only) {
      const slots = bySlot(only)
      let held = slots.next()
      return {
        ...spanOf(stretches()),
        of(slot) {
          while (!held.done && held.value.slot < slot) held = slots.next()
          return !held.done && held.value.slot === slot ? held.value.lines : []
        },
      }
    },
  }
}

/** Lines of a file from its beginning; others may read it meanwhile. */
function linesOf(fd: number, only?: Kind): Generator<string, void, undefined> {
  return only === undefined ? allLines(fd) : someLines(fd, only.charCodeAt(0))
}

function* allLines(fd: number): Generator<string, void, undefined> {
  const bytes = Buffer.allocUnsafe(READ_BYTES)
  const decoder = new TextDecoder()
  let rest = ''
  for (let at = 0; ;) {
    const read = fs.readSync(fd, bytes, 0, bytes.length, at)
    at += read
    const text = rest + decoder.decode(bytes.subarray(0, read), { stream: read > 0 })
    const lines = text.split('\n')
    rest = lines.pop()!
    yield* lines
    if (read === 0) break
  }
  if (rest !== '') yield rest
}

/** Those whose kind begins with this letter, and what may look like one. Nine in ten lines are skipped as the bytes they are. */
function* someLines(fd: number, letter: number): Generator<string, void, undefined> {
  let bytes = Buffer.allocUnsafe(READ_BYTES)
  let held = 0 // bytes of a line that goes on
  for (let at = 0; ;) {
    const read = fs.readSync(fd, bytes, held, bytes.length - held, at)
    at += read
    // what nothing ends at the end of the file is a line
    if (read === 0 && held > 0) bytes[held++] = NEWLINE
    const end = held + read
    const lines = bytes.subarray(0, end)
    let from = 0
    for (let to; (to = lines.indexOf(NEWLINE, from)) >= 0; from = to + 1)
      if (bytes[from + KIND_AT] === letter) yield bytes.toString('utf8', from, to)
    if (read === 0) return
    held = end - from
    if (held === bytes.length) bytes = Buffer.concat([bytes], 2 * bytes.length)
    else bytes.copy(bytes, 0, from, end)
  }
}
