// Who may ask a server of ours. On loopback only by the name of this machine, so that no web page can ask through a
// browser; wider only with a token, and not more often than a person and a few programs do.

import { createHash, timingSafeEqual } from 'node:crypto'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopback, safeText, showAddress } from '../index.js'
import type { Address } from '../index.js'
import { UsageError } from '../model/errors.js'

/** Requests of one address in a minute, where others can reach the server. */
const PER_MINUTE = 600

/** @throws UsageError when it would be open to others without a token */
export function checkToken(address: Address, token: string | undefined, option: string): void {
  if (isLoopback(address.host) || token) return
  throw new UsageError(
    `${option}: ${showAddress(address)} can be reached by others: set DARKWAKE_TOKEN, or serve on 127.0.0.1`,
  )
}

export interface GuardOptions {
  local: boolean
  token: string | undefined
  /** What anybody may have who can reach the server: the page itself, without any data. */
  isPublic?: (request: FastifyRequest) => boolean
}

export function guard(app: FastifyInstance, { local, token, isPublic = () => false }: GuardOptions): void {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  const wanted = token === undefined ? undefined : digest(`Bearer ${token}`)
  app.addHook('onRequest', async (request, reply) => {
    if (local && !isLoopback(request.hostname.replace(/^\[|\]$/g, '')))
      return reply.code(403).send({ error: 'only by the name of this machine' })
    if (!isOwnOrigin(request)) return reply.code(403).send({ error: 'only from its own pages' })
    if (isPublic(request)) return
    if (wanted && !timingSafeEqual(wanted, digest(request.headers.authorization ?? '')))
      return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'a token is needed' })
  })
}

/** A browser says which page asks; programs say nothing. */
function isOwnOrigin({ headers: { origin, host } }: FastifyRequest): boolean {
  if (origin === undefined) return true
  try {
    return new URL(origin).host === host
  } catch {
    return false // as `null`, of a page in a sandbox
  }
}

/** Headers for a page that runs its own scripts only and speaks to nobody else. */
export async function harden(app: FastifyInstance, local: boolean): Promise<void> {
  const self = ["'self'"]
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        ...{
          scriptSrc: self,
          styleSrc: self,
          connectSrc: self,
          workerSrc: self,
          fontSrc: self,
          manifestSrc: self,
        },
        imgSrc: ["'self'", 'data:', 'blob:'],
        ...{ baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
        requireTrustedTypesFor: ["'script'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: false,
  })
  if (local) return
  await app.register(rateLimit, { global: false, max: PER_MINUTE, timeWindow: '1 minute' })
  // before the token is looked at: guesses count too
  app.addHook('onRequest', app.rateLimit())
}

/** @throws UsageError in words for who typed the address */
export async function listen(app: FastifyInstance, address: Address, option: string): Promise<void> {
  try {
    await app.listen({ host: address.host, port: address.port })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new UsageError(
      `${option}: ${showAddress(address)}: ${code === 'EADDRINUSE' ? 'the port is taken' : safeText(message)}`,
    )
  }
}
