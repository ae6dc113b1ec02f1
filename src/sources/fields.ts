// What columns and keys are called in the wild, in one table, and how a name is brought to a common form.
// The better name comes first: `track_id` is an MMSI only where nothing else is.

/** Fields that a CSV column or a JSON key can fill; also the names that `--map field=column` takes. */
export const FIELDS = [
  'mmsi',
  't',
  'lat',
  'lon',
  'sog',
  'cog',
  'heading',
  'rot',
  'navStatus',
  'msgType',
  'txClass',
  'collection',
  'receiver',
  'receivedAt',
  'utcSecond',
  'accuracy',
  'raim',
  'repeat',
  'commState',
  'imo',
  'name',
  'callsign',
  'shipType',
  'length',
  'width',
  'toBow',
  'toStern',
  'toPort',
  'toStarboard',
  'draught',
  'destination',
  'eta',
] as const
export type Field = (typeof FIELDS)[number]

/**
 * Fields of static and voyage data. Four distances from the antenna, in metres, make length and width where those are
 * not given.
 */
export const STATIC_FIELDS = [
  'imo',
  'name',
  'callsign',
  'shipType',
  'length',
  'width',
  'toBow',
  'toStern',
  'toPort',
  'toStarboard',
  'draught',
  'destination',
  'eta',
] as const satisfies readonly Field[]

/** Names of each field in lower case without punctuation, best first. Sources: the format table of docs/formats.md. */
export const ALIASES: Record<Field, readonly string[]> = {
  mmsi: ['mmsi', 'ssvid', 'sourcemmsi', 'mmsinumber', 'vesselmmsi', 'shipmmsi', 'userid', 'trackid'],
  t: [
    ...[
      'dtposutc',
      'tsposutc',
      'basedatetime',
      'datetimeutc',
      'datetime',
      't',
      'timestamp',
      'time',
      'timeutc',
    ],
    ...[
      'timestamputc',
      'positiontime',
      'positiontimestamp',
      'msgtime',
      'tstamp',
      'epoch',
      'unixtime',
      'rxuxtime',
      'rxtime',
      'tagblocktimestamp',
    ],
  ],
  lat: ['lat', 'latitude', 'positionlatitude'],
  lon: ['lon', 'longitude', 'long', 'lng', 'positionlongitude'],
  sog: ['sog', 'speedoverground', 'speed'],
  cog: ['cog', 'courseoverground', 'course'],
  heading: ['heading', 'trueheading', 'hdg'],
  rot: ['rot', 'rateofturn', 'turn'],
  navStatus: ['navstatuscode', 'navstatus', 'navstat', 'navigationalstatus', 'navigationstatus', 'status'],
  msgType: ['msgtype', 'messagetype', 'messageid', 'messagenr', 'aistype', 'type'],
  txClass: ['txclass', 'transceiverclass', 'transceiver', 'typeofmobile', 'aisclass'],
  collection: ['collection', 'collectiontype', 'receivertype', 'source', 'src'],
  receiver: ['receiver', 'receiverid', 'tagblockstation', 'station', 'stationid'],
  receivedAt: ['receivedat'],
  utcSecond: ['utcsecond'],
  accuracy: ['accuracy', 'positionaccuracy', 'posacc'],
  raim: ['raim', 'raimflag'],
  repeat: ['repeat', 'repeatindicator'],
  commState: ['commstate', 'communicationstate'],
  imo: ['imo', 'imonumber', 'imonr', 'imono'],
  name: ['name', 'shipname', 'vesselname'],
  callsign: ['callsign'],
  shipType: ['shiptypecode', 'vesseltypecode', 'shiptype', 'vesseltype', 'shipandcargotype'],
  length: ['length', 'loa', 'lengthoverall', 'shiplength'],
  width: ['width', 'beam', 'breadth', 'shipwidth'],
  toBow: ['tobow', 'dimensiontobow'],
  toStern: ['tostern', 'dimensiontostern'],
  toPort: ['toport', 'dimensiontoport'],
  toStarboard: ['tostarboard', 'dimensiontostarboard'],
  draught: ['draught', 'draft', 'maximumdraught'],
  destination: ['destination', 'dest'],
  eta: ['eta'],
}

/** Units that a name may end in, where they are the units we keep: another unit makes it another name. */
const ANGLE = ['degrees', 'degree', 'deg', 'dd', 'decimal']
const SPEED = ['knots', 'knot', 'kn', 'kts', 'kt']
const LENGTH = ['m', 'metres', 'meters', 'metre', 'meter']
const TIME = ['utc', 'gmt', 's', 'sec', 'seconds', 'ms', 'epoch', 'unix', 'iso']
const UNITS: Partial<Record<Field, readonly string[]>> = {
  t: TIME,
  receivedAt: TIME,
  lat: ANGLE,
  lon: ANGLE,
  cog: ANGLE,
  heading: ANGLE,
  sog: SPEED,
  length: LENGTH,
  width: LENGTH,
  draught: LENGTH,
}

/** A name in lower case without `# `, blanks and punctuation. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '')

const words = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)

const RANK = new Map<string, { field: Field; rank: number }>()
for (const field of FIELDS) ALIASES[field].forEach((alias, rank) => RANK.set(alias, { field, rank }))

/** Which field a column or key name means, and how good the name is (0 best); undefined when none. */
export function fieldOf(name: string): { field: Field; rank: number } | undefined {
  const known = RANK.get(plainName(name))
  if (known) return known
  const parts = words(name)
  const unit = parts.pop()
  const bare = RANK.get(parts.join(''))
  if (!bare || !unit || !UNITS[bare.field]?.includes(unit)) return undefined
  return { field: bare.field, rank: bare.rank + 0.5 }
}
