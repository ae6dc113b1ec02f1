// Who a ship says it is: MMSI, name, IMO number and measures, all made up. The MMSI begins with a country's digits
// (ITU table of MIDs), the IMO number has its check digit (IMO A.1117(30)); any likeness to a real ship is chance.

import { UsageError } from '../model/errors.js'
import type { Random } from './random.js'
import type { Scenario } from './scenario.js'

interface Kind {
  /** M.1371 table 53. */
  shipType: number
  txClass: 'A' | 'B'
  lengthM: readonly [number, number]
  beamRatio: number
  draughtRatio: number
  /** An IMO number: merchant ships, and fishing vessels above 100 gt. */
  imo: boolean
  mids: readonly number[]
}

const NORTH_SEA = [244, 245, 246, 211, 218, 232, 235, 257, 258, 219, 220, 205, 265]
const OPEN_REGISTERS = [351, 354, 370, 636, 538, 215, 248, 209, 308, 311, 477, 563]
const FISHING = [412, 416, 431, 440, 224, 701, 257, 244, 219, 232]

export const SHIP_KINDS = {
  cargo: {
    shipType: 70,
    txClass: 'A',
    lengthM: [90, 330],
    beamRatio: 7,
    draughtRatio: 18,
    imo: true,
    mids: OPEN_REGISTERS,
  },
  coaster: {
    shipType: 79,
    txClass: 'A',
    lengthM: [75, 120],
    beamRatio: 7,
    draughtRatio: 19,
    imo: true,
    mids: NORTH_SEA,
  },
  reefer: {
    shipType: 70,
    txClass: 'A',
    lengthM: [110, 150],
    beamRatio: 7,
    draughtRatio: 18,
    imo: true,
    mids: OPEN_REGISTERS,
  },
  tanker: {
    shipType: 80,
    txClass: 'A',
    lengthM: [95, 250],
    beamRatio: 6,
    draughtRatio: 17,
    imo: true,
    mids: OPEN_REGISTERS,
  },
  ferry: {
    shipType: 60,
    txClass: 'A',
    lengthM: [120, 215],
    beamRatio: 7,
    draughtRatio: 30,
    imo: true,
    mids: NORTH_SEA,
  },
  trawler: {
    shipType: 30,
    txClass: 'A',
    lengthM: [24, 60],
    beamRatio: 4,
    draughtRatio: 9,
    imo: true,
    mids: NORTH_SEA,
  },
  longliner: {
    shipType: 30,
    txClass: 'A',
    lengthM: [35, 60],
    beamRatio: 5,
    draughtRatio: 12,
    imo: true,
    mids: FISHING,
  },
  boat: {
    shipType: 30,
    txClass: 'B',
    lengthM: [9, 15],
    beamRatio: 3,
    draughtRatio: 8,
    imo: false,
    mids: NORTH_SEA,
  },
  tug: {
    shipType: 52,
    txClass: 'A',
    lengthM: [25, 45],
    beamRatio: 3,
    draughtRatio: 7,
    imo: true,
    mids: NORTH_SEA,
  },
  supply: {
    shipType: 90,
    txClass: 'A',
    lengthM: [60, 95],
    beamRatio: 4.5,
    draughtRatio: 14,
    imo: true,
    mids: NORTH_SEA,
  },
  crewboat: {
    shipType: 90,
    txClass: 'A',
    lengthM: [20, 30],
    beamRatio: 3,
    draughtRatio: 14,
    imo: false,
    mids: NORTH_SEA,
  },
  yacht: {
    shipType: 36,
    txClass: 'B',
    lengthM: [8, 18],
    beamRatio: 3,
    draughtRatio: 6,
    imo: false,
    mids: NORTH_SEA,
  },
} as const satisfies Record<string, Kind>

export type ShipKind = keyof typeof SHIP_KINDS

export interface Identity {
  mmsi: number
  name: string
  callsign: string
  imo?: number
  shipType: number
  /** Metres. */
  length: number
  width: number
  draught: number
  txClass: 'A' | 'B'
}

const FIRST = (
  'NORTHERN SOUTHERN GOLDEN SILVER AMBER CORAL CRYSTAL BRIGHT DISTANT GENTLE GRAND IRON LONE MERRY NOBLE OCEAN POLAR ' +
  'PROUD QUIET RAPID ROYAL SALT STEADY STORMY SWIFT TIDAL WILD WINTER BLUE GREEN'
).split(' ')
const SECOND = (
  'ANCHOR BEACON BREEZE CREST CURRENT DAWN DOLPHIN EIDER FALCON FJORD GANNET HARBOUR HERON HORIZON KESTREL LANTERN ' +
  'MERIDIAN NARWHAL OSPREY PETREL PIONEER PLOVER PUFFIN SPIRIT STAR TERN TRADER VOYAGER WAVE WIND'
).split(' ')

/** The first six digits are drawn from these. */
const LEAST_IMO = 900_000
const IMOS = 99_999

/** @param six the first six digits. @returns seven, the last one the check digit */
export function imoNumber(six: number): number {
  let sum = 0
  for (let weight = 2, rest = six; weight <= 7; weight++, rest = Math.floor(rest / 10))
    sum += weight * (rest % 10)
  return six * 10 + (sum % 10)
}

/** Hands out identities that no other ship of the scenario has. */
export function createRegistry(scenario: Pick<Scenario, 'name'>) {
  const mmsis = new Set<number>()
  const names = new Set<string>()
  const imos = new Set<number>()

  /** The one drawn, or the next that is free. */
  function freeImo(random: Random): number {
    let k = random.below(IMOS)
    while (imos.has(k) && imos.size < IMOS) k = (k + 1) % IMOS
    imos.add(k)
    return imoNumber(LEAST_IMO + k)
  }

  return {
    /** @throws UsageError when the scenario does not know the kind */
    create(random: Random, shipKind: ShipKind, name?: string, txClass?: 'A' | 'B'): Identity {
      const kind: Kind | undefined = SHIP_KINDS[shipKind]
      if (!kind)
        throw new UsageError(`simulate: ${scenario.name}: unknown kind of ship "${String(shipKind)}"`)
      let mmsi: number
      do mmsi = random.pick(kind.mids) * 1_000_000 + random.below(1_000_000)
      while (mmsis.has(mmsi))
      mmsis.add(mmsi)

      const base = name ?? `${random.pick(FIRST)} ${random.pick(SECOND)}`
      let unique = base
      for (let n = 2; names.has(unique); n++) unique = `${base} ${n}`
      names.add(unique)

      const length = Math.round(random.between(...kind.lengthM))
      const letters = Array.from({ length: 4 }, () => String.fromCharCode(65 + random.below(26))).join('')
      return {
        mmsi,
        name: unique,
        callsign: letters + random.below(10),
        ...(kind.imo && { imo: freeImo(random) }),
        shipType: kind.shipType,
        length,
        width: Math.max(3, Math.round(length / kind.beamRatio)),
        draught: Math.round((length / kind.draughtRatio) * 10) / 10,
        txClass: txClass ?? kind.txClass,
      }
    },
  }
}
