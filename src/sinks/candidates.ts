// Candidates as NDJSON or CSV: one line each, best first. NDJSON is lossless as events are (text as it was sent); CSV is for
// spreadsheets, its text safe and its lists joined.

import { familyOf, type Candidate } from '../assess/rank.js'
import { storyOf, type Story } from '../assess/story.js'
import type { VesselEvent } from '../model/event.js'
import { csvLine } from './csv.js'
import { cellText, type Cell } from './flat.js'
import { toJson } from './ndjson.js'
import type { Output } from './output.js'
import { isoTime, plain, rounded } from './values.js'

export const CANDIDATE_FORMATS = ['ndjson', 'csv'] as const
export type CandidateFormat = (typeof CANDIDATE_FORMATS)[number]

/** Column names in order. */
export const CANDIDATE_COLUMNS = [
  ...['rank', 'score', 'ownScore', 'mmsi', 'mmsis', 'name', 'imo', 'callsign', 'flag', 'shipType', 'txClass'],
  ...['firstTime', 'lastTime', 'events', 'families', 'lists', 'zones', 'patterns', 'story', 'reasons'],
]

/** A candidate as written: times ISO-8601, figures rounded. @param place its rank, from 1 */
export function candidateRecord(candidate: Candidate, place: number): Record<string, unknown> {
  const { mmsi, mmsis, vessel, score, ownScore, families, lists, events } = candidate
  const { steps, patterns } = storyOf(candidate)
  return {
    schema: 'darkwake/candidate/1',
    rank: place,
    score: rounded('score', score),
    ownScore: rounded('score', ownScore),
    ...{ mmsi, mmsis, vessel },
    families: plain('families', families),
    lists: plain('lists', lists),
    story: steps.map(step => ({ ...(plain('step', step) as object), end: isoTime(step.end) })),
    patterns,
    reasons: reasonsOf(candidate).flatMap(({ id, evidence }) =>
      evidence.map(reason => ({ event: id, ...(plain('reason', reason) as object) })),
    ),
    events: events.map(({ id, type, class: kind, score: own }) => ({
      ...{ id, type, class: kind, score: rounded('score', own) },
    })),
  }
}

/** The strongest event of each family: what the score rests on. */
export function reasonsOf({ families, events }: Candidate): VesselEvent[] {
  const told = new Set<VesselEvent>()
  for (const { score, family } of families) {
    const strongest = events.find(event => event.score === score && familyOf(event) === family)
    if (strongest) told.add(strongest)
  }
  return [...told]
}

function flatCandidate(candidate: Candidate, place: number): Record<string, Cell> {
  const { mmsi, mmsis, vessel, score, ownScore, families, lists, events } = candidate
  const { name, imo, callsign, flag, shipType, txClass } = vessel
  const { steps, patterns }: Story = storyOf(candidate)
  const ends = steps.map(({ t, end }) => end ?? t)
  const joined = (texts: string[]): Cell => cellText(texts.join('; '))
  return {
    ...{ rank: place, score: rounded('score', score), ownScore: rounded('score', ownScore), mmsi },
    mmsis: joined(mmsis.map(String)),
    ...{ name: cellText(name), imo, callsign: cellText(callsign), flag, shipType, txClass },
    firstTime: isoTime(steps[0]!.t),
    lastTime: isoTime(Math.max(...ends)),
    events: events.length,
    families: joined(families.map(family => `${family.family} ${family.score} ×${family.count}`)),
    lists: joined(lists.map(({ text }) => text)),
    zones: joined([...new Set(steps.flatMap(({ zones }) => zones))]),
    patterns: joined(patterns.map(({ text }) => text)),
    story: joined(steps.map(({ t, text }) => `${isoTime(t)} ${text}`)),
    reasons: joined(reasonsOf(candidate).flatMap(({ evidence }) => evidence.map(({ text }) => text))),
  }
}

/** Writes all of them, in their order, and ends the output. @throws OutputError */
export function writeCandidates(
  candidates: readonly Candidate[],
  format: CandidateFormat,
  output: Output,
): void {
  if (format === 'ndjson')
    candidates.forEach((one, k) => output.write(`${toJson(candidateRecord(one, k + 1))}\n`))
  else {
    const line = csvLine()
    output.write(line(CANDIDATE_COLUMNS))
    candidates.forEach((one, k) => {
      const flat = flatCandidate(one, k + 1)
      output.write(line(CANDIDATE_COLUMNS.map(column => flat[column] ?? null)))
    })
  }
  output.close()
}
