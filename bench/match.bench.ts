// One radar picture of 2,000 detections against 20,000 vessels that report every ten minutes and every hour: judged from
// start to end, densities, pairs, assignment and sums. Once as a picture that shows a tenth of the ships in it, once as one
// of a part of the sea, with most of the vessels around it.

import { judgeScene } from '../src/match/judge.js'
import { insideRings } from '../src/geo/polygon.js'
import type { Scene } from '../src/model/detection.js'
import { seaOf } from '../eval/scenes/sea.js'

/** All told: an eighth of them never transmits. */
const SHIPS = 22_700
const DETECTIONS = 2_000
const ROUNDS = 7

/** The part of a picture, of its shape, that holds so many detections. */
function partOf(scene: Scene, wanted: number): Scene {
  const ring = scene.footprint![0]!
  const [lon, lat] = [(ring[0]! + ring[2]!) / 2, (ring[1]! + ring[5]!) / 2]
  const part = (share: number): Scene => {
    const footprint = [ring.map((x, k) => (k % 2 === 0 ? lon + share * (x - lon) : lat + share * (x - lat)))]
    const rings = footprint.map(each => Float64Array.from(each))
    return {
      ...scene,
      footprint,
      detections: scene.detections.filter(at => insideRings(rings, at.lat, at.lon)),
    }
  }
  let [low, high] = [0, 1]
  for (let k = 0; k < 40; k++) {
    const mid = (low + high) / 2
    if (part(mid).detections.length < wanted) low = mid
    else high = mid
  }
  return part(high)
}

for (const cadenceMin of [10, 60]) {
  const { scene, candidates } = seaOf(5, { kind: 'lanes', vessels: SHIPS, cadenceMin, noiseM: 60 })
  const thin = { ...scene, detections: scene.detections.slice(0, DETECTIONS) }
  for (const [name, picture] of [
    ['a tenth seen', thin],
    ['a part of the sea', partOf(scene, DETECTIONS)],
  ] as const) {
    const times: number[] = []
    let dark = 0
    for (let k = 0; k < ROUNDS; k++) {
      const before = performance.now()
      dark = judgeScene(picture, candidates).sums.dark
      times.push(performance.now() - before)
    }
    const [first] = times
    times.sort((a, b) => a - b)
    if (!(dark > 0)) throw new Error('match: the bench found no dark ship')
    console.log(
      `match: ${picture.detections.length} detections (${name}), ${candidates.length} vessels, AIS each ${cadenceMin} min: ` +
        `first ${first!.toFixed(0)} ms, p50 ${times[Math.floor(ROUNDS / 2)]!.toFixed(0)} ms, min ${times[0]!.toFixed(0)} ms`,
    )
  }
}
