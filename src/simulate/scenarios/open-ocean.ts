// Two days on the high seas south-east of the River Plate, along the 200-mile line, heard by satellites only: trawlers
// that slip over the line in the dark, and the carriers that wait for them.

import type { Scenario } from '../scenario.js'

export const openOcean: Scenario = {
  name: 'open-ocean',
  title:
    'Two days along the 200-mile line of the south-west Atlantic, heard by satellite: dark incursions and waiting carriers',
  seed: 20260412,
  start: '2026-04-12T00:00:00Z',
  hours: 48,
  thinS: 120,
  waters: {
    places: {
      plate: [-36.5, -53.0, 3],
      shelf: [-42.0, -57.5, 8],
      'mile-201': [-46.0, -60.3, 8],
      south: [-49.5, -59.8, 8],
      east: [-44.0, -48.0, 10],
    },
    lanes: [
      ['plate', 'shelf'],
      ['shelf', 'mile-201'],
      ['mile-201', 'south'],
      ['shelf', 'east'],
      ['mile-201', 'east'],
      ['plate', 'east'],
    ],
    ports: [],
  },
  receivers: [
    { station: 'sat-1', passEveryMin: 47, passMin: 11, probability: 0.55 },
    { station: 'sat-2', passEveryMin: 71, passMin: 12, probability: 0.5 },
    { station: 'sat-3', passEveryMin: 95, passMin: 14, probability: 0.6 },
  ],
  vessels: [
    {
      kind: 'trawler',
      story: 'slips west over the line, fishes in the dark and comes back',
      from: [-46.2, -60.0],
      plan: [
        { do: 'fish', knots: 3.5, hours: 10, radiusNm: 5 },
        { do: 'sail', via: [[-46.3, -61.6]], knots: 9 },
        { do: 'fish', knots: 3.2, hours: 8, radiusNm: 5 },
        { do: 'sail', via: [[-46.2, -60.0]], knots: 9 },
        { do: 'fish', knots: 3.5, hours: 30, radiusNm: 5 },
      ],
      acts: [{ act: 'off', at: 10.5, hours: 22 }],
    },
    {
      kind: 'longliner',
      story: 'dark for a night',
      from: [-44.5, -58.2],
      plan: [{ do: 'fish', knots: 5, hours: 60, radiusNm: 12 }],
      acts: [{ act: 'off', at: 20, hours: 11 }],
    },
    {
      kind: 'trawler',
      story: 'never heard again',
      from: [-47.1, -59.9],
      plan: [{ do: 'fish', knots: 3.5, hours: 60, radiusNm: 6 }],
      acts: [{ act: 'off', at: 25 }],
    },
    {
      kind: 'reefer',
      story: 'waits for trawlers',
      from: 'plate',
      plan: [
        { do: 'sail', to: 'shelf', knots: 15 },
        { do: 'drift', knots: 0.8, hours: 14, bearing: 50, shoreNm: 220 },
        { do: 'sail', to: 'east', knots: 15 },
        { do: 'sail', via: [[-40, -20]], knots: 15 },
      ],
    },
    {
      kind: 'trawler',
      story: 'sends positions 60 nm east of the line while it fishes inside',
      from: [-45.6, -60.6],
      plan: [{ do: 'fish', knots: 3.5, hours: 60, radiusNm: 5 }],
      acts: [{ act: 'displace', at: 12, hours: 14, nm: 60, bearing: 95 }],
    },
    {
      kind: 'longliner',
      story: 'its number is used by a second hull far to the east',
      from: [-43.5, -58.0],
      plan: [{ do: 'fish', knots: 5, hours: 60, radiusNm: 10 }],
      twin: { from: [-44.2, -47.5], plan: [{ do: 'fish', knots: 5, hours: 60, radiusNm: 10 }] },
    },
    {
      kind: 'cargo',
      story: 'a silence between two passes',
      from: 'south',
      plan: [{ do: 'sail', to: 'plate', knots: 14 }],
      acts: [{ act: 'off', at: 8, hours: 3 }],
    },
    {
      kind: 'trawler',
      story: 'one glitch of the GNSS',
      from: [-45.0, -59.9],
      plan: [{ do: 'fish', knots: 3.5, hours: 60, radiusNm: 6 }],
      acts: [{ act: 'one-fix', at: 9, nm: 40, bearing: 300 }],
    },
  ],
  traffic: [
    {
      kind: 'trawler',
      pattern: 'fishing',
      count: 60,
      knots: [3, 4.5],
      at: [
        [-45.5, -60.1],
        [-46.6, -60.0],
        [-42.3, -57.6],
        [-48.0, -59.9],
      ],
    },
    {
      kind: 'longliner',
      pattern: 'fishing',
      count: 15,
      knots: [4.5, 6.5],
      at: [
        [-44.0, -55.0],
        [-47.0, -52.0],
      ],
    },
    { kind: 'cargo', pattern: 'voyages', count: 12, knots: [12, 16], ports: ['plate', 'south', 'east'] },
  ],
}
