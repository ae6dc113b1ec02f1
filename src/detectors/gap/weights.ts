// What each reason weighs in log-odds. Four logistic regressions on the tuning seeds of `npm run eval` (weak ridge, each
// seed left out in turn to choose the reasons): ships last heard by antennas or by satellites, each that stayed where it
// was or that went elsewhere meanwhile. A reason is taken against what it says of an average gap of its kind, so that a
// weight above zero speaks against the vessel. docs/evaluation.md has what they give on seeds that nothing was fitted to.

/** Reasons as numbers; 0 where nothing is known. */
export interface Reasons {
  /** −ln of the share of silences that last so long: at least along its way, and on average; 0…8. */
  rareLeast: number
  rareMean: number
  /** ln(1 + slots of 48 h in which it was heard near where it fell silent). */
  heard48h: number
  /** −ln of the share of slots of 12 and 3 h in which it was not heard there. */
  share12h: number
  share3h: number
  /** How often it would have been heard, judged by its share of the slots in which others were: slots, 0…15. */
  missed: number
  /** Share of the slots of its silence in which others were heard around it. */
  live: number
  /** ln(1 + ships nearby that were heard soon after). */
  stillHeard: number
  /** ln of others heard along its way against the hour before, and a slot of it against one of 12 h before: −1.5…1.5, −2…2. */
  along: number
  rate: number
  /** ln(1 + nautical miles between OFF and ON). */
  distance: number
  /** 1 or 0: faster than fishing gear is towed, Class B, not back yet. */
  fast: number
  classB: number
  open: number
}

export interface Weights {
  /** Log-odds that an average gap of this kind is a set switched off. */
  prior: number
  /** Weight, and what an average gap has. */
  of: Partial<Record<keyof Reasons, readonly [weight: number, usual: number]>>
}

export const WEIGHTS: Record<'antennas' | 'satellites', Record<'stayed' | 'went', Weights>> = {
  antennas: {
    stayed: {
      prior: -4.418,
      of: {
        share12h: [0.798, 0.811],
        share3h: [0.396, 1.1],
        live: [1.101, 0.413],
        rareLeast: [0.399, 5.251],
        heard48h: [0.374, 3.569],
        stillHeard: [0.93, 0.653],
        along: [0.482, -0.015],
        classB: [-1.05, 0.492],
        fast: [-4.254, 0.398],
      },
    },
    went: {
      prior: -4.662,
      of: {
        rareMean: [0.586, 5.543],
        heard48h: [1.398, 2.384],
        distance: [1.358, 4.016],
        rareLeast: [0.199, 4.505],
        along: [0.314, 0.019],
        classB: [-1.141, 0.086],
      },
    },
  },
  satellites: {
    stayed: {
      prior: -4.353,
      of: {
        missed: [0.515, 3.83],
        rareLeast: [0.839, 4.003],
        rate: [1.453, -0.465],
        classB: [-3.773, 0.371],
        fast: [-4.336, 0.176],
        open: [2.472, 0.043],
      },
    },
    went: {
      prior: -4.732,
      of: {
        missed: [0.596, 2.535],
        rareLeast: [0.501, 3.788],
        rareMean: [0.182, 4.258],
        heard48h: [1.024, 2.517],
        along: [1.116, -0.667],
        distance: [2.216, 3.516],
        fast: [-1.087, 0.629],
        classB: [-1.533, 0.256],
      },
    },
  },
}
