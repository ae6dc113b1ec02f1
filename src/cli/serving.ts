// A run of serve as the command line sees it: opens what was named, serves it until Ctrl-C.

import { readFileSync } from 'node:fs'
import { LOOPBACK, openFiles, openStore, parseAddress, readEvents } from '../index.js'
import type { Store } from '../index.js'
import type { ServeFlags } from './commands/serve.js'
import { EXIT } from './exit.js'
import { isStore } from './is-store.js'
import { inNumber } from './numbers.js'
import { createTalk, type Talk } from './talk.js'

/** @throws UsageError, InputError */
export async function runServe(file: string, flags: ServeFlags): Promise<number> {
  const address = parseAddress(flags.listen, '--listen', LOOPBACK)
  const talk = await createTalk(flags)
  const { serveStore } = await import('../server/serve.js')
  const store = isStore(file) ? await openStore(file, { mustExist: true }) : await loadEvents(file, talk)
  try {
    const server = await serveStore(
      { store, address, token: process.env['DARKWAKE_TOKEN'], version: versionOf() },
      '--listen',
    )
    const { events, vessels } = await store.places.summary()
    talk.say(`${file}: ${inNumber(events, 'event')}, ${inNumber(vessels, 'vessel')}`)
    talk.say(
      server.hasConsole
        ? `open ${server.url} in a browser; Ctrl-C ends it`
        : `the API is on ${server.url}api/; the console was not built (npm run build)`,
    )
    await new Promise<void>(done => {
      process.once('SIGINT', () => done())
      process.once('SIGTERM', () => done())
    })
    await server.close()
    return EXIT.done
  } finally {
    await store.close()
  }
}

export const versionOf = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version

/** Events without a store: in memory, and what analysts decide of them ends with the process. */
async function loadEvents(file: string, talk: Talk): Promise<Store> {
  const store = await openStore(':memory:')
  try {
    for (const input of openFiles([file])) {
      const found = await readEvents(input, event => store.write.add(event))
      if (found.firstRefused)
        talk.warn(
          `darkwake: input: ${file}: ${inNumber(found.refused, 'line')} left out: ${found.firstRefused.why}`,
        )
    }
    await store.write.flush()
    talk.warn(
      'darkwake: events only: no tracks, and decisions are not kept; detect --store makes a store of both',
    )
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
