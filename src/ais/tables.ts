// The messages of ITU-R M.1371-5 annex 8, field by field, and where a length or a flag decides what follows, layout by
// layout; message 28 is edition 6's. Names are gpsd's where gpsd has one. Type (6 bits), repeat indicator (2) and MMSI (30) begin every message.

import { ADDRESSED, BROADCAST } from './applications.js'
import {
  bool,
  data,
  int,
  optional,
  spare,
  text,
  uint,
  type Field,
  type FieldOptions,
  type Layout,
  type RawFields,
} from './field.js'
import {
  AID_TYPE,
  AID_TYPE_28,
  ATON_DIMENSION,
  ATON_STATION_TYPE,
  EPFD,
  INTERVAL,
  MANEUVER,
  NAV_STATUS,
  RESTRICTED_USE,
  SHIP_TYPE,
  STATION_TYPE,
  TXRX,
} from './texts.js'

const status = uint('status', 4, { none: 15, texts: NAV_STATUS, note: 'status_text' })
const speed = uint('speed', 10, { scale: 10, none: 1023, unit: 'kn', gpsd: 1 })
const accuracy = bool('accuracy')
const lon = int('lon', 28, { scale: 600_000, none: 181 * 600_000, unit: 'deg', gpsd: 7 })
const lat = int('lat', 27, { scale: 600_000, none: 91 * 600_000, unit: 'deg', gpsd: 7 })
const course = uint('course', 12, { scale: 10, none: 3600, unit: 'deg', gpsd: 1 })
const heading = uint('heading', 9, { none: 511, unit: 'deg' })
const second = uint('second', 6, { none: 60, unit: 's' })
const raim = bool('raim')
const epfd = uint('epfd', 4, { none: 0, texts: EPFD, note: 'epfd_text' })
const shiptype = uint('shiptype', 8, { none: 0, texts: SHIP_TYPE, note: 'shiptype_text' })
const shipname = text('shipname', 20)
const callsign = text('callsign', 7)
const own = { own: true } satisfies FieldOptions
const assigned = bool('assigned', own)
const size = [
  uint('to_bow', 9, { unit: 'm' }),
  uint('to_stern', 9, { unit: 'm' }),
  uint('to_port', 6, { unit: 'm' }),
  uint('to_starboard', 6, { unit: 'm' }),
] as const
/** Communication state; messages 9, 18 and 26 say in a bit before it which of two kinds it is. */
const radio = (width: number) => uint('radio', width, { rest: true })
/** 1/10 minute, for areas. */
const tenthLon = <const N extends string>(name: N, gpsd: number) =>
  int(name, 18, { scale: 600, none: 181 * 600, unit: 'deg', gpsd })
const tenthLat = <const N extends string>(name: N, gpsd: number) =>
  int(name, 17, { scale: 600, none: 91 * 600, unit: 'deg', gpsd })

const one = <const F extends readonly Field[]>(
  fields: F,
  more: Omit<Layout, 'fields'> = {},
): readonly [Layout<F>] => [{ fields, ...more }]

const POSITION_A = one([
  status,
  int('turn', 8, { none: -128, unit: '°/min' }),
  speed,
  accuracy,
  lon,
  lat,
  course,
  heading,
  second,
  uint('maneuver', 2, { none: 0, texts: MANEUVER }),
  uint('spare', 3, own),
  raim,
  radio(19),
])

const BASE_STATION = one(
  [
    uint('year', 14, { none: 0 }),
    uint('month', 4, { none: 0 }),
    uint('day', 5, { none: 0 }),
    uint('hour', 5, { none: 24 }),
    uint('minute', 6, { none: 60 }),
    uint('second', 6, { none: 60 }),
    accuracy,
    lon,
    lat,
    epfd,
    uint('spare', 10, own),
    raim,
    radio(19),
  ],
  { gpsdTimes: [{ name: 'timestamp', parts: ['year', 'month', 'day', 'hour', 'minute', 'second'] }] },
)

const ACKNOWLEDGE = one([
  uint('spare', 2, own),
  uint('mmsi1', 30),
  uint('seqno1', 2, own),
  optional(uint('mmsi2', 30)),
  optional(uint('seqno2', 2, own)),
  optional(uint('mmsi3', 30)),
  optional(uint('seqno3', 2, own)),
  optional(uint('mmsi4', 30)),
  optional(uint('seqno4', 2, own)),
])

const reservation = <
  const A extends string,
  const B extends string,
  const C extends string,
  const D extends string,
>(
  offset: A,
  number: B,
  timeout: C,
  increment: D,
) => [uint(offset, 12), uint(number, 4), uint(timeout, 3, { unit: 'min' }), uint(increment, 11)] as const
const laterReservation = <N extends 2 | 3 | 4>(n: N) =>
  [
    optional(uint(`offset${n}`, 12)),
    optional(uint(`number${n}`, 4)),
    optional(uint(`timeout${n}`, 3, { unit: 'min' })),
    optional(uint(`increment${n}`, 11)),
  ] as const

type Get = (name: string) => number | undefined
const binaryFlags = [bool('addressed'), bool('structured')] as const
const flagged = (addressed: number, structured: number) => (get: Get) =>
  get('addressed') === addressed && get('structured') === structured
const dest = uint('dest_mmsi', 30)
const app = uint('app_id', 16)
/** Messages 25 and 26: the two flags say which of the two numbers are there. */
const binary = <const T extends readonly Field[]>(tail: T) =>
  [
    {
      title: 'broadcast, unstructured',
      when: flagged(0, 0),
      fields: [...binaryFlags, optional(data('data')), ...tail],
    },
    {
      title: 'addressed, unstructured',
      when: flagged(1, 0),
      fields: [...binaryFlags, dest, optional(data('data')), ...tail],
    },
    {
      title: 'broadcast, with application id',
      when: flagged(0, 1),
      fields: [...binaryFlags, app, optional(data('data')), ...tail],
    },
    {
      title: 'addressed, with application id',
      when: flagged(1, 1),
      fields: [...binaryFlags, dest, app, optional(data('data')), ...tail],
    },
  ] as const

/** MMSI 98MIDxxxx: a craft that belongs to a mother ship. */
export const isCraft = (mmsi: number): boolean => mmsi >= 980_000_000 && mmsi < 990_000_000
const partB = [
  uint('partno', 2, own),
  shiptype,
  text('vendorid', 3),
  uint('model', 4),
  uint('serial', 20),
] as const
const endB = [uint('epfd', 4, { none: 0, texts: EPFD, own: true }), uint('spare', 2, own)] as const

/** Every message type, its layouts in the order in which they are tried. */
export const MESSAGES = {
  1: POSITION_A,
  2: POSITION_A,
  3: POSITION_A,
  4: BASE_STATION,
  5: one(
    [
      uint('ais_version', 2),
      uint('imo', 30, { none: 0 }),
      callsign,
      shipname,
      shiptype,
      ...size,
      epfd,
      uint('month', 4, { none: 0 }),
      uint('day', 5, { none: 0 }),
      uint('hour', 5, { none: 24 }),
      uint('minute', 6, { none: 60 }),
      uint('draught', 8, { scale: 10, none: 0, unit: 'm', gpsd: 1 }),
      text('destination', 20),
      uint('dte', 1),
      uint('spare', 1, own),
    ],
    // 424 bits are 71 characters; 72 occur
    { most: 432, gpsdTimes: [{ name: 'eta', parts: ['', 'month', 'day', 'hour', 'minute', ''] }] },
  ),
  6: ADDRESSED,
  7: ACKNOWLEDGE,
  8: BROADCAST,
  9: one([
    uint('alt', 12, { none: 4095, unit: 'm' }),
    uint('speed', 10, { none: 1023, unit: 'kn' }),
    accuracy,
    lon,
    lat,
    course,
    second,
    uint('regional', 8),
    uint('dte', 1),
    uint('spare', 3, own),
    assigned,
    raim,
    radio(20),
  ]),
  10: one([uint('spare', 2, own), uint('dest_mmsi', 30), spare('spare2', 2)]),
  11: BASE_STATION,
  12: one([
    uint('seqno', 2),
    uint('dest_mmsi', 30),
    bool('retransmit'),
    uint('spare', 1, own),
    optional(text('text', 0)),
  ]),
  13: ACKNOWLEDGE,
  14: one([uint('spare', 2, own), optional(text('text', 0))]),
  15: one([
    uint('spare', 2, own),
    uint('mmsi1', 30),
    uint('type1_1', 6),
    uint('offset1_1', 12),
    spare('spare2', 2),
    optional(uint('type1_2', 6)),
    optional(uint('offset1_2', 12)),
    spare('spare3', 2),
    optional(uint('mmsi2', 30)),
    optional(uint('type2_1', 6)),
    optional(uint('offset2_1', 12)),
    spare('spare4', 2),
  ]),
  16: one([
    uint('spare', 2, own),
    uint('mmsi1', 30),
    uint('offset1', 12),
    uint('increment1', 10),
    optional(uint('mmsi2', 30)),
    optional(uint('offset2', 12)),
    optional(uint('increment2', 10)),
  ]),
  17: one([
    uint('spare', 2, own),
    tenthLon('lon', 1),
    tenthLat('lat', 1),
    uint('spare2', 5, own),
    optional(data('data')),
  ]),
  18: one([
    uint('reserved', 8),
    speed,
    accuracy,
    lon,
    lat,
    course,
    heading,
    second,
    uint('regional', 2),
    bool('cs'),
    bool('display'),
    bool('dsc'),
    bool('band'),
    bool('msg22'),
    assigned,
    raim,
    radio(20),
  ]),
  19: one([
    uint('reserved', 8),
    speed,
    accuracy,
    lon,
    lat,
    course,
    heading,
    second,
    uint('regional', 4),
    shipname,
    shiptype,
    ...size,
    epfd,
    raim,
    uint('dte', 1),
    bool('assigned'),
    uint('spare', 4, own),
  ]),
  20: one([
    uint('spare', 2, own),
    ...reservation('offset1', 'number1', 'timeout1', 'increment1'),
    ...laterReservation(2),
    ...laterReservation(3),
    ...laterReservation(4),
  ]),
  21: one([
    uint('aid_type', 5, { none: 0, texts: AID_TYPE, note: 'aid_type_text' }),
    text('name', 20),
    accuracy,
    lon,
    lat,
    ...size,
    epfd,
    second,
    bool('off_position'),
    uint('regional', 8),
    raim,
    bool('virtual_aid'),
    assigned,
    uint('spare', 1, own),
    optional(text('name_ext', 0, own)),
  ]),
  22: [
    {
      title: 'an area',
      when: (get: Get) => get('addressed') === 0,
      fields: [
        uint('spare', 2, own),
        uint('channel_a', 12),
        uint('channel_b', 12),
        uint('txrx', 4, { texts: TXRX }),
        bool('power'),
        tenthLon('ne_lon', -6),
        tenthLat('ne_lat', -6),
        tenthLon('sw_lon', -6),
        tenthLat('sw_lat', -6),
        bool('addressed'),
        bool('band_a'),
        bool('band_b'),
        uint('zonesize', 3),
        spare('spare2', 23),
      ],
    },
    {
      title: 'two stations',
      when: () => true,
      fields: [
        uint('spare', 2, own),
        uint('channel_a', 12),
        uint('channel_b', 12),
        uint('txrx', 4, { texts: TXRX }),
        bool('power'),
        uint('dest1', 30),
        uint('spare3', 5, own),
        uint('dest2', 30),
        uint('spare4', 5, own),
        bool('addressed'),
        bool('band_a'),
        bool('band_b'),
        uint('zonesize', 3),
        spare('spare2', 23),
      ],
    },
  ],
  23: one([
    uint('spare', 2, own),
    tenthLon('ne_lon', -6),
    tenthLat('ne_lat', -6),
    tenthLon('sw_lon', -6),
    tenthLat('sw_lat', -6),
    uint('stationtype', 4, { texts: STATION_TYPE, note: 'stationtype_text' }),
    shiptype,
    uint('spare2', 22, own),
    uint('txrx', 2, { texts: TXRX, own: true }),
    uint('interval', 4, { texts: INTERVAL }),
    uint('quiet', 4, { none: 0, unit: 'min' }),
    spare('spare3', 6),
  ]),
  24: [
    {
      title: 'part A',
      when: (get: Get) => get('partno') === 0,
      fields: [uint('partno', 2, own), shipname, spare('spare', 8)],
    },
    {
      title: 'part B of a craft with a mother ship',
      when: (get: Get, mmsi: number) => get('partno') === 1 && isCraft(mmsi),
      fields: [...partB, callsign, uint('mothership_mmsi', 30), ...endB],
    },
    {
      title: 'part B',
      when: (get: Get) => get('partno') === 1,
      fields: [...partB, callsign, ...size, ...endB],
    },
  ],
  25: binary([]),
  26: binary([radio(20)]),
  27: one([
    accuracy,
    raim,
    status,
    tenthLon('lon', 4),
    tenthLat('lat', 4),
    uint('speed', 6, { none: 63, unit: 'kn' }),
    uint('course', 9, { none: 511, unit: 'deg' }),
    bool('gnss'),
    uint('spare', 1, own),
  ]),
  28: one([
    second,
    lon,
    lat,
    uint('restricted_use', 2, { texts: RESTRICTED_USE }),
    uint('aton_station_type', 3, { texts: ATON_STATION_TYPE }),
    uint('aid_type', 7, { none: 0, texts: AID_TYPE_28, note: 'aid_type_text' }),
    uint('iala_mrn', 17, { none: 0 }),
    uint('dim_type', 4, { none: 0, texts: ATON_DIMENSION }),
    uint('dim_a', 9),
    uint('dim_b', 11),
    bool('dim_more'),
    bool('charted_status'),
    uint('on_station_status', 4),
    uint('aton_status', 8),
    uint('spare', 1, own),
    bool('authenticated'),
  ]),
} as const satisfies Record<number, readonly Layout[]>

export type MessageType = keyof typeof MESSAGES

/** In words, by type. */
export const TITLES: Record<MessageType, string> = {
  1: 'Position report, class A',
  2: 'Position report, class A, assigned schedule',
  3: 'Position report, class A, response to interrogation',
  4: 'Base station report',
  5: 'Static and voyage related data, class A',
  6: 'Addressed binary message',
  7: 'Binary acknowledge',
  8: 'Binary broadcast message',
  9: 'Standard SAR aircraft position report',
  10: 'UTC and date inquiry',
  11: 'UTC and date response',
  12: 'Addressed safety related message',
  13: 'Safety related acknowledge',
  14: 'Safety related broadcast message',
  15: 'Interrogation',
  16: 'Assignment mode command',
  17: 'DGNSS broadcast binary message',
  18: 'Position report, class B',
  19: 'Extended position report, class B',
  20: 'Data link management',
  21: 'Aid to navigation report',
  22: 'Channel management',
  23: 'Group assignment command',
  24: 'Static data report',
  25: 'Single slot binary message',
  26: 'Multiple slot binary message with communications state',
  27: 'Long range position report',
  28: 'Aid to navigation report, single slot',
}

/** A message as it is on the air: the integers sent, text as text, runs of bits as `<bits>:<hex>`. */
export type RawMessage<T extends MessageType = MessageType> = {
  [K in T]: { type: K; repeat: number; mmsi: number } & RawFields<(typeof MESSAGES)[K][number]>
}[T]
