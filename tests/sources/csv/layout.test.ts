import { describe, expect, test } from 'vitest'
import { readCsvLayout } from '../../../src/sources/csv/layout.js'
import { balance, bytesOf, readCsv } from '../helpers.js'

const layout = (text: string, map?: Record<string, string>) => readCsvLayout(bytesOf(text), 'day.csv', map)

const MC2 =
  'mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,width,draft,cargo,transceiver'
const DMA22 =
  '# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type'

describe('archives by name', () => {
  test('MarineCadastre, the lower-case one: longitude before latitude', () => {
    expect(layout(MC2).name).toBe('marinecadastre-2')
    const { rows } = readCsv(
      `${MC2}\n367379190,2025-01-01 00:00:07,-88.56408,30.3706,9.9,336.2,,EAGLE,IMO8207721,WTD4583,31,0,28,11,3.3,52,A\n`,
    )
    expect(rows[0]).toMatchObject({
      ...{
        mmsi: 367379190,
        t: Date.UTC(2025, 0, 1, 0, 0, 7),
        lat: 30.3706,
        lon: -88.56408,
        heading: NaN,
        navStatus: 0,
      },
      txClass: 'A',
      statics: {
        name: 'EAGLE',
        imo: 8207721,
        callsign: 'WTD4583',
        shipType: 31,
        length: 28,
        width: 11,
        draught: 3.3,
      },
    })
  })

  test.each([
    ['22 columns', DMA22, ''],
    ['26 columns', `${DMA22},A,B,C,D`, ',10,20,3,4'],
  ])('DMA, %s: day first, words for codes, 91 for no latitude', (_, header, tail) => {
    expect(layout(header).name).toBe('dma')
    const csv = [
      header,
      `31/12/2015 23:59:59,Class A,219000001,55.5,10.25,Under way using engine,1.5,12.3,45.6,46,9111111,OXAB2,M/S TEST,Cargo,,20,150,GPS,7.5,"AARHUS, DK",01/01/2016 06:00:00,AIS${tail}`,
      `31/12/2015 23:59:59,Base Station,2190064,56.1,11.1,Unknown value,,,,,Unknown,,,Undefined,,,,GPS,,,,AIS${tail}`,
      `31/12/2015 23:59:59,Class B,219000002,91.0,0.0,Unknown value,,,,,Unknown,,,Pleasure,,,,Undefined,,Unknown,,AIS${tail}`,
      `31/12/2015 23:59:59,AtoN,992190001,56.1,11.1,Unknown value,,,,,Unknown,,,Undefined,,,,GPS,,,,AIS${tail}`,
      '',
    ].join('\r\n')
    const result = readCsv(csv)
    expect(result.rows.map(row => row.txClass)).toEqual(['A', 'base', 'B', 'aton'])
    expect(result.rows[0]).toMatchObject({
      ...{
        t: Date.UTC(2015, 11, 31, 23, 59, 59),
        lat: 55.5,
        lon: 10.25,
        rot: 1.5,
        heading: 46,
        navStatus: 0,
      },
      statics: {
        ...{
          imo: 9111111,
          name: 'M/S TEST',
          callsign: 'OXAB2',
          shipType: 70,
          length: 150,
          width: 20,
          draught: 7.5,
        },
        ...{ destination: 'AARHUS, DK', eta: '01/01/2016 06:00:00' },
      },
    })
    expect(result.rows[1]).toMatchObject({ mmsi: 2190064, navStatus: 15, statics: undefined })
    expect(result.rows[2]).toMatchObject({ lat: NaN, lon: NaN, statics: { shipType: 37 } })
    expect(balance(result)).toEqual({ read: 4, accounted: 4 })
  })
})

describe('columns by name', () => {
  test.each([
    [
      'sourcemmsi,navigationalstatus,rateofturn,speedoverground,courseoverground,trueheading,lon,lat,t',
      '228000000,7,0,5.5,90.5,91,-4.5,48.2,1443650402',
      ',',
    ],
    [
      'mmsi;lon;lat;date_time_utc;sog;cog;true_heading;nav_status;rot;message_nr;source',
      '228000000;-4.5;48.2;2015-09-30 22:00:02;5.5;90.5;91;7;0;1;g',
      ';',
    ],
    [
      'Time\tMMSI\tLatitude_degrees\tLongitude_degrees\tCOG_degrees\tSOG_knots\thdg\tNavStat',
      '2015-09-30 22:00:02.000\t228000000\t48.2\t-4.5\t90.5\t5.5\t91.0\t7.0',
      '\t',
    ],
    [
      'ssvid|timestamp|lat|lon|speed|course|heading|nav_status',
      '228000000|2015-09-30T22:00:02.000000Z|48.2|-4.5|5.5|90.5|91|Engaged in fishing',
      '|',
    ],
    [
      '"MMSI","dt_pos_utc","dt_insert_utc","latitude","longitude","sog","cog","heading","nav_status","nav_status_code"',
      '"228000000","2015-09-30 22:00:02","2015-10-01 00:00:00","48.2","-4.5","5.5","90.5","91","Fishing","7"',
      ',',
    ],
  ])('%s', (header, row, delimiter) => {
    const { rows } = readCsv(`\ufeff${header}\n${row}\n`)
    expect(layout(header).delimiter).toBe(delimiter.charCodeAt(0))
    expect(rows[0]).toMatchObject({
      mmsi: 228000000,
      t: 1443650402000,
      lat: 48.2,
      lon: -4.5,
      sog: 5.5,
      cog: 90.5,
      heading: 91,
      navStatus: 7,
    })
  })

  test('track_id is the MMSI only where nothing else is', () => {
    expect(layout('track_id,time,lat,lon').column.mmsi).toBe(0)
    expect(layout('track_id,time,lat,lon,mmsi').column.mmsi).toBe(4)
  })

  test('a unit that we do not keep makes another column', () => {
    expect(layout('mmsi,t,lat,lon,sog_knots').column.sog).toBe(4)
    expect(layout('mmsi,t,lat,lon,sog_mps').column.sog).toBe(-1)
    expect(layout('mmsi,t,lat,lon,speed_kmh,length_m').column).toMatchObject({ sog: -1, length: 5 })
  })

  test('type is a message id where all its values are, else a ship type', () => {
    const message = readCsv(
      'mmsi,t,lat,lon,type,tagblock_station\n1,1443650402,1,1,18,rTEST\n1,1443650403,1,1,5,\n',
    )
    expect(message.rows[0]).toMatchObject({ msgType: 18, txClass: 'B', receiver: 'rTEST' })
    expect(message.counts.static).toBe(1)
    expect(balance(message)).toEqual({ read: 2, accounted: 2 })
    const ship = readCsv('mmsi,t,lat,lon,type\n1,1443650402,1,1,18\n1,1443650403,1,1,70\n')
    expect(ship.rows[1]).toMatchObject({ msgType: 0, statics: { shipType: 70 } })
    const typeOf = (cell: string) =>
      readCsv(`mmsi,t,lat,lon,type\n1,1443650402,1,1,${cell}\n`).rows[0]!.msgType
    expect(['AIS.27', '28', 'AIS.28', '29', '0'].map(typeOf)).toEqual([27, 28, 28, 0, 0])
  })

  test('unusual names by map, which wins over the aliases', () => {
    const csv = 'who;when;where_y;where_x;lat\n7;2022-01-03T00:00:00Z;1;2;99\n'
    const map = { mmsi: 'who', t: 'when', lat: 'where_y', lon: 'Where X' }
    expect(readCsv(csv, [], map).rows[0]).toMatchObject({ mmsi: 7, lat: 1, lon: 2 })
    expect(() => layout(csv, { ...map, t: 'then' })).toThrow(
      'day.csv: no column "then" for t; columns found: who, when, where_y, where_x, lat',
    )
    expect(() => layout(csv, { ...map, speed: 'x' })).toThrow(
      'map: unknown field "speed", expected one of mmsi, t, lat',
    )
  })

  test('comments, blank lines and sep= may stand before the header', () => {
    const { rows, rejects } = readCsv(
      'sep=;\n\n# made today\nmmsi;t;lat;lon\n1;1443650402;1;1\n0;1443650402;1;1\n',
    )
    expect(rows).toHaveLength(1)
    expect(rejects[0]!.line).toBe(6)
  })
})

describe('refusals', () => {
  test('a CSV without latitude says what it has and what it lacks', () => {
    expect(() => layout('mmsi,time,lon,speed\n1,2,3,4\n')).toThrow(
      'day.csv: CSV without latitude; columns found: mmsi, time, lon, speed; missing: lat (name them with --map lat=COLUMN)',
    )
    expect(() => layout('date,ssvid,hour\n')).toThrow(
      'day.csv: CSV without time, latitude, longitude; columns found: date, ssvid, hour',
    )
  })

  test('hostile column names are made safe', () => {
    expect(() => layout('mmsi,time,\u001b[31mred,x\n')).toThrow('columns found: mmsi, time, [31mred, x;')
  })

  const rows = (count: number, line: (k: number) => string): string =>
    `mmsi,t,lat,lon\n${Array.from({ length: count }, (_, k) => line(k)).join('\n')}\n`

  test('swapped columns are refused, naming the remedy', () => {
    const swapped = rows(100, k => `1,${1443650402 + k},-117.9,33.6`)
    expect(() => layout(swapped)).toThrow('day.csv: latitude and longitude look swapped: 100 of the first')
    expect(readCsv(swapped, [], { lat: 'lon', lon: 'lat' }).rows[0]).toMatchObject({ lat: 33.6, lon: -117.9 })
  })

  test('one latitude in a hundred beyond ±90 is noise, more is a swap; a longitude beyond ±90 settles it', () => {
    const noisy = (bad: number, lon = '33.6'): string =>
      rows(300, k => `1,${1443650402 + k},${k < bad ? 95 : 45},${k === 200 ? lon : '33.6'}`)
    expect(() => layout(noisy(3))).not.toThrow()
    expect(() => layout(noisy(4))).toThrow('swapped')
    expect(() => layout(noisy(4, '90'))).toThrow('swapped')
    expect(() => layout(noisy(4, '90.1'))).not.toThrow()
  })
})
