// What detection goes by, read from the files that were named: thresholds, zones, ports, the coast.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  buildWatchlist,
  buildZoneIndex,
  COLLECTIONS,
  loadApproximateEez,
  loadCoast,
  loadPorts,
  loadReceptionGrid,
  loadWatchlist,
  loadZones,
} from '../index.js'
import type { ConfigInput, EngineOptions, GridRow, Watchlist, ZonePolygon } from '../index.js'
import { UsageError } from '../model/errors.js'
import { oneLine } from './exit.js'
import { inNumber } from './numbers.js'
import type { RuleFlags as Flags } from './run-options.js'

export type RuleFlags = Flags & { reception?: string }

export interface Rules extends Pick<
  EngineOptions,
  'preset' | 'config' | 'zones' | 'ports' | 'coast' | 'watchlist' | 'receptionPrior'
> {
  /** Of the files they came from; the start of the reception model is no rule, and lists change nothing that is believed. */
  fingerprint: string
  /** What of a file could not be used, for a person. */
  warnings: string[]
  /** The zones as areas, for who draws them. */
  polygons: readonly ZonePolygon[]
}

/** @throws UsageError, or what a file of zones, ports or lists has wrong */
export async function readRules({
  preset,
  config: path,
  zones,
  ports,
  watchlist,
  reception,
}: RuleFlags): Promise<Rules> {
  const warnings: string[] = []
  const config = path === undefined ? undefined : await readConfig(path)
  const polygons =
    zones === false ? null : zones ? (await Promise.all(zones.map(loadZones))).flat() : loadApproximateEez()
  return {
    ...(preset !== undefined && { preset }),
    ...(config !== undefined && { config }),
    ...(polygons && { zones: buildZoneIndex(polygons) }),
    ...(ports !== undefined && { ports: await loadPorts(ports) }),
    ...(watchlist && { watchlist: await readWatchlist(watchlist, warnings) }),
    ...(reception !== undefined && { receptionPrior: await readPrior(reception, warnings) }),
    coast: loadCoast(),
    warnings,
    polygons: polygons ?? [],
    fingerprint: fingerprintOf([preset, zones === false], [path, ...(zones || []), ports]),
  }
}

/** Files in the order given. */
async function readWatchlist(paths: string[], warnings: string[]): Promise<Watchlist> {
  const files = await Promise.all(paths.map(loadWatchlist))
  files.forEach(({ replaced }, k) => {
    if (replaced > 0)
      warnings.push(
        `watchlist: ${paths[k]}: ${inNumber(replaced, 'row')} replaced by a later one of the same vessel`,
      )
  })
  return buildWatchlist(files.flatMap(({ entries }) => entries))
}

async function readPrior(path: string, warnings: string[]): Promise<GridRow[]> {
  const { rows, skipped } = await loadReceptionGrid(path)
  const ours = rows.filter(({ feed }) => (COLLECTIONS as readonly string[]).includes(feed))
  const say = (text: string) => warnings.push(`reception: ${path}: ${text}`)
  if (skipped > 0) say(`${inNumber(skipped, 'row')} ${skipped === 1 ? 'holds' : 'hold'} no cell, left out`)
  const others = rows.length - ours.length
  if (others > 0) {
    const { feed } = rows.find(row => !ours.includes(row))!
    const what = others === 1 ? 'is of another feed' : 'are of other feeds'
    const expected = COLLECTIONS.join(', ')
    say(
      `${others} of ${inNumber(rows.length, 'row')} ${what}, such as "${feed}", left out; expected ${expected}`,
    )
  }
  return ours
}

function fingerprintOf(words: unknown[], paths: (string | undefined)[]): string {
  const hash = createHash('sha256').update(JSON.stringify(words))
  for (const path of paths) hash.update(path === undefined ? '-' : readFileSync(path))
  return hash.digest('hex')
}

/** JSON is YAML too, so one parser reads both. */
async function readConfig(path: string): Promise<ConfigInput> {
  const { parse } = await import('yaml')
  let content: unknown
  try {
    content = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UsageError(`configuration: ${path}: ${oneLine(error).replace(/^file: [^:]*: /, '')}`)
  }
  if (content == null) return {}
  if (typeof content === 'object' && !Array.isArray(content)) return content as ConfigInput
  throw new UsageError(`configuration: ${path}: expected named sections such as gap: or loitering:`)
}
