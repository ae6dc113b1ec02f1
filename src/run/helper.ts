// A further thread of a detection: an engine with a share of the detectors, which hands what it finds to the one that tells.
// Started by run/parallel, and of no use otherwise.

import { workerData, type MessagePort } from 'node:worker_threads'
import { createEngine } from '../engine/engine.js'
import type { Found } from '../engine/parts.js'
import { restoreWords, type SavedWords } from '../engine/saved-words.js'
import type { ReportBatch } from '../model/batch.js'
import type { ConfigInput } from '../model/config.js'
import type { StaticData } from '../model/report.js'
import { createWords } from '../model/words.js'
import { loadCoast } from '../zones/coast.js'
import { buildPortIndex, type Port } from '../zones/ports.js'
import type { Share } from './parts.js'
import { readShared, type SharedMemory } from './shared-rows.js'

export interface HelperData {
  /** Where it says what it finds: HelperMessage. */
  outbox: MessagePort
  memory: SharedMemory
  /** Which one it is, from 0. */
  helper: number
  share: Share
  preset: string | undefined
  config: ConfigInput
  words: SavedWords
  statics: (StaticData | undefined)[]
  hasCoast: boolean
  ports: readonly Port[] | undefined
}

/** What a helper says: what it found in some rows, or that it failed. */
export type HelperMessage = { found: Found[] } | { failed: unknown }

const {
  outbox,
  memory,
  helper,
  share,
  preset,
  config,
  words: saved,
  statics,
  hasCoast,
  ports,
} = workerData as HelperData
const say = (message: HelperMessage): void => outbox.postMessage(message)

try {
  const words = createWords()
  restoreWords(words, saved, statics)
  let found: Found[] = []
  const engine = createEngine(
    {
      ...(preset === undefined ? {} : { preset }),
      ...{ config, words, coast: hasCoast ? loadCoast() : undefined },
      ports: ports && buildPortIndex(ports),
      onEvent: () => undefined,
    },
    { ...share, give: each => found.push(each) },
  )
  const hand = (): void => {
    if (found.length > 0) say({ found })
    found = []
  }
  const see = (batch: ReportBatch): void => {
    engine.pushBatch(batch)
    hand()
  }
  const end = (): void => {
    engine.flush()
    hand()
  }
  readShared(memory, helper, words, see, end)
} catch (error) {
  say({ failed: error })
}
