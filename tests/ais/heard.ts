// Every whole message of some NMEA bytes, decoded in full, for tests.

import { createNmeaReader } from '../../src/sources/nmea.js'
import { decodeWords } from '../../src/ais/decode.js'
import type { RawMessage } from '../../src/ais/tables.js'
import type { RejectReason } from '../../src/model/report.js'
import { createSourceCounts } from '../../src/model/stats.js'
import { createWords } from '../../src/model/words.js'

export function heard(bytes: Uint8Array): { messages: RawMessage[]; refused: RejectReason[] } {
  const messages: RawMessage[] = []
  const refused: RejectReason[] = []
  const reader = createNmeaReader({
    words: createWords(),
    name: 'test.nmea',
    counts: createSourceCounts(),
    onBatch: () => undefined,
    onMessage({ payload, chars, fill }) {
      const raw = decodeWords(payload, chars, fill)
      if (typeof raw === 'string') {
        refused.push(raw)
        return raw
      }
      messages.push(raw)
      return null
    },
  })
  reader.push(bytes)
  reader.end()
  return { messages, refused }
}
