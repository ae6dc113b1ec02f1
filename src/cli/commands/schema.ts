// darkwake schema: prints the JSON Schema of a public format, for whoever writes a program that reads our output.

import { Argument, Command } from 'commander'

const NAMES = [
  'event',
  'candidate',
  'report',
  'stats',
  'config',
  'inspection',
  'message',
  'message-raw',
] as const
type Name = (typeof NAMES)[number]

export function schemaCommand(): Command {
  return new Command('schema')
    .description('Print the JSON Schema of a public format.')
    .addArgument(new Argument('<name>', 'which format').choices(NAMES))
    .action(async (name: Name) => {
      process.stdout.write(`${JSON.stringify(await schemaOf(name), null, 2)}\n`)
    })
}

async function schemaOf(name: Name): Promise<object> {
  if (name === 'message' || name === 'message-raw') {
    const { lineSchema } = await import('../../index.js')
    return lineSchema(name === 'message')
  }
  const { jsonSchema } = await import('../../model/schema.js')
  return jsonSchema(name)
}
