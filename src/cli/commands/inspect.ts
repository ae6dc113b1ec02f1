// darkwake inspect FILE…: what is in a file, before anyone trusts it.

import { Command } from 'commander'
import type { Inspection } from '../../index.js'
import { EXIT, oneLine } from '../exit.js'
import { columnMap, time, withTalk, type TalkOptions } from '../options.js'

interface InspectFlags extends TalkOptions {
  json?: boolean
  inputFormat?: string
  map?: Record<string, string>
  timeStart?: number
}

export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description(
      'Say what is in a file: span, vessels, message types, rates, rejected rows, duplicates, stations, hours.',
    )
    .argument('<files...>', 'any file that detect takes; - is stdin')
    .option('--json', 'print JSON (darkwake schema inspection)')
    .option('--input-format <name>', 'take every input as this format instead of finding out')
    .option('--map <field=column,…>', 'columns of a CSV whose names no alias covers', columnMap)
    .option('--time-start <iso>', 'time of NMEA that carries none', time)
  return withTalk(command).action(inspectAction)
}

async function inspectAction(files: string[], flags: InspectFlags): Promise<void> {
  const [{ InputError, inspect, openFiles }, { inputFormatNamed }, { createTalk }, { asText }] =
    await Promise.all([
      import('../../index.js'),
      import('../input-format.js'),
      import('../talk.js'),
      import('../inspection.js'),
    ])
  const talk = await createTalk(flags)
  const { inputFormat, map, timeStart } = flags
  const format = inputFormatNamed(inputFormat)
  const found: Inspection[] = []
  const codes: number[] = []
  for (const input of openFiles(files)) {
    try {
      const inspection = await inspect(input, {
        ...{ format, map, timeStart },
        onProgress: (bytesRead, rows) =>
          talk.progress({ phase: 'read', bytesRead, bytesTotal: null, rows, rowsTotal: null, lastT: NaN }),
      })
      talk.endProgress()
      found.push(inspection)
      if (inspection.error !== undefined) {
        codes.push(EXIT.failed)
        talk.warn(`darkwake: input: ${inspection.error}`)
      }
      if (!flags.json) process.stdout.write(`${asText(inspection)}\n`)
    } catch (error) {
      talk.endProgress()
      if (!(error instanceof InputError)) throw error
      codes.push(error.kind === 'unrecognised' ? EXIT.unrecognised : EXIT.failed)
      talk.warn(`darkwake: ${oneLine(error)}`)
    }
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
  const allUnrecognised = found.length === 0 && codes.every(code => code === EXIT.unrecognised)
  process.exitCode = codes.length === 0 ? EXIT.done : allUnrecognised ? EXIT.unrecognised : EXIT.failed
}
