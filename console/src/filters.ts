// The filters above the list: each change is in the address at once.

import { fill, h } from './dom.js'
import type { Filters } from './state.js'
import { KINDS, kindOf, mark, sentence } from './words.js'

export interface Counts {
  total: number
  byType: Record<string, number>
  byClass: Record<string, number>
  byFlag: Record<string, number>
  byZone: Record<string, number>
}

export interface FilterBar {
  readonly element: HTMLElement
  readonly search: HTMLInputElement
  set(filters: Filters): void
  setCounts(counts: Counts): void
  setZones(names: ReadonlyMap<string, string>): void
  /** How many of how many the list holds. */
  setShown(shown: number, total: number): void
  repaint(): void
}

export function createFilters(isDark: () => boolean, change: (filters: Partial<Filters>) => void): FilterBar {
  let filters: Filters | null = null
  let counts: Counts = { total: 0, byType: {}, byClass: {}, byFlag: {}, byZone: {} }
  let zones: ReadonlyMap<string, string> = new Map()
  let wait: number | undefined
  const search = h('input', {
    ...{
      type: 'search',
      class: 'search',
      placeholder: 'Name, MMSI, flag, waters  ( / )',
      'aria-label': 'Search',
    },
    ...{ spellcheck: 'false', autocomplete: 'off', maxlength: 200 },
    oninput: () => {
      clearTimeout(wait)
      wait = window.setTimeout(() => change({ q: search.value.trim() }), 250)
    },
  })
  const types = h('div', { class: 'chips', role: 'group', 'aria-label': 'Types' })
  const choices = h('div', { class: 'choices' })
  const shown = h('span', { class: 'shown', role: 'status' })
  const score = h('input', {
    ...{ type: 'range', min: 0, max: 1, step: 0.05, 'aria-label': 'Least score' },
    oninput: () => {
      scoreText.textContent = `score ≥ ${Number(score.value).toFixed(2)}`
      clearTimeout(wait)
      wait = window.setTimeout(() => change({ minScore: Number(score.value) }), 200)
    },
  })
  const scoreText = h('span', { class: 'dim' })
  const toggles = h('div', { class: 'toggles' })
  const more = h(
    'details',
    { class: 'more' },
    h('summary', {}, 'More filters'),
    choices,
    h('label', { class: 'range' }, scoreText, score),
    toggles,
  )
  const head = h('div', { class: 'list-head' }, shown)
  const element = h('section', { class: 'filters', 'aria-label': 'Filters' }, search, types, more, head)

  function chips(): void {
    if (!filters) return
    const names = Object.keys(counts.byType)
    const all = [
      ...new Set([
        ...Object.keys(KINDS).filter(name => names.includes(name) || filters!.type.includes(name)),
        ...names,
      ]),
    ]
    fill(
      types,
      ...all.map(name => {
        const on = filters!.type.includes(name)
        const next = on ? filters!.type.filter(other => other !== name) : [...filters!.type, name]
        return h(
          'button',
          {
            class: 'chip',
            'aria-pressed': on ? 'true' : 'false',
            title: kindOf(name).what,
            onclick: () => change({ type: next }),
          },
          mark(name, isDark()),
          kindOf(name).label,
          h('span', { class: 'count' }, (counts.byType[name] ?? 0).toLocaleString('en')),
        )
      }),
    )
  }

  function choice(
    label: string,
    field: 'class' | 'flag' | 'zone',
    of: Record<string, number>,
    text: (name: string) => string,
  ): HTMLElement {
    const value = filters![field][0] ?? ''
    const names = [...new Set([...(value ? [value] : []), ...Object.keys(of)])]
    return h(
      'label',
      {},
      h('span', { class: 'dim' }, label),
      h(
        'select',
        {
          onchange: (event: Event) =>
            change({ [field]: [(event.target as HTMLSelectElement).value].filter(Boolean) }),
        },
        h('option', { value: '' }, 'all'),
        ...names.map(name =>
          h(
            'option',
            { value: name, selected: name === value },
            `${text(name)}${of[name] === undefined ? '' : ` (${of[name]})`}`,
          ),
        ),
      ),
    )
  }

  function toggle(label: string, field: 'open' | 'todo' | 'exempt', what: string): HTMLElement {
    return h(
      'label',
      { title: what },
      h('input', {
        type: 'checkbox',
        checked: filters![field],
        onchange: (event: Event) => change({ [field]: (event.target as HTMLInputElement).checked }),
      }),
      label,
    )
  }

  function draw(): void {
    if (!filters) return
    const f = filters
    chips()
    fill(
      choices,
      choice('Class', 'class', counts.byClass, sentence),
      choice('Flag', 'flag', counts.byFlag, name => name),
      choice('Waters', 'zone', counts.byZone, id => zones.get(id) ?? id),
    )
    fill(
      toggles,
      toggle('Still open', 'open', 'Only what goes on'),
      toggle('To do', 'todo', 'Only what nobody has acknowledged'),
      toggle('Exempt too', 'exempt', 'Also events of exempt vessels'),
    )
    score.value = String(f.minScore)
    scoreText.textContent = `score ≥ ${f.minScore.toFixed(2)}`
    if (document.activeElement !== search) search.value = f.q
    const sort = h(
      'select',
      {
        'aria-label': 'Order',
        onchange: (event: Event) =>
          change({ sort: (event.target as HTMLSelectElement).value as Filters['sort'] }),
      },
      ...(
        [
          ['score', 'by score'],
          ['newest', 'newest first'],
          ['oldest', 'oldest first'],
          ['longest', 'longest first'],
        ] as const
      ).map(([name, text]) => h('option', { value: name, selected: f.sort === name }, text)),
    )
    const any =
      f.type.length + f.class.length + f.flag.length + f.zone.length > 0 ||
      f.q ||
      f.minScore ||
      f.open ||
      f.todo ||
      f.exempt ||
      f.bbox ||
      f.from !== null ||
      f.to !== null
    fill(
      head,
      shown,
      h('span', { class: 'gap' }),
      h(
        'button',
        {
          class: 'small',
          'aria-pressed': f.bbox ? 'true' : 'false',
          title: 'Only what is on the map as it is now (m)',
          id: 'in-map',
          onclick: () => change({ bbox: f.bbox ? '' : 'map' }),
        },
        'in map',
      ),
      any ? h('button', { class: 'small', title: 'x', onclick: () => change(CLEAR) }, 'clear') : null,
      sort,
    )
  }

  return {
    ...{ element, search },
    set(next) {
      filters = next
      draw()
    },
    setCounts(next) {
      counts = next
      draw()
    },
    setZones(next) {
      zones = next
      draw()
    },
    setShown(count, total) {
      const n = (value: number): string => value.toLocaleString('en')
      shown.textContent = count < total ? `${n(count)} highest of ${n(total)} events` : `${n(count)} events`
    },
    repaint: draw,
  }
}

export const CLEAR: Partial<Filters> = {
  ...{
    type: [],
    class: [],
    flag: [],
    zone: [],
    q: '',
    minScore: 0,
    open: false,
    todo: false,
    exempt: false,
    bbox: '',
  },
  ...{ from: null, to: null },
}
