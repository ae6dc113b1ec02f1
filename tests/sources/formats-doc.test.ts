// docs/formats.md is what scripts/formats-doc.ts writes; `npx vitest run tests/sources/formats-doc.test.ts -u` writes it anew.

import { expect, test } from 'vitest'
import { format, resolveConfig } from 'prettier'
import { formatsPage } from '../../scripts/formats-doc.js'
import { LAYOUTS } from '../../src/sources/layouts.js'

test('docs/formats.md is up to date with the table of layouts', async () => {
  const page = formatsPage()
  for (const { name, title } of LAYOUTS) expect(page).toContain(`### ${title}\n\n\`${name}\``)
  const options = await resolveConfig('docs/formats.md')
  const pretty = await format(page, { ...options, parser: 'markdown' })
  await expect(pretty).toMatchFileSnapshot('../../docs/formats.md')
})
