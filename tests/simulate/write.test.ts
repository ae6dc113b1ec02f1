import { describe, expect, it } from 'vitest'
import { isStaticOnly } from '../../src/model/batch.js'
import { simulate } from '../../src/simulate/fleet.js'
import { scenarioNamed } from '../../src/simulate/scenarios.js'
import type { TruthEvent } from '../../src/simulate/truth.js'
import { writeCsv, writeNmea, writeTruth } from '../../src/simulate/write.js'
import { createNmeaReader } from '../../src/sources/nmea.js'
import { balance, bytesOf, collector, pushCut, readCsv } from '../sources/helpers.js'

const sim = simulate({ ...scenarioNamed('dateline'), thinS: 600 }, { hours: 12 })
const messages = [...sim.messages]
const text = (writer: (s: typeof sim, write: (piece: string) => void) => void): string => {
  const pieces: string[] = []
  writer(sim, piece => pieces.push(piece))
  return pieces.join('')
}

describe('CSV', () => {
  const csv = text(writeCsv)

  it('is read back as what was sent, row by row', () => {
    const read = readCsv(csv)
    expect(read.rejects).toEqual([])
    const sent = messages.flatMap(m => (m.kind === 'position' && m.first ? [m] : []))
    expect(read.rows.length).toBe(sent.length)
    let wrong = 0
    sent.forEach(({ report, ship }, i) => {
      const row = read.rows[i]!
      if (row.mmsi !== report.mmsi || row.t !== Math.floor(report.t / 1000) * 1000) wrong++
      if (Math.abs(row.lat - report.lat!) > 6e-6 || Math.abs(row.lon - report.lon!) > 6e-6) wrong++
      if (Math.abs(row.sog - report.sog!) > 0.01 || Math.abs(row.cog - report.cog!) > 0.05) wrong++
      if (report.heading === undefined ? row.heading === row.heading : row.heading !== report.heading) wrong++
      if (row.txClass !== ship.txClass || row.statics?.name !== ship.name || row.statics.imo !== ship.imo)
        wrong++
    })
    expect(wrong).toBe(0)
  })

  it('is the layout of MarineCadastre: 17 cells a row', () => {
    const lines = csv.trimEnd().split('\n')
    expect(lines.every(line => line.split(',').length === 17)).toBe(true)
    expect(lines[1]).toMatch(/^\d{9},2026-05-05T00:0\d:\d\d,-?\d+\.\d{5},-?\d+\.\d{5},/)
  })
})

describe('NMEA', () => {
  const nmea = text(writeNmea)
  const read = collector('sim.nmea')
  pushCut(createNmeaReader(read.context), bytesOf(nmea))

  it('every sentence is read, and the books balance', () => {
    expect(read.rejects).toEqual([])
    expect(read.counts.read).toBe(nmea.trimEnd().split('\n').length)
    const { read: rows, accounted } = balance(read)
    expect(accounted).toBe(rows)
    expect(Object.values(read.counts.rejected).every(n => n === 0)).toBe(true)
  })

  it('is read back as what was heard: every copy, with its station and second', () => {
    const rows = read.rows.filter(row => !isStaticOnly(row.msgType))
    const heard = messages.flatMap(m => (m.kind === 'position' ? [m] : []))
    expect(rows.length).toBe(heard.length)
    let wrong = 0
    heard.forEach(({ report, receiver, receivedAt }, i) => {
      const row = rows[i]!
      if (row.mmsi !== report.mmsi || row.receiver !== receiver) wrong++
      if (row.t !== Math.floor(receivedAt / 1000) * 1000) wrong++
      if (Math.abs(row.lat - report.lat!) > 1e-6 || Math.abs(row.lon - report.lon!) > 1e-6) wrong++
      if (Math.abs(row.sog - report.sog!) > 0.01 || Math.abs(row.cog - report.cog!) > 0.06) wrong++
      if (row.msgType !== report.msgType || row.navStatus !== (report.navStatus ?? 15)) wrong++
    })
    expect(wrong).toBe(0)
  })

  it('carries who the ships are', () => {
    const names = new Set(read.rows.map(row => row.statics?.name))
    const heard = new Set(
      messages.flatMap(m => (m.kind === 'static' && m.ship.txClass === 'A' ? [m.ship.name] : [])),
    )
    expect(heard.size).toBeGreaterThan(20)
    for (const name of heard) expect(names).toContain(name)
  })
})

describe('truth', () => {
  it('is one line of JSON each, with times to read', () => {
    const lines = text((s, write) => writeTruth(s.truth, write))
      .trimEnd()
      .split('\n')
    expect(lines.length).toBe(sim.truth.length)
    lines.forEach((line, i) => {
      const { start, end, ...rest } = JSON.parse(line) as { start: { t: string }; end: { t: string } | null }
      const { start: s, end: e, ...expected } = sim.truth[i]! satisfies TruthEvent
      expect(rest).toEqual(expected)
      expect(Date.parse(start.t)).toBe(Math.floor(s.t))
      expect(end && Date.parse(end.t)).toBe(e && Math.floor(e.t))
    })
  })
})

it('large output comes in pieces, not as one string', () => {
  const sizes: number[] = []
  writeCsv(sim, piece => sizes.push(piece.length))
  expect(sizes.length).toBeGreaterThan(3)
  expect(Math.max(...sizes)).toBeLessThan(70_000)
})
