// darkwake/match: satellite detections against what AIS knows: pictures read, vessels placed at their time, pairs weighed and
// assigned. Pure but for reading files.

export { readDetections, readFixedMask } from '../sources/detections/read.js'
export type { DetectionsRead, ReadDetectionsOptions } from '../sources/detections/read.js'
export { DETECTION_REJECTS } from '../sources/detections/rows.js'
export type { DetectionReject } from '../sources/detections/rows.js'
export { densityAt, densityOf, MODES, momentsOf, offsetM } from '../match/density.js'
export type { Blur, Density, Mode, MovingFix } from '../match/density.js'
export { assign } from '../match/assign.js'
export type { Assigned, Pair } from '../match/assign.js'
export { blurOf, DARK_AT, judgeScene } from '../match/judge.js'
export type { SceneVessel, Judged, Missed, Verdict } from '../match/judge.js'
export { createFixed } from '../match/fixed.js'
export { SENSORS } from '../model/detection.js'
export type { Detection, FixedMask, FixedObject, Looking, Scene, Sensor } from '../model/detection.js'
