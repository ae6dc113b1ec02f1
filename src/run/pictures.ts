// The pictures of a run, out of files in any order: as many as memory should hold stay there, the others wait on disk until
// their time comes. What stays in one place over all of them is learned beforehand, in order of time.

import { createStays } from '../match/stays.js'
import type { PictureSource } from '../match/scenes.js'
import type { Scene } from '../model/detection.js'
import { createAside, type Kept } from '../sources/detections/aside.js'
import { eachScene, type DetectionsCounts } from '../sources/detections/read.js'

export interface PicturesOptions {
  /** Detections that are held in memory. @default 50,000: some 20 MB */
  maxDetections?: number | undefined
  /** Where the others go. @default os.tmpdir() */
  tempDir?: string | undefined
}

export interface Pictures {
  /** Pictures taken so far. */
  readonly size: number
  /** Takes a picture; one that was taken before counts once. */
  add(scene: Scene): void
  /**
   * Takes those of a file.
   * @param onScene sees each of them
   * @throws InputError, OutputError as of eachScene
   */
  read(
    path: string,
    map?: Readonly<Record<string, string>>,
    onScene?: (scene: Scene) => void,
  ): Promise<DetectionsCounts>
  /** All that were taken, in order of time, each once. Call once. */
  source(): PictureSource
  /** Removes what is on disk; safe to call twice. */
  dispose(): void
}

const MAX_DETECTIONS = 50_000

export function createPictures({ maxDetections = MAX_DETECTIONS, tempDir }: PicturesOptions = {}): Pictures {
  const aside = createAside(tempDir)
  const index: { t: number; key: string; at: Scene | Kept }[] = []
  let held = 0

  function add(scene: Scene): void {
    const { id, sensor, t, detections } = scene
    const stays = held + detections.length <= maxDetections
    if (stays) held += detections.length
    index.push({ t, key: `${sensor} ${id}`, at: stays ? scene : aside.put(JSON.stringify(scene)) })
  }

  const sceneAt = (k: number): Scene => {
    const { at } = index[k]!
    return 'offset' in at ? (JSON.parse(aside.get(at)) as Scene) : at
  }

  return {
    get size() {
      return index.length
    },
    add,
    read: (path, map, onScene) =>
      eachScene(path, { map, aside, maxRows: maxDetections }, scene => {
        add(scene)
        onScene?.(scene)
      }),
    source() {
      // of those with one name and time the first counts: the sort is stable
      index.sort((a, b) => a.t - b.t || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      const stays = createStays()
      index.forEach((_, k) => stays.add(sceneAt(k).detections))
      let next = 0
      return {
        stays: stays.state,
        get nextT() {
          return index[next]?.t ?? Infinity
        },
        next: () => sceneAt(next++),
      }
    },
    dispose: () => aside.dispose(),
  }
}
