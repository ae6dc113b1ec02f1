// Lines of one TAG group share what its first line says: time and station. Group ids are soon used again, so what is
// kept about one counts only for the next few sentences.

const SLOTS = 256
/** AIS sentences after which a group is forgotten. */
const TTL_SENTENCES = 64

export interface Groups {
  /** Time and station that hold in the group visited last: NaN and 0 where none was told. */
  t: number
  receiver: number
  /**
   * A line of group `id` was met.
   * @param count AIS sentences read so far
   * @param t its own time, or NaN
   * @param receiver its own station, or 0
   */
  visit(id: number, count: number, t: number, receiver: number): void
}

export function createGroups(): Groups {
  const ids = new Int32Array(SLOTS)
  const times = new Float64Array(SLOTS)
  const receivers = new Uint32Array(SLOTS)
  const counts = new Float64Array(SLOTS).fill(-Infinity)
  return {
    t: NaN,
    receiver: 0,
    visit(id, count, t, receiver) {
      const slot = (id ^ (id >>> 16)) & (SLOTS - 1)
      if (ids[slot] !== id || count - counts[slot]! > TTL_SENTENCES) {
        ids[slot] = id
        times[slot] = NaN
        receivers[slot] = 0
      }
      counts[slot] = count
      if (t === t) times[slot] = t
      if (receiver > 0) receivers[slot] = receiver
      this.t = times[slot]!
      this.receiver = receivers[slot]!
    },
  }
}
