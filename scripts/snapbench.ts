// temp
import { createEngine } from '../src/engine/engine.js'
import { createWords, staticKey } from '../src/model/words.js'
import { createBatch, blankRow } from '../src/model/batch.js'
const words = createWords()
const engine = createEngine({ words, timers: 'watermark', onEvent: () => {} })
const V = 60000
const b = createBatch(words, 4096)
for (let s = 0; s < 600; s++) {
  for (let k = 0; k < 10000; k++) {
    const i = b.length++
    blankRow(b, i)
    const v = (s * 10000 + k) % V
    b.t[i] = 1.7e12 + s * 1000
    b.mmsi[i] = 201000000 + v
    b.lat[i] = (v % 120) - 60; b.lon[i] = (v % 350) - 175 + s * 1e-4; b.sog[i] = 8; b.msgType[i] = 1; b.txClass[i] = 1; b.utcSecond[i] = s % 60
    if (s < 6) { const d = { name: 'SHIP ' + v, callsign: 'C' + v, destination: 'X', shipType: 70, imo: 9000000 + v }; b.statics[i] = words.statics.id(staticKey(d), () => d) }
    if (b.length === b.capacity) { engine.pushBatch(b); b.length = 0 }
  }
}
engine.advance(1.7e12 + 0)
for (let r = 0; r < 4; r++) {
  const t = performance.now()
  const bytes = engine.snapshot()
  console.log('snapshot', (performance.now() - t).toFixed(0), 'ms', (bytes.length / 1e6).toFixed(1), 'MB')
  if (r === 3) { const t2 = performance.now(); createEngine({ timers: 'watermark', onEvent: () => {}, restore: bytes }); console.log('restore', (performance.now() - t2).toFixed(0)) }
}
console.log(process.memoryUsage().rss / 1e6, engine.vessels)
