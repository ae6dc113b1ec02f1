// Builds the console into dist/console: scripts, styles and worker named by their content, and the base map made of
// Natural Earth (public domain) by way of world-atlas. Nothing of it is fetched from elsewhere, now or later.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { defineConfig, type Plugin } from 'vite'

const require = createRequire(import.meta.url)
const read = (name: string): Topology =>
  JSON.parse(readFileSync(require.resolve(`world-atlas/${name}.json`), 'utf8')) as Topology

/** Two decimals of a degree are what the source can tell. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value

function basemap(): Plugin {
  return {
    name: 'basemap',
    generateBundle() {
      const land = read('land-50m')
      const countries = read('countries-50m')
      const of = countries.objects['countries'] as GeometryCollection
      const files = {
        land: feature(land, land.objects['land'] as GeometryCollection),
        borders: { type: 'Feature', properties: {}, geometry: mesh(countries, of, (a, b) => a !== b) },
      }
      for (const [name, data] of Object.entries(files))
        this.emitFile({
          type: 'asset',
          fileName: `basemap/${name}.geojson`,
          source: JSON.stringify(data, rounded),
        })
    },
  }
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [basemap()],
  logLevel: 'warn',
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 2000,
  },
})
