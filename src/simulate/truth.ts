// What really happened, written beside the messages: the ground truth of a simulated day. It comes from the plans and
// the acts alone, never from what a detector says. Thresholds are the documented defaults of the configuration.

import { resolveConfig } from '../model/config.js'
import { MS_PER_HOUR, MS_PER_MIN } from '../model/units.js'
import type { Hull } from './fleet.js'
import type { Reception } from './reception.js'
import { silencesOf } from './transponder.js'
import { createState, type Span } from './voyage.js'

/** Why a ship looks suspicious without being it. */
export type InnocentKind =
  | 'short_silence'
  | 'silence_in_port'
  | 'coverage_edge'
  | 'single_displaced_fix'
  | 'bit_error'
  | 'at_anchor'
  | 'fishing'
  | 'short_wait'
  | 'work_near_shore'

export interface TruthPlace {
  /** Epoch ms UTC. */
  t: number
  /** Where the ship really was. */
  lat: number
  lon: number
}

export interface TruthEvent {
  /** The event a detector should find, or `innocent`: it should find nothing here. */
  type: 'gap' | 'port_silence' | 'spoofing' | 'loitering' | 'innocent'
  /** Class of a spoofing, kind of an innocent look-alike. */
  class?: 'jump' | 'shared_mmsi' | InnocentKind
  mmsi: number
  name: string
  start: TruthPlace
  /** Null when it lasts beyond the end of the data. */
  end: TruthPlace | null
  note: string
}

const SAMPLE_MS = 5 * MS_PER_MIN
const hoursOf = ({ from, to }: Span): string => ((to - from) / MS_PER_HOUR).toFixed(1)

/** The parts of a span that none of the others covers. */
function without(span: Span, others: readonly Span[]): Span[] {
  return others.reduce<Span[]>(
    (parts, other) =>
      parts.flatMap(({ from, to }) =>
        [
          { from, to: Math.min(to, other.from) },
          { from: Math.max(from, other.to), to },
        ].filter(part => part.to > part.from),
      ),
    [span],
  )
}

/** Truth of a fleet between two times, epoch ms; in order of start, then MMSI. */
export function deriveTruth(
  hulls: readonly Hull[],
  reception: Reception,
  start: number,
  end: number,
): TruthEvent[] {
  const truth = hulls.flatMap(hull => truthOf(hull, hulls, reception, start, end))
  return truth.sort(
    (a, b) => a.start.t - b.start.t || a.mmsi - b.mmsi || (a.type < b.type ? -1 : a.type > b.type ? 1 : 0),
  )
}

function truthOf(
  hull: Hull,
  hulls: readonly Hull[],
  reception: Reception,
  start: number,
  end: number,
): TruthEvent[] {
  const { gap, loitering } = resolveConfig()
  const { identity, vessel, voyage, twinOf } = hull
  const out: TruthEvent[] = []
  const probe = createState()
  const place = (t: number): TruthPlace => {
    voyage.at(t, probe)
    return { t, lat: probe.lat, lon: probe.lon }
  }
  const say = (type: TruthEvent['type'], kind: TruthEvent['class'], span: Span, what: string) => {
    const from = Math.max(span.from, start)
    if (!(from < end) || !(span.to > start)) return
    const note = vessel.story ? `${what}: ${vessel.story}` : what
    out.push({
      type,
      ...(kind && { class: kind }),
      mmsi: identity.mmsi,
      name: identity.name,
      start: place(from),
      end: span.to >= end ? null : place(span.to),
      note,
    })
  }
  const acts = twinOf === undefined ? (vessel.acts ?? []) : []
  const at = (hours: number) => start + hours * MS_PER_HOUR
  const offs = silencesOf(hull, start)
  for (const off of offs) {
    if (!(off.from >= Math.max(start, voyage.from))) continue // never heard before: nobody misses it
    const seen = { from: off.from, to: Math.min(off.to, end) }
    const hours = (seen.to - seen.from) / MS_PER_HOUR
    const { phase } = voyage.stretchAt(off.from)
    if (phase === 'moor' || phase === 'anchor') {
      if (hours > gap.portSilenceHours)
        say('port_silence', undefined, off, `silent in port for ${hoursOf(seen)} h`)
      else say('innocent', 'silence_in_port', off, `switched off while moored for ${hoursOf(seen)} h`)
    } else if (hours > gap.minGapHours) {
      say(
        'gap',
        undefined,
        off,
        off.to < end ? `AIS off for ${hoursOf(seen)} h` : 'AIS off, never heard again',
      )
    } else say('innocent', 'short_silence', off, `silent for ${hoursOf(seen)} h`)
  }

  for (const act of acts) {
    const span = { from: at(act.at), to: at(act.at) + MS_PER_MIN }
    switch (act.act) {
      case 'displace':
        span.to = at(act.at + act.hours)
        say('spoofing', 'jump', span, `sends positions ${act.nm} nm away from the ship for ${act.hours} h`)
        break
      case 'one-fix':
        say('innocent', 'single_displaced_fix', span, `one fix ${act.nm} nm away`)
        break
      case 'bit-error':
        say('innocent', 'bit_error', span, `bit ${act.bit} of one ${act.field} flipped`)
    }
  }

  if (twinOf !== undefined) {
    const other = hulls[twinOf]!.identity.name
    say(
      'spoofing',
      'shared_mmsi',
      { from: start, to: end },
      `${identity.name} sends the MMSI of ${other} elsewhere`,
    )
  }

  // slow hours: neighbouring stretches of one kind are one stay
  for (let i = 0; i < voyage.stretches.length; i++) {
    const { phase, from, shoreNm } = voyage.stretches[i]!
    while (voyage.stretches[i + 1]?.phase === phase) i++
    const span = { from: Math.max(from, start), to: Math.min(voyage.stretches[i]!.to, end) }
    if (phase === 'anchor' && vessel.story && !acts.length)
      say('innocent', 'at_anchor', span, 'swings at anchor')
    if (phase === 'fish' && vessel.story && !acts.length) say('innocent', 'fishing', span, 'tows to and fro')
    if (phase !== 'drift' && phase !== 'work') continue
    for (const seen of without(span, offs)) {
      const what = `${phase === 'drift' ? 'drifts' : 'works'} for ${hoursOf(seen)} h, ${shoreNm ?? 0} nm from shore`
      if (!((shoreNm ?? 0) > loitering.minShoreNm)) {
        if (vessel.story) say('innocent', 'work_near_shore', seen, what)
      } else if ((seen.to - seen.from) / MS_PER_HOUR > loitering.minHours)
        say('loitering', undefined, seen, what)
      else say('innocent', 'short_wait', seen, what)
    }
  }

  // losses at the edge of a range lengthen a silence; a shorter one is nobody's gap
  const longest = (gap.minGapHours - 0.5) * MS_PER_HOUR
  for (const span of unheard(hull, reception, offs, start, end)) {
    if (span.to - span.from < longest) continue
    say('innocent', 'coverage_edge', span, `out of range of every receiver for ${hoursOf(span)} h`)
  }
  return out
}

/** On the air beyond every receiver, after having been heard. */
function unheard(
  { identity, voyage }: Hull,
  reception: Reception,
  offs: readonly Span[],
  start: number,
  end: number,
): Span[] {
  const out: Span[] = []
  const probe = createState()
  let heard = false
  let from = NaN
  for (let t = Math.max(start, voyage.from); t <= end; t += SAMPLE_MS) {
    voyage.at(t, probe)
    const on = !offs.some(off => t >= off.from && t < off.to)
    const covered = reception.covered(probe.lat, probe.lon, identity.txClass)
    if (heard && on && !covered && from !== from) from = t
    if ((covered || t + SAMPLE_MS > end) && from === from) {
      out.push({ from, to: covered ? t : end })
      from = NaN
    }
    if (covered && on) heard = true
  }
  return out
}
