// The server of a store: API, live updates and the console on it. `darkwake serve` runs it on recorded results, a watch on
// what it writes.

import { fileURLToPath } from 'node:url'
import Fastify, { type FastifyInstance } from 'fastify'
import { isLoopback, showAddress } from '../index.js'
import type { Address, Store } from '../index.js'
import { createApi, JSON_TYPE, safeJson } from './api.js'
import { serveAssets } from './assets.js'
import { LAND_PATH, serveLand } from './land.js'
import { checkToken, guard, harden, listen } from './guard.js'
import { createHub, type Hub } from './hub.js'

const BODY_LIMIT = 16_384
const MAX_ID = 1000
const CONSOLE = fileURLToPath(new URL('../console/', import.meta.url))

export interface ConsoleOptions {
  store: Store
  address: Address
  token: string | undefined
  version: string
  /** A watch writes into the store. @default false */
  live?: boolean
  /** More routes of the same server, behind the same guard. */
  more?: (app: FastifyInstance) => void
  /** Folder of the built console. */
  folder?: string
}

export interface ConsoleServer {
  /** Where a browser finds it. */
  readonly url: string
  readonly hub: Hub
  /** False when only the API is there: the console was not built. */
  readonly hasConsole: boolean
  /** Tells every page of events that were written. */
  tell(numbers: number[]): Promise<void>
  close(): Promise<void>
}

/** @throws UsageError for an address that cannot be served */
export async function serveStore(options: ConsoleOptions, option = '--serve'): Promise<ConsoleServer> {
  const { store, address, token, version, live = false, more, folder = CONSOLE } = options
  checkToken(address, token, option)
  const local = isLoopback(address.host)
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_ID },
    forceCloseConnections: true,
  })
  app.removeContentTypeParser('text/plain')
  await harden(app, local)
  guard(app, { local, token, isPublic: ({ url }) => url === LAND_PATH || pages.has(url.split('?')[0]!) })
  const pages = serveAssets(app, folder)
  serveLand(app)
  const hub = createHub()
  createApi(app, { store, hub, version, live, now: () => Date.now() })
  more?.(app)
  app.setNotFoundHandler((_, reply) =>
    reply
      .code(404)
      .type(JSON_TYPE)
      .send(safeJson({ error: 'nothing here' })),
  )
  app.setErrorHandler((error: { statusCode?: number; message: string }, _, reply) => {
    const code = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500
    // what went wrong inside says nothing to who asks
    return reply
      .code(code)
      .type(JSON_TYPE)
      .send(safeJson({ error: code < 500 ? error.message : 'it failed' }))
  })
  await listen(app, address, option)
  // in the background; who asks meanwhile waits, and is told when it fails
  void store.events.prepare().catch(() => undefined)
  const { port } = app.server.address() as { port: number }
  return {
    url: `http://${showAddress({ ...address, port })}/`,
    hub,
    hasConsole: pages.size > 0,
    async tell(numbers) {
      if (hub.size === 0) return
      for (let from = 0; from < numbers.length; from += 500) {
        const events = await store.events.byNumber(numbers.slice(from, from + 500))
        hub.send('events', safeJson({ events }))
      }
    },
    async close() {
      hub.close()
      await app.close()
    },
  }
}
