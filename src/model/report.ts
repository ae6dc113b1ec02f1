// What a ship says: position reports and static data, in the units of the glossary (degrees, knots, epoch ms UTC).
// A value that is not available is NaN or absent; the sentinels of ITU-R M.1371-5 (latitude 91, longitude 181,
// SOG 102.3, COG 360, heading 511, ROT −128) never get this far.

/** Kind of transmitter. The index is the code in a batch's `txClass` column. */
export const TX_CLASSES = ['unknown', 'A', 'B', 'base', 'aton', 'sar', 'sart'] as const
export type TxClass = (typeof TX_CLASSES)[number]

/** How a report was collected. The index is the code in a batch's `collection` column. */
export const COLLECTIONS = ['unknown', 'terrestrial', 'satellite', 'dynamic'] as const
export type Collection = (typeof COLLECTIONS)[number]

export interface PositionReport {
  /** 1…999 999 999. */
  mmsi: number
  /** Event time, epoch ms UTC. */
  t: number
  /** WGS-84 degrees; absent when the position is not available: the report is still a sign of life. */
  lat?: number
  lon?: number
  /** Speed over ground, knots. */
  sog?: number
  /** Course over ground, degrees true, 0 ≤ cog < 360. */
  cog?: number
  /** True heading, degrees, 0…359. */
  heading?: number
  /** Rate of turn, degrees per minute, positive to starboard. */
  rot?: number
  /** Navigational status 0…15; 15 is undefined. */
  navStatus?: number
  /** ITU-R M.1371 message id; 0 unknown. */
  msgType?: number
  txClass?: TxClass
  /** Arrival time, epoch ms UTC. */
  receivedAt?: number
  /** Station id. */
  receiver?: string
  /** Feed id. */
  source?: string
  collection?: Collection
  /** UTC second of the fix 0…59; 60…63 are states (not available, manual, dead reckoning, inoperative). */
  utcSecond?: number
  /** Position accuracy better than 10 m. */
  accuracy?: boolean
  /** Receiver autonomous integrity monitoring in use. */
  raim?: boolean
  /** Repeat indicator 0…3; 3 = do not repeat any more. */
  repeat?: number
  /** Communication state, 19 bits as sent. */
  commState?: number
}

/** Static and voyage data (messages 5, 19, 24, or the static cells of a CSV row). Absent means not available. */
export interface StaticData {
  imo?: number
  name?: string
  callsign?: string
  /** M.1371 ship type code 0…99. */
  shipType?: number
  /** Metres. */
  length?: number
  width?: number
  draught?: number
  destination?: string
  /** As transmitted: `MM-DDTHH:MM`, or whatever a CSV holds. */
  eta?: string
}

export interface StaticReport extends StaticData {
  mmsi: number
  t: number
  /**
   * A message 5, or both halves of a 24, with name, call sign, IMO number and ship type all left empty. That is said by
   * this alone: what is absent is not known.
   */
  blank?: boolean
}

/** Why a row did not become a report. */
export const REJECT_REASONS = [
  'checksum', // NMEA checksum wrong or missing
  'malformed', // not a sentence, not a row: wrong shape
  'too-long', // a line over the limit
  'payload', // illegal payload character, wrong fill bits
  'bits', // too few bits for the message type
  'fragment', // fragment number 0, above the total, or total above 9
  'unsupported', // a message type that carries nothing for us or is not defined
  'time-invalid', // a time that cannot be read
  'time-out-of-range', // before 1990 or after 2100
  'no-time', // no time at all, and none to lean on
  'future', // later than its arrival, or a lone report beyond a hole in time
  'mmsi-invalid', // not 1…999 999 999
  'position-invalid', // a latitude or longitude that is no number
  'position-out-of-range', // |lat| > 90 or |lon| > 180
  'position-zero', // exactly 0, 0: a receiver without a fix
] as const
export type RejectReason = (typeof REJECT_REASONS)[number]

export interface Reject {
  reason: RejectReason
  /** Input name, as given. */
  source: string
  /** Line number in that input, from 1; absent for reports pushed by a program. */
  line?: number
  /** The raw line, cut to 1,000 characters. Hostile: pass it through safeText before a human sees it. */
  raw?: string
}
