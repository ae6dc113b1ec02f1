// KML 2.2 (OGC 07-147r2) for Google Earth and the map tools of navies: a folder for each type of event, a placemark for each
// event with its time span, on the surface of the sea; beside a gap the area in which the vessel can have been. Lines and
// areas are cut at ±180 as in GeoJSON. A balloon shows HTML, so text from AIS is escaped twice: once for that, once for XML.

import { isVesselEvent, EVENT_TYPES, type DarkEvent, type EventType } from '../model/event.js'
import { flatEvent } from './flat.js'
import { envelopeGeometryOf, geometryOf, type EnvelopeGeometry, type EventGeometry } from './geojson.js'
import { LOOKS } from './looks.js'
import { escapeMarkup, Markup, markup, shownText, type Content } from './markup.js'
import type { EventFormat } from './sink.js'
import { isoTime } from './values.js'

type Position = [lon: number, lat: number]

const head = (): string => `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2">
<Document>
<name>darkwake events</name>
<open>1</open>
${EVENT_TYPES.map(style).join('\n')}
`

/** `#rrggbb` as KML writes it: opacity, blue, green, red. */
const kmlColour = (colour: string, opacity = 'ff'): string =>
  `${opacity}${colour.slice(5, 7)}${colour.slice(3, 5)}${colour.slice(1, 3)}`

// no icon of its own: one would be fetched, and the marks that a viewer comes with take the colour as well;
// the default balloon would run what a name says: this one shows the description, and nothing else
function style(type: EventType): string {
  const { colour } = LOOKS[type]
  return (
    `<Style id="${type}"><IconStyle><color>${kmlColour(colour)}</color><scale>0.9</scale></IconStyle>` +
    `<LabelStyle><scale>0.8</scale></LabelStyle>` +
    `<LineStyle><color>${kmlColour(colour)}</color><width>2.5</width></LineStyle>` +
    `<PolyStyle><color>${kmlColour(colour, '33')}</color></PolyStyle>` +
    `<BalloonStyle><text>$[description]</text></BalloonStyle></Style>`
  )
}

/** Events wait for their folder: the document is written at its end. */
export function kmlFormat(): EventFormat {
  const folders = new Map<EventType, string[]>()
  const areas: string[] = []
  return {
    head: head(),
    event(event) {
      const folder = folders.get(event.type)
      if (folder) folder.push(placemark(event))
      else folders.set(event.type, [placemark(event)])
      const area = envelopeGeometryOf(event)
      if (area) areas.push(envelopePlacemark(event, area))
      return ''
    },
    tail() {
      const named = EVENT_TYPES.flatMap(type =>
        folders.has(type) ? [folder(`${LOOKS[type].words} (${type})`, folders.get(type)!)] : [],
      )
      const reach = areas.length > 0 ? [folder('where a silent vessel can have been', areas, false)] : []
      return `${[...named, ...reach].join('\n')}\n</Document>\n</kml>\n`
    },
  }
}

const folder = (name: string, placemarks: string[], visible = true): string =>
  `<Folder><name>${escapeMarkup(name)}</name>${visible ? '' : '<visibility>0</visibility>'}\n` +
  `${placemarks.join('\n')}\n</Folder>`

const titleOf = (event: DarkEvent): string => {
  const who = isVesselEvent(event)
    ? (event.vessel.name ?? `MMSI ${event.mmsi}`)
    : (event.receiver ?? event.source ?? event.type)
  return shownText(`${who}: ${event.class ?? event.type}`.replaceAll('_', ' '), 80)
}

function placemark(event: DarkEvent): string {
  const geometry = geometryOf(event)
  return markup`<Placemark><name>${titleOf(event)}</name><description>${inBalloon(event)}</description>${timeSpan(event)}<styleUrl>#${event.type}</styleUrl>${extendedData(event)}${geometry && geometryMarkup(geometry)}</Placemark>`
    .text
}

function envelopePlacemark(event: DarkEvent, area: EnvelopeGeometry): string {
  const about = new Markup(
    escapeMarkup(markup`<p>All places at which the vessel can have been while silent: ${event.id}</p>`.text),
  )
  return markup`<Placemark><name>${titleOf(event)}</name><visibility>0</visibility><description>${about}</description>${timeSpan(event)}<styleUrl>#${event.type}</styleUrl><ExtendedData>${data('event', event.id)}${data('part', 'envelope')}</ExtendedData>${areaMarkup(area)}</Placemark>`
    .text
}

/** What an event tells, as HTML, escaped for XML. `$[` would be replaced by what the placemark has of that name. */
function inBalloon(event: DarkEvent): Markup {
  const { type, class: kind, start, end, score, evidence, zones } = event
  const waters = [...new Set([...zones.start, ...zones.touched, ...zones.end].map(({ name }) => name))]
  const who = isVesselEvent(event)
    ? `MMSI ${event.mmsi}, ${event.vessel.flag ?? 'no flag'}`
    : [event.source, event.receiver].filter(part => part !== null).join(', ')
  const html = markup`<h3>${titleOf(event)}</h3><p>${who}<br/>${[type, kind ?? []].flat().join(' ')}, score ${score.toFixed(2)}, ${event.phase}<br/>${isoTime(start.t)} to ${end ? isoTime(end.t) : 'now'}<br/>${waters.join('; ')}</p><ul>${evidence.map(({ text }) => markup`<li>${text}</li>`)}</ul>`
  return new Markup(escapeMarkup(html.text.replaceAll('$[', () => '$&#91;')))
}

function timeSpan({ start, end }: DarkEvent): Content {
  const [begin, until] = [isoTime(start.t), isoTime(end?.t ?? null)]
  if (begin === null) return null
  return markup`<TimeSpan><begin>${begin}</begin>${until !== null && markup`<end>${until}</end>`}</TimeSpan>`
}

const data = (name: string, value: string | number | null): Markup =>
  markup`<Data name="${name}"><value>${value}</value></Data>`

function extendedData(event: DarkEvent): Markup {
  const fields = Object.entries(flatEvent(event)).filter(([, value]) => value !== null && value !== '')
  return markup`<ExtendedData>${fields.map(([name, value]) => data(name, value))}</ExtendedData>`
}

const coordinates = (positions: readonly Position[]): string => positions.map(p => p.join(',')).join(' ')

function geometryMarkup(geometry: EventGeometry): Markup {
  switch (geometry.type) {
    case 'Point':
      return pointMarkup(geometry.coordinates)
    case 'LineString':
      return several([...ends(geometry.coordinates), lineMarkup(geometry.coordinates)])
    case 'MultiLineString':
      return several([
        ...ends([geometry.coordinates[0]![0]!, geometry.coordinates.at(-1)!.at(-1)!]),
        ...geometry.coordinates.map(lineMarkup),
      ])
  }
}

/** A line has no icon: both of its ends do. */
const ends = (line: readonly Position[]): Markup[] => [pointMarkup(line[0]!), pointMarkup(line.at(-1)!)]

const several = (parts: readonly Markup[]): Markup => markup`<MultiGeometry>${parts}</MultiGeometry>`

// without a height, and told so: on the surface, whatever lies below
const pointMarkup = (at: Position): Markup =>
  markup`<Point><altitudeMode>clampToGround</altitudeMode><coordinates>${coordinates([at])}</coordinates></Point>`

const lineMarkup = (line: readonly Position[]): Markup =>
  markup`<LineString><tessellate>1</tessellate><altitudeMode>clampToGround</altitudeMode><coordinates>${long(coordinates(line))}</coordinates></LineString>`

const ringMarkup = (ring: readonly Position[]): Markup =>
  markup`<LinearRing><coordinates>${long(coordinates(ring))}</coordinates></LinearRing>`

/** Numbers and commas of our own: any length. */
const long = (text: string): Markup => new Markup(text)

function areaMarkup(area: EnvelopeGeometry): Markup {
  const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates
  const parts = polygons.map(
    ([outer, ...holes]) =>
      markup`<Polygon><tessellate>1</tessellate><altitudeMode>clampToGround</altitudeMode><outerBoundaryIs>${ringMarkup(outer!)}</outerBoundaryIs>${holes.map(hole => markup`<innerBoundaryIs>${ringMarkup(hole)}</innerBoundaryIs>`)}</Polygon>`,
  )
  return parts.length === 1 ? parts[0]! : several(parts)
}
