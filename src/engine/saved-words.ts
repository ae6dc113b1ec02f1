// The words of an engine in its snapshots: names as they are, and static data, of which there may be hundreds of
// thousands, as lines. They do not change, so a list of them is as good as a copy.

import { UsageError } from '../model/errors.js'
import type { StaticData } from '../model/report.js'
import { staticKey, type Words } from '../model/words.js'

/** Names by id, from 1 on. */
export interface SavedWords {
  receivers: string[]
  sources: string[]
}

export const saveWords = ({ receivers, sources }: Words): SavedWords => ({
  receivers: receivers.keys().slice(1),
  sources: sources.keys().slice(1),
})

/** Words get the ids they had, so they must go into empty ones, or into those where they are. */
export function restoreWords(words: Words, saved: SavedWords, statics: (StaticData | undefined)[]): void {
  if (areThere(words, saved, statics)) return
  if (words.receivers.size + words.sources.size + words.statics.size > 3) {
    throw new UsageError('snapshot: restore into new words, before any source uses them')
  }
  words.receivers.restore(saved.receivers, name => name)
  words.sources.restore(saved.sources, name => name)
  words.statics.restore(statics, staticKey)
}

function areThere(words: Words, saved: SavedWords, statics: (StaticData | undefined)[]): boolean {
  const sameNames = (['receivers', 'sources'] as const).every(name =>
    saved[name].every((word, k) => words[name].get(k + 1) === word),
  )
  const keys = words.statics.keys()
  return sameNames && statics.every((data, k) => data === undefined || keys[k + 1] === staticKey(data))
}
