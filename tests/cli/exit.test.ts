import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exitCodeOf, oneLine } from '../../src/cli/exit.js'
import { InputError, OutputError, UsageError } from '../../src/model/errors.js'

const system = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: raw words`), { code, ...(path && { path }) })

describe('oneLine', () => {
  test('is one line without control characters, whatever an error says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (message, where) => {
        for (const error of [
          new Error(message),
          new InputError('failed', message),
          new UsageError(message),
          message,
        ]) {
          // eslint would have us escape these; they are what the test is about
          expect(oneLine(error, where)).not.toMatch(/[\n\r\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
        }
      }),
    )
  })

  test('says what failed, where and why', () => {
    expect(oneLine(new InputError('failed', 'a.csv: empty'))).toBe('input: a.csv: empty')
    expect(oneLine(new OutputError('output: b.csv: permission denied'))).toBe(
      'output: b.csv: permission denied',
    )
    expect(oneLine(new UsageError('configuration: gap.minGapHours: too small'))).toBe(
      'configuration: gap.minGapHours: too small',
    )
    expect(oneLine(system('ENOENT', 'c.yaml'))).toBe('file: c.yaml: no such file or directory')
    expect(oneLine(new Error('surprise'), 'detect')).toBe('failed: detect: surprise')
  })
})

test('exit codes: 2 for usage, 1 for all other failures', () => {
  expect(exitCodeOf(new UsageError('x'))).toBe(2)
  for (const error of [new InputError('unrecognised', 'x'), new OutputError('x'), system('EIO'), 'x']) {
    expect(exitCodeOf(error)).toBe(1)
  }
})
