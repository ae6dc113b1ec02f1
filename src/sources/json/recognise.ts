// Which layout are these JSON objects in? The first one whose keys are all there; where only the values tell scaled
// from raw, all of the objects at hand are asked.

import { LAYOUTS, originsOf, type Layout, type LayoutName } from '../layouts.js'
import { isAbsent, toNumber } from '../records.js'
import { holds, partOf, valueAt, type JsonObject } from './origins.js'

export type NamedLayout = Layout & { readonly name: LayoutName }

/** True when the object has what marks the layout. */
export const isIn = (layout: Layout, record: JsonObject): boolean =>
  layout.has.some(terms => terms.every(term => holds(record, term)))

/** True for greetings and headers, which are no rows of any layout. */
export const isGreeting = (record: JsonObject): boolean =>
  LAYOUTS.some(({ skip }) => skip?.some(term => holds(record, term)))

/** True when all values of the layout's telling fields are whole numbers. */
function isWhole(layout: Layout, records: readonly JsonObject[]): boolean {
  return (layout.integers ?? []).every(field =>
    records.every(record =>
      originsOf(layout.fields, field).every(({ name }) => {
        const value = valueAt(partOf(record, layout) ?? record, name.split('.'))
        return isAbsent(value) || Number.isInteger(toNumber(value))
      }),
    ),
  )
}

/** The layout of records that belong together; undefined where none fits and names decide. */
export function recogniseRecords(records: readonly JsonObject[]): NamedLayout | undefined {
  for (const record of records) {
    const found = LAYOUTS.find(
      layout =>
        isIn(layout, record) &&
        isWhole(
          layout,
          records.filter(other => isIn(layout, other)),
        ),
    )
    if (found) return found
  }
  return undefined
}

/** The layout of one record in the middle of others: values of one alone cannot tell scaled from raw. */
export const recogniseRecord = (record: JsonObject): NamedLayout | undefined =>
  LAYOUTS.find(layout => !layout.integers && isIn(layout, record))
