// What the API is asked and what it answers, as schemas: requests are checked by them, and the description of the API
// (openapi.ts) is made of them.

import { z } from 'zod'
import { DECISIONS, EVENT_TYPES, SORTS } from '../index.js'
import type { Cursor, EventFilter, Sort } from '../index.js'

const list = z
  .string()
  .max(4000)
  .transform(text => text.split(',').filter(Boolean).slice(0, 200))
const time = z.iso
  .datetime()
  .or(z.iso.date())
  .transform(text => Date.parse(text))
  .describe('ISO-8601, UTC')
const score = z.coerce.number().min(0).max(1)
const mmsi = z.coerce.number().int().min(1).max(999_999_999)
const yesNo = z.enum(['true', 'false']).transform(text => text === 'true')
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

/** West, south, east, north. */
const bbox = z.string().transform((text, context) => {
  const [w = NaN, s = NaN, e = NaN, n = NaN] = text.split(',').map(Number)
  if (Math.abs(w) <= 180 && Math.abs(e) <= 180 && s >= -90 && n <= 90 && s <= n)
    return [w, s, e, n] as [number, number, number, number]
  context.addIssue('expected west,south,east,north in degrees')
  return z.NEVER
})

const filterFields = {
  type: list.optional().describe(`Any of ${EVENT_TYPES.join(', ')}, with commas`),
  class: list.optional().describe('Classes, with commas'),
  zone: list.optional().describe('Ids of zones, with commas'),
  flag: list.optional().describe('ISO 3166-1 alpha-3, with commas'),
  mmsi: mmsi.optional().describe('Of the vessel, or of the one that it met'),
  from: time.optional().describe('Lasting at this time, or later'),
  to: time.optional().describe('Begun before this time'),
  minScore: score.optional(),
  maxScore: score.optional(),
  minHours: z.coerce.number().min(0).optional().describe('Lasted this long'),
  q: z
    .string()
    .max(200)
    .optional()
    .describe('Words that are all in name, numbers, flag, type, class or waters'),
  bbox: bbox.optional().describe('west,south,east,north, degrees; west > east goes across ±180'),
  open: yesNo.optional().describe('Still going on'),
  acknowledged: yesNo.optional(),
  exempt: z.enum(['hide', 'only', 'show']).optional().describe('Of exempted vessels; hidden by default'),
  retracted: yesNo.optional().describe('Also those that were taken back'),
}

const sortNames = Object.keys(SORTS) as [Sort, ...Sort[]]

export const filterQuery = z.object(filterFields)
export const pageQuery = filterQuery.extend({
  sort: z.enum(sortNames).default('score'),
  limit: whole(1, 500).default(100),
  cursor: z.string().max(100).optional().describe('`next` of the page before'),
})
export const columnsQuery = filterQuery.extend({
  sort: z.enum(sortNames).default('score'),
  limit: whole(1, 200_000).default(100_000),
})
export const histogramQuery = filterQuery.extend({
  stepMinutes: z.coerce.number().min(1).max(525_600).default(60),
})
export const numbersQuery = z.object({
  n: list.transform(texts => texts.map(Number)).describe('Numbers of events, with commas, up to 200'),
})
export const idParams = z.object({ id: z.string().min(1).max(400) })
export const mmsiParams = z.object({ mmsi })
export const aroundQuery = z.object({
  hours: z.coerce.number().min(0).max(720).default(12).describe('Of track before and after'),
  near: whole(0, 1000).default(200).describe('Most other vessels'),
})
export const spanQuery = z.object({ from: time, to: time, limit: whole(2, 500_000).default(5000) })
export const trackQuery = z.object({
  from: time.optional(),
  to: time.optional(),
  limit: whole(2, 20_000).default(5000),
})
export const findQuery = z.object({ q: z.string().min(2).max(100), limit: whole(1, 100).default(20) })
export const decisionBody = z
  .object({
    kind: z.enum(DECISIONS),
    event: z.string().min(1).max(400).optional().describe('Id; of acknowledge, reopen and comment'),
    mmsi: z.int().min(1).max(999_999_999).optional().describe('Of exempt, end_exemption and comment'),
    types: z
      .array(z.enum(EVENT_TYPES))
      .min(1)
      .max(50)
      .optional()
      .describe('What it is exempt from; all by default'),
    text: z.string().max(2000).optional(),
    author: z.string().max(100).optional(),
    expires: z.iso.datetime().optional().describe('End of an exemption, which it needs'),
  })
  .strict()
  .superRefine(({ kind, event, mmsi: of, expires, text }, context) => {
    const needs = (what: boolean, path: string): void => {
      if (!what) context.addIssue({ code: 'custom', path: [path], message: `${kind} needs it` })
    }
    if (kind === 'acknowledge' || kind === 'reopen') needs(event !== undefined, 'event')
    else if (kind === 'comment') {
      needs(event !== undefined || of !== undefined, 'event')
      needs(text !== undefined && text.trim() !== '', 'text')
    } else needs(of !== undefined, 'mmsi')
    if (kind === 'exempt') needs(expires !== undefined, 'expires')
  })

export function filterOf(query: z.output<typeof filterQuery>): EventFilter {
  const { type, class: classes, zone, flag, q, minHours, ...rest } = query
  return {
    ...{ types: type, classes, zones: zone, flags: flag, text: q },
    ...rest,
    minDurationS: minHours === undefined ? undefined : minHours * 3600,
  }
}

/** A cursor travels as text that says nothing to who carries it. */
export const cursorText = ({ value, n }: Cursor): string =>
  Buffer.from(JSON.stringify([value, n])).toString('base64url')

/** undefined for what is no cursor of ours. */
export function cursorOf(text: string): Cursor | undefined {
  try {
    const [value, n] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown]
    const isValue = value === null || (typeof value === 'number' && Number.isFinite(value))
    if (isValue && Number.isInteger(n)) return { value: value as number | null, n: n as number }
  } catch {
    // told by the caller
  }
  return undefined
}
