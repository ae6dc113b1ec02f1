// Random numbers of benches.

/** The numbers 0 ≤ x < 1, the same ones every time: enough for data, not for statistics. */
export function seeded(state: number): () => number {
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}
