// What `darkwake decode` writes, line by line, as JSON Schema: the messages of ais/schema, and what is known of each besides.

import { messageSchema, type JsonSchema } from '../../ais/schema.js'
import type { HEARD } from './columns.js'

const BESIDES = {
  time: {
    type: ['string', 'null'],
    format: 'date-time',
    description: 'When it was heard, UTC; null where the log tells none',
  },
  station: { type: ['string', 'null'], description: 'The station that the log names' },
  channel: { type: ['string', 'null'], maxLength: 1, description: 'A, B, or as it was given' },
} as const satisfies Record<(typeof HEARD)[number], JsonSchema>

/** A line of NDJSON, without `--fields`. @param scaled false: with `--raw` */
export const lineSchema = (scaled: boolean): JsonSchema => ({
  $id: `urn:darkwake:${scaled ? 'message' : 'message-raw'}:1`,
  ...messageSchema({ scaled, besides: BESIDES }),
})
