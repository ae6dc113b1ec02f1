// The console as an analyst meets it, in a real browser: first sight, filters, a silence looked at, replay, decisions, news
// that arrive, a connection that breaks, keys alone, a telephone, and ships with hostile names.

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { appendReport, appendStatic, createBatch } from '../../src/model/batch.js'
import { createWords } from '../../src/model/words.js'
import { serveStore, type ConsoleServer } from '../../src/server/serve.js'
import { loadApproximateEez } from '../../src/zones/approximate-eez.js'
import { openStore, type Store } from '../../src/store/store.js'
import { freePort } from '../helpers/port.js'
import { gapEvent, openGap } from '../sinks/events.js'
import { seaEvents, T0 } from '../store/sea.js'
import { CONSOLE, contrasts, launch, missing, watchFor } from './browser.js'

const HOSTILE = [
  '<SCRIPT SRC=//A.CO></SCRIPT>',
  '<img src=x onerror=alert(1)>',
  '=HYPERLINK("http://a.co","x")',
  '\u202egnp.exe\u2066\u0007\u001b[31m',
  `${'W'.repeat(3000)} ${'\u0301'.repeat(3000)}`,
]
const GAP = 'gap-219000001-1'

let store: Store
let server: ConsoleServer
let port: number
let browser: Browser
let page: Page
let wrong: string[]

const serve = (): Promise<ConsoleServer> =>
  serveStore({
    store,
    address: { host: '127.0.0.1', port },
    token: undefined,
    version: '0',
    folder: CONSOLE,
    live: true,
  })

async function fillStore(): Promise<void> {
  store = await openStore(':memory:')
  await store.write.setZones(
    loadApproximateEez().filter(({ ref }) => ['approx-DNK', 'approx-NOR', 'approx-GBR'].includes(ref.id)),
  )
  for (const event of seaEvents(400)) store.write.add({ ...event, score: event.score * 0.9 })
  const at = (m: number) => T0 + m * 60_000
  store.write.add(
    gapEvent({
      ...{ id: GAP, mmsi: 219000001, score: 0.97, class: 'likely_disabled' },
      vessel: { name: 'SALT VOYAGER', imo: null, callsign: null, flag: 'DNK', shipType: 30, txClass: 'A' },
      ...{
        start: { t: at(120), lat: 56, lon: 4 },
        end: { t: at(480), lat: 56.5, lon: 4 },
        durationS: 360 * 60,
      },
      details: {
        reach: { rangeM: 90_000, vMaxKn: 12, vMaxFrom: 'track', areaKm2: 1, zonesInReach: 0, zones: [] },
      },
    }),
  )
  HOSTILE.forEach((name, k) =>
    store.write.add(
      gapEvent({
        ...{ id: `gap-666-${k}`, mmsi: 666000000 + k, score: 0.95, start: { t: at(k), lat: 57, lon: 5 + k } },
        vessel: { name, imo: null, callsign: name, flag: null, shipType: 30, txClass: 'A' },
        evidence: [{ family: 'silence', name: 'a', value: name, expected: name, weight: 1, text: name }],
        details: { state: name },
      }),
    ),
  )
  const batch = createBatch(createWords(), 20_000)
  HOSTILE.forEach((name, k) => {
    appendStatic(batch, {
      mmsi: 666000000 + k,
      t: at(0),
      name,
      callsign: name,
      destination: `${name}${'x'.repeat(10_000)}`,
    })
    for (let m = 0; m < 600; m += 3)
      appendReport(batch, { mmsi: 666000000 + k, t: at(m), lat: 57 + m / 2000, lon: 5 + k, sog: 8, cog: 0 })
  })
  for (let m = 0; m < 600; m++)
    if (m <= 120 || m >= 480)
      appendReport(batch, { mmsi: 219000001, t: at(m), lat: 56 + m / 1000, lon: 4, sog: m / 60, cog: 0 })
  store.write.take(batch)
  await store.write.flush()
  await store.write.setSources([
    {
      ...{
        name: 'station <b>one</b>',
        address: 'tcp://10.0.0.1:5631',
        format: null,
        health: 'up',
        trouble: null,
      },
      ...{
        lastHeard: Date.now(),
        newest: at(600),
        reports: 1000,
        rejected: 3,
        reconnects: 1,
        at: Date.now(),
      },
    },
  ])
}

const shown = (): Promise<string> => page.innerText('.shown')
const rows = (): Promise<string[]> => page.$$eval('.row .name', names => names.map(name => name.textContent!))
const until = (what: () => unknown, timeout = 40_000): Promise<unknown> =>
  page.waitForFunction(what, undefined, { timeout })
const card = (): Promise<string> => page.innerText('.card')

async function open(query = ''): Promise<void> {
  await page.goto(`${server.url}${query}`)
  await page.waitForSelector('.row .name')
}

describe.skipIf(missing !== null)(`the console ${missing === null ? '' : `(skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    await fillStore()
    port = await freePort()
    server = await serve()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await store?.close()
  })
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    wrong = watchFor(page, new URL(server.url).origin)
  })
  afterEach(async () => {
    await page.close()
    expect(wrong).toEqual([])
  })

  test('first sight: the ranked list, the map, the state of the sources', async () => {
    await open()
    expect(await shown()).toMatch(/^40\d events$/)
    expect((await rows())[0]).toBe('SALT VOYAGER')
    const scores = await page.$$eval('.row', all =>
      all.map(row => [row.getAttribute('aria-posinset'), row.querySelector('.score')!.textContent] as const),
    )
    const inOrder = scores.sort((a, b) => Number(a[0]) - Number(b[0])).map(([, score]) => Number(score))
    expect(inOrder).toEqual([...inOrder].sort((a, b) => b - a))
    await until(() => document.querySelector('.status-text')?.textContent === 'live, 1 source up')
    await page.waitForSelector('.maplibregl-canvas')
    await page.keyboard.press('s')
    expect(await page.innerText('.popover')).toContain('station <b>one</b> up')
  })

  test('filters live in the address, and the way back works', async () => {
    await open()
    await page.click('.chip:has-text("Encounter")')
    await until(() => !document.querySelector('.shown')!.textContent!.startsWith('40'))
    expect(new URL(page.url()).search).toBe('?type=encounter')
    const encounters = await shown()
    await page.fill('.search', 'ship 3')
    await until(() => location.search.includes('q=ship'))
    await page.goBack()
    await page.goBack()
    await until(() => document.querySelector('.shown')!.textContent!.startsWith('40'))
    await open('?type=encounter')
    expect(await shown()).toBe(encounters)
    expect(await page.getAttribute('.chip:has-text("Encounter")', 'aria-pressed')).toBe('true')
  })

  test('a silence looked at: reasons, and the event is in the address', async () => {
    await open()
    await page.click('.row:has-text("SALT VOYAGER")')
    await until(() => document.querySelector('.card')!.textContent!.includes('Acknowledge'))
    expect(await card()).toContain('silent for 16.7 h')
    expect(await card()).toContain('Likely disabled')
    expect(page.url()).toContain(`event=${GAP}`)
    await open(`?event=${GAP}`)
    await until(() => document.querySelector('.card h2')?.textContent?.includes('Gap') === true)
    await page.click('.card .who button')
    await until(() => document.querySelector('.card')!.textContent!.includes('What it said of itself'))
    expect(new URL(page.url()).search).toBe('?vessel=219000001')
  })

  test('replay moves the moment, and a brush on the timeline filters', async () => {
    await open()
    await page.selectOption('.replay select', '3600')
    await page.click('.replay button.primary')
    await until(() => /^2024-01-1\d /.test(document.querySelector('.clock')!.textContent!))
    const first = await page.innerText('.clock')
    await page.waitForFunction(before => document.querySelector('.clock')!.textContent !== before, first)
    await page.click('.replay button.primary')
    const box = (await page.locator('.timeline-canvas').boundingBox())!
    await page.mouse.move(box.x + 100, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + 300, box.y + 20, { steps: 4 })
    await page.mouse.up()
    await until(() => location.search.includes('from='))
    await until(() => !document.querySelector('.shown')!.textContent!.startsWith('40'))
    await page.dblclick('.timeline-canvas')
    await until(() => !location.search.includes('from='))
  })

  test('by keys alone: next, acknowledge, comment, exempt, search, help', async () => {
    await open('?type=gap')
    await page.keyboard.press('j')
    await until(() => document.querySelector('.card')!.textContent!.includes('SALT VOYAGER'))
    await page.keyboard.press('a')
    await until(() => document.querySelector('.card')!.textContent!.includes('Take up again'))
    await until(() =>
      document.querySelector('.row[aria-selected=true]')!.textContent!.includes('acknowledged'),
    )
    await page.keyboard.press('a')
    await until(() => document.querySelector('.card button.primary')!.textContent === 'Acknowledge')
    await page.keyboard.press('c')
    await page.keyboard.type('asked the coast guard')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await until(() => document.querySelector('.log')?.textContent?.includes('asked the coast guard') === true)
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await until(() => document.querySelector('.card')?.textContent?.includes('Exempt vessel') === true)
    const before = await shown()
    await page.keyboard.press('e')
    await page.keyboard.type('survey ship')
    await page.keyboard.press('Enter')
    await page.waitForFunction(text => document.querySelector('.shown')!.textContent !== text, before)
    expect((await store.decisions.exemptions()).map(({ reason }) => reason)).toEqual(['survey ship'])
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement!.className)).toBe('search')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    expect(await page.innerText('dialog')).toContain('acknowledge, or take up again')
  })

  test('a key pressed before an event is there decides about that event, never about the one before', async () => {
    await open('?type=gap')
    await page.keyboard.press('j')
    await until(() => document.querySelector('.card')?.textContent?.includes('Exempt vessel') === true)
    await page.route(/\/api\/events\/gap[^/]*$/, async route => {
      await new Promise(done => setTimeout(done, 700))
      await route.continue()
    })
    await page.keyboard.press('j')
    await page.keyboard.press('a')
    await until(() => document.querySelector('.card button.primary')!.textContent === 'Take up again')
    const id = new URL(page.url()).searchParams.get('event')!
    const seen = await store.sql(`SELECT id FROM events WHERE acknowledged_at IS NOT NULL AND type = 'gap'`)
    expect(seen).toEqual([{ id }])
    await page.unroute(/\/api\/events\/gap[^/]*$/)
    await page.keyboard.press('a')
    await until(() => document.querySelector('.card button.primary')!.textContent === 'Acknowledge')
  })

  test('of a silence there are satellite passes to look at, and a vessel can be exempt of one type', async () => {
    await open(`?event=${GAP}`)
    await until(() => document.querySelectorAll('.card a').length > 0)
    const links = await page.$$eval('.card a', all =>
      (all as HTMLAnchorElement[]).map(a => [a.href, a.rel, a.target]),
    )
    for (const [href, rel, target] of links) {
      expect(new URL(href!).origin).toBe('https://browser.dataspace.copernicus.eu')
      expect([rel, target]).toEqual(['noopener noreferrer', '_blank'])
    }
    await page.keyboard.press('e')
    await page.selectOption('dialog select[aria-label="From what"]', 'gap')
    await page.fill('dialog input[aria-label=Reason]', 'in the yard')
    await page.click('dialog button.primary')
    await until(() => document.querySelector('.log')?.textContent?.includes('in the yard') === true)
    const of = (await store.decisions.exemptions()).find(({ reason }) => reason === 'in the yard')!
    expect(of.types).toEqual(['gap'])
    await store.decisions.decide({
      ...{ kind: 'end_exemption', event: null, mmsi: of.mmsi, types: null, text: null, author: null },
      ...{ at: 0, expires: null },
    })
  })

  test('news arrive without a reload; a lost connection is shown, and what was missed is there after it', async () => {
    await open()
    await until(() => document.querySelector('.status-text')?.textContent?.startsWith('live') === true)
    store.write.add(
      openGap({ id: 'gap-new-1', score: 0.99, vessel: { ...gapEvent().vessel, name: 'NEW ARRIVAL' } }),
    )
    await server.tell(await store.write.flush())
    await until(
      () =>
        document.querySelector('.row .name')?.textContent !== null &&
        [...document.querySelectorAll('.row .name')].some(name => name.textContent === 'NEW ARRIVAL'),
    )
    expect(await page.innerText('.notice')).toContain('NEW ARRIVAL')

    await server.close()
    await page.waitForSelector('.lost:not([hidden])')
    store.write.add(
      openGap({ id: 'gap-new-2', score: 0.995, vessel: { ...gapEvent().vessel, name: 'WHILE AWAY' } }),
    )
    await store.write.flush()
    server = await serve()
    await page.waitForSelector('.lost', { state: 'hidden', timeout: 30_000 })
    await until(() =>
      [...document.querySelectorAll('.row .name')].some(name => name.textContent === 'WHILE AWAY'),
    )
  })

  test('ships with hostile names: nothing runs, nothing leaves its place', async () => {
    // one of them may be exempt since the keys were tried
    await open('?q=666&exempt=show')
    await until(() => document.querySelector('.shown')!.textContent === '5 events')
    for (let k = 0; k < HOSTILE.length; k++) {
      await page.goto(`${server.url}?event=gap-666-${k}&q=666&exempt=show`)
      await until(() => document.querySelector('.card')!.textContent!.includes('Acknowledge'))
      await page.waitForSelector('.row .name')
      await page.click('.card .who button')
      await until(() => document.querySelector('.card')!.textContent!.includes('What it said of itself'))
      const seen = await page.evaluate(() => ({
        scripts: document.querySelectorAll('.row script, .card script, .row img, .card img, .row b b').length,
        wide: document.documentElement.scrollWidth > innerWidth,
        tall: document.documentElement.scrollHeight > innerHeight,
        card:
          document.querySelector('.card')!.scrollWidth <= document.querySelector('.card')!.clientWidth + 1,
        bidi: /[\u202a-\u202e\u2066-\u2069\u0007\u001b]/.test(document.body.innerText),
      }))
      expect(seen).toEqual({ scripts: 0, wide: false, tall: false, card: true, bidi: false })
    }
  }, 180_000)

  test('a script in the page, or markup made of text, is refused by the browser itself', async () => {
    await open()
    const refused = await page.evaluate(() => {
      try {
        document.body.innerHTML = '<img src=x onerror="window.ran = 1">'
        return false
      } catch {
        return true
      }
    })
    expect(refused).toBe(true)
    wrong.length = 0 // that is what was asked for
  })

  test('on a telephone everything has its place', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await open()
    const place = await page.evaluate(() => {
      const box = (name: string): DOMRect => document.querySelector(name)!.getBoundingClientRect()
      return {
        wide: document.documentElement.scrollWidth,
        map: box('.map').height,
        list: box('.list').height,
        timeline: box('.timeline-canvas').bottom,
      }
    })
    expect(place.wide).toBeLessThanOrEqual(390)
    expect(place.map).toBeGreaterThan(150)
    expect(place.list).toBeGreaterThan(150)
    expect(place.timeline).toBeLessThanOrEqual(844)
    await page.click('.row >> nth=0')
    await until(() => document.querySelector('.card')!.textContent!.includes('Acknowledge'))
    const close = (await page.locator('.card [aria-label=Close]').boundingBox())!
    expect(close.y).toBeGreaterThan(0)
    expect(close.x + close.width).toBeLessThanOrEqual(390)
    await page.click('.card [aria-label=Close]')
    expect(await page.isHidden('.card')).toBe(true)
  })

  test('text can be read in the light and in the dark', async () => {
    for (const theme of ['light', 'dark']) {
      await open(`?event=${GAP}`)
      await until(() => document.querySelector('.card')!.textContent!.includes('Acknowledge'))
      if ((await page.getAttribute('html', 'data-theme')) !== theme) await page.keyboard.press('t')
      const all = await contrasts(
        page,
        '.dim, .tag, .name, .score, button, dt, dd, .count, .weight, .row-why, .shown, label, summary, h2, h3',
      )
      expect(all.length).toBeGreaterThan(50)
      expect(all.filter(({ ratio }) => ratio < 4.5)).toEqual([])
    }
  })
})
