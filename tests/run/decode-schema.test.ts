// The JSON Schema of messages is made from the tables that decode them: what decode writes must fit it, and nothing else must.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeMessage } from '../../src/ais/decode.js'
import { encodeMessage } from '../../src/ais/pack.js'
import { PLANS } from '../../src/ais/plan.js'
import { scaleMessage } from '../../src/ais/scale.js'
import { messageSchema } from '../../src/ais/schema.js'
import type { RawMessage } from '../../src/ais/tables.js'
import { decode } from '../../src/run/decode.js'
import { createRecords } from '../../src/run/decode/columns.js'
import { lineSchema } from '../../src/run/decode/schema.js'
import { ALL_PLANS, anyMessage, messagesOf } from '../ais/messages.js'
import { sharedPath, testWith } from '../helpers/shared.js'

const compile = (schema: object): ValidateFunction =>
  new Ajv2020({ validateFormats: false, allowUnionTypes: true }).compile(schema)

const ofRaw = compile(messageSchema({ scaled: false }))
const ofScaled = compile(messageSchema())

/** The schema refuses this, as a raw message. */
const refused = (message: unknown): boolean => !ofRaw(message)

describe('any message', () => {
  test('fits the schema, raw and scaled', () => {
    fc.assert(
      fc.property(anyMessage, made => {
        const { payload, fill } = encodeMessage(made)
        const raw = decodeMessage(payload, fill) as RawMessage
        expect([raw, ofRaw(raw)]).toEqual([made, true])
        expect([scaleMessage(raw), ofScaled(scaleMessage(raw))]).toEqual([scaleMessage(raw), true])
      }),
      { numRuns: 2000 },
    )
  })

  test('does not with a field too many, one too few, or another type', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (raw, pick) => {
        expect(refused({ ...raw, surplus: 1 })).toBe(true)
        expect(refused({ ...raw, type: 29 })).toBe(true)
        const plan = ALL_PLANS.find(
          ({ type, names }) => type === raw.type && names.every(name => name in raw),
        )
        fc.pre(plan !== undefined)
        const needed = plan!.fields.filter(field => !field.optional)
        const without: Partial<Record<string, unknown>> = { ...raw }
        delete without[needed[pick % needed.length]!.name]
        // what is left may be another layout of the same type
        fc.pre(PLANS[raw.type]!.length === 1)
        expect(refused(without)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('holds numbers as large as their bits allow, and no larger', () => {
    // of several layouts another one may have a wider field of the same name
    for (const plan of ALL_PLANS.filter(({ type }) => PLANS[type]!.length === 1)) {
      fc.assert(
        fc.property(messagesOf(plan), raw => {
          for (const { name, kind, width } of plan.fields) {
            if (!(name in raw) || kind === 'text' || kind === 'data') continue
            const top = kind === 'int' ? 2 ** (width - 1) - 1 : 2 ** width - 1
            expect(refused({ ...raw, [name]: top + 1 })).toBe(true)
            expect(refused({ ...raw, [name]: 0.5 })).toBe(true)
          }
        }),
        { numRuns: 5 },
      )
    }
  })

  test('says no more than it can: sentinels of a class A position', () => {
    const raw = decodeMessage('15RTgt0PAso;90TKcjM8h6g208CQ') as RawMessage<1>
    const scaled = scaleMessage(raw)
    expect(ofScaled(scaled)).toBe(true)
    for (const wrong of [
      { speed: 102.4 },
      { lon: 224 },
      { turn: 721 },
      { status_text: 'Sunk' },
      { accuracy: 1 },
      { spare: 0 },
    ])
      expect(ofScaled({ ...scaled, ...wrong })).toBe(false)
  })
})

describe('every message of the recorded logs is a line that fits', () => {
  const compiled = new Map<boolean, ValidateFunction>()
  function lineFits(scaled: boolean): ValidateFunction {
    const known = compiled.get(scaled) ?? compile(lineSchema(scaled))
    compiled.set(scaled, known)
    return known
  }
  const folder = 'data/nmea'
  const logs = existsSync(sharedPath(folder))
    ? readdirSync(sharedPath(folder), { recursive: true, encoding: 'utf8' })
        .filter(name => /\.(gz|raw|nmea|txt)$/.test(name))
        .map(name => `${folder}/${name}`)
    : [folder]
  for (const log of [...logs, 'data/conformance/gpsd/sample.aivdm']) {
    testWith(log, log, async () => {
      for (const scaled of [true, false]) {
        const fits = lineFits(scaled)
        const recordOf = createRecords({ scaled })
        let lines = 0
        const { messages } = await decode({ name: log, path: sharedPath(log) }, message => {
          const line = JSON.parse(JSON.stringify(recordOf(message))) as unknown
          if (!fits(line)) throw new Error(JSON.stringify([line, fits.errors]))
          lines++
        })
        expect(lines).toBe(messages)
      }
    })
  }
})
