// What the package promises whoever installs it: few dependencies, each with its reason; nothing runs at install;
// ESM on Node 20.19 or newer; Apache-2.0; exports that lead somewhere.

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

interface Manifest {
  version: string
  license: string
  type: string
  engines: { node: string }
  bin: Record<string, string>
  exports: Record<string, string | Record<string, string>>
  files: string[]
  scripts: Record<string, string>
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  optionalDependencies: Record<string, string>
}
interface Locked {
  license?: string
  dev?: boolean
  hasInstallScript?: boolean
  resolved?: string
}

const pkg = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
const runtime = Object.entries(lock.packages).filter(([path, { dev }]) => path && !dev)

// Adding one is allowed; it shows here, with its reason.
const WHY: Record<string, string> = {
  '@fastify/helmet': 'headers of the console: its own scripts only',
  '@fastify/rate-limit': 'a server that others can reach',
  'cli-progress': 'the progress bar on a terminal',
  'cli-table3': 'the summary table',
  commander: 'commands and their flags',
  fastify: 'the API and the console; health, readiness and metrics of watch --serve',
  'fast-csv': 'writing CSV, and reading small CSV of unknown dialect',
  fzstd: 'zstd where zlib has none (Node before 22.15)',
  hyparquet: 'reads Parquet',
  'hyparquet-compressors': 'unpacks what others packed into Parquet',
  'hyparquet-writer': 'writes Parquet',
  geolib: 'geodesic distances in reports, reading DMS coordinates',
  pino: 'logs',
  'prom-client': 'metrics of watch --serve',
  rbush: 'boxes of zones and ports',
  shpjs: 'shapefiles of zones',
  'topojson-client': 'TopoJSON zones and the coast',
  yaml: 'configuration in YAML',
  yauzl: 'zip members',
  zod: 'one schema for types, defaults, messages and JSON Schema',
}

// Imported when they are asked for; without one the command says which.
const WHY_OPTIONAL: Record<string, string> = {
  '@nats-io/jetstream': 'ingest and worker: detection shared by several machines',
  '@nats-io/kv': 'their states',
  '@nats-io/transport-node': 'the connection to it',
  '@duckdb/node-api': 'the store: detect and watch --store, serve',
  'kafka-ts': 'Kafka, as source and as output',
  mqtt: 'MQTT brokers, as source and as output',
  pg: 'PostgreSQL as output',
  ws: 'WebSocket feeds (aisstream.io)',
}

describe('the package', () => {
  test('depends at run time on exactly these, each for a reason', () => {
    expect(Object.keys(pkg.dependencies).sort()).toEqual(Object.keys(WHY).sort())
  })

  test('has these at hand for those who want them, and works without', () => {
    expect(Object.keys(pkg.optionalDependencies).sort()).toEqual(Object.keys(WHY_OPTIONAL).sort())
  })

  test('runs nothing when it is installed', () => {
    expect(runtime.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([])
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']
    expect(Object.keys(pkg.scripts).filter(name => hooks.includes(name))).toEqual([])
  })

  test('brings only permissive licences', () => {
    // the two spellings at the end are what turf's own dependencies write; EDL-1.0 is BSD-3-Clause
    const fine = [
      'MIT',
      'ISC',
      '0BSD',
      'BSD-3-Clause',
      'Apache-2.0',
      'Unlicense',
      'BDS-3-Clause',
      '(EDL-1.0 OR EPL-1.0)',
    ]
    const odd = runtime.filter(
      ([path, { license }]) => path !== 'node_modules/arc' && !fine.includes(license ?? 'none'),
    )
    expect(odd.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
  })

  test('the lock file names no registry', () => {
    expect(Object.values(lock.packages).filter(({ resolved }) => resolved?.startsWith('http'))).toEqual([])
  })

  test('is ESM under Apache-2.0 for Node 20.19 and newer', () => {
    expect(pkg).toMatchObject({ type: 'module', license: 'Apache-2.0', engines: { node: '>=20.19' } })
    expect(readFileSync('LICENSE', 'utf8')).toContain('Apache License')
  })

  test('every export and command leads to a source file, types first', () => {
    const source = (path: string) =>
      path
        .replace('./dist/', 'src/')
        .replace(/^dist\//, 'src/')
        .replace(/\.js$/, '.ts')
    for (const [name, entry] of Object.entries(pkg.exports)) {
      if (typeof entry === 'string') {
        expect(existsSync(entry), name).toBe(true)
        continue
      }
      expect(Object.keys(entry), name).toEqual(['types', 'default'])
      expect(entry.types, name).toBe(entry.default!.replace(/\.js$/, '.d.ts'))
      expect(existsSync(source(entry.default!)), `${name}: ${source(entry.default!)}`).toBe(true)
    }
    // scripts/bundle.mjs makes the one from the other
    expect(pkg.bin).toEqual({ darkwake: 'dist/bin/darkwake.js' })
    expect(readFileSync('src/cli/main.ts', 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true)
  })

  test('packs the build, the data and the papers, no sources and no tests', () => {
    expect(pkg.files).toEqual(['dist', 'data', 'spark', 'LICENSE', 'README.md', 'CHANGELOG.md'])
  })

  test('the changelog knows this version', () => {
    expect(readFileSync('CHANGELOG.md', 'utf8')).toContain(`## [${pkg.version}]`)
  })
})
