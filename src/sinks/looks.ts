// What the kinds of events look like on maps: the shapes and colours that users know from Global Fishing Watch (encounter a
// diamond, loitering a hollow one, a port visit a square), a silence and what may have happened in it in the red that SAR
// maps give to vessels without AIS; what AIS tells is black.

import type { EventType } from '../model/event.js'

export type Shape = 'circle' | 'diamond' | 'hollow-diamond' | 'square' | 'triangle' | 'cross'

export interface Look {
  /** In words, as a legend says it. */
  words: string
  /** sRGB, `#rrggbb`: readable on a light and on a dark map, next to an outline. */
  colour: string
  shape: Shape
}

const RED = '#d1242f'

export const LOOKS: Record<EventType, Look> = {
  gap: { words: 'gap: AIS silent', colour: RED, shape: 'circle' },
  port_silence: { words: 'silent at rest', colour: '#9a6a6e', shape: 'circle' },
  partial_silence: { words: 'silent on one feed', colour: '#e5887f', shape: 'circle' },
  encounter: { words: 'encounter', colour: '#e8c547', shape: 'diamond' },
  dark_rendezvous: { words: 'stop with nobody heard', colour: '#e07a1f', shape: 'diamond' },
  loitering: { words: 'loitering', colour: '#a56de2', shape: 'hollow-diamond' },
  port_visit: { words: 'port visit', colour: '#38b6d8', shape: 'square' },
  spoofing: { words: 'false position', colour: '#7a2fd0', shape: 'triangle' },
  identity: { words: 'false or changed name', colour: '#c2359b', shape: 'triangle' },
  draught: { words: 'draught changed', colour: '#2f7d6d', shape: 'square' },
  drift: { words: 'drift', colour: '#3f7fbf', shape: 'cross' },
  sudden_stop: { words: 'sudden stop', colour: '#3f7fbf', shape: 'cross' },
  distress: { words: 'distress', colour: '#3f7fbf', shape: 'cross' },
  zone: { words: 'boundary', colour: '#5f7f8f', shape: 'square' },
  sequence: { words: 'sequence', colour: '#8a6d3b', shape: 'diamond' },
  feed_outage: { words: 'feed down', colour: '#777777', shape: 'square' },
  receiver_fault: { words: 'receiver fault', colour: '#777777', shape: 'square' },
  unmatched_detection: { words: 'ship seen that no AIS explains', colour: RED, shape: 'triangle' },
  scene: { words: 'satellite picture', colour: '#111111', shape: 'square' },
  interference: { words: 'interference', colour: '#b08900', shape: 'cross' },
}
