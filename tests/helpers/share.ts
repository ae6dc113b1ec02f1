/** The part of a property's cases that is drawn: 1, but for a second run of what has passed (helpers/fewer-runs). */
export const share = Number(process.env['DARKWAKE_RUNS'] ?? 1)
