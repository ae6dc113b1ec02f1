// darkwake/ais: ITU-R M.1371 messages in NMEA 0183 sentences, both ways. Also runs in a browser.

export {
  encodeAton,
  encodeBase,
  encodeExtendedB,
  encodePosition,
  encodeStatic24,
  encodeStatic5,
} from '../ais/encode.js'
export type { MessageOptions, PositionOptions } from '../ais/encode.js'
export { checksum, tagBlock, toSentences } from '../ais/sentences.js'
export type { SentenceOptions, TagOptions } from '../ais/sentences.js'
export { decodeMessage } from '../ais/decode.js'
export { scaleMessage } from '../ais/scale.js'
export type { ScaledValue } from '../ais/scale.js'
export { messageSchema } from '../ais/schema.js'
export type { JsonSchema, MessageSchemaOptions } from '../ais/schema.js'
export { toGpsd } from '../ais/gpsd.js'
export type { GpsdOptions, GpsdValue } from '../ais/gpsd.js'
export { encodeMessage } from '../ais/pack.js'
export { MESSAGES, TITLES } from '../ais/tables.js'
export type { MessageType, RawMessage } from '../ais/tables.js'
export type { Field, Layout } from '../ais/field.js'
export { flagOf, midOf, MMSI_KINDS, mmsiKind } from '../ais/mmsi.js'
export type { MmsiKind } from '../ais/mmsi.js'
