// Property tests draw the same cases in every run, so that a change is judged by what it changed; docs/adr/0005.
// `npm run explore` draws others.

import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['DARKWAKE_SEED'] ?? 1) })
