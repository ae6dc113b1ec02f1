// The API described for programs: OpenAPI 3.1, made of the schemas that check the requests.

import { z } from 'zod'

export interface Route {
  method: 'get' | 'post'
  /** As the server has it: `:name` for a parameter. */
  path: string
  summary: string
  query?: z.ZodType
  params?: z.ZodType
  body?: z.ZodType
  /** Media type of the answer. @default application/json */
  type?: string
}

interface JsonObject {
  properties?: Record<string, { description?: string }>
  required?: string[]
}

const schemaOf = (schema: z.ZodType): JsonObject =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject

function parameters(schema: z.ZodType | undefined, where: 'query' | 'path'): unknown[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema)
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    ...{ name, in: where, required: where === 'path' || required.includes(name), schema: rest },
    ...(description !== undefined && { description }),
  }))
}

export function openApi(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { method, path, summary, query, params, body, type = 'application/json' } of routes) {
    const open = path.replace(/:(\w+)/g, '{$1}')
    ;(paths[open] ??= {})[method] = {
      summary,
      parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
      ...(body && {
        requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } },
      }),
      responses: {
        [method === 'post' ? 201 : 200]: { description: 'Done', content: { [type.split(';')[0]!]: {} } },
        400: { description: 'The request is wrong; `error` says how' },
        404: { description: 'There is no such thing' },
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'darkwake',
      version,
      description:
        'Events, vessels and tracks of a store. Times are epoch milliseconds UTC unless they are text.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{}, { token: [] }],
    paths,
  }
}
