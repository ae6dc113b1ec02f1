// darkwake schema: prints the JSON Schema of a public format, for whoever writes a program that reads our output.

import { Argument, Command } from 'commander'

export function schemaCommand(): Command {
  return new Command('schema')
    .description('Print the JSON Schema of a public format.')
    .addArgument(new Argument('<name>', 'which format').choices(['event', 'report', 'stats', 'config']))
    .action(async (name: 'event' | 'report' | 'stats' | 'config') => {
      const { jsonSchema } = await import('../../model/schema.js')
      process.stdout.write(`${JSON.stringify(jsonSchema(name), null, 2)}\n`)
    })
}
