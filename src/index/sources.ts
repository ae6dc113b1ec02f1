// darkwake/sources: files and streams of AIS found out by their content and read into batches.

export { INPUT_FORMATS, openFiles, recognise } from '../sources/open.js'
export type { Compression, Input, InputFormat, RecognisedInput, RecogniseOptions } from '../sources/open.js'
export { parseEvent, readEvents } from '../sources/events.js'
export type { EventsRead } from '../sources/events.js'
export { loadReceptionGrid } from '../sources/reception-grid.js'
export type { ReceptionGrid } from '../sources/reception-grid.js'
export { loadWatchlist } from '../sources/watchlist.js'
export type { LoadedWatchlist } from '../sources/watchlist.js'
export { createJsonReader } from '../sources/json.js'
export { createNmeaReader } from '../sources/nmea.js'
export type { Reader, ReaderContext } from '../sources/reader.js'
