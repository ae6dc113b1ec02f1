// The map: base map and waters, what was heard of all ships, marks of events, and the one that is looked at with its track,
// its silence and where it can have been.

import {
  LngLatBounds,
  Map as MapLibre,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type FilterSpecification,
  type GeoJSONSource,
  type LngLatBoundsLike,
  type PaddingOptions,
  type StyleSpecification,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { Feature, FeatureCollection } from 'geojson'
import { createPointsLayer, makePoints, mercatorX, mercatorY, nearest, noPoints } from './points.js'
import { colourOf, kindOf, SHAPES } from './words.js'
import { headers, type Columns } from './api.js'

setWorkerUrl(new URL(workerUrl, location.href).href)

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] }
/** Gaps drawn as lines at a time: the first in the order of the list. */
const MAX_LINES = 3000
const LINES = new Set(['gap', 'port_silence'])
/** Knots and their colours, slow to fast. */
export const SPEEDS: readonly [kn: number, dark: string, light: string][] = [
  [0, '#5b6ee1', '#3b3fa8'],
  [5, '#38b6d8', '#1076a8'],
  [10, '#5fd38d', '#0a7d4f'],
  [15, '#f2d14b', '#a37800'],
  [22, '#ff7a59', '#b8321b'],
]
const SHIP = 5

interface Theme {
  sea: string
  land: string
  border: string
  eez: string
  text: string
  halo: string
  ship: string
  pointHalo: string
  accent: string
  envelope: string
}
const THEMES: Record<'dark' | 'light', Theme> = {
  dark: {
    ...{
      sea: '#0a1c30',
      land: '#22344a',
      border: '#364a63',
      eez: '#5f7c9c',
      text: '#c9d6e4',
      halo: '#0a1c30',
    },
    ...{ ship: '#dfe7ef', pointHalo: '#0a1c30e0', accent: '#ff6b57', envelope: '#ff6b57' },
  },
  light: {
    ...{
      sea: '#dbe6ee',
      land: '#f6f4ef',
      border: '#d3cec4',
      eez: '#6d8aa5',
      text: '#31475c',
      halo: '#ffffff',
    },
    ...{ ship: '#111418', pointHalo: '#ffffffe6', accent: '#b3261e', envelope: '#b3261e' },
  },
}

export interface ShipColumns {
  count: number
  mmsi: ArrayLike<number>
  lat: ArrayLike<number>
  lon: ArrayLike<number>
  /** Degrees, NaN for none. */
  cog: ArrayLike<number>
  sog: ArrayLike<number>
}

export interface MapView {
  readonly map: MapLibre
  setEvents(columns: Columns): void
  setShips(ships: ShipColumns): void
  showShips(on: boolean): void
  showReception(on: boolean): void
  showZones(on: boolean): void
  /** What the map of one event holds; null: none is looked at. */
  setSelected(shapes: FeatureCollection | null, fit: boolean): void
  setTrack(shapes: FeatureCollection | null): void
  setAreas(shapes: FeatureCollection): void
  setZones(): void
  setTheme(dark: boolean): void
  fit(columns: Columns): void
  bounds(): string
}

export function createMap(
  container: HTMLElement,
  dark: boolean,
  on: {
    event(row: number): void
    ship(mmsi: number): void
    moved(): void
    ready(): void
    /** Pixels at the right edge that the card lies on. */
    covered(): number
    /** Pixels from the left under the legend. */
    legend(): number
  },
): MapView {
  const map = new MapLibre({
    container,
    style: styleOf(dark),
    center: [0, 25],
    zoom: 1.6,
    attributionControl: false,
    transformRequest: url =>
      new URL(url, location.href).pathname.includes('/api/') ? { url, headers: headers() } : undefined,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    cancelPendingTileRequestsWhileZooming: true,
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl({ unit: 'nautical' }), 'bottom-right')
  map.getCanvas().setAttribute('aria-label', 'Map of events and ships')

  const events = createPointsLayer('events')
  const ships = createPointsLayer('ships')
  let eventPoints = noPoints()
  let eventRows: number[] = []
  let shipPoints = noPoints()
  let shipNumbers: number[] = []
  let isDark = dark
  let types: string[] = []
  let loaded = false
  const waiting: (() => void)[] = []
  const ready = (work: () => void): void => {
    if (loaded) work()
    else waiting.push(work)
  }
  const source = (name: string): GeoJSONSource => map.getSource(name)!

  function paint(): void {
    const theme = THEMES[isDark ? 'dark' : 'light']
    events.paint(
      types.map(type => colourOf(type, isDark)),
      theme.pointHalo,
    )
    ships.paint([theme.ship], theme.pointHalo)
  }

  map.on('load', () => {
    map.addLayer(ships, 'selected-near')
    map.addLayer(events)
    loaded = true
    waiting.splice(0).forEach(work => work())
    paint()
    map.once('idle', () => {
      on.ready()
      // finer land for those who come near; in its own time
      map.on('zoomend', detail)
      detail()
    })
  })
  let detailed = false
  function detail(): void {
    if (detailed || map.getZoom() < 6.5) return
    detailed = true
    source('land-detail').setData('basemap/detail.geojson')
  }
  map.on('moveend', () => on.moved())

  function pick(point: { x: number; y: number }): { row: number } | { mmsi: number } | null {
    const { lng, lat } = map.unproject([point.x, point.y])
    const x = mercatorX(((((lng + 180) % 360) + 360) % 360) - 180)
    const pixel = 1 / (512 * 2 ** map.getZoom())
    const event = nearest(eventPoints, x, mercatorY(lat), 11 * pixel)
    if (event >= 0) return { row: eventRows[event]! }
    const ship =
      map.getLayoutProperty('ships', 'visibility') === 'none'
        ? -1
        : nearest(shipPoints, x, mercatorY(lat), 9 * pixel)
    return ship >= 0 ? { mmsi: shipNumbers[ship]! } : null
  }
  map.on('click', ({ point }) => {
    const found = pick(point)
    if (!found) return
    if ('row' in found) on.event(found.row)
    else on.ship(found.mmsi)
  })
  let hover = 0
  map.on('mousemove', ({ point }) => {
    // a look at each point is cheap, but not for every pixel of the way
    if (performance.now() - hover < 80) return
    hover = performance.now()
    map.getCanvas().style.cursor = pick(point) ? 'pointer' : ''
  })

  return {
    map,
    setEvents(columns) {
      ready(() => {
        types = columns.types
        const { lat, lon, type, end } = columns as unknown as Record<string, ArrayLike<number>>
        const shapeOf = types.map(name => SHAPES.indexOf(kindOf(name).shape))
        eventRows = []
        const rows: number[] = []
        // the first of the list are drawn last, on top
        eventPoints = makePoints(columns.count, (k, data, offset) => {
          const row = columns.count - 1 - k
          const [y, x] = [lat![row]!, lon![row]!]
          if (Number.isNaN(y) || Number.isNaN(x)) return false
          data[offset] = mercatorX(x)
          data[offset + 1] = mercatorY(y)
          data[offset + 2] = 0
          data[offset + 3] = shapeOf[type![row]!]!
          data[offset + 4] = type![row]!
          data[offset + 5] = types[type![row]!] === 'zone' ? 8 : 14
          rows.push(row)
          return true
        })
        eventRows = rows
        events.set(eventPoints)
        paint()
        void end
        source('gaps').setData(gapLines(columns))
      })
    },
    setShips(columns) {
      ready(() => {
        const numbers: number[] = []
        shipPoints = makePoints(columns.count, (k, data, offset) => {
          const [y, x] = [columns.lat[k]!, columns.lon[k]!]
          if (Number.isNaN(y) || Number.isNaN(x)) return false
          const moving = columns.sog[k]! > 0.5 && columns.cog[k]! >= 0
          data[offset] = mercatorX(x)
          data[offset + 1] = mercatorY(y)
          data[offset + 2] = moving ? (columns.cog[k]! * Math.PI) / 180 : -1
          data[offset + 3] = SHIP
          data[offset + 5] = 12
          numbers.push(columns.mmsi[k]!)
          return true
        })
        shipNumbers = numbers
        ships.set(shipPoints)
      })
    },
    showShips: visible =>
      ready(() => void map.setLayoutProperty('ships', 'visibility', visible ? 'visible' : 'none')),
    showReception(visible) {
      ready(() => {
        if (visible) source('reception').setData('api/reception')
        map.setLayoutProperty('reception', 'visibility', visible ? 'visible' : 'none')
      })
    },
    showZones: visible =>
      ready(() => void map.setLayoutProperty('zones', 'visibility', visible ? 'visible' : 'none')),
    setSelected(shapes, fit) {
      ready(() => {
        source('selected').setData(shapes ?? EMPTY)
        const box = shapes && boxOf(shapes)
        if (fit && box)
          map.fitBounds(box, {
            padding: paddingOf(map, on.covered(), on.legend()),
            maxZoom: 10,
            duration: reduced() ? 0 : 500,
          })
      })
    },
    setTrack: shapes => ready(() => void source('track').setData(shapes ?? EMPTY)),
    setZones: () => ready(() => void source('zones').setData('api/zones/boundaries')),
    setAreas: shapes => ready(() => void source('areas').setData(shapes)),
    setTheme(next) {
      isDark = next
      ready(() => {
        for (const layer of styleOf(next).layers)
          if ('paint' in layer && layer.paint)
            for (const [name, value] of Object.entries(layer.paint))
              map.setPaintProperty(layer.id, name as never, value as never)
        paint()
      })
    },
    fit(columns) {
      const { lat, lon } = columns as unknown as Record<string, ArrayLike<number>>
      const box = boxOfPlaces(columns.count, k => [lon![k]!, lat![k]!])
      if (box) map.fitBounds(box, { padding: 40, maxZoom: 7, duration: 0 })
    },
    bounds() {
      const { clientWidth, clientHeight } = map.getContainer()
      const b = new LngLatBounds(
        map.unproject([0, clientHeight]),
        map.unproject([clientWidth - on.covered(), 0]),
      )
      const wrap = (x: number): number => ((((x + 180) % 360) + 360) % 360) - 180
      const all = b.getEast() - b.getWest() >= 360
      const [w, e] = all ? [-180, 180] : [wrap(b.getWest()), wrap(b.getEast())]
      return [w, Math.max(-90, b.getSouth()), e, Math.min(90, b.getNorth())].map(v => v.toFixed(3)).join(',')
    },
  }
}

const reduced = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

function paddingOf(map: MapLibre, covered: number, legend: number): PaddingOptions {
  const { clientWidth, clientHeight } = map.getContainer()
  const edge = Math.min(80, (clientWidth - covered) / 6, clientHeight / 6)
  // where little is left, better under the legend than too small to see
  const left = legend < (clientWidth - covered) / 2 ? Math.max(edge, legend) : edge
  return { top: edge, bottom: edge, left, right: edge + covered }
}

/** Silences from where they began to where they ended, the short way. */
function gapLines(columns: Columns): FeatureCollection {
  const { lat, lon, endLat, endLon, type } = columns as unknown as Record<string, ArrayLike<number>>
  const features: Feature[] = []
  for (let k = 0; k < columns.count && features.length < MAX_LINES; k++) {
    const name = columns.types[type![k]!]!
    if (!LINES.has(name)) continue
    const [x1, y1, x2, y2] = [lon![k]!, lat![k]!, endLon![k]!, endLat![k]!]
    if ([x1, y1, x2, y2].some(Number.isNaN)) continue
    const east = x2 - x1 > 180 ? x2 - 360 : x2 - x1 < -180 ? x2 + 360 : x2
    features.push({
      type: 'Feature',
      properties: { type: name },
      geometry: {
        type: 'LineString',
        coordinates: [
          [x1, y1],
          [east, y2],
        ],
      },
    })
  }
  return { type: 'FeatureCollection', features }
}

function boxOf(shapes: FeatureCollection): LngLatBoundsLike | null {
  const places: [number, number][] = []
  const walk = (value: unknown): void => {
    if (!Array.isArray(value)) return
    if (typeof value[0] === 'number') places.push([value[0], value[1] as number])
    else value.forEach(walk)
  }
  for (const { geometry, properties } of shapes.features)
    if (properties?.['part'] !== 'near' && geometry && 'coordinates' in geometry) walk(geometry.coordinates)
  return boxOfPlaces(places.length, k => places[k]!)
}

/** The smallest box by longitude, across ±180 where that is smaller. */
function boxOfPlaces(count: number, at: (k: number) => readonly [number, number]): LngLatBoundsLike | null {
  let [south, north] = [90, -90]
  let [west, east, west2, east2] = [180, -180, 360, 0]
  for (let k = 0; k < count; k++) {
    const [x, y] = at(k)
    if (Number.isNaN(x) || Number.isNaN(y)) continue
    south = Math.min(south, y)
    north = Math.max(north, y)
    west = Math.min(west, x)
    east = Math.max(east, x)
    const turned = x < 0 ? x + 360 : x
    west2 = Math.min(west2, turned)
    east2 = Math.max(east2, turned)
  }
  if (south > north) return null
  if (east2 - west2 < east - west) [west, east] = [west2, east2]
  return [
    [west, Math.max(-85, south)],
    [east, Math.min(85, north)],
  ]
}

function styleOf(dark: boolean): StyleSpecification {
  const t = THEMES[dark ? 'dark' : 'light']
  const speed = SPEEDS.flatMap(([kn, d, l]) => [kn, dark ? d : l])
  const gap = colourOf('gap', dark)
  const part = (...names: string[]): FilterSpecification =>
    ['in', ['get', 'part'], ['literal', names]] as unknown as FilterSpecification
  const line = { 'line-cap': 'round', 'line-join': 'round' } as const
  return {
    version: 8,
    sources: {
      land: { type: 'geojson', data: 'basemap/land.geojson', attribution: 'Natural Earth' },
      'land-detail': { type: 'geojson', data: EMPTY },
      borders: { type: 'geojson', data: 'basemap/borders.geojson' },
      zones: { type: 'geojson', data: EMPTY },
      reception: { type: 'geojson', data: EMPTY },
      ...Object.fromEntries(
        // a piece of track is short: without simplifying none is taken for nothing
        ['gaps', 'selected', 'track', 'areas'].map(name => [
          name,
          { type: 'geojson', data: EMPTY, tolerance: 0 } as const,
        ]),
      ),
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': t.sea } },
      {
        id: 'reception',
        type: 'fill',
        source: 'reception',
        layout: { visibility: 'none' },
        paint: {
          'fill-color': [
            'interpolate',
            ['linear'],
            ['coalesce', ['get', 'heardShare'], 0],
            0,
            '#c2413a',
            0.5,
            '#d9a441',
            1,
            '#3f9b6d',
          ],
          'fill-opacity': 0.35,
        },
      },
      { id: 'land', type: 'fill', source: 'land', maxzoom: 6.5, paint: { 'fill-color': t.land } },
      {
        id: 'land-under',
        type: 'fill',
        source: 'land',
        minzoom: 6.5,
        paint: { 'fill-color': t.land, 'fill-opacity': 0.6 },
      },
      {
        id: 'land-detail',
        type: 'fill',
        source: 'land-detail',
        minzoom: 6.5,
        paint: { 'fill-color': ['case', ['get', 'water'], t.sea, t.land] },
      },
      {
        id: 'borders',
        type: 'line',
        source: 'borders',
        paint: { 'line-color': t.border, 'line-width': 0.8 },
      },
      {
        id: 'zones',
        type: 'line',
        source: 'zones',
        paint: { 'line-color': t.eez, 'line-width': 1, 'line-dasharray': [4, 2] },
      },
      {
        id: 'areas',
        type: 'fill',
        source: 'areas',
        paint: { 'fill-color': colourOf('interference', dark), 'fill-opacity': 0.12 },
      },
      {
        id: 'areas-line',
        type: 'line',
        source: 'areas',
        paint: { 'line-color': colourOf('interference', dark), 'line-width': 1.5, 'line-dasharray': [1, 2] },
      },
      {
        id: 'gaps',
        type: 'line',
        source: 'gaps',
        paint: { 'line-color': gap, 'line-width': 1.2, 'line-opacity': 0.65, 'line-dasharray': [3, 3] },
      },
      {
        id: 'envelope',
        type: 'fill',
        source: 'selected',
        filter: part('envelope'),
        paint: { 'fill-color': t.envelope, 'fill-opacity': dark ? 0.14 : 0.1 },
      },
      {
        id: 'envelope-line',
        type: 'line',
        source: 'selected',
        filter: part('envelope'),
        paint: { 'line-color': t.envelope, 'line-width': 1.2, 'line-opacity': 0.8 },
      },
      {
        id: 'vessel-track',
        type: 'line',
        source: 'track',
        layout: line,
        filter: part('track'),
        paint: {
          'line-color': ['interpolate', ['linear'], ['coalesce', ['get', 'sog'], 0], ...speed] as never,
          'line-width': 2,
        },
      },
      {
        id: 'vessel-silence',
        type: 'line',
        source: 'track',
        filter: part('silence'),
        paint: { 'line-color': gap, 'line-width': 1.6, 'line-dasharray': [2, 3] },
      },
      {
        id: 'selected-track',
        type: 'line',
        source: 'selected',
        layout: line,
        filter: part('track', 'partner'),
        paint: {
          'line-color': ['interpolate', ['linear'], ['coalesce', ['get', 'sog'], 0], ...speed] as never,
          'line-width': 3,
        },
      },
      {
        id: 'selected-silence',
        type: 'line',
        source: 'selected',
        filter: part('silence'),
        paint: { 'line-color': gap, 'line-width': 2, 'line-dasharray': [2, 3] },
      },
      {
        id: 'selected-line',
        type: 'line',
        source: 'selected',
        filter: [
          'all',
          part('event'),
          ['in', ['geometry-type'], ['literal', ['LineString', 'MultiLineString']]],
        ] as never,
        paint: { 'line-color': t.accent, 'line-width': 2.5, 'line-dasharray': [2, 2] },
      },
      {
        id: 'selected-near',
        type: 'circle',
        source: 'selected',
        filter: part('near'),
        paint: {
          'circle-radius': 4,
          'circle-color': t.ship,
          'circle-stroke-color': t.halo,
          'circle-stroke-width': 1.5,
        },
      },
      {
        id: 'selected-ends',
        type: 'circle',
        source: 'selected',
        filter: part('start', 'end'),
        paint: {
          'circle-radius': ['match', ['get', 'part'], 'start', 9, 7],
          'circle-color': ['match', ['get', 'part'], 'start', `${t.accent}33`, t.halo],
          'circle-stroke-color': t.accent,
          'circle-stroke-width': 2.5,
        },
      },
    ],
  }
}
