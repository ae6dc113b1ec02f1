// darkwake schema: prints the JSON Schema of a public format, for whoever writes a program that reads our output.

import { Argument, Command } from 'commander'

const NAMES = ['event', 'report', 'stats', 'config', 'inspection'] as const

export function schemaCommand(): Command {
  return new Command('schema')
    .description('Print the JSON Schema of a public format.')
    .addArgument(new Argument('<name>', 'which format').choices(NAMES))
    .action(async (name: (typeof NAMES)[number]) => {
      const { jsonSchema } = await import('../../model/schema.js')
      process.stdout.write(`${JSON.stringify(jsonSchema(name), null, 2)}\n`)
    })
}
