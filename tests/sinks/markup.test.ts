// Text in markup, whatever it is: a real parser finds exactly the elements that the template has, and the text as it was.

import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { escapeMarkup, Markup, markup, shownText } from '../../src/sinks/markup.js'
import { HOSTILE } from './events.js'

const anyText = fc.oneof(
  fc.constantFrom(
    ...HOSTILE,
    ']]>',
    '<!--',
    '-->',
    '&lt;',
    '<![CDATA[',
    '</text></svg>',
    '" onload="x',
    '\ufffe',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

interface Seen {
  elements: string[]
  attributes: Record<string, string>[]
  text: string
}

function parse(xml: string): Seen {
  const seen: Seen = { elements: [], attributes: [], text: '' }
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    seen.elements.push(name)
    seen.attributes.push({ ...attributes })
  })
  parser.on('text', text => (seen.text += text))
  parser.on('error', error => {
    throw error
  })
  parser.write(xml).close()
  return seen
}

describe('a template', () => {
  test('lets no text become an element or leave its attribute', () => {
    fc.assert(
      fc.property(anyText, anyText, (inside, attribute) => {
        const { text } = markup`<p title="${attribute}">${inside}</p>`
        const seen = parse(text)
        expect(seen.elements).toEqual(['p'])
        expect(Object.keys(seen.attributes[0]!)).toEqual(['title'])
        expect(seen.text).toBe(shownText(inside))
        expect(seen.attributes[0]!['title']).toBe(shownText(attribute))
      }),
      { numRuns: 500 },
    )
  })

  test('takes markup as it is, lists in a row, and nothing for nothing', () => {
    const list = ['<', 'b'].map(each => markup`<li>${each}</li>`)
    expect(String(markup`<ul>${list}${null}${undefined}${false}${0}</ul>`)).toBe(
      '<ul><li>&lt;</li><li>b</li>0</ul>',
    )
    expect(String(markup`${new Markup('<br/>')}`)).toBe('<br/>')
  })

  test('cuts a text of 10,000 characters, and letters that carry a tower of marks', () => {
    expect(String(markup`${'A'.repeat(10_000)}`).length).toBeLessThan(700)
    expect(shownText(`Z${'\u0301'.repeat(500)}`)).toBe(`Z${'\u0301'.repeat(4)}`)
  })

  test('drops what no XML may hold, and what turns the direction of reading', () => {
    expect(escapeMarkup('a\u0000b\u202ec\ufffed\ud800e\u0085f')).toBe('abcdef')
  })
})
