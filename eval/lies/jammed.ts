// What the engine makes of a jammer: one interference, the liars in the midst of its victims, and nobody else.

import { createWords } from '../../src/model/words.js'
import type { DarkEvent } from '../../src/model/event.js'
import { isVesselEvent } from '../../src/model/event.js'
import { createEngine } from '../../src/engine/engine.js'
import { nameOf, batchesOf, ON_TRIAL } from './judge.js'
import { jamming } from './jamming.js'
import type { World } from '../week.js'

export interface Jammed {
  seed: number
  interferences: number
  /** … and how many victims the largest of them has. */
  victims: number
  of: number
  accusedVictims: string[]
  spoofersFound: number
  spoofers: number
  accusedOthers: string[]
}

export function judgeJamming(seed: number, world: World): Jammed {
  const { ships, victims, spoofers } = jamming(seed)
  const words = createWords()
  const last = new Map<string, DarkEvent>()
  const config = { engine: { capacity: 2048 } }
  const engine = createEngine({ ...world, config, words, onEvent: event => last.set(event.id, event) })
  for (const batch of batchesOf(ships, words)) engine.pushBatch(batch)
  engine.flush()
  const events = [...last.values()].filter(({ phase }) => phase !== 'retracted')
  const areas = events.filter(({ type }) => type === 'interference')
  const accusations = events.filter(isVesselEvent).filter(({ type }) => ON_TRIAL.has(type))
  const told = (of: (mmsi: number) => boolean): string[] =>
    accusations.filter(({ mmsi }) => of(mmsi)).map(event => `${nameOf(event)} ${event.mmsi}`)
  const isSpoofer = (mmsi: number): boolean => spoofers.includes(mmsi)
  const isVictim = (mmsi: number): boolean => victims.includes(mmsi)
  return {
    seed,
    interferences: areas.length,
    victims: Math.max(0, ...areas.map(({ details }) => (details['victims'] as number[]).length)),
    of: victims.length,
    accusedVictims: told(isVictim),
    spoofersFound: spoofers.filter(mmsi =>
      accusations.some(event => event.mmsi === mmsi && event.type === 'spoofing'),
    ).length,
    spoofers: spoofers.length,
    accusedOthers: told(mmsi => !isSpoofer(mmsi) && !isVictim(mmsi)),
  }
}
