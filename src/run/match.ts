// Satellite detections against AIS: the same run as detect's, with pictures beside the reports, of which only what has
// to do with pictures is told: ships that no track explains, the pictures, who lay beside a dark ship, and the gaps of those
// that may have been seen.

import type { FixedMask, Scene } from '../model/detection.js'
import { UsageError } from '../model/errors.js'
import type { DarkEvent, EventType } from '../model/event.js'
import type { Input } from '../sources/open.js'
import { detect, type DetectOptions, type DetectRun } from './detect.js'
import type { Pictures } from './pictures.js'

/** What is told where nothing else is asked for. */
export const MATCH_TYPES: readonly EventType[] = ['unmatched_detection', 'scene', 'dark_rendezvous', 'gap']

export interface MatchOptions extends Omit<DetectOptions, 'scenes' | 'mask'> {
  /** By themselves, or out of files (run/pictures): then no more of them are in memory than it should hold. */
  scenes: readonly Scene[] | Pictures
  /** What is fixed at sea. */
  mask?: FixedMask | undefined
}

/**
 * Holds pictures against recorded inputs, in one pass: options and errors as of detect().
 * @throws UsageError without a picture
 */
export function match(inputs: Iterable<Input>, options: MatchOptions): DetectRun {
  const { scenes } = options
  if (('source' in scenes ? scenes.size : scenes.length) === 0)
    throw new UsageError('match: expected scenes with detections, got none')
  const isTold = (event: DarkEvent): boolean => options.only !== undefined || isOfPictures(event)
  const run = detect(inputs, {
    ...options,
    only: options.only ?? MATCH_TYPES,
    onExempt: event => isTold(event) && options.onExempt?.(event),
  })
  async function* told(): AsyncGenerator<DarkEvent, void, undefined> {
    for await (const event of run) if (isTold(event)) yield event
  }
  return { ...run, [Symbol.asyncIterator]: told }
}

/** Gaps that a picture tells of, and meetings that one shows. */
function isOfPictures({ type, details, evidence }: DarkEvent): boolean {
  if (type === 'gap') return evidence.some(({ name }) => name === 'satellite_detection')
  return type !== 'dark_rendezvous' || details['level'] === 'D'
}
