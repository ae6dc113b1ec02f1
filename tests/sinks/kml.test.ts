// KML by a real parser: well-formed for any events, children in the order of the OGC schema, nothing that runs in a balloon.

import fc from 'fast-check'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import type { DarkEvent } from '../../src/model/event.js'
import { kmlFormat } from '../../src/sinks/kml.js'
import { shownText } from '../../src/sinks/markup.js'
import { isoTime } from '../../src/sinks/values.js'
import { anyEvent, gapEvent, HOSTILE, openGap, outage } from './events.js'

function write(events: DarkEvent[]): string {
  const format = kmlFormat()
  const body = events.map(event => format.event(event)).join('')
  return format.head + body + (format.tail as () => string)()
}

interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

/** A tree of a document. @throws where it is not well-formed, or has a prefix that stands for nothing */
function parse(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('opentag', ({ local, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value] as const)
    const element = { name: local, attributes: Object.fromEntries(values), children: [], text: '' }
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('text', text => (open.at(-1)!.text += text))
  parser.on('closetag', () => void open.pop())
  parser.on('error', error => {
    throw error
  })
  parser.write(xml).close()
  return root.children[0]!
}

const all = (element: Element, name: string): Element[] =>
  element.children.flatMap(child => [...(child.name === name ? [child] : []), ...all(child, name)])
const child = (element: Element, name: string): Element | undefined =>
  element.children.find(each => each.name === name)
const dataOf = (placemark: Element): Record<string, string> =>
  Object.fromEntries(
    all(placemark, 'Data').map(each => [each.attributes['name']!, child(each, 'value')!.text]),
  )

// OGC 07-147r2: what may stand in an element, in the order of its xsd:sequence
const ORDER: Record<string, string[]> = {
  kml: ['Document'],
  Document: ['name', 'open', 'Style', 'Folder'],
  Folder: ['name', 'visibility', 'Placemark'],
  Style: ['IconStyle', 'LabelStyle', 'LineStyle', 'PolyStyle', 'BalloonStyle'],
  IconStyle: ['color', 'scale'],
  LabelStyle: ['scale'],
  LineStyle: ['color', 'width'],
  PolyStyle: ['color'],
  BalloonStyle: ['text'],
  Placemark: [
    ...['name', 'visibility', 'description', 'TimeSpan', 'styleUrl', 'ExtendedData'],
    ...['Point', 'LineString', 'MultiGeometry', 'Polygon'],
  ],
  TimeSpan: ['begin', 'end'],
  ExtendedData: ['Data'],
  Data: ['value'],
  Point: ['altitudeMode', 'coordinates'],
  LineString: ['tessellate', 'altitudeMode', 'coordinates'],
  Polygon: ['tessellate', 'altitudeMode', 'outerBoundaryIs', 'innerBoundaryIs'],
  MultiGeometry: ['Point', 'LineString', 'Polygon'],
  outerBoundaryIs: ['LinearRing'],
  innerBoundaryIs: ['LinearRing'],
  LinearRing: ['coordinates'],
}
/** Of these several may stand in a row. */
const MANY = ['Style', 'Folder', 'Placemark', 'Data', 'Point', 'LineString', 'Polygon', 'innerBoundaryIs']

function outOfOrder(element: Element): string[] {
  const order = ORDER[element.name] ?? []
  const places = element.children.map(({ name }) => order.indexOf(name))
  const wrong = places.flatMap((place, k) => {
    const before = places[k - 1] ?? -1
    const name = element.children[k]!.name
    const fine = place > before || (place === before && MANY.includes(name))
    return place >= 0 && fine ? [] : [`${element.name} > ${name}`]
  })
  return [...wrong, ...element.children.flatMap(outOfOrder)]
}

const reaching = (over: Parameters<typeof gapEvent>[0], rangeM = 300_000): DarkEvent =>
  gapEvent({ ...over, details: { reach: { rangeM, vMaxKn: 15, vMaxFrom: 'class', areaKm2: 1 } } })

describe('the document', () => {
  test('holds every event once, with its id and its times, and stands in the order of the schema', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 6 }), events => {
        const kml = parse(write(events))
        expect(outOfOrder(kml)).toEqual([])
        expect(kml.attributes['xmlns']).toBe('http://www.opengis.net/kml/2.2')
        const placemarks = all(kml, 'Placemark').filter(each => dataOf(each)['part'] !== 'envelope')
        const told = placemarks.map(each => {
          const span = child(each, 'TimeSpan')!
          return [dataOf(each)['id'], child(span, 'begin')?.text, child(span, 'end')?.text]
        })
        const expected = events.map(({ id, start, end }) => [
          shownText(id),
          isoTime(start.t),
          end ? isoTime(end.t) : undefined,
        ])
        expect(told.sort()).toEqual(expected.sort())
      }),
      { numRuns: 200 },
    )
  })

  test('asks for nothing beyond itself: no address but the name of the schema', () => {
    const kml = write([gapEvent(), outage()])
    expect(kml.match(/\b[a-z]+:\/\/[^"<\s]+/g)).toEqual(['http://www.opengis.net/kml/2.2'])
    expect(kml).not.toContain('href')
  })

  test('has a style for each type, and every placemark has one of them', () => {
    const kml = parse(write([gapEvent(), outage()]))
    const styles = all(kml, 'Style').map(({ attributes }) => `#${attributes['id']}`)
    for (const { text } of all(kml, 'styleUrl')) expect(styles).toContain(text)
    expect(new Set(styles).size).toBe(styles.length)
  })

  test('writes no coordinate off the map, longitude first, and rings that are closed', () => {
    const area = { lat: 54.5, lon: -4, radiusM: 60_000 }
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 4 }), fc.nat(10_000_000), (events, rangeM) => {
        const spread = events.map(({ start, end }) => reaching({ start, end }, rangeM))
        const kml = parse(write([...events, ...spread, outage({ area })]))
        for (const { text } of all(kml, 'coordinates')) {
          for (const at of text.split(' ')) {
            const [lon, lat, ...rest] = at.split(',').map(Number)
            expect(Math.abs(lon!)).toBeLessThanOrEqual(180)
            expect(Math.abs(lat!)).toBeLessThanOrEqual(90)
            expect(rest).toEqual([])
          }
        }
        for (const ring of all(kml, 'LinearRing')) {
          const places = child(ring, 'coordinates')!.text.split(' ')
          expect(places.length).toBeGreaterThanOrEqual(4)
          expect(places[0]).toBe(places.at(-1))
        }
      }),
      { numRuns: 100 },
    )
  })

  test('cuts a silence across ±180 in two, with an icon at each of its ends', () => {
    const event = gapEvent({ start: { t: 0, lat: 10, lon: 179 }, end: { t: 1, lat: 20, lon: -179 } })
    const [placemark] = all(parse(write([event])), 'Placemark')
    const texts = (name: string) => all(placemark!, name).map(each => child(each, 'coordinates')!.text)
    expect(texts('LineString')).toEqual(['179,10 180,15', '-180,15 -179,20'])
    expect(texts('Point')).toEqual(['179,10', '-179,20'])
  })

  test('puts where a silent vessel can have been into a folder that is not shown at first', () => {
    const kml = parse(write([reaching({})]))
    const folder = all(kml, 'Folder').at(-1)!
    expect(child(folder, 'visibility')!.text).toBe('0')
    expect(all(folder, 'Polygon').length).toBe(1)
    expect(all(parse(write([gapEvent()])), 'Polygon')).toEqual([])
  })

  test('is a document without events too', () => {
    expect(outOfOrder(parse(write([])))).toEqual([])
  })
})

describe('a name that an attacker wrote', () => {
  test.each(HOSTILE)('%j stays text in the list, in the balloon and in the data', name => {
    const event = gapEvent({ vessel: { ...gapEvent().vessel, name }, class: name, id: name })
    const [placemark] = all(parse(write([event])), 'Placemark')
    expect(child(placemark!, 'name')!.children).toEqual([])
    // the balloon is HTML: what it holds is parsed once more
    const balloon = parse(`<div>${child(placemark!, 'description')!.text}</div>`)
    const names = [...new Set(['h3', 'p', 'br', 'ul', 'li'])]
    const found = (element: Element): string[] => element.children.flatMap(e => [e.name, ...found(e)])
    expect(found(balloon).filter(each => !names.includes(each))).toEqual([])
  })

  test('of 10,000 characters is cut', () => {
    const event = gapEvent({ vessel: { ...gapEvent().vessel, name: 'A'.repeat(10_000) } })
    const [placemark] = all(parse(write([event])), 'Placemark')
    expect(child(placemark!, 'name')!.text.length).toBeLessThanOrEqual(80)
  })

  test('asks the balloon for no other field', () => {
    const event = gapEvent({ vessel: { ...gapEvent().vessel, name: '$[description]' } })
    const [placemark] = all(parse(write([event])), 'Placemark')
    expect(child(placemark!, 'description')!.text).not.toContain('$[')
  })
})

const hasOgr = spawnSync('ogrinfo', ['--version']).status === 0

test.skipIf(!hasOgr)('is read by GDAL without complaint (skips where ogrinfo is not installed)', () => {
  const none = { t: 0, lat: null, lon: null }
  const across = { start: { t: 0, lat: 10, lon: 179 }, end: { t: 1, lat: 20, lon: -179 } }
  const events = [
    ...[gapEvent(), openGap(), outage(), gapEvent({ start: none, end: none }), reaching({})],
    ...[reaching(across, 2e6), reaching({ start: { t: 0, lat: 88, lon: 10 }, end: null }, 500_000)],
    ...HOSTILE.map(name => gapEvent({ vessel: { ...gapEvent().vessel, name } })),
    ...fc.sample(anyEvent, { numRuns: 100, seed: 7 }),
  ]
  const dir = mkdtempSync(join(tmpdir(), 'kml-test-'))
  try {
    const path = join(dir, 'events.kml')
    writeFileSync(path, write(events))
    const { stderr, status } = spawnSync('ogrinfo', ['-ro', '-al', '-so', path], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const out = execFileSync('ogrinfo', ['-ro', '-al', path], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    const counts = [...out.matchAll(/^Feature Count: (\d+)$/gm)].map(match => Number(match[1]))
    const areas = write(events).match(/<value>envelope<\/value>/g)!.length
    expect(counts.reduce((a, b) => a + b)).toBe(events.length + areas)
    expect(out).toMatch(/MULTIPOLYGON|GEOMETRYCOLLECTION/)
  } finally {
    rmSync(dir, { recursive: true })
  }
})
