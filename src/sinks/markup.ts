// Text into HTML, SVG and XML, safe by construction: a template escapes whatever is put into it, but for pieces that were
// made by such a template themselves. Names come from whoever has a transmitter; one of 20 characters is enough for
// `<SCRIPT SRC=//A.CO>`.

import { safeText } from '../model/text.js'

/** Markup that was made here: it goes into other markup as it is. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

/** What a template takes. Nothing at all (null, undefined, false) is nothing; a list is its parts in a row. */
export type Content = Markup | string | number | null | undefined | false | readonly Content[]

/** Longest text of one place in a template; a name is cut earlier. */
const MAX_CHARS = 600

const ENTITY: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

// characters that XML 1.0 does not allow, beyond those that safeText drops
const NO_XML = /[\ufffe\uffff]/g
/** More marks than any script puts on one letter: they would be drawn over the lines above and below. */
const HEAPED = /(\p{M}{4})\p{M}+/gu

/** Text from outside as it may be shown: safe, cut, and no taller than its line. */
export const shownText = (text: string, max = MAX_CHARS): string =>
  safeText(text.replace(HEAPED, '$1'), max).replace(NO_XML, '')

/** The same with what means something in HTML and XML written as entities, for elements and for quoted attributes. */
export const escapeMarkup = (text: string): string =>
  shownText(text, Infinity).replace(/[&<>"'`]/g, c => ENTITY[c]!)

/** Markup out of a template; attributes stand in quotes there. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.map((part, k) => (k === 0 ? part : textOf(values[k - 1]) + part)).join(''))
}

function textOf(value: Content): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Markup) return value.text
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escapeMarkup(shownText(value))
  return value.map(textOf).join('')
}
