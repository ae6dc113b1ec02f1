// What a live source says, written down; and waiting for it.

import type { LiveHandle, LiveSink, LiveSource } from '../../../src/sources/live/live.js'
import type { FilePosition, Position } from '../../../src/sources/live/live.js'
import { createSourceCounts } from '../../../src/model/stats.js'
import { createWords } from '../../../src/model/words.js'

export interface Heard {
  text: string
  rows: number
  said: string[]
  position: FilePosition | null
  handle: LiveHandle
}

export function hear(source: LiveSource, position?: Position): Heard {
  const heard: Heard = { text: '', rows: 0, said: [], position: null, handle: undefined as never }
  const sink: LiveSink = {
    data(bytes, _stream, offset) {
      heard.text += Buffer.from(bytes).toString()
      if (offset !== undefined && heard.position) heard.position.offset = offset
    },
    rows(batch) {
      heard.rows += batch.length
    },
    connected: peer => void heard.said.push(`connected ${peer}`),
    moved: at => void (heard.position = { ...(at as FilePosition) }),
    lost: (why, ms) => void heard.said.push(`lost: ${why}; ${ms === null ? 'for good' : 'again'}`),
    ended: () => void heard.said.push('ended'),
  }
  heard.handle = source.open(sink, position, {
    ...{ words: createWords(), name: 'test', counts: createSourceCounts() },
  })
  return heard
}

/** Until it is so; a test that waits in vain runs into its time limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(done => setTimeout(done, 5))
}
