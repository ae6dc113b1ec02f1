// The card of what is looked at: an event with every reason and what was decided, or a vessel with its names over time and
// all its events.

import {
  get,
  post,
  type Brief,
  type Decision,
  type EventDetail,
  type Look,
  type Statics,
  type Vessel,
} from './api.js'
import { fill, h } from './dom.js'
import { ago, kindOf, lasted, mark, place, sentence, shipType, time, twoPlaces } from './words.js'

const AUTHOR = 'darkwake-author'
const DAY = 86_400_000

export interface Card {
  readonly element: HTMLElement
  showEvent(id: string): Promise<void>
  showVessel(mmsi: number): Promise<void>
  /** Something else was chosen, and is not known yet: no decision is about what is shown still. */
  leave(): void
  /** What is shown, if any. */
  readonly shown: { event: string } | { mmsi: number } | null
  refresh(): void
  close(): void
  acknowledge(): void
  focusComment(): void
  startExempt(): void
}

export interface CardHooks {
  isDark(): boolean
  openEvent(brief: Brief): void
  openVessel(mmsi: number): void
  decided(decision: Decision): void
  closed(): void
  now(): number
  error(error: unknown): void
}

export function createCard(on: CardHooks): Card {
  const element = h('aside', { class: 'card', 'aria-label': 'Details', hidden: true })
  let shown: Card['shown'] = null
  let detail: EventDetail | null = null
  let asked = 0
  /** What was chosen is not there yet … */
  let coming = false
  /** … and a key was pressed already. */
  let wanted: (() => void) | null = null

  async function showEvent(id: string): Promise<void> {
    const turn = ++asked
    shown = { event: id }
    if (detail?.brief.id !== id) {
      detail = null
      coming = true
    }
    try {
      const found = await get<EventDetail>(`events/${encodeURIComponent(id)}`)
      if (turn !== asked) return
      detail = found
      drawEvent(found)
    } catch (error) {
      if (turn === asked) arrived()
      throw error
    }
    arrived()?.()
  }

  function arrived(): typeof wanted {
    const next = wanted
    coming = false
    wanted = null
    return next
  }

  /** Decides about the event that was chosen, as soon as it is the one that is shown. */
  function about(decide: () => void): void {
    if (detail || (shown && 'mmsi' in shown)) decide()
    else if (coming) wanted = decide
  }

  async function showVessel(mmsi: number): Promise<void> {
    const turn = ++asked
    shown = { mmsi }
    detail = null
    arrived()
    const found = await get<Vessel>(`vessels/${mmsi}`)
    if (turn !== asked) return
    drawVessel(mmsi, found)
  }

  function frame(title: Node[], ...body: (Node | null | undefined | false)[]): void {
    element.hidden = false
    fill(
      element,
      h(
        'header',
        { class: 'card-head' },
        h('h2', {}, ...title),
        h(
          'button',
          { class: 'icon', 'aria-label': 'Close', title: 'Close (Esc)', onclick: () => close() },
          '✕',
        ),
      ),
      h('div', { class: 'card-body' }, ...body),
    )
  }

  function drawEvent({ brief: b, event, revisions, decisions }: EventDetail): void {
    const kind = kindOf(b.type)
    const who = b.name ?? (b.mmsi === null ? (b.source ?? b.receiver ?? 'no vessel') : `MMSI ${b.mmsi}`)
    frame(
      [mark(b.type, on.isDark()), document.createTextNode(` ${kind.label}`)],
      h(
        'p',
        { class: 'who' },
        b.mmsi === null
          ? h('span', {}, who)
          : h(
              'button',
              {
                class: 'link',
                dir: 'auto',
                title: 'Open the vessel (v)',
                onclick: () => on.openVessel(b.mmsi!),
              },
              who,
            ),
        b.partner !== null && h('span', {}, ' with '),
        b.partner !== null &&
          h('button', { class: 'link', onclick: () => on.openVessel(b.partner!) }, `MMSI ${b.partner}`),
      ),
      h(
        'dl',
        { class: 'facts' },
        ...fact('Score', `${twoPlaces(b.score)} (a rank)`),
        ...(b.class ? fact('Class', sentence(b.class)) : []),
        ...fact('From', `${time(b.startT)}  ${place(b.startLat, b.startLon)}`),
        ...fact('To', b.endT === null ? 'goes on' : `${time(b.endT)}  ${place(b.endLat, b.endLon)}`),
        ...fact('Lasted', lasted(b.durationS)),
        ...fact('Waters', b.waters ?? 'high seas, or not known'),
        ...(b.flag ? fact('Flag', b.flag) : []),
      ),
      h('p', { class: 'dim' }, kind.what),
      h('h3', {}, 'Why'),
      h(
        'ul',
        { class: 'reasons' },
        ...event.evidence.map(({ text, weight, expected }) =>
          h(
            'li',
            { class: weight > 0 ? 'against' : weight < 0 ? 'for' : '' },
            h(
              'span',
              {
                class: 'weight',
                title:
                  weight > 0
                    ? 'speaks against the vessel'
                    : weight < 0
                      ? 'speaks for the vessel'
                      : 'tells, and counts for nothing',
              },
              `${weight > 0 ? '+' : ''}${Number(weight.toFixed(2))}`,
            ),
            h(
              'span',
              { dir: 'auto' },
              text,
              expected ? h('span', { class: 'dim' }, ` (expected ${expected})`) : null,
            ),
          ),
        ),
      ),
      h(
        'div',
        { class: 'actions' },
        h(
          'button',
          { class: 'primary', title: 'a', onclick: () => acknowledge() },
          b.acknowledgedAt === null ? 'Acknowledge' : 'Take up again',
        ),
        b.mmsi !== null && h('button', { title: 'e', onclick: () => startExempt() }, 'Exempt vessel…'),
      ),
      commentForm(b.id),
      log(decisions),
      b.type === 'gap' && passes(b.id),
      figures(event.details),
      h(
        'p',
        { class: 'dim small' },
        `${b.id} · revision ${b.revision}${revisions.length > 1 ? `, ${revisions.length} kept` : ''} · as of ${time(b.asOf)}`,
      ),
    )
  }

  function drawVessel(mmsi: number, { card, history, events, decisions, exemption }: Vessel): void {
    const name = card?.name ?? events.find(event => event.name)?.name ?? `MMSI ${mmsi}`
    // a ship on its way crosses many borders, among which what it did would be lost
    const crossings = events.filter(({ type }) => type === 'zone')
    const others = events.filter(({ type }) => type !== 'zone')
    frame(
      [h('span', { dir: 'auto' }, name)],
      exemption &&
        h(
          'p',
          { class: 'note' },
          `Exempt${exemption.types ? ` (${exemption.types.map(type => kindOf(type).label).join(', ')})` : ''} until ${time(exemption.expires)}${exemption.reason ? `: ${exemption.reason}` : ''}`,
        ),
      h(
        'dl',
        { class: 'facts' },
        ...fact('MMSI', String(mmsi)),
        ...(card
          ? [
              ...fact('IMO', card.imo === null ? '–' : String(card.imo)),
              ...fact('Call sign', card.callsign ?? '–'),
              ...fact('Flag', card.flag ?? '–'),
              ...fact('Type', shipType(card.shipType)),
              ...fact('Size', card.length === null ? '–' : `${card.length} × ${card.width ?? '?'} m`),
              ...fact('Bound for', card.destination ?? '–'),
              ...fact('Heard', `${time(card.firstT)} – ${time(card.lastT)}`),
              ...fact(
                'Last place',
                `${place(card.lat, card.lon)}${card.sog === null ? '' : `, ${card.sog.toFixed(1)} kn`}`,
              ),
              ...fact('Reports', card.reports.toLocaleString('en')),
            ]
          : []),
      ),
      h(
        'div',
        { class: 'actions' },
        exemption
          ? h('button', { onclick: () => void decide({ kind: 'end_exemption', mmsi }) }, 'End exemption')
          : h('button', { title: 'e', onclick: () => startExempt() }, 'Exempt vessel…'),
      ),
      h('h3', {}, `Events (${others.length})`),
      others.length === 0 ? h('p', { class: 'dim' }, 'none') : eventLinks(others),
      crossings.length > 0 &&
        h('details', {}, h('summary', {}, `Zone crossings (${crossings.length})`), eventLinks(crossings)),
      h('h3', {}, 'What it said of itself'),
      historyTable(history),
      log(decisions),
    )
  }

  const eventLinks = (events: readonly Brief[]): HTMLElement =>
    h(
      'ul',
      { class: 'links' },
      ...events.map(brief =>
        h(
          'li',
          {},
          h(
            'button',
            { class: 'link', onclick: () => on.openEvent(brief) },
            mark(brief.type, on.isDark()),
            ` ${time(brief.startT)}  ${inShort(brief)}`,
          ),
        ),
      ),
    )

  function commentForm(event: string): HTMLElement {
    const text = h('textarea', {
      rows: 2,
      maxlength: 2000,
      'aria-label': 'Comment',
      placeholder: 'Comment (c)',
      id: 'comment',
    })
    return h(
      'form',
      {
        class: 'comment',
        onsubmit: (submitted: Event) => {
          submitted.preventDefault()
          if (text.value.trim() !== '') void decide({ kind: 'comment', event, text: text.value.trim() })
        },
      },
      text,
      h('button', {}, 'Add'),
    )
  }

  /** Asked for when the card is there: it can wait. */
  function passes(id: string): HTMLElement {
    const box = h('section', { hidden: true })
    void get<{ features: { properties: Look & { part: string } }[] }>(
      `events/${encodeURIComponent(id)}/looks`,
    )
      .then(({ features }) => {
        const looks = features.map(({ properties }) => properties).filter(({ part }) => part === 'look')
        if (looks.length === 0) return
        box.hidden = false
        fill(
          box,
          h('h3', {}, 'Satellite passes worth looking at'),
          h('ul', { class: 'links' }, ...looks.map(lookItem)),
          h(
            'p',
            { class: 'dim small' },
            'By the times of the orbits: whether there is a picture, only the archive tells. The links lead out, to the Copernicus Browser.',
          ),
        )
      })
      .catch(on.error)
    return box
  }

  function startExempt(): void {
    const mmsi = shown && ('mmsi' in shown ? shown.mmsi : (detail?.brief.mmsi ?? null))
    if (mmsi === null) return
    const type = shown && 'event' in shown ? detail?.brief.type : undefined
    const what = h(
      'select',
      { 'aria-label': 'From what' },
      h('option', { value: '' }, 'All its events'),
      type !== undefined && h('option', { value: type }, `Only: ${kindOf(type).label}`),
    )
    const days = h(
      'select',
      { 'aria-label': 'For how long' },
      ...[7, 30, 90, 365].map(n => h('option', { value: n, selected: n === 30 }, `${n} days`)),
    )
    const reason = h('input', {
      maxlength: 300,
      placeholder: 'Reason',
      'aria-label': 'Reason',
      required: true,
    })
    const author = h('input', {
      maxlength: 100,
      placeholder: 'Your name',
      'aria-label': 'Your name',
      value: localStorage.getItem(AUTHOR) ?? '',
    })
    const dialog = h(
      'dialog',
      { class: 'dialog', 'aria-label': 'Exempt vessel' },
      h(
        'form',
        {
          method: 'dialog',
          onsubmit: () => {
            localStorage.setItem(AUTHOR, author.value)
            const expires = new Date(on.now() + Number(days.value) * DAY).toISOString()
            void decide({
              ...{ kind: 'exempt', mmsi, text: reason.value, expires },
              ...(what.value ? { types: [what.value] } : {}),
            })
          },
        },
        h('h2', {}, `Exempt MMSI ${mmsi}`),
        h(
          'p',
          { class: 'dim' },
          'Its events leave the list until then, and no output is told of them. Nothing is deleted, and it can be ended at any time.',
        ),
        what,
        days,
        reason,
        author,
        h(
          'div',
          { class: 'actions' },
          h('button', { class: 'primary' }, 'Exempt'),
          h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'),
        ),
      ),
    )
    dialog.addEventListener('close', () => dialog.remove())
    document.body.append(dialog)
    dialog.showModal()
    reason.focus()
  }

  async function decide(body: Record<string, unknown>): Promise<void> {
    try {
      const author = localStorage.getItem(AUTHOR)
      const decision = await post<Decision>('decisions', { ...body, ...(author ? { author } : {}) })
      on.decided(decision)
      refresh()
    } catch (error) {
      on.error(error)
    }
  }

  function acknowledge(): void {
    if (!detail) return
    const { id, acknowledgedAt } = detail.brief
    void decide({ kind: acknowledgedAt === null ? 'acknowledge' : 'reopen', event: id })
  }

  function log(decisions: readonly Decision[]): HTMLElement | null {
    if (decisions.length === 0) return null
    return h(
      'section',
      {},
      h('h3', {}, 'Decisions'),
      h(
        'ul',
        { class: 'log' },
        ...decisions.map(({ kind, text, author, at, expires }) =>
          h(
            'li',
            {},
            h('b', {}, sentence(kind)),
            ` ${ago(on.now() - at)}${author ? `, ${author}` : ''}${expires === null ? '' : `, until ${time(expires)}`}`,
            text ? h('div', { dir: 'auto' }, text) : null,
          ),
        ),
      ),
    )
  }

  function refresh(): void {
    if (!shown) return
    const again = 'event' in shown ? showEvent(shown.event) : showVessel(shown.mmsi)
    again.catch(on.error)
  }

  function close(): void {
    asked++
    shown = null
    detail = null
    arrived()
    element.hidden = true
    fill(element)
    on.closed()
  }

  return {
    element,
    showEvent,
    showVessel,
    get shown() {
      return shown
    },
    refresh,
    close,
    leave() {
      asked++
      detail = null
      shown = null
      wanted = null
      coming = true
    },
    acknowledge: () => about(acknowledge),
    focusComment: () => element.querySelector<HTMLElement>('#comment')?.focus(),
    startExempt: () => about(startExempt),
  }
}

const lookItem = ({ sensor, pass, from, to, upcoming, areaKm2, link }: Look): HTMLElement =>
  h(
    'li',
    {},
    h(
      'a',
      { href: link, target: '_blank', rel: 'noopener noreferrer' },
      `${sentence(sensor)} ${pass}, ${time(Date.parse(from)).slice(5)} – ${time(Date.parse(to), false)}`,
    ),
    h('span', { class: 'dim' }, ` ${areaKm2.toLocaleString('en', { maximumFractionDigits: 0 })} km²`),
    upcoming && h('span', { class: 'tag live' }, 'yet to come'),
  )

/** What an event of a vessel was; a crossing says where. */
function inShort({ type, class: kind, durationS, waters }: Brief): string {
  const what = `${kindOf(type).label}${kind ? `, ${sentence(kind).toLowerCase()}` : ''}`
  return durationS === 0 ? `${what} ${waters ?? ''}` : `${what}, ${lasted(durationS)}`
}

const fact = (name: string, value: string): HTMLElement[] => [
  h('dt', {}, name),
  h('dd', { dir: 'auto' }, value),
]

/** What an event says in figures, as it says it. */
function figures(details: Record<string, unknown>): HTMLElement | null {
  const rows = Object.entries(details).filter(([, value]) => value !== null && typeof value !== 'object')
  if (rows.length === 0) return null
  return h(
    'details',
    {},
    h('summary', {}, 'Figures'),
    h('dl', { class: 'facts' }, ...rows.flatMap(([name, value]) => fact(spaced(name), String(value)))),
  )
}

const spaced = (name: string): string => sentence(name.replace(/([A-Z])/g, ' $1').toLowerCase())

function historyTable(history: readonly Statics[]): HTMLElement {
  if (history.length === 0) return h('p', { class: 'dim' }, 'nothing')
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'What it said of itself' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...['since', 'name', 'IMO', 'call sign', 'draught', 'bound for'].map(name =>
            h('th', { scope: 'col' }, name),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        ...history.map(({ t, name, imo, callsign, draught, destination }) =>
          h(
            'tr',
            {},
            ...[time(t), name, imo, callsign, draught, destination].map(value =>
              h('td', { dir: 'auto' }, value ?? '–'),
            ),
          ),
        ),
      ),
    ),
  )
}
