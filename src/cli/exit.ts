// How a command ends: exit codes, and any failure told in one line `darkwake: <what>: <where>: <why>`.
// Never a stack trace: whoever reads it has a file to fix, not our code.

import { InputError, OutputError, UsageError } from '../model/errors.js'
import { safeText } from '../model/text.js'

export const EXIT = { done: 0, failed: 1, usage: 2, unrecognised: 3, interrupted: 130 } as const

/** Of a failure that ended a command. That no input could be recognised is for the command to find. */
export function exitCodeOf(error: unknown): number {
  return error instanceof UsageError ? EXIT.usage : EXIT.failed
}

/** What the system's error codes mean, in words. */
const SYSTEM: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'disk quota exceeded',
  EMFILE: 'too many open files',
  EEXIST: 'exists already',
  EIO: 'input/output error',
}

/** What an error of the system says, in words where we have them. */
export const systemError = (error: NodeJS.ErrnoException): string =>
  (error.code && SYSTEM[error.code]) ?? safeText(error.message, 200)

/** An error as one safe line. `where` is the command, for errors that no one expected. */
export function oneLine(error: unknown, where = ''): string {
  const text = (message: string) => safeText(message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '), 500)
  if (!(error instanceof Error)) return `failed: ${where}: ${text(String(error))}`
  const system = error as NodeJS.ErrnoException
  if (error instanceof InputError) return `input: ${text(error.message)}`
  if (error instanceof OutputError) return `output: ${text(error.message).replace(/^output: /, '')}`
  // these name what they are about: a command, the configuration, a preset
  if (error instanceof UsageError) return text(error.message)
  if (system.code && SYSTEM[system.code]) return `file: ${text(system.path ?? where)}: ${systemError(system)}`
  return where ? `failed: ${where}: ${text(error.message)}` : text(error.message)
}
