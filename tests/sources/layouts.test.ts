// Each layout by real-looking records: what its values come to, and what is refused.

import { describe, expect, test } from 'vitest'
import { FIELDS } from '../../src/sources/fields.js'
import { createJsonReader } from '../../src/sources/json.js'
import { LAYOUTS, layoutNamed, originsOf } from '../../src/sources/layouts.js'
import { INPUT_FORMATS, sniff } from '../../src/sources/sniff.js'
import { readCsvLayout } from '../../src/sources/csv/layout.js'
import { balance, bytesOf, collector, pushCut, readCsv, type Collected } from './helpers.js'

function readJson(
  text: string,
  options: { timeStart?: number; cuts?: number[] } = {},
): Collected & { format: string } {
  const bytes = bytesOf(text)
  const what = sniff(bytes.subarray(0, 65_536), 'feed')
  if (what.container !== 'json') throw new Error(`taken for ${what.container}`)
  const result = collector('feed')
  if (options.timeStart !== undefined) result.context.timeStart = options.timeStart
  pushCut(createJsonReader(result.context, { layout: what.layout }), bytes, options.cuts ?? [])
  expect(balance(result).accounted).toBe(result.counts.read)
  return { ...result, format: what.format }
}

const T = Date.UTC(2023, 9, 22, 22, 47, 36)
const turn = (byte: number): number => Math.fround(Math.sign(byte) * (byte / 4.733) ** 2)

describe('the table', () => {
  test('names are unique and are what --input-format takes', () => {
    expect(new Set(INPUT_FORMATS).size).toBe(INPUT_FORMATS.length)
    expect(INPUT_FORMATS).toEqual(['nmea', 'json', 'csv', 'parquet', ...LAYOUTS.map(({ name }) => name)])
  })

  test.each(LAYOUTS.map(layout => [layout.name, layout] as const))(
    '%s says who, when and where',
    (_, layout) => {
      const has = (field: (typeof FIELDS)[number]): boolean => originsOf(layout.fields, field).length > 0
      expect(has('mmsi')).toBe(true)
      expect(has('t') || layout.baseTime !== undefined).toBe(true)
      const hasPoint = layout.has.some(names => names.includes('geometry'))
      if (!layout.isStatic && !hasPoint) expect(has('lat') && has('lon')).toBe(true)
    },
  )

  test.each(LAYOUTS.filter(({ shape }) => shape === 'table').map(layout => [layout.name, layout] as const))(
    '%s is recognised by its header, not by its order',
    (_, layout) => {
      const names = FIELDS.flatMap(field => originsOf(layout.fields, field).map(({ name }) => name))
      const columns = [...new Set([...names, ...layout.has[0]!])].reverse()
      expect(readCsvLayout(bytesOf(`${columns.join(',')}\n`), 'x').name).toBe(
        // without rows nothing tells scaled from raw
        layout.name === 'aishub' ? 'aishub-raw' : layout.name,
      )
    },
  )
})

describe('aisstream', () => {
  const message = (type: string, body: object, meta: object = {}): string =>
    JSON.stringify(
      {
        Message: { [type]: body },
        MessageType: type,
        MetaData: {
          ...{ MMSI: 0, ShipName: 'PADDED              ', latitude: 1, longitude: 2 },
          ...{ time_utc: '2023-10-22 22:47:36.94034384 +0000 UTC', ...meta },
        },
      },
      null,
      2,
    )
  const position = { Cog: 360, Latitude: 55.5, Longitude: -3.25, MessageID: 3, NavigationalStatus: 3 }
  const more = { RateOfTurn: -13, Sog: 102.3, Timestamp: 36, TrueHeading: 511, UserID: 250013879 }

  test('a pretty-printed message is one record; UserID is the vessel', () => {
    const { rows, format } = readJson(message('PositionReport', { ...position, ...more }))
    expect(format).toBe('aisstream')
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      ...{ mmsi: 250013879, t: T + 940, lat: 55.5, lon: -3.25, sog: NaN, cog: NaN, heading: NaN },
      ...{ rot: turn(-13), navStatus: 3, msgType: 3, txClass: 'A', utcSecond: 36 },
    })
  })

  test('static data, halves, an aid to navigation, and messages of no use here', () => {
    const { rows, counts } = readJson(
      [
        message('ShipStaticData', {
          ...{ MessageID: 5, UserID: 1, Name: 'DE MAZE', CallSign: 'PF7479', ImoNumber: 0, Type: 69 },
          ...{ Dimension: { A: 18, B: 2, C: 0, D: 5 }, MaximumStaticDraught: 1.5, Destination: 'ROTTERDAM' },
          Eta: { Day: 13, Hour: 18, Minute: 0, Month: 9 },
        }),
        message('StaticDataReport', {
          ...{ MessageID: 24, UserID: 2, PartNumber: true, ReportA: { Name: '', Valid: false } },
          ReportB: { CallSign: 'LK 4676', Dimension: { A: 11, B: 3, C: 2, D: 2 }, ShipType: 30, Valid: true },
        }),
        message('AidsToNavigationReport', {
          ...{ MessageID: 21, UserID: 993682745, Latitude: 29.5, Longitude: -94.5, Name: '74A  ', Type: 14 },
        }),
        message('SafetyBroadcastMessage', { MessageID: 14, UserID: 970854294, Text: 'MOB TEST' }),
        message('UnknownMessage', {}, { MMSI: 219007462 }),
      ].join('\n'),
    )
    expect(rows[0]!.statics).toEqual({
      ...{ name: 'DE MAZE', callsign: 'PF7479', shipType: 69, length: 20, width: 5, draught: 1.5 },
      ...{ destination: 'ROTTERDAM', eta: '09-13T18:00' },
    })
    expect(rows[1]!.statics).toEqual({ callsign: 'LK 4676', shipType: 30, length: 14, width: 4 })
    expect(rows[2]).toMatchObject({ lat: 29.5, txClass: 'aton', statics: { name: '74A' } })
    expect(rows[2]!.statics).not.toHaveProperty('shipType')
    expect(counts).toMatchObject({ read: 5, static: 2, other: 2 })
  })

  test('a message without its envelope has the time that was given, or none', () => {
    const bare = JSON.stringify({ ...position, ...more })
    expect(readJson(bare).rejects).toMatchObject([{ reason: 'no-time', line: 1 }])
    expect(readJson(bare, { timeStart: T }).rows[0]).toMatchObject({ t: T, rot: turn(-13) })
  })
})

describe('gpsd', () => {
  const scaled =
    '{"class":"AIS","device":"stdin","type":1,"repeat":0,"mmsi":371798000,"scaled":true,"status":0,"turn":"fastleft","speed":12.3,"lon":-123.3953833,"lat":48.3816333,"course":224.0,"heading":215,"second":33}'
  const raw =
    '{"class":"AIS","device":"stdin","type":1,"repeat":0,"mmsi":371798000,"scaled":false,"status":0,"turn":-127,"speed":123,"lon":-74037230,"lat":29028980,"course":2240,"heading":215,"second":33}'
  const base =
    '{"class":"AIS","device":"stdin","type":4,"repeat":0,"mmsi":3669702,"scaled":true,"timestamp":"2007-05-14T19:57:39Z","lon":-76.35,"lat":36.88,"epfd":7}'
  const version = '{"class":"VERSION","release":"3.25","rev":"3.25","proto_major":3}'

  test('scaled and unscaled say the same', () => {
    const [a, b] = [scaled, raw].map(text => readJson(text, { timeStart: T }))
    expect([a!.format, b!.format]).toEqual(['gpsd', 'gpsd-raw'])
    expect(a!.rows[0]).toMatchObject({ rot: turn(-127), sog: Math.fround(12.3), cog: 224, navStatus: 0 })
    expect(b!.rows[0]!.lat).toBeCloseTo(a!.rows[0]!.lat, 6)
    expect(b!.rows[0]!.lon).toBeCloseTo(a!.rows[0]!.lon, 6)
    expect({ ...b!.rows[0], lat: 0, lon: 0 }).toEqual({ ...a!.rows[0], lat: 0, lon: 0 })
  })

  test('messages 9 and 27 have other units on the wire', () => {
    const { rows } = readJson(
      '{"class":"AIS","type":9,"mmsi":111232511,"scaled":false,"alt":303,"speed":42,"lon":-3767306,"lat":34886400,"course":1545}\n' +
        '{"class":"AIS","type":27,"mmsi":206914217,"scaled":false,"status":2,"lon":82214,"lat":2904,"speed":57,"course":167}\n',
      { timeStart: T },
    )
    expect(rows[0]).toMatchObject({ sog: 42, cog: 154.5, lat: 58.144, txClass: 'sar' })
    expect(rows[1]).toMatchObject({ sog: 57, cog: 167, lat: 4.84, navStatus: 2 })
  })

  test('sentinels and words for none are not available', () => {
    const { rows } = readJson(
      '{"class":"AIS","type":1,"mmsi":440348000,"scaled":true,"status":15,"turn":"nan","speed":102.3,"lon":181,"lat":91,"course":360,"heading":511,"second":60}',
      { timeStart: T },
    )
    expect(rows[0]).toMatchObject({
      lat: NaN,
      lon: NaN,
      sog: NaN,
      cog: NaN,
      heading: NaN,
      rot: NaN,
      navStatus: 15,
    })
  })

  test('messages take the time of the base stations; those before the first one wait for it', () => {
    const late = base.replace('19:57:39', '19:58:00')
    const { rows, counts } = readJson([version, scaled, base, scaled, late, scaled, ''].join('\n'))
    const at = Date.UTC(2007, 4, 14, 19, 57, 39)
    expect(rows.map(row => row.t)).toEqual([at, at, at, at + 21_000, at + 21_000])
    expect(counts.read).toBe(5) // a greeting is no row
  })

  test('without a base station they have no time', () => {
    expect(readJson(`${scaled}\n${scaled}\n`).rejects).toMatchObject([
      { reason: 'no-time', line: 1 },
      { reason: 'no-time', line: 2, raw: scaled },
    ])
  })
})

describe('AIS-catcher', () => {
  const full =
    '{"class":"AIS","device":"AIS-catcher","scaled":true,"channel":"B","rxuxtime":1693058400,"rxtime":"20230826140000","toa":1693058399.5,"mmsi":244780791,"type":1,"repeat":0,"nmea":["!AIVDM,1,1,,B,13HOI:0P0000VOHLCnHQKwvL05Ip,0*20"],"status":0,"turn":0,"turn_unscaled":0,"speed":8.1,"lon":4.5,"lat":51.9,"course":12.5,"second":0,"station_id":7}'

  test('decoded fields go before the sentence; what is left out is not available', () => {
    const { rows, counts, format } = readJson(full)
    expect(format).toBe('ais-catcher')
    expect(counts.read).toBe(1)
    expect(rows[0]).toMatchObject({
      ...{ t: 1693058399500, receivedAt: 1693058400000, lat: 51.9, heading: NaN, rot: 0, receiver: '7' },
    })
  })

  test('an HTTP post is unwrapped, and its station is the receiver', () => {
    const post = `{"protocol":"jsonaiscatcher","encodetime":"20230826140001","stationid":"quay","msgs":[${full.replace(',"station_id":7', '')},\n${full}],"x":{"y":[1]}}\n`
    const { rows } = readJson(post + post, { cuts: [3, 40, 333, 700] })
    expect(rows.map(row => row.receiver)).toEqual(['quay', '7', 'quay', '7'])
  })

  test('JSON_NMEA is read as NMEA, at the time of the object', () => {
    const { rows, counts } = readJson(
      '{"class":"AIS","device":"AIS-catcher","channel":"A","rxuxtime":1693058400,"rxtime":"20230826140000","signalpower":-20.1,"ppm":0.5,"nmea":["!AIVDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*23"]}\n' +
        '{"class":"AIS","device":"AIS-catcher","channel":"A","rxuxtime":1693058401,"rxtime":"20230826140001","nmea":["!AIVDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*24"]}\n',
    )
    expect(rows).toMatchObject([{ t: 1693058400000, msgType: 1 }])
    expect(counts).toMatchObject({ read: 2, rejected: { checksum: 1 } })
  })
})

describe('Digitraffic', () => {
  const location =
    '{"time":1668075025,"sog":10.7,"cog":326.6,"navStat":0,"rot":-4,"posAcc":true,"raim":false,"heading":325,"lon":20.345818,"lat":60.03802}'
  const metadata =
    '{"timestamp":1668075026035,"destination":"UST LUGA","name":"ARUNA CIHAN","draught":68,"eta":733376,"posType":15,"refA":160,"refB":33,"refC":20,"refD":12,"callSign":"V7WW7","imo":9543756,"type":70}'
  const want = {
    mmsi: 538007963,
    t: 1668075025000,
    lat: 60.03802,
    lon: 20.345818,
    heading: 325,
    rot: turn(-4),
  }
  const who = {
    ...{ name: 'ARUNA CIHAN', imo: 9543756, callsign: 'V7WW7', shipType: 70, length: 193, width: 32 },
    ...{ draught: 6.8, destination: 'UST LUGA', eta: '11-06T03:00' },
  }

  test.each([
    ['mosquitto_sub -v', (topic: string, payload: string) => `${topic} ${payload}`],
    ['topic and payload', (topic: string, payload: string) => `{"topic":"${topic}","payload":${payload}}`],
    ['topic and payload as text', (topic: string, payload: string) => JSON.stringify({ payload, topic })],
    ['an mmsi of its own', (_: string, payload: string) => payload.replace('{', '{"mmsi":538007963,')],
  ])('%s', (_, wrap) => {
    const { rows, format } = readJson(
      [wrap('vessels-v2/538007963/location', location), wrap('vessels-v2/538007963/metadata', metadata)].join(
        '\n',
      ),
    )
    expect(format).toBe('digitraffic')
    expect(rows[0]).toMatchObject(want)
    expect(rows[1]).toMatchObject({ mmsi: 538007963, t: 1668075026035, msgType: 5, statics: who })
  })

  test('REST locations are GeoJSON', () => {
    const feature = (mmsi: number): string =>
      `{"mmsi":${mmsi},"type":"Feature","geometry":{"type":"Point","coordinates":[20.345818,60.03802]},"properties":{"mmsi":${mmsi},"sog":10.7,"cog":326.6,"navStat":0,"rot":-4,"posAcc":true,"raim":false,"heading":325,"timestamp":25,"timestampExternal":1668075025000}}`
    const { rows, format } = readJson(
      `{"type":"FeatureCollection","dataUpdatedTime":"2022-11-10T10:10:25Z","features":[${feature(538007963)},${feature(2)}]}`,
    )
    expect(format).toBe('digitraffic-geojson')
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({ ...want, utcSecond: 25 })
  })

  test('a collection of many features on one line is read in pieces', () => {
    const feature = `{"mmsi":1,"type":"Feature","geometry":{"type":"Point","coordinates":[20.3,60.0]},"properties":{"mmsi":1,"sog":10.7,"rot":0,"timestampExternal":1668075025000}}`
    const text = `{"type":"FeatureCollection","features":[${new Array(1000).fill(feature).join(',')}]}`
    expect(readJson(text, { cuts: [70_000, 100_000, 100_001] }).rows).toHaveLength(1000)
    expect(readJson('{"type":"FeatureCollection","features":[]}').counts.read).toBe(0)
  })
})

describe('AISHub', () => {
  const human =
    '{"MMSI":413811000,"TIME":"2011-04-12 10:40:27 GMT","LONGITUDE":118.5,"LATITUDE":38.5,"COG":356,"SOG":0.1,"HEADING":116,"NAVSTAT":1,"IMO":9118824,"NAME":"JIN HAI","CALLSIGN":"BVKU","TYPE":70,"A":197,"B":27,"C":20,"D":12,"DRAUGHT":7.5,"DEST":"CAOFEIDIAN","ETA":"04-10 07:00"}'
  const raw =
    '{"MMSI":413811000,"TIME":"1302604827","LONGITUDE":71100000,"LATITUDE":23100000,"COG":3560,"SOG":1,"HEADING":116,"NAVSTAT":1,"ROT":-128,"IMO":9118824,"NAME":"JIN HAI","CALLSIGN":"BVKU","TYPE":70,"A":197,"B":27,"C":20,"D":12,"DRAUGHT":75,"DEST":"CAOFEIDIAN","ETA":"282048"}'
  const want = {
    ...{ mmsi: 413811000, t: 1302604827000, lat: 38.5, lon: 118.5, sog: Math.fround(0.1), cog: 356 },
    statics: { name: 'JIN HAI', length: 224, width: 32, draught: 7.5, shipType: 70 },
  }

  test.each([
    ['aishub', human],
    ['aishub-raw', raw],
  ])('%s: a header and an array of vessels', (format, vessel) => {
    const result = readJson(
      `[{"ERROR":false,"USERNAME":"x","FORMAT":"HUMAN","RECORDS":2},[${vessel},${vessel}]]`,
    )
    expect(result.format).toBe(format)
    expect(result.counts.read).toBe(2)
    expect(result.rows[1]).toMatchObject(want)
  })

  test.each([
    [
      'aishub',
      'MMSI,TSTAMP,LATITUDE,LONGITUDE,COG,SOG,HEADING,NAVSTAT,IMO,NAME,CALLSIGN,TYPE,A,B,C,D,DRAUGHT,DEST,ETA',
      '413811000,"2011-04-12 10:40:27 GMT",38.5,118.5,356,0.1,116,1,9118824,JIN HAI,BVKU,70,197,27,20,12,7.5,CAOFEIDIAN,04-10 07:00',
    ],
    [
      'aishub-raw',
      'MMSI,TSTAMP,LATITUDE,LONGITUDE,COG,SOG,HEADING,NAVSTAT,IMO,NAME,CALLSIGN,TYPE,A,B,C,D,DRAUGHT,DEST,ETA',
      '413811000,1302604827,23100000,71100000,3560,1,116,1,9118824,JIN HAI,BVKU,70,197,27,20,12,75,CAOFEIDIAN,282048',
    ],
  ])('%s as CSV', (name, header, row) => {
    expect(readCsvLayout(bytesOf(`${header}\n${row}\n`), 'x').name).toBe(name)
    expect(readCsv(`${header}\n${row}\n`).rows[0]).toMatchObject(want)
  })
})

describe('tables', () => {
  const MT = 'MMSI,LAT,LON,SPEED,HEADING,COURSE,STATUS,TIMESTAMP,DSRC'

  test('MarineTraffic has tenths of knots where all speeds are whole numbers', () => {
    const api = readCsv(`${MT}\n304010417,47.5,-5.5,74,511,329,0,2017-05-19T09:39:57,TER\n`)
    expect(api.rows[0]).toMatchObject({ sog: Math.fround(7.4), cog: 329, collection: 'terrestrial' })
    const other = `${MT}\n304010417,47.5,-5.5,7.4,511,329,0,2017-05-19T09:39:57,TER\n`
    expect(readCsvLayout(bytesOf(other), 'x').name).toBe('csv')
    expect(readCsv(other).rows[0]!.sog).toBe(Math.fround(7.4))
    // lower-case columns are somebody else's
    expect(readCsvLayout(bytesOf(`${MT.toLowerCase()}\n`), 'x').name).toBe('csv')
    const json = readJson(
      '[{"MMSI":"304010417","LAT":"47.5","LON":"-5.5","SPEED":"74","HEADING":"329","COURSE":"327","STATUS":"0","TIMESTAMP":"2017-05-19T09:39:57","DSRC":"SAT"}]',
    )
    expect(json.format).toBe('marinetraffic')
    expect(json.rows[0]).toMatchObject({ sog: Math.fround(7.4), collection: 'satellite' })
  })

  test('VesselFinder, CSV and JSON', () => {
    const { rows, format } = readJson(
      '[{"AIS":{"MMSI":227441980,"TIMESTAMP":"2017-08-11 11:17:37 UTC","LATITUDE":46.1,"LONGITUDE":-1.1,"COURSE":360,"SPEED":0,"HEADING":511,"NAVSTAT":1,"IMO":0,"NAME":"X","CALLSIGN":"FJ","TYPE":60,"A":0,"B":0,"C":0,"D":0,"DRAUGHT":0,"DESTINATION":"","ETA_AIS":"00-00 00:00","SRC":"TER"}}]',
    )
    expect(format).toBe('vesselfinder')
    expect(rows[0]).toMatchObject({
      t: Date.UTC(2017, 7, 11, 11, 17, 37),
      cog: NaN,
      collection: 'terrestrial',
    })
    expect(
      readCsvLayout(bytesOf('MMSI,TIMESTAMP,LATITUDE,LONGITUDE,COURSE,SPEED,HEADING,NAVSTAT,IMO\n'), 'x')
        .name,
    ).toBe('vesselfinder')
  })

  test('hais: any order, a decimal comma, terrestrial and satellite', () => {
    const { rows } = readCsv(
      'mmsi;date_time_utc;lon;lat;sog;cog;true_heading;nav_status;rot;message_nr;source\n' +
        '257000001;2020-01-01 00:00:00;-5,25;60,512345;7,5;90.5;91;7;-128;1;s\n' +
        '257000001;2020-01-01 00:00:01;5,2,5;60,5;7,5;90,5;91;7;0;1;g\n',
    )
    expect(rows).toMatchObject([
      { lat: 60.512345, lon: -5.25, sog: 7.5, cog: 90.5, collection: 'satellite', rot: NaN },
    ])
  })

  test('Brest: raw rate of turn and sentinels; static data in a file of their own', () => {
    const { rows } = readCsv(
      'sourcemmsi,navigationalstatus,rateofturn,speedoverground,courseoverground,trueheading,lon,lat,t\n' +
        '245257000,0,-13,102.3,360,511,-4.5,48.4,1443650402\n245257000,0,-128,0.1,1,1,-4.5,48.4,1443650403\n',
    )
    expect(rows[0]).toMatchObject({ rot: turn(-13), sog: NaN, cog: NaN, heading: NaN })
    expect(rows[1]!.rot).toBeNaN()
    const ships = readCsv(
      'sourcemmsi,imonumber,callsign,shipname,shiptype,tobow,tostern,tostarboard,toport,eta,draught,destination,mothershipmmsi,t\n' +
        '304091000,9509255,V2GU5,HC TEST,70,130,30,18,6,04-09 20:00,10.1,BREST,,1443650423\n',
    )
    expect(ships.counts).toMatchObject({ read: 1, static: 1 })
    expect(ships.rows[0]!.statics).toMatchObject({ name: 'HC TEST', length: 160, width: 24, draught: 10.1 })
  })

  test('exactEarth: one row a message of any type', () => {
    const result = readCsv(
      'MMSI,Message_ID,Repeat_indicator,Time,Millisecond,Vessel_Name,Dimension_to_Bow,Dimension_to_stern,ROT,SOG,Longitude,Latitude,COG,Heading\n' +
        '316000001,1,0,20210101_000000,7,,,,,10.1,-60.5,45.5,90,91\n' +
        '316000001,5,0,20210101_000001,7,TEST SHIP,20,10,,,,,,\n' +
        '316000001,20,0,20210101_000002,7,,,,,,,,,\n',
    )
    expect(result.rows).toMatchObject([
      { t: Date.UTC(2021, 0, 1), lat: 45.5, msgType: 1, txClass: 'A' },
      { msgType: 5, statics: { name: 'TEST SHIP', length: 30 } },
    ])
    expect(result.counts).toMatchObject({ read: 3, static: 1, other: 1 })
    expect(balance(result).accounted).toBe(3)
  })

  test('Spire and BarentsWatch', () => {
    const spire = readJson(
      '{"data":{"vessels":{"pageInfo":{"hasNextPage":false},"nodes":[{"id":"x","updateTimestamp":"2024-01-02T00:00:00Z","staticData":{"aisClass":"A","mmsi":249000001,"name":"TEST","shipType":"CARGO","dimensions":{"a":1,"b":2,"length":180,"width":30}},"lastPositionUpdate":{"timestamp":"2024-01-01T00:00:00.000Z","latitude":1.5,"longitude":2.5,"speed":9.5,"course":10,"heading":11,"rot":0,"navigationalStatus":"UNDER_WAY_USING_ENGINE","collectionType":"SATELLITE"},"currentVoyage":{"destination":"X","draught":8.1}}]}}}',
    )
    expect(spire.format).toBe('spire')
    expect(spire.rows[0]).toMatchObject({
      ...{
        mmsi: 249000001,
        t: Date.UTC(2024, 0, 1),
        lat: 1.5,
        navStatus: 0,
        collection: 'satellite',
        txClass: 'A',
      },
      statics: { name: 'TEST', length: 180, shipType: 70, draught: 8.1 },
    })
    const bw = readJson(
      '[{"courseOverGround":332.6,"latitude":66.5,"longitude":12.5,"name":"TEST","rateOfTurn":0,"shipType":31,"speedOverGround":0.5,"trueHeading":511,"navigationalStatus":5,"mmsi":259000001,"msgtime":"2023-10-22T22:47:36+00:00"}]',
    )
    expect(bw.format).toBe('barentswatch')
    expect(bw.rows[0]).toMatchObject({ t: T, lat: 66.5, sog: 0.5, heading: NaN, navStatus: 5 })
  })

  test('a layout can be said where nothing tells it', () => {
    const bytes = bytesOf('mmsi,t,lat,lon,SPEED\n1,1443650402,1,1,123\n')
    const layout = readCsvLayout(bytes, 'x', {}, layoutNamed('marinetraffic'))
    expect([layout.name, layout.unit.sog]).toEqual(['marinetraffic', '1/10 kn'])
    expect(sniff(bytes, 'x', { format: 'csv' }).format).toBe('csv')
  })
})
