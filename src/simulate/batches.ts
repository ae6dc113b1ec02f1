// A simulated sea as columns: what was heard, in order of arrival, ready for an engine.

import { appendReport, appendStatic, createBatch, type ReportBatch } from '../model/batch.js'
import { COLLECTIONS } from '../model/report.js'
import type { Words } from '../model/words.js'
import type { SimMessage } from './fleet.js'

/**
 * @param words of the engine that the batches are for
 * @param capacity rows of a batch, > 0
 * @returns batches of their own, which may be kept
 */
export function* toBatches(
  messages: Iterable<SimMessage>,
  words: Words,
  capacity = 16_384,
): Generator<ReportBatch, void, undefined> {
  let batch = createBatch(words, capacity)
  for (const message of messages) {
    if (batch.length === capacity) {
      yield batch
      batch = createBatch(words, capacity)
    }
    const i = batch.length
    if (message.kind === 'position') appendReport(batch, message.report)
    else {
      appendStatic(batch, message.report, message.ship.txClass === 'A' ? 5 : 24)
      batch.receivedAt[i] = message.receivedAt
      batch.receiver[i] = words.receivers.id(message.receiver, () => message.receiver)
    }
    // a feed of the shore stations, and one of the satellites
    const { collection } = message
    batch.collection[i] = COLLECTIONS.indexOf(collection)
    batch.source[i] = words.sources.id(collection, () => collection)
  }
  if (batch.length > 0) yield batch
}
