// The list of detectors, in the order in which they see a report. A new one is a file, a test file, and a line here.

import type { Config } from '../model/config.js'
import type { Coast } from '../zones/coast.js'
import type { ReceiverSets } from '../model/receivers.js'
import type { Words } from '../model/words.js'
import type { Reception } from '../reception/model.js'
import type { FeedsView } from '../tracks/feeds.js'
import type { ZoneIndex } from '../zones/index.js'
import type { PortIndex } from '../zones/ports.js'
import type { Detector } from './detector.js'
import { gapDetector } from './gap/gap.js'
import { createReach } from './gap/reach.js'
import { distressDetector } from './distress.js'
import { driftDetector } from './drift.js'
import { loiteringDetector } from './loitering.js'
import { partialSilenceDetector } from './partial-silence.js'
import { identityDetector } from './identity/identity.js'
import { circleDetector } from './spoofing/circle.js'
import { fabricatedGroupDetector } from './spoofing/fabricated-group.js'
import { jumpDetector } from './spoofing/jump.js'
import { kinematicDetector } from './spoofing/kinematic.js'
import { navStatusDetector } from './spoofing/nav-status.js'
import { replayDetector } from './spoofing/replay.js'
import { clockDetector } from './spoofing/clock.js'
import { footprintDetector } from './spoofing/footprint.js'
import { offsetDetector } from './spoofing/offset.js'
import { onLandDetector } from './spoofing/on-land.js'
import { sharedMmsiDetector } from './spoofing/shared-mmsi.js'
import { suddenStopDetector } from './sudden-stop.js'
import { syntheticDetector } from './spoofing/synthetic.js'
import { zoneDetector } from './zone-crossing.js'

export interface Views {
  reception: Reception
  words: Words
  receivers: ReceiverSets
  feeds: FeedsView
  zones?: ZoneIndex | undefined
  ports?: PortIndex | undefined
  coast?: Coast | undefined
}

export function createDetectors(
  config: Config,
  { reception, words, receivers, feeds, zones, ports, coast }: Views,
): Detector[] {
  const { spoofing, partialSilence } = config
  const reach = createReach(config.reach, config.clean, words, zones)
  const detectors = [
    gapDetector(config, { reception, reach, receivers, ports, coast }),
    jumpDetector(config.clean, receivers),
    sharedMmsiDetector(config.spoofing, receivers),
    kinematicDetector(config.spoofing.kinematic),
    navStatusDetector(config.spoofing.navStatus, { coast, ports }),
    circleDetector(config.spoofing.circle, config.reach, words, coast),
    ...(spoofing.clock.enabled ? [clockDetector(spoofing.clock, { reception, receivers })] : []),
    ...(spoofing.footprint.enabled ? [footprintDetector(spoofing.footprint, { reception, receivers })] : []),
    ...(spoofing.offset.enabled ? [offsetDetector(spoofing.offset, { feeds, words })] : []),
    ...(partialSilence.enabled ? [partialSilenceDetector(partialSilence, { feeds, words, reception })] : []),
    ...(spoofing.replay.enabled ? [replayDetector(spoofing.replay)] : []),
    ...(spoofing.synthetic.enabled ? [syntheticDetector(spoofing.synthetic)] : []),
    ...(coast ? [onLandDetector(config.spoofing.onLand, words, coast)] : []),
    ...(spoofing.fabricatedGroup.enabled
      ? [fabricatedGroupDetector(spoofing.fabricatedGroup, { words, receivers, coast })]
      : []),
    identityDetector(config.identity, words),
    loiteringDetector(config.loitering, coast),
    driftDetector(config.drift, { words, coast, ports }),
    suddenStopDetector(config.suddenStop, { words, coast, ports }),
    distressDetector(config.distress, ports),
    ...(zones ? [zoneDetector(config.zone, config.gap, zones)] : []),
  ]
  return detectors as Detector[]
}
