// Laws of the report, whatever the events: each of them is in it, and whatever a ship calls itself stays text. A real parser
// reads what was written.

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { isVesselEvent, type DarkEvent, type VesselEvent } from '../../../src/model/event.js'
import { shownText } from '../../../src/sinks/markup.js'
import { findingsOf, type Findings, type ReportOptions } from '../../../src/sinks/report/findings.js'
import { htmlReport as htmlWith } from '../../../src/sinks/report/html.js'
import { createMapMaker } from '../../../src/sinks/report/map.js'
import { escapeMarkdown, markdownReport } from '../../../src/sinks/report/markdown.js'
import { anyEvent, gapEvent, HOSTILE, openGap, outage } from '../events.js'

const made = (events: DarkEvent[], over: Partial<ReportOptions> = {}): Findings =>
  // no zones: boundaries and land are the map's business, and the same for every case
  findingsOf(events, { madeBy: 'darkwake', sources: ['events.ndjson'], zones: [], ...over })

/** An island in place of all land, which is the same in every case and takes most of the time. */
const island = Float64Array.from([-140, -20, -130, -20, -135, -10, -140, -20])
const maps = createMapMaker([], () => [island])
const htmlReport = (findings: Findings): string => htmlWith(findings, maps)

/** Any event with the details that its type has in the product. */
const events = fc.array(
  anyEvent.map((event): DarkEvent => (event.type === 'port_visit' ? { ...event, details: { port } } : event)),
  { maxLength: 5 },
)
const port = { name: '<b>Port</b>', country: 'TWN', lat: 22.6, lon: 120.3, radiusM: 3000 }
const reach = {
  ...{ vMaxKn: 15, vMaxFrom: 'class', rangeM: 300_000, areaKm2: 1000, zonesInReach: 1 },
  zones: [{ name: '<i>Zone</i>', minSpeedKn: 1, maxDwellH: 2, offDistanceM: 0 }],
}
/** A gap in which every text is hostile. */
const hostile = (text: string): VesselEvent =>
  gapEvent({
    ...{ id: `gap-${text}`, class: text },
    vessel: { ...gapEvent().vessel, name: text, callsign: text, flag: text },
    start: { ...gapEvent().start, receivers: [text] },
    zones: { start: [{ ...gapEvent().zones.start[0]!, name: text }], end: [], touched: [] },
    evidence: [{ ...gapEvent().evidence[0]!, text, value: text, expected: text }],
    details: {
      ...gapEvent().details,
      reach,
      state: text,
      port: { name: text },
      partner: { mmsi: 1, name: text },
    },
  })

interface Seen {
  elements: Set<string>
  attributes: { name: string; value: string; on: string }[]
  ids: string[]
  text: string
}

/** The body of a page, which is well-formed XML as well. */
function parse(page: string): Seen {
  const seen: Seen = { elements: new Set(), attributes: [], ids: [], text: '' }
  const parser = new SaxesParser()
  parser.on('opentag', ({ name: on, attributes }) => {
    seen.elements.add(on)
    for (const [name, value] of Object.entries(attributes)) seen.attributes.push({ name, value, on })
    if (attributes['id']) seen.ids.push(attributes['id'])
  })
  parser.on('text', text => (seen.text += `${text} `))
  parser.on('error', error => {
    throw error
  })
  parser.write(page.slice(page.indexOf('<body>'), page.indexOf('</html>'))).close()
  return seen
}

const ELEMENTS =
  'body header main section article details summary h1 h2 h3 h4 h5 p b ul ol li dl dt dd div span bdi a figure figcaption table thead tbody tr th td svg title g path rect circle text'.split(
    ' ',
  )
const ATTRIBUTES =
  'id class href rel viewBox width height role aria-label aria-hidden d x y x1 cx cy r rx text-anchor'.split(
    ' ',
  )

function expectHarmless(page: string): Seen {
  const seen = parse(page)
  expect([...seen.elements].filter(name => !ELEMENTS.includes(name))).toEqual([])
  expect(seen.attributes.filter(({ name }) => !ATTRIBUTES.includes(name))).toEqual([])
  for (const { name, value } of seen.attributes)
    if (name === 'href')
      expect(value).toMatch(/^(#cm?\d+|https:\/\/browser\.dataspace\.copernicus\.eu\/\?[\w=&.%-]+)$/)
  expect(seen.ids.length).toBe(new Set(seen.ids).size)
  return seen
}

describe('the page', () => {
  test('tells every event, and holds no element or attribute that it does not write itself', () => {
    fc.assert(
      fc.property(events, list => {
        const seen = expectHarmless(htmlReport(made(list)))
        for (const { id } of made(list).events) expect(seen.text).toContain(shownText(id))
      }),
      { numRuns: 60 },
    )
  })

  test('takes a name for text, wherever it stands', () => {
    const texts = [...HOSTILE, '"><svg onload=x>', "' onmouseover='x", '</style><script>x</script>']
    const list = texts.map((text, k) => ({ ...hostile(text), mmsi: k + 1 }))
    const seen = expectHarmless(htmlReport(made(list, { sources: texts, top: 40 })))
    for (const text of texts) expect(seen.text).toContain(shownText(text, 60))
    for (const text of texts) expectHarmless(htmlReport(made([], { title: text, madeBy: text })))
  })

  test('allows its own style by its hash, and nothing else', () => {
    const page = htmlReport(made([gapEvent()]))
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page)![1]!
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)![1]!
    const hash = createHash('sha256').update(style).digest('base64')
    expect(policy.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    )
    // before any content, or it would hold for what follows only
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<title>'))
    expect(page).not.toMatch(/<script|javascript:|@import|url\(|\sstyle=/i)
  })

  test('leaves nothing out on paper: no rule hides a part, and the folded list of events is open', () => {
    const page = htmlReport(made([gapEvent()]))
    const paper = page.slice(page.indexOf('@media print{'), page.indexOf('</style>'))
    expect(paper).not.toMatch(/display:none|visibility:hidden/)
    expect(paper).toContain('details::details-content{content-visibility:visible;')
  })

  test('cuts a destination of 10,000 characters, and is no longer for it', () => {
    const plain = htmlReport(made([hostile('A')])).length
    expect(htmlReport(made([hostile('A'.repeat(10_000))])).length).toBeLessThan(plain + 20_000)
  })

  test('shows land and boundaries where the events are', () => {
    const north = { start: { t: 0, lat: 51.5, lon: 2 }, end: { t: 9e7, lat: 54, lon: 4 } }
    const page = htmlWith(findingsOf([gapEvent(north)], { madeBy: 'darkwake', sources: [] }))
    const seen = expectHarmless(page)
    const paths = (kind: string) => [...page.matchAll(new RegExp(`class="${kind}" d="([^"]*)"`, 'g'))]
    for (const kind of ['land', 'border']) expect(paths(kind)[0]![1]!.length).toBeGreaterThan(100)
    for (const name of ['United Kingdom', 'Netherlands']) expect(seen.text).toContain(name)
  })

  test('is whole without events, and with one that has no place', () => {
    const none = { t: 0, lat: null, lon: null }
    expectHarmless(htmlReport(made([])))
    expectHarmless(htmlReport(made([gapEvent({ start: none, end: none }), outage()])))
  })

  test('ranks as rank does, and leaves out what was taken back', () => {
    const worse = gapEvent({ id: 'b', mmsi: 2, score: 0.95, vessel: { ...gapEvent().vessel, name: 'WORSE' } })
    const gone = openGap({
      id: 'c',
      mmsi: 3,
      phase: 'retracted',
      vessel: { ...gapEvent().vessel, name: 'GONE' },
    })
    const { text } = parse(htmlReport(made([gapEvent(), worse, gone])))
    expect(text.indexOf('WORSE')).toBeLessThan(text.indexOf('LONG RUN 7'))
    expect(text).not.toContain('GONE')
  })

  test('tells of the track, of who else was heard, and of the books of the run, where they are known', () => {
    const event = gapEvent({ details: { ...gapEvent().details, reach } })
    const { t } = event.start
    const point = (ms: number, lon: number) => ({ t: t + ms, lat: -16.225, lon })
    const other = { mmsi: 5, name: 'WITNESS <1>', reports: 7, first: t, last: t + 1, asideM: 9260 }
    const around = {
      tracks: new Map([[event.mmsi, [point(-3e6, -130.3), point(-2e6, -130.35), point(0, -130.386)]]]),
      heard: new Map([[event.id, { count: 4, nearest: [other] }]]),
    }
    const stats = {
      ...{ read: 1000, accepted: 900, duplicates: 50, late: 0, vessels: 12, notJudged: {} },
      ...{
        span: { from: '2018-12-25T00:00:00.000Z', to: '2018-12-27T00:00:00.000Z' },
        rejected: { checksum: 50 },
      },
    }
    const seen = expectHarmless(htmlReport(made([event], { around, stats })))
    expect(seen.attributes.some(({ name, value }) => name === 'class' && value === 'track')).toBe(true)
    expect(seen.text).toContain('WITNESS <1>, MMSI 5: 7 reports')
    expect(seen.text).toContain('900 reports of 12 vessels')
    expect(seen.text).toContain('checksum')
  })

  test('gives cards of the events asked for alone, also of one that is held against nobody', () => {
    const innocent = gapEvent({ id: 'x', class: 'likely_reception' })
    const findings = made([innocent, gapEvent({ id: 'y', mmsi: 7 })], { only: ['x'] })
    expect(findings.told.map(({ events: own }) => own.map(({ id }) => id))).toEqual([['x']])
    expectHarmless(htmlReport(findings))
  })
})

describe('Markdown', () => {
  test('tells every event, and no text of theirs begins anything', () => {
    fc.assert(
      fc.property(events, list => {
        const text = markdownReport(made(list))
        for (const { id } of made(list).events) expect(text).toContain(escapeMarkdown(id))
        // tables keep their columns: a bar or a line feed in a name would shift them
        const [head, ...rows] = text.slice(text.indexOf('| from | what | who')).split('\n')
        const cells = (line: string) => line.replace(/\\./g, '').split('|').length
        if (list.some(({ phase }) => phase !== 'retracted'))
          for (const line of rows.filter(each => each.startsWith('| ')))
            expect(cells(line)).toBe(cells(head!))
      }),
      { numRuns: 60 },
    )
  })

  test('escapes all that Markdown, HTML and the links of GitHub are made of', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 40 })),
        text => {
          const escaped = escapeMarkdown(text)
          const left = escaped.replace(/\\[\\`*_[\]|~$#@:.)+-]/g, '').replace(/&(amp|lt|gt);/g, '')
          expect(left).not.toMatch(/[\\`*_[\]|~$#@<>&\n\r]|:\/|www\./i)
        },
      ),
      { numRuns: 500 },
    )
    expect(escapeMarkdown('1. A')).toBe('1\\. A')
    expect(escapeMarkdown('- A')).toBe('\\- A')
    expect(escapeMarkdown('http://A.CO [x](y) **b** a|b')).toBe(
      'http\\://A.CO \\[x\\](y) \\*\\*b\\*\\* a\\|b',
    )
    expect(escapeMarkdown('plain text, 2.5 kn: 7 of 8')).toBe('plain text, 2.5 kn: 7 of 8')
  })
})

test('every candidate of a run has its events in the story of its card', () => {
  const findings = made([gapEvent(), openGap({ id: 'z', mmsi: 9 })])
  expect(findings.told.flatMap(({ events: own }) => own).every(isVesselEvent)).toBe(true)
  expect(findings.told.length).toBe(2)
})
