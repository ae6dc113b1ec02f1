// Land and the distance to shore, from Natural Earth 10 m (public domain): one land for the whole program.

export interface Coast {
  /** True on land; lakes count as land, the Caspian Sea does not. NaN: false. */
  onLand(lat: number, lon: number): boolean
  /** Distance to the nearest coast, metres, from either side. NaN in, NaN out. */
  shoreDistanceM(lat: number, lon: number): number
}
