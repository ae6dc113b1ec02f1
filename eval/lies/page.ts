// What came of it, as tables of docs/evaluation.md.

import { rate } from '../metrics.js'
import { number, table, whole } from '../page.js'
import type { Jammed } from './jammed.js'
import { total, type Judged } from './judge.js'

const HOURS = 100_000

/** @param names of the families on trial, in order */
export function pageOf(
  names: readonly string[],
  everything: readonly Judged[],
  jammed: readonly Jammed[],
): string {
  // what thinned recordings hold of shared and placeholder numbers is true as often as not: told apart, and not counted
  const judged = everything.filter(({ unlabelled }) => !unlabelled)
  const all = total(judged)
  const hours = all.innocentHours + all.lookalikeHours
  const classes = [...new Set([...names, ...all.falseEvents.map(({ name }) => name)])]
  const rows = classes.map(name => {
    const own = judged.filter(({ family }) => family === name)
    const simulated = total(own.filter(({ recorded }) => !recorded))
    const recorded = total(own.filter(each => each.recorded))
    const falseEvents = all.falseEvents.filter(each => each.name === name).length
    const found = (of: typeof simulated): string =>
      of.lies === 0
        ? '–'
        : `${number(rate(of.found, of.lies).value)} (${of.found} of ${of.lies}; by speed ${of.bySpeed.found})`
    return [
      name,
      found(simulated),
      found(recorded),
      whole(falseEvents),
      number((HOURS * falseEvents) / hours, 1),
    ]
  })
  const ships = [...new Set(judged.flatMap(({ verdict }) => verdict.falseEvents.map(({ kind }) => kind)))]
  const worlds = judged.filter(({ recorded }) => !recorded).length
  return [
    `${worlds} worlds and ${judged.length - worlds} runs over recordings; ${whole(all.innocentHours)} vessel-hours of honest ships, ` +
      `${whole(all.lookalikeHours)} of look-alikes. The plain rule of 50 kn accuses ${whole(all.bySpeed.falseShips)} of these ships.`,
    table(['', 'found', 'found in recordings', 'false events', `per ${whole(HOURS)} vessel-hours`], rows),
    ...(ships.length === 0
      ? []
      : [
          table(
            ['false events of', ''],
            ships.map(kind => {
              const of = all.falseEvents.filter(each => each.kind === kind)
              return [kind, [...new Set(of.map(({ name }) => name))].join(', ') + `: ${of.length}`]
            }),
          ),
        ]),
    ...jammedTable(jammed),
    ...unlabelledTable(everything.filter(({ unlabelled }) => unlabelled)),
  ].join('\n\n')
}

function jammedTable(jammed: readonly Jammed[]): string[] {
  if (jammed.length === 0) return []
  const rows = jammed.map(each => [
    `seed ${each.seed}`,
    whole(each.interferences),
    `${each.victims} of ${each.of}`,
    each.accusedVictims.join(', ') || 'none',
    `${each.spoofersFound} of ${each.spoofers}`,
    each.accusedOthers.join(', ') || 'none',
  ])
  const head = ['a jammer', 'interferences', 'victims', 'of them accused', 'spoofers found', 'others accused']
  return [table(head, rows)]
}

function unlabelledTable(judged: readonly Judged[]): string[] {
  if (judged.length === 0) return []
  const rows = judged.map(({ where, verdict }) => {
    const names = [...new Set(verdict.falseEvents.map(({ name }) => name))].sort()
    const told = names.map(name => `${name} ${verdict.falseEvents.filter(each => each.name === name).length}`)
    return [where, whole(verdict.innocentHours), told.join(', ') || 'nothing']
  })
  return [table(['thinned recordings, as they are', 'vessel-hours', 'told, true or not'], rows)]
}
