// The console's files, read once when the server starts: a request names a key of a table, never a path.

import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.geojson': 'application/geo+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}
/** The build names files by what is in them; these names are not. */
const YEAR_S = 31_536_000

interface Asset {
  type: string
  plain: Buffer
  packed: Buffer
  lasting: boolean
}

/** @returns the paths that are served; none when the console was not built */
export function serveAssets(app: FastifyInstance, folder: string): ReadonlySet<string> {
  const assets = new Map<string, Asset>()
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const type = TYPES[extname(entry.name)]
      if (!entry.isFile() || type === undefined) continue
      const path = join(entry.parentPath, entry.name)
      const plain = readFileSync(path)
      const key = `/${path.slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, '')}`
      assets.set(key, { type, plain, packed: gzipSync(plain), lasting: key.startsWith('/assets/') })
    }
  } catch {
    return new Set()
  }
  const index = assets.get('/index.html')
  if (!index) return new Set()
  assets.set('/', index)
  for (const [key, { type, plain, packed, lasting }] of assets) {
    app.get(key, (request, reply) => {
      const gzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      if (gzip) void reply.header('content-encoding', 'gzip')
      return reply
        .type(type)
        .header('vary', 'accept-encoding')
        .header('cache-control', lasting ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')
        .send(gzip ? packed : plain)
    })
  }
  return new Set(assets.keys())
}
