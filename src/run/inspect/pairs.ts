// Distinct pairs of small numbers, counted in bounded memory: which vessel was heard in which hour, or by which station.
// An open-addressing table of doubles that grows to a limit; a JS Set would take five times the room.

const START_SLOTS = 1 << 12

export interface Pairs {
  /**
   * Adds a pair and says whether it is new.
   * @param group 0 … 2^21, @param member 1 … 2^32
   * @returns null when the table is full: from then on nothing is known of new pairs
   */
  add(group: number, member: number): boolean | null
  readonly full: boolean
}

/** @param capacity most pairs kept; memory is at most 16 bytes for each */
export function createPairs(capacity: number): Pairs {
  let table = new Float64Array(START_SLOTS)
  let size = 0
  let full = false

  function place(slots: Float64Array, key: number, group: number, member: number): number {
    const mask = slots.length - 1
    let at = (Math.imul(member, 0x9e3779b1) ^ Math.imul(group + 1, 0x85ebca6b)) >>> 0
    at = (at ^ (at >>> 15)) & mask
    while (slots[at] !== 0 && slots[at] !== key) at = (at + 1) & mask
    return at
  }

  function grow(): void {
    const larger = new Float64Array(table.length * 2)
    for (const key of table) {
      if (key === 0) continue
      const group = Math.floor(key / 2 ** 32)
      larger[place(larger, key, group, key - group * 2 ** 32)] = key
    }
    table = larger
  }

  return {
    get full() {
      return full
    },
    add(group, member) {
      const key = group * 2 ** 32 + member
      let at = place(table, key, group, member)
      if (table[at] === key) return false
      if (size >= capacity) {
        full = true
        return null
      }
      if (2 * (size + 1) > table.length) {
        grow()
        at = place(table, key, group, member)
      }
      table[at] = key
      size++
      return true
    },
  }
}
