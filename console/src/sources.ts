// The sources and how they are: always a key away, and in one line at the top.

import type { Source } from './api.js'
import { h } from './dom.js'
import { ago, time } from './words.js'

export function sourcesPanel(sources: readonly Source[], now: number): HTMLElement {
  if (sources.length === 0) return h('p', { class: 'dim' }, 'No sources are known.')
  return h(
    'ul',
    { class: 'sources' },
    ...sources.map(({ name, address, health, trouble, lastHeard, newest, reports, rejected, reconnects }) =>
      h(
        'li',
        {},
        h('span', { class: `dot ${health === 'up' || health === 'ended' ? 'good' : 'bad'}` }),
        h('b', { dir: 'auto' }, name),
        ` ${health}`,
        h(
          'div',
          { class: 'dim', dir: 'auto' },
          [
            address ?? '',
            lastHeard === null ? '' : `heard ${ago(now - lastHeard)}`,
            newest === null ? '' : `newest report ${time(newest)}`,
            `${reports.toLocaleString('en')} reports`,
            rejected > 0 ? `${rejected.toLocaleString('en')} rejected` : '',
            reconnects > 0 ? `lost ${reconnects} times` : '',
            trouble ?? '',
          ]
            .filter(Boolean)
            .join(' · '),
        ),
      ),
    ),
  )
}
