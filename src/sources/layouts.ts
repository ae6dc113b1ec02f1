// Every layout of AIS data that is known by name, as data: how to recognise it, what its columns or keys are called, their
// units, and what is odd about it. Sniffing, reading, `--input-format` and docs/formats.md all come from this one table.

import type { Field } from './fields.js'
import type { Unit } from './units.js'

/** Where a field comes from: a name, or a name with the unit of its values when that is not ours. */
export type Origin = string | { readonly name: string; readonly unit: Unit }

/** Where the fields come from, the best origin first. */
export type Origins = { readonly [F in Field]?: Origin | readonly Origin[] }

export interface Layout {
  /** Also what `--input-format` takes. */
  readonly name: string
  readonly title: string
  /** `table`: flat names, so CSV, Parquet and flat JSON alike. `json`: keys may be paths with dots. */
  readonly shape: 'table' | 'json'
  /** Where its columns or keys are described. */
  readonly source: string
  /**
   * Recognised when all names of one of these lists are there. In a table, names are compared without case and
   * punctuation, unless `exact`. In JSON they are paths, and `path=value` asks for a value as well.
   */
  readonly has: readonly (readonly string[])[]
  readonly exact?: boolean
  /** … and when all values of these fields are whole numbers, as far as the first rows tell. */
  readonly integers?: readonly Field[]
  /** JSON objects that are no rows: greetings and headers. Not read, not counted. */
  readonly skip?: readonly string[]
  /** JSON: names are looked up in this part of an object first; `*` is whatever key is the only one there. */
  readonly inside?: string
  /** JSON: the part may be text that holds JSON. */
  readonly embedded?: boolean
  readonly fields: Origins
  /** Fields that mean something else in messages of these types. */
  readonly byType?: Readonly<Record<number, Origins>>
  /** Each object is one message: one that is no report or static data is valid, and of no use here. */
  readonly isMessage?: boolean
  /** Rows of static data only: latitude and longitude are not needed. */
  readonly isStatic?: boolean
  /** Messages carry no time of their own: they lean on this key of base station messages, then on --time-start. */
  readonly baseTime?: string
  /** JSON: array of NMEA sentences, read where nothing was decoded. */
  readonly nmea?: string
  /** How its times are written. */
  readonly time: string
  readonly notes: readonly string[]
}

const deg600k = (name: string): Origin => ({ name, unit: '1/600000 deg' })
const tenthsDeg = (name: string): Origin => ({ name, unit: '1/10 deg' })
const tenthsKn = (name: string): Origin => ({ name, unit: '1/10 kn' })
const byte = (name: string): Origin => ({ name, unit: 'byte' })
const dm = (name: string): Origin => ({ name, unit: 'dm' })

const MARINECADASTRE = {
  mmsi: 'MMSI',
  t: 'BaseDateTime',
  sog: 'SOG',
  cog: { name: 'COG', unit: 'deg or signed' },
  heading: 'Heading',
  name: ['VesselName'],
  imo: 'IMO',
  callsign: 'CallSign',
  shipType: 'VesselType',
  navStatus: 'Status',
  length: 'Length',
  width: 'Width',
  draught: ['Draft', 'Draught'],
} as const satisfies Origins

const GPSD = {
  mmsi: 'mmsi',
  t: ['rxtime', 'tagblock_timestamp'],
  msgType: 'type',
  lat: 'lat',
  lon: 'lon',
  sog: 'speed',
  cog: 'course',
  heading: 'heading',
  rot: { name: 'turn', unit: 'gpsd turn' },
  navStatus: 'status',
  utcSecond: 'second',
  accuracy: 'accuracy',
  raim: 'raim',
  repeat: 'repeat',
  commState: 'radio',
  imo: 'imo',
  name: ['shipname', 'name'],
  callsign: 'callsign',
  shipType: 'shiptype',
  toBow: 'to_bow',
  toStern: 'to_stern',
  toPort: 'to_port',
  toStarboard: 'to_starboard',
  draught: 'draught',
  destination: 'destination',
  eta: 'eta',
} as const satisfies Origins

const AISHUB = {
  mmsi: 'MMSI',
  t: ['TSTAMP', 'TIME'],
  lat: 'LATITUDE',
  lon: 'LONGITUDE',
  sog: 'SOG',
  cog: 'COG',
  heading: 'HEADING',
  navStatus: 'NAVSTAT',
  rot: 'ROT',
  imo: 'IMO',
  name: 'NAME',
  callsign: 'CALLSIGN',
  shipType: 'TYPE',
  toBow: 'A',
  toStern: 'B',
  toPort: 'C',
  toStarboard: 'D',
  draught: 'DRAUGHT',
  destination: 'DEST',
  eta: 'ETA',
} as const satisfies Origins

const AISHUB_HAS = [
  ['MMSI', 'TSTAMP', 'LATITUDE', 'LONGITUDE', 'NAVSTAT'],
  ['MMSI', 'TIME', 'LATITUDE', 'LONGITUDE', 'NAVSTAT', 'A', 'DEST'],
]

/** In the order in which they are tried: the more particular first. */
const TABLE = [
  {
    name: 'marinecadastre',
    title: 'MarineCadastre CSV, 2015–2023',
    shape: 'table',
    source: 'https://hub.marinecadastre.gov/pages/vesseltraffic',
    has: [['BaseDateTime', 'LAT', 'LON']],
    fields: { ...MARINECADASTRE, lat: 'LAT', lon: 'LON', txClass: ['TransceiverClass', 'Transceiver'] },
    time: '`2022-06-20T00:00:04`, UTC',
    notes: [
      'One report per vessel and minute: cadence below a minute cannot be judged.',
      'IMO with or without the prefix `IMO`; heading 511.0 on about half of the rows.',
      'Some copies hold courses as signed 12 bits: a negative one gets 409.6 added.',
      'Vessel types 1001–1025 are the AVIS codes of 2015–2017. Status may be words in the oldest years.',
    ],
  },
  {
    name: 'marinecadastre-2',
    title: 'MarineCadastre CSV from 2024 (`csv2`) and GeoParquet',
    shape: 'table',
    source: 'https://hub.marinecadastre.gov/pages/vesseltraffic',
    has: [
      ['base_date_time', 'latitude', 'longitude'],
      ['base_date_time', 'mmsi', 'geometry'],
    ],
    fields: {
      ...MARINECADASTRE,
      t: 'base_date_time',
      lat: 'latitude',
      lon: 'longitude',
      txClass: ['transceiver', 'transceiver_class'],
      name: 'vessel_name',
      callsign: 'call_sign',
      shipType: 'vessel_type',
    },
    time: '`2025-01-01 00:00:00`, UTC',
    notes: [
      'Longitude stands before latitude; blanks where the older layout has sentinels; zstd.',
      'GeoParquet holds the position as a WKB point.',
    ],
  },
  {
    name: 'dma',
    title: 'Danish Maritime Authority CSV, 22 or 26 columns',
    shape: 'table',
    source: 'http://aisdata.ais.dk/',
    has: [['Timestamp', 'Type of mobile']],
    fields: {
      mmsi: 'MMSI',
      t: '# Timestamp',
      lat: 'Latitude',
      lon: 'Longitude',
      sog: 'SOG',
      cog: 'COG',
      heading: 'Heading',
      rot: 'ROT',
      navStatus: 'Navigational status',
      txClass: 'Type of mobile',
      imo: 'IMO',
      name: 'Name',
      callsign: 'Callsign',
      shipType: 'Ship type',
      length: 'Length',
      width: 'Width',
      draught: 'Draught',
      destination: 'Destination',
      eta: 'ETA',
    },
    time: '`31/12/2015 23:59:59`, day first, UTC',
    notes: [
      'The header starts with `# `. Codes are words; `Unknown`, `Undefined`, `Unknown value` and blank are not available.',
      'Base stations have lost the leading zeros of their MMSI (`2190064`).',
      'About seven rows in ten repeat another one: the same message by several stations.',
    ],
  },
  {
    name: 'hais',
    title: 'Norwegian Coastal Administration (hais)',
    shape: 'table',
    source: 'https://hais.kystverket.no/',
    has: [['mmsi', 'date_time_utc', 'message_nr']],
    fields: {
      mmsi: 'mmsi',
      t: 'date_time_utc',
      lat: 'lat',
      lon: 'lon',
      sog: 'sog',
      cog: 'cog',
      heading: 'true_heading',
      rot: 'rot',
      navStatus: 'nav_status',
      msgType: 'message_nr',
      collection: 'source',
      imo: 'imo_nr',
      length: 'length',
    },
    time: '`2020-01-01 00:00:00`, UTC',
    notes: [
      'Delimiter `;`, a decimal comma is understood. The order of columns differs by year.',
      '`source` is `g` for ground stations and `s` for satellites.',
      'Fishing vessels below 15 m and leisure craft below 45 m are left out: absence does not mean dark.',
    ],
  },
  {
    name: 'brest',
    title: 'Brest (Naval Academy, NARI) positions',
    shape: 'table',
    source: 'https://doi.org/10.5281/zenodo.1167595',
    has: [['sourcemmsi', 'speedoverground', 'lon', 'lat', 't']],
    fields: {
      mmsi: 'sourcemmsi',
      t: 't',
      lat: 'lat',
      lon: 'lon',
      sog: 'speedoverground',
      cog: 'courseoverground',
      heading: 'trueheading',
      rot: byte('rateofturn'),
      navStatus: 'navigationalstatus',
    },
    time: 'epoch seconds',
    notes: ['Sentinels stand as they were sent; many rows repeat another one.'],
  },
  {
    name: 'brest-static',
    title: 'Brest (Naval Academy, NARI) static data',
    shape: 'table',
    source: 'https://doi.org/10.5281/zenodo.1167595',
    has: [['sourcemmsi', 'tobow', 'tostern', 't']],
    isStatic: true,
    fields: {
      mmsi: 'sourcemmsi',
      t: 't',
      imo: ['imonumber', 'imo'],
      name: 'shipname',
      callsign: 'callsign',
      shipType: 'shiptype',
      toBow: 'tobow',
      toStern: 'tostern',
      toPort: 'toport',
      toStarboard: 'tostarboard',
      draught: 'draught',
      destination: 'destination',
      eta: 'eta',
    },
    time: 'epoch seconds',
    notes: ['Read beside the positions: it says who a vessel is.'],
  },
  {
    name: 'exactearth-lvi',
    title: 'exactEarth Latest Vessel Information, UN Global Platform',
    shape: 'table',
    source: 'https://spire.com/maritime/',
    has: [['mmsi', 'dt_pos_utc', 'latitude', 'longitude']],
    fields: {
      mmsi: 'mmsi',
      t: ['dt_pos_utc', 'ts_pos_utc'],
      lat: 'latitude',
      lon: 'longitude',
      sog: 'sog',
      cog: 'cog',
      heading: 'heading',
      rot: 'rot',
      navStatus: ['nav_status_code', 'nav_status'],
      msgType: 'message_type',
      txClass: 'vessel_class',
      collection: 'source',
      imo: 'imo',
      name: 'vessel_name',
      callsign: 'callsign',
      shipType: ['vessel_type_code', 'vessel_type'],
      length: 'length',
      width: 'width',
      draught: 'draught',
      destination: 'destination',
      eta: 'eta',
    },
    time: '`dt_pos_utc` `2019-03-27 08:50:40` or `ts_pos_utc` `20190327085040`, UTC',
    notes: [
      'The time of the position is used, never that of the static data or of the insertion.',
      '`source` is `S-AIS` or `T-AIS`. Latitude and longitude come in either order.',
    ],
  },
  {
    name: 'exactearth',
    title: 'exactEarth archive, about 140 columns',
    shape: 'table',
    source: 'https://spire.com/maritime/',
    has: [['MMSI', 'Message_ID', 'Repeat_indicator', 'Time', 'Latitude', 'Longitude']],
    fields: {
      mmsi: 'MMSI',
      t: 'Time',
      lat: 'Latitude',
      lon: 'Longitude',
      sog: 'SOG',
      cog: 'COG',
      heading: 'Heading',
      rot: 'ROT',
      navStatus: 'Navigational_status',
      msgType: 'Message_ID',
      imo: 'IMO',
      name: 'Vessel_Name',
      callsign: 'Call_sign',
      shipType: 'Ship_Type',
      toBow: 'Dimension_to_Bow',
      toStern: 'Dimension_to_stern',
      toPort: 'Dimension_to_port',
      toStarboard: 'Dimension_to_starboard',
      draught: 'Draught',
      destination: 'Destination',
    },
    isMessage: true,
    time: '`20210101_000000`, UTC',
    notes: ['One row is one message of any type: most columns are blank on most rows.'],
  },
  {
    name: 'gfw',
    title: 'Global Fishing Watch messages',
    shape: 'table',
    source: 'https://globalfishingwatch.org/data-download/',
    has: [
      ['ssvid', 'timestamp', 'lat', 'lon', 'seg_id'],
      ['ssvid', 'timestamp', 'lat', 'lon', 'distance_from_shore'],
      ['ssvid', 'timestamp', 'lat', 'lon', 'distance_from_shore_m'],
      ['ssvid', 'timestamp', 'lat', 'lon', 'receiver_type'],
      ['ssvid', 'timestamp', 'lat', 'lon', 'tagblock_station'],
    ],
    fields: {
      mmsi: 'ssvid',
      t: 'timestamp',
      lat: 'lat',
      lon: 'lon',
      sog: 'speed',
      cog: 'course',
      heading: 'heading',
      msgType: 'type',
      txClass: 'ais_class',
      collection: 'receiver_type',
      receiver: 'tagblock_station',
      imo: 'imo',
      name: 'shipname',
      callsign: 'callsign',
      shipType: 'shiptype_text',
      destination: 'destination',
    },
    time: 'ISO 8601, or epoch seconds',
    notes: [
      '`type` is `AIS.1` or `1`. Distances from shore and port are not used: they are worked out here.',
    ],
  },
  {
    name: 'marinetraffic',
    title: 'MarineTraffic (Kpler) vessel positions API, CSV or JSON objects',
    shape: 'table',
    source: 'https://servicedocs.marinetraffic.com/',
    has: [['MMSI', 'LAT', 'LON', 'SPEED', 'HEADING', 'COURSE', 'STATUS', 'TIMESTAMP']],
    exact: true,
    integers: ['sog'],
    fields: {
      mmsi: 'MMSI',
      t: 'TIMESTAMP',
      lat: 'LAT',
      lon: 'LON',
      sog: tenthsKn('SPEED'),
      cog: 'COURSE',
      heading: 'HEADING',
      navStatus: 'STATUS',
      collection: 'DSRC',
      utcSecond: 'UTC_SECONDS',
      imo: 'IMO',
      name: 'SHIPNAME',
      callsign: 'CALLSIGN',
      shipType: 'SHIPTYPE',
      length: 'LENGTH',
      width: 'WIDTH',
      draught: dm('DRAUGHT'),
      destination: 'DESTINATION',
      eta: 'ETA',
    },
    time: '`2017-05-15T05:00:00`, UTC',
    notes: [
      'SPEED is in tenths of knots, DRAUGHT in tenths of metres. A file with these columns whose speeds are not all ' +
        'whole numbers is no export of the API: it is read as plain CSV, in knots.',
      'STATUS above 15 is a kind of station, not a status.',
    ],
  },
  {
    name: 'vesselfinder',
    title: 'VesselFinder and VT Explorer API, CSV or JSON',
    shape: 'table',
    source: 'https://api.vesselfinder.com/docs/response-ais.html',
    has: [
      ['MMSI', 'TIMESTAMP', 'LATITUDE', 'LONGITUDE', 'COURSE', 'SPEED', 'NAVSTAT'],
      ['AIS.MMSI', 'AIS.TIMESTAMP', 'AIS.LATITUDE'],
    ],
    inside: 'AIS',
    fields: {
      mmsi: 'MMSI',
      t: 'TIMESTAMP',
      lat: 'LATITUDE',
      lon: 'LONGITUDE',
      sog: 'SPEED',
      cog: 'COURSE',
      heading: 'HEADING',
      navStatus: 'NAVSTAT',
      collection: 'SRC',
      imo: 'IMO',
      name: 'NAME',
      callsign: 'CALLSIGN',
      shipType: 'TYPE',
      toBow: 'A',
      toStern: 'B',
      toPort: 'C',
      toStarboard: 'D',
      draught: 'DRAUGHT',
      destination: 'DESTINATION',
      eta: ['ETA_AIS', 'ETA'],
    },
    time: '`2016-05-15 05:00:00 UTC`',
    notes: ['`SRC` is `TER` or `SAT`.'],
  },
  {
    name: 'aishub-raw',
    title: 'AISHub CSV or JSON, `format=0`',
    shape: 'table',
    source: 'https://www.aishub.net/api',
    has: AISHUB_HAS,
    integers: ['lat', 'lon', 't'],
    skip: ['ERROR'],
    fields: {
      ...AISHUB,
      lat: deg600k('LATITUDE'),
      lon: deg600k('LONGITUDE'),
      sog: tenthsKn('SOG'),
      cog: tenthsDeg('COG'),
      rot: byte('ROT'),
      draught: dm('DRAUGHT'),
      eta: { name: 'ETA', unit: 'eta bits' },
    },
    time: 'epoch seconds',
    notes: [
      'The integers of the wire. Told from `format=1` by its times and positions, which are all whole numbers.',
      'JSON is an array of a header and an array of vessels; the header is no row.',
    ],
  },
  {
    name: 'aishub',
    title: 'AISHub CSV or JSON, `format=1`',
    shape: 'table',
    source: 'https://www.aishub.net/api',
    has: AISHUB_HAS,
    skip: ['ERROR'],
    fields: AISHUB,
    time: '`2011-04-12 10:40:27 GMT`',
    notes: ['A snapshot of last known positions, asked for at most once a minute: not a stream.'],
  },
  {
    name: 'barentswatch',
    title: 'BarentsWatch live AIS, JSON or CSV',
    shape: 'table',
    source: 'https://developer.barentswatch.no/docs/AIS/live-ais-api',
    has: [['mmsi', 'msgtime', 'speedOverGround', 'latitude', 'longitude']],
    fields: {
      mmsi: 'mmsi',
      t: 'msgtime',
      lat: 'latitude',
      lon: 'longitude',
      sog: 'speedOverGround',
      cog: 'courseOverGround',
      heading: 'trueHeading',
      rot: 'rateOfTurn',
      navStatus: 'navigationalStatus',
      msgType: 'messageType',
      name: 'name',
      shipType: 'shipType',
    },
    time: 'ISO 8601',
    notes: [],
  },
  {
    name: 'aisstream',
    title: 'aisstream.io',
    shape: 'json',
    source: 'https://aisstream.io/documentation',
    has: [
      ['MessageType', 'Message', 'MetaData'],
      ['UserID', 'MessageID'],
    ],
    inside: 'Message.*',
    fields: {
      mmsi: ['UserID', 'MetaData.MMSI'],
      t: 'MetaData.time_utc',
      msgType: 'MessageID',
      lat: 'Latitude',
      lon: 'Longitude',
      sog: 'Sog',
      cog: 'Cog',
      heading: 'TrueHeading',
      rot: byte('RateOfTurn'),
      navStatus: 'NavigationalStatus',
      utcSecond: 'Timestamp',
      accuracy: 'PositionAccuracy',
      raim: 'Raim',
      repeat: 'RepeatIndicator',
      commState: 'CommunicationState',
      imo: 'ImoNumber',
      name: ['Name', 'ReportA.Name'],
      callsign: ['CallSign', 'ReportB.CallSign'],
      shipType: ['Type', 'ReportB.ShipType'],
      toBow: ['Dimension.A', 'ReportB.Dimension.A'],
      toStern: ['Dimension.B', 'ReportB.Dimension.B'],
      toPort: ['Dimension.C', 'ReportB.Dimension.C'],
      toStarboard: ['Dimension.D', 'ReportB.Dimension.D'],
      draught: 'MaximumStaticDraught',
      destination: 'Destination',
      eta: { name: 'Eta', unit: 'eta parts' },
    },
    // the type of an aid to navigation is no ship type
    byType: { 21: { shipType: [] } },
    isMessage: true,
    time: '`2023-07-25 20:33:29.264157289 +0000 UTC`, when the server had it',
    notes: [
      'UserID is the vessel; MetaData.MMSI has been 0 in the past and is asked only where there is no UserID.',
      'MetaData.latitude and longitude are the last known place and not used. RateOfTurn is the byte of the wire.',
      'Messages recorded without their envelope have no time: --time-start gives them one, else they are `no-time`.',
    ],
  },
  {
    name: 'ais-catcher',
    title: 'AIS-catcher JSON_FULL, JSON_NMEA and HTTP posts',
    shape: 'json',
    source: 'https://docs.aiscatcher.org/',
    has: [
      ['mmsi', 'type', 'rxuxtime'],
      ['mmsi', 'type', 'rxtime'],
      ['nmea', 'rxuxtime'],
      ['nmea', 'rxtime'],
    ],
    nmea: 'nmea',
    fields: {
      ...GPSD,
      t: ['toa', 'rxuxtime', 'rxtime'],
      receivedAt: ['rxuxtime', 'rxtime'],
      receiver: ['station_id', 'stationid'],
      rot: [byte('turn_unscaled'), { name: 'turn', unit: 'gpsd turn' }],
    },
    byType: { 21: { shipType: [] } },
    isMessage: true,
    time: '`toa` or `rxuxtime`, epoch seconds; `rxtime` `20230826140000`, UTC',
    notes: [
      '`toa` is when the message was received, `rxuxtime` and `rxtime` when the host decoded it.',
      'What is not available is left out. HTTP posts (`protocol`, `stationid`, `msgs`) are unwrapped.',
      'Objects with `nmea` and no decoded fields are read as NMEA.',
    ],
  },
  {
    name: 'gpsd-raw',
    title: 'gpsd and gpsdecode JSON, `scaled:false`',
    shape: 'json',
    source: 'https://gpsd.gitlab.io/gpsd/AIVDM.html',
    has: [['class=AIS', 'type', 'mmsi', 'scaled=false']],
    skip: ['class=VERSION', 'class=DEVICES', 'class=DEVICE', 'class=WATCH', 'class=TPV', 'class=SKY'],
    fields: {
      ...GPSD,
      lat: deg600k('lat'),
      lon: deg600k('lon'),
      sog: tenthsKn('speed'),
      cog: tenthsDeg('course'),
      rot: byte('turn'),
      draught: dm('draught'),
    },
    byType: {
      9: { sog: 'speed' },
      21: { shipType: [] },
      27: {
        lat: { name: 'lat', unit: '1/600 deg' },
        lon: { name: 'lon', unit: '1/600 deg' },
        sog: 'speed',
        cog: 'course',
      },
    },
    isMessage: true,
    baseTime: 'timestamp',
    time: 'none: see gpsd',
    notes: [
      'The integers of the wire: messages 9 have whole knots, messages 27 tenths of minutes and whole knots.',
    ],
  },
  {
    name: 'gpsd',
    title: 'gpsd and gpsdecode JSON',
    shape: 'json',
    source: 'https://gpsd.gitlab.io/gpsd/AIVDM.html',
    has: [['class=AIS', 'type', 'mmsi']],
    skip: ['class=VERSION', 'class=DEVICES', 'class=DEVICE', 'class=WATCH', 'class=TPV', 'class=SKY'],
    fields: GPSD,
    byType: { 21: { shipType: [] } },
    isMessage: true,
    baseTime: 'timestamp',
    time: 'none; `rxtime` or `tagblock_timestamp` where somebody added one',
    notes: [
      'A message without a time takes that of the base stations heard so far (type 4), else --time-start, else it is `no-time`.',
      '`turn` may be a word: `fastleft`, `fastright`, `nan`, `n/a`. Sentinels stand as they were sent.',
    ],
  },
  {
    name: 'digitraffic',
    title: 'Digitraffic (Finland) MQTT v2 and REST metadata',
    shape: 'json',
    source: 'https://www.digitraffic.fi/en/marine-traffic/',
    has: [
      ['topic', 'payload'],
      ['mmsi', 'time', 'navStat', 'posAcc'],
      ['mmsi', 'timestamp', 'callSign', 'posType'],
    ],
    inside: 'payload',
    embedded: true,
    skip: ['topic=vessels-v2/status'],
    fields: {
      mmsi: ['mmsi', { name: 'topic', unit: 'topic' }],
      t: ['time', 'timestamp'],
      lat: 'lat',
      lon: 'lon',
      sog: 'sog',
      cog: 'cog',
      heading: 'heading',
      rot: byte('rot'),
      navStatus: 'navStat',
      imo: 'imo',
      name: 'name',
      callsign: 'callSign',
      shipType: ['type', 'shipType'],
      toBow: ['refA', 'referencePointA'],
      toStern: ['refB', 'referencePointB'],
      toPort: ['refC', 'referencePointC'],
      toStarboard: ['refD', 'referencePointD'],
      draught: dm('draught'),
      destination: 'destination',
      eta: { name: 'eta', unit: 'eta bits' },
    },
    time: 'locations `time` epoch seconds, metadata `timestamp` epoch milliseconds',
    notes: [
      'The MMSI is in the topic only: lines as `mosquitto_sub -v` prints them (`vessels-v2/230123456/location {…}`), ' +
        'objects `{"topic": …, "payload": …}`, and objects with an `mmsi` of their own are understood.',
    ],
  },
  {
    name: 'digitraffic-geojson',
    title: 'Digitraffic (Finland) REST locations',
    shape: 'json',
    source: 'https://www.digitraffic.fi/en/marine-traffic/',
    has: [['geometry.coordinates', 'properties.timestampExternal']],
    inside: 'properties',
    fields: {
      mmsi: 'mmsi',
      t: 'timestampExternal',
      lat: 'geometry.coordinates.1',
      lon: 'geometry.coordinates.0',
      sog: 'sog',
      cog: 'cog',
      heading: 'heading',
      rot: byte('rot'),
      navStatus: 'navStat',
      utcSecond: 'timestamp',
      accuracy: 'posAcc',
      raim: 'raim',
    },
    time: 'epoch milliseconds',
    notes: ['`timestamp` is the UTC second of the fix.'],
  },
  {
    name: 'spire',
    title: 'Spire Maritime GraphQL, vessel nodes',
    shape: 'json',
    source: 'https://documentation.spire.com/maritime-2-0/',
    has: [['staticData', 'lastPositionUpdate']],
    fields: {
      mmsi: 'staticData.mmsi',
      t: 'lastPositionUpdate.timestamp',
      lat: 'lastPositionUpdate.latitude',
      lon: 'lastPositionUpdate.longitude',
      sog: 'lastPositionUpdate.speed',
      cog: 'lastPositionUpdate.course',
      heading: 'lastPositionUpdate.heading',
      rot: 'lastPositionUpdate.rot',
      navStatus: 'lastPositionUpdate.navigationalStatus',
      collection: 'lastPositionUpdate.collectionType',
      txClass: 'staticData.aisClass',
      imo: 'staticData.imo',
      name: 'staticData.name',
      callsign: 'staticData.callsign',
      shipType: 'staticData.shipType',
      length: 'staticData.dimensions.length',
      width: 'staticData.dimensions.width',
      toBow: 'staticData.dimensions.a',
      toStern: 'staticData.dimensions.b',
      toPort: 'staticData.dimensions.c',
      toStarboard: 'staticData.dimensions.d',
      draught: 'currentVoyage.draught',
      destination: 'currentVoyage.destination',
      eta: 'currentVoyage.eta',
    },
    time: 'ISO 8601, the time of the position; `updateTimestamp` is not one',
    notes: ['Last known positions: the same one may come again and again.'],
  },
] as const satisfies readonly Layout[]

export type LayoutName = (typeof TABLE)[number]['name']
export const LAYOUTS: readonly (Layout & { readonly name: LayoutName })[] = TABLE

export const layoutNamed = (name: string): (Layout & { readonly name: LayoutName }) | undefined =>
  LAYOUTS.find(layout => layout.name === name)

/** Keys whose array holds the rows, in JSON that wraps them. */
export const ROW_ARRAYS = ['features', 'msgs', 'nodes', 'vessels', 'positions', 'data'] as const

/** The origins of a field as a list, the best first. */
export function originsOf(fields: Origins, field: Field): { name: string; unit?: Unit }[] {
  const origin = fields[field]
  if (origin === undefined) return []
  const list = Array.isArray(origin) ? (origin as readonly Origin[]) : [origin as Origin]
  return list.map(one => (typeof one === 'string' ? { name: one } : one))
}
