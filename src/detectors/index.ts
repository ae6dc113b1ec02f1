// The list of detectors, in the order in which they see a report. A new one is a file, a test file, and a line here.

import type { Config } from '../model/config.js'
import type { Anchorages } from '../zones/anchorages.js'
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
import { darkRendezvousDetector } from './dark-rendezvous.js'
import { draughtDetector } from './draught.js'
import { driftDetector } from './drift.js'
import { encounterDetector } from './encounter/encounter.js'
import { gridEncounterDetector } from './encounter/grid-encounter.js'
import { clockHoursDetector } from './loitering/clock-hours.js'
import { loiteringDetector } from './loitering/loitering.js'
import { partialSilenceDetector } from './partial-silence/partial-silence.js'
import { portVisitDetector } from './port-visit.js'
import { identityDetector } from './identity/identity.js'
import { circleDetector } from './spoofing/circle.js'
import { fabricatedGroupDetector } from './spoofing/fabricated-group.js'
import { jumpDetector } from './spoofing/jump.js'
import { kinematicDetector } from './spoofing/kinematic.js'
import { navStatusDetector } from './spoofing/nav-status.js'
import type { RememberedState } from './spoofing/remembered.js'
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
  /** Some fixes of all vessels: replay fills it, others look whether a fix was met before. */
  remembered: RememberedState
  zones?: ZoneIndex | undefined
  /** Of the list and learned. */
  ports?: PortIndex | undefined
  anchorages: Anchorages
  coast?: Coast | undefined
  /** Nobody hears of any event: detectors run for what they teach. */
  isUntold?: boolean | undefined
}

/** Detectors that ask who is heard where. */
const LISTENERS = ['gap', 'clock', 'footprint', 'partial_silence']
export const listens = (runs: ReadonlySet<string>): boolean => LISTENERS.some(name => runs.has(name))

export function createDetectors(
  config: Config,
  { reception, words, receivers, feeds, remembered, zones, ports, anchorages, coast, isUntold }: Views,
): Detector[] {
  const { spoofing, without } = config
  const reach = createReach(config.reach, config.clean, words, zones)
  const detectors = [
    gapDetector(config, { reception, reach, receivers, ports, coast, isUntold }),
    jumpDetector(config.clean, { receivers, remembered }),
    sharedMmsiDetector(spoofing, { receivers, remembered }),
    kinematicDetector(spoofing.kinematic),
    navStatusDetector(spoofing.navStatus, { coast, ports }),
    circleDetector(spoofing.circle, config.reach, words, coast),
    ...(coast ? [onLandDetector(spoofing.onLand, words, coast)] : []),
    clockDetector(spoofing.clock, { reception, receivers }),
    footprintDetector(spoofing.footprint, { reception, receivers }),
    offsetDetector(spoofing.offset, { feeds, words }),
    replayDetector(spoofing.replay, remembered),
    syntheticDetector(spoofing.synthetic),
    fabricatedGroupDetector(spoofing.fabricatedGroup, { words, receivers, coast }),
    identityDetector(config.identity, words),
    draughtDetector(config.draught, { words, coast, ports }),
    config.loitering.judgedBy === 'net'
      ? loiteringDetector(config.loitering, { words, coast, ports })
      : clockHoursDetector(config.loitering, coast),
    (config.encounter.judgedBy === 'grid' ? gridEncounterDetector : encounterDetector)(config.encounter, {
      ...{ words, coast, ports },
    }),
    darkRendezvousDetector(config.darkRendezvous, { coast, ports }),
    partialSilenceDetector(config.partialSilence, { feeds, words, reception }),
    driftDetector(config.drift, { words, coast, ports }),
    suddenStopDetector(config.suddenStop, { words, coast, ports }),
    distressDetector(config.distress, ports),
    portVisitDetector(config, { anchorages }),
    ...(zones ? [zoneDetector(config.zone, config.gap, zones)] : []),
  ] as Detector[]
  return detectors.filter(({ name }) => !(without as string[]).includes(name))
}
