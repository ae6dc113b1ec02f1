// Shapefiles (ESRI 1998): .shp holds the shapes, .dbf their attributes, .prj the coordinate system, .cpg the encoding;
// side by side in a folder or together in a .zip.

import { readFile } from 'node:fs/promises'
import type { Feature } from 'geojson'
import yauzl from 'yauzl'
import { InputError } from '../model/errors.js'
import { safeText } from '../model/text.js'

/** Most that a zip may unpack to: Marine Regions' World EEZ in full detail is 0.2 GB. */
const MAX_UNPACKED_BYTES = 2 ** 30
const SIDE_FILES = ['dbf', 'prj', 'cpg'] as const

/** A layer by extension in lower case: shp, and what lies beside it. */
export interface Layer {
  name: string
  files: Map<string, Buffer>
}

/** The layer of a .shp whose companions lie beside it, in either case. */
export async function layerBeside(path: string, shp: Buffer): Promise<Layer> {
  const stem = path.replace(/\.shp$/i, '')
  const files = new Map([['shp', shp]])
  for (const extension of SIDE_FILES) {
    const bytes = await readFile(`${stem}.${extension}`).catch(() =>
      readFile(`${stem}.${extension.toUpperCase()}`).catch(() => undefined),
    )
    if (bytes) files.set(extension, bytes)
  }
  return { name: stem, files }
}

/**
 * The layers of a zip: each .shp with its companions, each .json, .geojson or .topojson on its own.
 * @throws InputError when the zip is broken or unpacks to too much
 */
export async function layersInZip(bytes: Buffer, label: string): Promise<Layer[]> {
  const layers = new Map<string, Layer>()
  let left = MAX_UNPACKED_BYTES
  try {
    const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true })
    for await (const entry of zip.eachEntry()) {
      const [, stem, extension] = /^(.*)\.([a-z]+)$/i.exec(entry.fileName) ?? []
      if (!stem || !extension || stem.startsWith('__MACOSX')) continue
      const kind = extension.toLowerCase().replace(/^(geo|topo)json$/, 'json')
      if (kind !== 'shp' && kind !== 'json' && !SIDE_FILES.includes(kind as never)) continue
      const pieces: Buffer[] = []
      for await (const piece of await zip.openReadStreamPromise(entry)) {
        left -= (piece as Buffer).length
        if (left < 0)
          throw new InputError('failed', `${label}: unpacks to more than ${MAX_UNPACKED_BYTES} bytes`)
        pieces.push(piece as Buffer)
      }
      const layer = layers.get(stem) ?? { name: stem, files: new Map<string, Buffer>() }
      layer.files.set(kind, Buffer.concat(pieces))
      layers.set(stem, layer)
    }
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError('failed', `${label}: broken zip (${safeText((error as Error).message, 200)})`, {
      cause: error,
    })
  }
  return [...layers.values()].filter(({ files }) => files.has('shp') || files.has('json'))
}

/**
 * The shapes of a layer as GeoJSON features.
 * @throws InputError when the .shp is cut short or not one
 */
export async function shapefileFeatures({ files }: Layer, label: string): Promise<Feature[]> {
  const shp = files.get('shp')!
  if (shp.length < 100 || shp.readInt32BE(0) !== 9994)
    throw new InputError('unrecognised', `${label}: no shapefile`)
  if (shp.readInt32BE(24) * 2 > shp.length) {
    throw new InputError('failed', `${label}: cut short, ${shp.length} of ${shp.readInt32BE(24) * 2} bytes`)
  }
  const { parseShp, parseDbf } = await import('shpjs')
  try {
    // degrees on WGS-84 (or a datum within metres of it) pass as they are: reprojecting would only round them
    const prj = files.get('prj')?.toString('latin1')
    const shapes = parseShp(ownBuffer(shp), prj && /^\s*PROJCS/i.test(prj) ? prj : undefined)
    const dbf = files.get('dbf')
    const rows = dbf ? parseDbf(ownBuffer(dbf), files.get('cpg')?.toString('latin1')) : []
    return shapes.flatMap((geometry, i) =>
      geometry ? [{ type: 'Feature', geometry, properties: rows[i] ?? {} }] : [],
    )
  } catch (error) {
    throw new InputError(
      'failed',
      `${label}: broken shapefile (${safeText((error as Error).message, 200)})`,
      {
        cause: error,
      },
    )
  }
}

/** The parser reads from the start of the memory behind a view, so it gets memory of its own. */
function ownBuffer(bytes: Buffer): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}
