// What changed between two runs of the benches.

import { describe, expect, test } from 'vitest'
import { compare, fileOf, gain, readRun } from '../../bench/compare.js'

const head = (commit: string, machine = 'Node v20, 2 × AMD') =>
  JSON.stringify({ about: `2026-01-01, commit ${commit}, ${machine}, load 0.1`, machine })
const figure = (name: string, value: number, unit: string) => JSON.stringify({ name, value, unit })
const run = (...lines: string[]) => readRun(lines.join('\n') + '\n')

describe('a run', () => {
  test('of a figure said twice the last holds, and so does the last head', () => {
    const { about, figures } = run(head('a'), figure('x', 1, 'ms'), head('a+'), figure('x', 2, 'ms'))
    expect(about).toContain('commit a+')
    expect([...figures.values()]).toEqual([{ name: 'x', value: 2, unit: 'ms' }])
  })

  test('another file is none', () => {
    expect(() => run(figure('x', 1, 'ms'))).toThrow('no results')
    expect(() => run('engine 0.5')).toThrow()
  })
})

describe('compare', () => {
  test('of rates more is better, of all else less', () => {
    const of = (a: number, b: number, unit: string) =>
      gain({ name: 'x', value: a, unit }, { name: 'x', value: b, unit })
    expect(of(1, 2, 'M rows/s')).toBe(2)
    expect(of(1, 2, 'M rows/CPU s')).toBe(2)
    expect(of(4, 2, 'ms')).toBe(2)
    expect(of(100, 200, 'MB')).toBe(0.5)
  })

  test('what changed most comes first, for better or worse; what one lacks is told', () => {
    const a = run(
      head('a'),
      figure('same', 5, 'ms'),
      figure('slower', 10, 'ms'),
      figure('faster', 1, 'M/s'),
      figure('gone', 1, 'ms'),
    )
    const b = run(
      head('b'),
      figure('faster', 1.5, 'M/s'),
      figure('slower', 20, 'ms'),
      figure('same', 5, 'ms'),
      figure('new', 3, 'B'),
    )
    const text = compare(a, b)
    const rows = text.slice(text.indexOf('') + 1)
    expect(rows.map(row => row.split(' ')[0])).toEqual(['slower', 'faster', 'same', 'only', 'only'])
    expect(rows[0]).toContain('0.50 times as good')
    expect(rows[1]).toContain('1.50 times as good')
    expect(rows.slice(3)).toEqual(['only in A: gone  1.000 ms', 'only in B: new  3.000 B'])
    expect(text.join('\n')).not.toContain('Another machine')
  })

  test('a figure in another unit is another figure', () => {
    const text = compare(run(head('a'), figure('x', 5, 'ms')), run(head('b'), figure('x', 5, 's'))).join('\n')
    expect(text).toContain('only in A: x')
    expect(text).toContain('only in B: x')
  })

  test('two machines are not compared without a word', () => {
    expect(compare(run(head('a')), run(head('b', 'Node v24, 2 × AMD'))).join('\n')).toContain(
      'Another machine',
    )
  })
})

test('a run is named by any part of its file’s name that no other has', () => {
  const files = ['2026-01-01-abc1234.jsonl', '2026-01-02-abc1234+.jsonl', '2026-01-02-def5678.jsonl']
  expect(fileOf('def', files)).toBe(files[2])
  expect(fileOf('abc1234+', files)).toBe(files[1])
  expect(fileOf(`bench/results/${files[0]}`, files)).toBe(files[0])
  expect(() => fileOf('abc', files)).toThrow('which of')
  expect(() => fileOf('fff', files)).toThrow('no such results')
})
