// The API of a store: what is in it, read only, but for what analysts decide. Text in answers went through safeText:
// whoever shows it as text, and only as text, is safe.

import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { MAX_STEPS, parseEvent, safeText, taskingGeojson } from '../index.js'
import type { Store } from '../index.js'
import { COLUMNS_TYPE, encodeColumns } from './columns.js'
import type { Hub } from './hub.js'
import { openApi, type Route } from './openapi.js'
import {
  aroundQuery,
  columnsQuery,
  cursorOf,
  cursorText,
  decisionBody,
  filterOf,
  filterQuery,
  findQuery,
  histogramQuery,
  idParams,
  mmsiParams,
  numbersQuery,
  pageQuery,
  spanQuery,
  trackQuery,
} from './schemas.js'
import { areaFeature, collection, eventFeatures, nearFeature, pointFeature, trackFeatures } from './shapes.js'

const MAX_TEXT = 2000
const HOUR_MS = 3_600_000
/** What is near an event: this many degrees around it, or around where it led. */
const NEAR_DEG = 0.5
/** Of track pieces on the map of one event. */
const TRACK_FIXES = 4000
const HISTORY = 200
const CARD_EVENTS = 200
const SOURCE_CHANGES = 100

export interface ApiOptions {
  store: Store
  hub: Hub
  /** Version of this program. */
  version: string
  /** True while a watch writes into the store. */
  live: boolean
  /** Present, epoch ms. */
  now: () => number
}

/** JSON with all text made safe. */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'string' ? safeText(item, MAX_TEXT) : typeof item === 'bigint' ? Number(item) : item,
  )

export const JSON_TYPE = 'application/json; charset=utf-8'
const GEOJSON_TYPE = 'application/geo+json; charset=utf-8'

export function createApi(app: FastifyInstance, { store, hub, version, live, now }: ApiOptions): void {
  const { events, vessels, places, decisions } = store
  const routes: Route[] = []

  /** A question; its answer is JSON unless the handler sent something else. */
  function get<Q extends z.ZodType, P extends z.ZodType>(
    path: string,
    what: { summary: string; query?: Q; params?: P; type?: string },
    answer: (asked: { query: z.output<Q>; params: z.output<P>; reply: FastifyReply }) => Promise<unknown>,
  ): void {
    routes.push({ method: 'get', path, ...what })
    app.get(path, async (request, reply) => {
      const query = (what.query ?? z.any()).safeParse(request.query)
      const params = (what.params ?? z.any()).safeParse(request.params)
      const wrong = query.error ?? params.error
      if (wrong) return refuse(reply, wrong)
      const result = await answer({
        query: query.data as z.output<Q>,
        params: params.data as z.output<P>,
        reply,
      })
      if (reply.sent || result === reply) return reply
      if (result === null)
        return reply
          .code(404)
          .type(JSON_TYPE)
          .send(safeJson({ error: 'there is no such thing' }))
      if (Buffer.isBuffer(result)) return reply.type(COLUMNS_TYPE).send(result)
      return reply.type(what.type ?? JSON_TYPE).send(typeof result === 'string' ? result : safeJson(result))
    })
  }

  function refuse(reply: FastifyReply, { issues }: z.ZodError): FastifyReply {
    const { path, message } = issues[0]!
    return reply
      .code(400)
      .type(JSON_TYPE)
      .send(safeJson({ error: `${path.join('.') || 'request'}: ${message}` }))
  }

  get('/api/summary', { summary: 'What the store holds' }, async () => ({
    ...{ schema: 'darkwake/api/1', version, live, now: now() },
    ...(await places.summary()),
  }))

  get('/api/events', { summary: 'Events, a page at a time', query: pageQuery }, async ({ query, reply }) => {
    const { sort, limit, cursor, ...filter } = query
    const after = cursor === undefined ? undefined : cursorOf(cursor)
    if (cursor !== undefined && !after)
      return reply
        .code(400)
        .type(JSON_TYPE)
        .send(safeJson({ error: 'cursor: none of ours' }))
    const page = await events.page(filterOf(filter), sort, limit, after)
    return { events: page.events, next: page.next && cursorText(page.next) }
  })

  get(
    '/api/events/columns',
    {
      summary: 'The same as columns of numbers, for maps and timelines',
      query: columnsQuery,
      type: COLUMNS_TYPE,
    },
    async ({ query }) => {
      const { sort, limit, ...filter } = query
      const found = await events.columns(filterOf(filter), sort, limit)
      // only the types that there are, so that a legend shows no others
      const used = [...new Set(found.type)]
      const types = used.map(code => found.types[code]!)
      const code = Uint8Array.from(found.types, (_, k) => Math.max(0, used.indexOf(k)))
      return encodeColumns(
        found.n.length,
        [
          { name: 'start', type: 'f64', values: found.start },
          { name: 'end', type: 'f64', values: found.end },
          { name: 'n', type: 'u32', values: found.n },
          { name: 'mmsi', type: 'u32', values: found.mmsi },
          { name: 'lat', type: 'f32', values: found.lat },
          { name: 'lon', type: 'f32', values: found.lon },
          { name: 'endLat', type: 'f32', values: found.endLat },
          { name: 'endLon', type: 'f32', values: found.endLon },
          { name: 'score', type: 'f32', values: found.score },
          { name: 'type', type: 'u8', values: found.type, of: value => code[value as number]! },
          { name: 'acknowledged', type: 'u8', values: found.acknowledged },
        ],
        { types },
      )
    },
  )

  get(
    '/api/events/by-number',
    { summary: 'Events by their numbers in columns', query: numbersQuery },
    async ({ query }) => ({ events: await events.byNumber(query.n) }),
  )

  get('/api/counts', { summary: 'Counts by type, class, flag and zone', query: filterQuery }, ({ query }) =>
    events.counts(filterOf(query)),
  )

  get(
    '/api/histogram',
    { summary: 'Events begun in each step of time, by type', query: histogramQuery },
    async ({ query, reply }) => {
      const { stepMinutes, ...filter } = query
      const all = filter.from !== undefined && filter.to !== undefined ? null : await events.span()
      const from = filter.from ?? all?.from ?? 0
      const to = filter.to ?? (all ? all.to + 1 : 0)
      const step = stepMinutes * 60_000
      if ((to - from) / step > MAX_STEPS)
        return reply
          .code(400)
          .type(JSON_TYPE)
          .send(safeJson({ error: `stepMinutes: more than ${MAX_STEPS} steps` }))
      const bins = await events.histogram(filterOf(filter), from, to, step)
      // ten thousands of them: as text each by itself takes a fraction of the time
      const types = new Map([...new Set(bins.map(({ type }) => type))].map(type => [type, safeJson(type)]))
      const told = bins.map(({ t, type, count }) => `{"t":${t},"type":${types.get(type)},"count":${count}}`)
      return `{"from":${from},"to":${to},"bins":[${told.join(',')}]}`
    },
  )

  get(
    '/api/events/:id',
    { summary: 'One event: all it says, its revisions, what analysts decided', params: idParams },
    async ({ params }) => {
      const found = await events.byId(params.id)
      if (!found) return null
      const { brief, line, revisions } = found
      return {
        brief,
        event: JSON.parse(line) as unknown,
        revisions: revisions.map(({ run, revision, phase, asOf, line: told }) => ({
          ...{ run, revision, phase, asOf },
          event: JSON.parse(told) as unknown,
        })),
        decisions: await decisions.of(params.id, brief.mmsi),
      }
    },
  )

  get(
    '/api/events/:id/map',
    {
      summary: 'Its place, track before and after, envelope, and who else was heard: GeoJSON',
      ...{ params: idParams, query: aroundQuery, type: GEOJSON_TYPE },
    },
    async ({ params, query }) => {
      const found = await events.byId(params.id)
      const shapes = found && eventFeatures(found.line)
      if (!found || !shapes) return null
      const { brief } = found
      const end = brief.endT ?? Math.max(brief.asOf, brief.startT)
      const [from, to] = [brief.startT - query.hours * HOUR_MS, end + query.hours * HOUR_MS]
      const features: unknown[] = []
      for (const [mmsi, part] of [
        [brief.mmsi, 'track'],
        [brief.partner, 'partner'],
      ] as const) {
        if (mmsi === null) continue
        features.push(...trackFeatures(await vessels.track(mmsi, from, to, TRACK_FIXES), mmsi, part))
      }
      const [lat, lon] = [brief.startLat, brief.startLon]
      if (lat !== null && lon !== null && query.near > 0) {
        const [lat2, lon2] = [brief.endLat ?? lat, brief.endLon ?? lon]
        const wide = NEAR_DEG / Math.max(0.1, Math.cos((lat * Math.PI) / 180))
        const far = Math.abs(lon2 - lon) > 20 || Math.abs(lat2 - lat) > 10
        const near = await vessels.heardIn(
          {
            south: Math.max(-90, (far ? lat : Math.min(lat, lat2)) - NEAR_DEG),
            north: Math.min(90, (far ? lat : Math.max(lat, lat2)) + NEAR_DEG),
            west: Math.max(-180, (far ? lon : Math.min(lon, lon2)) - wide),
            east: Math.min(180, (far ? lon : Math.max(lon, lon2)) + wide),
          },
          brief.startT - HOUR_MS / 2,
          end + HOUR_MS / 2,
          query.near,
        )
        for (const vessel of near)
          if (vessel.mmsi !== brief.mmsi && vessel.mmsi !== brief.partner) features.push(nearFeature(vessel))
        features.push(pointFeature({ lat, lon }, { part: 'start', t: brief.startT, type: brief.type }))
        if (brief.endLat !== null && brief.endLon !== null)
          features.push(
            pointFeature(
              { lat: brief.endLat, lon: brief.endLon },
              { part: 'end', t: brief.endT, type: brief.type },
            ),
          )
      }
      return collection([...shapes.features, ...features])
    },
  )

  get(
    '/api/events/:id/looks',
    {
      summary:
        'Of a silence: the satellite passes at which the vessel can have been in a small area: GeoJSON',
      ...{ params: idParams, type: GEOJSON_TYPE },
    },
    async ({ params }) => {
      const found = await events.byId(params.id)
      const event = found && parseEvent(found.line)
      if (!event || typeof event === 'string') return null
      const newest = live ? now() : ((await events.span())?.to ?? event.asOf)
      return JSON.parse(taskingGeojson([event], newest)) as unknown
    },
  )

  get(
    '/api/vessels/columns',
    { summary: 'Where each vessel was last, as columns of numbers', type: COLUMNS_TYPE },
    async () => {
      const [mmsi = [], t = [], lat = [], lon = [], sog = [], cog = [], shipType = []] =
        await vessels.positions(500_000)
      return encodeColumns(mmsi.length, [
        { name: 't', type: 'f64', values: t },
        { name: 'mmsi', type: 'u32', values: mmsi },
        { name: 'lat', type: 'f32', values: lat },
        { name: 'lon', type: 'f32', values: lon },
        { name: 'sog', type: 'f32', values: sog },
        { name: 'cog', type: 'f32', values: cog },
        { name: 'shipType', type: 'u8', values: shipType, of: value => Number(value ?? 0) },
      ])
    },
  )

  get(
    '/api/tracks/columns',
    {
      summary: 'Thinned fixes of all vessels in a time, by vessel and time',
      query: spanQuery,
      type: COLUMNS_TYPE,
    },
    async ({ query: { from, to, limit } }) => {
      const [mmsi = [], t = [], lat = [], lon = []] = await vessels.fixes(from, to, limit)
      return encodeColumns(mmsi.length, [
        { name: 't', type: 'f64', values: t },
        { name: 'mmsi', type: 'u32', values: mmsi },
        { name: 'lat', type: 'f32', values: lat },
        { name: 'lon', type: 'f32', values: lon },
      ])
    },
  )

  get(
    '/api/vessels',
    { summary: 'Vessels by name, MMSI, IMO number or call sign', query: findQuery },
    async ({ query }) => ({ vessels: await vessels.find(query.q, query.limit) }),
  )

  get(
    '/api/vessels/:mmsi',
    { summary: 'One vessel: what it says of itself over time, and all its events', params: mmsiParams },
    async ({ params: { mmsi } }) => {
      const [card, history, page, decided, exemptions] = await Promise.all([
        vessels.card(mmsi),
        vessels.history(mmsi, HISTORY),
        events.page({ mmsi, exempt: 'show' }, 'newest', CARD_EVENTS),
        decisions.of(null, mmsi),
        decisions.exemptions(),
      ])
      if (!card && page.events.length === 0) return null
      const exemption = exemptions.find(one => one.mmsi === mmsi) ?? null
      return { card, history, events: page.events, decisions: decided, exemption }
    },
  )

  get(
    '/api/vessels/:mmsi/track',
    {
      summary: 'Its track in pieces with their speed: GeoJSON',
      params: mmsiParams,
      query: trackQuery,
      type: GEOJSON_TYPE,
    },
    async ({ params: { mmsi }, query: { from = -8e15, to = 8e15, limit } }) =>
      collection(trackFeatures(await vessels.track(mmsi, from, to, limit), mmsi)),
  )

  get('/api/zones', { summary: 'Zones that events were held against' }, async () => ({
    zones: await places.zones(),
  }))

  get(
    '/api/zones/boundaries',
    { summary: 'Their boundaries, simplified, never a legal limit: GeoJSON', type: GEOJSON_TYPE },
    async () => {
      const features = (await places.boundaries()).map(
        // boundary is JSON of our own making
        ({ boundary, ...properties }) =>
          `{"type":"Feature","geometry":${boundary},"properties":${safeJson(properties)}}`,
      )
      return `{"type":"FeatureCollection","features":[${features.join(',')}]}`
    },
  )

  get('/api/sources', { summary: 'Sources, their health now and its changes' }, async () => ({
    sources: await places.sources(),
    changes: await places.sourceHistory(SOURCE_CHANGES),
  }))

  get(
    '/api/reception',
    { summary: 'Share of time in which a vessel in a cell is heard: GeoJSON', type: GEOJSON_TYPE },
    async () =>
      collection(
        (await places.reception()).map(({ lat, lon, deg, ...properties }) => {
          const [w, s, e, n] = [lon - deg / 2, lat - deg / 2, lon + deg / 2, lat + deg / 2]
          const ring = [[w, s], [e, s], [e, n], [w, n], [w, s]] // prettier-ignore
          return { type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] }, properties }
        }),
      ),
  )

  get(
    '/api/areas',
    { summary: 'Areas where many were led astray, or nobody listened: GeoJSON', type: GEOJSON_TYPE },
    async () => collection((await places.areas()).map(areaFeature)),
  )

  get('/api/exemptions', { summary: 'Vessels that are exempt, and until when' }, async () => ({
    exemptions: await decisions.exemptions(),
  }))

  get(
    '/api/live',
    { summary: 'What changes, as server-sent events', type: 'text/event-stream' },
    async ({ reply }) => {
      const hello = { name: 'hello', data: safeJson({ version, live, now: now() }) }
      const sources = { name: 'sources', data: safeJson({ sources: await places.sources() }) }
      if (!hub.join(reply, [hello, sources]))
        return reply.code(503).send({ error: 'too many listen already' })
      return reply
    },
  )

  routes.push({
    method: 'post',
    path: '/api/decisions',
    summary: 'Acknowledge, comment, exempt',
    body: decisionBody,
  })
  app.post('/api/decisions', async (request, reply) => {
    const { data, error } = decisionBody.safeParse(request.body)
    if (error) return refuse(reply, error)
    const { kind, event = null, mmsi = null, types = null, text = null, author = null, expires } = data
    const until = expires === undefined ? null : Date.parse(expires)
    if (kind === 'exempt' && !(until !== null && until > now()))
      return reply
        .code(400)
        .type(JSON_TYPE)
        .send(safeJson({ error: 'expires: it is past already' }))
    const said = (value: string | null): string | null => (value === null ? null : safeText(value, MAX_TEXT))
    const decision = await decisions.decide({
      ...{ kind, event, mmsi, types, text: said(text), author: said(author), at: now() },
      expires: kind === 'exempt' ? until : null,
    })
    if (!decision)
      return reply
        .code(404)
        .type(JSON_TYPE)
        .send(safeJson({ error: 'there is no such event' }))
    hub.send('decision', safeJson(decision))
    return reply.code(201).type(JSON_TYPE).send(safeJson(decision))
  })

  const description = openApi(routes, version)
  app.get('/api/openapi.json', (_, reply) => reply.type(JSON_TYPE).send(JSON.stringify(description)))
}
