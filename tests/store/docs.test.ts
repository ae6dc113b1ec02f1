// The queries in docs/store.md run on a store as it is.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/store.js'
import { hasDuckdb, seaEvents, WITHOUT } from './sea.js'

const sql = /```sql\n([\s\S]*?)```/.exec(readFileSync('docs/store.md', 'utf8'))![1]!
const queries = sql.split(/;\s*\n/).filter(query => query.trim() !== '')

describe.skipIf(!hasDuckdb)(`docs/store.md ${hasDuckdb ? '' : WITHOUT}`, () => {
  test('has ten queries that run', async () => {
    expect(queries.length).toBe(10)
    const store = await openStore(':memory:')
    for (const event of seaEvents(100)) store.write.add(event)
    await store.write.flush()
    for (const query of queries) await expect(store.sql(query)).resolves.toBeInstanceOf(Array)
    await store.close()
  })
})
