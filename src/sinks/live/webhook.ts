// Events to a webhook: one POST each, in a CloudEvents 1.0 envelope (structured mode), which brokers, functions and alert
// services understand. `id` is the event's id and revision, so a receiver that sees one twice can tell.

import { safeText } from '../../model/text.js'
import { RefusedError, type Carrier } from './delivery.js'
import type { Queued } from './queue.js'

const TIMEOUT_MS = 10_000
/** Answers that mean: not this event, ever. Others (the key, the place, the load) can be put right. */
const REFUSALS = new Set([400, 405, 406, 410, 411, 413, 414, 415, 422])

export interface WebhookOptions {
  url: string
  /** Sent as `Authorization: Bearer`. */
  token?: string | undefined
}

/** An event's line in its envelope, as JSON. */
export function cloudEvent(line: string): string {
  const { id, type, phase, revision, asOf, mmsi } = JSON.parse(line) as Record<
    string,
    string | number | undefined
  >
  const head = {
    specversion: '1.0',
    id: `${id}/${revision}`,
    source: 'darkwake',
    type: `darkwake.${type}.${phase}`,
    ...(mmsi === undefined ? {} : { subject: String(mmsi) }),
    time: asOf,
    datacontenttype: 'application/json',
    dataschema: 'darkwake/event/1',
  }
  return `${JSON.stringify(head).slice(0, -1)},"data":${line}}`
}

export function webhookCarrier({ url, token }: WebhookOptions): Carrier {
  return {
    batch: 1,
    async send(events: Queued[], signal) {
      for (const { line } of events) {
        let response: Response
        try {
          response = await fetch(url, {
            method: 'POST',
            redirect: 'error',
            headers: {
              'content-type': 'application/cloudevents+json; charset=utf-8',
              'user-agent': 'darkwake',
              ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            },
            body: cloudEvent(line),
            signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
          })
        } catch (error) {
          throw new Error(reason(error), { cause: error })
        }
        await response.body?.cancel()
        if (response.ok) continue
        const said = `the webhook answered ${response.status} ${safeText(response.statusText, 60)}`.trim()
        if (REFUSALS.has(response.status)) throw new RefusedError(said)
        throw new Error(
          response.status === 401 || response.status === 403 ? `${said}: is the token right?` : said,
        )
      }
    },
  }
}

function reason(error: unknown): string {
  const { name, message, cause } = error as Error
  if (name === 'TimeoutError') return `no answer in ${TIMEOUT_MS / 1000} s`
  const { code, message: deeper } = (cause ?? {}) as NodeJS.ErrnoException
  return safeText(code ? `${code}` : (deeper ?? message), 200)
}
