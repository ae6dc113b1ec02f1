// Talks to the server: questions, columns of numbers, live updates that find back after a break. The only place that does.

import type { Evidence } from '../../src/model/event.js'
import type {
  Decision,
  EventBrief as Brief,
  Exemption,
  StaticsEntry as Statics,
  StoredSource as Source,
  StoreSummary,
  VesselCard,
} from '../../src/store/records.js'

export type { Brief, Decision, Evidence, Source, Statics }

export interface EventDetail {
  brief: Brief
  event: {
    evidence: Evidence[]
    details: Record<string, unknown>
    zones: Record<string, { name: string; kind: string; method: string }[]>
  }
  revisions: { revision: number; phase: string; asOf: number }[]
  decisions: Decision[]
}

/** A satellite pass at which a silent vessel can have been in a small area. */
export interface Look {
  sensor: string
  pass: string
  from: string
  to: string
  /** Yet to come. */
  upcoming: boolean
  areaKm2: number
  lat: number
  lon: number
  link: string
}

export interface Vessel {
  card: VesselCard | null
  history: Statics[]
  events: Brief[]
  decisions: Decision[]
  exemption: Exemption | null
}

export interface Summary extends StoreSummary {
  version: string
  live: boolean
  now: number
}

export interface Columns {
  count: number
  types: string[]
  [name: string]: unknown
}

const ARRAYS = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const

const TOKEN = 'darkwake-token'
// a link may carry the token behind #, which no server and no log sees
const given = /^#token=(.+)$/.exec(location.hash)?.[1]
if (given) {
  sessionStorage.setItem(TOKEN, decodeURIComponent(given))
  history.replaceState(null, '', location.pathname + location.search)
}

export function setToken(token: string): void {
  sessionStorage.setItem(TOKEN, token)
}

export function headers(more: Record<string, string> = {}): Record<string, string> {
  const token = sessionStorage.getItem(TOKEN)
  return token ? { authorization: `Bearer ${token}`, ...more } : more
}

export class ApiError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(`api/${path}`, {
    ...init,
    headers: headers(init.headers as Record<string, string>),
  })
  if (answer.ok) return answer
  const { error } = (await answer.json().catch(() => ({}))) as { error?: string }
  throw new ApiError(answer.status, error ?? `the server says ${answer.status}`)
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask(path, signal ? { signal } : {})).json() as Promise<T>
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const answer = await ask(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  return answer.json() as Promise<T>
}

/** Columns where they lie in the answer. */
export async function columns(path: string, signal?: AbortSignal): Promise<Columns> {
  const buffer = await (await ask(path, signal ? { signal } : {})).arrayBuffer()
  const size = new DataView(buffer).getUint32(0, true)
  const start = 4 + size
  interface Head {
    count: number
    types?: string[]
    columns: { name: string; type: keyof typeof ARRAYS; offset: number; length: number }[]
  }
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size))) as Head
  const found: Columns = { count: head.count, types: head.types ?? [] }
  for (const { name, type, offset, length } of head.columns)
    found[name] = new ARRAYS[type](buffer, start + offset, length)
  return found
}

export type Link = 'connected' | 'connecting' | 'lost'

/** A server that says nothing for so long is gone: it says something every 10 s. */
const SILENT_MS = 25_000
const RETRY_MS = [500, 1000, 2000, 5000, 10_000]

/** Hears what changes; after a break it comes back by itself, and says so. */
export function listen(on: {
  message(name: string, data: unknown): void
  link(state: Link, retryMs?: number): void
}): void {
  let tries = 0

  async function once(): Promise<void> {
    const stop = new AbortController()
    let watchdog = window.setTimeout(() => stop.abort(), SILENT_MS)
    try {
      const answer = await ask('live', { signal: stop.signal })
      const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
      on.link('connected')
      tries = 0
      let rest = ''
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        clearTimeout(watchdog)
        watchdog = window.setTimeout(() => stop.abort(), SILENT_MS)
        const frames = (rest + value).split('\n\n')
        rest = frames.pop()!
        for (const frame of frames) {
          const name = /^event: (.*)$/m.exec(frame)?.[1]
          const data = /^data: (.*)$/m.exec(frame)?.[1]
          if (name && data) on.message(name, JSON.parse(data))
        }
      }
    } finally {
      clearTimeout(watchdog)
    }
  }

  async function forever(): Promise<void> {
    for (;;) {
      if (tries > 0) on.link('connecting')
      await once().catch(() => undefined)
      const wait = RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]!
      on.link('lost', wait)
      await new Promise<void>(done => {
        const timer = setTimeout(done, wait)
        window.addEventListener('online', () => (clearTimeout(timer), done()), { once: true })
      })
    }
  }
  on.link('connecting')
  void forever()
}
