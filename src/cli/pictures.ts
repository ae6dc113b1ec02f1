// Satellite pictures for a watch: files that are put into a folder (or a file that is replaced) hours after they were taken. A
// file is read when it has not changed between two looks; pictures that were read before are known by their names.

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readDetections } from '../index.js'
import type { Scene, WatchLog } from '../index.js'
import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'
import { oneLine } from './exit.js'
import { inNumber } from './numbers.js'

const LOOK_MS = 10_000
const ENDINGS = /\.(csv|json|geojson|ndjson|jsonl)(\.gz)?$/i

/** Looks now and then, until the returned function is called. @param take false for a picture that was taken before */
export function followPictures(
  paths: readonly string[],
  map: Record<string, string> | undefined,
  take: (scene: Scene) => boolean,
  log: WatchLog,
): () => void {
  /** By path: what a file looked like, and what it looked like when it was read. */
  const seen = new Map<string, string>()
  const read = new Map<string, string>()
  let busy = false

  function* files(): Generator<string> {
    for (const path of paths) {
      if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) yield path
      else for (const name of readdirSync(path).sort()) if (ENDINGS.test(name)) yield join(path, name)
    }
  }

  async function look(): Promise<void> {
    if (busy) return
    busy = true
    try {
      for (const path of files()) {
        const found = statSync(path, { throwIfNoEntry: false })
        if (!found?.isFile()) continue
        const now = `${found.size} ${found.mtimeMs}`
        if (seen.get(path) === now && read.get(path) !== now) {
          read.set(path, now)
          await readOne(path)
        }
        seen.set(path, now)
      }
    } catch (error) {
      log('warn', `detections: ${oneLine(error)}`)
    } finally {
      busy = false
    }
  }

  async function readOne(path: string): Promise<void> {
    const name = safeText(path, 200)
    try {
      const { scenes, accepted, rejected } = await readDetections(path, { map })
      const fresh = scenes.filter(take).length
      log(
        'info',
        `${name}: ${inNumber(accepted, 'detection')} in ${inNumber(scenes.length, 'scene')}, ${fresh} of them new`,
      )
      for (const [reason, count] of Object.entries(rejected))
        log('warn', `detections: ${name}: ${inNumber(count, 'row')} not used: ${reason}`)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      log('warn', `detections: ${oneLine(error)}`)
    }
  }

  void look()
  const timer = setInterval(() => void look(), LOOK_MS)
  return () => clearInterval(timer)
}
