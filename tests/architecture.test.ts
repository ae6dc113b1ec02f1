// The plan of the house, as data: which room may import from which, and what a room must keep its hands off.
// Changing the table is allowed; it just shows in review. docs/architecture.md is its twin in prose.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'

// From the ground up. A room imports from floors below its own, never sideways and never up.
const FLOORS: string[][] = [
  ['model'],
  ['geo'],
  ['zones', 'ais'],
  ['tracks', 'clean'],
  ['reception'],
  ['detectors'],
  ['assess'],
  ['match'],
  ['engine'],
  ['sources', 'sinks', 'simulate'],
  ['store'],
  ['run'],
  ['index'],
  ['server'],
]

const MAY_IMPORT: Record<string, string[]> = Object.fromEntries(
  FLOORS.flatMap((rooms, floor) => rooms.map(room => [room, FLOORS.slice(0, floor).flat()])),
)
// The commands stand on the public face alone; `model` is only words, and cheap enough for --help.
MAY_IMPORT.server = ['index', 'model']
MAY_IMPORT.cli = ['server', 'index', 'model']

/** Rooms that also run in a browser: nothing of Node in them. */
const PURE = ['model', 'geo', 'ais', 'clean', 'tracks', 'reception', 'detectors', 'assess', 'match', 'engine']

/** Rooms that may look at the wall clock: arrival times, elapsed time. Everything else knows event time only. */
const CLOCKED = ['cli', 'server', 'sources', 'run']

const room = (path: string) => path.split('/')[0]!.replace(/\.ts$/, '')

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map(path => ({ path, text: readFileSync(`src/${path}`, 'utf8') }))

/** Code without comments, so that a word in a comment is no offence. */
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')

/** Everything a file imports: static, re-exported, dynamic, and in type position. */
function imports({ text }: { text: string }): string[] {
  const specs = code(text).matchAll(/(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)['"]([^'"\n]+)['"]/g)
  return [...specs].map(match => match[1]!)
}

const target = (path: string, spec: string) =>
  posix.normalize(posix.join(posix.dirname(path), spec)).replace(/\.js$/, '.ts')

/** `[file, file it imports]` for every import within src. */
const edges = files.flatMap(file =>
  imports(file)
    .filter(spec => spec.startsWith('.'))
    .map(spec => [file.path, target(file.path, spec)] as const),
)

describe('the house', () => {
  test('every room is in the plan', () => {
    const rooms = [...new Set(files.map(file => room(file.path)))]
    expect(rooms.filter(name => !MAY_IMPORT[name])).toEqual([])
  })

  test('imports only go down', () => {
    const climbing = edges.filter(
      ([from, to]) => room(from) !== room(to) && !MAY_IMPORT[room(from)]?.includes(room(to)),
    )
    expect(climbing.map(([from, to]) => `${from} -> ${to}`)).toEqual([])
  })

  test('every import within src leads to a file', () => {
    expect(edges.filter(([, to]) => !existsSync(`src/${to}`)).map(edge => edge.join(' -> '))).toEqual([])
  })

  test('no file imports itself in a circle, types aside', () => {
    const graph = new Map(
      files.map(file => {
        const solid = code(file.text).replace(/\b(?:import|export)\s+type\s[^'"]*['"][^'"\n]+['"]/g, '')
        const specs = [...solid.matchAll(/\bfrom\s*['"](\.[^'"\n]+)['"]/g)]
        return [file.path, specs.map(match => target(file.path, match[1]!))]
      }),
    )
    const done = new Set<string>()
    const circles: string[] = []
    const walk = (path: string, trail: string[]) => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      else if (!done.has(path)) {
        for (const next of graph.get(path) ?? []) walk(next, [...trail, path])
        done.add(path)
      }
    }
    for (const path of graph.keys()) walk(path, [])
    expect(circles).toEqual([])
  })

  // what two detectors need lives below them; detectors/index.ts is the list and may name them all
  test('no detector imports another', () => {
    const family = (path: string) => path.split('/')[1]!.replace(/\.ts$/, '')
    const wrong = edges.filter(
      ([from, to]) =>
        room(from) === 'detectors' &&
        room(to) === 'detectors' &&
        family(from) !== family(to) &&
        family(from) !== 'index' &&
        !['detector', 'score', 'crossing', 'runs'].includes(family(to)),
    )
    expect(wrong.map(edge => edge.join(' -> '))).toEqual([])
  })

  test('the wall clock is read at the edges only', () => {
    const clock = /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/
    const readers = files.filter(file => !CLOCKED.includes(room(file.path)) && clock.test(code(file.text)))
    expect(readers.map(file => file.path)).toEqual([])
  })

  test('nothing rolls unseeded dice', () => {
    const dice = files.filter(file => /\bMath\.random\b|\brandomUUID\b/.test(code(file.text)))
    expect(dice.map(file => file.path)).toEqual([])
  })

  test('the pure rooms use nothing of Node', () => {
    const impure = files.filter(
      file =>
        PURE.includes(room(file.path)) &&
        (imports(file).some(spec => spec.startsWith('node:')) ||
          /\b(?:process|Buffer)\.\w/.test(code(file.text))),
    )
    expect(impure.map(file => file.path)).toEqual([])
  })

  test('stdout and stderr belong to the commands', () => {
    const talkers = files.filter(
      file => room(file.path) !== 'cli' && /\bconsole\.\w|\bprocess\.stderr\b/.test(code(file.text)),
    )
    expect(talkers.map(file => file.path)).toEqual([])
  })

  // it runs in a browser, and knows the rest by what the API says; records have one definition
  test('the console takes nothing of src but types', () => {
    const taken = readdirSync('console/src', { encoding: 'utf8' })
      .filter(path => path.endsWith('.ts'))
      .flatMap(path => {
        const text = code(readFileSync(`console/src/${path}`, 'utf8'))
        const solid = text.replace(/\bimport\s+type\s[^'"]*['"][^'"\n]+['"]/g, '')
        return [...solid.matchAll(/['"]((?:\.\.\/)+src\/[^'"\n]+)['"]/g)].map(
          found => `${path} -> ${found[1]}`,
        )
      })
    expect(taken).toEqual([])
  })

  test('every file says first what it is', () => {
    const silent = files.filter(({ text }) => !text.replace(/^#!.*\n/, '').startsWith('//'))
    expect(silent.map(file => file.path)).toEqual([])
  })

  test('index is named re-exports and nothing else', () => {
    for (const { path, text } of files.filter(file => room(file.path) === 'index')) {
      const named = /export\s+(?:type\s+)?\{[^}]*\}\s+from\s+'[^']+'/g
      const parts = path === 'index.ts' ? /export \* from '\.\/index\/\w+\.js'/g : /(?!)/g
      expect(code(text).replace(named, '').replace(parts, '').trim(), path).toBe('')
    }
  })
})
