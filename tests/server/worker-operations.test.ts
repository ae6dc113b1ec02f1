import { expect, test } from 'vitest'
import { UsageError } from '../../src/model/errors.js'
import { createWorkerBooks, judgedUntil } from '../../src/run/jetstream/books.js'
import { serveWorker } from '../../src/server/worker-operations.js'
import { freePort } from '../helpers/port.js'

test('a worker says what it holds, what it did, and how far it has come', async () => {
  const port = await freePort()
  const books = createWorkerBooks()
  const server = await serveWorker({ host: '127.0.0.1', port }, undefined, books)
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' })
  expect((await get('/other')).status).toBe(404)

  const minute = Math.floor(Date.now() / 60_000) - 10
  books.reached.set('7', NaN)
  judgedUntil(books, '3', minute - 7, minute)
  judgedUntil(books, 'sea', minute - 61, minute - 60)
  Object.assign(books, { rows: 12, repeated: 2, poisoned: 1, saves: 4, failures: 5 })
  const text = await (await get('/metrics')).text()
  expect(text).toContain('darkwake_worker_rows_total 12\n')
  expect(text).toContain('darkwake_worker_minutes_total{stage="part"} 7\n')
  expect(text).toContain('darkwake_worker_minutes_total{stage="tell"} 0\n')
  expect(text).toContain('darkwake_worker_pieces{stage="part"} 2\n')
  expect(text).toContain('darkwake_worker_pieces{stage="sea"} 1\n')
  expect(text).toContain('darkwake_worker_repeated_total 2\n')
  expect(text).toContain('darkwake_worker_poisoned_minutes_total 1\n')
  expect(text).toContain('darkwake_worker_saves_total 4\n')
  expect(text).toContain('darkwake_worker_failures_total 5\n')
  const lag = (piece: string): number =>
    Number(new RegExp(`lag_seconds\\{stage="\\w+",piece="${piece}"\\} (\\S+)`).exec(text)?.[1])
  expect(lag('3')).toBeGreaterThanOrEqual(600)
  expect(lag('3')).toBeLessThan(700)
  expect(lag('sea') - lag('3')).toBeCloseTo(3600, 1)
  expect(lag('7')).toBeNaN()

  // what was given back is no longer told of
  books.reached.delete('3')
  expect(await (await get('/metrics')).text()).not.toContain('piece="3"')
  await server.close()
})

test('it wants a token where others can reach it', async () => {
  await expect(serveWorker({ host: '0.0.0.0', port: 1 }, undefined, createWorkerBooks())).rejects.toThrow(
    UsageError,
  )
})
