// Events out of files, for the commands that begin with them: told file by file, what is no event with a warning. A store is
// a file of events too: what its console lists.

import { openFiles, openStore, readEvents } from '../index.js'
import type { EventsRead } from '../index.js'
import { InputError } from '../model/errors.js'
import type { DarkEvent } from '../model/event.js'
import { EXIT, oneLine } from './exit.js'
import type { Interrupt } from './interrupt.js'
import { isStore } from './is-store.js'
import { inNumber } from './numbers.js'
import type { Talk } from './talk.js'

export interface EventFiles {
  events: DarkEvent[]
  /** Inputs that could not be read; the others were. */
  failed: InputError[]
  /** Why there is nothing to go on with: an exit code. */
  stop?: number
}

/** Reads them all, in their order. */
export async function readEventFiles(files: string[], talk: Talk, interrupt: Interrupt): Promise<EventFiles> {
  const events: DarkEvent[] = []
  const failed: InputError[] = []
  for (const input of openFiles(files)) {
    try {
      const take = (event: DarkEvent): void => void events.push(event)
      const read =
        input.path !== undefined && isStore(input.path)
          ? readStore(input.path, take)
          : readEvents(input, take)
      const found = await Promise.race([read, interrupt.aborted])
      if (!found) return { events, failed, stop: EXIT.interrupted }
      talk.say(`${input.name}: ${inNumber(found.events, 'event')}`)
      if (found.firstRefused) {
        const { line, why } = found.firstRefused
        talk.warn(
          `darkwake: input: ${input.name}: ${inNumber(found.refused, 'line')} left out, the first is ${line}: ${why}`,
        )
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      failed.push(error)
      talk.warn(`darkwake: ${oneLine(error)}`)
    }
  }
  if (failed.length < files.length) return { events, failed }
  const unrecognised = failed.every(({ kind }) => kind === 'unrecognised')
  return { events, failed, stop: unrecognised ? EXIT.unrecognised : EXIT.failed }
}

async function readStore(path: string, take: (event: DarkEvent) => void): Promise<EventsRead> {
  const store = await openStore(path, { mustExist: true })
  try {
    let events = 0
    await store.events.each({}, event => {
      events++
      take(event)
    })
    return { events, refused: 0, firstRefused: null }
  } finally {
    await store.close()
  }
}
