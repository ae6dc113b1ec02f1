// The console: puts the parts together. What is looked at lives in the address; everything else follows from it.

import './style.css'
import type { FeatureCollection } from 'geojson'
import {
  ApiError,
  columns,
  get,
  listen,
  setToken,
  type Brief,
  type Columns,
  type Decision,
  type Link,
  type Source,
  type Summary,
} from './api.js'
import { createCard } from './card.js'
import { fill, h, throttled } from './dom.js'
import { CLEAR, createFilters, type Counts } from './filters.js'
import { keys } from './keys.js'
import { createList } from './list.js'
import { createMap, SPEEDS, type ShipColumns } from './map.js'
import { createReplay } from './replay.js'
import { asQuery, readState, writeState, type Filters } from './state.js'
import { createTimeline } from './timeline.js'
import { sourcesPanel } from './sources.js'
import { ago, colourOf, KINDS, kindOf, mark, time } from './words.js'

// nothing becomes a script but the map's own worker, from here
interface TrustedTypes {
  createPolicy(name: string, rules: Record<string, (text: string) => string>): unknown
}
;(window as unknown as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('default', {
  createScriptURL(text) {
    if (new URL(text, location.href).origin === location.origin) return text
    throw new TypeError('not from here')
  },
})

const LIMIT = 100_000
const FIRST_ROWS = 24
const RELOAD_MS = 1500
const SPEED_CHOICES = [10, 60, 300, 600, 1800, 3600]
const THEME = 'darkwake-theme'

let state = readState(location.search)
let summary: Summary | null = null
let found: Columns = { count: 0, types: [] }
let heard: ShipColumns | null = null
let clockSkew = 0
const prefersDark = matchMedia('(prefers-color-scheme: dark)')
let dark = (localStorage.getItem(THEME) ?? (prefersDark.matches ? 'dark' : 'light')) === 'dark'
const isDark = (): boolean => dark
const now = (): number => Date.now() + clockSkew

const notice = h('div', { class: 'notice', role: 'status', 'aria-live': 'polite' })
const lost = h('div', { class: 'lost', role: 'alert', hidden: true })
const status = h('button', {
  class: 'status',
  title: 'Sources and connection (s)',
  'aria-haspopup': 'dialog',
  onclick: () => toggleSources(),
})
const sourcesBox = h('div', { class: 'popover', hidden: true, role: 'dialog', 'aria-label': 'Sources' })
const legendBox = h('div', { class: 'legend' })
const mapBox = h('div', { class: 'map' })
const layers = h('div', { class: 'layers', role: 'group', 'aria-label': 'Layers of the map' })
const replayBar = h('div', { class: 'replay', role: 'group', 'aria-label': 'Replay' })
const shipCount = h('span', { class: 'dim' })

const filters = createFilters(isDark, change => {
  if (change.bbox === 'map') change.bbox = map.bounds()
  setFilters(change)
})
const list = createList(isDark, {
  choose: () => card.leave(),
  select: brief => openEvent(brief),
  error: failed,
})
const card = createCard({
  ...{ isDark, openEvent: openEventFromCard, openVessel, now, error: failed },
  decided: () => reload(),
  closed: () => {
    state.event = null
    state.mmsi = null
    map.setSelected(null, false)
    map.setTrack(null)
    remember(false)
    document.body.classList.remove('with-card')
  },
})
const timeline = createTimeline({
  brush: (from, to) => setFilters({ from, to }),
  moment: t => replay.goTo(t),
})
const replay = createReplay({
  ships: ships => map.setShips(ships),
  moment(t) {
    timeline.setMoment(t)
    clock.textContent = t === null ? '' : time(t)
    if (t === null && heard) map.setShips(heard)
  },
  changed: drawReplay,
  error: failed,
})
const clock = h('span', { class: 'clock' })

fill(
  document.body,
  h(
    'header',
    { class: 'top' },
    h('a', { class: 'brand', href: './', 'aria-label': 'darkwake, start' }, 'darkwake'),
    h('a', { class: 'skip', href: '#list' }, 'To the list'),
    h('span', { class: 'gap' }),
    shipCount,
    status,
    h(
      'button',
      {
        class: 'icon',
        title: 'Light or dark (t)',
        'aria-label': 'Light or dark',
        onclick: () => setTheme(!dark),
      },
      '◐',
    ),
    h(
      'button',
      { class: 'icon', title: 'Keys and help (?)', 'aria-label': 'Keys and help', onclick: () => help() },
      '?',
    ),
  ),
  h(
    'main',
    { class: 'main' },
    h('section', { class: 'side', id: 'list', 'aria-label': 'Ranked list' }, filters.element, list.element),
    h('section', { class: 'stage', 'aria-label': 'Map' }, mapBox, layers, legendBox, lost),
    card.element,
  ),
  h('footer', { class: 'bottom', 'aria-label': 'Timeline' }, replayBar, timeline.element),
  sourcesBox,
  notice,
)
document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'

const map = createMap(mapBox, dark, {
  event: row => list.select(row),
  ship: openVessel,
  moved: () => undefined,
  ready: () => performance.mark('darkwake-map'),
  // on a telephone it lies below
  covered: () => (innerWidth > 700 && card.shown ? card.element.clientWidth : 0),
  legend: () => (legendBox.querySelector('details')?.open ? legendBox.offsetWidth + 24 : 0),
})

let noticeTimer: number | undefined
function say(text: string): void {
  notice.textContent = text
  notice.classList.add('on')
  clearTimeout(noticeTimer)
  noticeTimer = window.setTimeout(() => notice.classList.remove('on'), 6000)
}

function failed(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return
  if (error instanceof ApiError && error.status === 401) askToken()
  else say(error instanceof Error ? error.message : 'it failed')
}

let asking = false
function askToken(): void {
  if (asking) return
  asking = true
  const token = h('input', { type: 'password', required: true, 'aria-label': 'Token', autocomplete: 'off' })
  const dialog = h(
    'dialog',
    { class: 'dialog', 'aria-label': 'Token' },
    h(
      'form',
      { method: 'dialog', onsubmit: () => (setToken(token.value), location.reload()) },
      h('h2', {}, 'A token is needed'),
      h(
        'p',
        { class: 'dim' },
        'The one that the server was started with (DARKWAKE_TOKEN). It is kept until this tab is closed.',
      ),
      token,
      h('div', { class: 'actions' }, h('button', { class: 'primary' }, 'Go on')),
    ),
  )
  document.body.append(dialog)
  dialog.showModal()
}

// ——— what is looked at ———

function remember(push: boolean): void {
  const next = writeState(state)
  if (push) history.pushState(null, '', next)
  else history.replaceState(null, '', next)
}

function setFilters(change: Partial<Filters>): void {
  Object.assign(state.filters, change)
  remember(true)
  filters.set(state.filters)
  timeline.setBrush(state.filters.from, state.filters.to)
  replay.setSpan(state.filters.from ?? summary?.from ?? 0, state.filters.to ?? summary?.to ?? 0)
  load(false).catch(failed)
}

window.addEventListener('popstate', () => {
  state = readState(location.search)
  filters.set(state.filters)
  timeline.setBrush(state.filters.from, state.filters.to)
  load(false).catch(failed)
  if (state.event) showEvent(state.event, true)
  else if (state.mmsi !== null) openVessel(state.mmsi)
  else if (card.shown) card.close()
})

let loading: AbortController | undefined
async function load(keep: boolean): Promise<void> {
  loading?.abort()
  const { signal } = (loading = new AbortController())
  const query = `${asQuery(state.filters)}&sort=${state.filters.sort}`
  const counting = get<Counts>(`counts?${asQuery({ ...state.filters, type: [] })}`, signal)
  // when the others fail first, this one goes unheard
  counting.catch(() => undefined)
  // the rows that are seen first come with the columns, not after them
  const [next, page] = await Promise.all([
    columns(`events/columns?${query}&limit=${LIMIT}`, signal),
    get<{ events: Brief[] }>(`events?${query}&limit=${FIRST_ROWS}`, signal),
  ])
  found = next
  list.remember(page.events)
  list.setColumns(next, keep)
  map.setEvents(next)
  timeline.setColumns(next)
  const counts = await counting
  const chosen = state.filters.type
  const total = chosen.length
    ? chosen.reduce((sum, type) => sum + (counts.byType[type] ?? 0), 0)
    : counts.total
  filters.setCounts(counts)
  filters.setShown(next.count, total)
}
const reload = throttled(RELOAD_MS, () => void load(true).catch(failed))

function openEvent(brief: Brief): void {
  if (state.event === brief.id && card.shown && 'event' in card.shown) return
  state.event = brief.id
  state.mmsi = null
  remember(true)
  showEvent(brief.id, true)
}

function openEventFromCard(brief: Brief): void {
  const row = list.rowOf(brief.n)
  if (row >= 0) list.select(row)
  else openEvent(brief)
}

let shapes = 0
function showEvent(id: string, fit: boolean): void {
  document.body.classList.add('with-card')
  map.setTrack(null)
  const turn = ++shapes
  card.showEvent(id).catch(failed)
  get<FeatureCollection>(`events/${encodeURIComponent(id)}/map`)
    .then(data => {
      if (turn === shapes && state.event === id) map.setSelected(data, fit)
    })
    .catch(failed)
}

function openVessel(mmsi: number): void {
  document.body.classList.add('with-card')
  state.mmsi = mmsi
  state.event = null
  remember(true)
  shapes++
  map.setSelected(null, false)
  card.showVessel(mmsi).catch(failed)
  get<FeatureCollection>(`vessels/${mmsi}/track`)
    .then(data => {
      if (state.mmsi === mmsi) map.setTrack(data)
    })
    .catch(failed)
}

// ——— ships, layers, legend ———

async function loadShips(): Promise<void> {
  const next = await columns('vessels/columns')
  heard = next as unknown as ShipColumns
  shipCount.textContent = `${next.count.toLocaleString('en')} ships`
  if (replay.moment === null) map.setShips(heard)
}
const reloadShips = throttled(10_000, () => void loadShips().catch(failed))

function drawLayers(): void {
  const layer = (label: string, checked: boolean, show: (on: boolean) => void, what: string): HTMLElement =>
    h(
      'label',
      { title: what },
      h('input', {
        type: 'checkbox',
        checked,
        onchange: (event: Event) => show((event.target as HTMLInputElement).checked),
      }),
      label,
    )
  fill(
    layers,
    layer(
      'Ships',
      true,
      on => map.showShips(on),
      'Where each ship was heard last, or was at the moment of the replay',
    ),
    layer(
      'Waters',
      true,
      on => map.showZones(on),
      'Boundaries of zones: approximate ones are no legal limit',
    ),
    layer('Reception', false, on => map.showReception(on), 'Green: ships are heard; red: mostly not'),
  )
}

function drawLegend(): void {
  const types = Object.keys(KINDS).filter(name => found.types.includes(name))
  fill(
    legendBox,
    h(
      'details',
      { open: innerWidth > 700 },
      h('summary', {}, 'Legend'),
      h(
        'ul',
        {},
        h('li', {}, h('span', { class: 'ship-mark' }, '▲'), 'ship, heard on AIS'),
        ...types.map(name => h('li', {}, mark(name, dark), kindOf(name).label)),
      ),
      h(
        'div',
        { class: 'speeds' },
        ...SPEEDS.map(([kn, d, l]) => swatch(dark ? d : l, String(kn))),
        h('span', {}, 'kn'),
      ),
      h('p', { class: 'dim' }, 'Dashed: silent. Shaded: where the ship can have been.'),
    ),
  )
}

function swatch(colour: string, text: string): HTMLElement {
  const element = h('span', { class: 'swatch' }, text)
  element.style.setProperty('--colour', colour)
  return element
}

// ——— replay ———

function drawReplay(): void {
  const speed = h(
    'select',
    {
      'aria-label': 'Speed',
      onchange: (event: Event) => (replay.speed = Number((event.target as HTMLSelectElement).value)),
    },
    ...SPEED_CHOICES.map(n => h('option', { value: n, selected: n === replay.speed }, `${n}×`)),
  )
  fill(
    replayBar,
    h(
      'button',
      {
        class: 'primary',
        title: 'Space',
        'aria-label': replay.playing ? 'Pause' : 'Replay',
        onclick: () => playPause(),
      },
      replay.playing ? '❚❚' : '▶',
    ),
    speed,
    clock,
    replay.moment !== null &&
      h(
        'button',
        { class: 'small', title: 'Back to where ships were heard last', onclick: () => replay.end() },
        'end replay',
      ),
  )
}

function playPause(): void {
  if (replay.playing) replay.pause()
  else replay.play()
}

// ——— theme, sources, help ———

function setTheme(next: boolean): void {
  dark = next
  localStorage.setItem(THEME, dark ? 'dark' : 'light')
  applyTheme()
}

function applyTheme(): void {
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
  map.setTheme(dark)
  timeline.setColours({
    ...(dark
      ? { bar: '#5f7c9c', text: '#a9bacb', brush: '#0a1c30b0' }
      : { bar: '#8aa3ba', text: '#51657a', brush: '#ffffffb8' }),
    ...{ high: colourOf('gap', dark), moment: dark ? '#ffffff' : '#111418' },
  })
  list.repaint()
  filters.repaint()
  drawLegend()
  card.refresh()
}
prefersDark.addEventListener('change', () => {
  if (localStorage.getItem(THEME) === null) {
    dark = prefersDark.matches
    applyTheme()
  }
})

let sources: Source[] = []
let link: Link = 'connecting'
function drawStatus(): void {
  const bad = sources.filter(({ health }) => health !== 'up' && health !== 'ended')
  const text =
    link !== 'connected'
      ? link === 'lost'
        ? 'connection lost'
        : 'connecting…'
      : sources.length === 0
        ? 'no sources'
        : bad.length > 0
          ? bad.length === 1
            ? `${bad[0]!.name}: ${bad[0]!.health}`
            : `${bad.length} of ${sources.length} sources not up`
          : summary?.live
            ? `live, ${sources.length} ${sources.length === 1 ? 'source' : 'sources'} up`
            : 'recorded'
  fill(
    status,
    h('span', { class: `dot ${link !== 'connected' || bad.length > 0 ? 'bad' : 'good'}` }),
    h('span', { class: 'status-text' }, text),
  )
  lost.hidden = link === 'connected'
  lost.textContent = link === 'connected' ? '' : 'Connection lost. What you see may be old; trying again.'
  if (!sourcesBox.hidden) fill(sourcesBox, sourcesPanel(sources, now()))
}

function toggleSources(): void {
  sourcesBox.hidden = !sourcesBox.hidden
  drawStatus()
}

function help(): void {
  const dialog = h(
    'dialog',
    { class: 'dialog help', 'aria-label': 'Keys' },
    h('h2', {}, 'Keys'),
    h(
      'dl',
      { class: 'keys' },
      ...KEY_HELP.flatMap(([key, what]) => [
        h('dt', {}, ...key.split(' ').map(one => h('kbd', {}, one))),
        h('dd', {}, what),
      ]),
    ),
    h(
      'p',
      { class: 'dim' },
      'A gap is a silence, and silences have innocent reasons. Scores are ranks. Approximate waters are never a legal limit.',
    ),
    h(
      'p',
      { class: 'dim' },
      `darkwake ${summary?.version ?? ''}. Map: Natural Earth, public domain. Drawn by MapLibre GL.`,
    ),
    h('form', { method: 'dialog' }, h('button', { class: 'primary' }, 'Close')),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

const KEY_HELP: [string, string][] = [
  ['j k', 'next, previous event'],
  ['Enter', 'open the event'],
  ['v', 'its vessel'],
  ['a', 'acknowledge, or take up again'],
  ['c', 'comment'],
  ['e', 'exempt the vessel'],
  ['/', 'search'],
  ['m', 'only what is on the map'],
  ['x', 'clear the filters'],
  ['Space', 'replay, pause'],
  ['s', 'sources'],
  ['t', 'light or dark'],
  ['Esc', 'close'],
  ['?', 'these keys'],
]

function escape(): void {
  if (!sourcesBox.hidden) toggleSources()
  else if (card.shown) card.close()
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

keys({
  j: () => list.select(Math.min(found.count - 1, list.selected + 1), true),
  k: () => list.select(Math.max(0, list.selected - 1), true),
  ArrowDown: event => {
    if (document.activeElement === list.element) {
      event.preventDefault()
      list.select(Math.min(found.count - 1, list.selected + 1))
    }
  },
  ArrowUp: event => {
    if (document.activeElement === list.element) {
      event.preventDefault()
      list.select(Math.max(0, list.selected - 1))
    }
  },
  Enter: () => {
    if (document.activeElement === list.element) list.select(Math.max(0, list.selected))
  },
  v: () => {
    if (list.selected >= 0)
      void list
        .brief(list.selected)
        .then(brief => brief?.mmsi && openVessel(brief.mmsi))
        .catch(failed)
  },
  a: () => card.acknowledge(),
  c: event => {
    event.preventDefault()
    card.focusComment()
  },
  e: event => {
    event.preventDefault()
    card.startExempt()
  },
  '/': event => {
    event.preventDefault()
    filters.search.focus()
    filters.search.select()
  },
  m: () => setFilters({ bbox: state.filters.bbox ? '' : map.bounds() }),
  x: () => setFilters(CLEAR),
  ' ': event => {
    if (event.target instanceof HTMLButtonElement) return
    event.preventDefault()
    playPause()
  },
  s: () => toggleSources(),
  t: () => setTheme(!dark),
  '?': () => help(),
  Escape: () => escape(),
})

// ——— start ———

async function start(first: boolean): Promise<void> {
  const spanning = get<Summary>('summary').then(said => {
    summary = said
    clockSkew = said.now - Date.now()
    drawStatus()
    timeline.setSpan(said.from ?? now() - 86_400_000, said.to ?? now())
    timeline.setBrush(state.filters.from, state.filters.to)
    replay.setSpan(state.filters.from ?? said.from ?? 0, state.filters.to ?? said.to ?? 0)
  })
  await Promise.all([spanning, load(!first)])
  if (first) {
    if (state.event) showEvent(state.event, true)
    else if (state.mmsi !== null) openVessel(state.mmsi)
    if (!state.event) map.fit(found)
    performance.mark('darkwake-list')
  }
  drawLegend()
  await Promise.all([
    loadShips(),
    get<{ zones: { id: string; name: string }[] }>('zones').then(({ zones }) =>
      filters.setZones(new Map(zones.map(({ id, name }) => [id, name]))),
    ),
    get<FeatureCollection>('areas').then(areas => map.setAreas(areas)),
  ])
  map.setZones()
}

function announce(events: readonly Brief[]): void {
  const fresh = events.filter(
    ({ phase, revision, type, exempt }) =>
      phase !== 'retracted' && revision === 1 && type !== 'zone' && !exempt,
  )
  if (fresh.length === 0) return
  const { type, name, mmsi, startT } = fresh[0]!
  const who = name ?? (mmsi === null ? '' : `MMSI ${mmsi}`)
  say(
    fresh.length === 1
      ? `New: ${kindOf(type).label}, ${who}, ${ago(now() - startT)}`
      : `${fresh.length} new events`,
  )
}

let wasLost = false
listen({
  message(name, data) {
    if (name === 'events') {
      const { events } = data as { events: Brief[] }
      list.remember(events)
      announce(events)
      reload()
      reloadShips()
      if (card.shown && 'event' in card.shown) {
        const { event } = card.shown
        if (events.some(({ id }) => id === event)) showEvent(event, false)
      }
    } else if (name === 'sources') {
      sources = (data as { sources: Source[] }).sources
      drawStatus()
    } else if (name === 'decision') {
      const { event } = data as Decision
      if (card.shown) card.refresh()
      const row = event === null ? undefined : found
      if (row)
        void get<{ brief: Brief }>(`events/${encodeURIComponent(event!)}`)
          .then(({ brief }) => list.remember([brief]))
          .catch(failed)
      reload()
    }
  },
  link(next) {
    link = next
    // what was missed in between is asked for
    if (next === 'lost') wasLost = true
    if (next === 'connected' && wasLost) {
      wasLost = false
      start(false).catch(failed)
    }
    drawStatus()
  },
})

drawLayers()
drawReplay()
filters.set(state.filters)
applyTheme()
start(true).catch(failed)
