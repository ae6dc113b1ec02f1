import { describe, expect, test } from 'vitest'
import { finals, replay } from '../../helpers/replay.js'
import { approach, ring, type RingOptions } from './rings.js'
import type { PositionReport } from '../../../src/model/report.js'

const circles = (script: PositionReport[]) => finals(replay(script)).filter(event => event.class === 'circle')
const jumped = (options: RingOptions = {}) => {
  const round = ring(options)
  return [...approach(round, 0.5, 200, 40), ...round]
}

describe('circle', () => {
  test('reached by a jump', () => {
    const e = circles(jumped())
    console.log(JSON.stringify(e, null, 1))
    expect(e).toHaveLength(1)
  })
  test('sailed to is a loop', () => {
    const round = ring()
    expect(circles([...approach(round), ...round])).toEqual([])
  })
})
