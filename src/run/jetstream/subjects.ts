// Which messages there are, on which subjects. Every subject is used once: the server refuses a second message on it for ever
// (`discard_new_per_subject`), so whoever does a piece of work again, after a crash or beside somebody who was thought dead, changes nothing.
//
//   PREFIX.reports.<part>.<n>       rows of some vessels in order of time, ticks between them       ingest
//   PREFIX.lessons.<part>.<slot>    what they teach in ten minutes                                  worker of the part
//   PREFIX.extract.<part>.<minute>  their share of the extract                                      worker of the part
//   PREFIX.judged.<part>.<minute>   what was found by then                                          worker of the part, of the sea
//   PREFIX.events.<id>.<revision>   events                                                          worker that tells
//   PREFIX.poison.<part>.<minute>   messages of reports that no worker could bear
//   PREFIX.work.<name>              one message for each piece of work, held by whoever does it

/** Pieces of work beside the parts of the fleet. */
export const SEA = 'sea'
export const TELL = 'tell'

export const STREAMS = ['reports', 'lessons', 'extract', 'judged', 'events', 'poison', 'work'] as const
export type StreamName = (typeof STREAMS)[number]

export const streamOf = (prefix: string, name: StreamName): string => `${prefix}_${name}`.toUpperCase()
export const bucketOf = (prefix: string): string => `${prefix}_state`
export const subjectOf = (prefix: string, name: StreamName, ...tokens: (string | number)[]): string =>
  [prefix, name, ...tokens].join('.')

/** An event's id as one token of a subject. */
export const tokenOf = (id: string): string =>
  id.replace(/[^A-Za-z0-9_-]/gu, char => `=${char.codePointAt(0)!.toString(16)}=`)

/** The part of the fleet that a vessel is in. */
export const partOf = (mmsi: number, parts: number): number => (Math.imul(mmsi, 0x9e3779b1) >>> 8) % parts
