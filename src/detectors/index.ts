// The list of detectors, in the order in which they see a report. A new one is a file, a test file, and a line here.

import type { Config } from '../model/config.js'
import type { Coast } from '../zones/coast.js'
import type { ReceiverSets } from '../model/receivers.js'
import type { Words } from '../model/words.js'
import type { Reception } from '../reception/model.js'
import type { ZoneIndex } from '../zones/index.js'
import type { PortIndex } from '../zones/ports.js'
import type { Detector } from './detector.js'
import { gapDetector } from './gap/gap.js'
import { createReach } from './gap/reach.js'
import { loiteringDetector } from './loitering.js'
import { identityDetector } from './identity/identity.js'
import { fabricatedGroupDetector } from './spoofing/fabricated-group.js'
import { jumpDetector } from './spoofing/jump.js'
import { replayDetector } from './spoofing/replay.js'
import { sharedMmsiDetector } from './spoofing/shared-mmsi.js'
import { syntheticDetector } from './spoofing/synthetic.js'
import { zoneDetector } from './zone-crossing.js'

export interface Views {
  reception: Reception
  words: Words
  receivers: ReceiverSets
  zones?: ZoneIndex | undefined
  ports?: PortIndex | undefined
  coast?: Coast | undefined
}

export function createDetectors(
  config: Config,
  { reception, words, receivers, zones, ports, coast }: Views,
): Detector[] {
  const { spoofing } = config
  const reach = createReach(config.reach, config.clean, words, zones)
  const detectors = [
    gapDetector(config, { reception, reach, receivers, ports, coast }),
    jumpDetector(config.clean, receivers),
    sharedMmsiDetector(config.spoofing, receivers),
    ...(spoofing.replay.enabled ? [replayDetector(spoofing.replay)] : []),
    ...(spoofing.synthetic.enabled ? [syntheticDetector(spoofing.synthetic)] : []),
    ...(spoofing.fabricatedGroup.enabled
      ? [fabricatedGroupDetector(spoofing.fabricatedGroup, { words, receivers, coast })]
      : []),
    identityDetector(config.identity, words),
    loiteringDetector(config.loitering, coast),
    ...(zones ? [zoneDetector(config.zone, config.gap, zones)] : []),
  ]
  return detectors as Detector[]
}
