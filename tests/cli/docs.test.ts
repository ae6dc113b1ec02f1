import { readdirSync, readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { expect, test } from 'vitest'

const commands = (
  await Promise.all(
    readdirSync('src/cli/commands').map(async file => {
      const made = (await import(`../../src/cli/commands/${file.replace('.ts', '')}.ts`)) as Record<
        string,
        () => Command
      >
      return Object.entries(made).flatMap(([name, make]) => (name.endsWith('Command') ? [make()] : []))
    }),
  )
).flat()
const leaves = (command: Command): Command[] =>
  command.commands.length > 0 ? command.commands.flatMap(leaves) : [command]

/** Pages that tell of a command; cli.md tells of each. */
const PAGES: Record<string, string[]> = {
  ingest: ['scale'],
  worker: ['scale'],
  watch: ['live'],
  serve: ['console', 'store'],
  report: ['report'],
}
const page = (name: string): string => readFileSync(`docs/${name}.md`, 'utf8')

test('all commands are looked at', () => {
  const names = commands.map(command => command.name()).sort()
  expect(names).toEqual([
    'decode',
    'demo',
    'detect',
    'ingest',
    'inspect',
    'match',
    'operator',
    'rank',
    'report',
    'schema',
    'serve',
    'simulate',
    'watch',
    'worker',
    'zones',
  ])
})

const flags = commands
  .flatMap(leaves)
  .flatMap(command => command.options.map(({ short, long }) => ({ name: command.name(), short, long })))

test.each(flags)('$name $long stands in the documentation', ({ name, short, long }) => {
  const pages = ['cli', ...(PAGES[name] ?? [])].map(page).join('\n')
  const written = [long, short].filter(flag => flag !== undefined && flag !== null)
  expect(written.some(flag => new RegExp(`${flag}(?![a-z-])`).test(pages))).toBe(true)
})
