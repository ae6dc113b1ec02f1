// What is looked at: filters, order, selection. It lives in the address bar, so that a link shows the same and the way
// back works.

export interface Filters {
  type: string[]
  class: string[]
  zone: string[]
  flag: string[]
  q: string
  minScore: number
  /** Epoch ms. */
  from: number | null
  to: number | null
  open: boolean
  /** Only what nobody has acknowledged. */
  todo: boolean
  exempt: boolean
  /** Only in the part of the map that is shown: west,south,east,north. */
  bbox: string
  sort: 'score' | 'newest' | 'oldest' | 'longest'
}

export const NOTHING: Filters = {
  ...{ type: [], class: [], zone: [], flag: [], q: '', minScore: 0, from: null, to: null },
  ...{ open: false, todo: false, exempt: false, bbox: '', sort: 'score' },
}

export interface State {
  filters: Filters
  /** Id of the event that is open. */
  event: string | null
  mmsi: number | null
}

const list = (text: string | null): string[] => text?.split(',').filter(Boolean) ?? []
const at = (text: string | null): number | null => {
  const t = text ? Date.parse(text) : NaN
  return Number.isFinite(t) ? t : null
}
const SORTS: readonly string[] = ['score', 'newest', 'oldest', 'longest']

export function readState(search: string): State {
  const p = new URLSearchParams(search)
  const score = Number(p.get('minScore'))
  const sort = p.get('sort') ?? 'score'
  const mmsi = Number(p.get('vessel'))
  return {
    filters: {
      ...{
        type: list(p.get('type')),
        class: list(p.get('class')),
        zone: list(p.get('zone')),
        flag: list(p.get('flag')),
      },
      ...{
        q: p.get('q') ?? '',
        minScore: score > 0 && score <= 1 ? score : 0,
        from: at(p.get('from')),
        to: at(p.get('to')),
      },
      ...{ open: p.has('open'), todo: p.has('todo'), exempt: p.has('exempt'), bbox: p.get('bbox') ?? '' },
      sort: (SORTS.includes(sort) ? sort : 'score') as Filters['sort'],
    },
    event: p.get('event'),
    mmsi: mmsi > 0 ? mmsi : null,
  }
}

const iso = (t: number): string => new Date(t).toISOString()

/** For the address bar. */
export function writeState({ filters: f, event, mmsi }: State): string {
  const p = new URLSearchParams()
  for (const name of ['type', 'class', 'zone', 'flag'] as const)
    if (f[name].length) p.set(name, f[name].join(','))
  if (f.q) p.set('q', f.q)
  if (f.minScore) p.set('minScore', String(f.minScore))
  if (f.from !== null) p.set('from', iso(f.from))
  if (f.to !== null) p.set('to', iso(f.to))
  for (const name of ['open', 'todo', 'exempt'] as const) if (f[name]) p.set(name, '1')
  if (f.bbox) p.set('bbox', f.bbox)
  if (f.sort !== 'score') p.set('sort', f.sort)
  if (event) p.set('event', event)
  if (mmsi !== null) p.set('vessel', String(mmsi))
  const text = p.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text ? `?${text}` : location.pathname
}

/** For the server; `span` leaves the time out, for what shows all of it. */
export function asQuery(f: Filters, withTime = true): string {
  const p = new URLSearchParams()
  for (const name of ['type', 'class', 'zone', 'flag'] as const)
    if (f[name].length) p.set(name, f[name].join(','))
  if (f.q) p.set('q', f.q)
  if (f.minScore) p.set('minScore', String(f.minScore))
  if (withTime && f.from !== null) p.set('from', iso(f.from))
  if (withTime && f.to !== null) p.set('to', iso(f.to))
  if (f.open) p.set('open', 'true')
  if (f.todo) p.set('acknowledged', 'false')
  if (f.exempt) p.set('exempt', 'show')
  if (f.bbox) p.set('bbox', f.bbox)
  return p.toString()
}
