// The timeline: how many events began when, a brush to look at a part of it, and the moment of a replay. Drawn on a canvas;
// the arrow keys move the brush as the mouse does.

import { h } from './dom.js'
import { time } from './words.js'
import type { Columns } from './api.js'

const HEIGHT = 64
const AXIS = 16
const BAR = 4
const HOUR = 3_600_000

export interface Timeline {
  readonly element: HTMLElement
  setColumns(columns: Columns): void
  /** The whole time that there is. */
  setSpan(from: number, to: number): void
  setBrush(from: number | null, to: number | null): void
  setMoment(t: number | null): void
  setColours(colours: { bar: string; high: string; text: string; brush: string; moment: string }): void
  readonly span: readonly [number, number]
}

export function createTimeline(on: {
  brush(from: number | null, to: number | null): void
  moment(t: number): void
}): Timeline {
  const canvas = h('canvas', {
    ...{
      class: 'timeline-canvas',
      tabindex: 0,
      role: 'slider',
      'aria-label': 'Time that is shown: arrow keys move it, Escape clears it',
    },
  })
  const label = h('span', { class: 'timeline-label', 'aria-live': 'off' })
  const element = h('div', { class: 'timeline-plot' }, canvas, label)
  const context = canvas.getContext('2d')!
  let columns: Columns = { count: 0, types: [] }
  let [from, to] = [0, 1]
  let brush: [number, number] | null = null
  let moment: number | null = null
  let colours = { bar: '#888', high: '#f00', text: '#888', brush: '#8884', moment: '#f00' }
  let [low, high] = [new Uint32Array(0), new Uint32Array(0)]

  const width = (): number => canvas.clientWidth
  const xOf = (t: number): number => ((t - from) / (to - from)) * width()
  const tOf = (x: number): number =>
    from + (Math.max(0, Math.min(width(), x)) / Math.max(1, width())) * (to - from)

  /** Events by bar, those of a score from one half on apart. */
  function count(): void {
    const bars = Math.max(1, Math.ceil(width() / BAR))
    low = new Uint32Array(bars)
    high = new Uint32Array(bars)
    const start = columns['start'] as Float64Array | undefined
    const score = columns['score'] as Float32Array | undefined
    if (!start || !score) return
    for (let k = 0; k < columns.count; k++) {
      const bar = Math.floor(((start[k]! - from) / (to - from)) * bars)
      if (bar < 0 || bar >= bars) continue
      if (score[k]! >= 0.5) high[bar]!++
      else low[bar]!++
    }
  }

  let pending = false
  function draw(): void {
    if (pending) return
    pending = true
    requestAnimationFrame(() => {
      pending = false
      paint()
    })
  }

  function paint(): void {
    const ratio = window.devicePixelRatio || 1
    const w = width()
    if (w === 0) return
    if (canvas.width !== Math.round(w * ratio)) {
      canvas.width = Math.round(w * ratio)
      canvas.height = Math.round(HEIGHT * ratio)
      count()
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, w, HEIGHT)
    const room = HEIGHT - AXIS
    let most = 1
    for (let k = 0; k < low.length; k++) most = Math.max(most, low[k]! + high[k]!)
    for (let k = 0; k < low.length; k++) {
      // by the root, so that a lone event is seen beside a crowd
      const all = Math.sqrt((low[k]! + high[k]!) / most) * (room - 4)
      const top = all * (high[k]! / Math.max(1, low[k]! + high[k]!))
      context.fillStyle = colours.bar
      context.fillRect(k * BAR, room - all, BAR - 1, all - top)
      context.fillStyle = colours.high
      context.fillRect(k * BAR, room - top, BAR - 1, top)
    }
    context.fillStyle = colours.text
    context.font = '11px system-ui, sans-serif'
    for (const t of ticks()) {
      const x = xOf(t)
      const text =
        to - from > 3 * 24 * HOUR || t % (24 * HOUR) === 0 ? time(t).slice(5, 10) : time(t).slice(11, 16)
      context.fillRect(x, room, 1, 4)
      if (x + 34 < w) context.fillText(text, x + 3, HEIGHT - 4)
    }
    if (brush) {
      context.fillStyle = colours.brush
      context.fillRect(0, 0, xOf(brush[0]), room)
      context.fillRect(xOf(brush[1]), 0, w, room)
      context.fillStyle = colours.text
      for (const t of brush) context.fillRect(Math.min(w - 2, xOf(t)), 0, 2, room)
    }
    if (moment !== null) {
      context.fillStyle = colours.moment
      context.fillRect(xOf(moment) - 1, 0, 2, room)
    }
    label.textContent = brush ? `${time(brush[0])} – ${time(brush[1])}` : `${time(from)} – ${time(to)}`
    canvas.setAttribute('aria-valuetext', label.textContent)
  }

  function* ticks(): Generator<number> {
    const steps = [1, 3, 6, 12, 24, 48, 168, 336, 730, 2190, 8760].map(hours => hours * HOUR)
    const wanted = (to - from) / Math.max(1, width() / 70)
    const step = steps.find(one => one >= wanted) ?? steps.at(-1)!
    for (let t = Math.ceil(from / step) * step; t < to; t += step) yield t
  }

  let grabbed: { x: number; t: number } | null = null
  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId)
    grabbed = { x: event.offsetX, t: tOf(event.offsetX) }
  })
  canvas.addEventListener('pointermove', event => {
    if (!grabbed || Math.abs(event.offsetX - grabbed.x) < 4) return
    const t = tOf(event.offsetX)
    brush = [Math.min(t, grabbed.t), Math.max(t, grabbed.t)]
    draw()
  })
  canvas.addEventListener('pointerup', event => {
    if (!grabbed) return
    const dragged = Math.abs(event.offsetX - grabbed.x) >= 4
    if (dragged && brush) on.brush(...brush)
    else on.moment(grabbed.t)
    grabbed = null
  })
  canvas.addEventListener('dblclick', () => on.brush(null, null))
  canvas.addEventListener('keydown', event => {
    const step = (to - from) / 24
    const [a, b] = brush ?? [from, to]
    if (event.key === 'Escape' && brush) on.brush(null, null)
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const by = event.key === 'ArrowLeft' ? -step : step
      const next: [number, number] = event.shiftKey
        ? [a, Math.max(a + step, b + by)]
        : brush
          ? [a + by, b + by]
          : [from, from + 4 * step]
      on.brush(Math.max(from, next[0]), Math.min(to, next[1]))
    } else return
    event.preventDefault()
    event.stopPropagation()
  })
  new ResizeObserver(() => draw()).observe(canvas)

  return {
    element,
    setColumns(next) {
      columns = next
      count()
      draw()
    },
    setSpan(a, b) {
      ;[from, to] = [a, Math.max(b, a + HOUR)]
      count()
      draw()
    },
    setBrush(a, b) {
      brush = a === null && b === null ? null : [a ?? from, b ?? to]
      draw()
    },
    setMoment(t) {
      moment = t
      draw()
    },
    setColours(next) {
      colours = next
      draw()
    },
    get span() {
      return [from, to] as const
    },
  }
}
