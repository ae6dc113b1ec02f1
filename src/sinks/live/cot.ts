// Cursor-on-Target over UDP: what TAK clients show on the map of a patrol boat. One message an event, at the vessel's last
// known place, stale after a while. Sent once: a datagram has no answer.

import dgram from 'node:dgram'
import net from 'node:net'
import { safeText } from '../../model/text.js'
import type { Carrier } from './delivery.js'
import type { Queued } from './queue.js'

/** A closed event is news for this long, an open one until the next word or this. */
const STALE_MS = 3_600_000
/** Unknown vessel on the surface, and how it is known: machine, calculated. */
const TYPE = 'a-u-S'
const HOW = 'm-c'
const UNKNOWN_M = '9999999.0'

export interface CotOptions {
  host: string
  port: number
}

interface EventLine {
  id: string
  type: string
  phase: string
  class?: string
  asOf: string
  mmsi?: number
  vessel?: { name?: string | null }
  start: { lat: number | null; lon: number | null }
  end: { lat: number | null; lon: number | null } | null
  evidence?: { text: string }[]
}

/** XML of an event, or null when it has no place. */
export function cotMessage(line: string): string | null {
  const event = JSON.parse(line) as EventLine
  const at = event.end?.lat != null ? event.end : event.start
  if (at?.lat == null || at.lon == null) return null
  const asOf = Date.parse(event.asOf)
  const stale = new Date(event.phase === 'retracted' ? asOf : asOf + STALE_MS).toISOString()
  const callsign = event.vessel?.name ?? (event.mmsi === undefined ? event.type : String(event.mmsi))
  const remarks = [
    `${event.type}${event.class ? ` (${event.class})` : ''} ${event.phase}`,
    ...(event.mmsi === undefined ? [] : [`MMSI ${event.mmsi}`]),
    ...(event.evidence ?? []).map(({ text }) => text),
  ].join('; ')
  return (
    `<?xml version="1.0" encoding="UTF-8"?>` +
    `<event version="2.0" uid="${xml(event.id)}" type="${TYPE}" how="${HOW}" time="${xml(event.asOf)}" start="${xml(event.asOf)}" stale="${stale}">` +
    `<point lat="${Number(at.lat)}" lon="${Number(at.lon)}" hae="${UNKNOWN_M}" ce="${UNKNOWN_M}" le="${UNKNOWN_M}"/>` +
    `<detail><contact callsign="${xml(callsign)}"/><remarks>${xml(remarks, 1000)}</remarks></detail></event>`
  )
}

/** Text from AIS as XML text or an attribute. */
function xml(text: string, max = 120): string {
  const escapes: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  }
  return safeText(text, max).replace(/[&<>"']/g, c => escapes[c]!)
}

export function cotCarrier({ host, port }: CotOptions): Carrier {
  const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4')
  socket.on('error', () => undefined) // told by send
  socket.unref()
  return {
    batch: 1,
    async send(events: Queued[]) {
      for (const { line } of events) {
        const message = cotMessage(line)
        if (message === null) continue
        await new Promise<void>((done, failed) =>
          socket.send(message, port, host, error => (error ? failed(error) : done())),
        )
      }
    },
    close() {
      socket.close()
      return Promise.resolve()
    },
  }
}
