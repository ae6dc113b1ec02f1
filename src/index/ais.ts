// darkwake/ais: ITU-R M.1371 messages in NMEA 0183 sentences, both ways. Also runs in a browser.

export {
  encodeAton,
  encodeBase,
  encodeExtendedB,
  encodePosition,
  encodeStatic24,
  encodeStatic5,
  tagBlock,
} from '../ais/encode.js'
export type { PositionOptions, SentenceOptions } from '../ais/encode.js'
export { flagOf, midOf, MMSI_KINDS, mmsiKind } from '../ais/mmsi.js'
export type { MmsiKind } from '../ais/mmsi.js'
