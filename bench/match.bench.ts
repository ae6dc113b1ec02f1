// One radar picture of 2,000 detections against 20,000 vessels that report every ten minutes and every hour: judged from
// start to end, densities, pairs, assignment and sums.

import { judgeScene } from '../src/match/judge.js'
import { seaOf } from '../eval/scenes/sea.js'

const VESSELS = 20_000
const DETECTIONS = 2_000
const ROUNDS = 5

for (const cadenceMin of [10, 60]) {
  const sea = seaOf(5, { kind: 'lanes', vessels: VESSELS, cadenceMin, noiseM: 60 })
  const scene = { ...sea.scene, detections: sea.scene.detections.slice(0, DETECTIONS) }
  const times: number[] = []
  let dark = 0
  for (let k = 0; k < ROUNDS; k++) {
    const before = performance.now()
    dark = judgeScene(scene, sea.candidates).sums.dark
    times.push(performance.now() - before)
  }
  times.sort((a, b) => a - b)
  if (!(dark > 0)) throw new Error('match: the bench found no dark ship')
  console.log(
    `match: ${scene.detections.length} detections, ${sea.candidates.length} vessels, AIS each ${cadenceMin} min: ` +
      `p50 ${times[Math.floor(ROUNDS / 2)]!.toFixed(0)} ms, min ${times[0]!.toFixed(0)} ms`,
  )
}
