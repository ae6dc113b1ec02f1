// A reader that wants lines of one kind gets those of the file that are of it, however lines lie across what is read at once.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LESSONS_HEADER } from '../../src/engine/lessons.js'
import { listens } from '../../src/detectors/index.js'
import { openLessonsFiles } from '../../src/run/lessons-file.js'
import { SEA } from '../../src/run/parts.js'

const kinds = fc.constantFrom('heard', 'ear', 'stay', 'repeat', 'lapsed')
// the longest is longer than what is read at once
const lengths = fc.oneof(fc.nat(40), fc.nat(3_000), fc.constant(300_000))
const slots = fc.array(fc.array(fc.tuple(kinds, lengths), { maxLength: 12 }), { minLength: 1, maxLength: 8 })

test('lines of a kind are all lines of that kind', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'darkwake-lessons-'))
  try {
    fc.assert(
      fc.property(slots, fc.boolean(), fc.boolean(), (all, isEnded, hasHeader) => {
        const lines = all.map((of, k) =>
          of
            .map(
              ([kind, length], j) =>
                `${String(100 + k).padStart(8, '0')};${kind};${j};;${'x'.repeat(length)}`,
            )
            // one ear in a slot, else they are united
            .filter((line, j) => !line.includes(';ear;') || of.findIndex(([kind]) => kind === 'ear') === j)
            .sort(),
        )
        const name = path.join(dir, 'lessons')
        const text = [...(hasHeader ? [LESSONS_HEADER] : []), ...lines.flat()].join('\n')
        fs.writeFileSync(name, isEnded && text !== '' ? `${text}\n` : text)
        const file = openLessonsFiles([name])
        try {
          expect([...file.lines()]).toEqual(lines.flat())
          for (const kind of ['ear', 'stay'] as const) {
            const open = file.open(kind)
            const got = all.map((_, k) => [...open.of(100 + k)])
            expect(got).toEqual(lines.map(of => of.filter(line => line.includes(`;${kind};`))))
          }
        } finally {
          file.close()
        }
      }),
      { numRuns: 60, endOnFailure: true },
    )
  } finally {
    fs.rmSync(dir, { recursive: true })
  }
})

test('nobody of those who are told of places alone asks who is heard', () => {
  expect(listens(SEA)).toBe(false)
})
