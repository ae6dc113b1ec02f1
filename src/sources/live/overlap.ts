// A server that lost its client sends again what was heard shortly before the break, so that nothing is missing. What has
// been taken already must not be taken twice: the lines are compared with the last ones that came, and as long as they
// run along with those, they are dropped. Exact: where the run ends, the new begins. A line is remembered as 32 bits of
// hash; a run of them decides, so one chance likeness does not.

/** Lines remembered: more than a minute of the whole world's AIS at 20,000 a second. */
const MAX_LINES = 1 << 21
const FIRST_LINES = 1 << 12
/** A run of at least this many lines up to the newest is a resend; fewer are left to the engine, which drops repeats. */
const MIN_RUN = 4
/** From here on a run is followed without keeping its lines. */
const SURE_RUN = 64
/** Lines kept while several runs are possible. */
const MAX_HELD = 4096
const LF = 10

export interface OverlapState {
  /** Ring of hashes of the last lines. */
  ring: Uint32Array
  /** Lines ever taken. */
  count: number
}

export interface Overlap {
  readonly state: OverlapState
  /** Lines dropped as sent before. */
  readonly dropped: number
  /** A new connection: what comes first may have come before. */
  reconnected(): void
  /** Whole lines in, those that are new out (to `take`, in pieces that end with a line). */
  filter(lines: Uint8Array, take: (lines: Uint8Array) => void): void
  /** Remembers lines that were taken by another way: a log that is played again. */
  remember(lines: Uint8Array): void
}

export function createOverlap(restored?: OverlapState): Overlap {
  const state: OverlapState = restored ?? { ring: new Uint32Array(FIRST_LINES), count: 0 }
  let dropped = 0
  let comparing = false
  /** Numbers of the lines that the next one must equal, one for each run that is possible. */
  let runs: number[] = []
  let length = 0
  let held: Uint8Array[] = []
  /** Lines of `held` that are known to have come before. */
  let known = 0

  const first = (): number => Math.max(0, state.count - state.ring.length)
  const at = (k: number): number => state.ring[k % state.ring.length]!

  function add(hash: number): void {
    const { ring } = state
    if (state.count === ring.length && ring.length < MAX_LINES) {
      const larger = new Uint32Array(ring.length * 2)
      larger.set(ring)
      state.ring = larger
    }
    state.ring[state.count++ % state.ring.length] = hash
  }

  /** Not, or no longer, a resend: what was held and is not known is new. */
  function settle(take: (lines: Uint8Array) => void): void {
    comparing = false
    const fresh = held.slice(known)
    dropped += known
    held = []
    runs = []
    for (const line of fresh) {
      add(hashLine(line, 0, line.length))
      take(line)
    }
  }

  /** @returns false when this line, and all after it, are new */
  function compare(hash: number, line: () => Uint8Array, take: (lines: Uint8Array) => void): boolean {
    if (length === 0) {
      for (let k = first(); k < state.count; k++) if (at(k) === hash) runs.push(k + 1)
    } else runs = runs.filter(k => k < state.count && at(k) === hash).map(k => k + 1)
    if (runs.length === 0) {
      settle(take)
      return false
    }
    length++
    const sure = length > SURE_RUN && (runs.length === 1 || held.length >= MAX_HELD)
    if (sure) {
      // the longest resend, where several would do
      runs = [runs[0]!]
      dropped += held.length + 1
      held = []
      known = 0
      if (runs[0] === state.count) comparing = false
      return true
    }
    held.push(line())
    if (length >= MIN_RUN && runs.includes(state.count)) known = held.length
    // the only run has come to its end: all of it is known
    if (known === held.length && runs.length === 1) settle(take)
    return true
  }

  return {
    state,
    get dropped() {
      return dropped
    },
    reconnected() {
      comparing = state.count > 0
      runs = []
      held = []
      length = known = 0
    },
    filter(lines, take) {
      let p = 0
      while (comparing && p < lines.length) {
        const start = p
        const end = lines.indexOf(LF, start) + 1 || lines.length
        if (!compare(hashLine(lines, start, end), () => lines.slice(start, end), take)) break
        p = end
      }
      if (p === lines.length) return
      const rest = p === 0 ? lines : lines.subarray(p)
      this.remember(rest)
      take(rest)
    },
    remember(lines) {
      for (let p = 0; p < lines.length;) {
        const end = lines.indexOf(LF, p) + 1 || lines.length
        add(hashLine(lines, p, end))
        p = end
      }
    },
  }
}

function hashLine(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let k = from; k < to; k++) hash = Math.imul(hash ^ bytes[k]!, 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}
