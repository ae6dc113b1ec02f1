// Addresses as people type them: HOST:PORT, [::1]:PORT, PORT alone.

import { UsageError } from '../../model/errors.js'
import { safeText } from '../../model/text.js'

export interface Address {
  host: string
  port: number
}

export const LOOPBACK = '127.0.0.1'

/**
 * @param option for messages
 * @param host where nothing but a port is given; absent: a host must be given
 * @throws UsageError
 */
export function parseAddress(text: string, option: string, host?: string): Address {
  const match = /^(?:(\[[0-9a-fA-F:.%\w]+\]|[^\s:[\]/@]+):)?(\d{1,5})$/.exec(text.trim())
  const port = Number(match?.[2])
  const named = match?.[1]?.replace(/^\[|\]$/g, '') ?? host
  if (match && named !== undefined && port >= 1 && port <= 65_535) return { host: named, port }
  const form = host === undefined ? 'HOST:PORT' : '[ADDRESS:]PORT'
  throw new UsageError(`${option}: expected ${form}, got "${safeText(text, 100)}"`)
}

export const showAddress = ({ host, port }: Address): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)

/** A URL without what must not be shown: user, password, query. */
export function showUrl(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url)
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
  } catch {
    return safeText(url, 100)
  }
}

/** @throws UsageError when it is none, or of another kind */
export function checkUrl(text: string, option: string, schemes: readonly string[]): string {
  let scheme: string | undefined
  try {
    scheme = new URL(text).protocol.replace(/:$/, '')
  } catch {
    // told below
  }
  if (scheme !== undefined && schemes.includes(scheme)) return text
  throw new UsageError(
    `${option}: expected a URL with ${schemes.map(name => `${name}://`).join(' or ')}, got "${safeText(showUrl(text), 100)}"`,
  )
}
