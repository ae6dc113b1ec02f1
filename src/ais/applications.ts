// What messages 6 and 8 carry: application messages, told apart by the area that defined them (DAC) and a function
// number (FI). Those of the IMO (SN/Circ.236, SN.1/Circ.289), of inland waterways (UNECE inland AIS standard) and of the
// British and Irish lights that occur most; all others stay bits.

import { bool, data, int, optional, optionals, spare, text, uint, type Field, type Layout } from './field.js'
import { CARGO_UNIT, HAZARD, ICE, LIGHT, LOADED, PRECIPITATION, RACON, TREND } from './texts.js'

const head6 = [
  uint('seqno', 2),
  uint('dest_mmsi', 30),
  bool('retransmit'),
  uint('spare', 1, { own: true }),
  uint('dac', 10),
  uint('fid', 6),
] as const
const head8 = [uint('spare', 2, { own: true }), uint('dac', 10), uint('fid', 6)] as const
/** Bits before the payload. */
const AT_6 = 88
const AT_8 = 56

/** Longitude and latitude in 1/1000 minute. */
const lonMilli = (own = {}) =>
  int('lon', 25, { scale: 60_000, none: 181 * 60_000, unit: 'deg', gpsd: 6, ...own })
const latMilli = (own = {}) =>
  int('lat', 24, { scale: 60_000, none: 91 * 60_000, unit: 'deg', gpsd: 6, ...own })
const direction = <const N extends string>(name: N, none: number) =>
  uint(name, 9, { none: none === 360 ? [360, 511] : none, unit: 'deg' })
const speed = <const N extends string>(name: N) =>
  uint(name, 8, { scale: 10, none: 255, unit: 'kn', gpsd: 1 })
const metres10 = <const N extends string>(name: N) =>
  uint(name, 8, { scale: 10, none: 255, unit: 'm', gpsd: 1 })

/** Wind, waves and water: the part that both versions of the weather message share. */
const water = <const D extends number>(none: D) =>
  [
    speed('cspeed'),
    direction('cdir', none),
    speed('cspeed2'),
    direction('cdir2', none),
    uint('cdepth2', 5, { none: 31, unit: 'm' }),
    speed('cspeed3'),
    direction('cdir3', none),
    uint('cdepth3', 5, { none: 31, unit: 'm' }),
    metres10('waveheight'),
    uint('waveperiod', 6, { none: 63, unit: 's' }),
    direction('wavedir', none),
    metres10('swellheight'),
    uint('swellperiod', 6, { none: 63, unit: 's' }),
    direction('swelldir', none),
    uint('seastate', 4, { none: none === 360 ? [13, 15] : 15, unit: 'Beaufort' }),
  ] as const
const wind = <const D extends number>(none: D) =>
  [
    uint('wspeed', 7, { none: 127, unit: 'kn' }),
    uint('wgust', 7, { none: 127, unit: 'kn' }),
    direction('wdir', none),
    direction('wgustdir', none),
  ] as const
const dayTime = [
  uint('day', 5, { none: 0 }),
  uint('hour', 5, { none: 24 }),
  uint('minute', 6, { none: 60 }),
] as const
const DAY_TIME = { name: 'timestamp', parts: ['', '', 'day', 'hour', 'minute', ''] } as const

/** Water levels at a place between two times; as many as fit. */
const tidals = (place: readonly Field[], speedBits: number): NonNullable<Layout['group']> => ({
  name: 'tidals',
  fields: [
    ...place,
    uint('from_hour', 5, { none: 24 }),
    uint('from_min', 6, { none: 60 }),
    uint('to_hour', 5, { none: 24 }),
    uint('to_min', 6, { none: 60 }),
    uint('cdir', 9, { none: 360, unit: 'deg' }),
    uint('cspeed', speedBits, { scale: 10, none: 2 ** speedBits - 1, unit: 'kn', gpsd: 1 }),
  ],
})

/** DAC and FI, and the length that the payload must have: of several versions under one number only that one is known. */
function is(dac: number | readonly number[], fid: number, least: number, most = least): Condition {
  const dacs = typeof dac === 'number' ? [dac] : dac
  return {
    application: { dacs, fid },
    when: (get, _mmsi, bits) =>
      get('fid') === fid && dacs.includes(get('dac')!) && (bits !== bits || (bits >= least && bits <= most)),
  }
}
type Condition = Pick<Layout, 'application' | 'when'>
const ANY = Infinity

const layout = <const F extends readonly Field[]>(
  title: string,
  condition: Condition,
  fields: F,
  more: Pick<Layout, 'group' | 'gpsdTimes'> = {},
): Layout<F> => ({ title, ...condition, fields, ...more })

export const ADDRESSED = [
  layout(
    'DAC 1 FI 12: dangerous cargo (IMO 236)',
    is(1, 12, AT_6 + 30, AT_6 + 272),
    [
      ...head6,
      ...optionals(
        text('lastport', 5),
        uint('lmonth', 4),
        uint('lday', 5),
        uint('lhour', 5),
        uint('lminute', 6),
        text('nextport', 5),
        uint('nmonth', 4),
        uint('nday', 5),
        uint('nhour', 5),
        uint('nminute', 6),
        text('dangerous', 20),
        text('imdcat', 4),
        uint('unid', 13, { none: 0 }),
        uint('amount', 10, { none: 0 }),
        uint('unit', 2, { texts: CARGO_UNIT }),
      ),
      spare('spare2', 3),
    ],
    {
      gpsdTimes: [
        { name: 'departure', parts: ['', 'lmonth', 'lday', 'lhour', 'lminute', ''] },
        { name: 'eta', parts: ['', 'nmonth', 'nday', 'nhour', 'nminute', ''] },
      ],
    },
  ),
  layout(
    'DAC 1 FI 14: tidal window (IMO 236)',
    is(1, 14, AT_6 + 64, ANY),
    [...head6, uint('month', 4, { none: 0 }), uint('day', 5, { none: 0 })],
    {
      group: tidals(
        [
          int('lat', 27, { scale: 60_000, none: 91 * 600_000, unit: 'deg', gpsd: 6 }),
          int('lon', 28, { scale: 60_000, none: 181 * 600_000, unit: 'deg', gpsd: 6 }),
        ],
        7,
      ),
    },
  ),
  layout('DAC 1 FI 16: persons on board (IMO 289)', is(1, 16, AT_6 + 13, AT_6 + 48), [
    ...head6,
    uint('persons', 13, { none: 0 }),
    spare('spare2', 3),
  ]),
  layout(
    'DAC 1 FI 18: clearance time to enter port (IMO 289)',
    is(1, 18, AT_6 + 10, AT_6 + 272),
    [
      ...head6,
      ...optionals(
        uint('linkage', 10, { none: 0 }),
        uint('month', 4),
        uint('day', 5),
        uint('hour', 5),
        uint('minute', 6),
        text('portname', 20),
        text('destination', 5),
        lonMilli(),
        latMilli(),
      ),
    ],
    { gpsdTimes: [{ name: 'arrival', parts: ['', 'month', 'day', 'hour', 'minute', ''] }] },
  ),
  layout('DAC 1 FI 30: text (IMO 289)', is(1, 30, AT_6 + 10, ANY), [
    ...head6,
    uint('linkage', 10, { none: 0 }),
    optional(text('text', 0)),
  ]),
  layout(
    'DAC 1 FI 32: tidal window (IMO 289)',
    is(1, 32, AT_6 + 58, ANY),
    [...head6, uint('month', 4, { none: 0 }), uint('day', 5, { none: 0 })],
    { group: tidals([lonMilli(), latMilli()], 8) },
  ),
  layout(
    'DAC 235 or 250 FI 10: monitoring of an aid to navigation',
    is([235, 250], 10, AT_6 + 44, AT_6 + 48),
    [
      ...head6,
      uint('ana_int', 10, { scale: 20, none: 0, unit: 'V', gpsd: 2 }),
      uint('ana_ext1', 10, { scale: 20, none: 0, unit: 'V', gpsd: 2 }),
      uint('ana_ext2', 10, { scale: 20, none: 0, unit: 'V', gpsd: 2 }),
      uint('racon', 2, { texts: RACON, note: 'racon_text' }),
      uint('light', 2, { texts: LIGHT, note: 'light_text' }),
      bool('alarm'),
      uint('stat_ext', 8),
      bool('off_pos'),
      spare('spare2', 4),
    ],
  ),
  layout('DAC 200 FI 55: persons on board (inland)', is(200, 55, AT_6 + 29, AT_6 + 80), [
    ...head6,
    uint('crew', 8, { none: 255 }),
    uint('passengers', 13, { none: 8191 }),
    uint('personnel', 8, { none: 255 }),
  ]),
  layout('any other', {}, [...head6, optional(data('data'))]),
] as const

export const BROADCAST = [
  layout(
    'DAC 1 FI 11: weather and water (IMO 236)',
    is(1, 11, AT_8 + 65, AT_8 + 296),
    [
      ...head8,
      latMilli({ none: 0x7fffff }),
      lonMilli({ none: 0xffffff }),
      ...dayTime,
      ...optionals(
        ...wind(511),
        uint('airtemp', 11, { scale: 10, offset: -60, none: 2047, unit: '°C', gpsd: 1 }),
        uint('humidity', 7, { none: 127, unit: '%' }),
        uint('dewpoint', 10, { scale: 10, offset: -20, none: 1023, unit: '°C', gpsd: 1 }),
        uint('pressure', 9, { offset: 800, none: 511, unit: 'hPa', gpsd: 0 }),
        uint('pressuretend', 2, { texts: TREND, gpsdText: true }),
        uint('visibility', 8, { scale: 10, none: 255, unit: 'nm', gpsd: 1 }),
        uint('waterlevel', 9, { scale: 10, offset: -10, none: 511, unit: 'm', gpsd: 1 }),
        uint('leveltrend', 2, { texts: TREND, gpsdText: true }),
        ...water(511),
        uint('watertemp', 10, { scale: 10, offset: -10, none: 1023, unit: '°C', gpsd: 1 }),
        uint('preciptype', 3, { texts: PRECIPITATION, note: 'preciptype_text' }),
        uint('salinity', 9, { scale: 10, none: 511, unit: '‰', gpsd: 1 }),
        uint('ice', 2, { texts: ICE, note: 'ice_text' }),
      ),
      spare('spare2', 6),
    ],
    { gpsdTimes: [DAY_TIME] },
  ),
  layout('DAC 1 FI 16: persons on board (IMO 289)', is(1, 16, AT_8 + 13, AT_8 + 48), [
    ...head8,
    uint('persons', 13, { none: 0 }),
    spare('spare2', 3),
  ]),
  layout('DAC 1 FI 24: extended ship static and voyage data (IMO 289)', is(1, 24, AT_8 + 294, AT_8 + 304), [
    ...head8,
    uint('linkage', 10, { none: 0 }),
    uint('airdraught', 13, { scale: 10, none: 0, unit: 'm' }),
    text('lastport', 5),
    text('nextport', 5),
    text('secondport', 5),
    uint('solas1', 26),
    uint('solas2', 26),
    uint('iceclass', 4, { none: 15 }),
    uint('horsepower', 18, { none: 262_143, unit: 'hp' }),
    uint('vhfchan', 12, { none: 0 }),
    text('lshiptype', 7),
    uint('tonnage', 18, { none: 262_143, unit: 'GT' }),
    uint('lading', 2, { texts: LOADED }),
    uint('heavyoil', 2),
    uint('lightoil', 2),
    uint('dieseloil', 2),
    uint('totaloil', 14, { none: 16_383, unit: 't' }),
    uint('persons', 13, { none: 0 }),
    spare('spare2', 10),
  ]),
  layout('DAC 1 FI 29: text (IMO 289)', is(1, 29, AT_8 + 10, ANY), [
    ...head8,
    uint('linkage', 10, { none: 0 }),
    optional(text('text', 0)),
  ]),
  layout(
    'DAC 1 FI 31: weather and water (IMO 289)',
    is(1, 31, AT_8 + 294, ANY),
    [
      ...head8,
      lonMilli(),
      latMilli(),
      bool('accuracy'),
      ...dayTime,
      ...wind(360),
      int('airtemp', 11, { scale: 10, none: -1024, unit: '°C', gpsd: 1 }),
      uint('humidity', 7, { none: [101, 127], unit: '%' }),
      int('dewpoint', 10, { scale: 10, none: 501, unit: '°C', gpsd: 1 }),
      uint('pressure', 9, { offset: 799, none: 511, unit: 'hPa', gpsd: 0 }),
      uint('pressuretend', 2, { texts: TREND, gpsdText: true }),
      bool('visgreater'),
      uint('visibility', 7, { scale: 10, none: 127, unit: 'nm', gpsd: 1 }),
      uint('waterlevel', 12, { scale: 100, offset: -10, none: 4001, unit: 'm', gpsd: 1 }),
      uint('leveltrend', 2, { texts: TREND, gpsdText: true }),
      ...water(360),
      int('watertemp', 10, { scale: 10, none: 501, unit: '°C', gpsd: 1 }),
      uint('preciptype', 3, { texts: PRECIPITATION, gpsdText: true }),
      uint('salinity', 9, { scale: 10, none: [510, 511], unit: '‰', gpsd: 1 }),
      uint('ice', 2, { texts: ICE, gpsdText: true }),
      spare('spare2', 10),
    ],
    { gpsdTimes: [DAY_TIME] },
  ),
  layout('DAC 200 FI 10: inland ship static and voyage data', is(200, 10, AT_8 + 104, AT_8 + 112), [
    ...head8,
    text('vin', 8),
    uint('length', 13, { scale: 10, none: 0, unit: 'm' }),
    uint('beam', 10, { scale: 10, none: 0, unit: 'm' }),
    uint('shiptype', 14),
    uint('hazard', 3, { texts: HAZARD, note: 'hazard_text' }),
    uint('draught', 11, { scale: 100, none: 0, unit: 'm' }),
    uint('loaded', 2, { texts: LOADED, note: 'loaded_text' }),
    bool('speed_q'),
    bool('course_q'),
    bool('heading_q'),
    spare('spare2', 8),
  ]),
  layout('any other', {}, [...head8, optional(data('data'))]),
] as const
