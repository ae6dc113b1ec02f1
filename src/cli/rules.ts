// What detection goes by, read from the files that were named: thresholds, zones, ports, the coast.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { buildZoneIndex, loadApproximateEez, loadCoast, loadPorts, loadZones } from '../index.js'
import type { ConfigInput, EngineOptions } from '../index.js'
import { UsageError } from '../model/errors.js'
import { oneLine } from './exit.js'

export interface RuleFlags {
  preset?: string
  config?: string
  /** Files; false for --no-zones; absent for the approximate EEZs. */
  zones?: string[] | false
  ports?: string
}

export interface Rules extends Pick<EngineOptions, 'preset' | 'config' | 'zones' | 'ports' | 'coast'> {
  /** Of the files they came from. */
  fingerprint: string
}

/** @throws UsageError, or what a zone or port file has wrong */
export async function readRules({ preset, config: path, zones, ports }: RuleFlags): Promise<Rules> {
  const config = path === undefined ? undefined : await readConfig(path)
  const polygons =
    zones === false ? null : zones ? (await Promise.all(zones.map(loadZones))).flat() : loadApproximateEez()
  return {
    ...(preset !== undefined && { preset }),
    ...(config !== undefined && { config }),
    ...(polygons && { zones: buildZoneIndex(polygons) }),
    ...(ports !== undefined && { ports: await loadPorts(ports) }),
    coast: loadCoast(),
    fingerprint: fingerprintOf([preset, zones === false], [path, ...(zones || []), ports]),
  }
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
