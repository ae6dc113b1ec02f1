// The ways in which ships move, from lying at a quay to going anywhere, and how common each is: everywhere, and in one
// picture. A fishing fleet, a lane and an anchorage hold other ways each; which, the fixes of the ships that are heard on both
// sides of the picture tell, by expectation and maximisation over all of them.

/** One way of moving. */
export interface Mode {
  name: string
  /** Share of vessels. */
  share: number
  /** Standard deviation of the steady velocity, m/s along each axis. */
  steadyMps: number
  /** Standard deviation of the wandering one, m/s along each axis. */
  wanderMps: number
  /** About a place that it keeps to, as at anchor: standard deviation along each axis, metres. */
  swingM: number
  /** For how long a wandering velocity and a place about the anchor last, seconds. */
  lastsS: number
}

/**
 * Fitted by likelihood of fixes that were held out of real tracks (npm run eval:scenes -- --fit; docs/evaluation.md).
 */
export const MODES: readonly Mode[] = [
  { name: 'at rest', share: 0.016, steadyMps: 0, wanderMps: 0.036, swingM: 0, lastsS: 880 },
  { name: 'at anchor', share: 0.008, steadyMps: 0, wanderMps: 0, swingM: 94, lastsS: 120 },
  { name: 'straight', share: 0.315, steadyMps: 4.3, wanderMps: 0.48, swingM: 0, lastsS: 17_000 },
  { name: 'slowly on', share: 0.179, steadyMps: 2.3, wanderMps: 1.15, swingM: 0, lastsS: 7300 },
  { name: 'turning', share: 0.186, steadyMps: 2.6, wanderMps: 2.1, swingM: 0, lastsS: 3300 },
  { name: 'milling', share: 0.045, steadyMps: 0, wanderMps: 1, swingM: 0, lastsS: 21 },
  { name: 'working', share: 0.071, steadyMps: 0, wanderMps: 1.2, swingM: 0, lastsS: 450 },
  { name: 'anyhow', share: 0.078, steadyMps: 0, wanderMps: 3.7, swingM: 0, lastsS: 170 },
  { name: 'far and back', share: 0.102, steadyMps: 0, wanderMps: 5, swingM: 0, lastsS: 2000 },
]

/** Ships that are worth as much as what is known of all. */
const PRIOR_SHIPS = 10
/** Turns at most; fewer where one more would change no share by a thousandth. */
const TURNS = 20
const SETTLED = 1e-3

/**
 * The modes with their shares among some vessels.
 * @param likelihoods of each vessel, of what its fixes show by mode, up to a factor
 */
export function modesAmong(likelihoods: readonly Float64Array[], modes: readonly Mode[] = MODES): Mode[] {
  let shares = modes.map(({ share }) => share)
  for (let turn = 0; turn < TURNS; turn++) {
    const sums = modes.map(({ share }) => PRIOR_SHIPS * share)
    for (const of of likelihoods) {
      let total = 0
      for (let k = 0; k < of.length; k++) total += shares[k]! * of[k]!
      if (!(total > 0)) continue
      for (let k = 0; k < of.length; k++) sums[k]! += (shares[k]! * of[k]!) / total
    }
    const all = sums.reduce((sum, each) => sum + each, 0)
    const next = sums.map(sum => sum / all)
    const isSettled = next.every((share, k) => Math.abs(share - shares[k]!) < SETTLED)
    shares = next
    if (isSettled) break
  }
  return modes.map((mode, k) => ({ ...mode, share: shares[k]! }))
}
