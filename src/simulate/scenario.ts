// A scenario: the plain description of some hours at sea. Which waters, who listens, the everyday traffic, and the
// ships whose story is written by hand. Everything that happens follows from it and a seed.

import type { ShipKind } from './identity.js'

/** Latitude and longitude, degrees. */
export type Point = readonly [lat: number, lon: number]

/** A named place of the scenario's waters, or a point. */
export type Place = string | Point

/** Sea lanes as a graph: every lane is a straight leg over water. */
export interface Waters {
  /** Latitude, longitude, and how far from the point ships may pass, nautical miles. */
  places: Record<string, readonly [lat: number, lon: number, roomNm: number]>
  lanes: readonly (readonly [from: string, to: string])[]
  /** Places where ships moor. */
  ports: readonly string[]
}

/** Who hears: an antenna on shore or on a platform, or satellites that pass over everything now and then. */
export type Receiver =
  | { station: string; at: Point; rangeNm: number }
  | {
      station: string
      passEveryMin: number
      passMin: number
      /** To hear one transmission of Class A during a pass. */
      probability: number
      /** Passes only this long before and after an hour UTC and the one opposite, as low orbits over one place do. */
      twiceADay?: { atH: number; aroundH: number }
    }

/** Receivers that fail for some hours from the scenario's start. */
export interface Outage {
  at: number
  hours: number
  /** Which of them; all of them when absent. */
  stations?: readonly string[]
  /** The line failed, not the antenna: what was heard meanwhile arrives when it is over. */
  delayed?: true
}

/** Off some hours after the phase begins, for so long (into the next phases where it lasts longer); without `hours` to its end. */
export interface Off {
  afterH: number
  hours?: number
}

/** What a ship does next; it starts where the step before ended. */
export type Phase = PhaseKind & {
  /** The transponder is off for a part of it. */
  off?: Off
}
type PhaseKind =
  | { do: 'moor'; hours: number }
  | { do: 'anchor'; hours: number }
  | { do: 'sail'; knots: number; to?: Place; via?: readonly Point[] }
  | { do: 'fish'; knots: number; hours: number; radiusNm: number }
  /** Engine stopped, slowly carried away. `shoreNm`: roughly how far from shore. */
  | { do: 'drift'; knots: number; hours: number; bearing: number; shoreNm: number }
  /** Small moves about one place: work at a platform or between turbines. */
  | { do: 'work'; hours: number; radiusNm: number; shoreNm: number }

/** What a ship does with its AIS; `at` in hours from the scenario's start. */
export type Act =
  /** The transponder is off; without `hours` for good. */
  | { act: 'off'; at: number; hours?: number }
  /** Every position sent is displaced. */
  | { act: 'displace'; at: number; hours: number; nm: number; bearing: number }
  /** The first position heard after `at` is displaced, just that one. */
  | { act: 'one-fix'; at: number; nm: number; bearing: number }
  /** In the first position heard after `at` one bit arrives flipped; bit 0 is 1/10000 minute. */
  | { act: 'bit-error'; at: number; field: 'lat' | 'lon'; bit: number }

export interface Journey {
  from: Place
  /** Hours from the scenario's start, negative when the journey began before; until then there is no such ship. Default 0. */
  startH?: number
  plan: readonly Phase[]
}

export interface Vessel extends Journey {
  kind: ShipKind
  /** Made up from the seed when absent. */
  name?: string
  /** Only with Class B, where the kind may carry either. */
  txClass?: 'A' | 'B'
  /** For a ship with a story: one line on what happens. */
  story?: string
  acts?: readonly Act[]
  /** Hours after the end of its plan that the ship switches its AIS off for good, as boats do in their berth. */
  offAfterPlanH?: number
  /** A second hull that sends the same MMSI. */
  twin?: Journey
}

/** Everyday traffic: `count` ships of a kind that do one kind of thing. */
export interface Traffic {
  kind: ShipKind
  count: number
  /** Only with Class B, where the kind may carry either. */
  txClass?: 'A' | 'B'
  knots: readonly [min: number, max: number]
  /** `voyages` from port to port, `arrivals` from `from` into ports, `shuttle` between the two ports of `pairs`,
   * `moored` in ports, `anchored` at `at`, `fishing` on the grounds `at`, `leisure` trips out of ports, `service` at `at`,
   * `day-boats` out of ports every day and off in their berths, `laid-up` in ports and off for good after a day or two. */
  pattern:
    | 'voyages'
    | 'arrivals'
    | 'shuttle'
    | 'moored'
    | 'anchored'
    | 'fishing'
    | 'leisure'
    | 'service'
    | 'day-boats'
    | 'laid-up'
  ports?: readonly string[]
  from?: readonly string[]
  pairs?: readonly (readonly [from: string, to: string])[]
  at?: readonly Point[]
}

export interface Scenario {
  name: string
  /** One line for a list of scenarios. */
  title: string
  seed: number
  /** ISO-8601 UTC. */
  start: string
  hours: number
  /** Shortest time between two reports of one ship, seconds: files stay small. 0 = every transmission of M.1371. */
  thinS: number
  waters: Waters
  receivers: readonly Receiver[]
  outages?: readonly Outage[]
  /** How far an antenna's range swings with the weather, as a share of it, 0…1. */
  fading?: number
  /** Share of ships with a poor set, heard from a third to two thirds of the distance. */
  poorSets?: number
  /** Share of what is heard that arrives late: whole passes of a satellite, whole hours of a station. */
  late?: { share: number; hours: readonly [min: number, max: number] }
  /** Share of reports that arrive a second time, minutes later. */
  repeats?: number
  traffic: readonly Traffic[]
  vessels: readonly Vessel[]
}
