// How the API and the console bear a large store: `node scripts/compiled.mjs scripts/console-load` after npm run build.
// A million events for the API, each filter asked for many times; 100,000 ships and 50,000 events for the console in a
// real browser (Chromium, drawing in software), where there is one.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { serveStore } from '../src/server/serve.js'
import { openStore, type Store } from '../src/store/store.js'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(path => existsSync(path))
const T0 = Date.UTC(2024, 0, 1)
const folder = mkdtempSync(join(tmpdir(), 'darkwake-load-'))

/** Events and ships made by the database itself. */
async function filled(name: string, events: number, ships: number): Promise<Store> {
  const store = await openStore(join(folder, name))
  const any = (k: number, n: number): string => `(hash(i * ${k} + ${k}) % ${n})::BIGINT`
  const types = ['gap', 'spoofing', 'loitering', 'encounter', 'zone', 'port_visit', 'identity', 'drift']
  await store.sql(`INSERT INTO events
    SELECT i + 1, type || '-' || mmsi || '-' || epoch_ms(start_t) || '-' || i, 1, CASE WHEN i % 9 = 0 THEN 'opened' ELSE 'closed' END,
      type, ['likely_disabled', 'undetermined', 'jump', 'drifting'][1 + ${any(2, 4)}], round(${any(3, 10000)} / 10000.0, 4), mmsi, NULL,
      'SHIP ' || mmsi % 90000, flag, NULL, NULL, start_t, start_t, CASE WHEN i % 9 = 0 THEN NULL ELSE start_t + INTERVAL 3 HOUR END,
      CASE WHEN i % 9 = 0 THEN NULL ELSE 10800 END, ${any(4, 1400)} / 10.0 - 70, ${any(5, 3600)} / 10.0 - 180,
      ${any(4, 1400)} / 10.0 - 70, ${any(5, 3600)} / 10.0 - 179, waters, 'silent for 7.0 h, threshold 6 h; under way at 3.7 kn when last heard',
      lower('SHIP ' || mmsi % 90000 || ' ' || flag || ' ' || mmsi || ' ' || type || ' ' || waters), NULL,
      '{"schema":"darkwake/event/1","type":"' || type || '","id":"x' || i || '","evidence":[],"details":{},"zones":{}}', NULL, NULL
    FROM (SELECT i, ['${types.join("','")}'][1 + ${any(6, types.length)}] AS type, (200000000 + ${any(7, 100000)})::UINTEGER AS mmsi,
        epoch_ms(${T0} + ${any(8, 365 * 24)} * 3600000) AS start_t, ['NOR', 'PAN', 'LBR', 'CHN', 'ESP'][1 + ${any(9, 5)}] AS flag,
        'Zone ' || ${any(10, 250)} || ' (approximate EEZ)' AS waters FROM range(${events}) r(i))`)
  await store.sql(`INSERT INTO event_zones SELECT n, 'zone-' || n % 250 FROM events ORDER BY ALL`)
  await store.sql(`INSERT INTO vessels
    SELECT (200000000 + i)::UINTEGER, 'SHIP ' || i, NULL, NULL, 'NOR', 70, 'A', 100, 20, 5, 'PORT', NULL, epoch_ms(${T0}), epoch_ms(${T0} + i),
      ${any(11, 14000)} / 100.0 - 70, ${any(12, 36000)} / 100.0 - 180, 10, ${any(13, 360)}, 100 FROM range(${ships}) r(i)`)
  await store.sql('CHECKPOINT')
  return store
}

const load = (): string => `load of the machine ${loadavg()[0]!.toFixed(1)}`
const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!
const address = { host: '127.0.0.1', port: 0 }

async function api(): Promise<void> {
  const store = await filled('million.duckdb', 1_000_000, 100_000)
  const begun = performance.now()
  await store.events.prepare()
  console.log(
    `1,000,000 events read into memory in ${((performance.now() - begun) / 1000).toFixed(1)} s, ${load()}`,
  )
  const server = await serveStore({ store, address, token: undefined, version: '0', folder: '' })
  const day = (n: number): string => new Date(T0 + n * 86_400_000).toISOString()
  const filters: Record<string, string> = {
    everything: '',
    'by time': 'sort=newest',
    longest: 'sort=longest',
    type: 'type=gap,encounter',
    class: 'class=likely_disabled&sort=newest',
    'a week': `from=${day(100)}&to=${day(107)}`,
    zone: 'zone=zone-17',
    'three zones': 'zone=zone-1,zone-2,zone-3&sort=newest',
    vessel: 'mmsi=200001234',
    flag: 'flag=NOR&minScore=0.5',
    text: 'q=ship+123',
    'text, none': 'q=nowhere',
    'two words': 'q=nor+gap',
    box: 'bbox=0,50,10,60',
    'box across ±180': 'bbox=170,-20,-170,20&sort=newest',
    open: 'open=true',
    'to do': 'acknowledged=false',
    'all at once': `type=gap,spoofing&class=jump&flag=PAN&zone=zone-9&q=ship&minScore=0.2&from=${day(10)}&to=${day(300)}&bbox=-180,-60,180,60`,
  }
  const all: number[] = []
  const say = (name: string, took: number[]): void => {
    took.sort((a, b) => a - b)
    const figures = [took[0]!, quantile(took, 0.5), quantile(took, 0.99), took.at(-1)!]
    console.log(`  ${name.padEnd(18)} ${figures.map(ms => ms.toFixed(1).padStart(8)).join('')}`)
  }
  async function ask(path: string): Promise<{ took: number; next: string | null }> {
    const before = performance.now()
    const answer = await fetch(`${server.url}api/${path}`)
    const isJson = answer.headers.get('content-type')!.startsWith('application/json')
    const found = isJson ? ((await answer.json()) as { next?: string | null }) : await answer.arrayBuffer()
    return { took: performance.now() - before, next: ('next' in found && found.next) || null }
  }
  console.log(
    'API on 1,000,000 events, ms for a page of 100, 30 times each and its second page (least, median, 99 of 100, most)',
  )
  for (const [name, query] of Object.entries(filters)) {
    const took: number[] = []
    for (let k = 0; k < 30; k++) {
      const { took: ms, next } = await ask(`events?${query}`)
      if (k >= 2) took.push(ms)
      if (k % 5 === 0 && next !== null) took.push((await ask(`events?${query}&cursor=${next}`)).took)
    }
    all.push(...took)
    say(name, took)
  }
  say('all', all)
  for (const [name, path] of Object.entries({
    'counts, all': 'counts',
    'counts, text': 'counts?q=ship+123',
    'histogram, all': 'histogram',
    '100,000 as columns': 'events/columns?limit=100000',
    'a vessel': 'vessels/200001234',
    zones: 'zones',
    summary: 'summary',
    ships: 'vessels/columns',
  })) {
    const took: number[] = []
    for (let k = 0; k < 20; k++) took.push((await ask(path)).took)
    say(name, took.slice(2))
  }
  console.log(`  ${load()}`)
  await server.close()
  await store.close()
}

async function page(): Promise<void> {
  if (!CHROMIUM) {
    console.log('SKIPPED: no chromium: the console was not looked at')
    return
  }
  const store = await filled('console.duckdb', 50_000, 100_000)
  await store.events.prepare()
  const server = await serveStore({
    store,
    address,
    token: undefined,
    version: '0',
    folder: resolve('dist/console'),
  })
  const { chromium } = await import('playwright-core')
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      '--no-sandbox',
      '--disable-background-networking',
    ],
  })
  const say = (what: string, ms: unknown): void =>
    console.log(`  ${what.padEnd(44)} ${Number(ms).toFixed(0)} ms`)
  console.log(`Console with 100,000 ships and 50,000 events, 1366 × 820, software drawing, ${load()}`)
  let tab = await browser.newPage()
  let first = 0
  // the first one has a browser that has just been started
  for (let k = 0; k < 4; k++) {
    await tab.close()
    tab = await (await browser.newContext()).newPage()
    await tab.setViewportSize({ width: 1366, height: 820 })
    await tab.addInitScript(
      `new PerformanceObserver(list => { for (const e of list.getEntries()) (globalThis.long ??= []).push([e.startTime, e.duration]) }).observe({ type: 'longtask', buffered: true })
       new MutationObserver(() => { if (document.querySelector('.row .name')) globalThis.rowsAt ??= performance.now() }).observe(document, { childList: true, subtree: true })`,
    )
    await tab.goto(server.url)
    while (!(await tab.evaluate(`performance.getEntriesByName('darkwake-map').length`)))
      await tab.waitForTimeout(50)
    say('list can be read', await tab.evaluate('rowsAt'))
    say(
      'map is drawn, nothing left to do',
      await tab.evaluate(`performance.getEntriesByName('darkwake-map')[0].startTime`),
    )
    first = (await tab.evaluate('performance.now()')) as number
  }
  await tab.waitForTimeout(1500)
  const frames = (await tab.evaluate(`new Promise(done => {
    const list = document.querySelector('.list'), took = []; let last = performance.now(), n = 0
    const step = now => { took.push(now - last); last = now; list.scrollTop += 400; if (++n < 120) requestAnimationFrame(step); else done(took.slice(2).sort((a, b) => a - b)) }
    requestAnimationFrame(step) })`)) as number[]
  say('scrolling the list: a frame, median', quantile(frames, 0.5))
  say('scrolling the list: a frame, 95 of 100', quantile(frames, 0.95))
  await tab.mouse.move(850, 400)
  for (let k = 0; k < 4; k++) {
    await tab.mouse.wheel(0, -300)
    await tab.waitForTimeout(400)
  }
  await tab.keyboard.press('j')
  await tab.waitForTimeout(2000)
  await tab.click('.chip >> nth=0')
  await tab.waitForTimeout(2500)
  await tab.keyboard.press('t')
  await tab.waitForTimeout(2500)
  const long = (await tab.evaluate('globalThis.long ?? []')) as [number, number][]
  const after = long.filter(([at]) => at > first).map(([, ms]) => ms)
  say('longest task after the first view', Math.max(0, ...after))
  const session = await tab.context().newCDPSession(tab)
  await session.send('Performance.enable')
  const busy = async (): Promise<number> =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value
  await tab.waitForTimeout(3000)
  const before = await busy()
  await tab.waitForTimeout(10_000)
  console.log(
    `  ${'idle: share of a core that the page takes'.padEnd(44)} ${(((await busy()) - before) * 10).toFixed(2)} %`,
  )
  console.log(`  ${load()}`)
  await browser.close()
  await server.close()
  await store.close()
}

try {
  if (process.argv[2] !== 'page') await api()
  if (process.argv[2] !== 'api') await page()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
