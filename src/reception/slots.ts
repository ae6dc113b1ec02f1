// What is learned across vessels is learned in slots of ten minutes of event time. In slot s only what was closed by
// slot s − 2 is read, and what a slot adds is integers: neither the order of arrival nor the number of workers shows.

import { MS_PER_MIN } from '../model/units.js'

export const SLOT_MS = 10 * MS_PER_MIN
export const SLOTS_PER_HOUR = 6
export const SLOTS_PER_DAY = 144

/** Number of the slot that holds event time `t`, epoch ms. */
export const slotOf = (t: number): number => Math.floor(t / SLOT_MS)

/** Kinds of transmitter told apart: 12.5 W, 2 W, and everything else. */
export const RADIO_CLASSES = ['other', 'A', 'B'] as const
export type RadioClass = (typeof RADIO_CLASSES)[number]

/** Radio class by the code in a batch's `txClass` column (index in TX_CLASSES: unknown, A, B, …). */
export const radioClass = (txClass: number): number => (txClass === 1 || txClass === 2 ? txClass : 0)
