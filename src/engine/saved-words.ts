// The words of an engine in its snapshots. Static data are lines of JSON, by id: there may be hundreds of thousands, and
// from one checkpoint to the next few change, so only blocks in which something did are put into text again.

import { UsageError } from '../model/errors.js'
import type { StaticData } from '../model/report.js'
import { staticKey, type Words } from '../model/words.js'

export interface SavedWords {
  receivers: string[]
  sources: string[]
  /** UTF-8, a line an id from 1 on; an empty line where an id is free. */
  statics: Uint8Array
}

const BLOCK = 64

/** Makes a function that gives the words as they are now. */
export function createWordSaver({ receivers, sources, statics }: Words): () => SavedWords {
  const encoder = new TextEncoder()
  /** What each block was made of, and its text. */
  let known: (StaticData | undefined)[] = []
  const blocks: Uint8Array[] = []
  return () => {
    const values = statics.values()
    for (let b = 0; 1 + b * BLOCK < values.length; b++) {
      const from = 1 + b * BLOCK
      const to = Math.min(values.length, from + BLOCK)
      let same = blocks[b] !== undefined && to <= known.length
      for (let id = from; same && id < to; id++) same = values[id] === known[id]
      if (same) continue
      const lines = values.slice(from, to).map(data => `${data === undefined ? '' : JSON.stringify(data)}\n`)
      blocks[b] = encoder.encode(lines.join(''))
    }
    known = values.slice()
    return {
      receivers: receivers.keys().slice(1),
      sources: sources.keys().slice(1),
      statics: concat(blocks),
    }
  }
}

function concat(blocks: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0))
  let at = 0
  for (const block of blocks) {
    whole.set(block, at)
    at += block.length
  }
  return whole
}

/** Words get the ids they had, so they must go into empty ones, or into those where they are. */
export function restoreWords(words: Words, saved: SavedWords): void {
  const lines = new TextDecoder().decode(saved.statics).split('\n').slice(0, -1)
  const statics = lines.map(line => (line === '' ? undefined : (JSON.parse(line) as StaticData)))
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
