// The ranked list: as many rows as there are events, a screenful of elements. What a row says is fetched when it comes into
// sight, by the number of the event, and remembered.

import { get, type Brief, type Columns } from './api.js'
import { fill, h } from './dom.js'
import { kindOf, lasted, mark, sentence, time, twoPlaces } from './words.js'

const ROW = 84
/** Rows beyond the edges that are there already. */
const MORE = 6
const CHUNK = 50
const REMEMBERED = 4000

export interface List {
  readonly element: HTMLElement
  setColumns(columns: Columns, keep: boolean): void
  /** Row of an event number; -1 when it is not in the list. */
  rowOf(n: number): number
  select(row: number, focus?: boolean): void
  readonly selected: number
  /** Takes what came with news. */
  remember(briefs: readonly Brief[]): void
  forget(n: number): void
  brief(row: number): Promise<Brief | undefined>
  repaint(): void
}

export function createList(
  isDark: () => boolean,
  on: {
    /** Another row, of which the event may not be known yet. */
    choose(): void
    select(brief: Brief, row: number): void
    error(error: unknown): void
  },
): List {
  const space = h('div', { class: 'list-space', role: 'presentation' })
  const element = h(
    'div',
    { class: 'list', role: 'listbox', tabindex: 0, 'aria-label': 'Events, ranked', onscroll: () => draw() },
    space,
  )
  let columns: Columns = { count: 0, types: [] }
  let numbers: Uint32Array = new Uint32Array(0)
  let selected = -1
  let selectedN = -1
  const known = new Map<number, Brief>()
  const asked = new Set<number>()
  const rows = new Map<number, HTMLElement>()

  function remember(briefs: readonly Brief[]): void {
    for (const brief of briefs) {
      known.delete(brief.n)
      known.set(brief.n, brief)
    }
    for (const n of known.keys()) {
      if (known.size <= REMEMBERED) break
      known.delete(n)
    }
  }

  async function fetchRows(from: number, to: number): Promise<void> {
    const wanted: number[] = []
    for (let row = from; row < to; row++) {
      const n = numbers[row]!
      if (!known.has(n) && !asked.has(n)) wanted.push(n)
    }
    for (let at = 0; at < wanted.length; at += CHUNK) {
      const chunk = wanted.slice(at, at + CHUNK)
      chunk.forEach(n => asked.add(n))
      try {
        const { events } = await get<{ events: Brief[] }>(`events/by-number?n=${chunk.join(',')}`)
        remember(events)
      } finally {
        chunk.forEach(n => asked.delete(n))
      }
    }
    if (wanted.length > 0) draw()
  }

  let settle: number | undefined
  function draw(): void {
    const top = element.scrollTop
    const from = Math.max(0, Math.floor(top / ROW) - MORE)
    const to = Math.min(columns.count, Math.ceil((top + element.clientHeight) / ROW) + MORE)
    for (const [row, node] of rows) {
      if (row >= from && row < to) continue
      node.remove()
      rows.delete(row)
    }
    let missing = false
    for (let row = from; row < to; row++) {
      const n = numbers[row]!
      const brief = known.get(n)
      if (!brief) missing = true
      const before = rows.get(row)
      const state = `${n}.${brief?.revision ?? ''}.${brief?.acknowledgedAt ?? ''}.${row === selected}.${isDark()}`
      if (before?.dataset['state'] === state) continue
      const node = rowOf(row, n, brief)
      node.dataset['state'] = state
      if (before) before.replaceWith(node)
      else space.append(node)
      rows.set(row, node)
    }
    clearTimeout(settle)
    // who flies past asks for nothing
    if (missing) settle = window.setTimeout(() => void fetchRows(from, to).catch(on.error), 60)
  }

  function rowOf(row: number, n: number, brief: Brief | undefined): HTMLElement {
    const type = columns.types[(columns['type'] as Uint8Array)[row]!]!
    const score = (columns['score'] as Float32Array)[row]!
    const node = h('div', {
      ...{
        class: 'row',
        role: 'option',
        id: `event-${n}`,
        style: undefined,
        'aria-selected': row === selected ? 'true' : 'false',
      },
      ...{ 'aria-posinset': row + 1, 'aria-setsize': columns.count },
      onclick: () => select(row),
    })
    node.style.transform = `translateY(${row * ROW}px)`
    const meter = h('span', { class: 'score', title: 'Score: a rank, 0 to 1' }, twoPlaces(score))
    meter.style.setProperty('--score', String(score))
    const head = h('div', { class: 'row-head' }, mark(type, isDark()), h('b', {}, kindOf(type).label))
    fill(node, meter, h('div', { class: 'row-body' }, head))
    if (!brief) {
      head.append(h('span', { class: 'dim' }, ` ${time((columns['start'] as Float64Array)[row]!)}`))
      return node
    }
    if (brief.class) head.append(h('span', { class: 'tag' }, sentence(brief.class)))
    if (brief.endT === null) head.append(h('span', { class: 'tag live' }, 'open'))
    if (brief.acknowledgedAt !== null) head.append(h('span', { class: 'tag done' }, '✓ acknowledged'))
    if (brief.exempt) head.append(h('span', { class: 'tag' }, 'exempt'))
    const who =
      brief.name ?? brief.source ?? brief.receiver ?? (brief.mmsi === null ? '' : `MMSI ${brief.mmsi}`)
    node.lastElementChild!.append(
      h(
        'div',
        { class: 'row-who' },
        h('span', { class: 'name', dir: 'auto' }, who),
        brief.flag && h('span', { class: 'flag' }, brief.flag),
        h(
          'span',
          { class: 'dim' },
          // "open" is said above
          `${time(brief.startT).slice(5)}${brief.durationS ? ` · ${lasted(brief.durationS)}` : ''}`,
        ),
      ),
      h('div', { class: 'row-why', dir: 'auto' }, brief.reasons ?? ''),
    )
    return node
  }

  function select(row: number, focus = false): void {
    if (row < 0 || row >= columns.count) return
    if (selectedN !== numbers[row]!) on.choose()
    selected = row
    selectedN = numbers[row]!
    element.setAttribute('aria-activedescendant', `event-${selectedN}`)
    const top = row * ROW
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + ROW > element.scrollTop + element.clientHeight)
      element.scrollTop = top + ROW - element.clientHeight
    draw()
    if (focus) element.focus()
    void brief(row)
      .then(found => {
        if (found && selected === row) on.select(found, row)
      })
      .catch(on.error)
  }

  async function brief(row: number): Promise<Brief | undefined> {
    const n = numbers[row]
    if (n === undefined) return undefined
    if (!known.has(n)) {
      const { events } = await get<{ events: Brief[] }>(`events/by-number?n=${n}`)
      remember(events)
    }
    return known.get(n)
  }

  new ResizeObserver(() => draw()).observe(element)

  return {
    element,
    setColumns(next, keep) {
      columns = next
      numbers = next['n'] as Uint32Array
      space.style.height = `${next.count * ROW}px`
      rows.forEach(node => node.remove())
      rows.clear()
      if (!keep) element.scrollTop = 0
      selected = selectedN < 0 ? -1 : numbers.indexOf(selectedN)
      draw()
    },
    rowOf: n => numbers.indexOf(n),
    select,
    get selected() {
      return selected
    },
    remember(briefs) {
      remember(briefs)
      draw()
    },
    forget(n) {
      known.delete(n)
      draw()
    },
    brief,
    repaint: draw,
  }
}
