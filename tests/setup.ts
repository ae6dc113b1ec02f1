// Property tests draw the same cases in every run, so that a change is judged by what it changed; docs/adr/0005.
// `npm run explore` draws others.

import fc from 'fast-check'
import { chai } from 'vitest'

fc.configureGlobal({ seed: Number(process.env['DARKWAKE_SEED'] ?? 1) })

// what tells of a misspelt assertion, as the compiler does, makes each of millions take twice as long
chai.config.useProxy = false
