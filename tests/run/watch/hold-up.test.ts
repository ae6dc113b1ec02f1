// An output that must not lose anything and has no room holds up the sources: those that can wait do, what the others send is counted.

import { expect, test } from 'vitest'
import type { LiveSource } from '../../../src/sources/live/live.js'
import { feedOf, handSource, heard, keeping, start } from './helpers.js'

test('sources that can wait do, what the others send is counted and told', async () => {
  const [patient, other] = [handSource(), handSource()]
  const pauses: boolean[] = []
  const waits: LiveSource = {
    ...patient,
    open: (sink, position, context) => ({
      ...patient.open(sink, position, context),
      pause: isPaused => void pauses.push(isPaused),
    }),
  }
  let makeRoom = (): void => undefined
  let room: Promise<void> | null = null
  const outlet = { ...keeping(), room: () => room }
  const { watch, said } = await start({
    feeds: [feedOf(waits, { name: 'patient' }), feedOf(other, { name: 'other' })],
    outlets: () => [outlet],
  })
  other.send(heard(1, 1))
  room = new Promise(resolve => (makeRoom = resolve))
  other.send(heard(1, 2))
  expect(pauses).toEqual([true])
  // what was on its way is still taken
  patient.send(heard(2, 2))
  other.send(heard(1, 3) + heard(1, 4))
  expect(watch.status().feeds.map(({ name, dropped, counts }) => [name, dropped, counts.read])).toEqual([
    ['patient', 0, 1],
    ['other', 2, 2],
  ])
  room = null
  makeRoom()
  await new Promise(resolve => setImmediate(resolve))
  expect(pauses).toEqual([true, false])
  expect(said).toContain('warn: 2 lines were lost of sources that cannot be held up')
  other.send(heard(1, 5))
  expect(watch.status().feeds[1]).toMatchObject({ dropped: 2, counts: { read: 3 } })
  await watch.stop()
})
