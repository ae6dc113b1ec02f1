// Elements of the page. Text goes in as text nodes, never as markup: what a ship calls itself cannot become a tag.

type Child = Node | string | number | null | undefined | false

export type Attributes = Record<string, string | number | boolean | undefined | ((event: never) => void)>

/** An element: attributes by name, handlers as `onclick`, children after. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  add(element, children)
  return element
}

export function add(element: Element, children: readonly Child[]): void {
  for (const child of children)
    if (child !== null && child !== undefined && child !== false)
      element.append(typeof child === 'number' ? String(child) : child)
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren()
  add(element, children)
}

const SVG = 'http://www.w3.org/2000/svg'

export function svg(
  tag: string,
  attributes: Record<string, string | number>,
  ...children: SVGElement[]
): SVGElement {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}

/** Runs `work` at most once in `ms`, the last call wins. */
export function throttled(ms: number, work: () => void): () => void {
  let timer: number | undefined
  let last = -Infinity
  return () => {
    if (timer !== undefined) return
    const wait = Math.max(0, last + ms - performance.now())
    timer = window.setTimeout(() => {
      timer = undefined
      last = performance.now()
      work()
    }, wait)
  }
}
