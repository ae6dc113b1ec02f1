// What stands in every report whatever it found: how it came about, and what it does not mean.

export const METHOD: readonly string[] = [
  'Every event states a behaviour that AIS shows: a silence longer than a threshold (gap), a place that cannot be true or that a ship cannot have reached (false position), slow hours far from shore (loitering), two ships side by side (encounter), a border crossed. The definitions, thresholds and their sources are in docs/detection.md.',
  'A silence is weighed by who else was heard there: whether others nearby were still heard, how often ships fall silent at that place, and how well the vessel itself was heard before. Weights are log-odds: above zero speaks against the vessel, below zero for it.',
  'A candidate is a vessel with all of its events. Its score is 1 − Π (1 − strongest score of each kind of behaviour), raised by lists where a list has the vessel. It is a rank, not a probability.',
  'The reach of a silent vessel is every place to which it could go and still be back in time at its top speed. It says where it can have been, not where it was.',
]

export const LIMITS: readonly string[] = [
  'A gap is a silence, and silences have innocent reasons: a receiver out of range, a crowded channel, a broken set, a ship in port, danger of piracy. “Likely disabled” is a statement about reception, not about intent.',
  'Names, numbers, positions and times are what transmitters sent; anyone can send anything.',
  'Zones that are called approximate are computed from coastlines: up to 200 nautical miles from the nearest coast, a median line between neighbours. They know no treaty and are never a legal limit.',
  'Land on the maps is Natural Earth 1 : 10 million, public domain; a quay may be kilometres from the coast that is drawn.',
  'Satellite passes are computed from the local time of the orbits; no catalogue was asked.',
]

export const DISCLAIMER =
  'This report ranks what may be worth a look. It accuses nobody: by itself it is no evidence of an offence, and no ground to stop a vessel. ' +
  'Only another source (radar, satellite, aircraft, patrol) can show that a silent ship was there. Not for navigation.'
